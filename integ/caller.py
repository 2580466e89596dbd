"""A caller who asks once a second while a stack is updated, without a token: 401 and 403 are answers, 5xx are not."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from .deployment import Answer


class Caller:
    """`with Caller(ask, url) as caller:` calls until the block ends; then `caller.seen` says what it got."""

    def __init__(self, ask: Callable[..., Answer], url: str, pause: float = 1) -> None:
        self._ask = ask
        self._url = url
        self._pause = pause
        self._statuses: Counter[int] = Counter()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._call, daemon=True)

    @property
    def seen(self) -> dict[str, Any]:
        """How many calls had which status, and for how many seconds callers had no answer."""
        errors = sum(number for status, number in self._statuses.items() if status == 0 or status >= 500)
        return {"statuses": dict(sorted(self._statuses.items())), "seconds with errors": errors * self._pause}

    def _call(self) -> None:
        while not self._stopped.is_set():
            self._statuses[self._ask("POST", self._url, {}, b"{}", timeout=10).status] += 1
            self._stopped.wait(self._pause)

    def __enter__(self) -> "Caller":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
