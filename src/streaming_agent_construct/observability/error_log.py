"""The error log: why API Gateway itself refused or failed, in a log group that it would otherwise keep for ever."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from ..acknowledgments import acknowledge_log_group
from .access_log import STAGE
from .observability import ObservabilityConfig


def new_error_log(scope: Construct, rest_api_id: str, options: ObservabilityConfig) -> logs.LogGroup:
    """The log group, which the stage has to wait for: API Gateway would make it itself, without a retention."""
    group = logs.LogGroup(
        scope,
        "ErrorLog",
        # The name is API Gateway's (APIGW set-up-logging). It holds the API's id, so no other stack has the same.
        log_group_name=f"API-Gateway-Execution-Logs_{rest_api_id}/{STAGE}",
        retention=options.retention,
        encryption_key=options.encryption_key,
        removal_policy=RemovalPolicy.DESTROY,
    )
    acknowledge_log_group(group)
    return group
