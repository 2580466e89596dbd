"""StreamingAgentApi: a streaming AI agent behind an API on AWS.

caller -> API Gateway (authorizer, firewall, throttle, STREAM) -> AgentCore Runtime (the same token again) -> agent
"""

from __future__ import annotations

import typing
from collections.abc import Sequence

from constructs import Construct

from .api.agent_route import AgentRoute
from .api.agent_routes import AgentRoutes, resolve_agent
from .api.client_outputs import client_outputs
from .api.cors import Cors, resolve_cors
from .api.endpoint import ApiEndpoint, bind_endpoint
from .api.invocation import SessionBinding, resolve_session
from .api.rest_api import StreamingRestApi, resolve_api_name
from .argument_types import checked_arguments
from .auth.agent_auth import AgentAuth, bind_auth
from .auth.iam_auth import grant_method
from .observability.access_log import bind_access_log
from .observability.monitoring import ApiMonitoring
from .observability.observability import Observability, resolve_observability
from .protection.protection import Protection, resolve_protection
from .protection.throttle import Throttle
from .runtime.agent_source import AgentSource
from .runtime.bedrock_model import BedrockModel
from .runtime.model_grant import grant_models
from .runtime.runtime_options import RuntimeOptions
from .stack_values import stack_values

if typing.TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_bedrockagentcore as agentcore
    from aws_cdk import aws_cognito as cognito
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_wafv2 as wafv2
    from aws_cdk.aws_cloudwatch import Dashboard, Metric


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
    """The web ACL of the firewall, if one is made here."""
    usage_plan: apigateway.UsagePlan | None
    """The usage plan of the API keys, where keys are required; more keys can be added to it."""
    access_log_group: logs.ILogGroup | None
    """The log group of the access log, unless it is switched off."""
    dashboard: Dashboard | None
    """The dashboard, unless it is switched off; more widgets can be added to it."""
    _api: StreamingRestApi
    _agents: AgentRoutes
    _monitoring: ApiMonitoring

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
        model: BedrockModel | None = None,
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
        :param session: Whose session a call belongs to, required with access tokens. Default: SessionBinding.PER_USER
        :param runtime: Settings of the agent's AgentCore runtime. Default: - AgentCore's own defaults
        :param model: The Bedrock model that the agent calls, named in its ``BEDROCK_MODEL_ID``. Default: - none
        :raises StreamingAgentError: a combination that cannot work on AWS.
        """
        super().__init__(scope, resolve_api_name(id))
        # The options with every default, refused where AWS would refuse them.
        main = resolve_agent(agent, model, timeout, runtime, None)
        cors_config = resolve_cors(cors)
        protection_config = resolve_protection(protection)
        observability_config = resolve_observability(observability)
        values = stack_values(self)

        # Who may call: one decision for both layers.
        auth_config = bind_auth(self, values, auth, observability_config.authorizer_log)
        binding = resolve_session(self, session, auth_config)
        self.user_pool = auth_config.user_pool
        self.user_pool_client = auth_config.user_pool_client

        # The API that they call.
        access_log = bind_access_log(self, values, auth_config.caller, observability_config)
        self._api = StreamingRestApi(self, values, id, bind_endpoint(self, endpoint), cors_config, access_log.stage)
        self.rest_api = self._api.rest_api
        self.access_log_group = access_log.group

        # What stands in front of it.
        in_front = self._api.protect(self, protection_config, auth_config, binding)
        self.web_acl = in_front.firewall.web_acl
        self.usage_plan = in_front.usage_plan

        # What watches it.
        self._monitoring = ApiMonitoring(self, self._api, access_log.group, in_front.firewall, observability_config)
        self.dashboard = self._monitoring.dashboard

        # The agent behind it; add_agent() adds more.
        self._agents = AgentRoutes(self, self._api, auth_config, binding, in_front, main)
        self._monitoring.add_agent(self._agents.main)
        self.runtime = self._agents.main.runtime

        # What its clients need to know.
        client_outputs(self, self.invocations_url, auth_config)

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._api.url

    @property
    def invocations_url(self) -> str:
        """The address to POST to."""
        return self._agents.main.url

    def add_agent(
        self,
        name: str,
        *,
        agent: AgentSource,
        timeout: Duration | None = None,
        runtime: RuntimeOptions | None = None,
        throttle: Throttle | None = None,
        model: BedrockModel | None = None,
    ) -> AgentRoute:
        """Puts one more agent behind the same API, at ``POST /agents/{name}/invocations``.

        :param name: The agent's name in the path: letters, digits, hyphens and underscores.
        :param agent: Where the agent's code comes from.
        :param timeout: How long one answer may stream, 1 second to 15 minutes. Default: Duration.minutes(15)
        :param runtime: Settings of the agent's AgentCore runtime. Default: - AgentCore's own defaults
        :param throttle: This agent's own limits. Default: - the stage's
        :param model: The Bedrock model that this agent calls. Default: - none is granted
        :return: The agent's route.
        :raises StreamingAgentError: a name that is taken or does not fit a path, or what the construct itself refuses.
        """
        route = self._agents.add(self, name, resolve_agent(agent, model, timeout, runtime, throttle))
        self._monitoring.add_agent(route)
        return AgentRoute(name=name, runtime=route.runtime, method=route.method, invocations_url=route.url)

    def grant_invoke_model(self, *, model_arns: Sequence[str]) -> iam.Grant:
        """Lets the agent call Bedrock models.

        :param model_arns: The ARNs of foundation models and inference profiles.
        :raises StreamingAgentError: none is named, one is a model's id, or the role is another account's.
        """
        return grant_models(self.runtime, model_arns)

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets AWS credentials call the agent; with ``AgentAuth.iam`` nobody may until it is granted.

        :param grantee: Who may call.
        :raises StreamingAgentError: the API takes tokens only.
        """
        return grant_method(self._agents.main.method, grantee)

    def metric_time_to_first_content(self, *, period: Duration | None = None, statistic: str | None = None) -> Metric:
        """How long callers wait until the answer begins, in milliseconds; latency is when it ends.

        :param period: The time that one value stands for. Default: Duration.minutes(5)
        :param statistic: What is made of the values. Default: "p90"
        :raises StreamingAgentError: there is no access log to read it from.
        """
        return self._monitoring.metrics.time_to_first_content(statistic if statistic is not None else "p90", period)

    def metric_throttled_requests(self, *, period: Duration | None = None, statistic: str | None = None) -> Metric:
        """Requests that were answered with 429: over the throttle, or over a key's quota.

        :param period: The time that one value stands for. Default: Duration.minutes(5)
        :param statistic: What is made of the values. Default: "Sum"
        :raises StreamingAgentError: there is no access log to read it from.
        """
        return self._monitoring.metrics.throttled_requests(statistic if statistic is not None else "Sum", period)

    def metric_blocked_requests(self, *, period: Duration | None = None, statistic: str | None = None) -> Metric:
        """Requests that the firewall blocked.

        :param period: The time that one value stands for. Default: Duration.minutes(5)
        :param statistic: What is made of the values. Default: "Sum"
        :raises StreamingAgentError: there is no firewall, or it counts under a name that is not known.
        """
        return self._monitoring.metrics.blocked_requests(statistic if statistic is not None else "Sum", period)
