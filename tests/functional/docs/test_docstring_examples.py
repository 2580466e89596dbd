"""The examples in the docstrings of public names run, and what they make synthesises."""

import ast
import os
import re
from importlib import import_module
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_cognito as cognito
from streaming_agent import client
from streaming_agent.client import AgentAddress

import streaming_agent_construct

from . import code_blocks
from .code_blocks import CodeBlock, docstring_examples
from .conftest import PASSWORD
from .running import run

CONSTRUCTS = docstring_examples(code_blocks.CONSTRUCTS)
CLIENT = docstring_examples(code_blocks.CLIENT)
# Nobody makes these: one is raised, one is returned, one is chosen from.
WITHOUT_EXAMPLE = {"AgentRoute", "SessionBinding", "StreamingAgentError"}


@pytest.mark.parametrize("block", CONSTRUCTS, ids=str)
def test_a_constructs_example_runs_and_synthesises(block: CodeBlock) -> None:
    app = App(context={"aws:cdk:bundling-stacks": []})
    stack = Stack(app, "Chat")
    pool = cognito.UserPool(stack, "Pool")
    given = {"app": app, "stack": stack, "user_pool": pool, "client": pool.add_client("Client")}
    run(block, _imported_by(block) | _public(streaming_agent_construct) | given)
    app.synth()


@pytest.mark.parametrize("block", CLIENT, ids=str)
def test_a_clients_example_runs(block: CodeBlock, address: AgentAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_TOKEN", "eyJ.eyJ.sig")
    monkeypatch.setenv("CLIENT_SECRET", "secret")
    given = {"address": address, "password": PASSWORD, "getpass": lambda: PASSWORD, "os": os}
    run(block, _public(client) | given)


def test_every_public_name_that_users_make_has_an_example() -> None:
    words = set(re.findall(r"\w+", " ".join(block.text for block in CONSTRUCTS)))
    assert set(streaming_agent_construct.__all__) - words == WITHOUT_EXAMPLE


def _imported_by(block: CodeBlock) -> dict[str, Any]:
    """What the example's own module imports, as a reader of the file sees it: also what it imports for annotations."""
    name = ".".join(block.path.relative_to(code_blocks.CONSTRUCTS.parent).with_suffix("").parts)
    known = dict(vars(import_module(name)))
    for node in ast.walk(ast.parse(block.path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module != "__future__":
            exec(ast.unparse(node), known)
    return known


def _public(package: Any) -> dict[str, Any]:
    return {name: getattr(package, name) for name in package.__all__}
