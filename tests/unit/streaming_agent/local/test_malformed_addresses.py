"""Addresses that are none: each is refused in one sentence, or the route that has it is."""

import copy
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.local.clock import Clock
from streaming_agent.local.deployment import read_deployment
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.template import Refusal, TemplateSet

from tests.unit.streaming_agent.local.apps import (
    AGENT_INTEGRATION,
    TEMPLATE,
    deployment,
    method,
    path_part,
    resource,
    template,
)


def with_discovery(url: Any) -> dict[str, Any]:
    body = copy.deepcopy(TEMPLATE)
    runtime = body["Resources"]["Runtime"]["Properties"]
    runtime["AuthorizerConfiguration"]["CustomJWTAuthorizer"]["DiscoveryUrl"] = url
    return body


def test_a_discovery_address_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(Refusal) as refused:
        deployment(with_discovery("https://[x"))

    place = "Runtime.AuthorizerConfiguration.CustomJWTAuthorizer.DiscoveryUrl"
    assert str(refused.value) == f"{place}: expected an address, got a text ('https://[x') (SAL016)"


def test_half_a_character_in_an_address_is_one_sentence() -> None:
    with pytest.raises(Refusal, match=r"has half a character, \\ud800: write both halves of it \(SAL092\)"):
        deployment(with_discovery("https://issuer.example.com/\ud800"))


def test_half_a_character_in_a_given_value_is_one_sentence() -> None:
    body = {**with_discovery({"Ref": "Url"}), "Parameters": {"Url": {"Type": "String"}}}
    templates = TemplateSet.of({"Chat": body}, {"Url": "https://issuer.example.com/\udcff"})

    with pytest.raises(Refusal, match=r"DiscoveryUrl: expected an address, got a text .* \(SAL016\)"):
        read_deployment(templates, LocalOptions(), Clock())


def test_an_integrations_address_that_is_none_is_refused_with_its_place_and_the_others_run() -> None:
    broken = method("Other", "POST", **{**AGENT_INTEGRATION, "Uri": "https://[x"})
    found = deployment(template(Other=path_part("other"), AskOther=broken))
    (not_run,) = [route.not_run for route in found.api.routes if route.not_run is not None]

    assert str(not_run) == "AskOther.Integration.Uri: expected an address, got a text ('https://[x') (SAL016)"


def test_a_pool_arn_that_is_none_is_no_traceback() -> None:
    authorizer = resource(
        "AWS::ApiGateway::Authorizer",
        RestApiId={"Ref": "Api"},
        Type="COGNITO_USER_POOLS",
        Name="people",
        ProviderARNs=["arn:aws:cognito-idp:us-east-1:123456789012:userpool/[x"],
    )
    body = template(Authorizer=authorizer, Runtime=None)
    ask = body["Resources"]["Ask"]["Properties"]
    ask.update(AuthorizationType="COGNITO_USER_POOLS", AuthorizerId={"Ref": "Authorizer"})

    assert deployment(body, agent_url="http://127.0.0.1:9").pools


def test_a_list_of_assets_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Chat.template.json").write_text('{"Resources": {}}')
    (tmp_path / "Chat.assets.json").write_text("[]")
    (tmp_path / "manifest.json").write_text(
        '{"version": "53.0.0", "artifacts": {"Chat": {"type": "aws:cloudformation:stack", "properties":'
        ' {"templateFile": "Chat.template.json"}}}}'
    )
    (stack,) = TemplateSet.read(tmp_path).stacks

    with pytest.raises(Refusal, match=r"Chat\.assets\.json holds a list, and not a mapping: synthesise .* \(SAL097\)"):
        assert stack.assets
