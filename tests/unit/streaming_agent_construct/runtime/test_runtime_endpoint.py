"""Blue and green: which version of the runtime callers get."""

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_bedrockagentcore as agentcore

from streaming_agent_construct import AgentSource, RuntimeOptions, StreamingAgentApi

from ..conftest import Refused
from ..templates import only, post_method, resources

QUALIFIER = "integration.request.querystring.qualifier"
ENDPOINT = "AWS::BedrockAgentCore::RuntimeEndpoint"


def test_callers_get_the_latest_version(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent)

    assert post_method(stack)["Integration"]["RequestParameters"][QUALIFIER] == "'DEFAULT'"
    assert not resources(stack, ENDPOINT)


def test_callers_stay_on_the_live_version_while_a_newer_one_is_tried(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(live_version="3"))

    endpoint = only(stack, ENDPOINT)
    assert post_method(stack)["Integration"]["RequestParameters"][QUALIFIER] == "'live'"
    assert endpoint["Name"] == "live"
    assert endpoint["AgentRuntimeVersion"] == "3"


def test_letting_a_version_in_changes_its_endpoint_and_nothing_else(agent: AgentSource) -> None:
    def template(version: str) -> dict[str, object]:
        stack = Stack(None, "Test")
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(live_version=version))
        from aws_cdk.assertions import Template

        found: dict[str, object] = dict(Template.from_stack(stack).to_json()["Resources"])
        return found

    before, after = template("3"), template("4")
    changed = [name for name in before if before[name] != after.get(name)]
    assert len(changed) == 1
    assert "LiveEndpoint" in changed[0]


def test_each_agent_has_a_live_version_of_its_own(stack: Stack, agent: AgentSource) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    api.add_agent("billing", agent=agent, runtime=RuntimeOptions(live_version="2"))

    methods = [
        method["Properties"]["Integration"]["RequestParameters"][QUALIFIER]
        for method in resources(stack, "AWS::ApiGateway::Method").values()
    ]
    assert methods == ["'DEFAULT'", "'live'"]


@pytest.mark.parametrize("runtime_id", ["mine", "mine-012345678", "1mine-0123456789", "mine-01234567890"])
def test_a_live_version_of_a_runtime_whose_id_agentcore_does_not_make_is_refused(
    stack: Stack, refused: Refused, runtime_id: str
) -> None:
    runtime = agentcore.Runtime.from_agent_runtime_attributes(
        stack,
        "Existing",
        agent_runtime_arn=f"arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/{runtime_id}",
        agent_runtime_id=runtime_id,
        agent_runtime_name="mine",
        role_arn="arn:aws:iam::111122223333:role/agent",
    )
    source = AgentSource.from_existing_runtime(runtime)
    with refused("SAC193", "such as 'agent-0123456789'", f"got '{runtime_id}'"):
        StreamingAgentApi(stack, "Agent", agent=source, runtime=RuntimeOptions(live_version="3"))


def test_an_endpoint_of_yours_is_called_by_its_name(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(qualifier="canary"))

    assert post_method(stack)["Integration"]["RequestParameters"][QUALIFIER] == "'canary'"


@pytest.mark.parametrize("version", ["latest", "0", "v3", "03", ""])
def test_a_version_is_a_number(stack: Stack, agent: AgentSource, version: str, refused: Refused) -> None:
    with refused("SAC028", "the number of a version", f"got '{version}'"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(live_version=version))


