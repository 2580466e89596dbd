"""Reads requirements.txt with all that it includes (`-r`, `-c`), and writes it anew with wheels for local packages."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .addresses import NAMED, REMOTE, comes_as_source
from .local_packages import check_is_package, local_path
from .refusal import PackagingError

_INCLUDE = re.compile(r"^(-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(.+)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)(?:\s*=\s*|\s+)(.+)$")
_LINKS = re.compile(r"^(-f|--find-links|-i|--index-url|--extra-index-url)(?:\s*=\s*|\s+)(.+)$")
# What pip and uv put in the place of ${NAME}; uv has PROJECT_ROOT for where it runs.
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_OPTION = re.compile(r"\s(--(?!hash\b)[a-z][a-z-]*|-[A-Za-z])(?=[\s=]|$)")
# uv compares a hash only where the version is one, and says nothing where it does not.
_VAIN_HASH = re.compile(r"[\w.-]+\s*(?:\[[^\]]*\])?\s*(?:[<>~!][^;=]*=?[^;=]*)?(?:;.*?)?\s--hash[\s=]")
_REMOTE_FILE = re.compile(r"^(?:-r|--requirement)[\s=]*(?:https?|ftp)://")
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz")


@dataclass(frozen=True)
class LocalRequirement:
    """A line that names a folder or an archive on this machine."""

    path: Path
    extras: str
    rest: str
    """The marker and options after it."""


@dataclass
class RequirementFiles:
    """A requirements file, with those that it includes."""

    top: Path
    agent: Path
    lines: dict[Path, list[str]] = field(default_factory=dict)
    """The logical lines of each file, without comments."""

    @staticmethod
    def read(path: Path, agent: Path) -> "RequirementFiles":
        """Reads the file and all that it includes.

        :raises PackagingError: one that it includes is not there.
        """
        files = RequirementFiles(path, agent)
        files._include(path, path.name)
        return files

    def _include(self, path: Path, shown: str) -> None:
        if path in self.lines:
            return
        try:
            # what Windows' shells write when they redirect
            data = path.read_bytes()
            text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        except OSError as error:
            raise PackagingError("SAC182", f"'{shown}' cannot be read: {error.strerror}: correct its path") from None
        except UnicodeDecodeError:
            raise PackagingError("SAC182", f"'{path}' is not UTF-8: save it as UTF-8") from None
        self.lines[path] = list(_logical_lines(text))
        for line in self.lines[path]:
            _check_options(path, line)
            found = _INCLUDE.match(line)
            if found is not None and not REMOTE.match(found[2]):
                included = self._from(path, found[2].strip())
                if not os.path.isfile(included):
                    raise PackagingError(
                        "SAC182",
                        f"'{path}' includes '{found[2].strip()}', and there is no such file: correct the line '{line}'",
                    )
                self._include(included, found[2].strip())

    def _from(self, file: Path, written: str) -> Path:
        """A relative path starts at the file it stands in, or else at the agent's folder, where pip would run."""
        written = self._with_variables(written)
        path = local_path(written, file.parent)
        elsewhere = local_path(written, self.agent)
        return elsewhere if not os.path.exists(path) and os.path.exists(elsewhere) else path

    def _with_variables(self, written: str) -> str:
        known = {"PROJECT_ROOT": str(self.agent), **os.environ}
        return _VARIABLE.sub(lambda found: known.get(found[1], found[0]), written)

    @property
    def requires_something(self) -> bool:
        """Whether a line names a requirement, or a file of them at an address, and not only options."""
        return any(
            not line.startswith("-") or _EDITABLE.match(line) or _REMOTE_FILE.match(line)
            for file in self._required()
            for line in self.lines[file]
        )

    def _required(self) -> Iterator[Path]:
        """The files but those that are only constraints."""
        constraints = {
            self._from(file, found[2].strip())
            for file, lines in self.lines.items()
            for line in lines
            if (found := _INCLUDE.match(line)) is not None and found[1] in ("-c", "--constraint")
        }
        return (file for file in self.lines if file not in constraints)

    def local(self) -> list[LocalRequirement]:
        """The lines that name a folder or archive on this machine, those of constraints included."""
        return [
            found
            for file, lines in self.lines.items()
            for line in lines
            if (found := self._local(file, line)) is not None
        ]

    def from_source(self) -> list[str]:
        """The names of packages that lines take as source from an address, as far as the lines tell them."""
        lines = [line for found in self.lines.values() for line in found]
        return [name for line in lines if (name := comes_as_source(line)) is not None]

    def index_options(self) -> Iterator[tuple[str, str]]:
        """What the lines say of package indexes: an option and its value, which `--no-index` has none of."""
        for file, lines in self.lines.items():
            for line in lines:
                if (links := _LINKS.match(line)) is not None:
                    yield links[1], self._with_variables(self._links(file, links[2].strip()))
                elif line == "--no-index":
                    yield line, ""

    def _links(self, file: Path, value: str) -> str:
        """An address, or a path that holds from any folder."""
        path = self._from(file, value) if not REMOTE.match(value) else Path()
        return str(path) if path != Path() and os.path.exists(path) else value

    def _local(self, file: Path, line: str) -> LocalRequirement | None:
        editable = _EDITABLE.match(line)
        text = editable[1].strip() if editable is not None else line
        if editable is None and line.startswith("-"):
            return None
        named = NAMED.match(text)
        extras = named[2] or "" if named is not None else ""
        text = named[3] if named is not None else text
        end = re.search(r"\s;|\s--|;\s", text)
        address, rest = (text[: end.start()], text[end.start() :]) if end is not None else (text, "")
        address, rest = address.strip(), rest.strip()
        if address.endswith("]") and "[" in address[1:]:
            address, _, inside = address.rpartition("[")
            extras = f"[{inside}"
        address, _, fragment = address.partition("#") if address.startswith("file:") else (address, "", "")
        if REMOTE.match(address) or not (editable is not None or _is_path(address, file.parent, self.agent)):
            return None
        path = self._from(file, address)
        inside = re.search(r"(?:^|&)subdirectory=([^&]+)", fragment)
        path = path / inside[1] if inside is not None else path
        if not os.path.exists(path):  # Path.exists raises for a name that is too long
            version = f", or name a version, such as '{named[1]}==1.0'" if named is not None else ""
            raise PackagingError(
                "SAC182", f"'{file}' requires '{address}', and nothing is there: correct the line '{line}'{version}"
            )
        check_is_package(path, file)
        return LocalRequirement(path, extras, rest)

    def write(
        self, folder: Path, wheel_of: Mapping[Path, Path], named: Callable[[Path], str], more: list[str]
    ) -> dict[Path, Path]:
        """Writes the files into a folder, each local package replaced by its wheel.

        :param folder: Where they go.
        :param wheel_of: The wheel of each local folder or archive.
        :param named: The distribution's name of a wheel.
        :param more: Lines to add at the end.
        :return: Each that was written, the first one first, and the file that it stands for.
        """
        names = {path: folder / f"{number}.txt" for number, path in enumerate(self.lines)}
        for path, lines in self.lines.items():
            written = [self._written(path, line, names, wheel_of, named) for line in lines]
            names[path].write_text("\n".join(written + (more if path == self.top else [])) + "\n", encoding="utf-8")
        return {name: path for path, name in names.items()}

    def _written(
        self,
        file: Path,
        line: str,
        names: Mapping[Path, Path],
        wheel_of: Mapping[Path, Path],
        named: Callable[[Path], str],
    ) -> str:
        include = _INCLUDE.match(line)
        if include is not None:
            known = names.get(self._from(file, include[2].strip()))
            return f"{include[1]} {known if known is not None else include[2]}"
        links = _LINKS.match(line)
        if links is not None:
            value = links[2].strip()
            found = self._links(file, value)
            return f"{links[1]} {found}" if found != value else line
        local = self._local(file, line)
        if local is not None:
            wheel = wheel_of[local.path]
            return f"{named(wheel)}{local.extras} @ {wheel.as_uri()} {local.rest}".strip()
        editable = _EDITABLE.match(line)
        return editable[1] if editable is not None else line


