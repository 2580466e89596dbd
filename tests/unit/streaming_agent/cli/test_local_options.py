"""What `streaming-agent local` understands, and where it finds the app."""

import json
import socket
import sys
from pathlib import Path

import pytest
from streaming_agent.cli import local, main
from streaming_agent.cli.synth import default_source, synthesise, template_at
from streaming_agent.errors import Refusal
from streaming_agent.local.local_options import DEFAULT_PORT


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--env", "NAME_THAT_NOBODY_SET"], "SAL042"),
        (["--env", "=secret"], "SAL042"),
        (["--user", "ada:"], "SAL044"),
        (["--user", ":secret"], "SAL044"),
        (["--max-sessions", "0"], "SAL045"),
        (["--time-scale", "nan"], "SAL045"),
        (["--parameter", "Mode"], "SAL047"),
        (["--port", "70000"], "SAL020"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_repeats_no_secret(
    arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["local", "--assembly", "missing", *arguments]) == 1
    said = capsys.readouterr().err
    assert f"({code})" in said
    assert "secret" not in said


def test_a_variable_can_be_passed_on_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_KEY", "from here")

    assert local._environment(["MODEL_KEY", "MODE=a=b"]) == {"MODEL_KEY": "from here", "MODE": "a=b"}


def test_the_first_users_password_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMING_AGENT_PASSWORD", "Aa1!given")

    assert local._users([]) == {"developer": "Aa1!given"}
    assert local._users(["ada", "alan:Own1!pass"]) == {"ada": "Aa1!given", "alan": "Own1!pass"}


def test_without_a_port_a_free_one_is_taken_where_the_default_is_not_free() -> None:
    with local._gateway_socket(None) as first, local._gateway_socket(None) as second:
        ports = {first.getsockname()[1], second.getsockname()[1]}
    assert len(ports) == 2


def test_the_default_port_is_none_that_an_agent_uses() -> None:
    assert DEFAULT_PORT not in (8000, 8080, 9000)


def test_a_port_that_is_asked_for_and_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(Refusal, match=rf"port {port} cannot be used .* choose another with --port"),
            local._gateway_socket(port),
        ):
            pass


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig"])
def test_the_app_is_found_in_cdk_json(mark: str, tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "npx ts-node bin/app.ts"}), encoding=mark)

    assert default_source(tmp_path) == ("npx ts-node bin/app.ts", tmp_path)


def test_without_one_its_output_or_a_template_is_read(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {}")
    assert default_source(tmp_path) == (None, tmp_path / "template.yaml")
    assert template_at(tmp_path) == tmp_path / "template.yaml"
    (tmp_path / "cdk.out").mkdir()
    assert default_source(tmp_path) == (None, tmp_path / "cdk.out")
    assert template_at(tmp_path / "cdk.out") == tmp_path / "cdk.out"


@pytest.mark.parametrize("text", ["{", "[]", '"app"'])
def test_a_broken_cdk_json_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text(text)
    with pytest.raises(Refusal, match="SAL043"):
        default_source(tmp_path)


def test_a_folder_without_an_app_says_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "app.py").touch()
    with pytest.raises(Refusal, match=r'or write a cdk\.json: \{"app": "python app\.py"\} \(SAL043\)'):
        default_source(tmp_path)


def test_an_app_that_fails_is_shown_with_its_last_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = "echo first >&2; printf 'ValueError: \\033[31mno\\n' >&2; exit 3"
    with pytest.raises(Refusal, match=r"ended with exit code 3: ValueError: .*no \(SAL040\)"):
        synthesise(app, tmp_path)
    said = capsys.readouterr().err
    assert "first" in said
    assert "\x1b" not in said


APP = """\
import json, os
from pathlib import Path
names = ("CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION")
Path(os.environ["CDK_OUTDIR"], "manifest.json").write_text(json.dumps([os.environ[name] for name in names]))
"""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ["123456789012", "us-east-1"]),
        ({"AWS_DEFAULT_REGION": "eu-north-1"}, ["123456789012", "eu-north-1"]),
        ({"CDK_DEFAULT_ACCOUNT": "210987654321", "AWS_REGION": "eu-west-3"}, ["210987654321", "eu-west-3"]),
    ],
)
def test_an_app_finds_an_account_and_a_region_as_the_cdk_cli_gives_them(
    environment: dict[str, str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "app.py").write_text(APP)

    assert synthesise(f"{sys.executable} {tmp_path / 'app.py'}", tmp_path) == tmp_path
    assert json.loads((tmp_path / "manifest.json").read_text()) == expected


def test_an_app_may_be_the_folder_of_an_assembly(tmp_path: Path) -> None:
    (tmp_path / "cdk.out").mkdir()

    assert synthesise(str(tmp_path / "cdk.out"), tmp_path) == tmp_path / "cdk.out"
