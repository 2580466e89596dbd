"""Patterns of files to leave out, as .gitignore writes them (gitignore(5)) or as .dockerignore does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# No path that Linux takes is longer, so no longer pattern is about one.
_LONGEST_PATH = 4096


@dataclass(frozen=True)
class _Pattern:
    parts: tuple[re.Pattern[str] | None, ...]
    """One for each part of a path between `/`; None stands for any number of parts (`**`)."""
    brings_back: bool
    folders_only: bool
    with_content: bool
    """Whether what lies below a match is matched, too."""

    def matches(self, path: str) -> bool:
        """Follows all ways at once, so that no pattern takes long."""
        places = self._skipped({0})
        for part in path.split("/"):
            if self.with_content and len(self.parts) in places:
                return True
            places = self._skipped(
                {
                    place + (self.parts[place] is not None)
                    for place in places
                    if place < len(self.parts) and _fits(self.parts[place], part)
                }
            )
        return len(self.parts) in places

    def _skipped(self, places: set[int]) -> set[int]:
        """With the places behind each `**`, which may stand for nothing."""
        found = set(places)
        for place in sorted(places):
            at = place
            while at < len(self.parts) and self.parts[at] is None:
                at += 1
                found.add(at)
        return found


def _fits(part: re.Pattern[str] | None, name: str) -> bool:
    return part is None or part.fullmatch(name) is not None


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
            if (is_folder or not pattern.folders_only) and pattern.matches(path):
                return not pattern.brings_back
        return None

    @property
    def prunes(self) -> bool:
        """Whether a folder that is left out needs no further look: in .dockerignore, `!` may keep a file below it."""
        return not (self._docker and any(pattern.brings_back for pattern in self._patterns))


def _read(line: str, docker: bool) -> _Pattern | None:
    text = line.rstrip("\r\n")
    text = text.strip() if docker else re.sub(r"(?<!\\) +$", "", text)
    if not text or text.startswith("#") or len(text) > _LONGEST_PATH:
        return None
    brings_back = text.startswith("!")
    text = text[1:] if brings_back else text
    folders_only = text.endswith("/") and not docker
    text = text.rstrip("/").removeprefix("./")
    if not text:
        return None
    anchored = docker or "/" in text
    written = text.removeprefix("/").split("/")
    parts: list[re.Pattern[str] | None] = [] if anchored else [None]
    for part in written:
        if part != "**":
            parts.append(re.compile(_regex(part), re.DOTALL))
        elif not parts or parts[-1] is not None:
            parts.append(None)
    if written[-1] == "**":
        parts.append(re.compile(".+", re.DOTALL))  # what is below, not the folder itself
    return _Pattern(tuple(parts), brings_back, folders_only, docker)


def _regex(pattern: str) -> str:
    """One part of a pattern. Each `*` takes the first place where what follows it fits, and never tries another."""
    pieces, at = [""], 0
    while at < len(pattern):
        rest = pattern[at:]
        if rest[0] == "*":
            pieces, at = [*pieces, ""] if len(pieces) == 1 or pieces[-1] else pieces, at + 1
            continue
        if rest[0] == "?":
            piece, length = ".", 1
        elif rest[0] == "\\" and len(rest) > 1:
            piece, length = re.escape(rest[1]), 2
        elif (found := re.match(r"\[[!^]?\]?[^\]]*\]", rest)) is not None:
            piece, length = _character_class(found[0]), len(found[0])
        else:
            piece, length = re.escape(rest[0]), 1
        pieces[-1] += piece
        at += length
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{middle}.*{pieces[-1]}"


def _character_class(text: str) -> str:
    inner = text[1:-1]
    negated = inner[:1] in ("!", "^")
    body = (inner[1:] if negated else inner).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    body = body.replace("^", "\\^").replace("&&", "&\\&").replace("||", "|\\|").replace("~~", "~\\~")
    made = f"[{'^' if negated else ''}{body}]"
    try:
        re.compile(made)
    except re.error:
        return re.escape(text)
    return made
