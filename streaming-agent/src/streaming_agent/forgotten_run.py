"""Says so when a script makes an agent and ends without serving it: the platform would see an exit code of 0 only."""

import atexit
import opcode
import sys
from contextlib import suppress
from types import FrameType

from .errors import AgentMistake


class ForgottenRun:
    """Waits for the end of the process."""

    def __init__(self, script: FrameType) -> None:
        """:param script: The script's own frame: where it stands at the end says how it ended."""
        self._script = script
        self._name = str(script.f_globals["__file__"]).replace("\\", "/").rpartition("/")[2]
        self._said = False
        atexit.register(self._say)

    def cancel(self) -> None:
        """The agent is served, or asked by a test."""
        if not self._said:
            self._said = True
            atexit.unregister(self._say)

    def _say(self) -> None:
        # one that failed, or left with sys.exit, has said why it does not serve
        code = self._script.f_code.co_code
        if not opcode.opname[code[self._script.f_lasti]].startswith("RETURN"):
            return
        mistake = AgentMistake(
            "SAA005",
            f"{self._name} made a StreamingAgent and ended without serving it: "
            'end the file with if __name__ == "__main__": app.run()',
        )
        with suppress(OSError, ValueError):
            print(mistake, file=sys.stderr)


class _NothingForgotten(ForgottenRun):
    def __init__(self) -> None:
        self._said = True


def warn_if_not_served(depth: int = 2) -> ForgottenRun:
    """Watches an agent that a script made at its top; one of an imported module may be served by anybody."""
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == __name__.partition(".")[0]:
        frame = frame.f_back
    if frame is None or frame.f_globals.get("__name__") != "__main__" or "__file__" not in frame.f_globals:
        return _NothingForgotten()
    made_in = frame.f_globals
    while frame is not None and not (frame.f_code.co_name == "<module>" and frame.f_globals is made_in):
        frame = frame.f_back
    return _NothingForgotten() if frame is None else ForgottenRun(frame)
