"""The examples, deployed by CloudFormation to a mock of AWS that nobody here wrote, answer as the local run does.

Both read the same templates, and the same agent stands behind both. Each caller is refused, or let in, in the same
words by both; where they differ, `DIFFERS` has what each says and the page that says what AWS does.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.functional.streaming_agent.local.calls import Answer
from tests.functional.streaming_agent.local.stub_agent import stub_agent

from .deployments import PATHS, Deployment, local_deployments, ministack_deployments, template_of
from .ministack import UNKNOWN_TYPES, MiniStack, ministack

Caller = Callable[[Deployment], Answer]

WITHOUT_A_TOKEN: dict[str, Caller] = {
    "no token": lambda api: api.ask(),
    "an empty header": lambda api: api.ask(""),
    "Bearer and nothing": lambda api: api.ask("Bearer "),
    "a path that is not there": lambda api: api.ask(path="nowhere"),
    "a path below the method": lambda api: api.ask(path=f"{api.path}/more"),
    "the stage alone": lambda api: api.ask(path=""),
    "GET": lambda api: api.ask(method="GET"),
    "DELETE": lambda api: api.ask(method="DELETE"),
    "a browser's preflight": lambda api: api.ask(method="OPTIONS"),
    "a stage that is not there": lambda api: api.ask(stage="staging"),
    "the stage in capitals": lambda api: api.ask(stage="PROD"),
}
WITH_A_TOKEN: dict[str, Caller] = {
    "the token": lambda api: api.ask(f"Bearer {api.good}"),
    "the token without Bearer": lambda api: api.ask(api.good),
    "the token at a path that is not there": lambda api: api.ask(f"Bearer {api.good}", path="nowhere"),
    "the token at a stage that is not there": lambda api: api.ask(f"Bearer {api.good}", stage="staging"),
    "another pool's token": lambda api: api.ask(f"Bearer {api.strangers}"),
    "changed claims": lambda api: api.ask(f"Bearer {api.tampered}"),
    "the signature taken off": lambda api: api.ask(f"Bearer {api.unsigned}"),
    "a word": lambda api: api.ask("Bearer undefined"),
    "a password": lambda api: api.ask("Basic dXNlcjpwYXNzd29yZA=="),
}
WITH_AN_ACCESS_TOKEN: dict[str, Caller] = {
    "an access token for an ID token": lambda api: api.ask(f"Bearer {api.other}"),
}
WITH_AN_API_KEY: dict[str, Caller] = {
    "the token and no key": lambda api: api.with_key(None).ask(f"Bearer {api.good}"),
    "the token and a guessed key": lambda api: api.with_key("guessed").ask(f"Bearer {api.good}"),
    "no token and no key": lambda api: api.with_key(None).ask(),
    "no token and a guessed key": lambda api: api.with_key("guessed").ask(),
}
CALLERS = WITHOUT_A_TOKEN | WITH_A_TOKEN | WITH_AN_ACCESS_TOKEN | WITH_AN_API_KEY


def callers_of(deployment: str) -> Mapping[str, Caller]:
    match deployment:
        case "oidc_provider":  # its tokens come from a provider elsewhere, and a function checks them
            return WITHOUT_A_TOKEN
        case "machine_to_machine":  # machines have no ID token
            return WITHOUT_A_TOKEN | WITH_A_TOKEN
        case "production":
            return CALLERS
        case _:
            return WITHOUT_A_TOKEN | WITH_A_TOKEN | WITH_AN_ACCESS_TOKEN


@dataclass(frozen=True)
class Difference:
    """Status and error type on either side, and why MiniStack's are not AWS's."""

    ours: tuple[int, str | None]
    ministacks: tuple[int, str | None]
    reason: str


DIFFERS = {
    "an access token for an ID token": Difference(
        (401, "UnauthorizedException"),
        (200, None),
        "MiniStack takes both; where a method has no scopes, API Gateway treats the token as an ID token:"
        " docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html",
    ),
    "the token without Bearer": Difference(
        (401, "UnauthorizedException"),
        (200, None),
        "both gateways pass it on; MiniStack has no AgentCore Runtime behind its own, which asks for a Bearer token:"
        " docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-oauth.html",
    ),
    "the token and no key": Difference(
        (403, "ForbiddenException"),
        (403, None),
        "the same status and body; MiniStack leaves out the error type that API Gateway names:"
        " repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden",
    ),
    "the token and a guessed key": Difference(
        (403, "ForbiddenException"),
        (403, None),
        "as without a key: repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden",
    ),
}
CASES = [(deployment, caller) for deployment in PATHS for caller in callers_of(deployment)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    with ministack(tmp_path_factory.mktemp("ministack")) as running:
        yield running


@pytest.fixture(scope="module")
def agent() -> Iterator[str]:
    with stub_agent() as stub:
        yield stub.origin


@pytest.fixture(scope="module")
def theirs(server: MiniStack, agent: str) -> dict[str, Deployment]:
    return ministack_deployments(server, agent)


@pytest.fixture(scope="module")
def ours(agent: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Deployment]]:
    with local_deployments(agent, tmp_path_factory.mktemp("assemblies")) as deployments:
        yield deployments


def words(answer: Answer) -> dict[str, Any]:
    """What a caller can tell answers apart by; an answer without a body has no type that means anything."""
    headers = ["x-amzn-errortype", "access-control-allow-origin", *(["content-type"] if answer.body else [])]
    return {"status": answer.status, "body": answer.body, **{name: answer.headers.get(name) for name in headers}}


@pytest.mark.parametrize(("deployment", "caller"), [case for case in CASES if case[1] not in DIFFERS])
def test_a_caller_gets_the_same_words_from_both(
    ours: dict[str, Deployment], theirs: dict[str, Deployment], deployment: str, caller: str
) -> None:
    assert words(CALLERS[caller](ours[deployment])) == words(CALLERS[caller](theirs[deployment]))


@pytest.mark.parametrize(("deployment", "caller"), [case for case in CASES if case[1] in DIFFERS])
def test_where_ministack_is_not_as_aws_the_local_run_is(
    ours: dict[str, Deployment], theirs: dict[str, Deployment], deployment: str, caller: str
) -> None:
    expected = DIFFERS[caller]
    answers = [CALLERS[caller](deployments[deployment]) for deployments in (ours, theirs)]

    statuses = [(answer.status, answer.headers.get("x-amzn-errortype")) for answer in answers]
    assert statuses == [expected.ours, expected.ministacks], expected.reason
    if expected.ours[0] == expected.ministacks[0]:
        assert answers[0].body == answers[1].body


@pytest.mark.parametrize("deployment", [deployment for deployment in PATHS if "the token" in callers_of(deployment)])
def test_the_agents_answer_comes_through_whole(theirs: dict[str, Deployment], deployment: str) -> None:
    events = CALLERS["the token"](theirs[deployment]).body.decode().split("\n\n")

    assert [json.loads(line[6:])["number"] for line in events if line.startswith("data: ")] == [0, 1, 2]


def test_nothing_is_stripped_that_ministack_knows(server: MiniStack) -> None:
    resources = {name.replace("::", ""): {"Type": name, "Properties": {}} for name in UNKNOWN_TYPES}

    with pytest.raises(ClientError) as refused:
        server.deploy("stripped", json.dumps({"Resources": resources}))

    assert str(refused.value).endswith(f"Unrecognized resource types: [{', '.join(sorted(UNKNOWN_TYPES))}]")


def test_alarms_on_metric_math_are_stripped_because_ministack_refuses_them(server: MiniStack) -> None:
    alarm = template_of("hello_agent")["Resources"]["AgentSlowAnswersAlarm840BED30"]
    alarm["Properties"]["Metrics"][0]["MetricStat"]["Metric"]["Dimensions"] = []

    with pytest.raises(AssertionError, match="metric math"):
        server.deploy("alarm", json.dumps({"Resources": {"Alarm": alarm}}))
