"""The whole chain of a stack on localhost: issuer, gateway and runtime behind three loopback listeners."""

import re
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from ..template import Refusal, Stack
from .agentcore import AgentCore, RunningRuntime
from .agents import Agents
from .api_gateway import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Gateway, IamAuthorizer
from .clock import Clock
from .cognito import Issuer
from .deployment import Deployment, read_deployment
from .functions import FunctionProcess
from .http_client import HttpClient
from .jwt_check import IssuerKeys
from .messages import Service
from .options import LocalOptions
from .secrets_manager import SecretsManager
from .server import LOOPBACK, HttpServer, bound_socket
from .tls import Certificate, made_certificate

_USERNAME = "developer"
_AGENT_PATH = re.compile(r"/agents/([^/{}]+)/invocations")  # where add_agent puts another agent
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}

__all__ = ["Endpoints", "LocalOptions", "running"]


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """Where the parts of a running chain are, and who can sign in."""

    url: str
    invocations_url: str
    runtime_url: str
    cognito_endpoint: str
    user_pool_id: str
    client_id: str
    username: str
    password: str
    transfer_mode: str  # STREAM or BUFFERED, as the template says
    token_type: str  # id or access: which of the sign-in's tokens the API takes
    api_key: str | None = None  # None: no method asks for one
    sign_in_url: str | None = None  # None: the client allows no sign-in by browser
    client_secret: str | None = None  # None: the client has none
    aws_access_key_id: str | None = None  # None: no method asks for AWS credentials
    aws_secret_access_key: str | None = None
    scopes: tuple[str, ...] = ()  # of which the API asks for one
    callback_url: str | None = None  # None: the client has none
    agents: tuple[str, ...] = ()  # the names of add_agent


@asynccontextmanager
async def running(stack: Stack, options: LocalOptions) -> AsyncIterator[Endpoints]:
    """Runs a stack until the context is left; nothing is left running then."""
    async with AsyncExitStack() as held:
        gateway_socket = held.enter_context(bound_socket(options.port))
        issuer_socket = held.enter_context(bound_socket(0))
        runtime_socket = held.enter_context(bound_socket(0))
        work = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="streaming-agent-")))
        clock = Clock(options.time_scale)
        deployment = read_deployment(stack, clock, options.environment)
        certificate = made_certificate(work)
        secure_socket = held.enter_context(bound_socket(0))
        secrets_socket = held.enter_context(bound_socket(0))
        http_client = await held.enter_async_context(HttpClient(certificate.client_context()))

        secure_origin = _origin(secure_socket, scheme="https")
        issuer = Issuer(deployment.pools, _origin(issuer_socket), clock, secure_origin=secure_origin)
        keys = _KeyFinder(issuer, http_client, clock)
        functions = _functions(deployment, issuer, certificate, work)
        for function in functions.values():
            held.push_async_callback(function.aclose)
        secrets = SecretsManager(deployment.secrets)
        agents = await held.enter_async_context(
            Agents(deployment, options, work, http_client, clock, _secrets_environment(deployment, secrets_socket))
        )
        runtimes = [RunningRuntime(one, agents.of(one), keys.at, clock) for one in deployment.runtimes]
        agentcore = AgentCore(runtimes, deployment.account, http_client)
        gateway = Gateway(
            deployment.api,
            backend_at=lambda origin: _backend(origin, agentcore),
            keys_of_pool=keys.of_pool,
            call_function=lambda arn, event: functions[arn].call(event),
            clock=clock,
        )
        await held.enter_async_context(HttpServer(issuer, secure_socket, certificate.server_context()))
        for room, listening in (
            (secrets, secrets_socket),
            (issuer, issuer_socket),
            (agentcore, runtime_socket),
            (gateway, gateway_socket),
        ):
            await held.enter_async_context(HttpServer(room, listening))
        yield _ready(deployment, options, _origin(gateway_socket), _origin(runtime_socket), issuer)


