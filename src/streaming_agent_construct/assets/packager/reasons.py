"""Why uv could not do it, in one sentence that fits the cause: a wrong hash is told otherwise than a missing wheel."""

import re
from collections.abc import Callable

from .refusal import PackagingError, shortened, without_credentials

_NAME = r"`?([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?(?:(?:[=<>!~]=?=?)[^\s`,]+)?)`?"


_NETWORK_DETAILS = (
    r"dns error|tcp connect error|Connection refused|operation timed out|connection (?:closed|reset)[^:]*"
    r"|HTTP status (?:server|client) error \([^)]*\)|invalid peer certificate[^:]*"
)


def refused(where: str, target: str, said: str) -> PackagingError:
    """The error for what uv said.

    :param where: The file that names the requirements, as the user knows it.
    :param target: What they are installed for, such as ``arm64 Linux with Python 3.13``.
    :param said: What uv wrote to its standard error.
    """
    said = shortened(without_credentials(said))[:20_000]
    line = " ".join(said.split())
    for pattern, tell in _CAUSES:
        found = re.search(pattern, line)
        if found is not None:
            machine = " for arm64 Linux" if tell in (_wheel, _built_for_here) and "arm64" in target else ""
            return PackagingError(
                "SAC015", f"the requirements of '{where}' cannot be installed{machine}: {tell(found, target)}"
            )
    return PackagingError("SAC015", f"the requirements of '{where}' cannot be installed: uv says: {own_words(said)}")


def own_words(said: str) -> str:
    """uv's reason in one line: its errors and causes, without what it did before."""
    start = said.find("error: ")
    reason = " ".join(said[start:].removeprefix("error: ").split()) if start >= 0 else " ".join(said.split())
    return (reason or "nothing").replace(" cause: ", ": ")[:600]


def _missing(found: re.Match[str], target: str) -> str:
    return (
        f"there is no package '{found[1]}' in the package index: check how it is spelt; if it is in an index of your "
        "own, name that index in uv's settings (https://docs.astral.sh/uv/concepts/indexes/)"
    )


def _source(found: re.Match[str], target: str) -> str:
    return (
        f"'{found[1]}' comes as source from an address, and is built only where a line names both: add the line "
        f"'{found[1]} @ …' with that address"
    )


def _without_hash(found: re.Match[str], target: str) -> str:
    return (
        f"'{found[1]}' has no hash, and with --require-hashes each needs one, which a folder cannot have: write the "
        "hash, or take --require-hashes out"
    )


def _no_version(found: re.Match[str], target: str) -> str:
    return f"there is no version {found[1]} in the package index: name one that is published"


def _wheel(found: re.Match[str], target: str) -> str:
    offered = re.search(r"on the following platforms?: ([^.]*?)(?: hint:|$)", found.string)
    has = f" (there are wheels for {offered[1].replace('`', '')})" if offered is not None else ""
    return (
        f"'{found[1]}' publishes no wheel for {target}{has}: name a version that does, take another package, or build "
        "an image with AgentSource.from_dockerfile"
    )


def _hash(found: re.Match[str], target: str) -> str:
    return (
        f"the hash of '{found[1]}' is not the one that is written there: write the hash that you trust, or find out "
        "why the file is another one"
    )


def _authentication(found: re.Match[str], target: str) -> str:
    where = re.search(r"https?://[^\s)`]+", found.string)
    return (
        f"the package index{f' {where[0]}' if where else ''} asks for a name and password ({found[1]}): give them to "
        "uv with UV_INDEX_<NAME>_USERNAME and UV_INDEX_<NAME>_PASSWORD, a .netrc file or a keyring "
        "(https://docs.astral.sh/uv/concepts/indexes/#authentication)"
    )


def _network(found: re.Match[str], target: str) -> str:
    where = re.search(r"https?://[^\s)`']+", found.string)
    detail = re.search(_NETWORK_DETAILS, found.string)
    return (
        f"the package index{f' ({where[0]})' if where else ''} cannot be reached"
        f"{f' ({detail[0].strip()})' if detail is not None else ''}: check the network, the proxy (HTTPS_PROXY) and "
        "the index in uv's settings"
    )


