"""Who issues the tokens that the routes and runtimes take: the app's user pools, and fakes of all others."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from .agentcore import JwtAuthorizer, Runtime
from .api_gateway import CognitoAuthorizer, LocalRoute, RestApi
from .cognito import UserPool, fake_pool, fake_provider, read_pools
from .values import LocalValues


def leads_to(route: LocalRoute, runtime: Runtime) -> bool:
    """Whether a route leads to a runtime, or lets the request say to which."""
    name = route.runtime_id
    return name is not None and (name in (runtime.id, runtime.arn) or name.startswith("{"))


def pools_of_the_app(read: Sequence[RestApi], runtimes: Sequence[Runtime], values: LocalValues) -> Iterator[UserPool]:
    """The templates' pools that an authorizer or a runtime names."""
    arns = {
        arn
        for api in read
        for route in api.routes
        if isinstance(route.authorizer, CognitoAuthorizer)
        for arn in route.authorizer.pool_arns
    }
    return read_pools(values, lambda pool_id, arn: arn in arns or _is_named(pool_id, runtimes))


def _is_named(pool_id: str, runtimes: Sequence[Runtime]) -> bool:
    return any(one.authorizer and f"/{pool_id}" in one.authorizer.discovery_url for one in runtimes)


def issuers_elsewhere(
    runtimes: Sequence[Runtime], pools: Sequence[UserPool], values: LocalValues
) -> Iterator[UserPool]:
    """Fakes of issuers that the templates refer to and don't make."""
    rules_of: dict[str, list[JwtAuthorizer]] = {}
    for runtime in runtimes:
        if runtime.authorizer and not any(is_issuer(pool, runtime.authorizer.discovery_url) for pool in pools):
            rules_of.setdefault(runtime.authorizer.discovery_url, []).append(runtime.authorizer)
    for discovery_url, rules in rules_of.items():
        client_ids = [client for rule in rules for client in (*rule.clients, *rule.audiences)] or ["local"]
        pool_id = _cognito_pool_of(discovery_url)
        if pool_id is not None:
            region = pool_id.partition("_")[0] if "_" in pool_id else values.region
            arn = f"arn:{values.partition}:cognito-idp:{region}:{values.account}:userpool/{pool_id}"
            yield fake_pool(arn, client_ids)
        else:
            yield fake_provider(discovery_url, client_ids, _claims_of_a_provider(rules))


def unite_unknown_pools(read: Sequence[RestApi], runtimes: Sequence[Runtime], pools: Sequence[UserPool]) -> None:
    """A pool that only an authorizer names, in a form that leads to none, is the issuer of the route's runtime."""
    known = {pool.arn for pool in pools} | {name for pool in pools for name in pool.also_known_as}
    for api in read:
        for route in api.routes:
            if not isinstance(route.authorizer, CognitoAuthorizer):
                continue
            runtime = next((one for one in runtimes if leads_to(route, one) and one.authorizer), None)
            rules = runtime.authorizer if runtime is not None else None
            issuer = next((pool for pool in pools if rules and is_issuer(pool, rules.discovery_url)), None)
            for arn in route.authorizer.pool_arns:
                if arn not in known and issuer is not None and not issuer.logical_id:
                    issuer.also_known_as.add(arn.rpartition("/")[2])


def _claims_of_a_provider(rules: Sequence[JwtAuthorizer]) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    for rule in rules:
        claims |= {"aud": list(rule.audiences)} if rule.audiences else {}
        claims |= {"client_id": rule.clients[0]} if rule.clients else {}
        claims |= {"scope": " ".join(rule.scopes)} if rule.scopes else {}
    return claims


def give_required_claims(pool: UserPool, runtimes: Sequence[Runtime]) -> None:
    """Users of a local run may do what the template lets somebody do: they have the groups and claims it asks for."""
    for runtime in runtimes:
        if runtime.authorizer and is_issuer(pool, runtime.authorizer.discovery_url):
            for rule in runtime.authorizer.claims:
                if rule.name != "token_use":
                    pool.claims[rule.name] = rule.values[0] if rule.operator == "EQUALS" else list(rule.values)


def is_issuer(pool: UserPool, discovery_url: str) -> bool:
    """Whether the tokens of a pool are those of the issuer at this discovery address."""
    if pool.discovery_url is not None:
        return pool.discovery_url == discovery_url
    return pool.is_called(_cognito_pool_of(discovery_url))


def _cognito_pool_of(discovery_url: str) -> str | None:
    try:
        address = urlsplit(discovery_url)
    except ValueError:  # made of a pool's ARN that is none
        return None
    parts = address.path.split("/")
    return parts[1] if address.netloc.startswith("cognito-idp.") and len(parts) > 1 and parts[1] else None
