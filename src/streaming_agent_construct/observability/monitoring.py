"""The monitoring of one API: its error log, metrics, alarms and the dashboard, which grows by a row with each agent."""

from __future__ import annotations

import typing

from aws_cdk import Annotations

from ..protection.firewall_log import log_firewall
from ..runtime.existing_runtime import elsewhere_words
from ..same_region import check_same_region, is_elsewhere
from .alarm_topics import allow_alarms
from .alarms import api_alarms, runtime_alarm
from .colors import RED
from .dashboard import add_agent_row, new_dashboard
from .error_log import new_error_log
from .log_key import allow_logs
from .log_metrics import new_log_metrics
from .metrics import ApiMetrics, RuntimeMetrics
from .region_setup import RegionSetup

if typing.TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from ..api.agent_routes import RouteConfig
    from ..api.rest_api import StreamingRestApi
    from ..protection.firewall import FirewallConfig
    from ..stack_values import StackValues
    from .observability import ObservabilityConfig


class ApiMonitoring:
    """The monitoring of one API."""

    metrics: ApiMetrics
    """What is counted of the API."""
    dashboard: cloudwatch.Dashboard | None
    """The dashboard, unless it is switched off."""
    _options: ObservabilityConfig
    _values: StackValues
    _setup: RegionSetup

    def __init__(
        self,
        scope: Construct,
        api: StreamingRestApi,
        access_log: logs.ILogGroup | None,
        firewall: FirewallConfig,
        options: ObservabilityConfig,
    ) -> None:
        self._options = options
        values = api.values
        self._values = values
        if options.encryption_key is not None:
            check_same_region("SAC192", "encryption_key", options.encryption_key.env.region, values.region)
            allow_logs(values, options.encryption_key)
        self._setup = RegionSetup(scope, access_log is not None, options)
        if access_log is not None:
            # API Gateway makes a stage with logs only where it has a role and would make the error log itself.
            error_log = new_error_log(scope, api.rest_api_id, options)
            if self._setup.account_role is not None:
                api.stage.node.add_dependency(error_log, self._setup.account_role)
            else:
                api.stage.node.add_dependency(error_log)
            new_log_metrics(scope, access_log, options.thresholds.first_content_ms if options.alarms else None)
        headers = firewall.secret_headers if firewall.secret_headers is not None else []
        if firewall.web_acl_arn is not None and firewall.name is not None and options.firewall_logs:
            log_firewall(
                scope, values, firewall.name, firewall.web_acl_arn, headers, options.retention, options.encryption_key
            )
        if options.critical_topic is not None:
            allow_alarms("critical_topic", options.critical_topic, values)
        if options.warning_topic is not None:
            allow_alarms("warning_topic", options.warning_topic, values)
        self.metrics = ApiMetrics(
            api.rest_api, api.rest_api_id, values.region, access_log is not None, options.alarms, firewall.metric_name
        )
        alarms = api_alarms(scope, self.metrics, options)
        self.dashboard = (
            new_dashboard(scope, api.rest_api, self.metrics, access_log, alarms, options) if options.dashboard else None
        )

    def add_agent(self, agent: RouteConfig) -> None:
        """Monitors one agent's runtime too."""
        if agent.config.is_new:
            self._setup.keep_agent_log(agent.scope, agent.runtime, agent.qualifier)
        if not self._options.alarms and self.dashboard is None:
            return
        config = agent.config
        where = None if config.is_new else elsewhere_words(config.region, config.account, self._values)
        if where is not None:
            self._show_agent_elsewhere(agent, where)
            return
        metrics = RuntimeMetrics(agent.runtime, agent.qualifier, RED)
        alarm = runtime_alarm(agent.scope, metrics, self._options)
        if self.dashboard is not None:
            add_agent_row(self.dashboard, agent.title, metrics, alarm, self._options)

    def _show_agent_elsewhere(self, agent: RouteConfig, where: str) -> None:
        # CloudWatch Cross-Account-Cross-Region: a dashboard shows metrics of every Region, an alarm watches none of
        # another; another account has to share its metrics first.
        missing = ["RuntimeErrorsAlarm"] if self._options.alarms else []
        if self.dashboard is not None:
            if is_elsewhere(agent.config.account, self._values.account):
                missing.append("the dashboard's row for it")
            else:
                metrics = RuntimeMetrics(agent.runtime, agent.qualifier, RED, agent.config.region)
                add_agent_row(self.dashboard, agent.title, metrics, None, self._options)
        if len(missing) > 0:
            Annotations.of(agent.scope).add_warning_v2(
                "streaming-agent-construct:runtime-elsewhere",
                f"the existing runtime is in {where}, whose metrics no alarm here can watch; left out here: "
                f"{' and '.join(missing)}. Watch SystemErrors of AWS/Bedrock-AgentCore there, then acknowledge this",
            )
