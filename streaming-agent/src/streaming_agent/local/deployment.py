"""What an app's templates say is there: APIs that lead to agents, their issuers, runtimes and functions.

Everything is read before anything is started.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..template import Api, Refusal, StackTemplate, TemplateResource, TemplateSet, Unknown, apis
from ..template.partitions import url_suffix_of
from .agentcore import JwtAuthorizer, Runtime, read_runtime, runtime_elsewhere
from .api_gateway import CognitoAuthorizer, LambdaAuthorizer, LocalRoute, RestApi, leads_to_an_agent, read_rest_api
from .clock import Clock
from .cognito import PoolClient, UserPool
from .functions import Function, read_function
from .issuers import (
    give_required_claims,
    is_issuer,
    issuers_elsewhere,
    leads_to,
    pools_of_the_app,
    unite_unknown_pools,
)
from .local_options import LocalOptions
from .secrets_manager import read_secrets
from .values import LocalValues

_log = logging.getLogger("streaming_agent.local")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The parts of an app that run locally."""

    apis: Sequence[RestApi]  # those that lead to an agent; the first one is the main one
    route: LocalRoute  # the first one of the first API that leads to a runtime and can run
    pools: Sequence[UserPool]
    runtimes: Sequence[Runtime]
    functions: Mapping[TemplateResource, Function]  # those of the APIs' authorizers
    account: str
    secrets: Mapping[str, str]  # by ARN, those that the templates make

    @property
    def api(self) -> RestApi:
        """The API of `route`."""
        return self.apis[0]

    @property
    def runtime(self) -> Runtime:
        """The runtime behind `route`."""
        return next(one for one in self.runtimes if leads_to(self.route, one))

    @property
    def sign_in(self) -> tuple[UserPool, PoolClient] | None:
        """The issuer and the client whose tokens `route` takes; `None` when its runtime takes no tokens."""
        rules = self.runtime.authorizer
        if rules is None:
            return None
        wanted = {*rules.audiences, *rules.clients}
        for pool in self.pools:
            clients = sorted(pool.clients.values(), key=lambda client: client.id not in wanted)
            if clients and is_issuer(pool, rules.discovery_url):
                return pool, clients[0]
        return None


def read_deployment(templates: TemplateSet, options: LocalOptions, clock: Clock) -> Deployment:
    """Reads what the templates say of the APIs in one stack (`options.stack`, or the only one that has such)."""
    view = templates.view()
    made_up: dict[str, str] = {}
    values = LocalValues(view, lambda unknown, value: _note(unknown, value, made_up))
    written = _chosen_apis(apis(view), values, options.stack)
    read = [read_rest_api(api, values, clock) for api in written]
    runtimes = list(_runtimes(read, values, options))
    pools = list(pools_of_the_app(read, runtimes, values))
    runtimes = [_with_issuer(one, read) for one in runtimes]
    pools += issuers_elsewhere(runtimes, pools, values)
    unite_unknown_pools(read, runtimes, pools)
    for pool in pools:
        give_required_claims(pool, runtimes)
    functions, read = _functions(read, values)
    read = [_without_lost_routes(api, runtimes) for api in read]
    route = _main_route(read)
    for api in read:
        _tell_of(api)
    return Deployment(
        apis=read,
        route=route,
        pools=pools,
        runtimes=runtimes,
        functions=functions,
        account=values.account,
        secrets=read_secrets(values),
    )


def _note(unknown: Unknown, value: str, made_up: dict[str, str]) -> None:
    if unknown.what not in made_up and not unknown.what.startswith("resolve:"):
        made_up[unknown.what] = value
        _log.info("made up: %s, as %s", unknown.why, value)


# ---------------------------------------------------------------------- which APIs
def _chosen_apis(found: Sequence[Api], values: LocalValues, stack: str | None) -> list[Api]:
    """The REST APIs with an agent behind them, of the stack that is asked for."""
    streaming = [
        api for api in found if api.kind == "REST" and any(leads_to_an_agent(route, values) for route in api.routes)
    ]
    stacks = {root.name: root for api in streaming if (root := _root_of(api)) is not None}
    if stack is not None:
        streaming = [api for api in streaming if stack in _names_of(api)]
        if not streaming:
            raise _no_api(found, values, stack)
        return streaming
    if not streaming:
        raise _no_api(found, values, None)
    if len(stacks) > 1:
        raise Refusal(
            "SAL003",
            f"several stacks have an API that leads to an agent: choose one with --stack ({', '.join(stacks)})",
        )
    return streaming


def _root_of(api: Api) -> StackTemplate | None:
    stack = api.resource.stack if api.resource is not None else (api.routes[0].resource.stack if api.routes else None)
    while stack is not None and stack.parent is not None:
        stack = stack.parent
    return stack


def _names_of(api: Api) -> set[str]:
    stack = api.resource.stack if api.resource is not None else None
    names = set()
    while stack is not None:
        names.add(stack.name)
        stack = stack.parent
    return names


