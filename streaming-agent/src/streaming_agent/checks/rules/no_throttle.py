"""no-throttle: a stage without limits of its own."""

from collections.abc import Iterator

from ...template import ApiStage
from ...template.method_settings import is_limit, method_settings, settings_of, settings_unknown
from ...template.plain_values import as_flag
from ..agent_routes import AgentRoute, CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule
from ..usage_plans import has_sam_plan, usage_plans

RULE = Rule(
    code="CHK070",
    name="no-throttle",
    severity=Severity.WARNING,
    title="A stage without limits",
    why="Without limits of the stage only the account's hold, and a flood of calls reaches the agent.",
    fix="MethodSettings: [{ResourcePath: /*, HttpMethod: '*', ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40}]",
    source=f"{APIGW}/api-gateway-request-throttling.html",
    group="Limits, logs, deployment",
    absence=True,
    undecided="the stage or its settings are not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, routes in context.stages():
        at = (*stage.path, "MethodSettings")
        open_routes = [agent for agent in routes if not _limited(context, stage, agent)]
        if not open_routes and routes:
            continue
        if not routes and any(_both(entry) for _, entry in method_settings(stage)):
            continue
        if unknown := settings_unknown(stage):
            yield RULE.cannot_tell(
                stage.resource, at, f"the settings of stage {stage.name} are not known: {unknown.why}"
            )
            continue
        name = context.symbols.shown(stage.name)
        what = open_routes[0].route.label if open_routes else "its routes"
        yield RULE.hit(stage.resource, at, f"stage {name} has no rate and burst limit for {what}")


def _limited(context: CheckContext, stage: ApiStage, agent: AgentRoute) -> bool:
    if _both(settings_of(stage, agent.route)):
        return True
    plans = any(plan.has("Throttle") for plan in usage_plans(context, stage)) or has_sam_plan(stage, "Throttle")
    return plans and as_flag(agent.route.api_key_required) is True


def _both(settings: dict[str, object]) -> bool:
    return all(is_limit(settings.get(name)) for name in ("ThrottlingRateLimit", "ThrottlingBurstLimit"))
