"""What the two languages read otherwise in a regular expression is refused, by name."""

import pytest

from tools.pyjsii.emitter.patterns import javascript

REFUSED = {
    "^a": "^, which JavaScript reads otherwise",
    "a$": "$, which JavaScript reads otherwise",
    r"\d": "\\d, \\w or \\s (of all scripts",
    r"[\W]": "\\d, \\w or \\s (of all scripts",
    r"\ba": "a boundary of words",
    r"a\Z": "\\Z",
    r"(a)\1": "\\1",
    "(?i)a": "a flag",
    "(?s:.)": "a flag",
    "(?<=a)b": "a look behind",
    "(?<!a)b": "a look behind",
    "(?#why)a": "a comment",
    "(?P<x>a)(?P=x)": "a reference",
    "(a)?(?(1)b|c)": "a condition",
    "(?>a)b": "an atomic group",
    "a++": "a possessive repetition",
    "a{1,2}+": "a possessive repetition",
    "[[a]": "a [ in a set",
    "(a": "missing )",
    "a**": "multiple repeat",
}


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@pytest.mark.parametrize("pattern", REFUSED)
def test_what_the_languages_read_otherwise_is_refused(pattern: str) -> None:
    body, wrong = javascript(pattern, "fullmatch")
    assert body == ""
    assert wrong.startswith(REFUSED[pattern])
