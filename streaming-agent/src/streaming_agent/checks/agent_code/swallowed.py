"""swallowed: the text of an exception goes to the caller."""

import ast
from collections.abc import Iterator

from ..finding import Severity
from ..rule import AGENTCORE, Rule
from .module import AgentModule, CodeHit, dotted, own

RULE = Rule(
    code="CHK095",
    name="swallowed",
    severity=Severity.NOTE,
    title="An exception's text goes to the caller",
    why="Exceptions name hosts, paths, roles and prompts; and the log no longer says that the call failed.",
    fix='log.exception("the agent failed"), then yield {"error": "the agent failed"}',
    source=f"{AGENTCORE}/runtime-troubleshooting.html",
    group="Agent code",
)
_BROAD = ("Exception", "BaseException")


def check(module: AgentModule) -> Iterator[CodeHit]:
    """Every place that the rule finds."""
    for function in module.reached():
        for handler in own(function, ast.ExceptHandler):
            broad = handler.type is None or dotted(handler.type) in _BROAD
            if not broad or handler.name is None:
                continue
            for node in ast.walk(handler):
                if not isinstance(node, (ast.Yield, ast.Return)) or node.value is None:
                    continue
                value = node.value
                if any(isinstance(one, ast.Name) and one.id == handler.name for one in ast.walk(value)):
                    yield CodeHit(
                        RULE,
                        node.lineno,
                        function.name,
                        f"{function.name} sends the text of an exception to the caller: details leak",
                        RULE.severity,
                    )
                    break
