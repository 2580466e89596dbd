"""import-state: what is made at import is shared by every session."""

import ast
from collections.abc import Iterator

from ..finding import Severity
from ..rule import AGENTCORE, Rule
from .module import AgentModule, CodeHit, dotted, own

RULE = Rule(
    code="CHK094",
    name="import-state",
    severity=Severity.NOTE,
    title="State that is made at import",
    why=(
        "Platform version V2 restores every session from one snapshot taken after start-up: ids, random seeds, clients"
        " and histories that a module makes at import are the same in each."
    ),
    fix="make it in the entrypoint, or in a function that makes it when it is first asked",
    source=f"{AGENTCORE}/runtime-v2-optimize.html",
    group="Agent code",
)
_ONCE = {
    "uuid.uuid4": "an id",
    "uuid4": "an id",
    "uuid.uuid1": "an id",
    "time.time": "a time",
    "datetime.now": "a time",
    "datetime.datetime.now": "a time",
    "datetime.utcnow": "a time",
    "boto3.client": "a client with credentials",
    "boto3.resource": "a client with credentials",
    "boto3.Session": "a session with credentials",
    "Agent": "an agent with its history",
    "strands.Agent": "an agent with its history",
}
_RANDOM = ("random.", "secrets.", "numpy.random.", "np.random.")


def check(module: AgentModule) -> Iterator[CodeHit]:
    """Every place that the rule finds."""
    if not module.entrypoints:
        return
    for statement in module.tree.body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or not isinstance(statement.value, ast.Call):
            continue
        for call in (one for one in ast.walk(statement.value) if isinstance(one, ast.Call)):
            name = dotted(call.func)
            what = _ONCE.get(name) or ("a random value" if name.startswith(_RANDOM) else None)
            if what is not None:
                yield CodeHit(
                    RULE,
                    statement.lineno,
                    "",
                    f"{name} makes {what} at import, which every session shares",
                    RULE.severity,
                )
                break
    yield from _written(module)


def _written(module: AgentModule) -> Iterator[CodeHit]:
    """Mappings and lists of the module that a call writes into."""
    shared = {
        target.id: statement.lineno
        for statement in module.tree.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        and isinstance(statement.value, (ast.Dict, ast.List, ast.Set))
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    }
    told = set()
    for function in module.reached():
        for node in own(function, ast.Subscript):
            name = node.value.id if isinstance(node.value, ast.Name) else ""
            if isinstance(node.ctx, ast.Store) and name in shared and name not in told:
                told.add(name)
                yield CodeHit(
                    RULE,
                    shared[name],
                    "",
                    f"{function.name} writes into {name}, which is made at import",
                    RULE.severity,
                )
        for call in own(function, ast.Call):
            if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
                name = call.func.value.id
                if (
                    name in shared
                    and call.func.attr in ("append", "extend", "update", "add", "setdefault")
                    and name not in told
                ):
                    told.add(name)
                    yield CodeHit(
                        RULE,
                        shared[name],
                        "",
                        f"{function.name} writes into {name}, which is made at import",
                        RULE.severity,
                    )
