"""Which of the files in an agent's folder go into the package, and what is left out and why."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .ignore_patterns import IgnorePatterns
from .left_out import CREDENTIALS, WORKING_COPY, Reason, by_name, file_by_content, folder_by_content
from .refusal import PackagingError

IGNORE_FILE = ".streaming-agent-ignore"
DOCKER_IGNORE_FILE = ".dockerignore"
ASKED_FOR = "asked for"
NO_FILE = "no file"
# What a build system reads of a working copy to choose the package's files.
_FOR_BUILDS = ("!.gitignore", "!.gitattributes", "!.hgignore")


@dataclass(frozen=True)
class OwnFile:
    """A file of the agent's folder that goes into the package."""

    path: str
    """Below the folder, with `/`."""
    source: Path
    executable: bool
    size: int


@dataclass
class OwnFiles:
    """The files of a folder, in the order of their paths."""

    files: list[OwnFile] = field(default_factory=list)
    left_out: dict[str, Reason] = field(default_factory=dict)
    """What is left out, by its path; a folder stands for all in it."""


def own_files(
    folder: Path, exclude: Sequence[str] = (), output: Path | None = None, *, ignore_files: bool = True
) -> OwnFiles:
    """Looks through the folder.

    :param folder: The agent's folder.
    :param exclude: Patterns as in .gitignore, beside those of the folder's ignore file.
    :param output: The folder that this synthesis writes to, which may lie inside.
    :param ignore_files: Whether the folder is an agent's, whose ignore file counts; a local package is built whole.
    :raises PackagingError: a link leads out of the folder, or a name or file cannot be read.
    """
    root = folder.resolve()
    patterns = _patterns(root, exclude) if ignore_files else [IgnorePatterns(_FOR_BUILDS)]
    walk = _Walk(root, patterns, output.resolve() if output is not None else None)
    walk.look_through(root, "", [root])
    walk.found.files.sort(key=lambda file: file.path)
    return walk.found


def _patterns(root: Path, exclude: Sequence[str]) -> list[IgnorePatterns]:
    given = [IgnorePatterns(exclude)] if exclude else []
    for name in (IGNORE_FILE, DOCKER_IGNORE_FILE):
        try:
            text = (root / name).read_text(encoding="utf-8-sig")
        except OSError:
            continue
        except UnicodeDecodeError:
            raise PackagingError("SAC186", f"'{root / name}' is not UTF-8: save it as UTF-8") from None
        return [*given, IgnorePatterns(text.splitlines(), docker=name == DOCKER_IGNORE_FILE)]
    return given


@dataclass
class _Walk:
    root: Path
    patterns: list[IgnorePatterns]
    output: Path | None
    found: OwnFiles = field(default_factory=OwnFiles)

    def look_through(self, folder: Path, below: str, inside: list[Path]) -> None:
        """`inside` are the real folders that lead here: a link to one of them would never end."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise PackagingError(
                "SAC186", f"'{folder}' cannot be read ({error.strerror}): let it be read, or leave it out with exclude"
            ) from None
        for entry in entries:
            path = f"{below}{entry.name}"
            _check_name(path, self.root)
            self._look_at(Path(entry.path), path, entry.is_symlink(), inside)

    def _look_at(self, source: Path, path: str, is_link: bool, inside: list[Path]) -> None:
        is_folder = source.is_dir() if not is_link else _is_folder(source)
        asked = self._asked(path, is_folder)
        name_says = by_name(source.name, is_folder)
        if name_says is not None and not (asked is False and name_says.kind == WORKING_COPY):
            self.found.left_out[path] = name_says
            return
        if asked and (not is_folder or all(patterns.prunes for patterns in self.patterns)):
            self.found.left_out[path] = Reason(ASKED_FOR, "matches a pattern of exclude or of the ignore file")
            return
        if is_link and not self._may_follow(source, path, inside):
            return
        if is_folder:
            self._folder(source, path, asked, inside)
        else:
            self._file(source, path)

    def _asked(self, path: str, is_folder: bool) -> bool | None:
        for patterns in self.patterns:
            decision = patterns.leaves_out(path, is_folder)
            if decision is not None:
                return decision
        return None

    def _may_follow(self, link: Path, path: str, inside: list[Path]) -> bool:
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            self.found.left_out[path] = Reason(NO_FILE, "a link that leads nowhere")
            return False
        if not target.is_relative_to(self.root):
            raise PackagingError(
                "SAC185",
                f"'{path}' in the agent's folder '{self.root}' is a link to '{target}', outside of the folder: "
                f"copy what the agent needs into the folder, or leave the link out with exclude=['{path}']",
            )
        if target in inside:
            self.found.left_out[path] = Reason(NO_FILE, "a link to a folder that it lies in")
            return False
        for part in reversed([target, *target.parents]):
            if part != self.root and part.is_relative_to(self.root):
                reason = by_name(part.name, part.is_dir())
                if reason is not None:
                    self.found.left_out[path] = reason
                    return False
        return True

    def _folder(self, source: Path, path: str, asked: bool | None, inside: list[Path]) -> None:
        real = source.resolve()
        reason = folder_by_content(source)
        if reason is not None and asked is not False:
            self.found.left_out[path] = reason
        elif real == self.output:
            self.found.left_out[path] = Reason(WORKING_COPY, "output of the CDK")
        else:
            self.look_through(source, f"{path}/", [*inside, real])

    def _file(self, source: Path, path: str) -> None:
        try:
            status = source.stat()
        except OSError:
            self.found.left_out[path] = Reason(NO_FILE, "it cannot be read")
            return
        if not stat.S_ISREG(status.st_mode):
            self.found.left_out[path] = Reason(NO_FILE, "no regular file")
            return
        reason = file_by_content(source, source.name, status.st_size)
        if reason is not None:
            self.found.left_out[path] = reason
            return
        if not os.access(source, os.R_OK):
            raise PackagingError(
                "SAC186", f"'{source}' cannot be read: let it be read, or leave it out with exclude=['{path}']"
            )
        self.found.files.append(OwnFile(path, source, bool(status.st_mode & stat.S_IXUSR), status.st_size))


def _is_folder(link: Path) -> bool:
    try:
        return link.is_dir()
    except OSError:
        return False


def _check_name(path: str, root: Path) -> None:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        raise PackagingError(
            "SAC186", f"the name '{shown}' in the agent's folder '{root}' is not UTF-8: rename the file"
        ) from None


def worth_telling(left_out: dict[str, Reason]) -> Iterator[str]:
    """The paths whose absence may surprise: credentials, and what is no file."""
    for path, reason in sorted(left_out.items()):
        if reason.kind in (CREDENTIALS, NO_FILE):
            yield f"{path} ({reason.text})"