def test_a_version_and_an_endpoint_contradict_each_other(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    with refused("SAC027", "live_version='3'", "qualifier='canary'", "keep one of the two"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(live_version="3", qualifier="canary"))


def existing(
    scope: Stack, region: str = "eu-west-1", account: str = "111122223333", id: str = "Existing"
) -> AgentSource:
    return AgentSource.from_existing_runtime(
        agentcore.Runtime.from_agent_runtime_attributes(
            scope,
            id,
            agent_runtime_arn=f"arn:aws:bedrock-agentcore:{region}:{account}:runtime/agent-0123456789",
            agent_runtime_id="agent-0123456789",
            agent_runtime_name="agent",
            role_arn=f"arn:aws:iam::{account}:role/agent",
        )
    )


@pytest.fixture
def ireland(app: App) -> Stack:
    return Stack(app, "Ireland", env=Environment(account="111122223333", region="eu-west-1"))


@pytest.mark.parametrize(
    ("region", "account", "where"),
    [
        ("us-east-1", "111122223333", "is in us-east-1"),
        ("eu-west-1", "444455556666", "is in account 444455556666"),
        ("us-east-1", "444455556666", "is in account 444455556666"),
    ],
)
def test_a_version_of_a_runtime_elsewhere_is_not_held_from_here(
    ireland: Stack, region: str, account: str, where: str, refused: Refused
) -> None:
    """A RuntimeEndpoint is made in the stack's own Region and account."""
    with refused("SAC198", "live_version='1'", where, "name it here with qualifier"):
        StreamingAgentApi(
            ireland,
            "Agent",
            agent=existing(ireland, region, account),
            runtime=RuntimeOptions(live_version="1"),
        )


def test_a_version_of_a_runtime_of_another_stack_elsewhere_is_not_held_from_here(
    app: App, ireland: Stack, refused: Refused
) -> None:
    virginia = Stack(app, "Virginia", env=Environment(account="111122223333", region="us-east-1"))
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1"
    made = StreamingAgentApi(virginia, "Agent", agent=AgentSource.from_image_uri(image))
    with refused("SAC198", "is in us-east-1"):
        StreamingAgentApi(
            ireland,
            "Agent",
            agent=AgentSource.from_existing_runtime(made.runtime),
            runtime=RuntimeOptions(live_version="1"),
        )


def test_an_endpoint_of_a_runtime_elsewhere_is_called_by_its_name(ireland: Stack) -> None:
    options = RuntimeOptions(qualifier="canary")
    StreamingAgentApi(ireland, "Agent", agent=existing(ireland, "us-east-1"), runtime=options)
    assert post_method(ireland)["Integration"]["RequestParameters"][QUALIFIER] == "'canary'"
    assert not resources(ireland, ENDPOINT)


@pytest.mark.parametrize("version", ["1", "2"])
def test_one_agent_makes_the_live_endpoint_of_an_existing_runtime(stack: Stack, version: str, refused: Refused) -> None:
    """Two endpoints of one name are refused by AgentCore in the middle of the deployment."""
    live = RuntimeOptions(live_version="1")
    api = StreamingAgentApi(stack, "Agent", agent=existing(stack), runtime=live)
    with refused("SAC199", f"live_version='{version}'", "qualifier='live'"):
        api.add_agent("other", agent=existing(stack, id="Again"), runtime=RuntimeOptions(live_version=version))


def test_the_live_endpoint_of_a_new_runtime_is_not_made_again(
    app: App, stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    """The same runtime behind two APIs of the app."""
    live = RuntimeOptions(live_version="1")
    made = StreamingAgentApi(stack, "Agent", agent=agent, runtime=live)
    again = AgentSource.from_existing_runtime(made.runtime)
    with refused("SAC199", "another agent makes it already"):
        StreamingAgentApi(Stack(app, "Other"), "Agent", agent=again, runtime=live)


def test_a_second_agent_calls_the_live_endpoint_by_its_name(stack: Stack) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=existing(stack), runtime=RuntimeOptions(live_version="1"))
    api.add_agent("other", agent=existing(stack, id="Again"), runtime=RuntimeOptions(qualifier="live"))
    methods = [
        method["Properties"]["Integration"]["RequestParameters"][QUALIFIER]
        for method in resources(stack, "AWS::ApiGateway::Method").values()
    ]
    assert methods == ["'live'", "'live'"]
    assert len(resources(stack, ENDPOINT)) == 1
