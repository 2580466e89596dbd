"""BedrockModel: the id in the agent's environment and what the role may call come from one value."""

from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_bedrockagentcore as agentcore

from streaming_agent_construct import AgentSource, BedrockModel, RuntimeOptions, StreamingAgentApi

from ..conftest import Refused
from ..templates import flat, resources, warnings

ACCOUNT = "111122223333"
PROFILES = "arn:{AWS::Partition}:bedrock:%s:111122223333:inference-profile/%s"
MODELS = "arn:{AWS::Partition}:bedrock:%s::foundation-model/amazon.nova-lite-v1:0"
APPLICATION = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc123def456"
OF_ACCOUNT = "arn:aws:bedrock:eu-west-1:111122223333"
NOVA = "amazon.nova-lite-v1:0"


def stack_in(app: App, region: str) -> Stack:
    return Stack(app, "Chat", env=Environment(account=ACCOUNT, region=region))


def granted(stack: Stack) -> list[tuple[list[str], Any]]:
    """The resources and the condition of each statement about Bedrock's models."""
    found = []
    for policy in resources(stack, "AWS::IAM::Policy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if "bedrock:InvokeModel" in statement["Action"]:
                assert statement["Action"] == ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
                arns = statement["Resource"]
                listed = [flat(arn) for arn in (arns if isinstance(arns, list) else [arns])]
                condition = statement.get("Condition", {}).get("StringEquals", {}).get("bedrock:InferenceProfileArn")
                found.append((listed, flat(condition) if condition is not None else None))
    return found


def environment(stack: Stack) -> dict[str, Any]:
    (runtime,) = resources(stack, "AWS::BedrockAgentCore::Runtime").values()
    return dict(runtime["Properties"]["EnvironmentVariables"])


def test_a_model_on_demand_is_granted_in_the_stacks_region(app: App, agent: AgentSource) -> None:
    stack = stack_in(app, "us-east-1")
    StreamingAgentApi(stack, "Agent", agent=agent, model=BedrockModel.on_demand(NOVA))

    assert granted(stack) == [([MODELS % "us-east-1"], None)]
    assert environment(stack)["BEDROCK_MODEL_ID"] == NOVA
    assert warnings(stack) == ""


@pytest.mark.parametrize(
    ("area", "region", "routes_to"),
    [
        ("us", "us-west-2", ["us-*"]),
        ("eu", "eu-central-1", ["eu-*"]),
        ("apac", "ap-south-1", ["ap-*"]),
        ("jp", "ap-northeast-1", ["ap-northeast-3"]),
        ("au", "ap-southeast-2", ["ap-southeast-4"]),
        ("ca", "ca-central-1", ["ca-*"]),
        ("us-gov", "us-gov-west-1", ["us-gov-*"]),
        ("global", "eu-west-1", [""]),
    ],
)
def test_a_profile_is_granted_with_its_models_and_only_through_it(
    app: App, agent: AgentSource, area: str, region: str, routes_to: list[str]
) -> None:
    stack = stack_in(app, region)
    profile = f"{area}.{NOVA}"
    StreamingAgentApi(stack, "Agent", agent=agent, model=BedrockModel.inference_profile(profile))

    arn = PROFILES % (region, profile)
    assert granted(stack) == [([arn], None), ([MODELS % one for one in [region, *routes_to]], arn)]
    assert environment(stack)["BEDROCK_MODEL_ID"] == profile
    assert warnings(stack) == ""


def test_an_application_profile_is_granted_with_the_models_behind_it(app: App, agent: AgentSource) -> None:
    stack = stack_in(app, "eu-west-1")
    model = BedrockModel.application_profile(APPLICATION, model_id=f"eu.{NOVA}")
    StreamingAgentApi(stack, "Agent", agent=agent, model=model)

    assert granted(stack) == [([APPLICATION], None), ([MODELS % "eu-west-1", MODELS % "eu-*"], APPLICATION)]
    assert environment(stack)["BEDROCK_MODEL_ID"] == APPLICATION


def test_an_application_profile_of_another_region_is_refused(app: App, agent: AgentSource, refused: Refused) -> None:
    stack = stack_in(app, "us-east-1")
    model = BedrockModel.application_profile(APPLICATION, model_id=f"eu.{NOVA}")
    with refused("SAC170", "arn: expected one in us-east-1, the stack's Region, got one in eu-west-1; make one there"):
        StreamingAgentApi(stack, "Agent", agent=agent, model=model)


def test_each_agent_may_have_its_own(app: App, agent: AgentSource) -> None:
    stack = stack_in(app, "us-east-1")
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("billing", agent=agent, model=BedrockModel.on_demand(NOVA))

    assert granted(stack) == [([MODELS % "us-east-1"], None)]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: BedrockModel.on_demand("eu.amazon.nova-lite-v1:0"), "write BedrockModel.inference_profile('eu.amazon"),
        (lambda: BedrockModel.on_demand("gpt-4o"), "an agent that calls another provider needs no model="),
        (lambda: BedrockModel.on_demand("Amazon Nova Lite"), "expected an id of Amazon Bedrock"),
        (
            lambda: BedrockModel.on_demand(f"arn:aws:bedrock:eu-west-1::foundation-model/{NOVA}"),
            f"write BedrockModel.on_demand('{NOVA}')",
        ),
        (lambda: BedrockModel.on_demand(f"{OF_ACCOUNT}:provisioned-model/a1"), "grant_invoke_model(model_arns=[...])"),
        (lambda: BedrockModel.on_demand(f"{OF_ACCOUNT}:imported-model/a1"), "name it in environment_variables"),
        (lambda: BedrockModel.on_demand(APPLICATION), "use BedrockModel.application_profile"),
        (
            lambda: BedrockModel.inference_profile(f"{OF_ACCOUNT}:inference-profile/eu.{NOVA}"),
            f"write BedrockModel.inference_profile('eu.{NOVA}')",
        ),
        (lambda: BedrockModel.inference_profile(NOVA), "expected one that begins with us., eu., apac."),
        (lambda: BedrockModel.inference_profile("eu.nova"), "expected an id of Amazon Bedrock"),
        (lambda: BedrockModel.application_profile(NOVA, model_id=NOVA), "application-inference-profile/<id>"),
        (lambda: BedrockModel.application_profile(APPLICATION, model_id="nova"), "expected an id of Amazon Bedrock"),
    ],
)
def test_what_is_no_model_of_that_kind_is_refused(refused: Refused, make: Any, words: str) -> None:
    with refused("SAC170", words):
        make()


