"""`streaming-agent chat` against a scripted API, and the commands against the counting app of the local run."""

from collections.abc import Iterator

import pytest
from streaming_agent.local.emulator import Endpoints

from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import synthesise

from .chats import Chat


@pytest.fixture
def chat(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Chat:
    return Chat(capsys, monkeypatch)


@pytest.fixture(scope="package")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with emulator_of(synthesise(tmp_path_factory.mktemp("cli") / "cdk.out")) as ready:
        yield ready
