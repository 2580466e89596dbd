"""The stacks of a folder that `cdk synth` wrote: its manifest says which templates it has and what is known of them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import Refusal
from .parsed import parse
from .source import ASSEMBLY_LIMIT_BYTES, is_file, read_text
from .stacks import StackTemplate

_UNKNOWN_ENVIRONMENT = ("unknown-account", "unknown-region")
_ASSEMBLIES_LIMIT = 50


def stacks_of_assembly(folder: Path, shown: str) -> list[StackTemplate]:
    """The stacks of a cloud assembly, and of those that are nested in it.

    Raises:
        Refusal: SAL090 to SAL096 when a template cannot be read, SAL097 for a broken assembly.
    """
    stacks: list[StackTemplate] = []
    pending = [(folder, shown)]
    seen: set[Path] = set()
    while pending:
        current, name = pending.pop(0)
        resolved = current.resolve()
        if resolved in seen or len(seen) > _ASSEMBLIES_LIMIT:
            continue
        seen.add(resolved)
        manifest = read_object(current / "manifest.json", f"{name}/manifest.json")
        artifacts = _object(manifest.get("artifacts", {}), f"{name}/manifest.json: artifacts")
        for artifact_id, written in artifacts.items():
            where = f"{name}/manifest.json: artifacts.{artifact_id}"
            artifact = _object(written, where)
            properties = _object(artifact.get("properties", {}), f"{where}.properties")
            if artifact.get("type") == "cdk:cloud-assembly":
                directory = _text(properties.get("directoryName"), f"{where}.properties.directoryName")
                pending.append((current / directory, f"{name}/{directory}"))
            elif artifact.get("type") == "aws:cloudformation:stack":
                stacks.append(_stack(current, name, artifact_id, artifact, properties, where))
    if not stacks:
        raise Refusal("SAL097", f"{shown} is a cloud assembly without stacks: synthesise an app with a stack")
    return stacks


def _stack(
    folder: Path, shown: str, artifact_id: str, artifact: Mapping[str, Any], properties: Mapping[str, Any], where: str
) -> StackTemplate:
    file = _text(properties.get("templateFile"), f"{where}.properties.templateFile")
    account, _, region = str(artifact.get("environment", "")).removeprefix("aws://").partition("/")
    name = properties.get("stackName", artifact_id)
    path = folder / file
    stack = StackTemplate(
        name if isinstance(name, str) else artifact_id,
        parse(read_text(path), f"{shown}/{file}"),
        path=path,
        shown=f"{shown}/{file}",
        account=None if account in ("", *_UNKNOWN_ENVIRONMENT) else account,
        region=None if region in ("", *_UNKNOWN_ENVIRONMENT) else region,
        stack_name_known=True,
    )
    stack.assets_file = folder / f"{artifact_id}.assets.json"
    metadata = artifact.get("metadata")
    additional = properties.get("additionalMetadataFile", artifact.get("additionalMetadataFile"))
    if isinstance(additional, str) and is_file(folder / additional):
        metadata = {
            **(metadata if isinstance(metadata, dict) else {}),
            **read_object(folder / additional, f"{shown}/{additional}"),
        }
    if isinstance(metadata, dict):
        stack.construct_paths, stack.acknowledged = _from_metadata(metadata)
    return stack


def _from_metadata(metadata: Mapping[str, Any]) -> tuple[dict[str, str], tuple[Any, ...]]:
    paths: dict[str, str] = {}
    acknowledged: list[Any] = []
    for path, entries in metadata.items():
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, dict):
                continue
            data = entry.get("data")
            if entry.get("type") == "aws:cdk:logicalId" and isinstance(data, str):
                paths[data] = path.strip("/")
            elif entry.get("type") == "aws:cdk:acknowledged-rules":
                acknowledged.append((path.strip("/"), data))
    return paths, tuple(acknowledged)


def read_object(path: Path, shown: str) -> Mapping[str, Any]:
    """A file of an assembly that must be a mapping."""
    if path.name == "manifest.json" and not os.path.lexists(path):
        raise Refusal("SAL097", f"{path.parent} has no manifest.json: name a folder that cdk synth wrote")
    value = parse(read_text(path, ASSEMBLY_LIMIT_BYTES), shown).value
    return _object(value, shown)


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refusal("SAL097", f"{where} is not a mapping: synthesise the app again")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise Refusal("SAL097", f"{where} is not a text: synthesise the app again")
    return value
