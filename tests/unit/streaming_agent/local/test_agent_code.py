"""Which of the files in an asset are the agent's own, and how it is started."""

import json
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.local.agent_code import Agent, agent_origin, find_agent
from streaming_agent.local.agentcore import CodeArtifact, Runtime, read_runtime
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.local.values import LocalValues
from streaming_agent.template import Refusal, TemplateSet


def runtime_of(location: Path | None, *entry_point: str, language: str = "PYTHON_3_13", **options: Any) -> Runtime:
    return Runtime(
        logical_id="Chat",
        id="chat-1",
        arn="arn",
        artifact=CodeArtifact(location=location, entry_point=entry_point or ("agent.py",), language=language),
        authorizer=None,
        environment={},
        allowed_headers=(),
        idle_seconds=900,
        lifetime_seconds=28800,
        endpoints=frozenset({"DEFAULT"}),
        protocol="HTTP",
        policy=None,
        **options,
    )


def found(runtime: Runtime, work: Path, **options: Any) -> Agent:
    chosen = LocalOptions(**{"current_environment": True, "cache": work / "cache", **options})
    return find_agent(runtime, chosen, work / "work", environment={"MODEL": "small"})


def packaged(folder: Path, machine: int) -> Path:
    """An asset as packagers make it: the agent's files, and beside them packages with compiled code."""
    for path in ("agent.py", "prompts/system.txt", "vendored/__init__.py", "vendored/core.so", "six.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
    (folder / "vendored/core.so").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(11) + machine.to_bytes(2, "little"))
    info = folder / "vendored-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vendored\nVersion: 1.0\n\nName: not this\n")
    (info / "RECORD").write_text(
        'vendored/__init__.py,sha256=x,1\nvendored/core.so,,\n"six.py",sha256=x,1\nvendored-1.0.dist-info/METADATA,,\n'
    )
    return folder


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


OWN_MACHINE = {"x86_64": 0x3E, "aarch64": 0xB7}


def test_a_package_for_another_machine_runs_with_the_same_versions_made_for_this_one(tmp_path: Path) -> None:
    agent = found(runtime_of(packaged(tmp_path / "asset", 0xF3)), tmp_path)

    assert files_of(agent.folder) == {"agent.py", "prompts/system.txt"}
    assert agent.pins == ("vendored==1.0",)


@pytest.mark.skipif(sys.platform != "linux", reason="compiled files of Linux")
def test_a_package_for_this_machine_runs_with_what_is_in_it(tmp_path: Path) -> None:
    import os

    agent = found(runtime_of(packaged(tmp_path / "asset", OWN_MACHINE[os.uname().machine])), tmp_path)

    assert agent.folder == tmp_path / "asset"
    assert agent.pins == ()


def test_a_zip_is_unpacked_and_run(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as made:
        made.writestr("agent.py", "print()")
        made.writestr("prompts/system.txt", "")

    assert files_of(found(runtime_of(tmp_path / "code.zip"), tmp_path).folder) == {"agent.py", "prompts/system.txt"}


@pytest.mark.parametrize("name", ["../outside.py", "/etc/outside.py", "a/../../outside.py", "..\\outside.py"])
def test_a_zip_that_leads_outside_of_itself_is_refused(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as made:
        made.writestr(name, "")

    with pytest.raises(Refusal, match="SAL028"):
        found(runtime_of(tmp_path / "code.zip"), tmp_path)
    assert not (tmp_path / "outside.py").exists()


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "code.zip").write_bytes(b"PK no zip")

    with pytest.raises(Refusal, match="SAL028"):
        found(runtime_of(tmp_path / "code.zip"), tmp_path)


def test_plain_sources_are_run_where_they_are_and_followed(tmp_path: Path) -> None:
    (tmp_path / "agent.py").touch()
    agent = found(runtime_of(tmp_path), tmp_path / "work")

    assert (agent.folder, agent.edited_in) == (tmp_path, tmp_path)


def test_a_copy_in_the_cdks_output_is_not_followed(tmp_path: Path) -> None:
    asset = tmp_path / "asset.0123"
    asset.mkdir()
    (asset / "agent.py").touch()

    assert found(runtime_of(asset), tmp_path / "work").edited_in is None


@pytest.mark.parametrize(
    ("entry_point", "arguments"),
    [(("opentelemetry-instrument", "agent.py"), ()), (("agent.py", "--quiet"), ("--quiet",))],
)
def test_an_entry_point_is_a_command(entry_point: tuple[str, ...], arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "agent.py").touch()
    program = found(runtime_of(tmp_path, *entry_point), tmp_path / "work").program()

    assert program.script == tmp_path / "agent.py"
    assert program.arguments == arguments


def test_an_agent_that_is_given_goes_before_the_templates(tmp_path: Path) -> None:
    (tmp_path / "mine.py").touch()

    assert found(runtime_of(None), tmp_path, agent=tmp_path / "mine.py").script == tmp_path / "mine.py"


def test_the_sources_that_the_assembly_names_go_before_the_asset(tmp_path: Path) -> None:
    sources, output = tmp_path / "agent", tmp_path / "cdk.out"
    sources.mkdir()
    output.mkdir()
    (sources / "main.py").touch()
    said = json.dumps({"folder": str(sources), "entrypoint": ["main.py"], "python": "3.13", "exclude": []})
    code = {"Code": {"S3": {"Bucket": "b", "Prefix": "gone.zip"}}, "EntryPoint": ["main.py"], "Runtime": "PYTHON_3_13"}
    properties = {"AgentRuntimeName": "chat", "AgentRuntimeArtifact": {"CodeConfiguration": code}}
    template = {
        "Resources": {
            "Runtime": {
                "Type": "AWS::BedrockAgentCore::Runtime",
                "Properties": properties,
                "Metadata": {"aws:cdk:path": "Chat/Agent/Runtime/Resource"},
            }
        }
    }
    metadata = {"/Chat/Agent/Runtime": [{"type": "streaming-agent-construct:agent", "data": said}]}
    artifact = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "Chat.template.json"},
        "metadata": metadata,
    }
    (output / "Chat.template.json").write_text(json.dumps(template))
    (output / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": {"Chat": artifact}}))
    view = TemplateSet.read(output).view()
    (resource,) = view.resources("AWS::BedrockAgentCore::Runtime")
    agent = found(read_runtime(resource, LocalValues(view)), tmp_path / "work")

    assert (agent.script, agent.edited_in) == (sources / "main.py", sources)


@pytest.mark.parametrize(
    ("files", "script"), [(("main.py",), "main.py"), (("agent.py",), "agent.py"), (("agent.py", "main.py"), "agent.py")]
)
def test_a_containers_agent_is_started_as_a_packaged_one_would_be(
    tmp_path: Path, files: tuple[str, ...], script: str
) -> None:
    for name in files:
        (tmp_path / name).touch()
    container = replace(runtime_of(None), artifact=None)

    assert found(container, tmp_path, agent=tmp_path).script == tmp_path / script


def test_a_containers_agent_of_another_name_is_named_by_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "server.py").touch()
    container = replace(runtime_of(None), artifact=None)

    with pytest.raises(Refusal, match=r"it has server.py: name the file with --agent, such as --agent desk/server.py"):
        found(container, tmp_path, agent=folder)
    assert found(container, tmp_path, agent=folder / "server.py").script == folder / "server.py"


