"""StreamingAgentApi: a streaming AI agent behind a production front door on AWS.

caller -> API Gateway (authorizer, firewall, throttle, STREAM) -> AgentCore Runtime (the same token again) -> agent
"""

import re
import typing
from collections.abc import Sequence

from aws_cdk import Annotations, CfnOutput, Duration, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from .acknowledgments import acknowledge_api, acknowledge_stage
from .api.agent_route import AgentRoute, check_agent_name, grant_models
from .api.cors import Cors, check_cors, open_error_responses, preflight_options
from .api.custom_domain import CustomDomain, domain_url, open_domain
from .api.endpoint import ApiEndpoint
from .api.invocation import (
    SessionBinding,
    invocation_integration,
    method_parameters,
    resolve_session,
    resolve_timeout,
)
from .argument_types import checked_arguments
from .auth.agent_auth import AgentAuth
from .auth.auth_config import AuthConfig
from .errors import StreamingAgentError
from .observability.access_log import access_log_group, stage_options
from .observability.error_log import logging_level, new_error_log
from .observability.monitoring import ApiMonitoring
from .observability.observability import Observability, resolve_observability
from .protection.protection import Protection, check_protection, protect
from .protection.runtime_guard import RuntimeGuardConfig, bind_guard
from .protection.throttle import Throttle, method_settings, resolve_throttle, set_method_settings
from .runtime.agent_runtime import RuntimeContext
from .runtime.agent_source import AgentSource
from .runtime.runtime_endpoint import called_endpoint
from .runtime.runtime_options import RuntimeOptions, resolve_runtime_options

_PATH = "invocations"


