"""What `streaming-agent init` writes for every combination of choices, and what it refuses."""

import ast
import itertools
import json
import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.cli import main
from streaming_agent.cli.main import _parser
from streaming_agent.errors import Refusal
from streaming_agent.scaffold import Auth, Choices, Framework, Model, Pipeline, create, files
from streaming_agent.scaffold.data_files import data, web_files

from tools.scaffold_data import FILES

EXAMPLES = Path(__file__).parents[4] / "examples"


def combinations() -> list[Choices]:
    made = []
    for framework, model, auth, web, pipeline in itertools.product(Framework, Model, Auth, (False, True), Pipeline):
        choices = Choices(name="my-agent", framework=framework, model=model, auth=auth, web_chat=web, pipeline=pipeline)
        try:
            files(choices)
        except Refusal:
            continue
        made.append(choices)
    return made


def test_all_combinations_but_the_refused_ones_are_written() -> None:
    # 9 of framework and model, 4 of auth and web chat, 2 of pipeline
    assert len(combinations()) == 9 * 4 * 2


def test_what_is_written_is_valid_and_says_what_was_chosen() -> None:
    for choices in combinations():
        made = files(choices)
        for path, text in made.items():
            assert text.endswith("\n"), path
            if path.endswith(".py"):
                ast.parse(text)
            elif path.endswith(".json"):
                json.loads(text)
            elif path.endswith(".toml"):
                tomllib.loads(text)
        assert ("web/index.html" in made) is choices.web_chat
        assert (".github/workflows/deploy.yml" in made) is (choices.pipeline is Pipeline.GITHUB)
        assert 'Stack(app, "MyAgent")' in made["app.py"]
        agent = tomllib.loads(made["agent/pyproject.toml"])["project"]["dependencies"]
        assert agent[0] == "streaming-agent"
        assert len(made["agent/agent.py"].splitlines()) <= 36


def test_the_agent_asks_the_model_that_its_role_may_call(tmp_path: Path) -> None:
    project = create(Choices(name="my-agent"), tmp_path)
    context = json.dumps({"aws:cdk:bundling-stacks": []})
    environment = os.environ | {"CDK_OUTDIR": str(tmp_path / "cdk.out"), "CDK_CONTEXT_JSON": context}
    subprocess.run([sys.executable, "app.py"], cwd=project, env=environment, check=True)
    template = json.loads((tmp_path / "cdk.out" / "MyAgent.template.json").read_text())
    (runtime,) = [r for r in template["Resources"].values() if r["Type"] == "AWS::BedrockAgentCore::Runtime"]
    profile = runtime["Properties"]["EnvironmentVariables"]["BEDROCK_MODEL_ID"]
    assert profile == "us.amazon.nova-lite-v1:0"
    assert f"inference-profile/{profile}" in json.dumps(template)
    assert "BEDROCK_MODEL_ID" in (project / "agent" / "model.py").read_text()


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("my_Agent", "my-agent-tokens"), ("aws-bot", "bot-tokens"), ("My-Cognito_X", "my-x-tokens"), ("AWS", "tokens")],
)
def test_a_domain_prefix_is_one_that_cognito_takes(name: str, prefix: str) -> None:
    made = files(Choices(name=name, auth=Auth.MACHINE))
    assert json.loads(made["cdk.json"])["context"]["domain_prefix"] == prefix
    assert "`domain_prefix` of your own" in made["README.md"]


@pytest.mark.parametrize("auth", Auth)
def test_the_readmes_commands_are_the_commands_own(auth: Auth) -> None:
    text = files(Choices(name="my-agent", auth=auth))["README.md"].replace("\\\n", "")
    ours = [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("uv run streaming-agent")]
    assert [line[3] for line in ours] == ["local", "chat", "chat"]
    for line in ours:
        assert _parser().parse_args(line[3:]).run is not None


