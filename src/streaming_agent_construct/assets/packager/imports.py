"""Reads what the agent's code imports, and says which of it nothing in the package brings, or what hides what."""

import ast
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .own_files import OwnFile

_MISSING = "streaming-agent-construct:missing-import"
_HIDDEN = "streaming-agent-construct:hidden-module"
# Distributions whose name is not the module's.
_DISTRIBUTIONS = {
    "attr": "attrs", "bs4": "beautifulsoup4", "cv2": "opencv-python-headless", "Crypto": "pycryptodome",
    "dateutil": "python-dateutil", "docx": "python-docx", "dotenv": "python-dotenv", "faiss": "faiss-cpu",
    "fitz": "pymupdf", "git": "gitpython", "grpc": "grpcio", "jose": "python-jose", "jwt": "pyjwt", "magic":
    "python-magic", "mcp": "mcp", "multipart": "python-multipart", "openai_agents": "openai-agents", "agents":
    "openai-agents", "PIL": "pillow", "pptx": "python-pptx", "psycopg2": "psycopg2-binary", "serial": "pyserial",
    "skimage": "scikit-image", "sklearn": "scikit-learn", "slugify": "python-slugify", "strands": "strands-agents",
    "strands_tools": "strands-agents-tools", "telegram": "python-telegram-bot", "yaml": "pyyaml", "zmq": "pyzmq",
}  # fmt: skip
# Python's own modules that a version no longer has (What's New in Python 3.12, 3.13).
_REMOVED = {
    (3, 12): {"asynchat", "asyncore", "distutils", "imp", "smtpd"},
    (3, 13): {
        "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "msilib", "nis", "nntplib",
        "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib",
    },
}  # fmt: skip
# What Linux takes as a file's name, less a suffix.
_LONGEST_NAME = 240


@dataclass(frozen=True)
class Import:
    """A module that a file imports whenever it is loaded."""

    module: str
    file: str
    line: int


def import_notes(
    folder: Path,
    files: Collection[OwnFile],
    installed: Collection[str],
    entry: str,
    python_version: str,
    kind: str,
    project: Collection[str] = (),
) -> Iterator[tuple[str, str]]:
    """What will not be found, and what hides another module.

    :param folder: The agent's folder.
    :param files: Its files that are packaged.
    :param installed: The paths of installed packages' files.
    :param entry: The file that starts the server.
    :param python_version: The runtime's, such as ``3.13``.
    :param kind: The kind of file that names the requirements.
    :param project: The installed files that are the agent's own project, built: they share its names.
    :return: An id and a sentence each.
    """
    own = {file.path: file.source for file in files}
    known = _Modules({*own, *installed})
    standard = standard_modules(python_version)
    told = set()
    for one in _reachable(own, entry):
        top = one.module.partition(".")[0]
        missing = None if top in standard else known.missing(one.module)
        if missing is not None and missing not in told:
            told.add(missing)
            yield _MISSING, f"'{one.file}' imports '{missing}' in line {one.line}, and {_advice(missing, folder, kind)}"
    yield from _hidden(own, set(installed) - set(project), standard)


def standard_modules(python_version: str) -> set[str]:
    """The modules of Python itself, in that version."""
    major, minor = (int(part) for part in python_version.split(".")[:2])
    gone = {name for version, names in _REMOVED.items() if (major, minor) >= version for name in names}
    there = {name for version, names in _REMOVED.items() if (major, minor) < version for name in names}
    newer = {"annotationlib", "compression"} if (major, minor) >= (3, 14) else set()
    return (set(sys.stdlib_module_names) | there | newer) - gone


class _Modules:
    """The modules that the files of a package make."""

    def __init__(self, paths: Collection[str]) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        for path in paths:
            parts = path.split("/")
            self._folders.update("/".join(parts[:count]) for count in range(1, len(parts)))
            if parts[-1].endswith((".py", ".pyc", ".so", ".pyd")):
                self._files.add("/".join([*parts[:-1], parts[-1].partition(".")[0]]))

    def missing(self, module: str) -> str | None:
        """The first part of a dotted name that is not there; what a package holds inside is its own affair."""
        at = ""
        for part in module.split("."):
            at = f"{at}/{part}" if at else part
            if at in self._files:
                return None
            if at not in self._folders:
                return at.replace("/", ".")
            if f"{at}/__init__" in self._files:
                return None
        return None


