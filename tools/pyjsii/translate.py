"""The whole of it: a package in, the TypeScript of its modules and of its index out."""

import shutil
from functools import cache
from pathlib import Path

from . import examples
from .emitter.declarations import Export
from .emitter.files import index_text
from .emitter.writer import Writer
from .reader.assemblies import Assemblies
from .reader.declarations import Declarations
from .reader.names import file_stem
from .reader.package import Package
from .reader.public import read
from .reader.types import Declaration
from .refusal import SubsetError

PRELUDE = Path(__file__).with_name("prelude.ts")


@cache
def assemblies() -> Assemblies:
    """Reading them takes two seconds: once a process."""
    return Assemblies()


def translate(source: Path, twins: Path | None = None) -> dict[str, str]:
    """File name -> TypeScript, for every module of a package, its index and the prelude."""
    package = declared(source, twins)
    files = {"python.ts": PRELUDE.read_text()}
    for module in package.ordered:
        name = f"{file_stem(module.name)}.ts"
        files[name] = module.twin.read_text() if module.twin else Writer(package, module, examples.translate).write()
    return files | {"index.ts": _index(package)}


def check(source: Path, twins: Path | None = None) -> list[str]:
    """What leaves the subset: the first refusal of every module."""
    package = declared(source, twins)
    refusals = []
    for module in package.ordered:
        try:
            if not module.twin:
                Writer(package, module, examples.translate).write()
        except SubsetError as refusal:
            refusals.append(str(refusal))
    return refusals


def emit(source: Path, out: Path, twins: Path | None = None) -> None:
    """Write the TypeScript of a package, and nothing else, to a folder."""
    files = translate(source, twins)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name, text in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")


def declared(source: Path, twins: Path | None = None) -> Package:
    """A package whose declarations are read."""
    package = read(source, assemblies().copy(), twins)
    for module in package.ordered:
        Declarations(package, module).read()
    return package


def _index(package: Package) -> str:
    """What is public: the names of __init__.py and the structs that their keywords become. jsii has no exceptions."""
    exports = []
    for module in package.ordered:
        public = sorted(name for name, home in package.public.items() if home == module.name)
        exported: list[str] = []
        for name in public:
            made = package.world.find(module.fqn(name))
            if made is not None and made.shape != "error":
                exported += [name, *_structs(package, made)]
        if exported:
            exports.append(Export(f"./{file_stem(module.name)}", tuple(sorted(exported))))
    return index_text(exports)


def _structs(package: Package, made: Declaration) -> list[str]:
    signatures = [m.signature for m in made.members.values() if m.signature and not m.name.startswith("_")]
    signatures += [made.init] if made.init else []
    return [package.world.get(s.options).ts for s in signatures if s.options]
