"""Pairs of templates, before and after an update: nothing changes its type in place, and what holds data stays."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    ApiEndpoint,
    ApiKeys,
    CustomDomain,
    Firewall,
    Protection,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
)

from .conftest import agent_folder

Settings = Callable[[Stack], dict[str, Any]]
DISCOVERY = "https://login.example.com/.well-known/openid-configuration"
WEB_ACL = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/mine/01234567-89ab-cdef-0123-456789abcdef"
PER_REQUEST = SessionBinding.PER_REQUEST
STATEFUL = ("AWS::Cognito::UserPool", "AWS::Logs::LogGroup", "AWS::SecretsManager::Secret")


def authorizer(stack: Stack) -> lambda_.IFunction:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:authorizer"
    return lambda_.Function.from_function_attributes(stack, "Function", function_arn=arn, same_environment=True)


def domain(stack: Stack) -> CustomDomain:
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0123"
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    return CustomDomain(domain_name="agents.example.com", certificate=certificate)


STATES: dict[str, Settings] = {
    "as it is": lambda _: {},
    "oidc": lambda _: {"auth": AgentAuth.oidc(discovery_url=DISCOVERY, audiences=["a"]), "session": PER_REQUEST},
    "lambda": lambda stack: {
        "auth": AgentAuth.lambda_authorizer(authorizer(stack), discovery_url=DISCOVERY, audiences=["a"]),
        "session": PER_REQUEST,
    },
    "iam": lambda _: {"auth": AgentAuth.iam(discovery_url=DISCOVERY, audiences=["a"]), "session": PER_REQUEST},
    "keys": lambda _: {"protection": Protection(api_keys=ApiKeys(clients=["web"]))},
    "domain": lambda stack: {"endpoint": ApiEndpoint.regional(domain=domain(stack))},
    "own firewall": lambda _: {"protection": Protection(firewall=Firewall.existing(WEB_ACL))},
    "no firewall": lambda _: {"protection": Protection(firewall=Firewall.disabled())},
    "renamed": lambda _: {"runtime": RuntimeOptions(runtime_name="renamed")},
    "throttled key": lambda stack: {
        "protection": Protection(
            api_keys=ApiKeys(existing=[apigateway.ApiKey.from_api_key_id(stack, "Key", "abc")]),
        )
    },
}
PAIRS = [
    ("as it is", "oidc"),
    ("oidc", "lambda"),
    ("lambda", "iam"),
    ("iam", "as it is"),
    ("as it is", "lambda"),
    ("as it is", "keys"),
    ("keys", "throttled key"),
    ("as it is", "domain"),
    ("as it is", "own firewall"),
    ("own firewall", "no firewall"),
    ("as it is", "renamed"),
]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = agent_folder(tmp_path_factory.mktemp("updates"))
    return {name: _resources(folder, settings) for name, settings in STATES.items()}


def _resources(folder: Path, settings: Settings) -> dict[str, Any]:
    app = App(context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Chat", env=Environment(account="111122223333", region="eu-west-1"))
    StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory(str(folder)), **settings(stack))
    return dict(Template.from_stack(stack).to_json()["Resources"])


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_nothing_changes_its_kind_under_one_logical_id(
    templates: dict[str, dict[str, Any]], before: str, after: str
) -> None:
    old, new = templates[before], templates[after]
    for name in old.keys() & new.keys():
        assert old[name]["Type"] == new[name]["Type"]
        if old[name]["Type"] == "AWS::ApiGateway::Authorizer":
            # CloudFormation would change it in place while the method still asks the old kind.
            assert old[name]["Properties"]["Type"] == new[name]["Properties"]["Type"]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_holds_data_keeps_its_logical_id(templates: dict[str, dict[str, Any]], before: str, after: str) -> None:
    old, new = templates[before], templates[after]
    for name in old.keys() - new.keys():
        resource = old[name]
        if resource["Type"] in STATEFUL:
            # What leaves the stack leaves its data: the pool of AgentAuth.cognito, the log of the own firewall.
            assert resource["Type"] == "AWS::Cognito::UserPool" or "Firewall" in name or "Authorizer" in name
            assert resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate") or "Authorizer" in name


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair != ("own firewall", "no firewall")])
def test_the_stage_gets_a_new_deployment_where_a_method_changes(
    templates: dict[str, dict[str, Any]], before: str, after: str
) -> None:
    def methods(resources: dict[str, Any]) -> str:
        found = {n: r["Properties"] for n, r in resources.items() if r["Type"] == "AWS::ApiGateway::Method"}
        return json.dumps(found, sort_keys=True)

    def deployment(resources: dict[str, Any]) -> set[str]:
        return {name for name, resource in resources.items() if resource["Type"] == "AWS::ApiGateway::Deployment"}

    old, new = templates[before], templates[after]
    if methods(old) != methods(new):
        assert deployment(old) != deployment(new)
