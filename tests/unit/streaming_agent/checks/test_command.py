"""`streaming-agent check`: its options, its settings and its exit codes."""

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.cli.main import main

CASES = Path(__file__).parent / "cases"
RIGHT = CASES / "wild" / "private-with-policy.yaml"
WARNED = CASES / "alb-idle.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["check", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def is_one_sentence(err: str) -> bool:
    """Whether this is one sentence, and below it the page of its code."""
    first, *more = err.splitlines()
    code = re.search(r"\((\w+)\)$", first)
    return code is not None and [line.rpartition("/docs/")[2] for line in more] == [f"errors.md#{code[1].lower()}"]


def test_the_exit_code_says_what_was_found(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert check(capsys, RIGHT)[0] == 0
    assert check(capsys, WARNED)[0] == 1
    assert check(capsys, WARNED, "--fail-on", "error")[0] == 0
    code, out, err = check(capsys, folder / "missing.yaml")
    assert (code, out) == (2, "")
    assert is_one_sentence(err)
    code, out, err = check(capsys, folder / "missing.yaml", WARNED)
    assert code == 1
    assert "alb-idle" in out
    assert "there is no file" in err


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (["--select", "alb-idle"], {"CHK026"}),
        (["--select", "CHK02,CHK08"], {"CHK026", "CHK082"}),
        (["--select", "CHK026", "--select", "role-wide"], {"CHK026", "CHK082"}),
        (["--ignore", "role-wide"], {"CHK026"}),
        (["--select", "CHK0", "--ignore", "CHK02"], {"CHK082"}),
    ],
)
def test_rules_are_chosen(capsys: pytest.CaptureFixture[str], arguments: list[str], rules: set[str]) -> None:
    _, out, _ = check(capsys, WARNED, "--format", "json", *arguments)
    assert {entry["code"] for entry in json.loads(out)} == rules


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--select", "edeg"], "there is no rule edeg: did you mean edge? (SAL102)"),
        (["--ignore", "CHK999"], "there is no rule CHK999: "),
        (["--explain", "nothing-like-it"], "there is no rule nothing-like-it"),
        (["--parameter", "Mode"], "--parameter: expected NAME=VALUE, got 'Mode' (SAL104)"),
        (["-", "x.yaml"], "- stands for standard input and goes with no other path (SAL104)"),
        (["--output-file", "missing/report.json"], "missing/report.json cannot be written: No such file or directory"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_exit_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    code, _, err = check(capsys, *([RIGHT] if "-" not in arguments else []), *arguments)
    assert code == 2
    assert sentence in err
    assert is_one_sentence(err)


def test_an_acknowledgment_of_no_rule_names_the_nearest(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    ignored = "Metadata: {streaming-agent: {ignore: [{rule: alb-idel, reason: a test}]}}\n"
    (folder / "template.yaml").write_text(ignored + RIGHT.read_text())
    _, out, _ = check(capsys, "template.yaml", "--format", "json")

    assert "there is no rule alb-idel: did you mean alb-idle?" in [entry["message"] for entry in json.loads(out)]


def test_a_rule_is_explained_by_code_and_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    by_code, by_name = check(capsys, "--explain", "CHK010"), check(capsys, "--explain", "edge")
    assert by_code == by_name
    assert "EndpointConfiguration: {Types: [REGIONAL]}" in by_code[1]


def test_the_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = check(capsys, "--list-rules")
    assert out.splitlines()[0].startswith("CHK001  error    stream-missing")


def test_standard_input_has_a_name(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WARNED.read_bytes())))
    code, out, _ = check(capsys, "-", "--stdin-filename", "infra/template.yaml", "--format", "json")

    assert code == 1
    assert {entry["file"] for entry in json.loads(out)} == {"infra/template.yaml"}


def test_a_parameter_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = check(
        capsys, CASES / "cannot-tell.yaml", "--format", "json", "--select", "edge", "--parameter", "Kind=REGIONAL"
    )
    assert json.loads(out) == []


