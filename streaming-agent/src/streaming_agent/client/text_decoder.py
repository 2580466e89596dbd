"""Bytes that come in pieces to text, in the charset that an answer names; what is in no charset is replaced."""

import codecs

# those that the Encoding Standard knows and Python decodes piece by piece; all others are taken for UTF-8
_CHARSETS = frozenset(
    {"ascii", "big5", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "koi8-r", "koi8-u", "shift_jis", "utf-8"}
    | {f"cp125{number}" for number in range(9)}
    | {f"iso8859-{number}" for number in range(1, 17)}
    | {"utf-16-be", "utf-16-le"}
)
# a mark is truer than a header (Encoding Standard, "decode")
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_BE: "utf-16-be", codecs.BOM_UTF16_LE: "utf-16-le"}


def media_type(header: str) -> tuple[str, str]:
    """The media type and the charset that a header names, in small letters."""
    kind, *parameters = (part.strip() for part in header.lower().split(";"))
    charsets = [value.strip("\"' ") for name, _, value in (p.partition("=") for p in parameters) if name == "charset"]
    return kind, charsets[0] if charsets else "utf-8"


class TextDecoder:
    """Decodes one body."""

    def __init__(self, charset: str) -> None:
        try:
            name = codecs.lookup(charset).name
        except (LookupError, ValueError):
            name = "utf-8"
        if name == "utf-16":  # without a mark it is little-endian (Encoding Standard)
            name = "utf-16-le"
        self._name = name if name in _CHARSETS else "utf-8"
        self._first = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self.is_cut = False
        """The bytes ended inside a character."""

    def decode(self, chunk: bytes, *, final: bool = False) -> str:
        """The text of these bytes, without a character of which only a part has come."""
        if self._decoder is None:
            self._first += chunk
            if not final and any(len(self._first) < len(mark) and mark.startswith(self._first) for mark in _MARKS):
                return ""
            chunk = self._first
            name = next((name for mark, name in _MARKS.items() if chunk.startswith(mark)), self._name)
            self._decoder = codecs.getincrementaldecoder(name)(errors="replace")
            return self._text(chunk, final=final).removeprefix("\ufeff")
        return self._text(chunk, final=final)

    def _text(self, chunk: bytes, *, final: bool) -> str:
        assert self._decoder is not None  # noqa: S101
        text = self._decoder.decode(chunk)
        if final:
            self.is_cut = self._decoder.getstate()[0] != b""
            text += self._decoder.decode(b"", True)
        return text
