"""raw-events: every event of the framework goes to the caller."""

import ast
from collections.abc import Iterator

from ..finding import Severity
from ..rule import Rule
from .module import AgentModule, CodeHit, Function, dotted, own

RULE = Rule(
    code="CHK091",
    name="raw-events",
    severity=Severity.WARNING,
    title="Every event of the framework is sent",
    why="A framework's events hold message history, traces and reprs: 93 bytes on the wire for each byte of text.",
    fix='if "data" in event: yield {"text": event["data"]}',
    source="https://strandsagents.com/latest/documentation/docs/user-guide/concepts/streaming/overview/",
    group="Agent code",
)
_RAW_ONLY = ("stream_async", "astream_events", "stream_events", "run_stream_events")


def check(module: AgentModule) -> Iterator[CodeHit]:
    """Every place that the rule finds."""
    told: set[int] = set()
    for function in module.reached():
        loops: list[ast.AsyncFor | ast.For] = [*own(function, ast.AsyncFor), *own(function, ast.For)]
        for loop in loops:
            if not isinstance(loop.target, ast.Name) or not _is_raw(function, loop.iter):
                continue
            for node in ast.walk(loop):
                if isinstance(node, ast.Yield) and _is_event(node.value, loop.target.id) and node.lineno not in told:
                    if _picked(loop, node, loop.target.id):
                        continue
                    told.add(node.lineno)
                    yield CodeHit(
                        RULE,
                        node.lineno,
                        function.name,
                        f"{function.name} sends each event of the framework as it is",
                        RULE.severity,
                    )


def _is_event(value: ast.expr | None, name: str) -> bool:
    """Whether the event itself is sent: as it is, or only turned into text."""
    if isinstance(value, ast.Call) and dotted(value.func) in ("str", "json.dumps", "dumps", "repr") and value.args:
        value = value.args[0]
    return isinstance(value, ast.Name) and value.id == name


def _is_raw(function: Function, source: ast.expr) -> bool:
    """Whether a loop runs over a framework's stream: directly, or through a name of this function."""
    if isinstance(source, ast.Call):
        return dotted(source.func).rpartition(".")[2] in _RAW_ONLY
    if isinstance(source, ast.Name):
        return any(
            isinstance(node.value, ast.Call) and dotted(node.value.func).rpartition(".")[2] in _RAW_ONLY
            for node in own(function, ast.Assign)
            if any(isinstance(target, ast.Name) and target.id == source.id for target in node.targets)
        )
    return False


def _picked(loop: ast.AsyncFor | ast.For, node: ast.Yield, name: str) -> bool:
    """Whether a condition on the event stands around the yield, or the loop gives the name another value."""
    for inner in ast.walk(loop):
        around = isinstance(inner, ast.If) and any(child is node for child in ast.walk(inner))
        if around and isinstance(inner, ast.If):
            named = [one.id for one in ast.walk(inner.test) if isinstance(one, ast.Name)]
            if name in named:
                return True
        if isinstance(inner, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in inner.targets
        ):
            return True
        if isinstance(inner, ast.If) and any(isinstance(one, ast.Continue) for one in inner.body):
            return True
    return False
