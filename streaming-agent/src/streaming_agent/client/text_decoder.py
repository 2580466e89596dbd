"""Bytes that come in pieces to text, in the charset that an answer names; what is in no charset is replaced."""

import codecs

# those that the Encoding Standard knows and Python decodes piece by piece; all others are taken for UTF-8
_CHARSETS = frozenset(
    {"ascii", "big5", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "koi8-r", "koi8-u", "shift_jis", "utf-8"}
    | {f"cp125{number}" for number in range(9)}
    | {f"iso8859-{number}" for number in range(1, 17)}
    | {"utf-16", "utf-16-be", "utf-16-le"}
)
_MARKS = {codecs.BOM_UTF16_BE: "utf-16-be", codecs.BOM_UTF16_LE: "utf-16-le"}


class TextDecoder:
    """Decodes one body."""

    def __init__(self, charset: str) -> None:
        try:
            name = codecs.lookup(charset).name
        except (LookupError, ValueError):
            name = "utf-8"
        self._name = name if name in _CHARSETS else "utf-8"
        self._first = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def decode(self, chunk: bytes, *, final: bool = False) -> str:
        """The text of these bytes, without a character of which only a part has come."""
        if self._decoder is None:
            self._first += chunk
            if self._name == "utf-16" and len(self._first) < 2 and not final:
                return ""
            chunk = self._first
            name = self._name
            if name == "utf-16":  # without a mark it is little-endian (Encoding Standard)
                name = _MARKS.get(chunk[:2], "utf-16-le")
            self._decoder = codecs.getincrementaldecoder(name)(errors="replace")
        return self._decoder.decode(chunk, final)