def _logical_lines(text: str) -> Iterator[str]:
    """Lines as uv reads them: a backslash at the end joins the next one, but not at the end of a comment."""
    whole = ""
    for line in text.splitlines():
        code = re.sub(r"(^|\s+)#.*$", "", line)
        whole += code
        if code == line and (goes_on := re.search(r"\\[ \t]*$", whole)) is not None:
            whole = f"{whole[: goes_on.start()]} "
            continue
        if whole.strip():
            yield whole.strip()
        whole = ""
    if whole.strip():
        yield whole.strip()


def _check_options(file: Path, line: str) -> None:
    """Refuses options that uv reads otherwise than pip, or not at all."""
    if re.match(r"--no-binary[\s=]+:all:", line):
        raise PackagingError(
            "SAC182", f"'{file}' has the line '{line}', and packages from an index are never built: take it out"
        )
    if _VAIN_HASH.match(line) and not line.split(maxsplit=1)[0].endswith(_ARCHIVES):
        raise PackagingError(
            "SAC182",
            f"'{file}' has a hash in the line '{line}', which is compared only with one version: name it with '=='",
        )
    option = _OPTION.search(line)
    if option is not None and _LINKS.match(line):
        raise PackagingError(
            "SAC182", f"'{file}' has several options in the line '{line}': write each on a line of its own"
        )
    if option is not None and not line.startswith("-"):
        raise PackagingError(
            "SAC182",
            f"'{file}' has the option '{option[1]}' in the line '{line}', where only --hash is read: take it out, or "
            "write it on a line of its own",
        )


def _is_path(text: str, *folders: Path) -> bool:
    if text.startswith((".", "/", "~", "file:")) or re.match(r"^[A-Za-z]:[\\/]", text) or text.endswith(_ARCHIVES):
        return True
    return "/" in text and any(os.path.exists(folder / text) for folder in folders)