def test_every_combination_passes_the_linter_and_the_formatter(tmp_path: Path) -> None:
    for number, choices in enumerate(combinations()):
        for path, text in files(choices).items():
            if path.endswith((".py", ".toml")):
                written = tmp_path / str(number) / path
                written.parent.mkdir(parents=True, exist_ok=True)
                written.write_text(text)
    for command in (["check"], ["format", "--check"]):
        ruff = [str(Path(sys.executable).with_name("ruff")), *command, "--no-cache", "--quiet", str(tmp_path)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_what_is_taken_as_it_is_is_the_examples() -> None:
    advice = "the example has changed: run make scaffold-data"
    for name, example in FILES.items():
        assert data(name) == (EXAMPLES / example).read_text(), advice
    page = {path.name: path.read_text() for path in (EXAMPLES / "chat_web" / "web").iterdir()}
    assert web_files() == page, advice


def refused(*arguments: str, code: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> str:
    assert main(["init", *arguments, "--yes"]) == 1
    said = str(capsys.readouterr().err)
    assert said.startswith("streaming-agent: ")
    assert f"({code})" in said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    "name",
    ["1agent", "my agent", "-agent", "agent-", "a" * 41, "ägent", "class", "match", "a/b", "..", "a.b", "a\nb", "",
     "streaming-agent", "Strands_Agents", "pytest"],
)  # fmt: skip
def test_names_that_python_or_aws_refuses(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["--", name] if name.startswith("-") else [name]
    with pytest.raises(SystemExit) if name.startswith("-") else monkeypatch.context():
        refused(*arguments, code="SAL105", monkeypatch=monkeypatch, capsys=capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "write"),
    [
        (["--framework", "openai-agents", "--model", "bedrock"], "--model openai"),
        (["--web-chat", "--auth", "machine"], "--auth cognito"),
        (["--web-chat", "--auth", "oidc"], "--auth cognito"),
    ],
)
def test_choices_that_do_not_go_together(
    arguments: list[str],
    write: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert write in refused("my-agent", *arguments, code="SAL106", monkeypatch=monkeypatch, capsys=capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("standing", ["file", "folder", "link", "dangling"])
def test_nothing_is_overwritten(
    standing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "my-agent"
    if standing == "file":
        target.write_text("mine")
    elif standing == "folder":
        target.mkdir()
        (target / ".hidden").write_text("mine")
    else:
        (tmp_path / "elsewhere").mkdir() if standing == "link" else None
        target.symlink_to(tmp_path / "elsewhere")
    refused("my-agent", code="SAL107", monkeypatch=monkeypatch, capsys=capsys)
    if standing == "file":
        assert target.read_text() == "mine"
    elif standing == "folder":
        assert [path.name for path in target.iterdir()] == [".hidden"]
    else:
        assert target.is_symlink()
    assert not list(tmp_path.glob(".my-agent-*"))


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "my-agent").mkdir()
    target = create(Choices(name="my-agent"), tmp_path)
    written = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert written == set(files(Choices(name="my-agent")))
    assert [path.name for path in tmp_path.iterdir()] == ["my-agent"]


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"; choose another folder \(SAL107\)"):
        create(Choices(name="my-agent"), tmp_path / "nowhere")


def test_what_no_flag_says_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked: list[str] = []
    answers = iter(["my-agent", "flask", "langgraph", "openai", "", "y", "github"])

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert main(["init"]) == 0
    assert [prompt.partition(":")[0].partition("?")[0].partition(" [")[0] for prompt in asked] == [
        "the project's name",
        "framework",
        "framework",
        "model",
        "who may call",
        "a chat page in the browser",
        "pipeline",
    ]
    made = {str(path.relative_to(tmp_path / "my-agent")) for path in (tmp_path / "my-agent").rglob("*")}
    assert {"web/index.html", ".github/workflows/deploy.yml", "agent/agent.py"} <= made
    assert "ChatOpenAI" in (tmp_path / "my-agent" / "agent" / "model.py").read_text()
    assert "uv run streaming-agent local" in capsys.readouterr().out


def test_flags_are_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", pytest.fail)
    arguments = ["--framework", "plain", "--model", "openai", "--auth", "oidc", "--pipeline", "none", "--no-web-chat"]
    assert main(["init", "my-agent", *arguments]) == 0
    assert main(["init", "other", "--yes"]) == 0
