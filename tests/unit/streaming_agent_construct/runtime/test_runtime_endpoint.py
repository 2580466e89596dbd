"""Blue and green: which version of the runtime callers get."""

import pytest
from aws_cdk import Stack

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
