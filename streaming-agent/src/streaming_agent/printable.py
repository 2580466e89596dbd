"""Text from an agent, an API or a template as a terminal may show it: control characters are shown, not obeyed."""

import re

# C0 without newline and tab, delete, C1, and the characters that turn the direction of what follows (UAX #9)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HIGH, _LOW = re.compile("[\ud800-\udbff]"), re.compile("[\udc00-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def printable(text: str) -> str:
    """The text with each control character as its escape, such as `\\u001b`, which JSON reads too."""
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    text = _CONTROLS.sub(lambda control: f"\\u{ord(control[0]):04x}", text)
    return _LOW.sub("\ufffd", _HIGH.sub("\ufffd", text))