@pytest.mark.parametrize(
    ("model", "region", "words"),
    [
        (BedrockModel.on_demand, "eu-west-1", "('eu.amazon.nova-lite-v1:0'), or acknowledge this"),
        (BedrockModel.inference_profile, "us-east-1", "is not one that is called from us-east-1"),
    ],
)
def test_a_model_that_the_region_probably_does_not_offer_so_is_warned_of(
    app: App, agent: AgentSource, model: Any, region: str, words: str
) -> None:
    stack = stack_in(app, region)
    name = NOVA if model == BedrockModel.on_demand else f"eu.{NOVA}"
    StreamingAgentApi(stack, "Agent", agent=agent, model=model(name))

    assert words in warnings(stack)


@pytest.mark.parametrize(
    ("model_id", "words"),
    [("amazn.nova-lite-v1:0", "'amazn', which is not a provider"), ("amazon.nova-lite", "has no version")],
)
def test_a_probable_typing_mistake_is_warned_of(app: App, agent: AgentSource, model_id: str, words: str) -> None:
    stack = stack_in(app, "us-east-1")
    StreamingAgentApi(stack, "Agent", agent=agent, model=BedrockModel.on_demand(model_id))

    assert words in warnings(stack)


def test_the_variable_cannot_say_another_model(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    options = RuntimeOptions(environment_variables={"BEDROCK_MODEL_ID": "amazon.nova-pro-v1:0"})
    with refused("SAC171", "beside model, which sets it, got 'amazon.nova-pro-v1:0'"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=options, model=BedrockModel.on_demand(NOVA))


def existing(scope: Stack, region: str, account: str) -> AgentSource:
    return AgentSource.from_existing_runtime(
        agentcore.Runtime.from_agent_runtime_attributes(
            scope,
            "Existing",
            agent_runtime_arn=f"arn:aws:bedrock-agentcore:{region}:{account}:runtime/agent-AbCdEfGhIj",
            agent_runtime_id="agent-AbCdEfGhIj",
            agent_runtime_name="agent",
            role_arn=f"arn:aws:iam::{account}:role/agent",
        )
    )


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_an_existing_role_of_the_account_is_granted_models(app: App, region: str) -> None:
    """Roles have no Region."""
    stack = stack_in(app, "eu-west-1")
    api = StreamingAgentApi(stack, "Agent", agent=existing(stack, region, ACCOUNT))
    assert api.grant_invoke_model(model_arns=[f"arn:aws:bedrock:{region}::foundation-model/{NOVA}"]).success
    ((policy, _),) = [
        (found["Properties"], name)
        for name, found in resources(stack, "AWS::IAM::Policy").items()
        if "bedrock:InvokeModel" in str(found)
    ]
    assert policy["Roles"] == ["agent"]


def test_a_role_of_another_account_is_not_granted_models_in_vain(
    app: App, agent: AgentSource, refused: Refused
) -> None:
    """The CDK calls such a grant a success and writes no policy."""
    stack = stack_in(app, "eu-west-1")
    arns = [f"arn:aws:bedrock:eu-west-1::foundation-model/{NOVA}"]
    api = StreamingAgentApi(stack, "Agent", agent=existing(stack, "eu-west-1", "444455556666"))
    with refused("SAC200", f"a role in account {ACCOUNT}", "got one in account 444455556666"):
        api.grant_invoke_model(model_arns=arns)
    route = StreamingAgentApi(stack, "Other", agent=agent).add_agent(
        "theirs", agent=AgentSource.from_existing_runtime(api.runtime)
    )
    with refused("SAC200", "where that role is made"):
        route.grant_invoke_model(model_arns=arns)


def test_an_existing_runtime_keeps_its_model(stack: Stack, refused: Refused) -> None:
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn="arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/agent-AbCdEfGhIj",
        agent_runtime_id="agent-AbCdEfGhIj",
        agent_runtime_name="agent",
        agent_runtime_version="1",
        role_arn="arn:aws:iam::123456789012:role/agent",
    )
    with refused("SAC172", "grant the model and set its environment where the runtime is made"):
        StreamingAgentApi(
            stack, "Agent", agent=AgentSource.from_existing_runtime(runtime), model=BedrockModel.on_demand(NOVA)
        )


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("eu.amazon.nova-lite-v1:0", "write model=BedrockModel.inference_profile('eu.amazon.nova-lite-v1:0')"),
        ("arn:aws:bedrock:us-east-1::foundation-model/us.amazon.nova-lite-v1:0", "the inference profile 'us.amazon"),
        (NOVA, "::foundation-model/amazon.nova-lite-v1:0"),
    ],
)
def test_advice_about_a_models_arn_works_when_it_is_followed(
    stack: Stack, agent: AgentSource, refused: Refused, arn: str, words: str
) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC081", words):
        api.grant_invoke_model(model_arns=[arn])


def test_a_profiles_arn_without_its_models_is_warned_of(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.grant_invoke_model(model_arns=[f"arn:aws:bedrock:eu-west-1:{OF_ACCOUNT}:inference-profile/eu.{NOVA}"])

    assert "Bedrock needs both" in warnings(stack)
