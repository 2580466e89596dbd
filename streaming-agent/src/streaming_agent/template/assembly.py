"""A cloud assembly (`cdk.out`): its stacks, their templates and the files that they bring along."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .document import Template
from .refusal import Refusal
from .shape import shaped

UNKNOWN = ("unknown-account", "unknown-region")


@dataclass(frozen=True)
class Stack:
    """One stack of an assembly."""

    name: str
    template: Template
    account: str | None = None  # None: the stack is environment-agnostic
    region: str | None = None
    assets: Mapping[str, Path] = field(default_factory=dict)  # S3 object key -> file or folder of the assembly


class Assembly:
    """The stacks in a folder that `cdk synth` wrote, those of its stages included."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()  # agents run in folders of their own
        with shaped(
            "SAL002", lambda: f"the files of {self.folder} must be as cdk synth writes them (synthesise the app again)"
        ):
            self.stacks = list(_stacks(self.folder))

    def stack(self, name: str) -> Stack:
        """The stack of that name."""
        for stack in self.stacks:
            if stack.name == name:
                return stack
        names = ", ".join(stack.name for stack in self.stacks) or "none"
        raise Refusal("SAL004", f"stack must be one of those in {self.folder} ({names}), got {name}")


def _stacks(folder: Path) -> Iterator[Stack]:
    if not (folder / "manifest.json").is_file():
        raise Refusal(
            "SAL001", f"assembly must be a folder that cdk synth wrote, got {folder}: it has no manifest.json"
        )
    for artifact_id, artifact in _read(folder / "manifest.json").get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(folder / properties["directoryName"])
        elif artifact["type"] == "aws:cloudformation:stack":
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            yield Stack(
                name=properties.get("stackName", artifact_id),
                template=Template(_read(folder / properties["templateFile"])),
                account=None if account in UNKNOWN else account,
                region=None if region in UNKNOWN else region,
                assets=_assets(folder, artifact_id),
            )


def _assets(folder: Path, artifact_id: str) -> dict[str, Path]:
    manifest = folder / f"{artifact_id}.assets.json"
    if not manifest.is_file():
        return {}
    return {
        destination["objectKey"]: folder / asset["source"]["path"]
        for asset in _read(manifest).get("files", {}).values()
        if "path" in asset["source"]
        for destination in asset["destinations"].values()
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise Refusal(
            "SAL002", f"{path} must be JSON that cdk synth wrote: {problem}; synthesise the app again"
        ) from problem
    if not isinstance(content, dict):
        raise Refusal("SAL002", f"{path} must hold a JSON object, got {type(content).__name__}; synthesise again")
    return content
