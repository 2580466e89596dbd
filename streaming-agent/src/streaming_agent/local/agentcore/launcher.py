"""Runs an agent's script with its port moved to a free loopback port, whatever HTTP server it uses.

Started by the agent's own interpreter with nothing but the standard library: `launcher.py STATUS_FD ALIVE_FD SCRIPT`.
Environment: STREAMING_AGENT_LOCAL_PORT is the port that AgentCore asks (8080), STREAMING_AGENT_LOCAL_KEY what each call
of the local run carries; both are taken out before the script starts. Lines go to STATUS_FD: `at HOST:PORT` when the
script listens on its port, `elsewhere PORT` when it listens on another one. The process ends, with everything that it
started, when ALIVE_FD ends, which is when the local run has died.
"""

import asyncio
import contextlib
import ctypes
import hmac
import importlib.util
import os
import runpy
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

KEY_HEADER = b"x-streaming-agent-local-key"
_LONGEST_HEAD = 64 * 1024
_HEAD_SECONDS = 10.0
_PR_SET_CHILD_SUBREAPER = 36
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def main() -> None:
    """Moves the port, ends with the parent, runs the script as `python SCRIPT` would."""
    status, alive, script = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    port = int(os.environ.pop("STREAMING_AGENT_LOCAL_PORT"))
    key = os.environ.pop("STREAMING_AGENT_LOCAL_KEY").encode()
    _adopt_orphans()
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    key_check = _KeyCheck(key)
    _move_port(status, port, key_check)
    _check_event_loops(key_check)
    sys.argv = sys.argv[3:]
    sys.path[0] = os.path.dirname(script)
    try:
        runpy.run_path(script, run_name="__main__")
    except Exception as problem:
        _print_as_python_does(problem, script)
        sys.exit(1)


