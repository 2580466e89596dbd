"""Which rules run: chosen by code, by the beginning of a code, or by name."""

import difflib
from collections.abc import Sequence

from ..template import Refusal
from .acknowledgments import ALIASES
from .rule import Rule


def selected(rules: Sequence[Rule], select: Sequence[str] = (), ignore: Sequence[str] = ()) -> list[Rule]:
    """The rules that run.

    Args:
        rules: Every rule.
        select: Codes, beginnings of codes, or names; empty: every rule.
        ignore: The same, taken away.

    Raises:
        Refusal: SAL102 for a name that no rule has.
    """
    chosen = [rule for rule in rules if any(_fits(rule, one) for one in select)] if select else list(rules)
    for one in (*select, *ignore):
        if not any(_fits(rule, one) for rule in rules):
            raise unknown_rule(rules, one)
    return [rule for rule in chosen if not any(_fits(rule, one) for one in ignore)]


def unknown_rule(rules: Sequence[Rule], name: str) -> Refusal:
    """For a rule that there is none of: names the nearest."""
    names = [text for rule in rules for text in (rule.name, rule.code)]
    near = difflib.get_close_matches(name, names, 1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else "see --list-rules"
    return Refusal("SAL102", f"there is no rule {name}: {hint}")


def _fits(rule: Rule, one: str) -> bool:
    name = ALIASES.get(one, one)
    prefix = name.upper().startswith("CHK") and rule.code.startswith(name.upper())
    return name == rule.name or prefix
