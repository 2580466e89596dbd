"""`streaming-agent chat` against a scripted API."""

import pytest

from .chats import Chat


@pytest.fixture
def chat(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Chat:
    return Chat(capsys, monkeypatch)
