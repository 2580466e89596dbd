"""Strings, and how values become text."""
# ruff: noqa: SIM905, PLR0133, RUF060, UP018

import re


def plain_pieces() -> str:
    name = "agent"
    return f"a call of '{name}' costs $7, or `{{{name}}}` ${{x}}"


def whole_numbers_in_text() -> str:
    limit = 900
    return f"at most {limit} s, got {limit + 1}"


def fractions_in_text() -> list[str]:
    return [f"{x:g}" for x in [0.5, 20.0, -1.0, 1234567.0, 0.00001, 100000.0, 1.0 / 3.0, 0.0001]]


def quotes_and_escapes() -> str:
    return 'it\'s "so" \\ `here` ${not} \n\t\u00e9\u2028'


def starts_and_ends() -> list[bool]:
    return ["https://a".startswith("https://"), "a/".endswith("/"), "a".startswith(""), "".endswith("x")]


def split_and_join() -> list[str]:
    return ["/".join("a//b".split("/")), ", ".join([]), "-".join([part.upper() for part in "x y".split(" ")])]


def join_of_a_generator() -> str:
    return "+".join(f"<{x}>" for x in ["a", "b"] if x != "b")


def split_at_most() -> list[str]:
    return [*"a/b/c".split("/", maxsplit=1), *"a".split("/", maxsplit=1)]


def replace_every_one() -> list[str]:
    return ["a-b-c".replace("-", "_"), "abc".replace("b", "$&$1"), "a.c".replace(".", "")]


def strip_white_space() -> list[str]:
    return ["  a b\t\n".strip(), "\u00a0x\x1c".strip(), "\ufeffmark\ufeff".strip()]


def upper_and_lower() -> list[str]:
    return ["Straße".upper(), "ABC".lower()]


def prefixes_and_suffixes() -> list[str]:
    return ["arn:x".removeprefix("arn:"), "x".removeprefix("y"), "a.py".removesuffix(".py"), "a".removesuffix("")]


def length_in_characters() -> list[int]:
    return [len("abc"), len("\U0001f600"), len("")]


def contains_text() -> list[bool]:
    return ["b" in "abc", "z" not in "abc", "" in ""]


def concatenation() -> str:
    text = "a"
    text += "b" + "c"
    return text


def a_whole_match() -> list[bool]:
    return [re.fullmatch("[a-zA-Z][a-zA-Z0-9_]{0,3}", name) is not None for name in ["a", "a_1b", "1a", "abcde", "a\n"]]


def no_match_at_all() -> bool:
    return re.search("x|y", "abc") is None


def a_match_at_the_start() -> list[bool]:
    return [re.match("ab?", text) is not None for text in ["a", "ab", "ca"]]


def any_character_but_a_newline() -> list[bool]:
    return [re.fullmatch(".", text) is not None for text in ["a", "\n", "\r", "\u2028"]]


def a_pattern_with_special_characters() -> list[bool]:
    return [re.fullmatch(r"(?:https?://)[^/\]-]+(?!x)", t) is not None for t in ["http://a", "https://a/b", "ftp://a"]]


def text_of_a_number() -> str:
    return str(12) + str("x")


def replace_by_what_a_call_gives() -> list[str]:
    notes: list[str] = []
    replaced = ["abc".replace("x", _noted(notes)), "xbx".replace("x", _noted(notes))]
    return [*replaced, f"{len(notes)}"]


def _noted(notes: list[str]) -> str:
    notes.append("called")
    return "$&"


def replace_between_all_characters() -> list[str]:
    nothing = ""
    return ["\U0001f600a".replace(nothing, "-"), nothing.replace(nothing, "-")]


def split_at_nothing_raises() -> list[str]:
    nothing = ""
    return "abc".split(nothing, maxsplit=1)


def split_a_negative_number_of_times() -> list[str]:
    return ["+".join("a,b,c".split(",", maxsplit=-n)) for n in [1, 2]]
