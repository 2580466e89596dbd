"""What a fuzz once found stays right, and a short one with a fixed seed finds nothing."""

import random

import pytest

from tests.fuzz.client import seeds, targets
from tests.fuzz.kept import kept
from tests.fuzz.mutating import mutated


@pytest.mark.parametrize(("kind", "content"), [item for found in kept("client") for item in found.items()])
def test_what_was_found_once_is_right(kind: str, content: bytes) -> None:
    with targets() as each:
        for seed in range(5):
            each[kind](random.Random(seed), content)


@pytest.mark.parametrize(("kind", "rounds"), [("events", 300), ("token", 300), ("http", 15), ("sign-in", 10)])
def test_a_short_fuzz_finds_nothing(kind: str, rounds: int) -> None:
    chance, corpus = random.Random(kind), seeds()[kind]
    with targets() as each:
        for _ in range(rounds):
            each[kind](chance, mutated(chance, corpus))
