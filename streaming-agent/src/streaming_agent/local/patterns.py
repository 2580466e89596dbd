"""Regular expressions of a template: matched within a time, so that one that explodes cannot hold up the run."""

import logging

import regex

_log = logging.getLogger("streaming_agent.local")
_SECONDS = 0.05
_LONGEST = 4096


class InvalidPattern(ValueError):
    """The expression is none that the local run can match; the message says why."""


class BoundedPattern:
    """A regular expression, compiled once."""

    def __init__(self, expression: str) -> None:
        if len(expression) > _LONGEST:
            raise InvalidPattern(f"it is longer than {_LONGEST} characters")
        try:
            self._compiled = regex.compile(expression)
        except (regex.error, RecursionError, OverflowError, MemoryError) as problem:
            raise InvalidPattern(str(problem) or "it cannot be read") from problem
        self._expression = expression

    def is_in(self, text: str) -> bool:
        """Whether some part of the text matches; no, when finding out takes too long."""
        return self._tried("search", text)

    def is_whole(self, text: str) -> bool:
        """Whether the whole text matches; no, when finding out takes too long."""
        return self._tried("fullmatch", text)

    def _tried(self, method: str, text: str) -> bool:
        try:
            return getattr(self._compiled, method)(text, timeout=_SECONDS) is not None
        except TimeoutError:
            _log.warning(
                "the pattern %.60s took longer than %g s and was taken not to match", self._expression, _SECONDS
            )
            return False
