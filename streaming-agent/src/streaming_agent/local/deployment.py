"""What a stack says is there: its API, its pools, its runtimes. Read whole before anything is started."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..template import Refusal, Resolver, Stack, shaped
from .agentcore import JwtAuthorizer, Runtime, read_runtimes
from .api_gateway import LambdaAuthorizer, RestApi, Route, read_rest_apis
from .clock import Clock
from .cognito import PoolClient, UserPool, fake_pool, fake_provider, read_pools
from .functions import Function, read_function
from .identities import DEFAULT_ACCOUNT, resolver
from .secrets_manager import read_secrets

_log = logging.getLogger("streaming_agent.local")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The parts of one stack that run locally."""

    api: RestApi
    route: Route  # the first one that leads to a runtime
    pools: Sequence[UserPool]
    runtimes: Sequence[Runtime]
    functions: Mapping[str, Function]  # by ARN, those of the API's authorizers
    account: str
    secrets: Mapping[str, str]  # by ARN, those that the template makes

    @property
    def runtime(self) -> Runtime:
        """The runtime behind `route`."""
        runtime_id = urlsplit(self.route.integration.uri).path.split("/")[2]
        return next(runtime for runtime in self.runtimes if runtime.id == runtime_id)

    @property
    def sign_in(self) -> tuple[UserPool, PoolClient] | None:
        """The issuer and the client whose tokens `route` takes; `None` when its runtime takes no tokens."""
        rules = self.runtime.authorizer
        if rules is None:
            return None
        wanted = {*rules.audiences, *rules.clients}
        for pool in self.pools:
            clients = sorted(pool.clients.values(), key=lambda client: client.id not in wanted)
            if clients and _is_issuer(pool, rules.discovery_url):
                return pool, clients[0]
        return None


def has_streaming_api(stack: Stack) -> bool:
    """Whether the stack's template has an API with an AgentCore runtime behind it; nothing else is resolved."""
    types = {resource.type for resource in stack.template.resources.values()}
    if "AWS::ApiGateway::RestApi" not in types:
        return False
    values = resolver(stack)
    with _as_documented(values):
        return any(
            _invokes_a_runtime(values.property(method, "Integration.Uri", ""))
            for method in stack.template.of_type("AWS::ApiGateway::Method")
            if values.exists(method) and values.property(method, "Integration.Type") == "HTTP_PROXY"
        )


def read_deployment(stack: Stack, clock: Clock, given_variables: Collection[str] = ()) -> Deployment:
    """Reads what a stack with a streaming API says."""
    values = resolver(stack)
    with _as_documented(values):
        return _read(stack, values, clock, given_variables)


def _as_documented(values: Resolver) -> AbstractContextManager[None]:
    return shaped("SAL016", lambda: f"{values.read_last} must be as CloudFormation documents it")


def _read(stack: Stack, values: Resolver, clock: Clock, given_variables: Collection[str]) -> Deployment:
    runtimes = list(read_runtimes(values, stack, given_variables))
    for api in read_rest_apis(values, clock):
        routes = [route for route in api.routes if _invokes_a_runtime(route.integration.uri)]
        if not routes:
            continue
        for route in routes:
            _check(route, runtimes)
        if api.firewall.not_modelled:
            _log.info("not judged locally: %s of the firewall", ", ".join(api.firewall.not_modelled))
        pools = list(read_pools(values))
        pools += _issuers_elsewhere(runtimes, pools)
        for pool in pools:
            _give_required_claims(pool, runtimes)
        return Deployment(
            api=api,
            route=routes[0],
            pools=pools,
            runtimes=runtimes,
            functions=_functions(api, values, stack),
            account=stack.account or DEFAULT_ACCOUNT,
            secrets=read_secrets(values),
        )
    raise Refusal("SAL005", f"stack must have a REST API with an AgentCore runtime behind it, got {stack.name} without")