def test_what_cannot_be_run_here_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"NODE_22.*--agent-url http://127.0.0.1:8080 \(SAL022\)"):
        found(runtime_of(tmp_path, language="NODE_22"), tmp_path)
    with pytest.raises(Refusal, match=r"comes from S3: give its folder with --agent \(SAL023\)"):
        found(runtime_of(tmp_path / "gone"), tmp_path)
    (tmp_path / "other.py").touch()
    with pytest.raises(Refusal, match=r"has no agent.py, which the runtime starts; it has other.py \(SAL024\)"):
        found(runtime_of(tmp_path), tmp_path)


@pytest.mark.parametrize("name", ["a" * 300 + ".py", "a\0b.py"], ids=["too long", "with a zero byte"])
def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(name: str, tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    with pytest.raises(Refusal, match="SAL02"):
        found(runtime_of(tmp_path / "agent", name), tmp_path)
    with pytest.raises(Refusal, match="SAL023"):
        found(runtime_of(tmp_path / name), tmp_path)
    with pytest.raises(Refusal, match="SAL024"):
        found(runtime_of(tmp_path / "agent"), tmp_path, agent=Path(name))
    code = {"S3": {"Prefix": name}}
    body = {
        "Type": "AWS::BedrockAgentCore::Runtime",
        "Properties": {"AgentRuntimeArtifact": {"CodeConfiguration": {"Code": code, "EntryPoint": ["a.py"]}}},
        "Metadata": {"aws:asset:path": name},
    }
    file = tmp_path / "template.json"
    file.write_text(json.dumps({"Resources": {"Chat": body}}))
    view = TemplateSet.read(file).view()
    (resource,) = view.resources("AWS::BedrockAgentCore::Runtime")
    artifact = read_runtime(resource, LocalValues(view), {}).artifact
    assert artifact is not None
    assert artifact.location is None


def test_the_environment_is_the_templates_and_not_the_developers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    (tmp_path / "agent.py").touch()
    environment = found(runtime_of(tmp_path), tmp_path / "work").program().environment

    assert environment["MODEL"] == "small"
    assert "AWS_SECRET_ACCESS_KEY" not in environment
    assert environment["PYTHONPYCACHEPREFIX"].startswith(str(tmp_path / "work" / "cache"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9001", "http://127.0.0.1:9001/", "127.0.0.1:9001", "http://127.0.0.1:9001/invocations"]
)
def test_an_agents_address_is_taken_as_people_write_it(url: str) -> None:
    assert agent_origin(url) == "http://127.0.0.1:9001"


@pytest.mark.parametrize(
    "url", ["", "http://", "http://[x", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://127.0.0.1/chat"]
)
def test_what_is_no_agents_address_is_refused(url: str) -> None:
    with pytest.raises(Refusal, match="SAL029"):
        agent_origin(url)
