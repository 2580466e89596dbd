"""Takes every remedy out once and prints which test noticed; `make remedies` runs it.

python -m remedies [WORD]: only the entries whose trap, file or tests hold the word.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .remedy import Remedy, StaleError, line_of
from .runner import Runner, runner_of
from .traps import REMEDIES
from .tree import copied
from .trial import UnnoticedError, check_all_pass, check_noticed

ROOT = Path(__file__).parents[2]


def main(word: str = "") -> int:
    """The exit code: 1 if a remedy can go unnoticed."""
    entries = [entry for entry in REMEDIES if word in f"{entry.trap} {entry.file} {entry.tests}"]
    if not entries:
        print(f"no entry holds the word '{word}'", file=sys.stderr)
        return 1
    try:
        places = [f"{entry.file}:{line_of(entry, ROOT)}" for entry in entries]
        with copied(ROOT) as tree, runner_of(tree) as runner:
            print(f"{len(entries)} remedies; their tests with all of them in place ...", end=" ", flush=True)
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


def _try_each(tree: Path, runner: Runner, entries: Sequence[Remedy]) -> dict[str, str]:
    unnoticed = {}
    for number, entry in enumerate(entries, 1):
        began = time.monotonic()
        try:
            check_noticed(tree, runner, entry)
            outcome = "noticed"
        except UnnoticedError as problem:
            unnoticed[entry.trap] = str(problem)
            outcome = "NOT NOTICED"
        print(f"{number:4}/{len(entries)} {time.monotonic() - began:5.1f} s  {outcome}  {entry.trap}", flush=True)
    return unnoticed


def _print_table(entries: Sequence[Remedy], places: Sequence[str], unnoticed: dict[str, str]) -> None:
    rows = [("trap", "remedy", "test that noticed")]
    for entry, place in zip(entries, places, strict=True):
        for number, test in enumerate(entry.tests):
            noticed = "-" if entry.trap in unnoticed else test.partition("::")[2].replace("::", ".")
            rows.append((entry.trap, place, noticed) if number == 0 else ("", "", noticed))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    print()
    for trap, place, test in rows:
        print(f"{trap:{widths[0]}} | {place:{widths[1]}} | {test}")
    print(f"\n{len(entries) - len(unnoticed)} of {len(entries)} remedies cannot be taken away unnoticed")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