def _offline(found: re.Match[str], target: str) -> str:
    return "uv is offline (UV_OFFLINE or --offline) and its cache lacks a package: allow the network once"


def _syntax(found: re.Match[str], target: str) -> str:
    return f"{found[1].strip()}: write it as in 'requests>=2.32,<3'"


def _no_file(found: re.Match[str], target: str) -> str:
    return f"there is no file '{found[1]}', which it names: write the path from the file that names it"


def _git(found: re.Match[str], target: str) -> str:
    where = re.search(r"(?:https?|ssh)://[^\s'`]+", found.string)
    what = where[0] if where is not None else "a repository"
    return f"git cannot fetch {what}: check its address, the network and your access to it"


def _conflict(found: re.Match[str], target: str) -> str:
    return f"they exclude each other: {found[1].strip()}: change one of them"


def _build(found: re.Match[str], target: str) -> str:
    return f"'{found[1]}' cannot be built: {found[2].strip()[:300]}: see that its own build works, as with 'uv build'"


def _lock_platform(found: re.Match[str], target: str) -> str:
    return (
        f"its lock leaves out {target}: take tool.uv.environments out of pyproject.toml, or add "
        "\"sys_platform == 'linux' and platform_machine == 'aarch64'\" to it, and run 'uv lock'"
    )


def _built_for_here(found: re.Match[str], target: str) -> str:
    return (
        f"'{found[1]}' is compiled for another machine than {target}: build a wheel of it for arm64 Linux and name "
        "that, or build an image with AgentSource.from_dockerfile"
    )


# Tried in this order: what is certain comes before what uv's resolver concludes from it.
_CAUSES: list[tuple[str, Callable[[re.Match[str], str], str]]] = [
    (rf"Hash mismatch for {_NAME}", _hash),
    (rf"[Hh]ash(?:es)? (?:for|of) {_NAME}.{{0,40}}(?:mismatch|not match)", _hash),
    (r"\b(401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)", _authentication),
    (r"network was disabled|network connectivity is disabled", _offline),
    (r"target environment is not supported by the lockfile", _lock_platform),
    (r"Git operation failed|failed to clone|failed to fetch (?:branch|tag|commit)", _git),
    (
        rf"{_NETWORK_DETAILS}|error sending request|Failed to fetch|Request failed after \d+ retries",
        _network,
    ),
    (rf"Because {_NAME} (?:was )?not found in the (?:package registry|provided package locations|cache)", _missing),
    (rf"{_NAME} was not found in the (?:package registry|provided package locations|cache)", _missing),
    (rf"Package {_NAME} can't be installed because it is marked as `--no-build`", _wheel),
    (rf"all versions of {_NAME} have no (?:usable )?wheels", _wheel),
    (
        rf"(?:[Bb]ecause|and) {_NAME} has no (?:usable wheels|wheels with|`?[\w-]+`?-compatible wheels)",
        _wheel,
    ),
    (rf"{_NAME} can't be installed because .{{0,80}}(?:platform|wheel)", _wheel),
    (r"[Ww]heel `?([A-Za-z0-9_.]+)-[\w.+!-]+\.whl`? is not compatible", _built_for_here),
    (r"([\w.-]+)\.whl\)? (?:dependency )?is incompatible with the current (?:platform|Python)", _built_for_here),
    (r"built wheel `?([\w.-]+)`? .{0,120}not compatible", _built_for_here),
    (rf"there (?:is|are) no versions? of {_NAME}", _no_version),
    (r"Couldn't parse requirement.*? cause: (.+)$", _syntax),
    (r"(Unexpected '[^']*'.*)$", _syntax),
    (r"disabled, but attempted to build `([^`]+)`", _source),
    (r"`--require-hashes` mode, .{0,40} have a hash, but none were provided for: ([\w.-]+)", _without_hash),
    (r"failed to read from file `([^`]+)`", _no_file),
    (r"Distribution not found at: file://(\S+)", _no_file),
    (rf"Failed to (?:download and )?build {_NAME}.*? cause: (.+)$", _build),
    (r"(?:cause: )?Because (.*?),? we can conclude that your requirements are unsatisfiable", _conflict),
]
