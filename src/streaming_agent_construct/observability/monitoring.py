"""What watches one API: measured logs, alarms and the dashboard, which grows by a row with each agent."""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from ..protection.firewall import FirewallConfig
from ..protection.firewall_log import log_firewall
from .access_log import allow_logs, log_retention, measure_log
from .alarms import api_alarms, runtime_alarm
from .dashboard import add_agent_row, new_dashboard
from .metrics import MetricSources
from .observability import Observability


class Watch:
    """What watches one API."""

    sources: MetricSources
    """What counts, and where."""
    dashboard: cloudwatch.Dashboard | None
    """The dashboard, unless it is switched off."""
    _options: Observability

    def __init__(
        self,
        scope: Construct,
        api: apigateway.RestApi,
        group: logs.ILogGroup | None,
        firewall: FirewallConfig,
        options: Observability,
    ) -> None:
        self._options = options
        self.sources = MetricSources(api=api, logged=group is not None, web_acl_metric=firewall.metric_name)
        if options.encryption_key is not None:
            allow_logs(scope, options.encryption_key)
        if group is not None:
            measure_log(scope, group)
        headers = firewall.secret_headers if firewall.secret_headers is not None else []
        if firewall.web_acl is not None and (options.firewall_logs is None or options.firewall_logs):
            log_firewall(scope, firewall.web_acl, headers, log_retention(options), options.encryption_key)
        alarms = api_alarms(scope, self.sources, options)
        self.dashboard = (
            new_dashboard(scope, self.sources, group, alarms, options)
            if options.dashboard is None or options.dashboard
            else None
        )

    def agent(self, scope: Construct, name: str, runtime: agentcore.IBedrockAgentRuntime, qualifier: str) -> None:
        """Watches one agent's runtime too."""
        alarm = runtime_alarm(scope, runtime, qualifier, self._options)
        if self.dashboard is not None:
            add_agent_row(self.dashboard, name, runtime, qualifier, alarm, self._options)
