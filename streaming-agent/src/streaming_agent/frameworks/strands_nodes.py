"""What a Graph or a Swarm of Strands reports: what its nodes say, as one answer's events."""

from typing import Any

from ..events import AnswerError, AnswerEvent, Tool, Usage
from .conversations import TOO_MANY_STEPS
from .strands_reports import agent_events

_LIMITS = "max_handoffs", "max_iterations", "max_node_executions"


class Nodes:
    """One node speaks at a time. Of a graph only those are heard that no other node follows."""

    def __init__(self, group: Any, thinking: bool) -> None:
        self._group = group
        self._thinking = thinking
        self._names: dict[str, dict[str, str]] = {}
        self._groups: dict[str, Nodes] = {}
        self._words: dict[str, list[AnswerEvent]] = {}
        self._speaker: str | None = None
        self._heard: str | None = None
        self._spoke: set[str] = set()
        self._read = self._written = 0

    def events(self, report: Any) -> list[AnswerEvent]:
        """What one report of the group says to callers."""
        match report.get("type"):
            case "multiagent_node_start":
                self._names.pop(report["node_id"], None)
                self._groups.pop(report["node_id"], None)
                self._spoke.discard(report["node_id"])
            case "multiagent_node_stream":
                return self._said(report["node_id"], report["event"])
            case "multiagent_node_stop":
                if self._speaker == report["node_id"]:
                    self._speaker = None
                    return self._speak()
            case "multiagent_handoff":
                for node in report["from_node_ids"]:
                    if not self._followers(node).isdisjoint(report["to_node_ids"]):
                        self._words.pop(node, None)
            case "multiagent_node_cancel":
                raise RuntimeError(report["message"])
            case "multiagent_result":
                rest = [event for node in list(self._words) for event in self._told(node)]
                return [*rest, Usage(self._read, self._written)]
        return []

    def _said(self, node: str, report: Any) -> list[AnswerEvent]:
        executor = self._group.nodes[node].executor
        tools: list[AnswerEvent] = []
        if hasattr(executor, "nodes"):
            events = self._groups.setdefault(node, Nodes(executor, self._thinking)).events(report)
        else:
            events = agent_events(report, self._names.setdefault(node, {}), self._thinking)
            if "result" in report and node not in self._spoke:
                events = [*_whole_text(report["result"]), *events]
        for event in events:
            match event:
                case Tool():
                    tools.append(event)
                case Usage():
                    self._read += event.input_tokens
                    self._written += event.output_tokens
                case _:
                    self._spoke.add(node)
                    self._words.setdefault(node, []).append(event)
        return [*tools, *self._speak()]

    def _speak(self) -> list[AnswerEvent]:
        told: list[AnswerEvent] = []
        for node in list(self._words):
            if self._speaker is None and not self._followers(node):
                self._speaker = node
            if self._speaker == node:
                told += self._told(node)
        return told

    def _told(self, node: str) -> list[AnswerEvent]:
        told: list[AnswerEvent] = []
        for event in self._words.pop(node):
            if isinstance(event, str):
                if self._heard not in {None, node}:
                    told.append("\n\n")
                self._heard = node
            told.append(event)
        return told

    def _followers(self, node: str) -> set[str]:
        edges = getattr(self._group, "edges", ())  # a swarm has none: nobody knows before who hands off
        return {edge.to_node.node_id for edge in edges if edge.from_node.node_id == node}


def _whole_text(result: Any) -> list[AnswerEvent]:
    """Of an agent that streams nothing as Strands' own do, such as a remote one."""
    return [content["text"] for content in result.message["content"] if content.get("text")]


def agents_of(agent: Any) -> list[Any]:
    """The agents that keep messages: the agent itself, or those of a group's nodes and of the groups among them."""
    if hasattr(agent, "nodes"):
        return [one for node in agent.nodes.values() for one in agents_of(node.executor)]
    return [agent] if hasattr(agent, "messages") else []


def groups_of(agent: Any) -> list[Any]:
    """The graph or swarm itself, and those among its nodes."""
    nodes = getattr(agent, "nodes", None)
    return [] if nodes is None else [agent, *(one for node in nodes.values() for one in groups_of(node.executor))]


def failure(group: Any, result: Any) -> Exception:
    """Why a group's run failed, where Strands does not raise it."""
    for name, node in result.results.items():
        if isinstance(node.result, Exception):
            return node.result
        if node.status.value == "failed" and hasattr(node.result, "results"):
            return failure(group.nodes[name].executor, node.result)
    steps = len(result.node_history if hasattr(result, "node_history") else result.execution_order)
    if any(limit is not None and steps >= limit for limit in (getattr(group, name, None) for name in _LIMITS)):
        return AnswerError(*TOO_MANY_STEPS)
    return RuntimeError("the run of the graph or swarm failed: the lines of Strands before this one say why")
