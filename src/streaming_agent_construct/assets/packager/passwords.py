"""The passwords of a folder's requirement files, which no sentence repeats."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .refusal import PackagingError

# The password alone, and a token that stands for both.
_PASSWORDS = re.compile(
    r"(?:(?<=://)|(?<=[\s='\"]))[^\s/@'\"`=:]*:(?!//|\d+/)(?P<password>[^\s/'\"`]{4,}|[^\s'\"`]{4,}?)@"
    r"|(?<=://)(?P<token>[^\s/@:'\"`]{8,})@"
)
_HOLDS_ADDRESSES = re.compile(r".*\.(?:txt|in|toml|lock|cfg)|Pipfile", re.IGNORECASE)
_SMALL_BYTES = 1_000_000


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
