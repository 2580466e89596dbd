"""One stack's template, not evaluated: its sections, its resources with SAM's globals in them, and its line marks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import Refusal
from .for_each import looped
from .line_numbers import Step
from .parsed import Parsed, parse
from .plain_values import kind_of
from .source import ASSEMBLY_LIMIT_BYTES, is_file, read_text

SAM = "AWS::Serverless-2016-10-31"
# what SAM makes for events that name no API
IMPLICIT_REST_API = "ServerlessRestApi"
IMPLICIT_HTTP_API = "ServerlessHttpApi"
_GLOBALS = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
}


@dataclass(frozen=True)
class ResourceBody:
    """A resource as it is written down."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: str | None = None
    depends_on: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


class StackTemplate:
    """The template of one stack.

    Args:
        name: What the other stacks and the reports call it.
        parsed: The document that was read.
        path: Its file; `None` for one that was read from standard input or made in memory.
        shown: What people call the file: the path as it was given.
        account: `None` where the stack is environment-agnostic.
        region: `None` where the stack is environment-agnostic.
        stack_name_known: Whether `AWS::StackName` is `name`.
    """

    def __init__(
        self,
        name: str,
        parsed: Parsed,
        *,
        path: Path | None = None,
        shown: str = "",
        account: str | None = None,
        region: str | None = None,
        stack_name_known: bool = False,
    ) -> None:
        self.name = name
        self.parsed = parsed
        self.path = path
        self.shown = shown or (str(path) if path else name)
        self.account = account
        self.region = region
        self.stack_name_known = stack_name_known
        self.parent: StackTemplate | None = None
        self.parent_arguments: Mapping[str, Any] = {}
        self.nested: dict[str, StackTemplate] = {}  # logical id of AWS::CloudFormation::Stack -> its template
        self.construct_paths: Mapping[str, str] = {}  # logical id -> path, from an assembly's metadata
        self.acknowledged: tuple[Any, ...] = ()  # what an assembly's metadata acknowledges, for the checks
        self.assets_file: Path | None = None  # an assembly's list of the stack's assets
        self._included: dict[str, Any] = {}

        body = parsed.value
        if not isinstance(body, dict):
            raise Refusal("SAL096", f"{self.shown} holds {kind_of(body)}, and a template is a mapping with Resources")
        if not isinstance(body.get("Resources"), dict):
            found = (
                "no Resources" if body.get("Resources") is None else f"{kind_of(body['Resources'])} as its Resources"
            )
            raise Refusal("SAL096", f"{self.shown} has {found}, and a template has a mapping of resources there")
        self.body: Mapping[str, Any] = body
        self.parameters = self._section("Parameters")
        self.mappings = self._section("Mappings")
        self.conditions = self._section("Conditions")
        self.outputs = self._section("Outputs")
        self.metadata = self._section("Metadata")
        self.transforms = _texts(body.get("Transform"))
        self.globals = self._section("Globals") if self.is_sam else {}
        self.resources: dict[str, ResourceBody] = {}
        self.opaque: list[str] = []  # entries of Resources that only CloudFormation can write out
        for key, value in body["Resources"].items():
            written = looped(value, self.parameters) if key.startswith("Fn::ForEach::") else {key: value}
            if written is None or key.startswith("Fn::Transform"):
                self.opaque.append(key)
                continue
            for logical_id, entry in written.items():
                self.resources[logical_id] = self._resource(logical_id, entry)
        if self.is_sam:
            self._add_implicit_apis()

    @property
    def is_sam(self) -> bool:
        """Whether SAM's transform runs over it."""
        return SAM in self.transforms

    @property
    def macros(self) -> tuple[str, ...]:
        """Transforms that may add or change any resource."""
        written = self.body.get("Transform")
        called = [
            one.get("Name") for one in (written if isinstance(written, list) else [written]) if isinstance(one, dict)
        ]
        named = [name for name in self.transforms if not name.startswith("AWS::")]
        return (*named, *(str(name) for name in called))

    @cached_property
    def assets(self) -> Mapping[str, Path]:
        """The files and folders that the assembly brings along, by the S3 key that the template names."""
        if self.assets_file is None or not is_file(self.assets_file):
            return self.parent.assets if self.parent is not None else {}
        shown = str(self.assets_file)
        listed = parse(read_text(self.assets_file, ASSEMBLY_LIMIT_BYTES), shown).value
        if not isinstance(listed, dict):
            raise Refusal("SAL097", f"{shown} holds {kind_of(listed)}, and not a mapping: synthesise the app again")
        files = listed.get("files")
        found: dict[str, Path] = {}
        for asset in files.values() if isinstance(files, dict) else ():
            source = asset.get("source") if isinstance(asset, dict) else None
            destinations = asset.get("destinations") if isinstance(asset, dict) else None
            path = source.get("path") if isinstance(source, dict) else None
            for destination in destinations.values() if isinstance(destinations, dict) else ():
                key = destination.get("objectKey") if isinstance(destination, dict) else None
                if isinstance(path, str) and isinstance(key, str):
                    found[key] = self.assets_file.parent / path
        return found

    def line(self, path: Sequence[Step]) -> int:
        """The line on which a part of the template stands, or the deepest part above it that is written down."""
        if len(path) > 3 and path[0] == "Resources" and path[2] == "Properties":
            body = self.resources.get(str(path[1]))
            section = _GLOBALS.get(body.type) if body else None
            if section and section in self.globals:
                shared = ("Globals", section, *path[3:])
                if self.parsed.marks.depth(path) <= 3 and self.parsed.marks.depth(shared) > 2:
                    return self.parsed.line(shared)
        return self.parsed.line(path)

    def alias(self, logical_id: str, attribute: str) -> tuple[str, str] | None:
        """The resource that a reference means; `None` for one that is not in the template."""
        if logical_id in self.resources:
            return logical_id, attribute
        if not self.is_sam:
            return None
        # SAM makes resources of its own: <Api>Stage, <Api><stage>Stage, <Function>Role, ServerlessRestApi, …
        if logical_id.endswith("Stage"):
            for other, body in self.resources.items():
                if body.type == "AWS::Serverless::Api" and logical_id.startswith(other):
                    return other, "Stage"
        return logical_id, attribute

    def included(self, location: str) -> Any:
        """What `AWS::Include` brings from a file beside the template; `None` when it is not there."""
        if location not in self._included:
            self._included[location] = None
            if self.path is not None and "://" not in location:
                file = self.path.parent / location
                if is_file(file):
                    self._included[location] = parse(read_text(file), str(file)).value
        return self._included[location]

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self.body.get(name)
        if section is None:
            return {}
        if not isinstance(section, dict):
            raise Refusal(
                "SAL096",
                f"{self.shown}: {name} in line {self.line([name])} is {kind_of(section)}, and must be a mapping",
            )
        return section

    def _add_implicit_apis(self) -> None:
        """The APIs that SAM makes for events that name none (SAM guide, sam-property-function-api)."""
        for event, key, logical_id, kind, stage in (
            ("Api", "RestApiId", IMPLICIT_REST_API, "AWS::Serverless::Api", "Prod"),
            ("HttpApi", "ApiId", IMPLICIT_HTTP_API, "AWS::Serverless::HttpApi", "$default"),
        ):
            if logical_id not in self.resources and any(
                one.get("Type") == event and not (isinstance(one.get("Properties"), dict) and key in one["Properties"])
                for one in self._events()
            ):
                properties = _merged(self.globals.get(_GLOBALS[kind], {}), {"StageName": stage})
                self.resources[logical_id] = ResourceBody(logical_id, kind, properties)

    def _events(self) -> Iterator[Mapping[str, Any]]:
        for body in self.resources.values():
            events = body.properties.get("Events") if body.type == "AWS::Serverless::Function" else None
            for one in events.values() if isinstance(events, dict) else ():
                if isinstance(one, dict):
                    yield one

    def _resource(self, logical_id: str, entry: Any) -> ResourceBody:
        where = f"{self.shown}: Resources.{logical_id}"
        if not isinstance(entry, dict):
            raise Refusal("SAL096", f"{where} is {kind_of(entry)}, and a resource is a mapping with a Type")
        kind = entry.get("Type")
        if not isinstance(kind, str):
            raise Refusal("SAL096", f"{where}.Type is {kind_of(kind)}, and must be the name of a resource type")
        properties = entry.get("Properties")
        if properties is not None and not isinstance(properties, dict):
            raise Refusal("SAL096", f"{where}.Properties is {kind_of(properties)}, and must be a mapping")
        condition = entry.get("Condition")
        metadata = entry.get("Metadata")
        return ResourceBody(
            logical_id=logical_id,
            type=kind,
            properties=_merged(self.globals.get(_GLOBALS.get(kind, ""), {}), properties or {}),
            condition=condition if isinstance(condition, str) else None,
            depends_on=_texts(entry.get("DependsOn")),
            metadata=metadata if isinstance(metadata, dict) else {},
        )


def _merged(shared: Any, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """SAM's globals under a resource's own properties: mappings merge, lists are joined, the own value wins."""
    if not isinstance(shared, dict) or not shared:
        return own
    merged = dict(shared)
    for key, value in own.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, dict) and not _is_function(under) and not _is_function(value):
            merged[key] = _merged(under, value)
        elif isinstance(under, list) and isinstance(value, list):
            merged[key] = [*under, *value]
        else:
            merged[key] = value
    return merged


def _is_function(value: Mapping[str, Any]) -> bool:
    name = next(iter(value), "")
    return len(value) == 1 and (name == "Ref" or name.startswith("Fn::"))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str))
    return ()
