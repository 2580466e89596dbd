"""Takes every safeguard out once and prints which test noticed; `make mutations` runs it.

python -m tools.mutations [WORD]: only the entries whose gotcha, file or tests hold the word.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .gotchas import MUTATIONS
from .mutation import Mutation, StaleError, line_of
from .runner import Runner, runner_of
from .tree import copied
from .trial import UnnoticedError, check_all_pass, check_noticed

ROOT = Path(__file__).parents[2]


def main(word: str = "") -> int:
    """The exit code: 1 if a safeguard can go unnoticed."""
    entries = [entry for entry in MUTATIONS if word in f"{entry.gotcha} {entry.file} {entry.tests}"]
    if not entries:
        print(f"no entry holds the word '{word}'", file=sys.stderr)
        return 1
    try:
        places = [f"{entry.file}:{line_of(entry, ROOT)}" for entry in entries]
        with copied(ROOT) as tree, runner_of(tree) as runner:
            print(f"{len(entries)} safeguards; their tests with all of them in place ...", end=" ", flush=True)
            check_all_pass(runner, entries)
            print("pass", flush=True)
            unnoticed = _try_each(tree, runner, entries)
    except (StaleError, UnnoticedError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    _print_table(entries, places, unnoticed)
    for reason in unnoticed.values():
        print(f"\n{reason}", file=sys.stderr)
    return 1 if unnoticed else 0


def _try_each(tree: Path, runner: Runner, entries: Sequence[Mutation]) -> dict[str, str]:
    unnoticed = {}
    for number, entry in enumerate(entries, 1):
        began = time.monotonic()
        try:
            check_noticed(tree, runner, entry)
            outcome = "noticed"
        except UnnoticedError as problem:
            unnoticed[entry.gotcha] = str(problem)
            outcome = "NOT NOTICED"
        print(f"{number:4}/{len(entries)} {time.monotonic() - began:5.1f} s  {outcome}  {entry.gotcha}", flush=True)
    return unnoticed


def _print_table(entries: Sequence[Mutation], places: Sequence[str], unnoticed: dict[str, str]) -> None:
    rows = [("gotcha", "code", "test that noticed")]
    for entry, place in zip(entries, places, strict=True):
        for number, test in enumerate(entry.tests):
            noticed = "-" if entry.gotcha in unnoticed else test.partition("::")[2].replace("::", ".")
            rows.append((entry.gotcha, place, noticed) if number == 0 else ("", "", noticed))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    print()
    for gotcha, place, test in rows:
        print(f"{gotcha:{widths[0]}} | {place:{widths[1]}} | {test}")
    print(f"\n{len(entries) - len(unnoticed)} of {len(entries)} safeguards cannot be taken away unnoticed")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
