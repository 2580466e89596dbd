"""A proxy that cuts the first answers after so many bytes, as a network does, and lets the later ones through."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence


@contextlib.contextmanager
def cutting(port: int, after: Sequence[int]) -> Iterator[int]:
    """The port of a proxy before `port` that ends its first connections after these numbers of bytes."""
    limits = list(after)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            limit = limits.pop(0) if limits else None
            threading.Thread(target=relay, args=(caller, limit), daemon=True).start()

    def relay(caller: socket.socket, limit: int | None) -> None:
        with caller, socket.create_connection(("127.0.0.1", port)) as agent:
            asking = threading.Thread(target=copy, args=(caller, agent, None), daemon=True)
            asking.start()
            copy(agent, caller, limit)
            for side in (caller, agent):  # wakes whoever still reads
                with contextlib.suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)
            asking.join()

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        serving.join(5)


def copy(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    left = limit
    with contextlib.suppress(OSError):
        while data := source.recv(65536 if left is None else min(left, 65536)):
            target.sendall(data)
            if left is not None:
                left -= len(data)
                if left <= 0:
                    return