def test_a_report_is_written_into_a_file(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = check(capsys, WARNED, "--format", "sarif", "--output-file", folder / "report.sarif")
    assert (code, out) == (1, "")
    assert json.loads((folder / "report.sarif").read_text())["version"] == "2.1.0"


def test_the_settings_of_the_nearest_project_hold_and_the_command_line_goes_before(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(WARNED, folder / "front.yaml")
    (folder / "pyproject.toml").write_text(
        '[tool.streaming-agent.check]\npaths = ["front.yaml"]\nignore = ["role-wide"]\nfail-on = "error"\n'
    )
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")
    code, out, _ = check(capsys, "--format", "json")
    assert code == 0
    assert {entry["rule"] for entry in json.loads(out)} == {"alb-idle"}

    code, out, _ = check(capsys, "--format", "json", "--fail-on", "warning", "--ignore", "alb-idle")
    assert code == 0
    assert {entry["rule"] for entry in json.loads(out)} == {"role-wide"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('selekt = ["edge"]', "has no setting selekt: the settings are select, ignore, fail-on, undecided, paths"),
        ('select = "edge"', "tool.streaming-agent.check.select: expected a list of texts, got 'edge'"),
        ('fail-on = "never"', "tool.streaming-agent.check.fail-on: expected error, warning or note, got 'never'"),
        ("= broken", "pyproject.toml is not TOML: "),
    ],
)
def test_wrong_settings_are_one_sentence(
    capsys: pytest.CaptureFixture[str], folder: Path, settings: str, sentence: str
) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.streaming-agent.check]\n{settings}\n")
    code, _, err = check(capsys, RIGHT)
    assert code == 2
    assert sentence in err
    assert "(SAL103)" in err


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "nothing to check in . (the folder is empty): name a template, a cdk.out or an agent's folder (SAL100)"),
        ({"notes.txt": "x"}, "nothing to check in . (it has notes.txt): name a template, a cdk.out"),
        ({"sam.yaml": "openapi: 3.0.1\npaths: {}"}, "sam.yaml is an OpenAPI document"),
        ({"cdk.out/manifest.json": "[]"}, "is not a mapping: synthesise the app again (SAL097)"),
        ({"main.tf": "resource {}"}, "is Terraform source: give a plan as JSON"),
        ({"Pulumi.yaml": "name: x"}, "is a Pulumi project, which is not read"),
        ({"cdk.json": "{}"}, "is a CDK app that is not synthesised: run cdk synth, or give --app"),
        ({"package.json": "{}"}, "holds JavaScript, and only Python agents are read"),
        ({"agent.py": "x = 1"}, "has no entrypoint"),
        ({"template.yaml": "openapi: 3.0.1\npaths: {}"}, "is an OpenAPI document"),
        ({"template.json": "[" * 9000}, "is nested more than 100 levels deep"),
        ({"template.yaml": "a: &a [*a]"}, "refers to itself (SAL094)"),
        ({"cdk.out/manifest.json": "{}"}, "is a cloud assembly without stacks"),
        ({"cdk.out/manifest.json": '{"artifacts": []}'}, "artifacts is not a mapping: synthesise the app again"),
        (
            {"cdk.out/manifest.json": '{"artifacts": {"A": {"type": "aws:cloudformation:stack"}}}'},
            "artifacts.A.properties.templateFile is not a text",
        ),
        (
            {
                "cdk.out/manifest.json": '{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties":'
                ' {"templateFile": "A.json"}}}}'
            },
            "there is no file cdk.out/A.json",
        ),
    ],
)
def test_a_folder_that_holds_nothing_to_check_is_one_sentence(
    capsys: pytest.CaptureFixture[str], folder: Path, files: dict[str, str], sentence: str
) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    code, out, err = check(capsys)

    assert (code, out) == (2, "")
    assert sentence in err.replace(f"{folder}/", "")
    assert is_one_sentence(err)


@pytest.mark.parametrize("name", ["template.yaml", "loop.json", "agent.py"])
def test_a_link_that_leads_to_itself_is_one_sentence(
    capsys: pytest.CaptureFixture[str], folder: Path, name: str
) -> None:
    os.symlink(name, folder / name)
    code, _, err = check(capsys, name)
    assert code == 2
    assert "is a symbolic link that leads back to itself" in err
    assert is_one_sentence(err)


@pytest.mark.parametrize("unreadable", ["agent", "agent/inner"])
def test_a_folder_that_may_not_be_read_is_one_sentence(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch, unreadable: str
) -> None:
    (folder / "agent" / "inner").mkdir(parents=True)
    (folder / "agent" / "inner" / "agent.py").write_text("")
    iterdir = Path.iterdir

    def denied(self: Path) -> Iterator[Path]:
        if str(self) == unreadable:
            raise PermissionError(13, "Permission denied", str(self))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", denied)
    code, _, err = check(capsys, "agent")

    assert code == 2
    assert err.startswith(f"streaming-agent: {unreadable} cannot be read (Permission denied): ")
    assert is_one_sentence(err)


def test_settings_that_may_not_be_read_are_not_said_to_be_broken(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "pyproject.toml").write_text("")

    def denied(self: Path, **options: Any) -> str:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_text", denied)
    code, _, err = check(capsys, RIGHT)

    assert code == 2
    assert "pyproject.toml cannot be read (permission denied): check its permissions (SAL103)" in err


def test_a_folder_with_links_in_a_circle_ends(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "agent").mkdir()
    os.symlink("..", folder / "agent" / "up")
    assert check(capsys, "agent")[0] == 2


def test_an_app_is_synthesised(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    writer = folder / "app.py"
    source = CASES / "wild" / "two-stacks" / "assembly"
    writer.write_text(
        f"import os, shutil\nshutil.copytree({str(source)!r}, os.environ['CDK_OUTDIR'], dirs_exist_ok=True)\n"
    )
    code, out, _ = check(capsys, "--app", f"{sys.executable} {writer}", "--format", "json", "--select", "token-kind")

    assert code == 1
    assert [entry["resource"] for entry in json.loads(out)] == ["DoorchatPOSTF8044723"]
