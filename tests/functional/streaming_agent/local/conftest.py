"""A chain of the handwritten app, running in this process; one for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.calls import Tokens, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import synthesise


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesise(tmp_path_factory.mktemp("handwritten") / "cdk.out")


@pytest.fixture(scope="module")
def chain(assembly: Path) -> Iterator[Endpoints]:
    with emulator_of(assembly) as ready:
        yield ready


@pytest.fixture(scope="module")
def tokens(chain: Endpoints) -> Tokens:
    return sign_in(chain)
