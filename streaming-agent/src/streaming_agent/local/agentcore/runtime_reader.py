"""AgentCore runtimes as the template says: authorizer, environment, code, headers, lifecycle."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...template import Refusal, Resolver, Resource, Stack

IDLE_SECONDS = 900
LIFETIME_SECONDS = 28_800


@dataclass(frozen=True, kw_only=True)
class ClaimRule:
    """One entry of CustomClaims."""

    name: str
    operator: str  # EQUALS, CONTAINS or CONTAINS_ANY
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class JwtAuthorizer:
    """A CustomJWTAuthorizer; an empty list is one that the template doesn't set."""

    discovery_url: str
    audiences: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    claims: tuple[ClaimRule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CodeArtifact:
    """A Python agent's folder and the command that AgentCore starts it with."""

    folder: Path | None  # None: the code is not in the assembly
    entry_point: tuple[str, ...]
    language: str  # PYTHON_3_13, NODE_22


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """One AWS::BedrockAgentCore::Runtime."""

    logical_id: str
    id: str
    arn: str
    artifact: CodeArtifact | None  # None: a container
    authorizer: JwtAuthorizer | None
    environment: Mapping[str, str]
    allowed_headers: tuple[str, ...]
    idle_seconds: int
    lifetime_seconds: int
    endpoints: frozenset[str]


def read_runtimes(resolver: Resolver, stack: Stack, given_variables: Collection[str] = ()) -> Iterator[Runtime]:
    """The template's runtimes; environment variables that the user gives need not resolve."""
    endpoints: dict[str, set[str]] = {}
    for endpoint in resolver.template.of_type("AWS::BedrockAgentCore::RuntimeEndpoint"):
        if resolver.exists(endpoint):
            name = resolver.property(endpoint, "Name")
            endpoints.setdefault(resolver.property(endpoint, "AgentRuntimeId"), set()).add(name)
    for resource in resolver.template.of_type("AWS::BedrockAgentCore::Runtime"):
        if not resolver.exists(resource):
            continue
        runtime_id = resolver.ref(resource)

        def get(path: str, default: Any = None, resource: Resource = resource) -> Any:
            return resolver.property(resource, path, default)

        yield Runtime(
            logical_id=resource.logical_id,
            id=runtime_id,
            arn=resolver.attribute(resource, "AgentRuntimeArn"),
            artifact=_artifact(get, stack),
            authorizer=_authorizer(get),
            environment=_environment(resource, resolver, given_variables),
            allowed_headers=tuple(get("RequestHeaderConfiguration.RequestHeaderAllowlist", [])),
            idle_seconds=int(get("LifecycleConfiguration.IdleRuntimeSessionTimeout", IDLE_SECONDS)),
            lifetime_seconds=int(get("LifecycleConfiguration.MaxLifetime", LIFETIME_SECONDS)),
            endpoints=frozenset({"DEFAULT", *endpoints.get(runtime_id, ())}),
        )


def _artifact(get: Callable[..., Any], stack: Stack) -> CodeArtifact | None:
    code = "AgentRuntimeArtifact.CodeConfiguration"
    if get(code) is None:
        return None
    return CodeArtifact(
        folder=stack.assets.get(get(f"{code}.Code.S3.Prefix")),
        entry_point=tuple(get(f"{code}.EntryPoint", ["main.py"])),
        language=get(f"{code}.Runtime", ""),
    )


def _authorizer(get: Callable[..., Any]) -> JwtAuthorizer | None:
    jwt = "AuthorizerConfiguration.CustomJWTAuthorizer"
    if get(jwt) is None:
        return None
    return JwtAuthorizer(
        discovery_url=get(f"{jwt}.DiscoveryUrl"),
        audiences=tuple(get(f"{jwt}.AllowedAudience", [])),
        clients=tuple(get(f"{jwt}.AllowedClients", [])),
        scopes=tuple(get(f"{jwt}.AllowedScopes", [])),
        claims=tuple(_claim_rule(entry) for entry in get(f"{jwt}.CustomClaims", [])),
    )


def _claim_rule(entry: Mapping[str, Any]) -> ClaimRule:
    match = entry["AuthorizingClaimMatchValue"]
    value = match["ClaimMatchValue"]
    values = value.get("MatchValueStringList") or [value["MatchValueString"]]
    return ClaimRule(name=entry["InboundTokenClaimName"], operator=match["ClaimMatchOperator"], values=tuple(values))


def _environment(resource: Resource, resolver: Resolver, given: Collection[str]) -> dict[str, str]:
    environment = {}
    for name in resource.properties.get("EnvironmentVariables", {}):
        if name in given:
            continue
        try:
            environment[name] = str(resolver.property(resource, f"EnvironmentVariables.{name}"))
        except Refusal as refusal:
            raise Refusal(
                refusal.code, f"{refusal.sentence}; give the agent a value of its own with --env {name}=…"
            ) from refusal
    return environment
