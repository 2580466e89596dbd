"""Bad input to `streaming-agent local`: one sentence with a code, a non-zero exit, nothing left running."""

import json
import os
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
        f"assembly must be a folder that cdk synth wrote, got {tmp_path}: it has no manifest.json (SAL001)"
    )


def test_a_template_that_is_no_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat={})
    (folder / "Chat.template.json").write_text("Resources:")
    assert "Chat.template.json must be JSON that cdk synth wrote" in (
        sentence := refusal(capsys, "--assembly", str(folder))
    )
    assert sentence.endswith("(SAL002)")


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        ({"artifacts": []}, "got a list in the place of another kind of value"),
        ({"artifacts": {"Chat": 3}}, "got a number in the place of another kind of value"),
        ({"artifacts": {"Chat": {"type": "aws:cloudformation:stack"}}}, "got no environment"),
    ],
)
def test_a_manifest_of_another_shape(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, manifest: object, found: str
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    sentence = refusal(capsys, "--assembly", str(tmp_path))
    assert "must be as cdk synth writes them (synthesise the app again)" in sentence
    assert sentence.endswith(f"{found} (SAL002)")


def test_a_property_of_another_shape_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(
        tmp_path / "out", Chat=streaming_stack(RequestHeaderConfiguration={"RequestHeaderAllowlist": 5})
    )
    assert refusal(capsys, "--assembly", str(folder)).startswith(
        "Agent.RequestHeaderConfiguration.RequestHeaderAllowlist must be as CloudFormation documents it"
    )


def test_an_assembly_without_a_streaming_api(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Shop=stack_template(("Bucket", "AWS::S3::Bucket", {})))
    assert refusal(capsys, "--assembly", str(folder)) == (
        f"assembly must have a stack with a streaming agent API, got Shop in {folder} (SAL005)"
    )


def test_several_stacks_without_a_choice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Blue=streaming_stack(), Green=streaming_stack())
    assert refusal(capsys, "--assembly", str(folder)) == (
        "stack must be chosen with --stack where several have a streaming API, got Blue, Green (SAL003)"
    )


def test_a_stack_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Blue=streaming_stack())
    assert refusal(capsys, "--assembly", str(folder), "--stack", "Red") == (
        f"stack must be one of those in {folder} (Blue), got Red (SAL004)"
    )


def test_a_value_that_cannot_be_resolved(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    stack = streaming_stack(EnvironmentVariables={"TABLE": {"Ref": "Table"}})
    stack["Resources"]["Table"] = {"Type": "AWS::DynamoDB::Table"}  # type: ignore[index]
    folder = write_assembly(tmp_path / "out", Chat=stack)
    assert refusal(capsys, "--assembly", str(folder)) == (
        "Agent.EnvironmentVariables.TABLE must be a value that is known locally, got a reference to Table"
        " (AWS::DynamoDB::Table); give the agent a value of its own with --env TABLE=… (SAL006)"
    )
    assert "SAL006" not in refusal(capsys, "--assembly", str(folder), "--env", "TABLE=chats")


def test_code_that_the_assembly_does_not_bring(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    assert refusal(capsys, "--assembly", str(folder)) == (
        "agent must be in the assembly, got code from elsewhere: give its folder with --agent (SAL023)"
    )


def test_a_container(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    container = {"ContainerConfiguration": {"ContainerUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1"}}
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack(AgentRuntimeArtifact=container))
    assert refusal(capsys, "--assembly", str(folder)) == (
        "agent must be code to run without Docker, got a container: give its folder with --agent (SAL021)"
    )


def test_a_missing_agent(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    missing = tmp_path / "agents"
    assert refusal(capsys, "--assembly", str(folder), "--agent", str(missing)) == (
        f"agent must be a folder or a file that exists, got {missing} (SAL024)"
    )


def test_a_missing_entry_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    agent = tmp_path / "agent"
    agent.mkdir()
    (agent / "main.py").touch()
    assert refusal(capsys, "--assembly", str(folder), "--agent", str(agent)) == (
        f"agent must have its entry file agent.py in {agent}, got main.py (SAL024)"
    )


def test_a_port_in_use(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refusal(capsys, "--assembly", str(folder), "--port", str(port))
    assert sentence.startswith(f"port must be free, got {port}: ")
    assert sentence.endswith("choose another, or 0 to pick one (SAL020)")


def test_a_malformed_variable(capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, "--env", "TABLE") == "env must be written NAME=VALUE, got TABLE (SAL042)"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--user", ":secret"), "user must be written NAME or NAME:PASSWORD, got :secret (SAL044)"),
        (("--max-sessions", "0"), "max-sessions must be more than 0, got 0 (SAL045)"),
        (("--time-scale", "inf"), "time-scale must be more than 0, got inf (SAL045)"),
    ],
)
def test_a_malformed_option(capsys: pytest.CaptureFixture[str], options: tuple[str, ...], sentence: str) -> None:
    assert refusal(capsys, *options) == sentence


def test_reload_without_the_source(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_assembly(tmp_path / "out", Chat=streaming_stack())
    assert refusal(capsys, "--assembly", str(folder), "--reload") == (
        "reload must know the agent's source, got the assembly's copy: add --agent PATH (SAL027)"
    )


def test_nothing_to_run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(capsys) == (
        f"there must be a cdk.json or a cdk.out, got {tmp_path} without: give --app or --assembly (SAL043)"
    )


def test_an_app_that_does_not_synthesise(capsys: pytest.CaptureFixture[str]) -> None:
    app = f"{sys.executable} -c \"raise SystemExit('the stack has no agent')\""
    assert refusal(capsys, "--app", app) == (
        f"app must synthesise, but {app!r} ended with 1 and said: the stack has no agent (SAL040)"
    )


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
    assert done.stderr.splitlines()[0] == (
        "streaming-agent: this command needs: pip install 'streaming-agent[local]' (missing: aiohttp) (SAL041)"
    )


def test_options_that_exclude_each_other_are_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["local", "--app", "python app.py", "--assembly", "cdk.out"])
    assert ended.value.code == 2
