"""Bytes of any charset, cut anywhere, are text; what ends inside a character is known."""

import pytest
from streaming_agent.client.text_decoder import TextDecoder, media_type


@pytest.mark.parametrize(
    ("sent", "charset", "text"),
    [
        ("Grün 🍃".encode(), "utf-8", "Grün 🍃"),
        ("\ufeffGrün".encode(), "utf-8", "Grün"),
        ("\ufeffGrün".encode(), "iso-8859-1", "Grün"),
        ("Grün".encode("utf-16"), "utf-8", "Grün"),
        ("\ufeffGrün".encode("utf-16-be"), "utf-8", "Grün"),
        ("Grün".encode("utf-16-le"), "utf-16", "Grün"),
        ("Grün €".encode("cp1252"), "windows-1252", "Grün €"),
        ("緑".encode("gb18030"), "gb18030", "緑"),
        (b"\xef", "iso-8859-1", "ï"),
        (b"", "utf-8", ""),
        (b"Gr+APw-n", "utf-7", "Gr+APw-n"),
    ],
)
def test_text_is_decoded_however_it_is_cut(sent: bytes, charset: str, text: str) -> None:
    for size in (1, 2, 3, 100):
        decoder = TextDecoder(charset)
        pieces = [decoder.decode(sent[start : start + size]) for start in range(0, len(sent), size)]
        assert "".join(pieces) + decoder.decode(b"", final=True) == text
        assert not decoder.is_cut


@pytest.mark.parametrize(
    ("sent", "charset"),
    [("Grü".encode()[:-1], "utf-8"), ("Grü".encode("utf-16")[:-1], "utf-8"), ("緑".encode("gb18030")[:1], "gb18030")],
)
def test_a_character_that_is_cut_is_known(sent: bytes, charset: str) -> None:
    decoder = TextDecoder(charset)
    assert decoder.decode(sent, final=True).endswith("\ufffd")
    assert decoder.is_cut


def test_the_first_charset_of_a_header_counts() -> None:
    assert media_type('Text/Event-Stream; Charset="UTF-8"; charset=latin1') == ("text/event-stream", "utf-8")
    assert media_type("") == ("", "utf-8")
