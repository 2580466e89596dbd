"""PackagingError: what the user must change before the folder can be packaged, in one sentence with a code."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A name and password, or a token, in an address: https://name:password@host/, https://token@host/. A password that is
# not encoded may hold a slash or another @; a number behind the colon is a port.
_IN_ADDRESS = re.compile(r"(?<=://)(?:[^/\s'\"`]+@|[^\s/@'\"`:]+:(?!\d+(?:[/\s'\"`]|$))[^\s'\"`]*@)")
# The same in an address that is not written rightly.
_BESIDE_ADDRESS = re.compile(r"(?<![^\s/@'\"`=])[^\s/@'\"`=:]+:[^\s/@'\"`]+@(?=[\w.-])")
# The password alone, and a token that stands for both.
_PASSWORDS = re.compile(
    r"(?:(?<=://)|(?<=[\s='\"]))[^\s/@'\"`=:]*:(?!//|\d+/)(?P<password>[^\s/'\"`]{4,}|[^\s'\"`]{4,}?)@"
    r"|(?<=://)(?P<token>[^\s/@:'\"`]{8,})@"
)
_HOLDS_ADDRESSES = re.compile(r".*\.(?:txt|in|toml|lock|cfg)|Pipfile", re.IGNORECASE)
_SMALL_BYTES = 1_000_000
# Longer words are cut: no value that a user wrote is, on purpose.
_LONG = re.compile(r"\S{400,}")


class PackagingError(ValueError):
    """A folder that cannot be packaged as it is. `docs/errors.md` explains each code."""

    def __init__(self, code: str, sentence: str) -> None:
        """
        :param code: Such as ``SAC015``.
        :param sentence: What is wrong and what to do; a name and password in an address are taken out.
        """
        self.code = code
        self.sentence = shortened(without_credentials(sentence))
        super().__init__(self.sentence)


def without_credentials(text: str) -> str:
    """The text, with `***` in the place of a name and password in an address."""
    return _BESIDE_ADDRESS.sub("***@", _IN_ADDRESS.sub("***@", text))


@contextmanager
def passwords_hidden(folder: Path) -> Iterator[None]:
    """Takes the passwords of a folder's requirement files out of a refusal, wherever else a part of one may stand.

    :param folder: The folder whose requirements are read meanwhile.
    :raises PackagingError: the refusal.
    """
    try:
        yield
    except PackagingError as error:
        sentence = error.sentence
        for password in _passwords(folder):
            sentence = sentence.replace(password, "***")
        if sentence == error.sentence:
            raise
        raise PackagingError(error.code, sentence) from error.__cause__


def _passwords(folder: Path) -> set[str]:
    found = set()
    for pattern in ("*", "*/*"):
        for path in itertools.islice(folder.glob(pattern), 1000):
            try:
                if _HOLDS_ADDRESSES.fullmatch(path.name) and path.stat().st_size <= _SMALL_BYTES:
                    text = path.read_text(encoding="utf-8", errors="replace")
                    found |= {one["password"] or one["token"] for one in _PASSWORDS.finditer(text)}
            except OSError:
                continue
    return {password for password in found if "${" not in password}


def shortened(text: str) -> str:
    """The text with its longest words cut."""
    return _LONG.sub(lambda found: f"{found[0][:200]}…", text)


def holds_credentials(text: str) -> bool:
    """Whether an address in the text holds a name and password."""
    # ${VARIABLE} is how requirement files name a variable of the environment: no credential stands there.
    return any("${" not in found.group() and found.group() != "git@" for found in _IN_ADDRESS.finditer(text))
