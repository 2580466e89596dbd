"""A verification passes where everything holds, and names what does not."""

import dataclasses
import itertools
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from streaming_agent.cli import main
from streaming_agent.client import StaticToken, local_run
from streaming_agent.client.srp_sign_in import SrpSignIn
from streaming_agent.local.emulator import Endpoints
from streaming_agent.verify import Check, Report, Subject, Verdict, verify
from streaming_agent.verify.forged_tokens import forged

from tests.functional.streaming_agent.client.made_tokens import token
from tests.functional.streaming_agent.client.scripted_api import Reply, json_reply, refused, said, scripted, stream

ORIGIN = "https://chat.example.com"


def subject_of(ready: Endpoints, folder: Path, *, knows_template: bool = True) -> Subject:
    file = folder / "ready.json"
    file.write_text(json.dumps(dataclasses.asdict(ready)))
    local = local_run(file)
    return Subject(
        address=local.address,
        source=SrpSignIn(local.username, local.password),
        origin=ORIGIN,
        runtime_url=local.runtime_url,
        template_mode=local.transfer_mode if knows_template else None,
    )


def failed(report: Report) -> dict[str, str]:
    return {check.name: check.found for check in report.checks if check.verdict is Verdict.FAILED}


def test_an_api_of_the_construct_passes(streaming: Endpoints, tmp_path: Path) -> None:
    report = verify(subject_of(streaming, tmp_path))

    assert failed(report) == {}
    assert report.passed
    assert len(report.checks) > 30


def test_without_stream_it_fails_with_the_reason(buffered: Endpoints, tmp_path: Path) -> None:
    report = verify(subject_of(buffered, tmp_path))

    assert not report.passed
    assert failed(report)["the transfer mode is STREAM"] == "the template says BUFFERED"
    assert failed(report)["the first chunk comes before the last is made"].endswith("the answer came at once")
    assert "set ResponseTransferMode STREAM on the method's integration" in report.text()


def test_without_stream_it_fails_from_outside_too(buffered: Endpoints, tmp_path: Path) -> None:
    report = verify(subject_of(buffered, tmp_path, knows_template=False))

    assert "Content-Length" in failed(report)["the transfer mode is STREAM"]


def checks_of(*replies: Reply, **options: object) -> list[Check]:
    with scripted(*replies) as api:
        return list(verify(Subject(address=api.address(), source=StaticToken(token()), **options)).checks)  # type: ignore[arg-type]


def test_an_api_that_lets_everybody_in_fails_at_every_token() -> None:
    checks = checks_of(stream(said("welcome")))

    tokens = [check for check in checks if check.group == "tokens that the gateway refuses"]
    assert {check.verdict for check in tokens} == {Verdict.FAILED}
    assert len(tokens) >= 9


def test_an_api_that_hands_the_query_string_on_fails() -> None:
    checks = checks_of(stream(said("welcome")))

    assert [check.verdict for check in checks if check.name.startswith("the query argument")] == [Verdict.FAILED] * 3


def test_an_answer_that_is_too_short_allows_no_verdict() -> None:
    first = next(check for check in checks_of(stream(said("a"), said("b"))) if "first chunk" in check.name)

    assert first.verdict is Verdict.UNCLEAR
    assert "--prompt" in first.advice


def with_session(session_of: str) -> Reply:
    def reply(handler: object) -> None:
        session = handler.headers.get("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id")  # type: ignore[attr-defined]
        used = session if session_of == "caller" and session else session_of
        json_reply({"text": "a"}, headers={"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": used})(handler)  # type: ignore[arg-type]

    return reply


@pytest.mark.parametrize(
    ("session_of", "binding", "verdict"),
    [
        ("the-user", "per-user", Verdict.PASSED),
        ("the-user", "per-sign-in", Verdict.PASSED),
        ("caller", "per-sign-in", Verdict.FAILED),
        ("the-user", "per-request", Verdict.FAILED),
        ("caller", "per-user", Verdict.FAILED),
        ("caller", "client", Verdict.SKIPPED),
    ],
)
def test_a_session_from_outside_is_taken_only_where_it_should_be(
    session_of: str, binding: str, verdict: Verdict
) -> None:
    (check,) = (check for check in checks_of(with_session(session_of), session=binding) if check.name == "the session")

    assert check.verdict is verdict


@pytest.mark.parametrize(
    ("binding", "verdict"),
    [("per-user", Verdict.FAILED), ("per-sign-in", Verdict.FAILED), ("per-request", Verdict.PASSED)],
)
def test_a_session_for_each_call_is_right_for_per_request_alone(binding: str, verdict: Verdict) -> None:
    numbers = itertools.count()

    def reply(handler: object) -> None:
        with_session(f"session-{next(numbers)}")(handler)  # type: ignore[arg-type]

    (check,) = (check for check in checks_of(reply, session=binding) if check.name == "the session")  # type: ignore[arg-type]

    assert check.verdict is verdict


@pytest.mark.parametrize("binding", ["per-user", "per-sign-in", "per-request", "client"])
def test_the_command_knows_every_session_binding(capsys: pytest.CaptureFixture[str], binding: str) -> None:
    assert main(["verify", "--session", binding, "--plot", "timeline.png"]) == 1
    assert "(SAL071)" in capsys.readouterr().err


def test_a_good_token_that_is_refused_ends_the_verification() -> None:
    (check,) = checks_of(refused(401, "UnauthorizedException"))

    assert (check.verdict, check.found) == (Verdict.FAILED, "401 UnauthorizedException (because)")


def test_every_forged_token_differs_from_the_good_one() -> None:
    good = token()
    made = [sent for _, sent in forged(good)]

    assert good not in made
    assert len(set(made)) == len(made) == 8


@pytest.fixture
def run_file(streaming: Endpoints, tmp_path: Path) -> str:
    file = tmp_path / "ready.json"
    file.write_text(json.dumps(dataclasses.asdict(streaming)))
    return str(file)


def test_the_command_reports_for_machines_and_draws(
    run_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plot = tmp_path / "timeline.svg"

    assert main(["verify", "--run-file", run_file, "--json", "--plot", str(plot)]) == 0

    report = json.loads(capsys.readouterr().out)
    assert report["passed"]
    assert len(report["timeline"]["chunks"]) > 10
    marks = ElementTree.fromstring(plot.read_text()).findall(".//{http://www.w3.org/2000/svg}line")
    assert len(marks) == len(report["timeline"]["chunks"])


def test_the_commands_exit_code_is_for_ci(
    buffered: Endpoints, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ready.json"
    file.write_text(json.dumps(dataclasses.asdict(buffered)))

    assert main(["verify", "--run-file", str(file)]) == 1
    assert "FAIL  the transfer mode is STREAM: the template says BUFFERED" in capsys.readouterr().out


def test_a_plot_is_svg(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--plot", "timeline.png"]) == 1
    assert capsys.readouterr().err.splitlines()[0].endswith("got timeline.png (SAL071)")
