"""The types of the CDK, read from the jsii assemblies that the installed wheels carry."""

import glob
import gzip
import importlib.util
import tarfile
from copy import copy
from dataclasses import replace
from typing import Any

import orjson

from .names import snake
from .types import ANY, BOOL, NONE, NUMBER, STR, Declaration, Member, Parameter, Shape, Signature, Type, list_of, map_of

WHEELS = ("constructs", "aws_cdk")
PRIMITIVES = {"string": STR, "number": NUMBER, "boolean": BOOL}


class Assemblies:
    """Every declaration the modules lean on, read when it is first asked for."""

    def __init__(self) -> None:
        self._raw: dict[str, Any] = {}
        self._read: dict[str, Declaration] = {}
        self.modules: dict[str, str] = {}
        """Python module -> the fully qualified name of what it holds."""
        self.packages: dict[str, str] = {}
        """Python module -> what a TypeScript module imports from."""
        for wheel in WHEELS:
            spec = importlib.util.find_spec(wheel)
            assert spec, f"{wheel} is not installed"
            folder = (spec.submodule_search_locations or [""])[0]
            self._load(_assembly(glob.glob(f"{folder}/_jsii/*.jsii.tgz")[0]))

    def copy(self) -> "Assemblies":
        """The same, to which a package can add its own."""
        made = copy(self)
        made._read = dict(self._read)
        return made

    def _load(self, assembly: dict[str, Any]) -> None:
        self._raw.update(assembly["types"])
        name = assembly["name"]
        python = assembly["targets"]["python"]["module"]
        self.modules[python], self.packages[python] = name, name
        for fqn, submodule in assembly.get("submodules", {}).items():
            module = submodule.get("targets", {}).get("python", {}).get("module")
            if module:
                self.modules[module] = fqn
                self.packages[module] = f"{name}/{submodule['symbolId'].split('/index')[0]}"

    def add(self, fqn: str, declaration: Declaration) -> None:
        """Declare a type of the package itself."""
        self._read[fqn] = declaration

    def own(self) -> list[Declaration]:
        """The types of the package itself."""
        return [made for made in self._read.values() if made.own]

    def structs(self) -> frozenset[str]:
        """The names of all structs, without their modules."""
        own = {made.ts for made in self.own() if made.shape == "struct"}
        return frozenset(own | {raw["name"] for raw in self._raw.values() if raw.get("datatype")})

    def find(self, fqn: str) -> Declaration | None:
        """The declaration of a type, if there is one."""
        if fqn not in self._read and fqn in self._raw:
            self._read[fqn] = self._declaration(self._raw[fqn])
        return self._read.get(fqn)

    def get(self, fqn: str) -> Declaration:
        """The declaration of a type that must exist."""
        found = self.find(fqn)
        assert found is not None, fqn
        return found

    def members(self, fqn: str) -> dict[str, Member]:
        """Python name -> member, inherited ones first."""
        declaration = self.get(fqn)
        found: dict[str, Member] = {}
        for base in declaration.bases:
            found |= self.members(base)
        return found | declaration.members

    def attributes(self, fqn: str) -> frozenset[str]:
        """The attributes that a class of the package, or a base of it, declares."""
        made = self.get(fqn)
        return made.attributes.union(*(self.attributes(base) for base in made.bases))

    def init(self, fqn: str) -> Signature:
        """How an instance is made."""
        declaration = self.get(fqn)
        if declaration.init is not None or not declaration.bases:
            return declaration.init or Signature()
        return self.init(declaration.bases[0])

    def is_struct(self, type_: Type) -> bool:
        """Whether values of this type are structs: keywords in Python, an object literal in TypeScript."""
        if type_.kind != "instance":
            return False
        if type_.name in self._raw:
            return bool(self._raw[type_.name].get("datatype"))
        return self.get(type_.name).shape == "struct"

    # -- from the assembly's JSON
    def _declaration(self, raw: dict[str, Any]) -> Declaration:
        shape: Shape = "struct" if raw.get("datatype") else raw["kind"]
        bases = tuple([raw["base"]] if raw.get("base") else []) + tuple(raw.get("interfaces", ()))
        made = Declaration(raw["fqn"], raw["name"], shape, bases, abstract=raw.get("abstract", False))
        itself = Type("instance", raw["fqn"])
        for member in raw.get("members", ()):
            made.members[member["name"]] = Member(member["name"], member["name"], itself, static=True)
        for prop in raw.get("properties", ()):
            python = prop["name"] if prop.get("const") else snake(prop["name"])
            optional = prop.get("optional", False)
            type_ = self._type(prop["type"], given=shape == "struct").maybe(optional)
            made.members[python] = Member(
                python, prop["name"], type_, static=prop.get("static", False), required=not optional
            )
        for method in raw.get("methods", ()):
            signature = self._signature(method)
            made.members[snake(method["name"])] = Member(
                snake(method["name"]), method["name"], signature.returns, signature, method.get("static", False)
            )
        if "initializer" in raw:
            made.init = self._signature(raw["initializer"])
        return made

    def _signature(self, raw: dict[str, Any]) -> Signature:
        parameters = [
            Parameter(
                snake(p["name"]),
                p["name"],
                self._type(p["type"], given=True).maybe(p.get("optional", False)),
                not p.get("optional", False) and not p.get("variadic", False),
                p.get("variadic", False),
            )
            for p in raw.get("parameters", ())
        ]
        returns = raw.get("returns")
        returned = self._type(returns["type"]).maybe(returns.get("optional", False)) if returns else NONE
        # The last parameter, if it is a struct, is given as keywords in Python.
        if parameters and self.is_struct(parameters[-1].type) and not parameters[-1].variadic:
            options = parameters.pop().type.name
            taken = self.members(options)  # a position whose name is a keyword's too gets an underscore
            positional = (replace(p, name=f"{p.name}_") if p.name in taken else p for p in parameters)
            return Signature(tuple(positional), options, returned)
        return Signature(tuple(parameters), None, returned)

    def _type(self, raw: dict[str, Any], *, given: bool = False) -> Type:
        if "fqn" in raw:
            return Type("instance", raw["fqn"])
        if "collection" in raw:
            item = self._type(raw["collection"]["elementtype"], given=given)
            return list_of(item) if raw["collection"]["kind"] == "array" else map_of(item)
        if "union" in raw and given:  # an L1's `IResolvable | X`: what is written there is an X
            others = [t for t in raw["union"]["types"] if t.get("fqn") != "aws-cdk-lib.IResolvable"]
            return self._type(others[0], given=True) if len(others) == 1 else ANY
        return PRIMITIVES.get(raw.get("primitive", ""), ANY)


def _assembly(path: str) -> dict[str, Any]:
    with tarfile.open(path) as tar:
        files = {m.name: m for m in tar if m.name in ("package/.jsii", "package/.jsii.gz")}
        member = files.get("package/.jsii.gz") or files["package/.jsii"]
        stream = tar.extractfile(member)
        assert stream is not None
        text = stream.read()
    loaded: dict[str, Any] = orjson.loads(gzip.decompress(text) if member.name.endswith(".gz") else text)
    return loaded
