"""ApiKeys: a key that each client sends beside its token, a quota for each key, and the plan that holds them."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway

from ..argument_types import checked_arguments
from ..durations import MOST_WHOLE, check_whole_number
from ..errors import StreamingAgentError
from ..plain_names import is_plain_name
from .throttle import Throttle, ThrottleLimits, resolve_throttle

if typing.TYPE_CHECKING:
    from constructs import Construct


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiKeys:
    """Keys that clients send in ``X-Api-Key`` beside the token: they tell clients apart and limit each of them.

    A key does not prove who calls, the token does. Only API Gateway knows the values of new keys: read one with
    ``aws apigateway get-api-key --include-value --api-key <id>``.

    No key at all, a name or a key that is there twice, and a quota that API Gateway does not take are refused (SAC074
    to SAC078).

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html

    Example::

        ApiKeys(
            clients=["web", "mobile"],
            quota=apigateway.QuotaSettings(limit=10000, period=apigateway.Period.DAY),
        )
    """

    clients: Sequence[str] | None = None
    """Clients that each get a new key: letters, digits, hyphens and underscores. Default: - no new keys"""
    existing: Sequence[apigateway.IApiKey] | None = None
    """Keys that exist already. Default: - none"""
    quota: apigateway.QuotaSettings | None = None
    """How many requests each key has in a period. Default: - no quota"""
    throttle: Throttle | None = None
    """The limits of each key. Default: - only the stage's limits"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiKeysConfig:
    """The required keys, with all defaults."""

    clients: Sequence[str]
    """Clients that each get a new key."""
    existing: Sequence[apigateway.IApiKey]
    """Keys that exist already."""
    quota: apigateway.QuotaSettings | None = None
    """How many requests each key has in a period."""
    limits: ThrottleLimits | None = None
    """The limits of each key."""


def resolve_api_keys(keys: ApiKeys) -> ApiKeysConfig:
    """The keys with their defaults, refused where they would admit nobody."""
    clients = keys.clients if keys.clients is not None else []
    existing = keys.existing if keys.existing is not None else []
    if len(clients) + len(existing) == 0:
        raise StreamingAgentError(
            "SAC074",
            "ApiKeys has no key, so every request would be refused: "
            "name the clients that get one, pass existing keys, or leave api_keys out",
        )
    seen: list[str] = []
    for client in clients:
        if not is_plain_name(client) or client in seen:
            raise StreamingAgentError(
                "SAC075",
                "clients: expected different names of letters, digits, hyphens and underscores, 64 at most, "
                f"got '{client}'",
            )
        seen.append(client)
    _check_existing(existing)
    if keys.quota is not None:
        _check_quota(keys.quota)
    return ApiKeysConfig(
        clients=clients,
        existing=existing,
        quota=keys.quota,
        limits=resolve_throttle(keys.throttle) if keys.throttle is not None else None,
    )


def require_keys(
    scope: Construct, api: apigateway.RestApi, stage: apigateway.Stage, keys: ApiKeysConfig
) -> apigateway.UsagePlan:
    """The usage plan of the stage with its keys; without a plan a required key would never be the right one."""
    limits = keys.limits
    plan = apigateway.UsagePlan(
        scope,
        "UsagePlan",
        api_stages=[apigateway.UsagePlanPerApiStage(api=api, stage=stage)],
        quota=keys.quota,
        throttle=(
            apigateway.ThrottleSettings(rate_limit=limits.rate_limit, burst_limit=limits.burst_limit)
            if limits is not None
            else None
        ),
    )
    for client in keys.clients:
        plan.add_api_key(apigateway.ApiKey(scope, f"ApiKey-{client}", description=client))
    for key in keys.existing:
        plan.add_api_key(key)
    return plan


def _check_existing(keys: Sequence[apigateway.IApiKey]) -> None:
    seen: list[str] = []
    for key in keys:
        if key.key_id in seen:
            raise StreamingAgentError(
                "SAC075", f"existing: expected each key once, got '{key.node.id}' twice; leave one of the two out"
            )
        seen.append(key.key_id)


def _check_quota(quota: apigateway.QuotaSettings) -> None:
    if quota.limit is None or quota.period is None:
        given_words = "no period" if quota.limit is not None else "no limit" if quota.period is not None else "neither"
        raise StreamingAgentError(
            "SAC076",
            f"quota: expected a limit and a period, got {given_words}; "
            "write QuotaSettings(limit=1000, period=Period.DAY), or leave quota out",
        )
    check_whole_number(
        "SAC077",
        "quota.limit",
        quota.limit,
        1,
        MOST_WHOLE,
        instead_words="write QuotaSettings(limit=1000, period=Period.DAY), or leave quota out",
    )
    # API_QuotaSettings: requests that the first period has less; a day takes none.
    most = 0 if quota.period == apigateway.Period.DAY else 6 if quota.period == apigateway.Period.WEEK else 27
    if quota.offset is not None:
        check_whole_number(
            "SAC078",
            "quota.offset",
            quota.offset,
            0,
            most,
            instead_words="these are the requests that the first period has less, so leave it out for none",
        )
