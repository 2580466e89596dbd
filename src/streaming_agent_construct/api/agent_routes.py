"""AgentRoutes: the paths of one API, each with the runtime of its agent and the integration that calls it."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Sequence

from constructs import Construct

from ..errors import StreamingAgentError
from ..plain_names import is_plain_name
from ..protection.throttle import Throttle, ThrottleLimits, resolve_throttle
from ..runtime.agent_runtime import RuntimeContext
from ..runtime.runtime_endpoint import called_endpoint
from ..runtime.runtime_options import RuntimeOptions, resolve_runtime_options
from ..runtime.runtime_region import check_region
from .cors import preflight_options
from .invocation import SessionBinding, invocation_integration, method_parameters, resolve_timeout

if typing.TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_bedrockagentcore as agentcore

    from ..auth.auth_config import AuthConfig
    from ..packaged_agent import PackagedAgent
    from ..protection.protection import StageProtection
    from ..protection.runtime_guard import RuntimeGuardConfig
    from ..runtime.agent_runtime import RuntimeConfig
    from ..runtime.agent_source import AgentSource
    from ..runtime.bedrock_model import BedrockModel
    from ..stack_values import StackValues
    from .rest_api import StreamingRestApi

_INVOCATIONS = "invocations"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AgentConfig:
    """One agent, with every default."""

    agent: AgentSource
    """Where its code comes from."""
    model: BedrockModel | None = None
    """The model that it calls."""
    timeout: Duration
    """How long one answer may stream."""
    options: RuntimeOptions
    """The settings of its runtime."""
    limits: ThrottleLimits | None = None
    """Its own limits."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RouteConfig:
    """One agent's path, with what stands behind it."""

    scope: Construct
    """What holds the agent's constructs."""
    title: str
    """What the dashboard calls it."""
    config: RuntimeConfig
    """Its runtime, and where that is."""
    runtime: agentcore.IBedrockAgentRuntime
    """The runtime."""
    qualifier: str
    """The runtime's endpoint that is called."""
    method: apigateway.Method
    """The API's method."""
    url: str
    """The address to POST to."""


def resolve_agent(
    agent: AgentSource,
    model: BedrockModel | None,
    timeout: Duration | None,
    options: RuntimeOptions | None,
    throttle: Throttle | None,
) -> AgentConfig:
    """The agent with every default, refused where AWS would refuse it."""
    return AgentConfig(
        agent=agent,
        model=model,
        timeout=resolve_timeout(timeout),
        options=resolve_runtime_options(options),
        limits=resolve_throttle(throttle) if throttle is not None else None,
    )


class AgentRoutes:
    """The agents behind one API."""

    main: RouteConfig
    """The agent that the API is made for, at ``/invocations``."""
    _names: list[str]
    _api: StreamingRestApi
    _values: StackValues
    _auth: AuthConfig
    _session: SessionBinding
    _guard: RuntimeGuardConfig
    _api_key_required: bool

    def __init__(
        self,
        scope: Construct,
        api: StreamingRestApi,
        auth: AuthConfig,
        session: SessionBinding,
        in_front: StageProtection,
        main: AgentConfig,
    ) -> None:
        check_region(api.values.region)
        api.redeploy_with("authorizer", auth.deployment_key)
        self._names = []
        self._api = api
        self._values = api.values
        self._auth = auth
        self._session = session
        self._guard = in_front.guard
        self._api_key_required = in_front.usage_plan is not None
        context = self._resolve_context(main)
        packaged = main.agent._package(api.values.stack)
        self.main = self._add(scope, api.root, _INVOCATIONS, "Agent", main, context, packaged)

    def add(self, scope: Construct, name: str, given: AgentConfig) -> RouteConfig:
        """One more agent, at ``/agents/{name}/invocations``."""
        _check_agent_name(name, self._names)
        context = self._resolve_context(given)
        packaged = given.agent._package(self._values.stack)
        self._names.append(name)
        agent_scope = Construct(scope, f"Agent-{name}")
        agents = self._api.root.get_resource("agents")
        if agents is None:
            agents = self._api.root.add_resource("agents")
        parent = typing.cast("apigateway.IResource", agents.add_resource(name))
        return self._add(
            agent_scope, parent, f"agents/{name}/{_INVOCATIONS}", f"Agent {name}", given, context, packaged
        )

    def _resolve_context(self, given: AgentConfig) -> RuntimeContext:
        """What the agent's runtime is made from, refused before anything of it is made: a refused name stays free."""
        cors = self._api.cors
        context = RuntimeContext(
            values=self._values,
            auth=self._auth,
            options=given.options,
            origins=cors.allow_origins if cors is not None else [],
            guard=self._guard,
            model=given.model._bind(self._values) if given.model is not None else None,
        )
        given.agent._check(context)
        return context

    def _add(
        self,
        scope: Construct,
        parent: apigateway.IResource,
        path: str,
        title: str,
        given: AgentConfig,
        context: RuntimeContext,
        packaged: PackagedAgent | None,
    ) -> RouteConfig:
        options = given.options
        cors = self._api.cors
        origins = context.origins
        config = given.agent._bind(scope, context, packaged)
        qualifier = called_endpoint(scope, config.runtime, self._values, options)
        resource = parent.add_resource(_INVOCATIONS)
        method = resource.add_method(
            "POST",
            invocation_integration(
                config,
                self._values,
                self._auth,
                self._session,
                self._guard,
                given.timeout,
                qualifier,
                len(origins) > 0,
            ),
            authorization_type=self._auth.authorization_type,
            authorizer=self._auth.authorizer,
            authorization_scopes=self._auth.scopes if len(self._auth.scopes) > 0 else None,
            request_parameters=method_parameters(self._session, self._auth, len(origins) > 0),
            api_key_required=self._api_key_required,
        )
        if cors is not None:
            allowed = options.header_allow_list
            preflight = preflight_options(cors, self._auth.request_headers, allowed if allowed is not None else [])
            resource.add_cors_preflight(
                allow_origins=preflight.allow_origins,
                allow_headers=preflight.allow_headers,
                allow_methods=preflight.allow_methods,
                max_age=preflight.max_age,
            )
        # The integration names the runtime by Ref, which reads the same when the runtime is replaced.
        self._api.redeploy_with(f"runtime /{path}", [config.deployment_key])
        if given.limits is not None:
            self._api.limit(f"/{path}", "POST", given.limits)
        return RouteConfig(
            scope=scope,
            title=title,
            config=config,
            runtime=config.runtime,
            qualifier=qualifier,
            method=method,
            url=f"{self._api.url}{path}",
        )


def _check_agent_name(name: str, taken: Sequence[str]) -> None:
    """Refuses a name that would not be one segment of a path, or stands there already."""
    if not is_plain_name(name):
        raise StreamingAgentError(
            "SAC005",
            f"name: expected letters, digits, hyphens and underscores, at most 64, got '{name}'; "
            "it becomes a part of the address",
        )
    if name in taken:
        raise StreamingAgentError("SAC006", f"there is already an agent '{name}': choose another name")
