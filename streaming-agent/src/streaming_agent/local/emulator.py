"""The whole app on localhost: issuer, gateways and runtimes, each behind a loopback server."""

import re
import secrets
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..template import Refusal, TemplateResource, TemplateSet
from .agentcore import AgentCore, RunningRuntime
from .agents import Agents
from .api_gateway import Gateway, IamAuthorizer, LocalCredentials, LocalRoute, RestApi
from .clock import Clock
from .cognito import Issuer, without_well_known
from .deployment import Deployment, read_deployment
from .functions import FunctionProcess
from .http_client import HttpClient
from .http_server import LOOPBACK, HttpServer, UploadBudget, bound_socket
from .jwt_check import IssuerKeys
from .local_options import LocalOptions
from .messages import Service
from .secrets_manager import SecretsManager
from .tls import Certificate, made_certificate

_USERNAME = "developer"
_AGENT_PATH = re.compile(r"/agents/([^/{}]+)/invocations")  # where add_agent puts another agent
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}

__all__ = ["Endpoints", "LocalOptions", "running"]


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """Where the parts of a running app are, and who can sign in."""

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
    urls: Sequence[str] = ()  # of every route to an agent
    agents: Sequence[str] = ()  # the names of add_agent
    scopes: Sequence[str] = ()  # of which the API asks for one
    callback_url: str | None = None  # None: the client has none


@asynccontextmanager
async def running(
    templates: TemplateSet,
    options: LocalOptions,
    *,
    listening: socket.socket | None = None,
    on_progress: Callable[[str], None] = lambda what: None,
) -> AsyncIterator[Endpoints]:
    """Runs an app until the context is left; nothing is left running then.

    Args:
        templates: The app's templates.
        options: What the run is told beside them.
        listening: The gateway's socket; `None` makes one on `options.port`.
        on_progress: Is told what is being done, in a few words.
    """
    async with AsyncExitStack() as held:
        gateway_socket = held.enter_context(listening or bound_socket(options.port))
        work = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="streaming-agent-")))
        clock = Clock(options.time_scale)
        on_progress("reading the template")
        deployment = read_deployment(templates, options, clock)
        certificate = made_certificate(work)
        http_client = await held.enter_async_context(HttpClient(certificate.client_context()))
        serve = _Servers(held)
        issuer_socket, secure_socket = held.enter_context(bound_socket(0)), held.enter_context(bound_socket(0))
        issuer = Issuer(
            deployment.pools, _origin(issuer_socket), clock, secure_origin=_origin(secure_socket, scheme="https")
        )
        keys = _KeyFinder(issuer, http_client, clock)
        functions = _functions(deployment, issuer, certificate, work)
        for function in functions.values():
            held.push_async_callback(function.aclose)
        on_progress("preparing the agent")
        secrets_environment = await _secrets_environment(deployment, held, serve)
        agents = await held.enter_async_context(
            Agents(deployment, options, work, http_client, clock, secrets_environment)
        )
        runtimes = [RunningRuntime(one, agents.of(one), keys.at, clock) for one in deployment.runtimes]
        agentcore = AgentCore(runtimes, deployment.account, http_client, refuses_conflicts=options.conflict)
        credentials = LocalCredentials()
        origins = {}
        for api in deployment.apis:
            own_socket = gateway_socket if api is deployment.api else held.enter_context(bound_socket(0))
            origins[api.id] = _origin(own_socket)
            gateway = Gateway(
                api,
                backend_at=lambda origin: agentcore,
                keys_of_pool=keys.of_pool,
                call_function=lambda resource, event: functions[resource].call(event),
                credentials=credentials,
                clock=clock,
            )
            await serve(gateway, own_socket)
        await serve(issuer, secure_socket, certificate.server_context())
        await serve(issuer, issuer_socket)
        runtime_socket = held.enter_context(bound_socket(0))
        await serve(agentcore, runtime_socket)
        yield _endpoints(deployment, options, origins, _origin(runtime_socket), issuer, credentials)


