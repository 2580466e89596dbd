"""A regular expression that is written anew for JavaScript matches the texts that Python's matches, and no other."""

import json
import re
import subprocess

import pytest

from tools.pyjsii.emitter.patterns import javascript

PATTERNS = [
    "a",
    "",
    "()",
    "a|b|",
    "(a|b)c",
    "(?:ab)+?",
    "(?P<name>ab){2}",
    "a{2}",
    "a{2,}",
    "a{,2}",
    "a{1,2}?",
    "a{,}",
    "a{}",
    "a{b}",
    "x{a",
    "[]a]+",
    "[^]a]",
    "[a-]",
    "[-a]+",
    "[a\\-c]",
    "[!#-\\[\\]-~]+",
    "[\\b]",
    "[^\\n]",
    "[\\[a]",
    "[/^]",
    "[a^]",
    "\\.\\*\\/\\-\\ ",
    "\\x41\\u00e9\\U0001F600",
    "\U0001f600+",
    "\\n\\t\\a",
    "\\$",
    "a(?=b)",
    "a(?!b).",
    "(?=a){2}a",
    "-/ \"'`\\$",
    r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?",
]
TEXTS = [
    *[
        "",
        "a",
        "b",
        "c",
        "ab",
        "abab",
        "ac",
        "bc",
        "aa",
        "aaa",
        "aaaa",
        "a{}",
        "a{b}",
        "x{a",
        "a,",
        "]",
        "]a",
        "-",
        "-a",
    ],
    *[
        "a-c",
        "abc",
        "[",
        "[a",
        "^",
        "/",
        "\b",
        "\n",
        ".*/- ",
        "A\u00e9\U0001f600",
        "\U0001f600",
        "\U0001f600\U0001f600",
    ],
    *["\n\t\a", "$", "\u2028", "-/ \"'`$", "https://example.com", "http://[::1]:8080", "https://example.com:808080"],
]
RUNNER = """
const [patterns, texts] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(patterns.map((p) => texts.map((t) => new RegExp(p, 'u').test(t)))));
"""
FUNCTIONS = ("fullmatch", "match", "search")


@pytest.fixture(scope="module")
def in_node() -> dict[tuple[str, str], list[bool]]:
    """What JavaScript says of every text, by function and pattern."""
    asked = [(function, pattern) for function in FUNCTIONS for pattern in PATTERNS]
    written = [javascript(pattern, function) for function, pattern in asked]
    assert [wrong for _, wrong in written if wrong] == []
    command = ["node", "-e", RUNNER, json.dumps([[body for body, _ in written], TEXTS])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(zip(asked, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_both_languages_match_the_same_texts(pattern: str, in_node: dict[tuple[str, str], list[bool]]) -> None:
    for function in FUNCTIONS:
        ours = [getattr(re, function)(pattern, text) is not None for text in TEXTS]
        assert in_node[function, pattern] == ours, function
