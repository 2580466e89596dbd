"""CloudFront distributions as the rules see them: which behaviour leads to an agent's API, URL or balancer."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..template import Api, TemplateResource
from ..template.line_numbers import Step
from .agent_routes import AgentRoute, CheckContext
from .balancers import serves_agent
from .function_urls import FunctionUrl, function_urls


@dataclass(frozen=True, eq=False)
class Origin:
    """An origin that leads to an agent, or may.

    `kind` is api, url or alb. Whether an API streams that is not in the template is not known: `certain` is false.
    """

    distribution: TemplateResource
    index: int
    written: dict[str, Any]
    kind: str
    certain: bool
    routes: tuple[AgentRoute, ...] = ()
    url: FunctionUrl | None = None
    api: Api | None = None

    @property
    def path(self) -> tuple[Step, ...]:
        """Where it stands."""
        return ("DistributionConfig", "Origins", self.index)

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.written.get("Id", ""))


@dataclass(frozen=True, eq=False)
class Behavior:
    """A cache behaviour that leads to such an origin."""

    distribution: TemplateResource
    path: tuple[Step, ...]
    pattern: str
    written: dict[str, Any]
    origin: Origin

    @property
    def label(self) -> str:
        """The behaviour for people."""
        return f"behaviour {self.pattern}"


def origins(context: CheckContext) -> Iterator[Origin]:
    """Every origin that leads to an agent, or may."""
    urls = list(function_urls(context))
    for distribution in context.view.resources("AWS::CloudFront::Distribution"):
        for index, written in enumerate(distribution.items("DistributionConfig", "Origins")):
            if isinstance(written, dict):
                found = _origin(context, distribution, index, written, urls)
                if found is not None:
                    yield found


def _origin(
    context: CheckContext, distribution: TemplateResource, index: int, written: dict[str, Any], urls: list[FunctionUrl]
) -> Origin | None:
    domain = written.get("DomainName")
    if not isinstance(domain, str):
        return None
    for resource in map(context.view.resource, context.symbols.references(domain)):
        if resource is None:
            continue
        for api in context.apis:
            if api.resource is resource and (routes := tuple(context.routes_of(api))):
                return Origin(distribution, index, written, "api", True, routes, api=api)
            if api.resource is resource:
                return None
        for url in urls:
            if url.resource is resource and url.function is not None:
                asks = url.function.may_ask_agent or url.function.may_ask_model or url.function.streams
                return Origin(distribution, index, written, "url", True, url=url) if asks or url.streams else None
        if resource.type == "AWS::ElasticLoadBalancingV2::LoadBalancer":
            return Origin(distribution, index, written, "alb", True) if serves_agent(context, resource) else None
    if ".execute-api." in domain:
        return Origin(distribution, index, written, "api", False)
    if ".lambda-url." in domain:
        return Origin(distribution, index, written, "url", False)
    return None


def behaviors(context: CheckContext) -> Iterator[Behavior]:
    """Every behaviour that leads to an agent, or may, in the order in which CloudFront asks them."""
    by_distribution: dict[int, list[Origin]] = {}
    for origin in origins(context):
        by_distribution.setdefault(id(origin.distribution), []).append(origin)
    for found in by_distribution.values():
        distribution = found[0].distribution
        written = _written(distribution)
        for position, (path, pattern, behavior) in enumerate(written):
            target = next((one for one in found if one.id == behavior.get("TargetOriginId")), None)
            if target is not None and _serves(target, pattern, [earlier for _, earlier, _ in written[:position]]):
                yield Behavior(distribution, path, pattern, behavior, target)


def _written(distribution: TemplateResource) -> list[tuple[tuple[Step, ...], str, dict[str, Any]]]:
    config = "DistributionConfig"
    found: list[tuple[tuple[Step, ...], str, dict[str, Any]]] = [
        ((config, "CacheBehaviors", index), str(one.get("PathPattern", "*")), one)
        for index, one in enumerate(distribution.items(config, "CacheBehaviors"))
        if isinstance(one, dict)
    ]
    default = distribution.get(config, "DefaultCacheBehavior")
    if isinstance(default, dict):
        found.append(((config, "DefaultCacheBehavior"), "*", default))
    return found


def _serves(origin: Origin, pattern: str, earlier: list[str]) -> bool:
    """Whether an agent's route is reached through a behaviour, and through none before it."""
    paths = [
        (agent.route.url_path, f"/{stage}{agent.route.url_path}")
        for agent in origin.routes
        if agent.route.url_path is not None
        for stage in _stage_names(agent.route.api)
    ]
    if not paths:
        return True
    return any(
        any(_matches(path, pattern) and not any(_matches(path, other) for other in earlier) for path in candidates)
        for candidates in paths
    )


def _stage_names(api: Api) -> list[str]:
    """The names of an API's stages; any name where none is in the template."""
    return [stage.name for stage in api.stages] or ["*"]


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern if pattern.startswith(("/", "*")) else f"/{pattern}")
