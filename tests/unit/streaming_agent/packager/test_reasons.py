"""Why uv could not do it: each cause has its own sentence, and none shows a password."""

import json
from pathlib import Path

import pytest
from streaming_agent.packager.passwords import passwords_hidden
from streaming_agent.packager.reasons import refused as reason
from streaming_agent.packager.refusal import PackagingError

from .conftest import Pack, Refused, modules
from .packages import wheel, write


@pytest.mark.parametrize(
    ("line", "words", "never"),
    [
        ("geometri", ("no package 'geometri' in the package index", "how it is spelt"), "arm64"),
        ("geometry==3.0", ("no version geometry==3.0",), "arm64"),
        ("geometry==1.0 --hash=sha256:" + "0" * 64, ("the hash of 'geometry==1.0'",), "arm64"),
        ("machine", ("'machine", "no wheel for arm64 Linux with Python 3.13", "from_dockerfile"), "spelt"),
        ("geometry==1.0\ngeometry==2.0", ("exclude each other", "geometry==1.0"), "arm64"),
        ("geometry===", ("as in 'requests>=2.32,<3'",), "arm64"),
        ("./wheels/machine-1.0-py3-none-manylinux2014_x86_64.whl", ("for arm64 Linux", "machine-1.0"), "spelt"),
    ],
)
def test_each_cause_is_told_apart(agent: Path, refused: Refused, line: str, words: tuple[str, ...], never: str) -> None:
    wheel(agent / "wheels", "geometry")
    wheel(agent / "wheels", "geometry", version="2.0")
    wheel(agent / "wheels", "machine", tag="manylinux2014_x86_64")
    write(agent, requirements_txt=f"--no-index\n--find-links wheels\n{line}\n")
    sentence = refused("SAC015", agent, f"'{agent / 'requirements.txt'}' cannot be installed", *words)
    assert never not in sentence
    assert "\x1b" not in sentence


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "error: No solution found when resolving dependencies\n  cause: Because pywin32>=307 has no wheels with a "
            "matching platform tag (e.g., `manylinux_2_28_aarch64`) and you require pywin32, we can conclude that your "
            "requirements are unsatisfiable.\n\nhint: Wheels are available for `pywin32` (v312) on the following "
            "platforms: `win32`, `win_amd64`, `win_arm64`",
            ("'pywin32>=307' publishes no wheel for arm64 Linux", "there are wheels for win32, win_amd64, win_arm64"),
        ),
        (
            "error: Package `docopt` can't be installed because it is marked as `--no-build` but has no binary "
            "distribution",
            ("'docopt' publishes no wheel",),
        ),
        (
            "error: Failed to fetch: https://no-such-host.invalid/simple/six/\n  cause: error sending request for url"
            "\n  cause: client error (Connect)\n  cause: dns error\n  cause: Name or service not known",
            ("(https://no-such-host.invalid/simple/six/) cannot be reached", "HTTPS_PROXY"),
        ),
        (
            "error: No solution found when resolving dependencies\n  cause: Because six was not found in the cache and "
            "you require six\n\nhint: Packages were unavailable because the network was disabled.",
            ("UV_OFFLINE",),
        ),
        (
            "error: Failed to download and build `six`\n  cause: Git operation failed\n  cause: "
            "process didn't exit successfully: `/usr/bin/git fetch 'https://token:made-up@h/x/six.git'`",
            ("git cannot fetch https://***@h/x/six.git",),
        ),
        ("error: something that nobody has seen", ("uv says: something that nobody has seen",)),
    ],
)
def test_what_uv_says_is_told_in_our_words(said: str, words: tuple[str, ...]) -> None:
    """Sentences of uv 0.13 that need a network, or a package that is published for some machines."""
    sentence = reason("agent/requirements.txt", "arm64 Linux with Python 3.13", said).sentence
    for word in words:
        assert word in sentence
    assert "made-up" not in sentence


# ---------------------------------------------------------------- an index of one's own
def _project(agent: Path, url: str) -> None:
    write(
        agent,
        pyproject_toml='[project]\nname = "a"\nversion = "1"\ndependencies = ["geometry"]\n'
        f'[[tool.uv.index]]\nname = "ours"\nurl = "{url}"\ndefault = true\n',
    )


