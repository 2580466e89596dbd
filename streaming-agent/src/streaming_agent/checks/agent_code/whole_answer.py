"""whole-answer: an entrypoint that gives its answer at once."""

import ast
from collections.abc import Iterator

from ..finding import Severity
from ..rule import AGENTCORE, Rule
from .module import AgentModule, CodeHit, Function, dotted, is_generator, own

RULE = Rule(
    code="CHK090",
    name="whole-answer",
    severity=Severity.WARNING,
    title="An entrypoint that answers at once",
    why="Only a generator (or a StreamingResponse) is sent piece by piece: what is returned comes when all is done.",
    fix='async for event in agent.stream_async(prompt): if "data" in event: yield {"text": event["data"]}',
    source=f"{AGENTCORE}/response-streaming.html",
    group="Agent code",
)


def check(module: AgentModule) -> Iterator[CodeHit]:
    """Every place that the rule finds."""
    for function in module.entrypoints:
        if is_generator(function) or module.uses_streaming_agent:
            continue
        returned = [node.value for node in own(function, ast.Return) if node.value is not None]
        if not returned or any(_may_stream(module, function, value) for value in returned):
            continue
        yield CodeHit(
            RULE,
            returned[-1].lineno,
            function.name,
            f"{function.name} returns its answer as a whole: the caller waits for all of it",
            RULE.severity,
        )


def _may_stream(module: AgentModule, function: Function, value: ast.expr) -> bool:
    """Whether a returned value is a generator or a response, or may be one."""
    if isinstance(value, ast.Await):
        value = value.value
    if isinstance(value, (ast.GeneratorExp, ast.IfExp)):
        return True
    if isinstance(value, ast.Name):
        return any(
            _may_stream(module, function, node.value)
            for node in own(function, ast.Assign)
            if any(isinstance(target, ast.Name) and target.id == value.id for target in node.targets)
        ) or _is_local_generator(module, value.id)
    if not isinstance(value, ast.Call):
        return False
    name = dotted(value.func)
    if name in module.functions:
        target = module.functions[name]
        return is_generator(target) or any(
            node.value is not None and target is not function and _may_stream(module, target, node.value)
            for node in own(target, ast.Return)
        )
    return not _is_whole(name)


def _is_local_generator(module: AgentModule, name: str) -> bool:
    target = module.functions.get(name)
    return target is not None and is_generator(target)


def _is_whole(name: str) -> bool:
    """Whether a call is known to give plain data: a framework's call for the whole answer, a conversion."""
    last = name.rpartition(".")[2]
    plain = (
        "str",
        "dict",
        "list",
        "dumps",
        "invoke",
        "ainvoke",
        "run",
        "run_sync",
        "JSONResponse",
        "model_dump",
        "kickoff",
    )
    return last in (
        *plain,
        "invoke_async",
        "agent",
        "format",
        "join",
        "to_dict",
        "graph",
        "JsonResponse",
        "PlainTextResponse",
    )
