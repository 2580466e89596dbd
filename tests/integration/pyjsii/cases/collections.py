"""Lists and dicts."""
# ruff: noqa: PLE0643, RUF005, C405

from collections.abc import Mapping, Sequence


def first_and_last() -> list[str]:
    xs = ["a", "b", "c"]
    return [xs[0], xs[-1], xs[len(xs) - 2]]


def beyond_the_end_raises() -> str:
    return ["a"][1]


def beyond_the_start_raises() -> str:
    return ["a"][-2]


def a_missing_key_raises() -> int:
    found: dict[str, int] = {}
    return found["x"]


def names_that_objects_have_are_no_keys() -> list[bool]:
    d = {"a": 1}
    return ["constructor" in d, "toString" in d, "a" in d, d.get("valueOf") is None]


def get_with_and_without_default() -> list[int]:
    d = {"a": 1, "zero": 0}
    return [d.get("a", 5), d.get("b", 5), d.get("zero", 5)]


def append_and_extend() -> list[int]:
    xs: list[int] = []
    xs.append(1)
    xs.extend([2, 3])
    return xs


def lists_are_shared_until_copied() -> list[list[str]]:
    xs = ["a"]
    ys = xs
    zs = list(xs)
    ys.append("b")
    return [xs, zs]


def sums_and_spreads_of_lists() -> list[str]:
    xs = ["a"]
    return [*(xs + ["b"]), *xs, "c"]


def spreads_of_dicts_keep_the_order() -> list[str]:
    d = {**{"x": 1, "y": 2}, "x": 3, "z": 4}
    return [f"{k}={v}" for k, v in sorted(d.items())]


def updates() -> dict[str, int]:
    d = {"a": 1}
    d.update({"b": 2})
    d["c"] = 3
    d["a"] = d["a"] + 1
    return d


def sorted_names() -> list[str]:
    return sorted(["b", "B", "a", "10", "9", "\U0001f600", "\uffee"])


def sorted_keys_of_a_dict() -> list[str]:
    return sorted(_of(["b", "10", "9", "a"]))


def _of(names: Sequence[str]) -> dict[str, str]:
    return {name: name.upper() for name in names}


def a_loop_over_sorted_items() -> str:
    text = ""
    for key, value in sorted(_of(["2", "10", "b"]).items()):
        text += f"{key}:{value};"
    return text


def distinct_names() -> list[str]:
    return sorted({name.split("/")[0] for name in ["a/b", "c/d", "a/e"]})


def how_many_distinct() -> int:
    return len(set(["a", "b", "a"]))


def filtered_and_mapped() -> list[int]:
    return [x * 2 for x in [1, 2, 3, 4] if x % 2 == 0 if x > 2]


def a_filter_alone() -> list[str]:
    return [x for x in ["a", "", "b"] if x]


def dicts_made_from_lists() -> dict[str, int]:
    return {x: len(x) for x in ["a", "bb"] if x != "c"}


def lists_of_objects() -> list[dict[str, str]]:
    return [{"name": x} for x in ["a", "b"]]


def enumerated() -> list[str]:
    return [f"{i}{x}" for i, x in enumerate(["a", "b"])]


def any_and_all() -> list[bool]:
    xs = ["a", "bb"]
    return [any(len(x) > 1 for x in xs), all(len(x) > 1 for x in xs), any(x for x in [""]), all(x for x in _none())]


def _none() -> list[str]:
    return []


def membership() -> list[bool]:
    return ["a" in ("a", "b"), 3 in [1, 2], "c" not in ["a"]]


def sizes() -> list[int]:
    return [len([1, 2]), len({"a": 1}), len(_of([]))]


def empty_collections_are_false() -> list[str]:
    return [_say([], {}), _say(["a"], {}), _say([], {"a": "b"})]


def _say(xs: Sequence[str], d: Mapping[str, str]) -> str:
    if xs:
        return "a list"
    return "a dict" if d else "nothing"


def an_empty_list_gives_way_to_a_default() -> list[list[str]]:
    return [_or(None), _or([]), _or(["x"])]


def _or(xs: list[str] | None = None) -> list[str]:
    return xs or ["default"]


def nested_collections() -> dict[str, list[dict[str, int]]]:
    return {"a": [{"b": 1}, {}], "c": []}


def a_comprehension_makes_a_list_of_its_own() -> list[int]:
    xs = ["a"]
    ys = [x for x in xs]  # noqa: C416
    ys.append("b")
    return [len(xs), _longer([x for x in xs]), len(xs)]  # noqa: C416


def _longer(xs: list[str]) -> int:
    xs.append("b")
    return len(xs)


def an_empty_list_or_dict_gives_way_to_a_new_one() -> list[int]:
    xs: list[str] = []
    d: dict[str, str] = {}
    ys = xs or []
    e = d or {}
    ys.append("a")
    e["k"] = "v"
    return [len(xs), len(d), len(ys), len(e)]


def what_is_tested_first_is_made_first() -> list[str]:
    notes: list[str] = []
    made = [_noted(notes, f"make {x}") for x in ["a", "b"] if _noted(notes, f"test {x}") != ""]
    table = {_noted(notes, f"key {x}"): x for x in ["c"] if len(_noted(notes, f"ask {x}")) > 0}
    return [*notes, *made, *sorted(table)]


def _noted(notes: list[str], text: str) -> str:
    notes.append(text)
    return text


def any_and_all_stop_at_the_first() -> list[bool]:
    return [any(1 // n == 1 for n in [1, 0] if 1 // n > 0), all(10 // n > 1 for n in [20, 0] if n > 0 or 1 // n == 0)]


def a_condition_of_a_pair_may_need_one_of_the_two() -> list[str]:
    return [f"{i}:{x}" for i, x in enumerate(["a", "b"]) if i % 2 == 1]


def a_loop_sees_what_is_added_meanwhile() -> list[int]:
    xs = ["a"]
    total = 0
    for i, x in enumerate(xs):
        total += len(x)
        if i < 3:
            xs.append("b")
    return [total, len(xs)]
