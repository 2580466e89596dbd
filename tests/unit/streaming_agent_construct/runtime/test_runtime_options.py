"""What may be chosen of the runtime, and what AgentCore would refuse."""

from typing import Any

import pytest
from aws_cdk import App, Aws, Duration, Environment, Stack, Tags
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from streaming_agent_construct import AgentSource, Cors, Protection, RuntimeGuard, RuntimeOptions, StreamingAgentApi

from ..conftest import Refused
from ..templates import only, resources

RUNTIME = "AWS::BedrockAgentCore::Runtime"


def test_every_option_reaches_the_runtime(stack: Stack, agent: AgentSource) -> None:
    options = RuntimeOptions(
        runtime_name="support_agent",
        description="answers support questions",
        environment_variables={"MODEL_ID": "eu.amazon.nova-lite-v1:0"},
        network_configuration=agentcore.RuntimeNetworkConfiguration.using_vpc(
            stack, vpc=ec2.Vpc(stack, "Vpc", max_azs=2)
        ),
        lifecycle_configuration=agentcore.LifecycleConfiguration(
            idle_runtime_session_timeout=Duration.minutes(5), max_lifetime=Duration.hours(1)
        ),
        header_allow_list=["X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant"],
        tags={"team": "support"},
    )
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=options)
    runtime = only(stack, RUNTIME)
    assert runtime["AgentRuntimeName"] == "support_agent"
    assert runtime["Description"] == "answers support questions"
    assert runtime["EnvironmentVariables"] == {"MODEL_ID": "eu.amazon.nova-lite-v1:0"}
    assert runtime["NetworkConfiguration"]["NetworkMode"] == "VPC"
    assert runtime["LifecycleConfiguration"] == {"IdleRuntimeSessionTimeout": 300, "MaxLifetime": 3600}
    assert runtime["RequestHeaderConfiguration"] == {
        "RequestHeaderAllowlist": ["X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant"]
    }
    assert runtime["Tags"] == {"team": "support"}


def test_the_runtime_waits_for_the_policies_of_its_role(stack: Stack, agent: AgentSource) -> None:
    """AgentCore fetches the code with the role when the runtime is created."""
    StreamingAgentApi(stack, "Agent", agent=agent)
    runtime = next(iter(resources(stack, RUNTIME).values()))
    assert set(resources(stack, "AWS::IAM::Policy")) <= set(runtime["DependsOn"])


def test_a_role_of_yours_is_waited_for_too(stack: Stack, agent: AgentSource) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock-agentcore.amazonaws.com"))
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(execution_role=role))
    runtime = next(iter(resources(stack, RUNTIME).values()))
    assert set(resources(stack, "AWS::IAM::Policy")) <= set(runtime["DependsOn"])
    assert runtime["Properties"]["RoleArn"] == {"Fn::GetAtt": ["Role1ABCC5F0", "Arn"]}
    assert not any("ExecutionRole" in name for name in resources(stack, "AWS::IAM::Role"))


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"runtime_name": ""}, "SAC020", "got ''"),
        ({"runtime_name": "my-agent"}, "SAC020", "letters, digits and underscores, got 'my-agent'"),
        ({"runtime_name": "a" * 49}, "SAC020", "up to 47"),
        ({"runtime_name": "1agent"}, "SAC020", "a letter followed by"),
        ({"environment_variables": {f"V{i}": "" for i in range(51)}}, "SAC021", "at most 50, got 51"),
        ({"environment_variables": {"MY-KEY": ""}}, "SAC022", "got 'MY-KEY'"),
        ({"header_allow_list": [f"X-{i}" for i in range(21)]}, "SAC023", "at most 20 headers, got 21"),
        ({"header_allow_list": ["X-Amzn-Trace-Id"]}, "SAC024", "'X-Amzn-Trace-Id'"),
        ({"header_allow_list": ["Origin"]}, "SAC024", "Runtime-Custom-Origin"),
        ({"header_allow_list": ["user-agent"]}, "SAC024", "passes on, got 'user-agent'"),
        ({"environment_variables": {"A": "x" * 2049}}, "SAC142", "2048 characters in 'A', got 2049"),
        ({"description": "x" * 1201}, "SAC140", "1200 characters, got 1201"),
        ({"tags": {"aws:team": "blue"}}, "SAC141", "got 'aws:team'"),
        ({"tags": {"": "blue"}}, "SAC141", "got ''"),
        ({"tags": {"team": "blau/grün"}}, "SAC141", "as the value of 'team'"),
        ({"qualifier": "a'b"}, "SAC143", "leave it out for 'DEFAULT'"),
        ({"header_allow_list": ["X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"]}, "SAC024", "leave it out"),
        ({"header_allow_list": ["X Tenant"]}, "SAC026", "got 'X Tenant'"),
        ({"header_allow_list": [""]}, "SAC026", "got ''"),
        ({"header_allow_list": ["x-amz-date"]}, "SAC024", "Runtime-Custom-x-amz-date"),
    ],
)
def test_options_that_agentcore_would_refuse(
    stack: Stack, agent: AgentSource, options: dict[str, Any], code: str, words: str, refused: Refused
) -> None:
    with refused(code, words):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(**options))


