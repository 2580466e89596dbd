"""Rules over agents' code: what they find in a syntax tree, and what looks like it and is right."""
# ruff: noqa: E501 (code in one line each)

import re
from pathlib import Path

import pytest
from streaming_agent.checks import agent_code
from streaming_agent.checks.check_run import Report, run
from streaming_agent.checks.engine import all_rules
from streaming_agent.checks.rule import GROUPS

HEAD = """\
import asyncio, time, uuid, boto3, requests
from bedrock_agentcore.runtime import BedrockAgentCoreApp
from strands import Agent
app = BedrockAgentCoreApp()
"""
STREAM = """\
@app.entrypoint
async def invoke(payload):
    async for event in Agent().stream_async(payload["prompt"]):
        if "data" in event:
            yield {"text": event["data"]}
"""

WRONG = {
    "whole-answer": [
        "@app.entrypoint\ndef invoke(payload):\n    return str(Agent()(payload['prompt']))",
        "@app.entrypoint\nasync def invoke(payload):\n    result = await graph.ainvoke(payload)\n    return {'a': result}",
        "@app.post('/invocations')\nasync def ask(request):\n    return JSONResponse({'a': 1})",
        "async def ask(request):\n    return {'a': 1}\nroutes = [Route('/invocations', ask, methods=['POST'])]",
    ],
    "raw-events": [
        "@app.entrypoint\nasync def invoke(payload):\n    async for e in Agent().stream_async('x'):\n        yield e",
        "@app.entrypoint\nasync def invoke(payload):\n    async for e in graph.astream_events({}):\n        yield str(e)",
        "@app.entrypoint\nasync def invoke(payload):\n    s = Agent().stream_async('x')\n    async for e in s:\n        yield e",
        "async def all_of(p):\n    async for e in Agent().stream_async(p):\n        yield e\n"
        "@app.entrypoint\nasync def invoke(payload):\n    async for e in all_of('x'):\n        yield e",
    ],
    "blocking": [
        "@app.entrypoint\nasync def invoke(payload):\n    time.sleep(1)\n    yield 1",
        "@app.entrypoint\nasync def invoke(payload):\n    yield requests.get('https://x').text",
        "from time import sleep as nap\n@app.entrypoint\nasync def invoke(payload):\n    nap(1)\n    yield 1",
        "db = boto3.client('dynamodb')\n@app.entrypoint\nasync def invoke(payload):\n    yield db.get_item()",
        "agent = Agent()\n@app.entrypoint\nasync def invoke(payload):\n    yield str(agent('x'))",
    ],
    "no-heartbeat": [STREAM.replace("Agent()", "Agent(tools=[search])")],
    "import-state": [
        f"SESSION = str(uuid.uuid4())\n{STREAM}",
        f"client = boto3.client('s3')\n{STREAM}",
        f"history = {{}}\n{STREAM}    history['x'] = 1\n",
        f"agent = Agent()\n{STREAM}",
    ],
    "swallowed": [
        "@app.entrypoint\nasync def invoke(payload):\n    try:\n        yield 1\n    except Exception as e:\n        yield str(e)",
        "@app.entrypoint\nasync def invoke(payload):\n    try:\n        yield 1\n    except Exception as e:\n"
        "        yield {'error': f'failed: {e}'}",
    ],
}

RIGHT = {
    "whole-answer": [
        STREAM,
        "async def stream(p):\n    yield 1\n@app.entrypoint\ndef invoke(payload):\n    return stream(payload)",
        "async def stream(p):\n    yield 1\n@app.entrypoint\ndef invoke(payload):\n    if not payload:\n"
        "        return {'error': 'prompt is missing'}\n    return stream(payload)",
        "@app.post('/invocations')\nasync def ask(r):\n    return StreamingResponse(work())",
        "@app.entrypoint\ndef invoke(payload):\n    return something_of(payload)",
    ],
    "raw-events": [
        STREAM,
        "@app.entrypoint\nasync def invoke(p):\n    async for e in Agent().stream_async('x'):\n        yield e['data']",
        "@app.entrypoint\nasync def invoke(p):\n    async for e in Agent().stream_async('x'):\n"
        "        if 'data' not in e:\n            continue\n        yield e",
        "async def texts(p):\n    async for e in Agent().stream_async(p):\n        if 'data' in e:\n"
        "            yield {'text': e['data']}\n"
        "@app.entrypoint\nasync def invoke(p):\n    async for t in texts('x'):\n        yield t",
    ],
    "blocking": [
        "@app.entrypoint\nasync def invoke(p):\n    await asyncio.sleep(1)\n    yield await asyncio.to_thread(time.sleep, 1)",
        f"def tool():\n    time.sleep(2)\n{STREAM}",
        "@app.entrypoint\nasync def invoke(p):\n    def slow():\n        time.sleep(1)\n    yield await asyncio.to_thread(slow)",
        "@app.entrypoint\nasync def invoke(p):\n    yield await client.get('https://x')",
    ],
    "no-heartbeat": [
        STREAM,
        STREAM.replace("Agent()", "Agent(tools=[])"),
        STREAM.replace("Agent()", "Agent(tools=[search])") + "    await asyncio.wait([1], timeout=10)\n",
        "@app.post('/invocations')\nasync def ask(r):\n    return EventSourceResponse(Agent(tools=[a]).stream_async('x'))",
    ],
    "import-state": [
        f"log = logging.getLogger(__name__)\nNAME = 'x'\nLIMITS = {{'a': 1}}\n{STREAM}",
        f"current = ContextVar('current')\n{STREAM}",
        "X = uuid.uuid4()",  # no agent
    ],
    "swallowed": [
        STREAM,
        "@app.entrypoint\nasync def invoke(p):\n    try:\n        yield 1\n    except Exception:\n        yield {'error': 'failed'}",
        "@app.entrypoint\nasync def invoke(p):\n    try:\n        yield 1\n    except ValueError as e:\n        yield str(e)",
    ],
}