@checked_arguments
class StreamingAgentApi(Construct):
    """Streams an AI agent's answers to signed-in callers, unbuffered, for up to 15 minutes.

    A POST to ``invocations_url`` with ``Authorization: Bearer <token>`` passes API Gateway's authorizer, its firewall
    and its throttle, then the same token is checked by the agent's own runtime, and the answer streams back.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html and
    https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agents-tools-runtime.html

    Example::

        StreamingAgentApi(stack, "Agent", agent=AgentSource.from_directory("agent"))
    """

    rest_api: apigateway.RestApi
    """The REST API."""
    runtime: agentcore.IBedrockAgentRuntime
    """The AgentCore runtime of the agent."""
    user_pool: cognito.IUserPool | None
    """The user pool that issues the tokens, where Cognito does."""
    user_pool_client: cognito.IUserPoolClient | None
    """The client that callers sign in with, where Cognito issues the tokens."""
    web_acl: wafv2.CfnWebACL | None
    """The firewall's new web ACL, unless it is yours or switched off."""
    usage_plan: apigateway.UsagePlan | None
    """The usage plan of the API keys, where keys are required; more keys can be added to it."""
    access_log_group: logs.ILogGroup | None
    """The log group of the access log, unless it is switched off."""
    dashboard: cloudwatch.Dashboard | None
    """The dashboard, unless it is switched off; more widgets can be added to it."""
    _route: AgentRoute
    _auth: AuthConfig
    _session: SessionBinding
    _guard: RuntimeGuardConfig
    _cors: Cors | None
    _agent_names: list[str]
    _keys_required: bool
    _method_settings: list[apigateway.CfnStage.MethodSettingProperty]
    _monitoring: ApiMonitoring
    _domain: CustomDomain | None

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        agent: AgentSource,
        auth: AgentAuth | None = None,
        timeout: Duration | None = None,
        endpoint: ApiEndpoint | None = None,
        cors: Cors | None = None,
        protection: Protection | None = None,
        observability: Observability | None = None,
        session: SessionBinding | None = None,
        runtime: RuntimeOptions | None = None,
    ) -> None:
        """
        :param scope: The scope of the construct.
        :param id: The id of the construct in its scope.
        :param agent: Where the agent's code comes from.
        :param auth: Who may call, checked by both layers. Default: AgentAuth.cognito()
        :param timeout: How long one answer may stream, 1 second to 15 minutes. Default: Duration.minutes(15)
        :param endpoint: Where the API listens. Default: ApiEndpoint.regional()
        :param cors: Which web pages may call the API. Default: - none
        :param protection: Firewall, throttle and API keys. Default: - firewall and throttle on, no keys
        :param observability: Logs, traces, alarms and dashboard. Default: - all on
        :param session: Whose session a call belongs to. Default: SessionBinding.PER_USER; with access tokens it must
            be given
        :param runtime: What may be chosen of the agent's runtime. Default: - AgentCore's own defaults
        :raises StreamingAgentError: a combination that cannot work on AWS.
        """
        super().__init__(scope, _checked_id(id))
        checked_timeout = resolve_timeout(timeout)
        options = resolve_runtime_options(runtime)
        guards = protection if protection is not None else Protection()
        check_protection(guards)
        observed = resolve_observability(observability)
        if cors is not None:
            check_cors(cors)

        # Who may call: one decision for both layers.
        self._auth = (auth if auth is not None else AgentAuth.cognito())._bind(self)
        self._session = resolve_session(session, self._auth)
        self._guard = bind_guard(self, guards.runtime_guard)
        self._cors = cors
        self._agent_names = []
        self.user_pool = self._auth.user_pool
        self.user_pool_client = self._auth.user_pool_client

        # The front door.
        self.access_log_group = access_log_group(self, observed)
        door = endpoint if endpoint is not None else ApiEndpoint.regional()
        self._domain = door._domain()
        self.rest_api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=f"{Stack.of(self).stack_name}-{id}",
            endpoint_configuration=door._configuration(),
            policy=door._policy(),
            # With a name of its own the API has one door, the one that asks for the client's certificate too.
            disable_execute_api_endpoint=True if self._domain is not None else None,
            # An account has one role for API Gateway's logs; a stack that sets it changes it for every other API.
            cloud_watch_role=observed.account_role,
            deploy_options=stage_options(self.access_log_group, self._auth.caller, observed),
        )
        warning = door._warning()
        if warning is not None:
            Annotations.of(self).add_warning_v2("streaming-agent-construct:edge-idle", warning)
        if door._is_private() and guards.runtime_guard is None:
            Annotations.of(self).add_warning_v2(
                "streaming-agent-construct:private-api-public-runtime",
                "the API is private, and the runtime's own address is public and takes the same tokens: "
                "add Protection(runtime_guard=RuntimeGuard.private_path(...)), or read docs/security.md",
            )
        if session == SessionBinding.CLIENT:
            Annotations.of(self).add_warning_v2(
                "streaming-agent-construct:client-session",
                "with SessionBinding.CLIENT any signed-in caller can name any session, another user's too: "
                "use SessionBinding.PER_USER, or check in the agent whose session it is",
            )
        if self._domain is not None:
            open_domain(self, self.rest_api, self._domain, door._is_edge())
        if cors is not None:
            open_error_responses(self.rest_api, cors)
        if self.access_log_group is not None:
            new_error_log(self, self.rest_api, self.rest_api.deployment_stage, observed)
        self._redeploy_with("authorizer", self._auth.deployment_key)

        self._keys_required = guards.api_keys is not None
        self._method_settings = []
        self._limit("/*", "*", guards.throttle)

        # What stands in front, and what watches.
        protected = protect(self, self.rest_api, guards, self._auth.request_headers)
        self.web_acl = protected.firewall.web_acl
        self.usage_plan = protected.usage_plan
        self._monitoring = ApiMonitoring(
            self, self.rest_api, self.rest_api.rest_api_id, self.access_log_group, protected.firewall, observed
        )
        self.dashboard = self._monitoring.dashboard

        # The agent, and the call to it.
        route = self._open_route(self, self.rest_api.root, "", agent, checked_timeout, options)
        self._route = route
        self.runtime = route.runtime

        acknowledge_stage(typing.cast(apigateway.CfnStage, self.rest_api.deployment_stage.node.default_child))
        acknowledge_api(self, self.user_pool is not None)

        # What a client needs to know.
        CfnOutput(self, "InvocationsUrl", value=self.invocations_url)
        if self.user_pool is not None and self.user_pool_client is not None:
            CfnOutput(self, "UserPoolId", value=self.user_pool.user_pool_id)
            CfnOutput(self, "UserPoolClientId", value=self.user_pool_client.user_pool_client_id)

    @property
    def url(self) -> str:
        """The address of the API."""
        return domain_url(self._domain) if self._domain is not None else self.rest_api.url

    @property
    def invocations_url(self) -> str:
        """The address to POST to."""
        return f"{self.url}{_PATH}"

    def add_agent(
        self,
        name: str,
        *,
        agent: AgentSource,
        timeout: Duration | None = None,
        runtime: RuntimeOptions | None = None,
        throttle: Throttle | None = None,
    ) -> AgentRoute:
        """Puts one more agent behind the same front door, at ``POST /agents/{name}/invocations``.

        :param name: The agent's name in the path: letters, digits, hyphens and underscores.
        :param agent: Where the agent's code comes from.
        :param timeout: How long one answer may stream, 1 second to 15 minutes. Default: Duration.minutes(15)
        :param runtime: What may be chosen of the agent's runtime. Default: - AgentCore's own defaults
        :param throttle: This agent's own limits. Default: - the stage's
        :return: The agent's route.
        :raises StreamingAgentError: a name that is taken or does not fit a path, or what the construct itself refuses.
        """
        check_agent_name(name, self._agent_names)
        checked_timeout = resolve_timeout(timeout)
        options = resolve_runtime_options(runtime)
        resolve_throttle(throttle)
        self._agent_names.append(name)
        agents = self.rest_api.root.get_resource("agents")
        if agents is None:
            agents = self.rest_api.root.add_resource("agents")
        resource = typing.cast(apigateway.IResource, agents.add_resource(name))
        route = self._open_route(Construct(self, f"Agent-{name}"), resource, name, agent, checked_timeout, options)
        if throttle is not None:
            self._limit(f"/agents/{name}/{_PATH}", "POST", throttle)
        return route

    def grant_invoke_model(self, *, model_arns: Sequence[str]) -> iam.Grant:
        """Lets the agent call Bedrock models.

        :param model_arns: The ARNs of foundation models and inference profiles.
        :return: The grant.
        :raises StreamingAgentError: none is named, or one is a model's id.
        """
        return grant_models(self.runtime, model_arns)

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets AWS credentials call the agent; with ``AgentAuth.iam`` nobody may until it is granted.

        :param grantee: Who may call.
        :return: The grant.
        :raises StreamingAgentError: the API asks for a token alone.
        """
        return self._route.grant_invoke(grantee)

    def metric_time_to_first_content(
        self, *, period: Duration | None = None, statistic: str | None = None
    ) -> cloudwatch.Metric:
        """How long callers wait until the answer begins, in milliseconds; latency is when it ends.

        :param period: The time that one value stands for. Default: Duration.minutes(5)
        :param statistic: What is made of the values. Default: "p90"
        :return: The metric.
        :raises StreamingAgentError: there is no access log to read it from.
        """
        return self._monitoring.metrics.time_to_first_content(statistic if statistic is not None else "p90", period)

    def metric_throttled_requests(
        self, *, period: Duration | None = None, statistic: str | None = None
    ) -> cloudwatch.Metric:
        """Requests that were answered with 429: over the throttle, or over a key's quota.

        :param period: The time that one value stands for. Default: Duration.minutes(5)
        :param statistic: What is made of the values. Default: "Sum"
        :return: The metric.
        :raises StreamingAgentError: there is no access log to read it from.
        """
        return self._monitoring.metrics.throttled_requests(statistic if statistic is not None else "Sum", period)

    def metric_blocked_requests(
        self, *, period: Duration | None = None, statistic: str | None = None
    ) -> cloudwatch.Metric:
        """Requests that the firewall blocked.

        :param period: The time that one value stands for. Default: Duration.minutes(5)
        :param statistic: What is made of the values. Default: "Sum"
        :return: The metric.
        :raises StreamingAgentError: there is no firewall, or it counts under a name that is not known.
        """
        return self._monitoring.metrics.blocked_requests(statistic if statistic is not None else "Sum", period)

    def _open_route(
        self,
        scope: Construct,
        parent: apigateway.IResource,
        name: str,
        agent: AgentSource,
        timeout: Duration,
        options: RuntimeOptions,
    ) -> AgentRoute:
        origins = self._cors.allow_origins if self._cors is not None else []
        config = agent._bind(
            scope, RuntimeContext(auth=self._auth, options=options, origins=origins, guard=self._guard)
        )
        agent_runtime = config.runtime
        qualifier = called_endpoint(scope, agent_runtime, options)
        resource = parent.add_resource(_PATH)
        method = resource.add_method(
            "POST",
            invocation_integration(
                scope, agent_runtime, self._auth, self._session, self._guard, timeout, qualifier, len(origins) > 0
            ),
            authorization_type=self._auth.authorization_type,
            authorizer=self._auth.authorizer,
            authorization_scopes=self._auth.scopes if len(self._auth.scopes) > 0 else None,
            request_parameters=method_parameters(self._session, self._auth, len(origins) > 0),
            api_key_required=self._keys_required,
        )
        if self._cors is not None:
            cors = preflight_options(self._cors, self._auth.request_headers)
            resource.add_cors_preflight(
                allow_origins=cors.allow_origins,
                allow_headers=cors.allow_headers,
                allow_methods=cors.allow_methods,
                max_age=cors.max_age,
            )
        self._monitoring.watch_agent(scope, f"Agent {name}" if name != "" else "Agent", agent_runtime, qualifier)
        # The integration names the runtime by Ref, which reads the same when the runtime is replaced.
        self._redeploy_with(f"runtime {resource.path}", [config.deployment_key])
        return AgentRoute(
            name=name,
            runtime=agent_runtime,
            method=method,
            invocations_url=f"{self.url}agents/{name}/{_PATH}" if name != "" else self.invocations_url,
        )

    def _redeploy_with(self, what: str, identity: Sequence[str]) -> None:
        deployment = self.rest_api.latest_deployment
        if deployment is not None:
            deployment.add_to_logical_id([what, list(identity)])

    def _limit(self, path: str, method: str, throttle: Throttle | None) -> None:
        level = logging_level(self.access_log_group)
        self._method_settings.append(method_settings(path, method, throttle, level))
        set_method_settings(self.rest_api.deployment_stage, self._method_settings)


def _checked_id(id: str) -> str:
    # The API is named after it, and CloudWatch tells APIs apart by name: 255 characters of ASCII with the stack's 128.
    if re.fullmatch(r"[!-~]([ -~]{0,98}[!-~])?", id) is None:
        raise StreamingAgentError(
            "SAC001",
            f"the construct's id is 1 to 100 letters, digits and signs of ASCII, got '{id}': write it as 'Agent'",
        )
    return id
