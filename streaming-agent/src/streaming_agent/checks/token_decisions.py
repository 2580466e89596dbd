"""Which token each layer takes: the gateway's Cognito authorizer and the runtime's JWT authorizer of one route."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..template import Reference, TemplateResource, Unknown
from ..template.symbols import SYMBOL
from .agent_routes import AgentRoute, CheckContext

_POOL_ARN = re.compile(r"arn:.*:userpool/(?P<pool>[^/]+)", re.DOTALL)
_DISCOVERY = re.compile(r"https://cognito-idp\..*/(?P<pool>[^/]+)/\.well-known/.+", re.DOTALL)


@dataclass(frozen=True)
class TokenDecision:
    """A route whose token both layers judge."""

    agent: AgentRoute
    runtime: TemplateResource
    jwt: dict[str, Any]

    @property
    def where(self) -> str:
        """The runtime for people, with its stack where that is another one."""
        if self.runtime.stack is self.agent.resource.stack:
            return self.runtime.logical_id
        return f"{self.runtime.logical_id} (stack {self.runtime.stack.name})"

    @property
    def route(self) -> str:
        """The route for people, with its stack where that is another one."""
        if self.runtime.stack is self.agent.resource.stack:
            return self.agent.route.label
        return f"{self.agent.route.label} (stack {self.agent.resource.stack.name})"


JWT_PATH = ("AuthorizerConfiguration", "CustomJWTAuthorizer")


def token_decisions(context: CheckContext) -> Iterator[TokenDecision]:
    """The routes with a Cognito authorizer to a runtime with a JWT authorizer, both in the templates."""
    for agent in context.agent_routes:
        if agent.route.authorization.kind != "COGNITO_USER_POOLS" or agent.address is None:
            continue
        runtime = agent.address.resource
        jwt = context.jwt_authorizer(runtime) if runtime is not None else None
        if runtime is not None and isinstance(jwt, dict):
            yield TokenDecision(agent, runtime, jwt)


def discovery_pool(context: CheckContext, jwt: dict[str, Any]) -> Reference | str | None:
    """The pool that a discovery address names: a reference, or its id as text; `None` when it is none of Cognito's."""
    url = jwt.get("DiscoveryUrl")
    if not isinstance(url, str):
        return None
    for reference in context.symbols.references(url):
        if context.view.type_of(reference) == "AWS::Cognito::UserPool":
            return Reference(reference.stack, reference.logical_id)
    found = _DISCOVERY.fullmatch(url)
    return found["pool"] if found and not SYMBOL.search(found["pool"]) else None


def authorizer_pools(context: CheckContext, agent: AgentRoute) -> list[Reference | str] | Unknown | None:
    """The pools of a route's authorizer; why they are not known; `None` without an authorizer that is known."""
    authorizer = agent.route.authorization.authorizer
    if authorizer is None or not authorizer.provider_arns:
        return None
    pools: list[Reference | str] = []
    for arn in authorizer.provider_arns:
        if unknown := context.symbols.unknown(arn):
            return unknown
        if not isinstance(arn, str):
            return None
        pool = next(
            (one for one in context.symbols.references(arn) if context.view.type_of(one) == "AWS::Cognito::UserPool"),
            None,
        )
        if pool is not None:
            pools.append(Reference(pool.stack, pool.logical_id))
        elif found := _POOL_ARN.fullmatch(arn):
            pools.append(found["pool"])
    return pools


def shown_pool(pool: Reference | str) -> str:
    """A pool for people."""
    return pool.logical_id if isinstance(pool, Reference) else pool


def clients_named(context: CheckContext, jwt: dict[str, Any]) -> Iterator[tuple[str, int, TemplateResource]]:
    """The pool clients of the templates that a JWT authorizer lists: the list, the place in it, the client."""
    for name in ("AllowedClients", "AllowedAudience"):
        listed = jwt.get(name)
        for index, one in enumerate(listed if isinstance(listed, list) else []):
            client = context.view.resource(one)
            if client is not None and client.type == "AWS::Cognito::UserPoolClient":
                yield name, index, client


def pool_of_client(context: CheckContext, client: TemplateResource) -> Reference | str | None:
    """The pool that a client belongs to."""
    reference = context.symbols.reference(client.get("UserPoolId"))
    if reference is not None:
        return Reference(reference.stack, reference.logical_id)
    return context.literal(client.get("UserPoolId"))
