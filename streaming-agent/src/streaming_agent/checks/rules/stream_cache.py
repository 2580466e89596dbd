"""stream-cache: a stage cache in front of a route that streams."""

from collections.abc import Iterator

from ...template.method_settings import settings_of
from ...template.plain_values import as_flag
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK012",
    name="stream-cache",
    severity=Severity.WARNING,
    title="A cache in front of a stream",
    why="Endpoint caching is not supported with STREAM.",
    fix="MethodSettings: [{ResourcePath: <the route>, HttpMethod: <its method>, CachingEnabled: false}]",
    source=f"{APIGW}/response-transfer-mode.html",
    group="Streaming",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for stage, routes in context.stages():
        if as_flag(stage.get("CacheClusterEnabled")) is not True:
            continue
        for agent in routes:
            caching = settings_of(stage, agent.route).get("CachingEnabled")
            if agent.streams and as_flag(caching) is not False:
                yield RULE.hit(
                    stage.resource,
                    (*stage.path, "CacheClusterEnabled"),
                    f"the stage has a cache, and {agent.route.label} streams without caching switched off for it",
                )
