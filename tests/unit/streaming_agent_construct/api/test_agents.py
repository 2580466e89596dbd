"""Several agents behind one front door, and the models they may call."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Aws, Duration, Environment, Stack
from aws_cdk import aws_bedrockagentcore as agentcore

from streaming_agent_construct import (
    AgentSource,
    BedrockModel,
    Cors,
    RuntimeOptions,
    StreamingAgentApi,
    Throttle,
)

from ..conftest import Refused, agent_folder
from ..templates import deployment_id, flat, resources

MODEL = f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}::foundation-model/amazon.nova-lite-v1:0"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1"
RUNTIME_ARN = "arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/mine-0123456789"


def _second(tmp_path: Path) -> AgentSource:
    return AgentSource.from_directory(str(agent_folder(tmp_path)))


def test_a_second_agent_has_a_path_and_a_runtime_of_its_own(stack: Stack, agent: AgentSource, tmp_path: Path) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    route = api.add_agent("billing", agent=_second(tmp_path), timeout=Duration.minutes(2))
    uris = {
        flat(m["Properties"]["Integration"]["Uri"]): m["Properties"]["Integration"]["TimeoutInMillis"]
        for m in resources(stack, "AWS::ApiGateway::Method").values()
    }
    assert sorted(uris.values()) == [120_000, 900_000]
    assert len(resources(stack, "AWS::BedrockAgentCore::Runtime")) == 2
    assert route.name == "billing"
    assert flat(stack.resolve(route.invocations_url)).endswith("/agents/billing/invocations")


def test_both_agents_ask_for_the_same_token(stack: Stack, agent: AgentSource, tmp_path: Path) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent).add_agent("billing", agent=_second(tmp_path))
    authorizers = [
        r["Properties"]["AuthorizerConfiguration"] for r in resources(stack, "AWS::BedrockAgentCore::Runtime").values()
    ]
    gateway = {m["Properties"]["AuthorizationType"] for m in resources(stack, "AWS::ApiGateway::Method").values()}
    assert authorizers[0] == authorizers[1]
    assert gateway == {"COGNITO_USER_POOLS"}


def test_a_second_agent_is_called_from_the_same_pages(stack: Stack, agent: AgentSource, tmp_path: Path) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=["*"]))
    api.add_agent("billing", agent=_second(tmp_path))
    methods = [m["Properties"]["HttpMethod"] for m in resources(stack, "AWS::ApiGateway::Method").values()]
    assert sorted(methods) == ["OPTIONS", "OPTIONS", "POST", "POST"]


def test_a_second_agent_makes_a_new_deployment(stack: Stack, agent: AgentSource, tmp_path: Path) -> None:
    first = Stack(stack, "First", stack_name="Same")
    second = Stack(stack, "Second", stack_name="Same")
    StreamingAgentApi(first, "Agent", agent=agent)
    StreamingAgentApi(second, "Agent", agent=agent).add_agent("billing", agent=_second(tmp_path))
    assert deployment_id(first) != deployment_id(second)


def test_a_name_that_is_taken_is_refused(stack: Stack, agent: AgentSource, tmp_path: Path, refused: Refused) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("billing", agent=_second(tmp_path))
    with refused("SAC006", "already an agent 'billing'"):
        api.add_agent("billing", agent=_second(tmp_path))


@pytest.mark.parametrize("name", ["", "a/b", "a b", "-a", "{proxy+}", "a" * 65])
def test_a_name_that_is_no_part_of_an_address_is_refused(
    stack: Stack, agent: AgentSource, tmp_path: Path, name: str, refused: Refused
) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC005", f"got '{name}'"):
        api.add_agent(name, agent=_second(tmp_path))


def _existing(stack: Stack, arn: str = RUNTIME_ARN, runtime_id: str = "mine-0123456789") -> AgentSource:
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn=arn,
        agent_runtime_id=runtime_id,
        agent_runtime_name="mine",
        role_arn="arn:aws:iam::111122223333:role/agent",
    )
    return AgentSource.from_existing_runtime(runtime)


def _of_iam(stack: Stack) -> AgentSource:
    artifact = agentcore.AgentRuntimeArtifact.from_image_uri(IMAGE)
    runtime = agentcore.Runtime(stack, "Existing", agent_runtime_artifact=artifact)
    return AgentSource.from_existing_runtime(runtime)


HEADERS = [f"X-{number}" for number in range(20)]
ELSEWHERE = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1"


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("SAC003", lambda stack: {"timeout": Duration.hours(1)}),
        ("SAC020", lambda stack: {"runtime": RuntimeOptions(runtime_name="-")}),
        ("SAC071", lambda stack: {"throttle": Throttle(rate_limit=0)}),
        ("SAC171", lambda stack: {"runtime": RuntimeOptions(environment_variables={"CORS_ALLOW_ORIGINS": "x"})}),
        ("SAC023", lambda stack: {"runtime": RuntimeOptions(header_allow_list=HEADERS)}),
        (
            "SAC170",
            lambda stack: {"model": BedrockModel.application_profile(ELSEWHERE, model_id="amazon.nova-lite-v1:0")},
        ),
        ("SAC025", lambda stack: {"agent": _existing(stack), "runtime": RuntimeOptions(description="mine")}),
        ("SAC172", lambda stack: {"agent": _existing(stack), "model": BedrockModel.on_demand("amazon.nova-lite-v1:0")}),
        ("SAC193", lambda stack: {"agent": _existing(stack, arn=f"{RUNTIME_ARN}/runtime-endpoint/DEFAULT")}),
        (
            "SAC193",
            lambda stack: {"agent": _existing(stack, runtime_id="mine"), "runtime": RuntimeOptions(live_version="1")},
        ),
        (
            "SAC198",
            lambda stack: {
                "agent": _existing(stack, arn=RUNTIME_ARN.replace("eu-west-1", "us-east-1")),
                "runtime": RuntimeOptions(live_version="1"),
            },
        ),
        ("SAC019", lambda stack: {"agent": _of_iam(stack)}),
    ],
)
def test_a_refused_agent_leaves_the_name_free(
    app: App,
    agent: AgentSource,
    tmp_path: Path,
    refused: Refused,
    code: str,
    refusal: Callable[[Stack], dict[str, Any]],
) -> None:
    stack = Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))
    api = StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=["https://a.example"]))
    settings = {"agent": _second(tmp_path), **refusal(stack)}
    with refused(code):
        api.add_agent("billing", **settings)
    assert api.node.try_find_child("Agent-billing") is None
    assert api.add_agent("billing", agent=_second(tmp_path)).name == "billing"
    assert len(resources(stack, "AWS::ApiGateway::Method")) == 4


def test_an_agent_that_cannot_be_packaged_leaves_the_name_free(tmp_path: Path, refused: Refused) -> None:
    stack = Stack(App(context={"aws:cdk:disable-asset-staging": True}), "Test")
    image = AgentSource.from_image_uri(IMAGE)
    api = StreamingAgentApi(stack, "Agent", agent=image)
    with refused("SAC190"):
        api.add_agent("billing", agent=_second(tmp_path))
    assert api.add_agent("billing", agent=image).name == "billing"


def test_a_role_calls_no_model_until_it_is_granted(stack: Stack, agent: AgentSource) -> None:
    """The CDK's runtime role has no bedrock:InvokeModel."""
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.grant_invoke_model(model_arns=[MODEL])
    statements = [
        s
        for policy in resources(stack, "AWS::IAM::Policy").values()
        for s in policy["Properties"]["PolicyDocument"]["Statement"]
        if "bedrock:InvokeModel" in s["Action"]
    ]
    assert [s["Action"] for s in statements] == [["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]]
    assert flat(statements[0]["Resource"]) == (
        "arn:{AWS::Partition}:bedrock:{AWS::Region}::foundation-model/amazon.nova-lite-v1:0"
    )


def test_each_agent_is_granted_its_own_models(stack: Stack, agent: AgentSource, tmp_path: Path) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("billing", agent=_second(tmp_path)).grant_invoke_model(model_arns=[MODEL])
    granted = [
        name for name, policy in resources(stack, "AWS::IAM::Policy").items() if "bedrock:InvokeModel" in str(policy)
    ]
    assert len(granted) == 1
    assert "billing" in granted[0]


def test_models_are_granted_by_arn(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC081", "got 'amazon.nova-lite-v1:0'", "foundation-model/amazon.nova-lite-v1:0"):
        api.grant_invoke_model(model_arns=["amazon.nova-lite-v1:0"])
    with refused("SAC080", "model_arns: expected at least one"):
        api.grant_invoke_model(model_arns=[])