def test_a_session_that_may_be_idle_for_longer_than_it_lives_is_refused(
    stack: Stack, agent: AgentSource, refused: Refused
) -> None:
    lifecycle = agentcore.LifecycleConfiguration(
        idle_runtime_session_timeout=Duration.minutes(20), max_lifetime=Duration.minutes(10)
    )
    with refused("SAC029", "expected an idle timeout of at most the lifetime, 10 minutes, got 20 minutes; shorten"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(lifecycle_configuration=lifecycle))


def test_a_session_may_be_idle_for_as_long_as_it_lives(stack: Stack, agent: AgentSource) -> None:
    lifecycle = agentcore.LifecycleConfiguration(
        idle_runtime_session_timeout=Duration.seconds(600), max_lifetime=Duration.minutes(10)
    )
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(lifecycle_configuration=lifecycle))
    assert only(stack, RUNTIME)["LifecycleConfiguration"] == {"IdleRuntimeSessionTimeout": 600, "MaxLifetime": 600}


@pytest.mark.parametrize("wrong", [Duration.seconds(59), Duration.hours(9), Duration.millis(60_500)])
@pytest.mark.parametrize("name", ["idle_runtime_session_timeout", "max_lifetime"])
def test_a_session_that_agentcore_would_not_keep_is_refused(
    stack: Stack, agent: AgentSource, name: str, wrong: Duration, refused: Refused
) -> None:
    lifecycle = agentcore.LifecycleConfiguration(**{name: wrong})  # type: ignore[arg-type]
    with refused("SAC029", f"{name}: expected whole seconds", f"got {wrong.to_human_string()}"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(lifecycle_configuration=lifecycle))


