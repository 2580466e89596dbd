"""What the construct tests share: they run on this package and (`make parity`) on the one that jsii makes of it.

So that one text serves both, a test imports only public names from `streaming_agent_construct`, uses the fixture
`refused` where a construct must refuse, and is marked `native_only` if it is about something that only Python has.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

import streaming_agent_construct
from streaming_agent_construct import AgentSource
from tools.pyjsii.emitter.sentences import Words, in_typescript
from tools.pyjsii.translate import declared

Refused = Callable[..., AbstractContextManager[None]]

# The package that jsii makes carries its assembly in a subpackage; ours has none.
THROUGH_JSII = f"{streaming_agent_construct.__name__}._jsii" in sys.modules


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "native_only: about something that only the native package has")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if THROUGH_JSII and item.get_closest_marker("native_only"):
            item.add_marker(pytest.mark.skip(reason="only the native package has it"))


@pytest.fixture(autouse=True, scope="session")
def package_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Packages that tests build are kept apart from the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMING_AGENT_CACHE_DIR", str(tmp_path_factory.mktemp("packages")))
        yield


@cache
def _known_words() -> Words:
    root = Path(__file__).parents[3]
    return Words.of(declared(root / "src" / "streaming_agent_construct", root / "npm").world)


def _as_the_package_says(words: str) -> str:
    return in_typescript(words, _known_words()) if THROUGH_JSII else words


@pytest.fixture
def refused() -> Refused:
    """`with refused("SAC003", "at most 15 minutes", "got 20 minutes"):` the code, then words of the sentence."""

    @contextmanager
    def refused(code: str, *words: str) -> Iterator[None]:
        # jsii has no exception types: there the same sentence and code arrive as a RuntimeError.
        error = RuntimeError if THROUGH_JSII else streaming_agent_construct.StreamingAgentError
        with pytest.raises(error) as caught:
            yield
        sentence = str(caught.value).partition("\n    at ")[0].strip()
        assert sentence.endswith(f"({code})"), sentence
        for word in map(_as_the_package_says, words):
            assert word in sentence, sentence

    return refused


@pytest.fixture
def app() -> App:
    """A fresh app that packages no agent: what an asset holds is not what these tests are about."""
    return App(context={"aws:cdk:bundling-stacks": []})


@pytest.fixture
def stack(app: App) -> Stack:
    """A stack that knows neither its account nor its region."""
    return Stack(app, "Test")


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots are JSON, one file a test."""
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.fixture
def agent(tmp_path: Path) -> AgentSource:
    """An agent's folder with one file in it."""
    return AgentSource.from_directory(str(agent_folder(tmp_path)))


def agent_folder(parent: Path) -> Path:
    folder = parent / "agent"
    folder.mkdir(exist_ok=True)
    (folder / "agent.py").write_text("print('an agent')\n", encoding="utf-8")
    return folder
