"""Tries made-up inputs for a while: first what was found once, then new ones, from a seed that is printed.

What fails is kept in corpus/, and tried first the next time.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping

from .kept import keep, kept

Files = Mapping[str, bytes]


def search(
    fuzz: str,
    description: str | None,
    make: Callable[[random.Random], Files],
    tried: Callable[[Files, random.Random], str | None],
) -> int:
    """Runs until the time is over or an input fails; 1 when one did.

    Args:
        fuzz: The name of its corpus.
        description: What `--help` says.
        make: One input, by chance.
        tried: What is wrong with how an input is taken; `None` when nothing is.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--go-on", action="store_true", help="tell every kind of failure, not the first alone")
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    ends = time.monotonic() + chosen.seconds
    count = 0
    told: list[list[str]] = []
    again: list[Files] = list(kept(fuzz))
    while time.monotonic() < ends:
        chance = random.Random(f"{seed}-{count}")
        files = again.pop() if again else make(chance)
        wrong = tried(files, chance)
        count += 1
        if wrong is not None and (reason := wrong.strip().splitlines()[-2:]) not in told:
            told.append(reason)
            keep(fuzz, files)
            print(f"input {count} of seed {seed}:\n{wrong}", file=sys.stderr)
            if not chosen.go_on:
                break
    print(f"{count} inputs in {chosen.seconds:g} s, seed {seed}: {len(told) or 'no'} kinds of failure")
    return 1 if told else 0