def test_what_the_construct_adds_counts_among_the_variables(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    options = RuntimeOptions(environment_variables={f"V{number}": "" for number in range(50)})
    with refused("SAC021", "at most 50, got 51"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=options, cors=Cors(allow_origins=["https://a.example"]))


def test_a_name_known_at_deployment_alone_is_not_judged(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(runtime_name=f"agent_{Aws.REGION}"))
    assert "AWS::Region" in str(only(stack, RUNTIME)["AgentRuntimeName"])


def test_the_agent_learns_the_origins_that_it_answers(stack: Stack, agent: AgentSource) -> None:
    """API Gateway cannot add CORS headers to a streamed answer: the agent has to."""
    cors = Cors(allow_origins=["https://a.example", "https://b.example"])
    options = RuntimeOptions(environment_variables={"A": "1"}, header_allow_list=["Authorization"])
    StreamingAgentApi(stack, "Agent", agent=agent, cors=cors, runtime=options)
    runtime = only(stack, RUNTIME)
    assert runtime["EnvironmentVariables"] == {"CORS_ALLOW_ORIGINS": "https://a.example,https://b.example", "A": "1"}
    assert runtime["RequestHeaderConfiguration"]["RequestHeaderAllowlist"] == [
        "Authorization",
        "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin",
    ]


def test_a_header_that_is_named_twice_in_different_case_is_passed_on_once(stack: Stack, agent: AgentSource) -> None:
    origin = "x-amzn-bedrock-agentcore-runtime-custom-origin"
    options = RuntimeOptions(header_allow_list=["Authorization", "authorization", origin])
    StreamingAgentApi(stack, "Agent", agent=agent, cors=Cors(allow_origins=["https://a.example"]), runtime=options)
    assert only(stack, RUNTIME)["RequestHeaderConfiguration"]["RequestHeaderAllowlist"] == ["Authorization", origin]


def test_the_platform_version_is_passed_on(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(platform_version="V2"))
    assert only(stack, RUNTIME)["PlatformVersion"] == "V2"
    with refused("SAC176", "expected 'V1' or 'V2', got '2'"):
        StreamingAgentApi(stack, "Other", agent=agent, runtime=RuntimeOptions(platform_version="2"))


def test_the_headers_that_the_construct_adds_are_said(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    headers = [f"X-Field-{number}" for number in range(20)]
    with refused("SAC023", "at most 19 headers, because cors and a shared secret take 1 of AgentCore's 20, got 20"):
        StreamingAgentApi(
            stack,
            "Agent",
            agent=agent,
            cors=Cors(allow_origins=["https://chat.example.com"]),
            runtime=RuntimeOptions(header_allow_list=headers),
        )


def test_a_page_may_send_what_the_runtime_passes_on(stack: Stack, agent: AgentSource) -> None:
    custom = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant"
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        cors=Cors(allow_origins=["https://chat.example.com"]),
        runtime=RuntimeOptions(header_allow_list=[custom, "X-Tenant"]),
    )
    (preflight,) = [
        method["Properties"]
        for method in resources(stack, "AWS::ApiGateway::Method").values()
        if method["Properties"]["HttpMethod"] == "OPTIONS"
    ]
    (response,) = preflight["Integration"]["IntegrationResponses"]
    allowed = response["ResponseParameters"]["method.response.header.Access-Control-Allow-Headers"]
    assert custom in allowed
    assert "X-Tenant" in allowed


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"aws:owner": "chat"}, "do not begin with 'aws:', got 'aws:owner'"),
        ({"cost center": "42#agents & co"}, "as the value of 'cost center'"),
        ({f"key-{number}": "value" for number in range(51)}, "expected at most 50"),
    ],
)
def test_a_tag_is_checked_wherever_it_comes_from(
    stack: Stack, agent: AgentSource, refused: Refused, tags: dict[str, str], words: str
) -> None:
    with refused("SAC141", words):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=RuntimeOptions(tags=tags))

    app = App(context={"aws:cdk:bundling-stacks": []})
    tagged = Stack(app, "Tagged")
    StreamingAgentApi(tagged, "Agent", agent=agent)
    for key, value in tags.items():
        Tags.of(app).add(key, value)
    with pytest.raises(RuntimeError, match="SAC141") as caught:
        app.synth()
    assert words in str(caught.value)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-east-1", "me-south-1"])
def test_a_region_without_agentcore_is_refused(app: App, agent: AgentSource, refused: Refused, region: str) -> None:
    stack = Stack(app, "Elsewhere", env=Environment(account="111122223333", region=region))
    with refused("SAC175", f"the stack's Region {region} has no AgentCore Runtime"):
        StreamingAgentApi(stack, "Agent", agent=agent)


def test_what_the_construct_sets_has_one_value(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    options = RuntimeOptions(environment_variables={"CORS_ALLOW_ORIGINS": "https://b.example"})
    with refused("SAC171", "expected no CORS_ALLOW_ORIGINS beside cors, which sets it, got 'https://b.example'"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=options, cors=Cors(allow_origins=["https://a.example"]))


def test_the_gateways_secret_is_one(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    options = RuntimeOptions(environment_variables={"GATEWAY_SECRET_ARN": "mine"})
    protection = Protection(runtime_guard=RuntimeGuard.shared_secret())
    with refused("SAC171", "beside RuntimeGuard.shared_secret, which sets it, got 'mine'"):
        StreamingAgentApi(stack, "Agent", agent=agent, runtime=options, protection=protection)
