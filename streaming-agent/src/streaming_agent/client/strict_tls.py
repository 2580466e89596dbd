"""Treats a TLS connection that closes without close_notify as cut.

An answer may be delimited by nothing else (RFC 8446, 6.1, and RFC 9112, 9.8). Python's own default takes either end for
the same.
"""

import ssl
from typing import Any

import httpx2


class _Socket(ssl.SSLSocket):
    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, False if name == "suppress_ragged_eofs" else value)


class _Object(ssl.SSLObject):
    def read(self, len: int = 1024, buffer: bytearray | None = None) -> Any:  # type: ignore[override]
        try:
            return super().read(len, buffer)
        except ssl.SSLEOFError as ended:
            raise ssl.SSLSyscallError("the connection ended without saying so") from ended  # asyncio's is then no end


def strict_context() -> ssl.SSLContext:
    """The certificates of the environment or of this machine, as the HTTP library has them."""
    context = httpx2.create_ssl_context()
    # on macOS and Windows it stands around another one (truststore)
    for one in (context, getattr(context, "_ctx", context)):
        one.sslsocket_class, one.sslobject_class = _Socket, _Object
    return context
