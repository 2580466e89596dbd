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
# Parts of namespaces that several distributions share: by their first part alone another one is meant.
_NAMESPACES = {"azure", "google", "opentelemetry"}
_DEEP_NAMESPACES = {
    "google.cloud", "azure.ai", "azure.cognitiveservices", "azure.communication", "azure.data", "azure.keyvault",
    "azure.mgmt", "azure.monitor", "azure.search", "azure.storage", "opentelemetry.instrumentation",
}  # fmt: skip
_API_OF_OPENTELEMETRY = ("trace", "metrics", "context", "baggage", "propagate", "_logs")
_PARTS = {
    "google.protobuf": "protobuf", "google.oauth2": "google-auth", "google.rpc": "googleapis-common-protos",
    "google.type": "googleapis-common-protos", "opentelemetry.exporter": "opentelemetry-exporter-otlp",
    "opentelemetry.semconv": "opentelemetry-semantic-conventions",
    **{f"opentelemetry.{name}": "opentelemetry-api" for name in _API_OF_OPENTELEMETRY},
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
    # Python looks in the folder of the file that it starts, too.
    start = entry.rpartition("/")[0]
    beside = {path.removeprefix(f"{start}/"): source for path, source in own.items() if path.startswith(f"{start}/")}
    known = _Modules({*own, *beside, *installed})
    standard = standard_modules(python_version)
    told = set()
    for one in _reachable(own, entry, start):
        top = one.module.partition(".")[0]
        missing = None if top in standard else known.missing(one.module)
        if missing is not None and top in _NAMESPACES:
            missing = max(missing, _in_namespace(one.module), key=len)
        elsewhere = _elsewhere(top, own) if missing is not None else None
        if missing is None or missing in told or (elsewhere and _changes_path(own, entry, one.file)):
            continue
        told.add(missing)
        advice = _moved(elsewhere, own, kind) if elsewhere is not None else _advice(missing, folder, kind)
        yield _MISSING, f"'{one.file}' imports '{missing}' in line {one.line}, and {advice}"
    yield from _hidden({**own, **beside}, set(installed) - set(project), standard)


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


def _in_namespace(module: str) -> str:
    """As much of a dotted name as one distribution brings."""
    parts = module.split(".")
    return ".".join(parts[: 3 if ".".join(parts[:2]) in _DEEP_NAMESPACES else 2])


def _elsewhere(top: str, own: dict[str, Path]) -> str | None:
    """Where the agent's folder holds the module, if not where Python looks."""
    ends = (f"/{top}.py", f"/{top}/__init__.py")
    return next((path.removesuffix("/__init__.py") for path in sorted(own) if path.endswith(ends)), None)


def _changes_path(own: dict[str, Path], *files: str) -> bool:
    return any(b"sys.path" in own[file].read_bytes() for file in files if file in own)


def _moved(found: str, own: dict[str, Path], kind: str) -> str:
    built = ""
    project = own["pyproject.toml"].read_bytes() if "pyproject.toml" in own else None
    # With the line '.' a requirements.txt that the project's build reads would name itself.
    if found.startswith("src/") and project is not None and b"requirements.txt" not in project:
        line = "add the line '.' to the agent's requirements.txt, which installs the folder's own project"
        built = f", or {line if kind in ('', 'requirements.txt') else 'give the pyproject.toml a [build-system]'}"
    return f"'{found}' is not where Python looks for it: move it to the top of the agent's folder{built}"


def _reachable(own: dict[str, Path], entry: str, start: str) -> Iterator[Import]:
    """What the entry file imports, and the agent's own files that it imports."""
    waiting, seen = [entry], {entry}
    while waiting:
        file = waiting.pop(0)
        for one in _imports(own, file, start):
            yield one
            for path in _own_files_of(one.module, own, start):
                if path not in seen:
                    seen.add(path)
                    waiting.append(path)


def _own_files_of(module: str, own: dict[str, Path], start: str) -> Iterator[str]:
    parts = module.split(".")
    for root in (f"{start}/".removeprefix("/"), ""):
        for count in range(1, len(parts) + 1):
            at = root + "/".join(parts[:count])
            yield from (path for path in (f"{at}.py", f"{at}/__init__.py") if path in own)


def _is_own(module: str, own: dict[str, Path], start: str = "") -> bool:
    paths = [root + module.replace(".", "/") for root in (f"{start}/".removeprefix("/"), "")]
    return any(f"{at}.py" in own or f"{at}/__init__.py" in own for at in paths)


def _imports(own: dict[str, Path], file: str, start: str) -> Iterator[Import]:
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
            if node.module not in _NAMESPACES | _DEEP_NAMESPACES:
                yield Import(node.module, file, node.lineno)
            for alias in node.names:
                # What a namespace gives is a module always.
                if node.module in _NAMESPACES | _DEEP_NAMESPACES or _is_own(f"{node.module}.{alias.name}", own, start):
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
        package = f", or make it a package with a pyproject.toml and add {_line(beside, kind)}"
        return (
            f"'{beside}' lies outside of the agent's folder and is not packaged: move it into the folder"
            f"{'' if beside.endswith('.py') else package}"
        )
    own_name = module.replace(".", "-").replace("_", "-")
    name = _PARTS.get(".".join(module.split(".")[:2])) or _DISTRIBUTIONS.get(top, own_name)
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
