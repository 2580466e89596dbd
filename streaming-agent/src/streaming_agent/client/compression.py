"""Decompresses an answer that a proxy compressed; reports one that was cut."""

import zlib
from collections.abc import Iterator, Mapping

from .call_errors import StreamInterrupted

_GZIP = frozenset({"gzip", "x-gzip"})
_MOST_AT_ONCE = 256 * 1024


class Decompressor:
    """The compressions of one body, as its `Content-Encoding` names them."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        """Raises `StreamInterrupted` for one that nobody here can read."""
        names = [name.strip() for name in headers.get("content-encoding", "").lower().split(",")]
        for name in names:
            if name not in _GZIP | {"deflate", "identity", ""}:
                raise StreamInterrupted(
                    "CLI055",
                    f"the answer is compressed with {name[:100]}, which was not asked for and cannot be read here:"
                    " switch compression off in what stands between",
                )
        self._layers = [_Layer(name) for name in reversed(names) if name not in ("identity", "")]

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What these bytes hold, in pieces of bounded size."""
        yield from self._through(0, chunk)

    def end(self) -> None:
        """Raises `StreamInterrupted` when a compression was under way."""
        for layer in self._layers:
            if layer.is_inside:
                raise StreamInterrupted(
                    "CLI054", f"the answer stopped before its end: the {layer.name} around it was cut"
                )

    def _through(self, number: int, chunk: bytes) -> Iterator[bytes]:
        if number == len(self._layers):
            yield chunk
            return
        for piece in self._layers[number].feed(chunk):
            yield from self._through(number + 1, piece)


class _Layer:
    """One compression: any number of members of gzip, or zlib's format, or deflate alone, which some servers send."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_inside = False
        self._first = b""
        self._member: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        left = self._first + chunk
        self._first = b""
        while left:
            self.is_inside = True
            if self._member is None:
                if len(left) < 2:
                    self._first = left
                    return
                self._member = zlib.decompressobj(self._format(left))
            try:
                piece = self._member.decompress(left, _MOST_AT_ONCE)
            except zlib.error:
                raise StreamInterrupted(
                    "CLI055",
                    f"the answer says that it is compressed with {self.name}, and is not: switch compression off in"
                    " what stands between",
                ) from None
            left = self._member.unconsumed_tail
            if self._member.eof:
                left, self._member, self.is_inside = self._member.unused_data, None, False
            if piece:
                yield piece

    def _format(self, begin: bytes) -> int:
        if self.name in _GZIP:
            return 16 + zlib.MAX_WBITS
        has_header = begin[0] & 0x0F == 8 and int.from_bytes(begin[:2]) % 31 == 0  # RFC 1950, 2.2
        return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
