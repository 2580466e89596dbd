"""Which modules each extra of the distribution brings, and the sentence for one that is not installed."""

from collections.abc import Sequence
from importlib.util import find_spec

_CLIENT = ("httpx2", "anyio")
_MODULES = {
    "client": _CLIENT,
    "local": (*_CLIENT, "aiohttp", "cryptography", "joserfc", "multidict", "regex", "watchfiles", "yarl"),
}


def missing_modules(extra: str) -> list[str]:
    """The modules of this extra that cannot be imported here."""
    return [name for name in _MODULES[extra] if find_spec(name) is None]


def is_of(extra: str | None, module: str | None) -> bool:
    """Whether a module that was not found is one that this extra brings, and no mistake of ours."""
    return extra is not None and module is not None and module.partition(".")[0] in _MODULES[extra]


def install_sentence(extra: str, missing: Sequence[str]) -> str:
    """What to install for a command."""
    return f"this command needs: pip install 'streaming-agent[{extra}]' (missing: {', '.join(missing)})"
