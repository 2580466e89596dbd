"""What is translated does what it did: every function of `cases/` runs in Python and in Node, and says the same."""

import importlib
import inspect
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.kept import ROOT, Kept
from tools.pyjsii.reader.names import camel
from tools.pyjsii.translate import emit

CASES = Path(__file__).parent / "cases"
MODULES = ("text", "numbers", "collections", "control", "classes", "inner.lazy")
# As jsii has it, but that jsii also wants a package around it.
COMPILER = {
    "target": "ES2022",
    "module": "CommonJS",
    "strict": True,
    "noUnusedLocals": True,
    "noUnusedParameters": True,
    "noImplicitReturns": True,
    "skipLibCheck": True,
    "rootDir": "src",
    "outDir": "lib",
}
RUNNER = """
const said = {};
for (const [name, module, exported] of JSON.parse(process.argv[1])) {
  try { said[name] = { value: require(`./lib/${module}.js`)[exported]() ?? null }; }
  catch (error) { said[name] = { error: error.message }; }
}
console.log(JSON.stringify(said));
"""


def functions() -> list[tuple[str, str, Any]]:
    found = []
    for name in MODULES:
        module = importlib.import_module(f"tests.integration.pyjsii.cases.{name}")
        own = [f for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == module.__name__]
        found += [(f"{name}.{f.__name__}", name.replace(".", "/"), f) for f in own if not f.__name__.startswith("_")]
    return found


@pytest.fixture(scope="session")
def in_node(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each case says in Node, after the TypeScript compiler had no objection."""
    folder = tmp_path_factory.mktemp("cases")
    emit(CASES, folder / "src")
    made_of = [folder / "src", RUNNER, json.dumps(COMPILER)]
    if said := kept.said("cases", made_of):
        return dict(said)
    (folder / "node_modules").symlink_to(ROOT / "npm" / "node_modules")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": COMPILER, "include": ["src"]}))
    _node(folder, "node_modules/typescript/bin/tsc", "--project", ".")
    asked = [[name, module, camel(f.__name__)] for name, module, f in functions()]
    said = json.loads(_node(folder, "-e", RUNNER, json.dumps(asked)))
    kept.keep("cases", made_of, said)
    return dict(said)


def _node(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["node", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("name", "case"), [pytest.param(name, f, id=name) for name, _, f in functions()])
def test_translated_code_says_what_python_says(name: str, case: Any, in_node: dict[str, Any]) -> None:
    assert in_node[name] == _in_python(case)


def _in_python(case: Any) -> dict[str, Any]:
    try:
        return {"value": case()}
    except (LookupError, ArithmeticError, ValueError) as error:
        return {"error": str(error)}
