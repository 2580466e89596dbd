"""Says so when a script makes an agent and ends without serving it: the platform would see an exit code of 0 only."""

import atexit
import sys
from contextlib import suppress

from .errors import AgentMistake


class ForgottenRun:
    """Waits for the end of the process."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._said = False
        atexit.register(self._say)

    def cancel(self) -> None:
        """The agent is served, or asked by a test."""
        if not self._said:
            self._said = True
            atexit.unregister(self._say)

    def _say(self) -> None:
        mistake = AgentMistake(
            "SAA005",
            f"{self._script} made a StreamingAgent and ended without serving it: "
            'end the file with if __name__ == "__main__": app.run()',
        )
        with suppress(OSError, ValueError):
            print(mistake, file=sys.stderr)


class _NothingForgotten(ForgottenRun):
    def __init__(self) -> None:
        self._said = True


def expect_run(depth: int = 2) -> ForgottenRun:
    """Watches an agent that a script made at its top; one of an imported module may be served by anybody."""
    frame = sys._getframe(depth)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == __name__.partition(".")[0]:
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None or frame.f_globals.get("__name__") != "__main__" or "__file__" not in frame.f_globals:
        return _NothingForgotten()
    return ForgottenRun(str(frame.f_globals["__file__"]).replace("\\", "/").rpartition("/")[2])
