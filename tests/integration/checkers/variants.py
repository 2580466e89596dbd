"""Every way to ask for a streaming agent that the checkers look at, each with a name; the user's own parts imported."""

import json
import tarfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import aws_cdk
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    AlarmThresholds,
    ApiEndpoint,
    ApiKeys,
    Cors,
    CustomDomain,
    Firewall,
    Observability,
    Protection,
    RequiredClaim,
    RuntimeGuard,
    RuntimeOptions,
    SessionBinding,
    StreamingAgentApi,
    Throttle,
    TokenType,
)

Settings = dict[str, Any]
DISCOVERY = "https://login.example.com/.well-known/openid-configuration"
WEB_ACL = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/mine/01234567-89ab-cdef-0123-456789abcdef"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
PER_REQUEST = SessionBinding.PER_REQUEST


def _domain(stack: Stack, region: str = "eu-west-1", **settings: Any) -> CustomDomain:
    arn = f"arn:aws:acm:{region}:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    return CustomDomain(domain_name="agents.example.com", certificate=certificate, **settings)


def _zone(stack: Stack) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )


def _pool(stack: Stack, **settings: Any) -> AgentAuth:
    pool = cognito.UserPool.from_user_pool_id(stack, "Pool", "eu-west-1_AbCdEfGhI")
    clients = [cognito.UserPoolClient.from_user_pool_client_id(stack, f"Client{n}", f"client{n}") for n in (1, 2)]
    return AgentAuth.user_pool(pool, clients, **settings)


def _function(stack: Stack) -> lambda_.IFunction:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:authorizer"
    return lambda_.Function.from_function_attributes(stack, "Function", function_arn=arn, same_environment=True)


def _vpc_endpoint(stack: Stack) -> ec2.IVpcEndpoint:
    return ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
        stack, "Endpoint", vpc_endpoint_id="vpce-0123456789abcdef0", port=443
    )


def _vpc(stack: Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    )


def _network(stack: Stack) -> agentcore.RuntimeNetworkConfiguration:
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")
    return agentcore.RuntimeNetworkConfiguration.using_vpc(stack, vpc=_vpc(stack), security_groups=[group])


def _private_path(stack: Stack) -> RuntimeGuard:
    link = apigateway.VpcLink.from_vpc_link_id(stack, "Link", "abc123")
    return RuntimeGuard.private_path(vpc_link=link, vpc=_vpc(stack))


def _bucket(stack: Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, "Bucket", "agents-of-ours")


def _keys(**settings: Any) -> Settings:
    return {"protection": Protection(api_keys=ApiKeys(clients=["web", "mobile"], **settings))}


def _observability(**settings: Any) -> Settings:
    return {"observability": Observability(**settings)}