def test_a_private_index_by_uvs_own_settings(
    agent: Path, pack: Pack, index: str, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    _project(agent, f"http://{index}/simple")
    monkeypatch.setenv("UV_INDEX_OURS_USERNAME", "builder")
    monkeypatch.setenv("UV_INDEX_OURS_PASSWORD", "made-up-7")
    made = pack(agent)
    assert "geometry.py" in modules(made)
    _nowhere(cache, b"made-up-7")


@pytest.mark.parametrize("place", ["pyproject.toml", "requirements.txt", "netrc"])
def test_a_password_reaches_neither_package_nor_cache(
    agent: Path, pack: Pack, index: str, monkeypatch: pytest.MonkeyPatch, cache: Path, tmp_path: Path, place: str
) -> None:
    if place == "pyproject.toml":
        _project(agent, f"http://builder:made-up-7@{index}/simple")
    elif place == "requirements.txt":
        write(agent, requirements_txt=f"-i http://builder:made-up-7@{index}/simple\ngeometry\n")
    else:
        write(agent, requirements_txt=f"-i http://{index}/simple\ngeometry\n")
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login builder password made-up-7\n", encoding="utf-8")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    made = pack(agent)
    assert "geometry.py" in modules(made)
    assert "made-up-7" not in json.dumps([made.warnings, made.notices, made.left_out])
    _nowhere(cache, b"made-up-7")


def _nowhere(folder: Path, secret: bytes) -> None:
    for path in folder.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:made-up@host/a", "https://***@host/a"),
        ("https://user:ma@de-up@host/a", "https://***@host/a"),
        ("https://user:ma/de-up@host/a", "https://***@host/a"),
        ("https://made-up-token@host/a", "https://***@host/a"),
        ("user:made-up@host/a", "***@host/a"),
        ("https://host:8443/a.git@v1", "https://host:8443/a.git@v1"),
        ("git+https://host/a.git@v1#egg=a", "git+https://host/a.git@v1#egg=a"),
    ],
)
def test_a_password_in_an_address_is_taken_out(address: str, shown: str) -> None:
    assert PackagingError("SAC015", f"git cannot fetch {address}: check it").sentence == (
        f"git cannot fetch {shown}: check it"
    )


@pytest.mark.parametrize(
    "address",
    [
        "git+https://user:made-up-7@host",
        "git+https://user:made@up-7@host",
        "https://made-up-7@host",
        "user:made-up-7@host",
        "'https://user:made-up-7@host'",
    ],
)
def test_a_part_of_a_password_is_taken_out_wherever_it_stands(address: str, tmp_path: Path) -> None:
    """uv and git may show an address in pieces where it is not written rightly."""
    (tmp_path / "requirements.txt").write_text(f"-i {address}/simple\n{address}/a.git@v1\n", encoding="utf-8")
    password = "made@up-7" if "made@" in address else "made-up-7"
    with pytest.raises(PackagingError) as caught, passwords_hidden(tmp_path):
        raise PackagingError("SAC015", f"no package host+{password} in host/a.git at v1")
    assert caught.value.sentence == "no package host+*** in host/a.git at v1"


@pytest.mark.parametrize("credentials", ["", "builder:wrong-made-up@"])
def test_an_index_that_asks_for_a_password(agent: Path, refused: Refused, index: str, credentials: str) -> None:
    _project(agent, f"http://{credentials}{index}/simple")
    sentence = refused("SAC015", agent, "asks for a name and password", "UV_INDEX_<NAME>_PASSWORD")
    assert "wrong-made-up" not in sentence
    assert "arm64" not in sentence


def test_an_index_that_is_ill(agent: Path, refused: Refused, index: str) -> None:
    _project(agent, f"http://builder:made-up-7@{index}/ill/simple")
    sentence = refused("SAC015", agent, "cannot be reached", "500")
    assert "made-up-7" not in sentence


def test_an_index_that_nobody_serves(agent: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    _project(agent, "http://127.0.0.1:9/simple")
    refused("SAC015", agent, "the package index (http://127.0.0.1:9/simple/geometry/) cannot be reached")
