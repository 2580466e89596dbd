"""Protection: what stands in front of the API beside the token checks; all of it on unless switched off."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Sequence

from aws_cdk import Annotations

from ..argument_types import checked_arguments
from .api_keys import ApiKeys, ApiKeysConfig, require_keys, resolve_api_keys
from .firewall import Firewall, FirewallConfig
from .firewall_rules import ReservedByGateway
from .runtime_guard import RuntimeGuard, RuntimeGuardConfig, bind_guard
from .throttle import Throttle, ThrottleLimits, resolve_throttle

if typing.TYPE_CHECKING:
    from aws_cdk import aws_apigateway as apigateway
    from constructs import Construct

    from ..stack_values import StackValues


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class Protection:
    """What stands in front of the API beside the token checks.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-protect.html

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
    """What keeps callers off the runtime's own address. Default: - only the runtime's token check"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProtectionConfig:
    """What stands in front of one API, with the defaults."""

    firewall: Firewall
    """The web ACL."""
    limits: ThrottleLimits
    """The stage's limits."""
    api_keys: ApiKeysConfig | None = None
    """Keys that are required beside the token."""
    runtime_guard: RuntimeGuard | None = None
    """What keeps callers off the runtime's own address."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageProtection:
    """What was put in front of one stage."""

    firewall: FirewallConfig
    """The firewall."""
    usage_plan: apigateway.UsagePlan | None = None
    """The plan of the required keys."""
    guard: RuntimeGuardConfig
    """What keeps callers off the runtime's own address."""


def resolve_protection(protection: Protection | None) -> ProtectionConfig:
    """The options with their defaults, refused where limits or keys would admit nobody."""
    chosen = protection if protection is not None else Protection()
    return ProtectionConfig(
        firewall=chosen.firewall if chosen.firewall is not None else Firewall.managed(),
        limits=resolve_throttle(chosen.throttle),
        api_keys=resolve_api_keys(chosen.api_keys) if chosen.api_keys is not None else None,
        runtime_guard=chosen.runtime_guard,
    )


def protect_stage(
    scope: Construct,
    values: StackValues,
    api: apigateway.RestApi,
    stage: apigateway.Stage,
    protection: ProtectionConfig,
    request_headers: Sequence[str],
    reserved: ReservedByGateway,
    is_private: bool,
) -> StageProtection:
    """Puts the firewall in front of the stage, and the plan of the keys."""
    if is_private and protection.runtime_guard is None:
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:private-api-public-runtime",
            "the API is private, and the runtime's own address is public and takes the same tokens: "
            "add Protection(runtime_guard=RuntimeGuard.private_path(...)), or read docs/security.md",
        )
    guard = bind_guard(scope, values, protection.runtime_guard)
    keys = protection.api_keys
    return StageProtection(
        firewall=protection.firewall._bind(scope, values, stage, request_headers, reserved),
        usage_plan=require_keys(scope, api, stage, keys) if keys is not None else None,
        guard=guard,
    )
