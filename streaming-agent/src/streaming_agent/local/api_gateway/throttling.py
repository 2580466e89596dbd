"""Throttling: a token bucket for each method of the stage, for each API key, and the keys' quotas."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...template import ApiStage
from ...template.method_settings import is_limit, method_settings, united
from ..clock import Clock
from ..part import Part
from ..values import LocalValues

# An account's default in a region (APIGW `limits`): 10,000 requests a second, a burst of 5,000.
_ACCOUNT_RATE, _ACCOUNT_BURST = 10_000.0, 5_000
_DAY = 86_400.0
_PERIOD_SECONDS = {"DAY": _DAY, "WEEK": 7 * _DAY, "MONTH": 30 * _DAY}


class TokenBucket:
    """Lets `burst` requests through at once and `rate` a second in the long run."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._filled_at = clock.monotonic()

    def take(self) -> bool:
        """Whether one more request passes."""
        now = self._clock.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class StageThrottle:
    """The stage's method settings: the most exact one that names a method and its path holds."""

    def __init__(self, settings: Sequence[Mapping[str, Any]], clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._buckets: dict[tuple[str, str], TokenBucket] = {}

    def admits(self, http_method: str, path: str) -> bool:
        """Whether the method takes one more request."""
        if (http_method, path) not in self._buckets:
            self._buckets[http_method, path] = TokenBucket(*self._limits(http_method, path), self._clock)
        return self._buckets[http_method, path].take()

    def _limits(self, http_method: str, path: str) -> tuple[float, int]:
        found = Part(united(self._settings, http_method, path), "MethodSettings")
        return (
            _limit(found, "ThrottlingRateLimit", _ACCOUNT_RATE),
            int(_limit(found, "ThrottlingBurstLimit", _ACCOUNT_BURST)),
        )


def _limit(settings: Part, name: str, of_account: float) -> float:
    found = settings.number(name, of_account)
    return found if is_limit(found) else of_account


def read_stage_throttle(stage: ApiStage | None, values: LocalValues, clock: Clock) -> StageThrottle:
    """The stage's throttling settings; raises `Refusal` for one of another shape."""
    if stage is None:
        return StageThrottle([], clock)
    at = (stage.resource.logical_id, *map(str, stage.path))
    for entry in Part(values.value(stage.get("MethodSettings")), ".".join((*at, "MethodSettings"))).items():
        entry.names()
    read = []
    for place, written in method_settings(stage):
        entry = Part(values.value(written), ".".join((stage.resource.logical_id, *map(str, place))))
        for name in ("HttpMethod", "ResourcePath"):
            entry.text(name, "*")
        for name in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            entry.number(name, 0)
        read.append(entry.value)
    return StageThrottle(read, clock)


@dataclass(kw_only=True)
class _KeyUse:
    bucket: TokenBucket | None
    quota: int | None
    period_seconds: float
    used: int = 0
    period_began: float = 0.0


class ApiKeys:
    """The keys that the stage's usage plans hold."""

    def __init__(self, uses: Mapping[str, _KeyUse], clock: Clock) -> None:
        self._uses = uses
        self._clock = clock

    @property
    def values(self) -> tuple[str, ...]:
        """The keys themselves."""
        return tuple(self._uses)

    def knows(self, key: str | None) -> bool:
        """Whether the key is one of the stage's."""
        return key in self._uses

    def refusal(self, key: str) -> str | None:
        """The gateway response for a key that has used up its share: THROTTLED, QUOTA_EXCEEDED or none."""
        use, now = self._uses[key], self._clock.monotonic()
        if use.bucket is not None and not use.bucket.take():
            return "THROTTLED"
        if use.quota is None:
            return None
        if now - use.period_began >= use.period_seconds:
            use.used, use.period_began = 0, now
        use.used += 1
        return "QUOTA_EXCEEDED" if use.used > use.quota else None


def read_api_keys(values: LocalValues, api_id: str, stage: str, clock: Clock) -> ApiKeys:
    """The keys of the usage plans that cover the stage."""
    uses = {}
    for plan in values.view.resources("AWS::ApiGateway::UsagePlan"):
        of = values.of(plan)
        stages = Part(of.value("ApiStages"), f"{plan.logical_id}.ApiStages").items()
        if (api_id, stage) not in {(one.text("ApiId", ""), one.text("Stage", "")) for one in stages}:
            continue
        throttle = Part(of.value("Throttle"), f"{plan.logical_id}.Throttle")
        quota = Part(of.value("Quota"), f"{plan.logical_id}.Quota")
        for value in _key_values(values, values.ref(plan)):
            uses[value] = _key_use(throttle, quota, clock)
    return ApiKeys(uses, clock)


def _key_use(throttle: Part, quota: Part, clock: Clock) -> _KeyUse:
    bucket = None
    if throttle.value is not None:
        rate, burst = throttle.number("RateLimit", _ACCOUNT_RATE), throttle.number("BurstLimit", _ACCOUNT_BURST)
        bucket = TokenBucket(rate, int(burst), clock)
    if quota.value is None:
        return _KeyUse(bucket=bucket, quota=None, period_seconds=_DAY)
    period = quota.text("Period")
    if period not in _PERIOD_SECONDS:
        raise quota.part("Period").wrong("DAY, WEEK or MONTH")
    return _KeyUse(bucket=bucket, quota=int(quota.number("Limit")), period_seconds=_PERIOD_SECONDS[period])


def _key_values(values: LocalValues, plan_id: str) -> Iterator[str]:
    keys = {values.ref(key): key for key in values.view.resources("AWS::ApiGateway::ApiKey")}
    for link in values.view.resources("AWS::ApiGateway::UsagePlanKey"):
        if values.of(link).text("UsagePlanId") != plan_id:
            continue
        key_id = values.of(link).text("KeyId")
        key = keys.get(key_id)
        if key is None:  # made by another stack: its value is not in the template
            yield f"local-{values.secret(f'api key {key_id}', 32)}"
        elif values.of(key).flag("Enabled", default=True):
            yield values.of(key).text("Value") or f"local-{values.secret(f'api key {key_id}', 32)}"
