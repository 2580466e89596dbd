"""The trial of one safeguard: without it each of its tests must fail, and fail because it is gone."""

import re
from collections.abc import Sequence
from pathlib import Path

from .mutation import Mutation, without
from .runner import Outcome, Runner
from .tree import changed

_SOME_TESTS_FAILED = 1  # pytest's exit code; 2 to 5 say that it could not run them
# An assertion, a refusal that did not come, or what the template no longer holds.
_REASON = re.compile(r"assert\b|AssertionError|Failed: DID NOT RAISE|KeyError")


class UnnoticedError(Exception):
    """A safeguard that can be taken away without a test that fails for it."""


def check_all_pass(runner: Runner, entries: Sequence[Mutation]) -> None:
    """Sees that every named test passes while every safeguard is in place."""
    tests = list(dict.fromkeys(test for entry in entries for test in entry.tests))
    outcome = runner.run(tests)
    wrong = [
        f"{test}: {became}"
        for test, cases in outcome.results.items()
        for became in (cases or ["not found"])
        if became != "passed"
    ]
    if wrong or outcome.exit_code != 0:
        raise UnnoticedError(
            "\n".join(["a test must pass while its safeguard is in place:", *wrong, outcome.last_words])
        )


def check_noticed(tree: Path, runner: Runner, entry: Mutation) -> None:
    """Takes the safeguard out, sees its tests fail, and puts it back."""
    with changed(tree / entry.file, without(entry, tree)):
        outcome = runner.run(entry.tests)
    doubt = _doubt(entry, outcome)
    if doubt is not None:
        raise UnnoticedError(f"'{entry.gotcha}' ({entry.file}): {doubt}")


def _doubt(entry: Mutation, outcome: Outcome) -> str | None:
    if outcome.exit_code not in (0, _SOME_TESTS_FAILED):
        return f"without its safeguard the tests cannot be run:\n{outcome.last_words}"
    for test, cases in outcome.results.items():
        failures = [became for became in cases if became not in ("passed", "skipped")]
        if not failures:
            return f"without its safeguard {test} still passes"
        for failure in failures:
            if _REASON.match(failure) is None and not (entry.says and entry.says in failure):
                return f"without its safeguard {test} fails for another reason: {failure}"
    return None
