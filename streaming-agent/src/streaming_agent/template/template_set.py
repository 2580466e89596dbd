"""The templates that are read together: one file, or every stack of a cloud assembly, nested ones too."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import Refusal
from .assembly import read_object, stacks_of_assembly
from .assumption_sets import assumption_sets
from .assumptions import Assumptions
from .parsed import parse
from .plain_values import as_mapping
from .source import LIMIT_BYTES, is_file, is_folder, read_text
from .stacks import ResourceBody, StackTemplate
from .symbols import Symbols
from .view import View

_NESTED_LIMIT = 500


class TemplateSet:
    """Stacks that may refer to each other.

    Example:
        >>> body = {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "chat"}}}}
        >>> templates = TemplateSet.of({"Chat": body})
        >>> [api.get("Name") for api in templates.view().resources("AWS::ApiGateway::RestApi")]
        ['chat']
    """

    def __init__(self, stacks: Iterable[StackTemplate], parameters: Mapping[str, Any] | None = None) -> None:
        self.stacks: list[StackTemplate] = []
        self.parameters: Mapping[str, Any] = parameters or {}
        self.symbols = Symbols()
        self.open_expressions: set[tuple[str, str]] = set()
        for stack in stacks:
            self._add(stack)

    def view(self, assumptions: Assumptions | None = None) -> View:
        """The resources under these assumptions; by default, conditions that are left open do not hold."""
        return View(self, assumptions)

    def assumption_sets(self, matters: Callable[[ResourceBody], bool] = lambda body: True) -> list[Assumptions]:
        """The sets of assumptions that conditions and allowed values leave open, for the resources that matter."""
        return assumption_sets(self, matters)

    def note_open(self, stack: StackTemplate, expression: str) -> None:
        """Remembers an expression that nothing decides."""
        self.open_expressions.add((stack.name, expression))

    @classmethod
    def of(cls, bodies: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> "TemplateSet":
        """Templates that are in memory, by the names of their stacks."""
        return cls(
            (StackTemplate(name, parse(json.dumps(body), f"{name}.json")) for name, body in bodies.items()), parameters
        )

    @classmethod
    def read(cls, path: Path, parameters: Mapping[str, Any] | None = None, shown: str = "") -> "TemplateSet":
        """A template's file, or a folder that `cdk synth` wrote.

        Raises:
            Refusal: SAL090 to SAL096 when it cannot be read as a template, SAL097 for a broken assembly.
        """
        return cls(_stacks_at(path, shown or str(path)), parameters)

    @classmethod
    def read_together(cls, paths: Iterable[Path], parameters: Mapping[str, Any] | None = None) -> "TemplateSet":
        """Templates' files and assemblies that are deployed to one account; a file is a stack of its own name.

        One that is named twice is read once.
        """
        named = {path.resolve(): path for path in paths}
        stacks = [stack for path in named.values() for stack in _stacks_at(path, str(path))]
        for stack in stacks:
            stack.stack_name_known = True
        return cls(stacks, parameters)

    def _add(self, stack: StackTemplate) -> None:
        taken = {other.name for other in self.stacks}
        if stack.name in taken:
            stack.name = next(
                name for number in range(2, len(taken) + 3) if (name := f"{stack.name} ({number})") not in taken
            )
        self.stacks.append(stack)
        if len(self.stacks) > _NESTED_LIMIT:
            raise Refusal("SAL097", f"more than {_NESTED_LIMIT} stacks: nested stacks lead to each other without end")
        for body in list(stack.resources.values()):
            location = _location(body)
            if location is not None:
                self._add_nested(stack, body, location)

    def _add_nested(self, stack: StackTemplate, body: ResourceBody, location: Any) -> None:
        file = _nested_file(stack, body, location)
        if file is None or _ancestry(stack, file):
            return
        shown = str(Path(stack.shown).parent / file.name) if file.parent == _folder(stack) else str(file)
        parsed = parse(read_text(file), shown)
        nested = StackTemplate(
            f"{stack.name}/{body.logical_id}",
            parsed,
            path=file,
            shown=shown,
            account=stack.account,
            region=stack.region,
        )
        nested.parent = stack
        nested.construct_paths, nested.acknowledged = stack.construct_paths, stack.acknowledged
        arguments = body.properties.get("Parameters")
        nested.parent_arguments = arguments if isinstance(arguments, dict) else {}
        stack.nested[body.logical_id] = nested
        self._add(nested)


def _stacks_at(path: Path, shown: str) -> list[StackTemplate]:
    if is_folder(path):
        return stacks_of_assembly(path, shown)
    parsed = parse(read_text(path), shown)
    return [StackTemplate(path.name.split(".")[0] or path.name, parsed, path=path, shown=shown)]


# ---------------------------------------------------------------------- nested stacks
def _location(body: ResourceBody) -> Any:
    if body.type == "AWS::CloudFormation::Stack":
        return body.properties.get("TemplateURL")
    if body.type == "AWS::Serverless::Application":
        return body.properties.get("Location")
    return None


def _folder(stack: StackTemplate) -> Path | None:
    return stack.path.parent if stack.path else None


def _ancestry(stack: StackTemplate, file: Path) -> bool:
    """Whether a template is nested in itself."""
    above: StackTemplate | None = stack
    while above is not None:
        if above.path is not None and above.path.resolve() == file.resolve():
            return True
        above = above.parent
    return False


def _nested_file(stack: StackTemplate, body: ResourceBody, location: Any) -> Path | None:
    """The template of a nested stack, where it lies beside its parent's."""
    folder = _folder(stack)
    if folder is None:
        return None
    if isinstance(location, str) and "://" not in location and "{{" not in location:
        file = folder / location
        return file if is_file(file) else None
    asset = body.metadata.get("aws:asset:path")
    if isinstance(asset, str) and is_file(folder / asset):
        return folder / asset
    written = json.dumps(location, default=str)
    listed = _by_asset_manifest(folder, written)
    if listed is not None:
        return listed
    candidates = [file for file in sorted(folder.glob("*.nested.template.json"))[:_NESTED_LIMIT] if is_file(file)]
    for file in candidates:  # the CDK's key of a template is the hash of its content
        if file.stat().st_size <= LIMIT_BYTES and hashlib.sha256(file.read_bytes()).hexdigest() in written:
            return file
    return _by_outputs(stack, body, candidates)


