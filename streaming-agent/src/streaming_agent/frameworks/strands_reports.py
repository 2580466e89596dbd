"""What an agent of Strands reports, as an answer's events."""

from typing import Any

from ..events import AnswerEvent, Source, Thinking, Tool, Usage
from .conversations import structured, tool_state


def agent_events(report: Any, names: dict[str, str], thinking: bool) -> list[AnswerEvent]:
    """What one report says to callers.

    :param report: What `stream_async` yields.
    :param names: The tools by the ids of their uses, kept from report to report.
    :param thinking: Whether to report the model's thinking.
    """
    if "data" in report:
        return [report["data"]] if report["data"] else []
    if text := report.get("reasoningText"):
        return [Thinking(text)] if thinking else []
    if citation := report.get("citation"):
        return [Source(citation.get("title") or "", ((citation.get("location") or {}).get("web") or {}).get("url"))]
    if use := _started(report):
        names[use["toolUseId"]] = use["name"]
        return [Tool(use["name"], id=use["toolUseId"])]
    message = report.get("message")
    if message and message["role"] == "user":
        return [
            Tool(names.get(result["toolUseId"], ""), id=result["toolUseId"], state=tool_state(result["status"]))
            for result in (content["toolResult"] for content in message["content"] if "toolResult" in content)
        ]
    if (result := report.get("result")) is not None:
        output = getattr(result, "structured_output", None)
        # accumulated_usage adds up over the agent's whole life
        usages = [rounds.usage for rounds in result.metrics.agent_invocations[-1:]]
        return [
            *([] if output is None else [structured(output)]),
            *(Usage(usage["inputTokens"], usage["outputTokens"]) for usage in usages),
        ]
    return []


def _started(report: Any) -> Any:
    event = report.get("event")
    if not isinstance(event, dict):
        return None
    return ((event.get("contentBlockStart") or {}).get("start") or {}).get("toolUse")
