"""What `testing.sessions` runs: an agent that is started once, and forked as a restored snapshot would be.

The parent is process 1 of a namespace of its own; so is each session, forked by libc so that neither `random` nor
OpenSSL is told. The session's monotonic clock is set back, as if it had stood still while the snapshot lay on disk.
"""

import os
from typing import Any

_OF_LOCKS = {"concurrent.futures.thread", "logging", "threading"}
_register = os.register_at_fork


def _register_at_fork(**hooks: Any) -> None:
    """A restored snapshot calls no hook of a fork. Kept are those that free locks, which a thread may have held."""
    if any(getattr(hook, "__module__", None) in _OF_LOCKS for hook in hooks.values()):
        _register(**hooks)


os.register_at_fork = _register_at_fork  # before anything registers a hook

# ruff: noqa: E402
import asyncio
import ctypes
import json
import sys
import time

from .context import SESSION_HEADER
from .in_process import post
from .testing import import_agent

_NEW_PID = 0x20000000
_NEW_TIME = 0x80
_NEW_USER = 0x10000000
_ASLEEP_SECONDS = 20

# PyDLL, unlike CDLL, holds the interpreter while it calls.
_libc = ctypes.PyDLL(None, use_errno=True)


def main() -> None:
    """`python -m streaming_agent.twin MODULE N PROMPT APP PRIMED`; the last line is JSON."""
    module, number, prompt, app, primed = sys.argv[1:6]
    isolated = _unshare()
    parent = _fork() if isolated else 0
    if parent:
        sys.exit(_exit_code(parent))
    agent = import_agent(module, app)
    asyncio.run(_start(agent))
    if primed == "1":
        _ask(agent, prompt)
        agent.after_fork()
    answers = [_session(agent, prompt, isolated) for _ in range(int(number))]
    print(json.dumps([*answers, isolated]), flush=True)
    os._exit(0)


def _unshare() -> bool:
    """Whether the next child is process 1 of a namespace of its own."""
    if os.geteuid() == 0:
        return bool(_libc.unshare(_NEW_PID) == 0)
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_NEW_USER | _NEW_PID):
        return False
    try:
        for name, value in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(value)
    except OSError:  # a distribution that lets programs have no user namespaces of their own
        return False
    return True


async def _start(agent: Any) -> None:
    await agent.start(here=True)


def _session(agent: Any, prompt: str, isolated: bool) -> str:
    reading, writing = os.pipe()
    outer = _fork()
    if outer == 0:
        os.close(reading)
        try:
            if isolated:
                _sleep()
                inner = _fork()
                if inner:
                    os._exit(_exit_code(inner))
            body = _ask(agent, prompt)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(body)
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        body = pipe.read()
    if _exit_code(outer):
        os._exit(1)
    return body.decode()


def _sleep() -> None:
    """The next child is process 1, and its monotonic clock is behind."""
    if _libc.unshare(_NEW_PID | _NEW_TIME):
        return
    back = min(_ASLEEP_SECONDS, int(time.monotonic()) - 1)
    with open("/proc/self/timens_offsets", "w", encoding="ascii") as file:
        file.write(f"monotonic -{back} 0\n")


def _ask(agent: Any, prompt: str) -> bytes:
    body = json.dumps({"prompt": prompt}).encode()
    status, answer = asyncio.run(post(agent, "/invocations", {SESSION_HEADER: "s" * 33}, body))
    if status != 200:
        raise RuntimeError(f"the agent answered {status}: {answer.decode(errors='replace')}")
    return bytes(answer)


def _fork() -> int:
    """As `os.fork`, its hooks apart: after `PyOS_AfterFork_Child` the copy waits for no thread that it lacks."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.2)  # else a thread asks for the interpreter between the calls, and the copy waits for it
    time.sleep(0.02)  # until nobody waits by the old interval
    ctypes.pythonapi.PyOS_BeforeFork()
    child = int(_libc.fork())
    if child:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    sys.setswitchinterval(interval)
    return child


def _exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
