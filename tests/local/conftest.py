"""A chain of the handwritten app, running in this process; one for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from calls import Tokens, sign_in
from chains import chain_of
from handwritten_app import synthesise

from streaming_agent_construct.local.chain import Ready


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesise(tmp_path_factory.mktemp("handwritten") / "cdk.out")


@pytest.fixture(scope="module")
def chain(assembly: Path) -> Iterator[Ready]:
    with chain_of(assembly) as ready:
        yield ready


@pytest.fixture(scope="module")
def tokens(chain: Ready) -> Tokens:
    return sign_in(chain)
