"""Patterns of files to leave out, as .gitignore writes them (gitignore(5)) or as .dockerignore does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class _Pattern:
    regex: re.Pattern[str]
    brings_back: bool
    folders_only: bool


class IgnorePatterns:
    """The last pattern that matches a path decides."""

    def __init__(self, lines: Iterable[str], *, docker: bool = False) -> None:
        """
        :param lines: The patterns, a line each; comments and empty lines are passed over.
        :param docker: Whether each pattern starts at the folder's top, as in .dockerignore.
        """
        self._patterns = [pattern for line in lines if (pattern := _read(line, docker)) is not None]
        self._docker = docker

    def leaves_out(self, path: str, is_folder: bool) -> bool | None:
        """True: leave it out; False: a `!pattern` keeps it; None: no pattern is about it.

        :param path: The path below the folder, with `/`.
        :param is_folder: Whether it is a folder.
        """
        for pattern in reversed(self._patterns):
            if (is_folder or not pattern.folders_only) and pattern.regex.fullmatch(path) is not None:
                return not pattern.brings_back
        return None

    @property
    def prunes(self) -> bool:
        """Whether a folder that is left out needs no further look: in .dockerignore, `!` may keep a file below it."""
        return not (self._docker and any(pattern.brings_back for pattern in self._patterns))


def _read(line: str, docker: bool) -> _Pattern | None:
    text = line.rstrip("\r\n")
    text = text.strip() if docker else re.sub(r"(?<!\\) +$", "", text)
    if not text or text.startswith("#"):
        return None
    brings_back = text.startswith("!")
    text = text[1:] if brings_back else text
    folders_only = text.endswith("/") and not docker
    text = text.rstrip("/").removeprefix("./")
    if not text:
        return None
    anchored = docker or "/" in text
    body = _regex(text.removeprefix("/"))
    return _Pattern(
        # what lies below a folder that is left out is left out with it
        re.compile(body + "(?:/.*)?" if docker else (body if anchored else f"(?:.*/)?{body}"), re.DOTALL),
        brings_back,
        folders_only,
    )


def _regex(pattern: str) -> str:
    result, at = "", 0
    while at < len(pattern):
        rest = pattern[at:]
        if rest.startswith("**/"):
            result, at = result + "(?:.*/)?", at + 3
        elif rest == "**":
            result, at = result + ".*", at + 2
        elif rest[0] == "*":
            result, at = result + "[^/]*", at + 1
        elif rest[0] == "?":
            result, at = result + "[^/]", at + 1
        elif rest[0] == "\\" and len(rest) > 1:
            result, at = result + re.escape(rest[1]), at + 2
        elif (found := re.match(r"\[[!^]?\]?[^\]/]*\]", rest)) is not None:
            result, at = result + _character_class(found[0]), at + len(found[0])
        else:
            result, at = result + re.escape(rest[0]), at + 1
    return result


def _character_class(text: str) -> str:
    inner = text[1:-1]
    negated = inner[:1] in ("!", "^")
    body = (inner[1:] if negated else inner).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    body = body.replace("^", "\\^").replace("&&", "&\\&").replace("||", "|\\|").replace("~~", "~\\~")
    made = f"[{'^/' if negated else ''}{body}]"
    try:
        re.compile(made)
    except re.error:
        return re.escape(text)
    return made