class _Servers:
    """Starts servers that hold the run's uploads together."""

    def __init__(self, held: AsyncExitStack) -> None:
        self._held = held
        self._uploads = UploadBudget()

    async def __call__(self, service: Service, listening: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        await self._held.enter_async_context(HttpServer(service, listening, tls, uploads=self._uploads))


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


def _functions(
    deployment: Deployment, issuer: Issuer, certificate: Certificate, work: Path
) -> dict[TemplateResource, FunctionProcess]:
    """The authorizers' functions; what they know of an OpenID provider leads to its fake."""
    moved = {}
    for pool in deployment.pools:
        if pool.discovery_url is not None:
            moved[pool.discovery_url] = issuer.discovery_url_of(pool.id)
            moved[without_well_known(pool.discovery_url)] = issuer.issuer_of(pool.id)
    trusted = {"NODE_EXTRA_CA_CERTS": str(certificate.file), "SSL_CERT_FILE": str(certificate.file)}
    return {
        resource: FunctionProcess(
            replace(
                function, environment={name: moved.get(value, value) for name, value in function.environment.items()}
            ),
            work / "functions",
            trusted,
        )
        for resource, function in deployment.functions.items()
    }


async def _secrets_environment(deployment: Deployment, held: AsyncExitStack, serve: "_Servers") -> dict[str, str]:
    """Leads an agent's AWS SDK to the template's own secrets."""
    if not deployment.secrets:
        return {}
    key = secrets.token_urlsafe(24)
    listening = held.enter_context(bound_socket(0))
    await serve(SecretsManager(deployment.secrets, key), listening)
    found = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": f"{_origin(listening)}/{key}"}
    # the SDK signs with what it has, and asks nobody without; the developer's own credentials stay in use
    return found if (Path.home() / ".aws").exists() else found | _CREDENTIALS


def _origin(listening: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://{LOOPBACK}:{listening.getsockname()[1]}"


def _endpoints(
    deployment: Deployment,
    options: LocalOptions,
    origins: Mapping[str, str],
    agentcore: str,
    issuer: Issuer,
    credentials: LocalCredentials,
) -> Endpoints:
    sign_in = deployment.sign_in
    route = deployment.route
    if sign_in is None:
        raise Refusal(
            "SAL013",
            f"{route.label} leads to {deployment.runtime.logical_id}, which has no JWT authorizer, and API Gateway"
            " cannot sign a request to AgentCore: give the runtime a CustomJWTAuthorizer",
        )
    pool, client = sign_in
    is_signed = isinstance(route.authorizer, IamAuthorizer)
    user, *_ = [pool.add_user(name, password) for name, password in (options.users or {_USERNAME: None}).items()]
    runtime_id = deployment.runtime.id
    reached = [
        (api, one)
        for api in deployment.apis
        for one in api.routes
        if one.runtime_id is not None and one.not_run is None
    ]
    return Endpoints(
        url=f"{origins[deployment.api.id]}/{deployment.api.stage}/",
        invocations_url=_url(deployment.api, route, origins),
        runtime_url=f"{agentcore}/runtimes/{runtime_id}/invocations?qualifier=DEFAULT&accountId={deployment.account}",
        cognito_endpoint=issuer.origin,
        user_pool_id=pool.id,
        client_id=client.id,
        username=pool.login_of(user),
        password=user.password,
        transfer_mode="STREAM" if route.integration.streams else "BUFFERED",
        token_type="access" if route.scopes else "id",
        api_key=next(iter(deployment.api.api_keys.values), None) if route.api_key_required else None,
        sign_in_url=issuer.issuer_of(pool.id) if client.oauth_flows else None,
        client_secret=client.secret,
        aws_access_key_id=credentials.access_key_id if is_signed else None,
        aws_secret_access_key=credentials.secret_access_key if is_signed else None,
        agents=[found[1] for _, one in reached if (found := _AGENT_PATH.fullmatch(one.path))],
        urls=[_url(api, one, origins) for api, one in reached],
        scopes=list(route.scopes),
        callback_url=next(iter(client.callback_urls), None),
    )


def _url(api: RestApi, route: LocalRoute, origins: Mapping[str, str]) -> str:
    return f"{origins[api.id]}/{api.stage}/{route.path.removeprefix('/')}"
