"""When a call may be made again, and after how long: only when the agent has certainly not begun to answer it."""

import math
import random
from dataclasses import dataclass

import httpx2

# 409: the session is being created or torn down, AgentCore asks to try again. 429: throttled. 503: no capacity.
# Not 424, 500, 502 and 504: the agent may have run.
RETRIED = frozenset({409, 429, 503})


@dataclass(frozen=True, kw_only=True)
class Retries:
    """How often a refused call is made again, and how long to wait: twice as long each time, with full jitter.

    Example::

        Retries(attempts=1)  # never again
    """

    attempts: int = 4
    """Calls in all."""
    first_delay_seconds: float = 0.5
    longest_delay_seconds: float = 8.0

    def delay(self, made: int, response: httpx2.Response | None) -> float | None:
        """How long to wait after `made` calls, the last of which had this answer or could not connect; `None`: no more.

        A `Retry-After` longer than the longest delay is left to the caller.
        """
        if made >= self.attempts or (response is not None and response.status_code not in RETRIED):
            return None
        ceiling = min(self.longest_delay_seconds, self.first_delay_seconds * 2 ** (made - 1))
        asked = _retry_after(response) if response is not None else None
        if asked is not None and asked > self.longest_delay_seconds:
            return None
        return max(asked or 0.0, random.uniform(0, ceiling))  # noqa: S311


def _retry_after(response: httpx2.Response) -> float | None:
    try:
        seconds = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None