def _no_api(found: Sequence[Api], values: LocalValues, stack: str | None) -> Refusal:
    """Says what is there and not run, never that nothing is there."""
    names = ", ".join(one.name for one in values.view.templates.stacks if one.parent is None)
    where = f"stack {stack}" if stack is not None else f"the app ({names})"
    if stack is not None and not any(one.name == stack for one in values.view.templates.stacks):
        return Refusal("SAL004", f"the app has no stack {stack}: it has {names}")
    http = [api.label for api in found if api.kind == "HTTP" and any(leads_to_an_agent(r, values) for r in api.routes)]
    if http:
        return Refusal(
            "SAL005", f"the HTTP API {http[0]} leads to an agent, and HTTP APIs cannot stream: use a REST API"
        )
    unknown = [reason for api in found for reason in api.unknown_routes]
    if unknown:
        return Refusal("SAL005", f"{where} has no route to an agent that can be read: {unknown[0].why}")
    present = ", ".join(api.label for api in found) or "no API"
    return Refusal(
        "SAL005",
        f"{where} has no REST API with a route to https://bedrock-agentcore.…/runtimes/…/invocations; it has {present}",
    )


# ---------------------------------------------------------------------- runtimes
def _runtimes(read: Sequence[RestApi], values: LocalValues, options: LocalOptions) -> Iterator[Runtime]:
    """The runtimes that the routes lead to."""
    named = [route.runtime_id for api in read for route in api.routes if route.runtime_id is not None]
    every = any(name.startswith("{") for name in named)  # the request says which
    known: set[str] = set()
    for resource in values.view.resources("AWS::BedrockAgentCore::Runtime"):
        identities = {values.ref(resource), values.attribute(resource, "AgentRuntimeArn")}
        if every or identities & set(named):
            known |= identities
            yield read_runtime(resource, values, options.environment)
    for name in dict.fromkeys(named):
        if name not in known and not name.startswith("{") and (options.agent or options.agent_url):
            yield runtime_elsewhere(name, values, None)


def _with_issuer(runtime: Runtime, read: Sequence[RestApi]) -> Runtime:
    """A runtime that is not in the template takes the tokens that its route's authorizer takes."""
    if runtime.endpoints is not None:
        return runtime
    for api in read:
        for route in api.routes:
            if leads_to(route, runtime) and isinstance(route.authorizer, CognitoAuthorizer):
                pool_id = next(iter(route.authorizer.pool_arns), "").rpartition("/")[2]
                region = pool_id.partition("_")[0]
                host = f"cognito-idp.{region}.{url_suffix_of(region)}"
                url = f"https://{host}/{pool_id}/.well-known/openid-configuration"
                return replace(runtime, authorizer=JwtAuthorizer(discovery_url=url))
    return replace(runtime, authorizer=JwtAuthorizer(discovery_url="https://issuer.local.invalid"))


def _without_lost_routes(api: RestApi, runtimes: Sequence[Runtime]) -> RestApi:
    """A route whose runtime is nowhere is not run."""

    def checked(route: LocalRoute) -> LocalRoute:
        if route.runtime_id is None or route.not_run is not None or any(leads_to(route, one) for one in runtimes):
            return route
        sentence = (
            f"{route.http_method} {route.path} is not run locally: the runtime {route.runtime_id} is in no template of"
            " this app: give its code with --agent, or its address with --agent-url"
        )
        return replace(route, not_run=Refusal("SAL009", sentence))

    return replace(api, routes=tuple(checked(route) for route in api.routes))


def _main_route(read: list[RestApi]) -> LocalRoute:
    problems: list[Refusal] = []
    for index, api in enumerate(read):
        for route in api.routes:
            if route.runtime_id is None:
                continue
            if route.not_run is None:
                read.insert(0, read.pop(index))
                return route
            problems.append(route.not_run)
    if not problems:
        raise Refusal("SAL005", f"the path of the route to the agent in {read[0].label} is not known before deployment")
    raise problems[0]


def _tell_of(api: RestApi) -> None:
    for route in api.routes:
        if route.not_run is not None:
            _log.warning("%s", route.not_run)
        elif route.runtime_id is not None and not route.integration.streams:
            sentence = (
                f"{route.label}.Integration.ResponseTransferMode is BUFFERED: the answer comes at once, and after"
                f" {route.integration.timeout_ms / 1000:g} s it is a 504; set it to STREAM"
            )
            _log.warning("%s", Refusal("SAL010", sentence))
    if api.web_acl.not_modelled:
        rules = api.web_acl.not_modelled
        count = f"{len(rules)} rule{'s' * (len(rules) != 1)} of the web ACL"
        _log.info("%s cannot be applied locally: %s", count, ", ".join(rules))


# ---------------------------------------------------------------------- functions
def _functions(read: Sequence[RestApi], values: LocalValues) -> tuple[dict[TemplateResource, Function], list[RestApi]]:
    """The authorizers' functions, and the APIs without the routes whose function cannot be read."""
    functions: dict[TemplateResource, Function] = {}

    def checked(route: LocalRoute) -> LocalRoute:
        if not isinstance(route.authorizer, LambdaAuthorizer) or route.not_run is not None:
            return route
        resource = route.authorizer.function
        try:
            if resource not in functions:
                functions[resource] = read_function(resource, values)
        except Refusal as refusal:
            return replace(route, not_run=refusal)
        return route

    return functions, [replace(api, routes=tuple(map(checked, api.routes))) for api in read]
