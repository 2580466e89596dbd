"""What the stage does with a method's requests: how many it lets through, and what of them it logs."""

from __future__ import annotations

from aws_cdk import aws_apigateway as apigateway

from ..protection.throttle import ThrottleLimits


def method_settings(
    path: str, method: str, limits: ThrottleLimits, logging_level: str
) -> apigateway.CfnStage.MethodSettingProperty:
    """What the stage does with a method's requests; ``/*`` and ``*`` mean all of them."""
    return apigateway.CfnStage.MethodSettingProperty(
        # Slashes inside a path are escaped as in JSON pointers (API_MethodSetting).
        resource_path=path if path == "/*" else f"/{path.replace('/', '~1')}",
        http_method=method,
        throttling_rate_limit=limits.rate_limit,
        throttling_burst_limit=limits.burst_limit,
        logging_level=logging_level,
        # Bodies and headers would stand in the log, prompts and tokens with them.
        data_trace_enabled=False,
    )