def _print_as_python_does(problem: Exception, script: str) -> None:
    """The traceback from the script on: what started it says nothing to its author."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != script:
        trace = trace.tb_next
    traceback.print_exception(type(problem), problem, trace)


# ---------------------------------------------------------------------- processes
def _adopt_orphans() -> None:
    """What the agent starts stays below it, also what leaves its group, so that it is found when the agent ends."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_with_parent(alive: int) -> None:
    os.read(alive, 1)
    end_descendants(os.getpid())
    os.killpg(os.getpgrp(), signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Every process that this one started, and that those did (Linux; elsewhere none are seen)."""
    found: list[int] = []
    pending = [pid]
    while pending:
        for child in _children(pending.pop()):
            if child not in found:
                found.append(child)
                pending.append(child)
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                children += [int(child) for child in file.read().split()]
    return children


def end_descendants(pid: int) -> None:
    """Kills what a process started; twice, for what was started meanwhile."""
    for _ in range(2):
        for child in descendants(pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)


# ---------------------------------------------------------------------- the port
class _KeyCheck:
    """Lets only the local run's connections through to the agent's port: each begins with a request with the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.ports: set[int] = set()

    def is_ours(self, listening: tuple[Any, ...] | None) -> bool:
        """Whether connections to this address are to be checked."""
        return isinstance(listening, tuple) and len(listening) > 1 and listening[1] in self.ports

    def admitted(self, head: bytes) -> bytes | None:
        """A first request without the key; `None` when it does not carry it."""
        lines = head.split(b"\r\n")
        kept = [line for line in lines if not line.lower().startswith(KEY_HEADER + b":")]
        given = [line.partition(b":")[2].strip() for line in lines if line.lower().startswith(KEY_HEADER + b":")]
        if len(given) != 1 or not hmac.compare_digest(given[0], self._key):
            return None
        return b"\r\n".join(kept)


def _move_port(status: int, port: int, key_check: _KeyCheck) -> None:
    reported = threading.Event()

    def report(bound: socket.socket) -> None:
        if not reported.is_set():
            reported.set()
            host = "[::1]" if bound.family == socket.AF_INET6 else "127.0.0.1"
            os.write(status, f"at {host}:{bound.getsockname()[1]}\n".encode())
            os.close(status)

    bind, listen, accept = socket.socket.bind, socket.socket.listen, socket.socket.accept

    def moved_bind(self: socket.socket, address: Any) -> None:
        if not isinstance(address, tuple) or address[1] != port:
            return bind(self, address)
        bind(self, ("::1" if self.family == socket.AF_INET6 else "127.0.0.1", 0))
        key_check.ports.add(self.getsockname()[1])
        return report(self)

    def noted_listen(self: socket.socket, *backlog: Any) -> None:
        listen(self, *backlog)
        own = self.getsockname()
        if not reported.is_set() and isinstance(own, tuple) and not key_check.is_ours(own):
            with contextlib.suppress(OSError):
                os.write(status, f"elsewhere {own[1]}\n".encode())

    def checked_accept(self: socket.socket) -> tuple[socket.socket, Any]:
        # a blocking server; event loops are checked where they make their protocols
        if self.gettimeout() == 0 or not key_check.is_ours(self.getsockname()):
            return accept(self)
        while True:
            connection, address = accept(self)
            admitted = _admitted(connection, key_check)
            if admitted is not None:
                return admitted, address
            with contextlib.suppress(OSError):
                connection.sendall(_REFUSED)
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(0.2)
                connection.recv(_LONGEST_HEAD)  # what is left unread would reset the connection
            connection.close()

    for name, function in (("bind", moved_bind), ("listen", noted_listen), ("accept", checked_accept)):
        setattr(socket.socket, name, function)


def _admitted(connection: socket.socket, key_check: _KeyCheck) -> "_Admitted | None":
    """The connection, if its first request has the key, which is taken out of it."""
    connection.settimeout(_HEAD_SECONDS)
    head = b""
    try:
        while b"\r\n\r\n" not in head and len(head) < _LONGEST_HEAD:
            more = connection.recv(_LONGEST_HEAD)
            if not more:
                return None
            head += more
        connection.settimeout(None)
    except OSError:
        return None
    first, end, rest = head.partition(b"\r\n\r\n")
    cleaned = key_check.admitted(first) if end else None
    return _Admitted(connection, cleaned + end + rest) if cleaned is not None else None


class _Admitted(socket.socket):
    """A connection whose beginning has been read already."""

    def __init__(self, connection: socket.socket, beginning: bytes) -> None:
        super().__init__(connection.family, connection.type, connection.proto, fileno=connection.detach())
        self._beginning = beginning

    def recv(self, size: int, flags: int = 0) -> bytes:
        if not self._beginning:
            return super().recv(size, flags)
        found = self._beginning[:size]
        if not flags & socket.MSG_PEEK:
            self._beginning = self._beginning[size:]
        return found

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        if not self._beginning:
            return super().recv_into(buffer, nbytes, flags)
        found = self.recv(nbytes or len(memoryview(buffer).cast("B")), flags)
        memoryview(buffer).cast("B")[: len(found)] = found
        return len(found)


def _check_event_loops(key_check: _KeyCheck) -> None:
    loops: list[Any] = [asyncio.BaseEventLoop]
    if importlib.util.find_spec("uvloop") is not None:
        import uvloop  # noqa: PLC0415

        loops.append(uvloop.Loop)
    for loop in loops:
        _check_servers_of(loop, loop.create_server, key_check)


def _check_servers_of(loop: Any, create_server: Callable[..., Any], key_check: _KeyCheck) -> None:
    def checked(self: Any, protocol_factory: Callable[[], Any], *arguments: Any, **options: Any) -> Any:
        return create_server(self, lambda: _CheckedProtocol(protocol_factory(), key_check), *arguments, **options)

    loop.create_server = checked


class _CheckedProtocol(asyncio.Protocol):
    """Comes before a server's own protocol until the connection's first request has shown the key."""

    def __init__(self, inner: Any, key_check: _KeyCheck) -> None:
        self._inner = inner
        self._key_check = key_check
        self._head = b""
        self._refused = False
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        inner_takes_bytes = not isinstance(self._inner, asyncio.BufferedProtocol)
        if not inner_takes_bytes or not self._key_check.is_ours(transport.get_extra_info("sockname")):
            transport.set_protocol(self._inner)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        admitted = self._key_check.admitted(self._head[:end]) if end >= 0 else None
        if admitted is not None:
            self._transport.set_protocol(self._inner)
            self._inner.data_received(admitted + self._head[end:])
        elif end >= 0 or len(self._head) > _LONGEST_HEAD:
            self._refused = True
            self._transport.write(_REFUSED)
            self._transport.close()

    def eof_received(self) -> Any:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


if __name__ == "__main__":
    main()