# What is not given is the default of StreamingAgentApi.
VARIANTS: dict[str, Callable[[Stack], Settings]] = {
    "three-lines": lambda stack: {},
    "access-tokens": lambda stack: {
        "auth": AgentAuth.cognito(token=TokenType.ACCESS),
        "session": SessionBinding.PER_USER,
    },
    "browser-sign-in": lambda stack: {
        "auth": AgentAuth.cognito(
            callback_urls=["https://chat.example.com/"], logout_urls=["https://chat.example.com/"]
        )
    },
    "mfa-required": lambda stack: {"auth": AgentAuth.cognito(mfa=cognito.Mfa.REQUIRED)},
    "threat-protection": lambda stack: {
        "auth": AgentAuth.cognito(threat_protection=cognito.StandardThreatProtectionMode.FULL_FUNCTION)
    },
    "groups": lambda stack: {"auth": AgentAuth.cognito(groups=["agents"])},
    "claims": lambda stack: {"auth": AgentAuth.cognito(claims=[RequiredClaim.string_equals("custom:team", "blue")])},
    "existing-pool": lambda stack: {"auth": _pool(stack)},
    "machines": lambda stack: {
        "auth": _pool(stack, token=TokenType.ACCESS, scopes=["agents/invoke"]),
        "session": PER_REQUEST,
    },
    "oidc": lambda stack: {"auth": AgentAuth.oidc(discovery_url=DISCOVERY, audiences=["agents"])},
    "oidc-clients-and-scopes": lambda stack: {
        "auth": AgentAuth.oidc(discovery_url=DISCOVERY, client_ids=["app"], scopes=["agents"]),
        "session": PER_REQUEST,
    },
    "lambda-authorizer": lambda stack: {
        "auth": AgentAuth.lambda_authorizer(_function(stack), discovery_url=DISCOVERY, audiences=["agents"]),
        "session": PER_REQUEST,
    },
    "lambda-token-from-context": lambda stack: {
        "auth": AgentAuth.lambda_authorizer(
            _function(stack), discovery_url=DISCOVERY, audiences=["agents"], token_key="token"
        ),
        "session": PER_REQUEST,
    },
    "iam": lambda stack: {
        "auth": AgentAuth.iam(discovery_url=DISCOVERY, audiences=["agents"]),
        "session": PER_REQUEST,
    },
    "client-session": lambda stack: {"session": SessionBinding.CLIENT},
    "session-per-request": lambda stack: {"session": PER_REQUEST},
    "short-timeout": lambda stack: {"timeout": Duration.seconds(30)},
    "edge": lambda stack: {"endpoint": ApiEndpoint.edge_optimized(max_idle=Duration.seconds(20))},
    "private": lambda stack: {"endpoint": ApiEndpoint.private_api(vpc_endpoints=[_vpc_endpoint(stack)])},
    "domain": lambda stack: {"endpoint": ApiEndpoint.regional(domain=_domain(stack, hosted_zone=_zone(stack)))},
    "domain-with-path": lambda stack: {"endpoint": ApiEndpoint.regional(domain=_domain(stack, base_path="v1"))},
    "mutual-tls": lambda stack: {
        "endpoint": ApiEndpoint.regional(
            domain=_domain(stack, mutual_tls=apigateway.MTLSConfig(bucket=_bucket(stack), key="ca.pem"))
        )
    },
    "edge-domain": lambda stack: {"endpoint": ApiEndpoint.edge_optimized(domain=_domain(stack, "us-east-1"))},
    "cors": lambda stack: {"cors": Cors(allow_origins=["https://chat.example.com"])},
    "cors-two-origins": lambda stack: {
        "cors": Cors(allow_origins=["https://chat.example.com", "http://localhost:3000"], max_age=Duration.minutes(5))
    },
    "cors-any-origin": lambda stack: {"cors": Cors(allow_origins=["*"])},
    "cors-and-oidc": lambda stack: {
        "auth": AgentAuth.oidc(discovery_url=DISCOVERY, audiences=["agents"]),
        "cors": Cors(allow_origins=["https://chat.example.com"]),
    },
    "throttle": lambda stack: {"protection": Protection(throttle=Throttle(rate_limit=5, burst_limit=10))},
    "tight-firewall": lambda stack: {"protection": Protection(firewall=Firewall.managed(requests_per_ip=10))},
    "own-web-acl": lambda stack: {
        "protection": Protection(firewall=Firewall.existing(WEB_ACL, metric_name="mine")),
    },
    "no-firewall": lambda stack: {"protection": Protection(firewall=Firewall.disabled())},
    "api-keys": lambda stack: _keys(),
    "api-keys-with-quota": lambda stack: _keys(
        quota=apigateway.QuotaSettings(limit=1000, period=apigateway.Period.MONTH), throttle=Throttle(rate_limit=2)
    ),
    "own-api-key": lambda stack: {
        "protection": Protection(api_keys=ApiKeys(existing=[apigateway.ApiKey.from_api_key_id(stack, "Key", "abc")]))
    },
    "guard-by-secret": lambda stack: {"protection": Protection(runtime_guard=RuntimeGuard.shared_secret())},
    "guard-by-own-secret": lambda stack: {
        "protection": Protection(
            runtime_guard=RuntimeGuard.shared_secret(
                secret=secretsmanager.Secret.from_secret_name_v2(stack, "Secret", "gateway")
            )
        )
    },
    "guard-by-network": lambda stack: {"protection": Protection(runtime_guard=_private_path(stack))},
    "own-key-for-logs": lambda stack: _observability(
        encryption_key=kms.Key.from_key_arn(stack, "Kms", KEY),
        retention=logs.RetentionDays.ONE_YEAR,
    ),
    "own-log-group": lambda stack: _observability(
        access_log_group=logs.LogGroup.from_log_group_name(stack, "Log", "access-of-ours")
    ),
    "topics-and-thresholds": lambda stack: _observability(
        critical_topic=sns.Topic.from_topic_arn(stack, "Topic", TOPIC),
        warning_topic=sns.Topic.from_topic_arn(stack, "Warnings", TOPIC),
        alarm_thresholds=AlarmThresholds(time_to_first_content=Duration.seconds(3), server_error_percent=1),
    ),
    "account-role": lambda stack: _observability(account_role=True),
    "no-observability": lambda stack: _observability(
        access_logs=False, firewall_logs=False, tracing_enabled=False, alarms=False, dashboard=False
    ),
    "runtime-options": lambda stack: {
        "runtime": RuntimeOptions(
            runtime_name="mine",
            description="an agent",
            environment_variables={"MODEL_ID": "eu.amazon.nova-lite-v1:0"},
            lifecycle_configuration=agentcore.LifecycleConfiguration(
                idle_runtime_session_timeout=Duration.minutes(5), max_lifetime=Duration.hours(1)
            ),
            header_allow_list=["X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant"],
        )
    },
    "runtime-in-vpc": lambda stack: {"runtime": RuntimeOptions(network_configuration=_network(stack))},
    "own-role": lambda stack: {
        "runtime": RuntimeOptions(
            execution_role=iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/agent", mutable=False)
        )
    },
    "image": lambda stack: {
        "agent": AgentSource.from_ecr_repository(
            ecr.Repository.from_repository_name(stack, "Repository", "agent"), tag="1"
        )
    },
    "zip-in-bucket": lambda stack: {"agent": AgentSource.from_s3(_bucket(stack), "agent.zip", entrypoint="agent.py")},
    "existing-runtime": lambda stack: {
        "agent": AgentSource.from_existing_runtime(
            agentcore.Runtime.from_agent_runtime_attributes(
                stack,
                "Runtime",
                agent_runtime_arn="arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/mine-0123456789",
                agent_runtime_id="mine-0123456789",
                agent_runtime_name="mine",
                agent_runtime_version="1",
                role_arn="arn:aws:iam::111122223333:role/agent",
            )
        )
    },
    "two-agents": lambda stack: {"two": True},
    "two-agents-with-everything": lambda stack: {
        "two": True,
        "cors": Cors(allow_origins=["https://chat.example.com"]),
        **_keys(quota=apigateway.QuotaSettings(limit=10, period=apigateway.Period.DAY)),
        **_observability(critical_topic=sns.Topic.from_topic_arn(stack, "Topic", TOPIC)),
    },
}