def _functions(api: RestApi, values: Resolver, stack: Stack) -> dict[str, Function]:
    known = {
        values.attribute(resource, "Arn"): resource
        for resource in values.template.of_type("AWS::Lambda::Function")
        if values.exists(resource)
    }
    functions = {}
    for route in api.routes:
        if isinstance(route.authorizer, LambdaAuthorizer):
            arn = route.authorizer.function_arn
            if arn not in known:
                raise Refusal(
                    "SAL014",
                    f"{route.logical_id}'s authorizer must be a function of the same template, got {arn}",
                )
            functions[arn] = read_function(known[arn], values, stack)
    return functions


def _invokes_a_runtime(uri: str) -> bool:
    address = urlsplit(uri)
    parts = address.path.split("/")
    return (
        address.netloc.startswith("bedrock-agentcore.")
        and len(parts) == 4
        and (parts[1], parts[3]) == ("runtimes", "invocations")
    )


def _check(route: Route, runtimes: Sequence[Runtime]) -> None:
    runtime_id = urlsplit(route.integration.uri).path.split("/")[2]
    if runtime_id not in {runtime.id for runtime in runtimes}:
        raise Refusal(
            "SAL009",
            f"{route.logical_id}.Integration.Uri must lead to a runtime of the same template, got {runtime_id}",
        )
    if not route.integration.streams:
        sentence = (
            f"{route.logical_id}.Integration.ResponseTransferMode should be STREAM, got BUFFERED: the answer comes at"
            f" once, and after {route.integration.timeout_ms / 1000:g} s it is a 504"
        )
        _log.warning("%s", Refusal("SAL010", sentence))


def _issuers_elsewhere(runtimes: Sequence[Runtime], pools: Sequence[UserPool]) -> Iterator[UserPool]:
    """Stand-ins for issuers that the template refers to and doesn't make."""
    rules_of: dict[str, list[JwtAuthorizer]] = {}
    for runtime in runtimes:
        if runtime.authorizer and not any(_is_issuer(pool, runtime.authorizer.discovery_url) for pool in pools):
            rules_of.setdefault(runtime.authorizer.discovery_url, []).append(runtime.authorizer)
    for discovery_url, rules in rules_of.items():
        client_ids = [client for rule in rules for client in (*rule.clients, *rule.audiences)]
        address = urlsplit(discovery_url)
        if address.netloc.startswith("cognito-idp."):
            region, pool_id = address.netloc.split(".")[1], address.path.split("/")[1]
            yield fake_pool(f"arn:aws:cognito-idp:{region}:{DEFAULT_ACCOUNT}:userpool/{pool_id}", client_ids)
        else:
            yield fake_provider(discovery_url, client_ids or ["local"], _claims_of_a_provider(rules))


def _claims_of_a_provider(rules: Sequence[JwtAuthorizer]) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    for rule in rules:
        claims |= {"aud": list(rule.audiences)} if rule.audiences else {}
        claims |= {"client_id": rule.clients[0]} if rule.clients else {}
        claims |= {"scope": " ".join(rule.scopes)} if rule.scopes else {}
    return claims


def _give_required_claims(pool: UserPool, runtimes: Sequence[Runtime]) -> None:
    """Users of a local run may do what the template lets somebody do: they have the groups and claims it asks for."""
    for runtime in runtimes:
        if runtime.authorizer and _is_issuer(pool, runtime.authorizer.discovery_url):
            for rule in runtime.authorizer.claims:
                if rule.name != "token_use":
                    pool.claims[rule.name] = rule.values[0] if rule.operator == "EQUALS" else list(rule.values)


def _is_issuer(pool: UserPool, discovery_url: str) -> bool:
    if pool.discovery_url is not None:
        return pool.discovery_url == discovery_url
    address = urlsplit(discovery_url)
    return address.netloc.startswith("cognito-idp.") and address.path.split("/")[1] == pool.id
