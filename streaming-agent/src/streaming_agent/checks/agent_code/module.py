"""An agent's module as the rules see it: its functions, its entrypoints, and who calls whom."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ..finding import Severity
from ..rule import Rule

_Node = TypeVar("_Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class CodeHit:
    """What a rule found in the code."""

    rule: Rule
    line: int
    function: str
    message: str
    severity: Severity


class AgentModule:
    """A parsed file.

    An entrypoint is a function with `@app.entrypoint` (AgentCore's SDK), with `@….post("/invocations")` (Starlette,
    FastAPI), or with `@app.answer`, `@app.agent` or `@answer` of streaming_agent.
    """

    def __init__(self, text: str, label: str) -> None:
        self.text = text
        self.label = label
        self.tree = ast.parse(text)
        self.functions: dict[str, Function] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.setdefault(node.name, node)

    @cached_property
    def entrypoints(self) -> list[Function]:
        """The functions that AgentCore's calls reach."""
        return [function for function in self.functions.values() if self._is_entrypoint(function)]

    def _is_entrypoint(self, function: Function) -> bool:
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = dotted(called).rpartition(".")[2]
            if name == "entrypoint" or (name == "answer" and self.uses_streaming_agent):
                return True
            if name in ("post", "route", "api_route") and isinstance(decorator, ast.Call) and decorator.args:
                path = decorator.args[0]
                if isinstance(path, ast.Constant) and path.value == "/invocations":
                    return True
        return function.name in self._routed

    @cached_property
    def _routed(self) -> set[str]:
        """Functions that a Starlette `Route("/invocations", function)` names."""
        found = set()
        for call in calls(self.tree):
            if dotted(call.func).rpartition(".")[2] in ("Route", "add_route", "add_api_route") and len(call.args) >= 2:
                path, target = call.args[:2]
                if isinstance(path, ast.Constant) and path.value == "/invocations" and isinstance(target, ast.Name):
                    found.add(target.id)
        return found

    @property
    def is_agent(self) -> bool:
        """Whether the module answers AgentCore's calls."""
        if self.entrypoints:
            return True
        return self.uses_streaming_agent and any(
            dotted(call.func).rpartition(".")[2] in ("StreamingAgent", "answer") for call in calls(self.tree)
        )

    @cached_property
    def uses_streaming_agent(self) -> bool:
        """Whether the module builds on streaming_agent, which streams, beats and hides by itself."""
        return any(
            (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streaming_agent")
            or (isinstance(node, ast.Import) and any(one.name.split(".")[0] == "streaming_agent" for one in node.names))
            for node in self.tree.body
        )

    def reached(self) -> list[Function]:
        """The entrypoints and every function of the module that they call, nested ones within them not counted."""
        found: list[Function] = []
        pending = list(self.entrypoints)
        while pending:
            function = pending.pop(0)
            if function in found:
                continue
            found.append(function)
            for call in own(function, ast.Call):
                target = self.functions.get(dotted(call.func))
                if target is not None:
                    pending.append(target)
            for name in own(function, ast.Name):
                target = self.functions.get(name.id)
                if target is not None and is_generator(target):
                    pending.append(target)
        return found


def own(function: Function, kind: type[_Node]) -> Iterator[_Node]:
    """The nodes of a kind in a function, without those of functions that are defined in it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop(0)
        if isinstance(node, kind):
            yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending.extend(ast.iter_child_nodes(node))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_generator(function: Function) -> bool:
    """Whether calling it gives a generator."""
    return any(True for _ in own(function, ast.Yield)) or any(True for _ in own(function, ast.YieldFrom))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; a call in it is written `a().b`."""
    parts: list[str] = []
    for _ in range(20):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            parts.append("()")
            node = node.func
        elif isinstance(node, ast.Name):
            parts.append(node.id)
            return ".".join(reversed(parts)).replace(".()", "()")
        else:
            parts.append("?")
            return ".".join(reversed(parts)).replace(".()", "()")
    return ""