def _reachable(own: dict[str, Path], entry: str) -> Iterator[Import]:
    """What the entry file imports, and the agent's own files that it imports."""
    waiting, seen = [entry], {entry}
    while waiting:
        file = waiting.pop(0)
        for one in _imports(own, file):
            yield one
            for path in _own_files_of(one.module, own):
                if path not in seen:
                    seen.add(path)
                    waiting.append(path)


def _own_files_of(module: str, own: dict[str, Path]) -> Iterator[str]:
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        at = "/".join(parts[:count])
        yield from (path for path in (f"{at}.py", f"{at}/__init__.py") if path in own)


def _is_own(module: str, own: dict[str, Path]) -> bool:
    at = module.replace(".", "/")
    return f"{at}.py" in own or f"{at}/__init__.py" in own


def _imports(own: dict[str, Path], file: str) -> Iterator[Import]:
    if file not in own:
        return
    try:
        tree = ast.parse(own[file].read_bytes())
    except (SyntaxError, ValueError, RecursionError, OSError):
        return  # of a newer Python than this one, perhaps
    for node in _always_run(tree.body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, file, node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            yield Import(node.module, file, node.lineno)
            for alias in node.names:
                if _is_own(f"{node.module}.{alias.name}", own):
                    yield Import(f"{node.module}.{alias.name}", file, node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.level:
            package = file.split("/")[: -node.level]
            names = [node.module] if node.module is not None else [alias.name for alias in node.names]
            for name in names:
                module = ".".join([*package, name])
                if _is_own(module, own):
                    yield Import(module, file, node.lineno)


def _always_run(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run whenever the module is loaded: not those that a condition or a handler guards."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif _runs_its_body(node):
            yield from _always_run(getattr(node, "body", []))


def _runs_its_body(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return _is_main(node.test)
    return isinstance(node, ast.With | ast.ClassDef) or (isinstance(node, ast.Try) and not node.handlers)


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _advice(module: str, folder: Path, kind: str) -> str:
    top = module.partition(".")[0]
    beside = _beside(top, folder)
    if beside is not None:
        return (
            f"'{beside}' lies outside of the agent's folder and is not packaged: move it into the folder, or make it a "
            f"package with a pyproject.toml and add {_line(beside, kind)}"
        )
    name = _DISTRIBUTIONS.get(top, module.replace(".", "-").replace("_", "-"))
    if module in _REMOVED[(3, 12)] | _REMOVED[(3, 13)]:
        return "this version of Python has no such module any more: use another one"
    return f"nothing in the package brings it: add {_line(name, kind)}"


def _line(requirement: str, kind: str) -> str:
    if kind in ("uv.lock", "pyproject.toml"):
        return f"it to the agent's pyproject.toml with 'uv add {requirement}'"
    return f"the line '{requirement}' to the agent's requirements.txt"


def _beside(name: str, folder: Path) -> str | None:
    """A module of that name near the agent's folder, as a path from the folder."""
    if len(name) > _LONGEST_NAME:
        return None
    for up, parent in enumerate([*folder.parents][:2], start=1):
        for pattern in (f"{name}.py", name, f"src/{name}", f"*/src/{name}", f"*/{name}", f"*/{name}.py"):
            for found in sorted(parent.glob(pattern)):
                holds = found.is_file() or any(found.glob("*.py"))
                if holds and not found.is_relative_to(folder) and not _is_installed(found):
                    project = next(
                        (p for p in found.parents if (p / "pyproject.toml").is_file() and p != parent), found
                    )
                    shown = project if project.is_relative_to(parent) and project != parent else found
                    return "../" * up + shown.relative_to(parent).as_posix()
    return None


def _is_installed(path: Path) -> bool:
    return any(part in ("site-packages", "node_modules") or part.startswith(".") for part in path.parts)


def _hidden(own: dict[str, Path], installed: Collection[str], standard: set[str]) -> Iterator[tuple[str, str]]:
    brought = {path.partition("/")[0].partition(".")[0] for path in installed if not _is_metadata(path)}
    for path in sorted(own):
        top, _, rest = path.partition("/")
        name = top.removesuffix(".py")
        if (rest and rest != "__init__.py") or (not rest and not top.endswith(".py")):
            continue
        if name in standard and name != "test":
            yield _HIDDEN, f"'{path}' hides Python's own module '{name}', also from the packages that use it: rename it"
        elif name in brought:
            yield (
                _HIDDEN,
                f"'{path}' and a package that the requirements bring are both called '{name}': rename the file",
            )


def _is_metadata(path: str) -> bool:
    return path.partition("/")[0].endswith((".dist-info", ".data")) or path.startswith("bin/")
