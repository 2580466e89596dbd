"""Throttling: a token bucket for each method of the stage, for each API key, and the keys' quotas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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

    def __init__(self, settings: Mapping[tuple[str, str], tuple[float, int]], clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._buckets: dict[tuple[str, str], TokenBucket] = {}

    def admits(self, http_method: str, path: str) -> bool:
        """Whether the method takes one more request."""
        if (http_method, path) not in self._buckets:
            self._buckets[http_method, path] = TokenBucket(*self._limits(http_method, path), self._clock)
        return self._buckets[http_method, path].take()

    def _limits(self, http_method: str, path: str) -> tuple[float, int]:
        for key in ((http_method, path), ("*", path), ("*", "/*")):
            if key in self._settings:
                return self._settings[key]
        return _ACCOUNT_RATE, _ACCOUNT_BURST


def read_stage_throttle(written: Part, clock: Clock) -> StageThrottle:
    """The stage's throttling settings."""
    return StageThrottle(
        {
            # slashes inside a path are written ~1, as in JSON pointers (API_MethodSetting)
            (
                entry.text("HttpMethod", "*"),
                entry.text("ResourcePath", "/*").replace("~1", "/").replace("//", "/"),
            ): (
                entry.number("ThrottlingRateLimit", _ACCOUNT_RATE),
                int(entry.number("ThrottlingBurstLimit", _ACCOUNT_BURST)),
            )
            for entry in written.items()
        },
        clock,
    )


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
