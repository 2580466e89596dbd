"""mypy reads every module of aws_cdk that is used here: one that it skips is Any, and hides mistakes."""

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("src", "streaming-agent/src", "examples", "tools", "npm", "demo", "bench", "integ")
_CLASS = re.compile(r"^class \w+\(([^)]*)\):", re.MULTILINE)
_ALIAS = re.compile(r"^\s+import (aws_cdk\S*) as (_\w+)$", re.MULTILINE)


def read_by_mypy() -> set[str]:
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["overrides"]
    (modules,) = [one["module"] for one in overrides if one["follow_imports"] == "normal"]
    return set(modules)


def used(tree: ast.AST) -> Iterator[str]:
    """The modules of aws_cdk that a file imports, or names as an attribute of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and str(node.module).split(".")[0] == "aws_cdk":
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "aws_cdk":
            yield f"aws_cdk.{node.attr}"


def cdk() -> Path:
    spec = importlib.util.find_spec("aws_cdk")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def is_module(name: str) -> bool:
    return cdk().joinpath(*name.split(".")[1:]).is_dir()


def skipped(tree: ast.AST) -> set[str]:
    known = read_by_mypy()
    names = {name for name in used(tree) if name.startswith("aws_cdk.") and name not in known}
    return {name for name in names if re.fullmatch(r"aws_cdk\.[a-z0-9_.]+", name) and is_module(name)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_that_is_used_is_read(folder: str) -> None:
    found = {}
    for path in (ROOT / folder).rglob("*.py"):
        if {"node_modules", "cdk.out", "build"}.isdisjoint(path.parts) and "assets" not in path.parts:
            missing = skipped(ast.parse(path.read_text(encoding="utf-8")))
            found.update({name: path.relative_to(ROOT).as_posix() for name in missing})
    assert found == {}, "add it to CDK_MODULES in .projenrc.py, and run `make projen`"


@pytest.mark.parametrize(
    "code", ["from aws_cdk import aws_sqs", "import aws_cdk.aws_sqs as sqs", "from aws_cdk.aws_sqs import Queue"]
)
def test_one_that_is_not_read_is_found(code: str) -> None:
    assert skipped(ast.parse(code)) == {"aws_cdk.aws_sqs"}


def test_no_class_has_a_base_in_a_module_that_is_skipped() -> None:
    """Such a class would have every attribute."""
    known = read_by_mypy()
    package, classes, found = cdk(), 0, set()
    for name in sorted(known):
        path = package.joinpath(*name.split(".")[1:], "__init__.py")
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        modules = {alias: module for module, alias in _ALIAS.findall(text)}
        for bases in _CLASS.findall(text):
            classes += 1
            of = {modules.get(line.strip().partition(".")[0], "aws_cdk") for line in bases.split(",")}
            found |= {one for one in of if one not in known and not one.startswith("aws_cdk.interfaces")}
    assert classes > 1000
    assert found == set(), "add it to CDK_MODULES in .projenrc.py, and run `make projen`"