def checked(folder: Path, code: str, **options: object) -> Report:
    (folder / "agent.py").write_text(HEAD + code + "\n")
    return run([folder / "agent.py"], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("rule", "code"), [(rule, code) for rule, codes in WRONG.items() for code in codes])
def test_it_is_found(tmp_path: Path, rule: str, code: str) -> None:
    report = checked(tmp_path, code)
    assert rule in {finding.rule.name for finding in report.standing}
    assert all(finding.place.line > 0 for finding in report.standing)


@pytest.mark.parametrize(("rule", "code"), [(rule, code) for rule, codes in RIGHT.items() for code in codes])
def test_it_is_right(tmp_path: Path, rule: str, code: str) -> None:
    assert rule not in {finding.rule.name for finding in checked(tmp_path, code).standing}


def test_each_rule_over_code_has_both() -> None:
    names = {rule.name for rule in all_rules() if rule.group == "Agent code"}
    assert names == set(WRONG) == set(RIGHT)


def test_a_comment_with_a_reason_answers_and_one_without_does_not(tmp_path: Path) -> None:
    slow = WRONG["blocking"][0].replace("time.sleep(1)", "time.sleep(1)  # streaming-agent: ignore[blocking] a test")
    report = checked(tmp_path, slow)
    assert [finding.acknowledged for finding in report.findings if finding.rule.name == "blocking"] == ["a test"]
    assert report.exit_code == 0

    bare = checked(tmp_path, slow.replace(" a test", ""))
    assert {finding.rule.name for finding in bare.standing} == {"blocking", "unused-ignore"}

    unused = checked(tmp_path, f"# streaming-agent: ignore[CHK092] nothing here\n{STREAM}")
    assert [finding.message for finding in unused.standing] == ["the acknowledgment of CHK092 silences nothing"]


def test_code_is_never_run(tmp_path: Path) -> None:
    report = checked(tmp_path, f"raise SystemExit('run')\n{STREAM}")
    assert (report.standing, report.refused, report.exit_code) == ([], [], 0)


def test_a_file_that_does_not_parse_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(HEAD + WRONG["blocking"][0])
    (tmp_path / "broken.py").write_text("def (:\n")
    report = run([tmp_path])

    assert "blocking" in {finding.rule.name for finding in report.standing}
    assert len(report.refused) == 1
    assert "broken.py is not Python that can be checked: invalid syntax in line 1 (SAL098)" in str(report.refused[0])


@pytest.mark.parametrize(
    "text", ["x = 1\n", "", "(" * 500, "\x00", "é".encode("latin-1").decode("latin-1"), "a" * 100_000 + "("]
)
def test_a_file_without_an_entrypoint_cannot_be_checked(tmp_path: Path, text: str) -> None:
    (tmp_path / "agent.py").write_text(text)
    report = run([tmp_path / "agent.py"])

    assert report.exit_code == 2
    assert len(report.refused) == 1
    assert "\n" not in str(report.refused[0])


def test_a_file_is_empty_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "agent.py").write_text(HEAD + STREAM)
    (folder / "__init__.py").write_text("\n")
    (folder / "data.py").write_bytes(b"x = '\xff'")
    report = run([folder])

    assert [str(refusal) for refusal in report.refused] == [
        f"{folder / 'data.py'} is not text in UTF-8: byte 5 cannot be read (SAL092)"
    ]


def test_environments_and_tests_are_not_the_agents_code(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(HEAD + STREAM)
    for folder in (".venv/lib", "node_modules/x", "tests", "__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "slow.py").write_text(HEAD + WRONG["blocking"][0])
    assert run([tmp_path]).standing == []


def test_every_rule_of_the_folder_is_asked() -> None:
    folder = Path(agent_code.__file__).parent
    with_rule = {path.stem for path in folder.glob("*.py") if re.search(r"^RULE\b", path.read_text(), re.MULTILINE)}
    assert with_rule == {rule.__name__.rpartition(".")[2] for rule in agent_code.CODE_RULES}


def test_every_rule_has_a_section_of_the_catalogue() -> None:
    assert {rule.group for rule in all_rules()} == set(GROUPS)
