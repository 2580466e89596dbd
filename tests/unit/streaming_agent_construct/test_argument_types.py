"""An argument of another type: Python lets it through, so the native package says what to write instead."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack, Stage, Token
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from constructs import Construct

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    AlarmThresholds,
    ApiKeys,
    Cors,
    CustomDomain,
    Firewall,
    Protection,
    RequiredClaim,
    RuntimeOptions,
    StreamingAgentApi,
    Throttle,
)

from .conftest import Refused, agent_folder
from .templates import only, resources

pytestmark = pytest.mark.native_only
Build = Callable[[Stack, AgentSource], object]


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda stack, _: StreamingAgentApi(stack, "A", agent="agent"), "AgentSource.from_directory(...)"),
        (lambda stack, _: StreamingAgentApi(stack, 5, agent=None), "id of StreamingAgentApi takes a str, got 5"),
        (lambda _, a: StreamingAgentApi(App(), "A", agent=a), "got an App: write Stack(app, 'Chat')"),
        (lambda _, a: StreamingAgentApi(Stage(App(), "Beta"), "A", agent=a), "got a Stage: write Stack(app, 'Chat')"),
        (
            lambda _, a: StreamingAgentApi(Construct(App(), "X"), "A", agent=a),
            "got a Construct: write Stack(app, 'Chat')",
        ),
        (lambda stack, a: StreamingAgentApi(stack, "A", agent=a, auth="cognito"), "write AgentAuth.cognito(...)"),
        (lambda stack, a: StreamingAgentApi(stack, "A", agent=a, timeout=60), "got 60 of type int: write Duration"),
        (lambda stack, a: StreamingAgentApi(stack, "A", agent=a, session="CLIENT"), "or SessionBinding.PER_REQUEST"),
        (lambda stack, a: StreamingAgentApi(stack, "A", agent=a, cors=["*"]), "write Cors(...), with allow_origins"),
        (lambda stack, a: StreamingAgentApi(stack, "A", agent=a, runtime={"x": 1}), "takes a RuntimeOptions"),
        (lambda stack, a: StreamingAgentApi(stack, "A", agent=a, endpoint="edge"), "ApiEndpoint.private_api(...)"),
        (lambda *_: Cors(allow_origins="https://a.example"), "a list of str, got 'https://a.example' of type str"),
        (lambda *_: Cors(allow_origins="https://a.example"), "write ['https://a.example']"),
        (lambda *_: Cors(allow_origins=[1]), "each of its elements is a str"),
        (lambda *_: Throttle(rate_limit="50"), "takes a number, got '50' of type str: write it without quotes"),
        (lambda *_: Throttle(rate_limit=True), "write a number"),
        (lambda *_: RuntimeOptions(environment_variables={"RETRIES": 3}), "each value a str"),
        (lambda *_: RuntimeOptions(environment_variables=[("A", "1")]), "takes a dict of str"),
        (lambda *_: Protection(throttle=50), "throttle of Protection takes a Throttle"),
        (lambda *_: ApiKeys(clients="web"), "write ['web']"),
        (lambda *_: RequiredClaim.string_equals("vip", True), "such as a boolean claim, equals no text"),
        (lambda *_: AgentSource.from_directory(b"agent"), "write it as a str"),
        (lambda *_: AgentSource.from_directory(5), "path of AgentSource.from_directory takes a str"),
        (lambda *_: AgentAuth.cognito(groups="admins"), "groups of AgentAuth.cognito takes a list of str"),
        (lambda *_: AgentAuth.user_pool("eu-west-1_abc", []), "user_pool of AgentAuth.user_pool takes an IUserPool"),
        (lambda *_: CustomDomain(domain_name="a.example", certificate="arn:aws:acm:..."), "such as Certificate.from_"),
    ],
)
def test_a_wrong_type_is_named_and_the_right_one_shown(
    stack: Stack, agent: AgentSource, refused: Refused, build: Build, words: str
) -> None:
    with refused("SAC144", words):
        build(stack, agent)


def test_a_construct_in_a_stack_holds_an_api(stack: Stack, agent: AgentSource) -> None:
    StreamingAgentApi(Construct(Construct(stack, "Team"), "Chat"), "Agent", agent=agent)


def test_a_method_of_the_api_checks_as_its_constructor_does(stack: Stack, agent: AgentSource, refused: Refused) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC144", "timeout of StreamingAgentApi.add_agent takes a Duration", "got 30 of type int"):
        api.add_agent("billing", agent=agent, timeout=30)
    api.add_agent("billing", agent=agent, timeout=Duration.seconds(30))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda api, a: api.add_agent("billing", a), "StreamingAgentApi.add_agent takes agent by its name"),
        (lambda api, a: StreamingAgentApi(api.node.scope, "B", a), "without one: write agent=..."),
        (lambda *_: ApiKeys(["web"]), "ApiKeys takes clients by its name, got ['web'] of type list"),
        (lambda *_: AgentSource.from_directory("agent", "main.py"), "write entrypoint=..."),
    ],
)
def test_what_has_no_name_is_told_the_one_to_write(
    stack: Stack, agent: AgentSource, refused: Refused, build: Callable[[Any, AgentSource], object], words: str
) -> None:
    api = StreamingAgentApi(stack, "Agent", agent=agent)
    with refused("SAC144", words):
        build(api, agent)


def test_what_is_missing_or_unknown_is_pythons_to_say(stack: Stack) -> None:
    with pytest.raises(TypeError, match="agent"):
        StreamingAgentApi(stack, "Agent")
    with pytest.raises(TypeError, match="allowed_origins"):
        Cors(allowed_origins=["*"])


def test_values_that_only_the_deployment_knows_fit(stack: Stack, agent: AgentSource) -> None:
    text = Token.as_string({"Ref": "Table"})
    limit = Token.as_number({"Ref": "Limit"})
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        protection=Protection(throttle=Throttle(rate_limit=limit)),
        runtime=RuntimeOptions(environment_variables={"TABLE": text}),
    )
    Template.from_stack(stack)


def test_imported_resources_and_the_cdks_own_structs_fit(stack: Stack, agent: AgentSource) -> None:
    pool = cognito.UserPool.from_user_pool_id(stack, "Pool", "eu-west-1_abcdefghi")
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", "1example23456789")
    keys = ApiKeys(clients=["web"], quota=apigateway.QuotaSettings(limit=10, period=apigateway.Period.DAY))
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        auth=AgentAuth.user_pool(pool, [client]),
        protection=Protection(api_keys=keys),
    )


DAILY = {"limit": 10, "period": apigateway.Period.DAY}
NAN = float("nan")


def test_a_dict_of_the_cdks_own_options_is_as_good_as_their_struct(stack: Stack, agent: AgentSource) -> None:
    quota: Any = DAILY
    hour: Any = {"max_lifetime": Duration.hours(1)}
    bucket: Any = {"destination": agentcore.LoggingDestination.s3(s3.Bucket(stack, "Logs"))}
    traffic: Any = [{**bucket, "log_type": agentcore.LogType.APPLICATION_LOGS}]
    StreamingAgentApi(
        stack,
        "Agent",
        agent=agent,
        protection=Protection(api_keys=ApiKeys(clients=["web"], quota=quota)),
        runtime=RuntimeOptions(lifecycle_configuration=hour, logs=traffic),
    )
    assert only(stack, "AWS::ApiGateway::UsagePlan")["Quota"] == {"Limit": 10, "Period": "DAY"}
    assert only(stack, "AWS::BedrockAgentCore::Runtime")["LifecycleConfiguration"] == {"MaxLifetime": 3600}
    assert len(resources(stack, "AWS::Logs::Delivery")) == 1


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: ApiKeys(quota={"limt": 10}),
            "it has no 'limt', so write QuotaSettings(...), with limit, offset, period",
        ),
        (
            lambda: ApiKeys(quota={"limit": 10, "period": "DAY"}),
            "takes a QuotaSettings, got {'limit': 10, 'period': 'DAY'}",
        ),
        (lambda: ApiKeys(quota={1: 10}), "it has no 1, so write QuotaSettings(...)"),
        (
            lambda: RuntimeOptions(lifecycle_configuration={"idle": 1}),
            "it has no 'idle', so write LifecycleConfiguration",
        ),
        (
            lambda: RuntimeOptions(logs=[{"type": 1}]),
            "each of its elements is a LoggingConfig, it has no 'type', so write",
        ),
        (lambda: RuntimeOptions(logs={"type": 1}), "logs of RuntimeOptions takes a list of LoggingConfig"),
        (lambda: AgentAuth.cognito(auth_flows={"srp": True}), "it has no 'srp', so write AuthFlow(...)"),
    ],
)
def test_a_dict_with_another_key_is_refused(refused: Refused, build: Callable[[], object], words: str) -> None:
    with refused("SAC144", words):
        build()


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Throttle(rate_limit=NAN), "rate_limit of Throttle takes finite numbers only, got nan"),
        (lambda: Throttle(burst_limit=float("inf")), "got inf of type float"),
        (lambda: Throttle(rate_limit=10**400), "got 1000000"),
        (lambda: AlarmThresholds(server_error_percent=-float("inf")), "got -inf of type float"),
        (
            lambda: Firewall.managed(requests_per_ip=NAN),
            "requests_per_ip of Firewall.managed takes finite numbers only",
        ),
        (lambda: ApiKeys(quota=apigateway.QuotaSettings(limit=NAN)), "quota of ApiKeys takes finite numbers only"),
        (
            lambda: ApiKeys(quota={"limit": NAN, "period": apigateway.Period.DAY}),
            "quota of ApiKeys takes finite numbers",
        ),
    ],
)
def test_a_number_without_an_end_is_refused_before_it_stops_jsiis_kernel(
    stack: Stack, refused: Refused, build: Callable[[], object], words: str
) -> None:
    with refused("SAC144", words):
        build()
    assert stack.resolve({"the kernel": "answers"}) == {"the kernel": "answers"}


def test_a_path_is_as_good_as_its_text(tmp_path: Path) -> None:
    folder: Any = agent_folder(tmp_path)
    AgentSource.from_directory(folder)


def test_signatures_and_docstrings_are_those_that_were_written() -> None:
    parameters = inspect.signature(StreamingAgentApi.__init__).parameters
    assert [*parameters][:4] == ["self", "scope", "id", "agent"]
    assert parameters["agent"].kind is inspect.Parameter.KEYWORD_ONLY
    assert "where the agent" in str(inspect.getdoc(AgentSource)).lower()
