"""The command's log on standard error: one line for each thing, without control characters."""

import logging
import sys

from ..printable import printable


class _OneLine(logging.Formatter):
    """A message stays on its line whatever it quotes; a traceback of ours keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """The line."""
        record.message = printable(record.message).replace("\n", "\\n")
        return super().formatMessage(record)


def start_log(*, with_access_log: bool) -> None:
    """Sends the local run's log to standard error.

    Args:
        with_access_log: Whether the stage's own access-log lines are shown in the place of the short ones.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    hidden = "streaming_agent.calls" if with_access_log else "streaming_agent.access"
    logging.getLogger(hidden).setLevel(logging.WARNING)
    for noisy in ("watchfiles", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
