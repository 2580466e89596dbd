"""Each template updated to each other one: nothing changes its type in place, and what holds data stays."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    ApiEndpoint,
    ApiKeys,
    BedrockModel,
    Cors,
    CustomDomain,
    Firewall,
    Observability,
    Protection,
    RuntimeGuard,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
    Throttle,
    TokenType,
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


def domain(stack: Stack, name: str = "agents.example.com", **settings: Any) -> CustomDomain:
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0123"
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    return CustomDomain(domain_name=name, certificate=certificate, **settings)


def entrance(stack: Stack) -> ec2.IVpcEndpoint:
    return ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
        stack, "Entrance", vpc_endpoint_id="vpce-0123456789abcdef0", port=443
    )


def protected(**settings: Any) -> dict[str, Any]:
    return {"protection": Protection(**settings)}


def profile(model: str) -> dict[str, Any]:
    return {"model": BedrockModel.inference_profile(f"eu.amazon.{model}-v1:0")}


STATES: dict[str, Settings] = {
    "as it is": lambda _: {},
    # who may call
    "oidc": lambda _: {"auth": AgentAuth.oidc(discovery_url=DISCOVERY, audiences=["a"]), "session": PER_REQUEST},
    "lambda": lambda stack: {
        "auth": AgentAuth.lambda_authorizer(authorizer(stack), discovery_url=DISCOVERY, audiences=["a"]),
        "session": PER_REQUEST,
    },
    "iam": lambda _: {"auth": AgentAuth.iam(discovery_url=DISCOVERY, audiences=["a"]), "session": PER_REQUEST},
    "browser": lambda _: {"auth": AgentAuth.cognito(callback_urls=["https://chat.example.com/"])},
    "access tokens": lambda _: {"auth": AgentAuth.cognito(token=TokenType.ACCESS), "session": SessionBinding.PER_USER},
    # whose session it is, for how long, from which page
    "a session a request": lambda _: {"session": PER_REQUEST},
    "a session a sign-in": lambda _: {"session": SessionBinding.PER_SIGN_IN},
    "a session of the client": lambda _: {"session": SessionBinding.CLIENT},
    "two minutes": lambda _: {"timeout": Duration.minutes(2)},
    "cors": lambda _: {"cors": Cors(allow_origins=["https://chat.example.com"])},
    # what stands in front
    "keys": lambda _: protected(api_keys=ApiKeys(clients=["web"])),
    "more keys": lambda _: protected(api_keys=ApiKeys(clients=["mobile", "web"], throttle=Throttle(rate_limit=1))),
    "throttled key": lambda stack: protected(
        api_keys=ApiKeys(existing=[apigateway.ApiKey.from_api_key_id(stack, "Key", "abc")])
    ),
    "narrow firewall": lambda _: protected(firewall=Firewall.managed(requests_per_ip=100)),
    "own firewall": lambda _: protected(firewall=Firewall.existing(WEB_ACL)),
    "no firewall": lambda _: protected(firewall=Firewall.disabled()),
    "guard": lambda _: protected(runtime_guard=RuntimeGuard.shared_secret()),
    # where it listens
    "domain": lambda stack: {"endpoint": ApiEndpoint.regional(domain=domain(stack))},
    "another domain": lambda stack: {"endpoint": ApiEndpoint.regional(domain=domain(stack, "ask.example.com"))},
    "a path of the domain": lambda stack: {"endpoint": ApiEndpoint.regional(domain=domain(stack, base_path="v1"))},
    "private": lambda stack: {"endpoint": ApiEndpoint.private_api(vpc_endpoints=[entrance(stack)])},
    "edge": lambda _: {"endpoint": ApiEndpoint.edge_optimized(max_idle=Duration.seconds(20))},
    # the agent
    "image": lambda _: {"agent": AgentSource.from_image_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1")},
    "zip": lambda stack: {
        "agent": AgentSource.from_s3(s3.Bucket.from_bucket_name(stack, "Code", "code-of-agents"), "1.zip")
    },
    "renamed": lambda _: {"runtime": RuntimeOptions(runtime_name="renamed")},
    "held": lambda _: {"runtime": RuntimeOptions(live_version="1")},
    "model": lambda _: profile("nova-lite"),
    "another model": lambda _: profile("nova-pro"),
    # what watches
    "no logs": lambda _: {"observability": Observability(access_logs=False, firewall_logs=False)},
    "short logs": lambda _: {"observability": Observability(retention=logs.RetentionDays.ONE_WEEK)},
}
# Properties that say of which kind a resource is: changed in place, it would be two kinds at once.
KINDS = {"AWS::ApiGateway::Authorizer": "Type", "AWS::ApiGateway::GatewayResponse": "ResponseType"}
# What CloudFormation can only replace, of what holds data (each type's page, "Update requires: Replacement").
REPLACED = {
    "AWS::Cognito::UserPool": ["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"],
    "AWS::Logs::LogGroup": ["LogGroupName", "LogGroupClass"],
    "AWS::SecretsManager::Secret": ["Name"],
}
# What leaves the stack with an option leaves its data: the pool of AgentAuth.cognito, the log of a switched-off one.
LEAVES = {
    "AgentUserPool": ("oidc", "lambda", "iam"),
    "AgentAuthorizerLog": tuple(STATES),
    "AgentFirewallLog": ("own firewall", "no firewall", "no logs"),
    "AgentAccessLog": ("no logs",),
    "AgentErrorLog": ("no logs",),
    "AgentGatewaySecret": tuple(STATES),
}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = agent_folder(tmp_path_factory.mktemp("updates"))
    return {name: _resources(folder, settings) for name, settings in STATES.items()}


def _resources(folder: Path, settings: Settings) -> dict[str, Any]:
    app = App(context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Chat", env=Environment(account="111122223333", region="eu-west-1"))
    chosen = {"agent": AgentSource.from_directory(str(folder)), **settings(stack)}
    StreamingAgentApi(stack, "Agent", **chosen)
    return dict(Template.from_stack(stack).to_json()["Resources"])


@pytest.mark.parametrize("before", STATES)
def test_nothing_changes_its_kind_under_one_logical_id(templates: dict[str, dict[str, Any]], before: str) -> None:
    old = templates[before]
    for new in templates.values():
        for name in old.keys() & new.keys():
            assert old[name]["Type"] == new[name]["Type"]
            # CloudFormation would change it in place while the method still asks the old kind.
            kind = KINDS.get(old[name]["Type"], "")
            assert old[name].get("Properties", {}).get(kind) == new[name].get("Properties", {}).get(kind)


@pytest.mark.parametrize("before", STATES)
def test_what_holds_data_is_never_replaced(templates: dict[str, dict[str, Any]], before: str) -> None:
    old = templates[before]
    for after, new in templates.items():
        for name in old.keys() & new.keys():
            for replaces in REPLACED.get(old[name]["Type"], []):
                was, will_be = (one[name].get("Properties", {}).get(replaces) for one in (old, new))
                assert was == will_be, (after, name)


@pytest.mark.parametrize("before", STATES)
def test_what_holds_data_keeps_its_logical_id(templates: dict[str, dict[str, Any]], before: str) -> None:
    old = templates[before]
    for after, new in templates.items():
        for name in old.keys() - new.keys():
            resource = old[name]
            if resource["Type"] not in STATEFUL:
                continue
            (option,) = [option for option in LEAVES if name.startswith(option)]
            assert after in LEAVES[option], (after, name)
            # Kept where it leaves, but for what nobody reads any more.
            kept = resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
            assert kept or option in ("AgentAuthorizerLog", "AgentErrorLog", "AgentGatewaySecret")


@pytest.mark.parametrize("before", STATES)
def test_the_stage_gets_a_new_deployment_where_a_method_changes(
    templates: dict[str, dict[str, Any]], before: str
) -> None:
    """The stage would go on with what it was deployed with (aws-cdk#9086)."""

    def served(resources: dict[str, Any]) -> str:
        # Of the API itself, its resource policy and the closing of its own address.
        kinds = ("Method", "Authorizer", "GatewayResponse", "RestApi")
        found = {
            name: one["Properties"]
            for name, one in resources.items()
            if one["Type"] in [f"AWS::ApiGateway::{kind}" for kind in kinds]
        }
        return json.dumps(found, sort_keys=True)

    def deployment(resources: dict[str, Any]) -> set[str]:
        return {name for name, resource in resources.items() if resource["Type"] == "AWS::ApiGateway::Deployment"}

    old = templates[before]
    for after, new in templates.items():
        if served(old) != served(new):
            assert deployment(old) != deployment(new), after
