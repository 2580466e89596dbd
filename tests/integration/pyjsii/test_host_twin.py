"""host.py and its TypeScript twin package the same folders to the same hash, and refuse the same in the same words."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from streaming_agent_construct import StreamingAgentError, host
from tests.unit.streaming_agent.packager.packages import project, wheel, write

pytestmark = pytest.mark.node

ASKS = """
const host = require(process.argv[1]);
const answers = JSON.parse(process.argv[2]).map(([folder, entrypoint, exclude]) => {
  try {
    const made = host.packageAgent(folder, '3.13', entrypoint, exclude, '');
    return { hash: made.contentHash, warnings: made.warnings, notices: made.notices,
             metadata: host.agentMetadata(folder, '3.13', entrypoint, exclude) };
  } catch (error) { return { refused: error.message }; }
});
console.log(JSON.stringify(answers));
"""


def _hard_cases(root: Path) -> list[tuple[str, list[str], list[str]]]:
    """Folders whose names sort apart in UTF-16, with globs, links, modes, requirements; and some to be refused."""
    hard = root / "hard"
    wheel(hard / "wheels", "geometry")
    project(hard / "prices", "prices")
    write(hard, agent_py="import geometry\nimport requests\n")
    write(hard, requirements_txt="--no-index\n--find-links wheels\ngeometry\n./prices\n")
    for name in ("\U0001f600.txt", "\uff5e.txt", "\u00e9.txt", "e\u0301.txt", "a[1].txt", "a1.txt", "B.txt", ".hidden"):
        (hard / name).write_text(name, encoding="utf-8")
    write(hard, data__v1_json="1", data__v2_json="2", logs__a_log="x", logs__b_log="y")
    (hard / ".streaming-agent-ignore").write_text("logs/[ac].log\n/data/v?.json\n!data/v2.json\n", encoding="utf-8")
    (hard / "latest.json").symlink_to("data/v2.json")
    (hard / "again").symlink_to("logs")
    (hard / "gone").symlink_to("nowhere")
    (hard / ".env.local").write_text("A=1", encoding="utf-8")
    (hard / "run.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (hard / "run.sh").chmod(0o755)
    bare = write(root / "bare", agent_py="print('serving')\n")
    pipfile = write(root / "pipfile", agent_py="")
    (pipfile / "Pipfile").write_text('[packages]\nsix = "*"\n', encoding="utf-8")
    out = write(root / "out", agent_py="")
    (out / "data").symlink_to(root / "hard")
    script = ["agent.py"]
    return [
        (str(hard), script, []),
        (str(hard), script, ["*.txt", "!B.txt", "prices/src/"]),
        (str(hard), ["geometry-run", "agent.py"], ["a[[]1].txt", "**/v2.json"]),
        (str(bare), script, []),
        (str(bare), ["no-such-command", "agent.py"], []),
        (str(bare), script, ["*.py"]),
        (str(bare), ["python3.13", "agent.py"], []),
        (str(pipfile), script, []),
        (str(out), script, []),
    ]


def _by_python(cases: list[tuple[str, list[str], list[str]]]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    for folder, entrypoint, exclude in cases:
        try:
            made = host.package_agent(folder, "3.13", entrypoint, exclude, "")
        except StreamingAgentError as error:
            answers.append({"refused": str(error)})
            continue
        metadata = host.agent_metadata(folder, "3.13", entrypoint, exclude)
        answers.append(
            {"hash": made.content_hash, "warnings": made.warnings, "notices": made.notices, "metadata": metadata}
        )
    return answers


def _in_typescript(answer: dict[str, Any]) -> dict[str, Any]:
    """A refusal names options as TypeScript writes them."""
    if "refused" not in answer:
        return answer
    sentence = answer["refused"].replace("exclude=[", "exclude: [").replace("entrypoint='", "entrypoint: '")
    return {"refused": sentence}


def _by_node(package: Path, cases: list[tuple[str, list[str], list[str]]], **environment: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", "-e", ASKS, str(package / "lib" / "host.js"), json.dumps(cases)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def test_both_package_the_same(jsii_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = _hard_cases(tmp_path)
    monkeypatch.setenv("STREAMING_AGENT_CACHE_DIR", str(tmp_path / "python"))
    python = _by_python(cases)
    node = _by_node(jsii_package, cases, STREAMING_AGENT_CACHE_DIR=str(tmp_path / "node"))
    assert node == [_in_typescript(answer) for answer in python]
    assert [("hash" in answer) for answer in python] == [True] * 4 + [False] * 5
    assert "write entrypoint: 'agent.py'" in node[6]["refused"]
    assert "with exclude: ['data']" in node[8]["refused"]
    assert len({answer["hash"] for answer in python if "hash" in answer}) == 4


def _without_uv(folder: Path, python3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found but Node, and a `python3`."""
    (folder / "path").mkdir()
    (folder / "path" / "python3").write_text(f"#!/bin/sh\n{python3}\n", encoding="utf-8")
    (folder / "path" / "python3").chmod(0o755)
    node = subprocess.run(["which", "node"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "path" / "node").symlink_to(Path(node).resolve())
    monkeypatch.setitem(sys.modules, "uv", None)
    monkeypatch.setenv("PATH", str(folder / "path"))
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("STREAMING_AGENT_CACHE_DIR", str(folder / "cache"))


def test_without_uv_both_say_the_same(jsii_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent that requires nothing is packaged all the same, by the Python that is there."""
    cases = _hard_cases(tmp_path)
    _without_uv(tmp_path, f'exec "{sys.executable}" -S "$@"', monkeypatch)  # -S: its site-packages have uv
    python = _by_python([cases[0], cases[3]])
    node = _by_node(jsii_package, [cases[0], cases[3]])
    assert "uv is not installed" in python[0]["refused"]
    assert "uv is not installed" in node[0]["refused"]
    assert node[0]["refused"].index("docs.astral.sh") < node[0]["refused"].index("pip install uv")
    assert node[1] == python[1]


def test_what_a_python_that_fails_says_is_shown(
    jsii_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = _hard_cases(tmp_path)
    _without_uv(tmp_path, 'echo "no module named packager" >&2; exit 1', monkeypatch)
    [answer] = _by_node(jsii_package, [cases[3]])
    assert "python3, which packages the agent without it, fails: no module named packager" in answer["refused"]
