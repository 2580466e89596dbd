"""Bad input to `streaming-agent local`: one sentence with a code, a non-zero exit, nothing left running."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from streaming_agent.cli import main


def stack_template(*resources: tuple[str, str, dict[str, object]]) -> dict[str, object]:
    return {"Resources": {name: {"Type": kind, "Properties": properties} for name, kind, properties in resources}}


def write_assembly(folder: Path, **stacks: dict[str, object]) -> Path:
    folder.mkdir(parents=True)
    artifacts = {}
    for name, template in stacks.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://unknown-account/unknown-region",
            "properties": {"templateFile": f"{name}.template.json"},
        }
    (folder / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": artifacts}))
    return folder


def streaming_stack(**runtime: object) -> dict[str, object]:
    code = {
        "CodeConfiguration": {"Code": {"S3": {"Prefix": "a.zip"}}, "EntryPoint": ["agent.py"], "Runtime": "PYTHON_3_13"}
    }
    properties = {"AgentRuntimeName": "agent", "AgentRuntimeArtifact": code, **runtime}
    uri = "https://bedrock-agentcore.${AWS::Region}.amazonaws.com/runtimes/${Agent}/invocations"
    return stack_template(
        ("Agent", "AWS::BedrockAgentCore::Runtime", properties),
        ("Api", "AWS::ApiGateway::RestApi", {"Name": "Api"}),
        (
            "Post",
            "AWS::ApiGateway::Method",
            {
                "RestApiId": {"Ref": "Api"},
                "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "HttpMethod": "POST",
                "Integration": {"Type": "HTTP_PROXY", "ResponseTransferMode": "STREAM", "Uri": {"Fn::Sub": uri}},
            },
        ),
    )


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["local", "--port", "0", *arguments]) == 1
    printed = capsys.readouterr()
    (sentence,) = [line for line in printed.err.splitlines() if line.startswith("streaming-agent: ")]
    assert printed.out == ""
    return sentence.removeprefix("streaming-agent: ")


def test_a_folder_that_is_no_assembly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert refusal(capsys, "--assembly", str(tmp_path)) == (
        f"{tmp_path} has no manifest.json: name a folder that cdk synth wrote (SAL097)"
    )


def test_a_template_that_is_no_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat={})
    (folder / "Chat.template.json").write_text("Resources:")
    sentence = refusal(capsys, "--assembly", str(folder))
    assert "Chat.template.json" in sentence
    assert re.search(r"\(SAL09[36]\)$", sentence)


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        ({"artifacts": []}, "artifacts is not a mapping"),
        ({"artifacts": {"Chat": 3}}, "artifacts.Chat is not a mapping"),
        ({"artifacts": {"Chat": {"type": "aws:cloudformation:stack"}}}, "templateFile is not a text"),
    ],
)
def test_a_manifest_of_another_shape(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, manifest: object, found: str
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    sentence = refusal(capsys, "--assembly", str(tmp_path))
    assert sentence.endswith(f"{found}: synthesise the app again (SAL097)")


def test_a_property_of_another_shape_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(
        tmp_path / "out", Chat=streaming_stack(RequestHeaderConfiguration={"RequestHeaderAllowlist": 5})
    )
    assert refusal(capsys, "--assembly", str(folder)) == (
        "Agent.RequestHeaderConfiguration.RequestHeaderAllowlist: expected a list, got a number (5) (SAL016)"
    )


def test_an_assembly_without_a_streaming_api(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Shop=stack_template(("Bucket", "AWS::S3::Bucket", {})))
    assert refusal(capsys, "--assembly", str(folder)) == (
        "the app (Shop) has no REST API with a route to https://bedrock-agentcore.…/runtimes/…/invocations; it has no"
        " API (SAL005)"
    )


def test_several_stacks_without_a_choice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Blue=streaming_stack(), Green=streaming_stack())
    assert refusal(capsys, "--assembly", str(folder)) == (
        "several stacks have an API that leads to an agent: choose one with --stack (Blue, Green) (SAL003)"
    )


def test_a_stack_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Blue=streaming_stack())
    assert refusal(capsys, "--assembly", str(folder), "--stack", "Red") == (
        "the app has no stack Red: it has Blue (SAL004)"
    )


def test_code_that_the_assembly_does_not_bring(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    assert refusal(capsys, "--assembly", str(folder)) == (
        "the code of Agent is not beside the template, it comes from S3: give its folder with --agent (SAL023)"
    )


def test_a_container(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    container = {"ContainerConfiguration": {"ContainerUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1"}}
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack(AgentRuntimeArtifact=container))
    assert refusal(capsys, "--assembly", str(folder)) == (
        "Agent is a container, and the local run has no Docker: give the folder of its Python code with --agent, or"
        " start it yourself and give its address with --agent-url (SAL021)"
    )


def test_a_missing_agent(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    missing = tmp_path / "agents"
    assert refusal(capsys, "--assembly", str(folder), "--agent", str(missing)) == (
        f"agent: there is no folder or file {missing}: give the folder with the agent's code (SAL024)"
    )


def test_a_missing_entry_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    agent = tmp_path / "agent"
    agent.mkdir()
    (agent / "main.py").touch()
    assert refusal(capsys, "--assembly", str(folder), "--agent", str(agent)) == (
        f"{agent} has no agent.py, which the runtime starts; it has main.py (SAL024)"
    )


def test_a_port_in_use(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refusal(capsys, "--assembly", str(folder), "--port", str(port))
    assert sentence.startswith(f"port {port} cannot be used (")
    assert sentence.endswith("): choose another with --port, or --port 0 for a free one (SAL020)")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--env", "NOBODY_SETS_THIS"),
            "env: NOBODY_SETS_THIS has no value here: set it first, or write NOBODY_SETS_THIS=VALUE (SAL042)",
        ),
        (("--user", ":secret"), "user: expected NAME or NAME:PASSWORD, got an entry with an empty part (SAL044)"),
        (("--max-sessions", "0"), "max-sessions: expected more than 0, got 0 (SAL045)"),
        (("--time-scale", "inf"), "time-scale: expected more than 0, got inf (SAL045)"),
    ],
)
def test_a_malformed_option(capsys: pytest.CaptureFixture[str], options: tuple[str, ...], sentence: str) -> None:
    assert refusal(capsys, *options) == sentence


def test_nothing_to_run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(capsys) == (
        f"no cdk.json, cdk.out or template.yaml in {tmp_path}: run this in the folder of your CDK app, or name the"
        " app's command with --app or its output with --assembly (SAL043)"
    )


def test_an_app_that_does_not_synthesise(capsys: pytest.CaptureFixture[str]) -> None:
    app = f"{sys.executable} -c \"raise SystemExit('the stack has no agent')\""
    assert refusal(capsys, "--app", app) == (
        f"the app could not be synthesised: {app!r} ended with exit code 1: the stack has no agent (SAL040)"
    )


@pytest.mark.parametrize(
    ("name", "command"), [("my app.py", "python 'my app.py'"), ("app.ts", "npx tsx app.ts"), ("app", "<command> app")]
)
def test_a_file_in_the_place_of_the_apps_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("print()\n")
    assert refusal(capsys, "--app", name) == (
        f'--app takes the command that runs the app, got a file: write --app "{command}" (SAL040)'
    )


def test_a_template_in_the_place_of_the_apps_command_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "template.yaml").write_text("Resources: {}\n")
    assert refusal(capsys, "--app", "template.yaml") == refusal(capsys, "--assembly", "template.yaml")


def test_a_missing_extra(tmp_path: Path) -> None:
    (tmp_path / "aiohttp.py").write_text("raise ModuleNotFoundError(\"No module named 'aiohttp'\", name='aiohttp')")
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    program = "import sys; from streaming_agent.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "local", "--assembly", str(folder)],
        env={"PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("streaming-agent: ")]
    assert sentence == (
        "streaming-agent: this command needs: pip install 'streaming-agent[local]' (missing: aiohttp) (SAL041)"
    )


def test_options_that_exclude_each_other_are_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["local", "--app", "python app.py", "--assembly", "cdk.out"])
    assert ended.value.code == 2
