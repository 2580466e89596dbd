"""What the packager's tests share: a cache of their own, and an agent's folder packaged or refused."""

import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from streaming_agent.packager.package import Package, Request, package
from streaming_agent.packager.refusal import PackagingError

from .packages import wheel
from .private_index import PrivateIndex

Pack = Callable[..., Package]
Refused = Callable[..., str]


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that holds nothing yet."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("STREAMING_AGENT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """An agent's folder with its entry file."""
    folder = tmp_path / "agent"
    folder.mkdir()
    (folder / "agent.py").write_text("print('serving')\n", encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a private index on this machine, which has `geometry`."""
    handler = type("Index", (PrivateIndex,), {"wheel": wheel(tmp_path / "published", "geometry"), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def pack() -> Pack:
    """`pack(folder)` gives the package; `pack(folder, exclude=["data"])`."""

    def pack(
        folder: Path,
        *,
        python: str = "3.13",
        entrypoint: Sequence[str] = ("agent.py",),
        exclude: Sequence[str] = (),
        output: str | None = None,
    ) -> Package:
        return package(Request(str(folder), python, entrypoint, exclude, output))

    return pack


@pytest.fixture
def refused(pack: Pack) -> Refused:
    """`refused("SAC185", folder, "words of the sentence")` gives the sentence."""

    def refused(code: str, folder: Path, *words: str, **options: object) -> str:
        with pytest.raises(PackagingError) as caught:
            pack(folder, **options)
        assert caught.value.code == code, caught.value
        for word in words:
            assert word in caught.value.sentence, caught.value.sentence
        return caught.value.sentence

    return refused


def files(made: Package) -> set[str]:
    """The paths of a package's files."""
    root = Path(made.path)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def modules(made: Package) -> set[str]:
    """The files of a package but the metadata of distributions."""
    return {path for path in files(made) if ".dist-info/" not in path and not path.startswith("bin/")}
