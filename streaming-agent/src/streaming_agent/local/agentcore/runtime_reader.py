"""AgentCore runtimes as the template says: authorizer, environment, code, headers, lifecycle."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ...template import Expected, TemplateResource
from ...template.source import exists
from ..agent_source import AgentSourceFolder, source_folder
from ..part import Part
from ..values import LocalValues
from .runtime_policy import RuntimePolicy, read_runtime_policy

IDLE_SECONDS = 900
LIFETIME_SECONDS = 28_800  # the longest, too
SHORTEST_LIFECYCLE_SECONDS = 60


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
    """An agent's code and the command that AgentCore starts it with."""

    location: Path | None  # a folder or a zip; None: the code is not on this machine
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
    endpoints: frozenset[str] | None  # None: not known, so every name is taken
    protocol: str  # HTTP, MCP, A2A, AGUI
    policy: RuntimePolicy | None  # None: no policy, so every caller with a good token may do everything
    ready_seconds: float = 30.0  # how long an agent may take to start
    source: AgentSourceFolder | None = None  # None: the assembly does not say where its sources are

    @property
    def port(self) -> int:
        """Where AgentCore asks the agent (AC `runtime-service-contract`)."""
        return {"MCP": 8000, "A2A": 9000}.get(self.protocol, 8080)

    @property
    def path(self) -> str:
        """What it asks there."""
        return {"MCP": "/mcp", "A2A": "/"}.get(self.protocol, "/invocations")


def read_runtime(resource: TemplateResource, values: LocalValues, given_variables: Collection[str] = ()) -> Runtime:
    """What one runtime says; environment variables that the user gives are not read."""
    of = values.of(resource)
    runtime_id = values.ref(resource)
    names = {"DEFAULT"}
    for endpoint in values.view.resources("AWS::BedrockAgentCore::RuntimeEndpoint"):
        if values.of(endpoint).text("AgentRuntimeId") in (runtime_id, values.attribute(resource, "AgentRuntimeArn")):
            names.add(values.of(endpoint).text("Name"))
    return Runtime(
        logical_id=resource.logical_id,
        id=runtime_id,
        arn=values.attribute(resource, "AgentRuntimeArn"),
        artifact=_artifact(resource, of),
        authorizer=_authorizer(resource, of),
        environment=_environment(resource, of, given_variables),
        allowed_headers=tuple(of.texts("RequestHeaderConfiguration", "RequestHeaderAllowlist")),
        idle_seconds=_lifecycle_seconds(of, "IdleRuntimeSessionTimeout", default=IDLE_SECONDS),
        lifetime_seconds=_lifecycle_seconds(of, "MaxLifetime", default=LIFETIME_SECONDS),
        endpoints=frozenset(names),
        protocol=of.text("ProtocolConfiguration", default="HTTP").upper(),
        policy=read_runtime_policy(resource, values),
        source=source_folder(resource),
        # AC `runtime-v2-optimize`: a V2 agent is started once, and has two minutes for it
        ready_seconds=120.0 if of.text("PlatformVersion").upper().endswith("V2") else 30.0,
    )


def _lifecycle_seconds(of: Expected, name: str, *, default: int) -> int:
    """A session's time, in AgentCore's bounds (`AWS::BedrockAgentCore::Runtime LifecycleConfiguration`)."""
    path = ("LifecycleConfiguration", name)
    seconds = of.number(*path, default=default)
    if not SHORTEST_LIFECYCLE_SECONDS <= seconds <= LIFETIME_SECONDS:
        raise of.wrong(f"{SHORTEST_LIFECYCLE_SECONDS} to {LIFETIME_SECONDS} seconds", *path)
    return int(seconds)


def runtime_elsewhere(name: str, values: LocalValues, authorizer: JwtAuthorizer | None) -> Runtime:
    """A runtime that no template of the app makes, by its id or ARN: the user gives its agent."""
    runtime_id = name.rpartition("runtime/")[2].partition("/")[0]
    return Runtime(
        logical_id=runtime_id,
        id=runtime_id,
        arn=f"arn:{values.partition}:bedrock-agentcore:{values.region}:{values.account}:runtime/{runtime_id}",
        artifact=None,
        authorizer=authorizer,
        environment={},
        allowed_headers=(),
        idle_seconds=IDLE_SECONDS,
        lifetime_seconds=LIFETIME_SECONDS,
        endpoints=None,
        protocol="HTTP",
        policy=None,
    )


def _artifact(resource: TemplateResource, of: Expected) -> CodeArtifact | None:
    code = ("AgentRuntimeArtifact", "CodeConfiguration")
    if not of.mapping(*code):
        return None
    key = of.text(*code, "Code", "S3", "Prefix")
    entry_point = of.texts(*code, "EntryPoint")
    return CodeArtifact(
        location=_location(resource, key),
        entry_point=tuple(entry_point or ["main.py"]),
        language=of.text(*code, "Runtime"),
    )


def _location(resource: TemplateResource, key: str) -> Path | None:
    """Where the code is on this machine: an asset of the assembly, or a file beside the template."""
    asset = resource.stack.assets.get(key)
    if asset is not None:
        return asset
    folder = resource.stack.path.parent if resource.stack.path is not None else None
    written = resource.body.metadata.get("aws:asset:path")
    for name in (written, key):
        if folder is not None and isinstance(name, str) and name and exists(folder / name):
            return folder / name
    return None


def _authorizer(resource: TemplateResource, of: Expected) -> JwtAuthorizer | None:
    jwt = ("AuthorizerConfiguration", "CustomJWTAuthorizer")
    if not of.mapping(*jwt):
        return None
    claims = Part(of.value(*jwt, "CustomClaims"), ".".join((resource.logical_id, *jwt, "CustomClaims")))
    return JwtAuthorizer(
        discovery_url=_address(of, *jwt, "DiscoveryUrl"),
        audiences=tuple(of.texts(*jwt, "AllowedAudience")),
        clients=tuple(of.texts(*jwt, "AllowedClients")),
        scopes=tuple(of.texts(*jwt, "AllowedScopes")),
        claims=tuple(_claim_rule(entry) for entry in claims.items()),
    )


def _address(of: Expected, *path: str) -> str:
    address = of.text(*path)
    try:
        urlsplit(address)
        address.encode()
    except ValueError:  # [ without ], or half a character
        raise of.wrong("an address", *path) from None
    return address


def _claim_rule(entry: Part) -> ClaimRule:
    match = entry.part("AuthorizingClaimMatchValue")
    value = match.part("ClaimMatchValue")
    values = value.part("MatchValueStringList").texts() or [value.text("MatchValueString")]
    return ClaimRule(
        name=entry.text("InboundTokenClaimName"), operator=match.text("ClaimMatchOperator"), values=tuple(values)
    )


def _environment(resource: TemplateResource, of: Expected, given: Collection[str]) -> dict[str, str]:
    written = resource.get("EnvironmentVariables")
    if written is not None and not isinstance(written, dict):
        raise of.wrong("a mapping", "EnvironmentVariables")
    return {name: of.text("EnvironmentVariables", name) for name in written or {} if name not in given}