def _by_asset_manifest(folder: Path, written: str) -> Path | None:
    for manifest in sorted(folder.glob("*.assets.json"))[:_NESTED_LIMIT]:
        try:
            files = read_object(manifest, str(manifest)).get("files", {})
        except Refusal:
            continue
        for asset in files.values() if isinstance(files, dict) else ():
            source = asset.get("source") if isinstance(asset, dict) else None
            path = source.get("path") if isinstance(source, dict) else None
            if not isinstance(path, str) or not path.endswith(".template.json"):
                continue
            destinations = asset.get("destinations")
            keys = [one.get("objectKey") for one in destinations.values()] if isinstance(destinations, dict) else []
            if any(isinstance(key, str) and key in written for key in keys) and is_file(folder / path):
                return folder / path
    return None


def _by_outputs(stack: StackTemplate, body: ResourceBody, candidates: list[Path]) -> Path | None:
    """The only nested template that has the outputs which the parent reads and the parameters that it passes."""
    outputs = _outputs_read(stack.body, body.logical_id)
    arguments = body.properties.get("Parameters")
    passed = set(arguments) if isinstance(arguments, dict) else set()
    nested = sum(1 for other in stack.resources.values() if _location(other) is not None)
    if not outputs and not passed and nested > 1:
        return None
    fitting = []
    for file in candidates:
        if not file.name.startswith(_artifact_name(stack)):
            continue
        try:
            content = read_object(file, str(file))
        except Refusal:
            continue
        declared = content.get("Outputs", {}), content.get("Parameters", {})
        if outputs <= set(as_mapping(declared[0])) and passed <= set(as_mapping(declared[1])):
            fitting.append(file)
    return fitting[0] if len(fitting) == 1 else None


def _artifact_name(stack: StackTemplate) -> str:
    return stack.path.name.split(".")[0] if stack.path else stack.name


def _outputs_read(raw: Any, logical_id: str) -> set[str]:
    found: set[str] = set()
    pending = [raw]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            argument = value.get("Fn::GetAtt")
            if isinstance(argument, str):
                argument = argument.split(".", 1)
            if isinstance(argument, list) and len(argument) == 2 and argument[0] == logical_id:
                found.add(str(argument[1]).removeprefix("Outputs."))
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return found
