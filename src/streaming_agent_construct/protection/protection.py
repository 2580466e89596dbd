"""Protection: what stands in front of the API beside the token checks; all of it on unless switched off."""

import dataclasses
from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from ..argument_types import checked_arguments
from .api_keys import ApiKeys, check_api_keys, require_keys
from .firewall import Firewall, FirewallConfig
from .runtime_guard import RuntimeGuard
from .throttle import Throttle, resolve_throttle


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class Protection:
    """What stands in front of the API beside the token checks.

    Example::

        Protection(throttle=Throttle(rate_limit=20))
    """

    firewall: Firewall | None = None
    """The web ACL. Default: Firewall.managed()"""
    throttle: Throttle | None = None
    """The stage's limits. Default: - 100 requests a second, 50 at once"""
    api_keys: ApiKeys | None = None
    """Keys that are required beside the token. Default: - none"""
    runtime_guard: RuntimeGuard | None = None
    """What keeps callers off the runtime's own address. Default: - the token check alone"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProtectionConfig:
    """What stands in front of one API."""

    firewall: FirewallConfig
    """The firewall."""
    usage_plan: apigateway.UsagePlan | None = None
    """The plan of the required keys."""


def check_protection(protection: Protection) -> None:
    """Refuses limits and keys that would admit nobody."""
    resolve_throttle(protection.throttle)
    if protection.api_keys is not None:
        check_api_keys(protection.api_keys)


def protect(
    scope: Construct, api: apigateway.RestApi, protection: Protection, request_headers: Sequence[str]
) -> ProtectionConfig:
    """Puts the firewall in front of the stage, and the plan of the keys."""
    firewall = protection.firewall if protection.firewall is not None else Firewall.managed()
    keys = protection.api_keys
    return ProtectionConfig(
        firewall=firewall._bind(scope, api.deployment_stage, request_headers),
        usage_plan=require_keys(scope, api, api.deployment_stage, keys) if keys is not None else None,
    )