class _KeyFinder:
    """Finds an issuer's keys: those of the template's pools at the local issuer, any other's at their address."""

    def __init__(self, issuer: Issuer, http_client: HttpClient, clock: Clock) -> None:
        self._issuer = issuer
        self._http_client = http_client
        self._clock = clock

    def of_pool(self, pool_id: str) -> IssuerKeys:
        return self._of(self._issuer.discovery_url_of(pool_id))

    def at(self, discovery_url: str) -> IssuerKeys:
        return self._of(self._issuer.discovery_url_for(discovery_url) or discovery_url)

    def _of(self, discovery_url: str) -> IssuerKeys:
        return IssuerKeys(discovery_url, self._http_client.fetch_json, self._clock)


def _backend(origin: str, agentcore: AgentCore) -> Service:
    if not urlsplit(origin).netloc.startswith("bedrock-agentcore."):
        raise ConnectionError("the local run has only AgentCore behind its gateway")
    return agentcore


def _functions(
    deployment: Deployment, issuer: Issuer, certificate: Certificate, work: Path
) -> dict[str, FunctionProcess]:
    """The authorizers' functions; what they know of an OpenID provider leads to its stand-in."""
    moved = {}
    for pool in deployment.pools:
        if pool.discovery_url is not None:
            moved[pool.discovery_url] = issuer.discovery_url_of(pool.id)
            moved[pool.discovery_url.removesuffix("/.well-known/openid-configuration")] = issuer.issuer_of(pool.id)
    trusted = {"NODE_EXTRA_CA_CERTS": str(certificate.file), "SSL_CERT_FILE": str(certificate.file)}
    return {
        arn: FunctionProcess(
            replace(
                function, environment={name: moved.get(value, value) for name, value in function.environment.items()}
            ),
            work / "functions",
            trusted,
        )
        for arn, function in deployment.functions.items()
    }


def _secrets_environment(deployment: Deployment, listening: socket.socket) -> dict[str, str]:
    """Leads an agent's AWS SDK to the template's own secrets."""
    if not deployment.secrets:
        return {}
    found = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": _origin(listening)}
    # the SDK signs with what it has, and asks nobody without; the developer's own credentials stay in use
    return found if (Path.home() / ".aws").exists() else found | _CREDENTIALS


def _origin(listening: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://{LOOPBACK}:{listening.getsockname()[1]}"


def _ready(deployment: Deployment, options: LocalOptions, gateway: str, agentcore: str, issuer: Issuer) -> Endpoints:
    sign_in = deployment.sign_in
    if sign_in is None:
        raise Refusal(
            "SAL013",
            f"{deployment.route.logical_id} must lead to a runtime that takes tokens to run locally, got"
            f" {deployment.runtime.logical_id} without a JWT authorizer",
        )
    pool, client = sign_in
    is_signed = isinstance(deployment.route.authorizer, IamAuthorizer)
    user, *_ = [pool.add_user(name, password) for name, password in (options.users or {_USERNAME: None}).items()]
    url = f"{gateway}/{deployment.api.stage}/"
    return Endpoints(
        url=url,
        invocations_url=url + deployment.route.path.removeprefix("/"),
        runtime_url=f"{agentcore}/runtimes/{deployment.runtime.id}/invocations"
        f"?qualifier=DEFAULT&accountId={deployment.account}",
        cognito_endpoint=issuer.origin,
        user_pool_id=pool.id,
        client_id=client.id,
        username=pool.login_of(user),
        password=user.password,
        transfer_mode="STREAM" if deployment.route.integration.streams else "BUFFERED",
        token_type="access" if deployment.route.scopes else "id",
        api_key=next(iter(deployment.api.api_keys.values), None) if deployment.route.api_key_required else None,
        sign_in_url=issuer.issuer_of(pool.id) if client.oauth_flows else None,
        client_secret=client.secret,
        aws_access_key_id=ACCESS_KEY_ID if is_signed else None,
        aws_secret_access_key=SECRET_ACCESS_KEY if is_signed else None,
        scopes=deployment.route.scopes,
        callback_url=next(iter(client.callback_urls), None),
        agents=tuple(match[1] for route in deployment.api.routes if (match := _AGENT_PATH.fullmatch(route.path))),
    )
