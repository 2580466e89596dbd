"""Runs an agent's script with its port 8080 moved to a free loopback port, whatever HTTP server it uses.

Started by the agent's own interpreter with nothing but the standard library: `launcher.py STATUS_FD ALIVE_FD SCRIPT`.
The address goes to STATUS_FD as one line; the process ends when ALIVE_FD ends, which is when the local run has died.
"""

import os
import runpy
import signal
import socket
import sys
import threading
from typing import Any

AGENT_PORT = 8080  # AC `runtime-http-protocol-contract`


def main() -> None:
    """Moves the port, watches the parent, runs the script as `python SCRIPT` would."""
    status, alive, script = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    _move_port(status)
    sys.argv = [script]
    sys.path[0] = os.path.dirname(script)
    runpy.run_path(script, run_name="__main__")


def _end_with_parent(alive: int) -> None:
    os.read(alive, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _move_port(status: int) -> None:
    reported = threading.Event()

    def report(bound: socket.socket) -> None:
        if not reported.is_set():
            reported.set()
            host = "[::1]" if bound.family == socket.AF_INET6 else "127.0.0.1"
            os.write(status, f"{host}:{bound.getsockname()[1]}\n".encode())
            os.close(status)

    bind = socket.socket.bind

    def moved_bind(self: socket.socket, address: Any) -> None:
        if not isinstance(address, tuple) or address[1] != AGENT_PORT:
            return bind(self, address)
        bind(self, ("::1" if self.family == socket.AF_INET6 else "127.0.0.1", 0))
        return report(self)

    setattr(socket.socket, "bind", moved_bind)  # noqa: B010


if __name__ == "__main__":
    main()
