"""Branches, loops, None and truth."""
# ruff: noqa: PLR1711, SIM108

from collections.abc import Sequence

LIMIT = 3
_NAMES = ("a", "b")
_TABLE: dict[str, int] = {"a": 1}


def branches() -> list[str]:
    return [_size(n) for n in [0, 5, 50]]


def _size(n: int) -> str:
    if n == 0:
        return "none"
    elif n < 10:
        size = "few"
    else:
        size = "many"
    return size


def assigned_in_a_branch_and_used_after() -> list[str]:
    return [_greeting("x"), _greeting(None)]


def _greeting(name: str | None = None) -> str:
    if name is not None:
        shown = f"hello {name}"
        count = len(shown)
    else:
        shown = "hello"
        count = 0
    return f"{shown} {count}"


def early_return_in_a_loop() -> list[str]:
    return [_first(["", "b", "c"]), _first([])]


def _first(xs: Sequence[str]) -> str:
    for x in xs:
        if not x:
            continue
        return x
    return "none"


def a_loop_that_breaks() -> int:
    seen = 0
    for x in [1, 2, 3]:
        if x == 3:
            break
        seen = x
    return seen


def the_same_name_in_two_loops() -> str:
    text = ""
    for part in ["a", "b"]:
        text += part
    for part in ["c"]:
        piece = part.upper()
        text += piece
    return text


def none_and_zero_and_empty_are_told_apart() -> list[str]:
    return [_kind(None), _kind(0), _kind(2)]


def _kind(n: int | None = None) -> str:
    if n is None:
        return "nothing"
    return "some" if n else "zero"


def an_empty_text_gives_way_to_a_default() -> list[str]:
    return [_text(None), _text(""), _text("x")]


def _text(text: str | None = None) -> str:
    return text or "default"


def only_none_gives_way() -> list[str]:
    return [_given(None), _given(""), _given("x")]


def _given(text: str | None = None) -> str:
    return text if text is not None else "default"


def both_and_either() -> list[bool]:
    a = _true()
    b = not _true()
    return [a and b, a or b, not a, not (a and b), a and (b or a)]


def _true() -> bool:
    return True


def only_what_is_needed_is_asked() -> list[bool]:
    xs: list[str] = []
    return [len(xs) > 0 and xs[0] == "a", len(xs) == 0 or xs[0] == "a"]


def constants_of_the_module() -> list[int]:
    return [LIMIT, len(_NAMES), _TABLE["a"]]


def choices_within_choices() -> list[str]:
    return ["low" if n < 3 else "middle" if n < 6 else "high" for n in [1, 4, 9]]


def what_was_checked_is_known() -> str:
    name = _maybe("x")
    if name is None or len(name) == 0:
        return "none"
    return f"{name} has {len(name)}"


def _maybe(text: str | None = None) -> str | None:
    return text


def keyword_arguments() -> list[str]:
    return [_call("a"), _call("a", suffix="!"), _call("a", suffix=None, times=2), _call(name="b", times=1)]


def _call(name: str, *, suffix: str | None = None, times: int | None = None) -> str:
    end = suffix if suffix is not None else "."
    text = ""
    for _ in range(times if times is not None else 1):
        text += name + end
    return text


def names_that_javascript_reserves() -> list[str]:
    new = "a"
    function = "b"
    default = "c"
    return [new, function, default]


def names_that_python_reserves_too() -> list[str]:
    import_ = "a"
    class_ = "b"
    for_ = "c"
    return [import_, class_, for_]


def names_that_differ_in_an_underscore_alone() -> list[str]:
    text_ = "a"
    text = "b"
    return [text_, text]


def names_of_what_translated_code_calls() -> list[int]:
    Math = 1
    String = 2
    size = 3
    return [abs(-Math), len(str(String)), len("ab") + size]


def a_loop_that_only_counts() -> int:
    n = 0
    for _ in ["a", "b"]:
        n += 1
    return n + len([1 for _ in ["a", "b"]])


def nothing_to_return() -> None:
    xs: list[int] = []
    _fill(xs)


def _fill(xs: list[int]) -> None:
    xs.append(1)
    return


def names_in_a_comprehension_are_its_own() -> list[str]:
    if LIMIT > 1:
        x = "a"
    else:
        x = "b"
    return [*[x for x in ["q"]], x]  # noqa: C416


def what_is_not_none_by_a_comparison() -> list[str]:
    return [_shown(None), _shown("x")]


def _shown(text: str | None = None) -> str:
    if text == None:  # noqa: E711
        return "nothing"
    return f"{text}"


def names_that_are_not_of_options() -> list[str]:
    table = {"x_min": "y", "with x_min": "z"}
    return [_found(table, "x_min"), table[_said("x_min")]]


def _found(d: dict[str, str], name: str) -> str:
    return d[name] + d[f"with {name}"]


def _said(name: str) -> str:
    return f"with {name}"


class _Range:
    x_min: int

    def __init__(self) -> None:
        self.x_min = 1


def an_option_of_that_name() -> int:
    return _Range().x_min
