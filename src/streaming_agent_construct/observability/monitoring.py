"""What watches one API: its error log, metrics, alarms and the dashboard, which grows by a row with each agent."""

from __future__ import annotations

import typing

from aws_cdk import Stack

from ..protection.firewall_log import log_firewall
from .alarms import api_alarms, runtime_alarm
from .dashboard import RED, add_agent_row, new_dashboard
from .log_key import allow_logs
from .log_metrics import new_log_metrics
from .metrics import ApiMetrics, RuntimeMetrics

if typing.TYPE_CHECKING:
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_bedrockagentcore as agentcore
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from ..protection.firewall import FirewallConfig
    from .observability import ObservabilityConfig


class ApiMonitoring:
    """What watches one API."""

    metrics: ApiMetrics
    """What is counted of the API."""
    dashboard: cloudwatch.Dashboard | None
    """The dashboard, unless it is switched off."""
    _options: ObservabilityConfig

    def __init__(
        self,
        scope: Construct,
        api: apigateway.RestApi,
        api_id: str,
        group: logs.ILogGroup | None,
        firewall: FirewallConfig,
        options: ObservabilityConfig,
    ) -> None:
        self._options = options
        if options.encryption_key is not None:
            allow_logs(scope, options.encryption_key)
        if group is not None:
            new_log_metrics(scope, group)
        headers = firewall.secret_headers if firewall.secret_headers is not None else []
        if firewall.web_acl_arn is not None and firewall.name is not None and options.firewall_logs:
            log_firewall(scope, firewall.name, firewall.web_acl_arn, headers, options.retention, options.encryption_key)
        self.metrics = ApiMetrics(api, api_id, Stack.of(scope).region, group is not None, firewall.metric_name)
        alarms = api_alarms(scope, self.metrics, options)
        self.dashboard = new_dashboard(scope, api, self.metrics, group, alarms, options) if options.dashboard else None

    def watch_agent(
        self, scope: Construct, title: str, runtime: agentcore.IBedrockAgentRuntime, qualifier: str
    ) -> None:
        """Watches one agent's runtime too; ``title`` begins the names of its widgets."""
        if not self._options.alarms and self.dashboard is None:
            return
        metrics = RuntimeMetrics(runtime, qualifier, RED)
        alarm = runtime_alarm(scope, metrics, self._options)
        if self.dashboard is not None:
            add_agent_row(self.dashboard, title, metrics, alarm, self._options)
