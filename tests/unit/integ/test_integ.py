"""The suite for an AWS account, as far as it goes without one: its plan, its order, its cleanup, what it asks."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from integ import __main__ as command
from integ.assertions import ASSERTIONS
from integ.caller import Caller
from integ.cdk import VERSION
from integ.deployment import Answer, Deployment
from integ.lines import LINES, Line, Step, chosen
from integ.narrow_bootstrap import narrow_bootstrap, policy_for
from integ.plan import budget, plan
from integ.runner import run_line, write_results

REGIONS = {"first": "us-east-1", "second": "us-west-2", "third": "eu-south-2"}
RUNTIME = "AWS::BedrockAgentCore::Runtime"


class FakeCdk:
    """The CDK CLI of one line: what it was told, and what it answers."""

    def __init__(self, failing: set[str] = frozenset(), stays: bool = False) -> None:  # type: ignore[assignment]
        self.failing = failing
        self.stays = stays
        self.calls: list[str] = []

    def __call__(self, line: Line, region: str, folder: Path) -> "FakeCdk":
        self.outputs = folder / "outputs.json"
        self.stack = line.stack
        self.region = region
        return self

    def deploy(self, step: Step) -> bool:
        self.calls.append(f"deploy {step.name}")
        outputs = {self.stack: {"AgentInvocationsUrl0123ABCD": "https://api.example.com/prod/invocations"}}
        self.outputs.write_text(json.dumps(outputs), encoding="utf-8")
        return step.name not in self.failing

    def destroy(self, step: Step) -> bool:
        self.calls.append("destroy")
        return not self.stays


class FakeAws:
    """boto3 clients by service, each a namespace of functions."""

    def __init__(self, **services: Any) -> None:
        self._services = services

    def __call__(self, service: str, region: str) -> Any:
        return self._services[service.replace("-", "_")]


def deployment(tmp_path: Path, answers: Callable[..., Answer] | None = None, **services: Any) -> Deployment:
    resources = [
        {"LogicalResourceId": "AgentRuntime", "PhysicalResourceId": "agent-0123456789", "ResourceType": RUNTIME},
        {"LogicalResourceId": "AgentApi", "PhysicalResourceId": "api", "ResourceType": "AWS::ApiGateway::RestApi"},
        {
            "LogicalResourceId": "AgentServerErrorsAlarm",
            "PhysicalResourceId": "alarm",
            "ResourceType": "AWS::CloudWatch::Alarm",
        },
    ]
    exists = type("UsernameExistsException", (Exception,), {})
    cognito = SimpleNamespace(
        admin_create_user=lambda **_: None,
        admin_set_user_password=lambda **_: None,
        exceptions=SimpleNamespace(UsernameExistsException=exists),
    )
    known = {
        "cloudformation": SimpleNamespace(describe_stack_resources=lambda **_: {"StackResources": resources}),
        "cognito_idp": cognito,
        "sts": SimpleNamespace(get_caller_identity=lambda: {"Account": "111122223333"}),
    }
    report = {"passed": True, "checks": [{"name": "streams", "verdict": "passed", "found": "8 chunks"}]}
    outputs = {"AgentInvocationsUrl0123ABCD": "https://api.example.com/", "AgentUserPoolId0123ABCD": "us-east-1_pool"}
    return Deployment(
        stack="Stack",
        region="us-east-1",
        outputs=outputs,
        outputs_file=tmp_path / "outputs.json",
        aws=FakeAws(**{**known, **services}),
        ask=answers or (lambda *_, **__: Answer(200, b"", 1)),
        run=lambda command: json.dumps(report) if "verify" in command else "token\n",
        sleep=lambda seconds: None,
    )


def test_the_plan_says_every_line_and_its_price(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["plan"]) == 0
    printed = capsys.readouterr().out
    lines = [line for line in printed.splitlines() if line.startswith("D")]
    assert [line.split()[0] for line in lines] == [f"D{number}" for number in range(1, 15)]
    assert all("$" in line and "min" in line for line in lines)
    assert f"{budget(LINES):.2f} dollars" in printed


def test_a_part_of_the_lines() -> None:
    assert [line.id for line in chosen(["d2", "D14"])] == ["D2", "D14"]
    assert "eu-south-2" in plan(chosen(["D14"]), REGIONS)
    with pytest.raises(SystemExit, match="no line D15: expected D1"):
        chosen(["D15"])


def test_every_line_is_asked_something() -> None:
    assert set(ASSERTIONS) == {line.id for line in LINES}


def test_nothing_is_deployed_without_a_yes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    identity = SimpleNamespace(get_caller_identity=lambda: {"Account": "111122223333"})
    monkeypatch.setattr(command, "client", lambda service, region: identity)
    monkeypatch.setattr(command, "run_line", lambda *_: pytest.fail("a line ran"))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    assert command.main(["run", "D1"]) == 1
    assert "pass --yes" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert command.main(["run", "D1"]) == 1


def test_a_line_deploys_asks_and_deletes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ASSERTIONS, "D2", lambda deployment: {"region": deployment.region})
    cdk = FakeCdk()
    result = run_line(chosen(["D2"])[0], REGIONS, tmp_path, FakeAws(), cdk)
    assert (result.passed, result.problems) == (True, [])
    assert result.seen == {"deploy in us-east-1": {"region": "us-east-1"}}
    assert cdk.calls == ["deploy deploy", "destroy"]


def _refuses(_: Deployment) -> dict[str, Any]:
    raise AssertionError("a token opens a shell")


def _breaks(_: Deployment) -> dict[str, Any]:
    raise KeyError("a bug of the suite's own")


@pytest.mark.parametrize(("assertion", "said"), [(_refuses, "a token opens a shell"), (_breaks, "KeyError")])
def test_what_was_deployed_is_deleted_after_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assertion: Callable[[Deployment], dict[str, Any]], said: str
) -> None:
    monkeypatch.setitem(ASSERTIONS, "D2", assertion)
    cdk = FakeCdk()
    result = run_line(chosen(["D2"])[0], REGIONS, tmp_path, FakeAws(), cdk)
    assert not result.passed
    assert said in result.problems[0]
    assert cdk.calls[-1] == "destroy"


def test_a_deployment_that_fails_is_deleted_and_said(tmp_path: Path) -> None:
    cdk = FakeCdk(failing={"deploy"})
    result = run_line(chosen(["D2"])[0], REGIONS, tmp_path, FakeAws(), cdk)
    assert result.problems == ["deploy: the deployment failed"]
    assert cdk.calls == ["deploy deploy", "destroy"]


def test_a_step_that_must_fail_is_a_failure_when_it_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ASSERTIONS, "D7", lambda deployment: {})
    line = chosen(["D7"])[0]
    assert run_line(line, REGIONS, tmp_path, FakeAws(), FakeCdk(), _quick).problems == [
        "fails-late: the deployment succeeded"
    ]
    assert run_line(line, REGIONS, tmp_path, FakeAws(), FakeCdk(failing={"fails-late"}), _quick).passed


def _quick(**given: Any) -> Deployment:
    return Deployment(**given, ask=lambda *_, **__: Answer(403, b"", 0.1))


def test_a_stack_that_stays_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ASSERTIONS, "D2", lambda deployment: {})
    result = run_line(chosen(["D2"])[0], REGIONS, tmp_path, FakeAws(), FakeCdk(stays=True))
    assert (result.passed, result.left_behind) == (False, ["StreamingAgentIntegD2 in us-east-1"])


def test_results_say_when_where_and_with_which_versions(tmp_path: Path) -> None:
    result = run_line(chosen(["D2"])[0], REGIONS, tmp_path, FakeAws(), FakeCdk(failing={"deploy"}))
    written = json.loads(write_results([result], {"python": "3.11"}, tmp_path / "results").read_text())
    assert written["versions"] == {"aws-cdk": VERSION, "python": "3.11"}
    assert written["lines"][0]["regions"] == ["us-east-1"]
    assert written["date"].endswith("+00:00")


def test_the_account_must_have_a_role(tmp_path: Path) -> None:
    iam = SimpleNamespace(get_role=lambda RoleName: {"Role": {}})
    role = "arn:aws:iam::111122223333:role/logs"
    given = deployment(tmp_path, apigateway=SimpleNamespace(get_account=lambda: {"cloudwatchRoleArn": role}), iam=iam)
    assert ASSERTIONS["D1"](given)["role"] == role
    with pytest.raises(AssertionError, match="no role for API Gateway's logs"):
        ASSERTIONS["D1"](deployment(tmp_path, apigateway=SimpleNamespace(get_account=dict), iam=iam))


def test_a_token_may_invoke_and_nothing_else(tmp_path: Path) -> None:
    def closed(method: str, url: str, headers: dict[str, str], body: bytes | None = None, **_: Any) -> Answer:
        assert headers["Authorization"] == "Bearer token"
        assert "accountId=111122223333" in url
        return Answer(200 if "/invocations" in url else 403, b"", 1)

    assert ASSERTIONS["D2"](deployment(tmp_path, closed))["shells"] == 403
    with pytest.raises(AssertionError, match="not refused with 403"):
        ASSERTIONS["D2"](deployment(tmp_path, lambda *_, **__: Answer(200, b"", 1)))
    with pytest.raises(AssertionError, match="does not invoke the agent"):
        ASSERTIONS["D2"](deployment(tmp_path, lambda *_, **__: Answer(403, b"", 1)))


@pytest.mark.parametrize(("quoted", "counted"), [(True, True), (False, True), (False, False)])
def test_late_answers_must_be_counted_and_quoted_values_need_not(tmp_path: Path, quoted: bool, counted: bool) -> None:
    def statistics(MetricName: str, **_: Any) -> dict[str, Any]:
        found = quoted if MetricName == "TimeToFirstContent" else counted
        return {"Datapoints": [{"Average": 0.0}] if found else []}

    given = deployment(tmp_path, cloudwatch=SimpleNamespace(get_metric_statistics=statistics))
    if not counted:
        with pytest.raises(AssertionError, match="would never ring"):
            ASSERTIONS["D4"](given)
    else:
        assert ASSERTIONS["D4"](given)["quoted values are numbers"] is quoted


@pytest.mark.parametrize(
    ("summary", "told"), [("Successfully executed action arn:…", True), ("Failed to execute action arn:…", False)]
)
def test_the_topic_must_be_told(tmp_path: Path, summary: str, told: bool) -> None:
    cloudwatch = SimpleNamespace(
        set_alarm_state=lambda **_: None,
        describe_alarm_history=lambda **_: {"AlarmHistoryItems": [{"HistorySummary": summary}]},
    )
    given = deployment(tmp_path, cloudwatch=cloudwatch)
    if told:
        assert ASSERTIONS["D5"](given) == {"history": [summary]}
    else:
        with pytest.raises(AssertionError, match="was not told"):
            ASSERTIONS["D5"](given)


def test_the_runtimes_address_must_refuse_from_outside(tmp_path: Path) -> None:
    assert ASSERTIONS["D10"](deployment(tmp_path, lambda *_, **__: Answer(403, b"", 1))) == {"outside the VPC": 403}
    with pytest.raises(AssertionError, match="answers 200 from outside the VPC"):
        ASSERTIONS["D10"](deployment(tmp_path))


def test_a_long_stream_must_be_whole_and_silence_is_recorded(tmp_path: Path) -> None:
    def silent(method: str, url: str, headers: dict[str, str], body: bytes, **_: Any) -> Answer:
        return Answer(200, b"", 300, whole=b"silent" not in body)

    assert "cut" in ASSERTIONS["D11"](deployment(tmp_path, silent))["AgentInvocationsUrl0123ABCD"]["silent"]
    with pytest.raises(AssertionError, match="was cut"):
        ASSERTIONS["D11"](deployment(tmp_path, lambda *_, **__: Answer(200, b"", 300, whole=False)))


def test_a_caller_counts_the_seconds_without_an_answer() -> None:
    statuses = iter([403, 503, 0])

    def answer(*_: Any, **__: Any) -> Answer:
        status = next(statuses, None)
        if status is None:
            caller._stopped.set()
            return Answer(401, b"", 0)
        return Answer(status, b"", 0)

    caller = Caller(answer, "https://api.example.com/", pause=0)
    with caller:
        caller._thread.join(timeout=10)
    assert caller.seen["statuses"] == {0: 1, 401: 1, 403: 1, 503: 1}


def test_a_narrow_bootstrap_leaves_nothing() -> None:
    calls: list[str] = []

    def record(name: str, answer: Any = None) -> Callable[..., Any]:
        def call(**_: Any) -> Any:
            calls.append(name)
            return answer

        return call

    pages = SimpleNamespace(paginate=lambda **_: [{"Versions": [{"Key": "a", "VersionId": "1"}]}])
    aws = FakeAws(
        iam=SimpleNamespace(
            create_policy=record("create policy", {"Policy": {"Arn": "arn"}}), delete_policy=record("delete policy")
        ),
        sts=SimpleNamespace(get_caller_identity=lambda: {"Account": "111122223333"}),
        s3=SimpleNamespace(
            get_paginator=lambda _: pages, delete_objects=record("empty"), delete_bucket=record("delete bucket")
        ),
        cloudformation=SimpleNamespace(
            delete_stack=record("delete stack"), get_waiter=lambda _: SimpleNamespace(wait=record("gone"))
        ),
    )
    with (
        pytest.raises(AssertionError, match="the bootstrap failed"),
        narrow_bootstrap(aws, "us-east-1", "Stack", lambda arn: False),
    ):
        pytest.fail("nothing is deployed without a bootstrap")
    assert "Chat-" not in policy_for("Stack")
    assert "Stack-*" in policy_for("Stack")
    assert len(policy_for("Stack")) <= 6144
    assert calls == ["create policy", "empty", "delete bucket", "delete stack", "gone", "delete policy"]
