"""header-undeclared: a mapping from a request parameter that the method does not declare."""

import re
from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK035",
    name="header-undeclared",
    severity=Severity.ERROR,
    title="A mapping from a parameter that is not declared",
    why="A mapping from method.request.… needs the parameter declared on the method, or the deployment fails.",
    fix="RequestParameters of the method: {method.request.header.X: false}",
    source=f"{APIGW}/request-response-data-mappings.html",
    group="Address and headers",
    undecided="the method's parameters are not in the template",
)
_SOURCE = re.compile(r"method\.request\.(?P<multi>multivalue)?(?P<place>header|querystring|path)\.(?P<name>.+)")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        declared = agent.route.declared
        if declared is not None and not isinstance(declared, dict):
            continue
        known = {_normal(name) for name in declared or {}}
        for target, source in agent.parameters.items():
            found = _SOURCE.fullmatch(source) if isinstance(source, str) else None
            if found is None or context.symbols.of(str(source)):
                continue
            wanted = f"method.request.{found['place']}.{found['name']}"
            if _normal(wanted) not in known:
                yield RULE.hit(
                    agent.resource,
                    (*agent.at("parameters"), target),
                    f"{agent.route.label} maps {wanted}, which the method does not declare: the deployment fails",
                    fix=f"RequestParameters of the method: {{{wanted}: false}}",
                )


def _normal(name: str) -> str:
    name = name.replace("multivalueheader", "header").replace("multivaluequerystring", "querystring")
    return name.lower() if ".header." in name else name