def build(name: str, folder: Path, outdir: Path) -> App:
    """The app of one variant, not yet synthesised."""
    # Every second variant has the flags of an app that `cdk init` makes, the others none.
    flags = recommended_flags() if list(VARIANTS).index(name) % 2 == 0 else {}
    app = App(context={**flags, "aws:cdk:bundling-stacks": []}, outdir=str(outdir))
    # The account and region are known in every third variant, as they are in some apps and not in others.
    known = list(VARIANTS).index(name) % 3 == 0 or name in ("private", "machines")
    env = Environment(account="111122223333", region="eu-west-1") if known else None
    stack = Stack(app, f"Stack-{name}", env=env)
    settings = VARIANTS[name](stack)
    two = settings.pop("two", False)
    agent = settings.pop("agent", AgentSource.from_directory(str(folder)))
    api = StreamingAgentApi(stack, "Agent", agent=agent, **settings)
    if two:
        api.add_agent("writer", agent=agent, throttle=Throttle(rate_limit=1), timeout=Duration.minutes(2))
    return app


@cache
def recommended_flags() -> Settings:
    """What `cdk init` writes into cdk.json, from the CDK itself."""
    (packed,) = (Path(aws_cdk.__file__).parent / "_jsii").glob("aws-cdk-lib@*.tgz")
    with tarfile.open(packed) as files:
        found = files.extractfile("package/recommended-feature-flags.json")
        assert found is not None
        return dict(json.load(found))
