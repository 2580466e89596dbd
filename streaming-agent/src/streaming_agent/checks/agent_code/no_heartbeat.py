"""no-heartbeat: nothing is sent while a tool works."""

import ast
from collections.abc import Iterator

from ..finding import Severity
from ..rule import APIGW, Rule
from .module import AgentModule, CodeHit, calls, dotted

RULE = Rule(
    code="CHK093",
    name="no-heartbeat",
    severity=Severity.NOTE,
    title="Silence while a tool works",
    why="API Gateway ends a stream after 5 minutes without a byte, an edge-optimised API or CloudFront after 30 s.",
    fix="race the stream with a timer (asyncio.wait(…, timeout=10)) and yield a comment or a waiting event",
    source=f"{APIGW}/response-streaming-http.html",
    group="Agent code",
)
_TIMERS = ("wait_for", "timeout", "with_heartbeat", "heartbeat", "keep_alive", "move_on_after", "EventSourceResponse")


def check(module: AgentModule) -> Iterator[CodeHit]:
    """Every place that the rule finds."""
    if not module.entrypoints or module.uses_streaming_agent:
        return
    with_tools = None
    for call in calls(module.tree):
        name = dotted(call.func).rpartition(".")[2]
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        if name in _TIMERS or "ping" in keywords or (name == "wait" and "timeout" in keywords):
            return
        tools = keywords.get("tools")
        if tools is not None and not (isinstance(tools, ast.List) and not tools.elts):
            with_tools = with_tools or call
    if with_tools is not None:
        yield CodeHit(
            RULE,
            with_tools.lineno,
            module.entrypoints[0].name,
            "the agent has tools, and nothing is sent while one of them works",
            RULE.severity,
        )
