"""cors-star: any page may read the agent's answers."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..cors import preflight_headers, preflight_of
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK079",
    name="cors-star",
    severity=Severity.NOTE,
    title="Any page may call",
    why="With * the page of anybody may call with a token that it has; together with credentials browsers refuse it.",
    fix="Access-Control-Allow-Origin: 'https://app.example.org'",
    source=f"{APIGW}/how-to-cors.html",
    group="Limits, logs, deployment",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    told = set()
    for agent in context.agent_routes:
        found = preflight_of(agent)
        if found is None:
            continue
        place, path = found
        headers = preflight_headers(agent)
        if headers.get("access-control-allow-origin") == "*" and (id(place), path) not in told:
            told.add((id(place), path))
            credentials = headers.get("access-control-allow-credentials", "").lower() == "true"
            extra = " together with credentials, which browsers refuse" if credentials else ""
            yield RULE.hit(
                place,
                path,
                f"the preflight of {agent.route.label} allows every origin{extra}",
                severity=Severity.ERROR if credentials else Severity.NOTE,
            )
