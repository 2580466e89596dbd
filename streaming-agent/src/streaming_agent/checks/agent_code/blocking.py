"""blocking: a call that holds up the event loop, and every stream in it."""

import ast
from collections.abc import Iterator

from ..finding import Severity
from ..rule import Rule
from .module import AgentModule, CodeHit, Function, dotted, is_generator, own

RULE = Rule(
    code="CHK092",
    name="blocking",
    severity=Severity.WARNING,
    title="A blocking call in an async stream",
    why="While it waits nothing is sent, not even a heartbeat, and no other stream of the process moves.",
    fix="await asyncio.to_thread(call, …), or the library's async call",
    source="https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code",
    group="Agent code",
)
_BLOCKING = {
    "time.sleep": "await asyncio.sleep(…)",
    "input": "the payload",
    "subprocess.run": "asyncio.create_subprocess_exec",
    "subprocess.check_output": "asyncio.create_subprocess_exec",
    "subprocess.check_call": "asyncio.create_subprocess_exec",
    "os.system": "asyncio.create_subprocess_exec",
    "urllib.request.urlopen": "an async HTTP client",
}
_HTTP_VERBS = ("get", "post", "put", "patch", "delete", "head", "request", "stream")
_CLIENT_MODULES = ("requests", "httpx")


def check(module: AgentModule) -> Iterator[CodeHit]:
    """Every place that the rule finds."""
    imported = _imported(module)
    clients = _boto_clients(module)
    agents = _agents(module)
    for function in module.reached():
        if not isinstance(function, ast.AsyncFunctionDef) or not (is_generator(function) or _feeds(module, function)):
            continue
        for call in own(function, ast.Call):
            name = dotted(call.func)
            full = imported.get(name.partition(".")[0], name.partition(".")[0]) + name[len(name.partition(".")[0]) :]
            fix = _fix(full, name, clients, agents, call, function)
            if fix is not None:
                yield CodeHit(
                    RULE,
                    call.lineno,
                    function.name,
                    f"{full} blocks the stream of {function.name}: {fix} does not",
                    RULE.severity,
                )


def _feeds(module: AgentModule, function: Function) -> bool:
    """Whether it is awaited by an entrypoint that streams."""
    return any(is_generator(entrypoint) for entrypoint in module.entrypoints) and function not in module.entrypoints


def _fix(
    full: str, name: str, clients: set[str], agents: set[str], call: ast.Call, function: ast.AsyncFunctionDef
) -> str | None:
    if full in _BLOCKING:
        return _BLOCKING[full]
    head, _, last = full.rpartition(".")
    if head in _CLIENT_MODULES and last in _HTTP_VERBS:
        return "an async HTTP client"
    if name.partition(".")[0] in clients and "." in name and not _awaited(function, call):
        return "await asyncio.to_thread(…)"
    if (name in agents or name == "Agent()") and not _awaited(function, call):
        return "agent.stream_async(…)"
    return None


def _awaited(function: ast.AsyncFunctionDef, call: ast.Call) -> bool:
    return any(node.value is call for node in own(function, ast.Await))


def _imported(module: AgentModule) -> dict[str, str]:
    """What each name that is imported means: `from time import sleep as nap` gives nap -> time.sleep."""
    found: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.asname:
                    found[one.asname] = one.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                found[one.asname or one.name] = f"{node.module}.{one.name}"
    return found


def _assigned(module: AgentModule, makers: tuple[str, ...]) -> set[str]:
    return {
        target.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and dotted(node.value.func) in makers
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _boto_clients(module: AgentModule) -> set[str]:
    return _assigned(module, ("boto3.client", "boto3.resource"))


def _agents(module: AgentModule) -> set[str]:
    return _assigned(module, ("Agent", "strands.Agent"))
