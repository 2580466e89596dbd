"""account-role: logs that need a role of the account, which may not be set."""

from collections.abc import Iterator

from ...template.method_settings import method_settings
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK083",
    name="account-role",
    severity=Severity.NOTE,
    title="Logs need a role of the account",
    why=(
        "In an account and region without a CloudWatch role for API Gateway the first deployment of a stage with logs"
        " fails."
    ),
    fix="AWS::ApiGateway::Account with CloudWatchRoleArn, once for each account and region",
    source=f"{APIGW}/set-up-logging.html",
    group="Limits, logs, deployment",
    undecided="always: the role may be set in the account already",
)
_SET_WHERE_MISSING = "Custom::ApiGatewayAccountRole"  # of StreamingAgentApi


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    if next(context.view.resources("AWS::ApiGateway::Account", _SET_WHERE_MISSING), None) is not None:
        return
    for stage, _ in context.stages():
        logs = isinstance(stage.get("AccessLogSetting"), dict) or any(
            str(entry.get("LoggingLevel", "OFF")).upper() not in ("OFF", "NONE") for _, entry in method_settings(stage)
        )
        if logs:
            yield RULE.cannot_tell(
                stage.resource,
                stage.path,
                "whether the account has a CloudWatch role for API Gateway is not in the template",
            )
            return
