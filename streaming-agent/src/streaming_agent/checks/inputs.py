"""What is checked: each path that is given, as templates that are read together, or as an agent's code."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..template import Refusal, StackTemplate, TemplateSet
from ..template.parsed import Parsed, parse
from ..template.source import TEMPLATE_NAMES, decoded, entries, is_file, is_folder, read_text
from .agent_folder import SKIPPED, python_files
from .terraform import is_plan, template_of_plan

PLAN_LIMIT_BYTES = 20_000_000


@dataclass
class CheckInputs:
    """What the paths lead to, and what cannot be checked."""

    templates: list[TemplateSet] = field(default_factory=list)
    code: list[tuple[str, list[tuple[Path, str]]]] = field(default_factory=list)  # what it is called, its files
    refused: list[Refusal] = field(default_factory=list)


def read_inputs(paths: Sequence[Path], parameters: Mapping[str, Any] | None = None) -> CheckInputs:
    """Reads every path; one that cannot be read does not keep the others from being checked.

    Args:
        paths: Templates, cloud assemblies, Terraform plans, agents' files and folders.
        parameters: Values of the templates' parameters.
    """
    found = CheckInputs()
    stacks: list[list[StackTemplate]] = []
    for path in paths:
        try:
            _add(found, stacks, path)
        except Refusal as refusal:
            found.refused.append(refusal)
    found.templates += [TemplateSet(group, parameters) for group in _joined(stacks)]
    return found


def from_text(content: bytes, filename: str, parameters: Mapping[str, Any] | None = None) -> CheckInputs:
    """What is read from standard input, called `filename`."""
    found = CheckInputs()
    try:
        if filename.endswith(".py"):
            raise Refusal("SAL101", f"{filename} is Python: give an agent's code as a file, not on standard input")
        text = decoded(content, filename, PLAN_LIMIT_BYTES)
        found.templates.append(TemplateSet([_stack(text, Path(filename), filename, on_disk=False)], parameters))
    except Refusal as refusal:
        found.refused.append(refusal)
    return found


def _add(found: CheckInputs, stacks: list[list[StackTemplate]], path: Path) -> None:
    shown = str(path)
    if is_folder(path):
        _add_folder(found, stacks, path, shown)
    elif path.suffix == ".py":
        found.code.append((shown, [(path, shown)]))
    elif path.suffix == ".tf":
        raise _terraform(shown)
    else:
        stacks.append([*TemplateSet([_stack(_text(path), path, shown)]).stacks])


def _add_folder(found: CheckInputs, stacks: list[list[StackTemplate]], folder: Path, shown: str) -> None:
    for assembly in (folder, folder / "cdk.out"):
        if is_file(assembly / "manifest.json"):
            stacks.append([*TemplateSet.read(assembly, shown=str(assembly)).stacks])
            return
    templates = [folder / name for name in TEMPLATE_NAMES if is_file(folder / name)]
    for template in templates:
        stacks.append([*TemplateSet([_stack(_text(template), template, str(template))]).stacks])
    files, unreadable = ([], []) if templates else python_files(folder)
    found.refused += unreadable
    if files:
        found.code.append((shown, [(file, str(file)) for file in files]))
    elif not templates and not unreadable:
        raise _nothing_in(folder, shown)


def _nothing_in(folder: Path, shown: str) -> Refusal:
    names = {entry.name for entry in entries(folder)}
    if any(name.endswith(".tf") for name in names):
        return _terraform(shown)
    if "Pulumi.yaml" in names:
        return Refusal(
            "SAL101", f"{shown} is a Pulumi project, which is not read: give the template it deploys, if any"
        )
    if "cdk.json" in names:
        return Refusal("SAL101", f"{shown} is a CDK app that is not synthesised: run cdk synth, or give --app")
    if "package.json" in names:
        return Refusal("SAL101", f"{shown} holds JavaScript, and only Python agents are read: give a template")
    inner = sorted(name for name in names if not name.startswith(".") and name not in SKIPPED)
    held = f"it has {', '.join(inner[:5])}{', …' if len(inner) > 5 else ''}" if inner else "the folder is empty"
    return Refusal("SAL100", f"nothing to check in {shown} ({held}): name a template, a cdk.out or an agent's folder")


def _terraform(shown: str) -> Refusal:
    return Refusal(
        "SAL101",
        f"{shown} is Terraform source: give a plan as JSON (terraform plan -out plan, terraform show -json"
        " plan > plan.json)",
    )


def _text(path: Path) -> str:
    """The text of a template, or of a plan, which may be larger."""
    try:
        return read_text(path)
    except Refusal as refusal:
        if refusal.code != "SAL091" or path.suffix != ".json" or not _begins_as_plan(path):
            raise
        return read_text(path, PLAN_LIMIT_BYTES)


def _begins_as_plan(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"terraform_version" in file.read(400)
    except OSError:
        return False


def _stack(text: str, path: Path, shown: str, on_disk: bool = True) -> StackTemplate:
    parsed = parse(text, shown)
    value = parsed.value
    name = path.name.split(".")[0] or path.name
    if isinstance(value, dict) and "Resources" not in value:
        if is_plan(value):
            body = template_of_plan(value)
            return StackTemplate(name, Parsed(body, json.dumps(body)), shown=shown)
        what = _kind_of(value)
        if what:
            raise Refusal("SAL101", f"{shown} is {what}, and no template: name the template")
    return StackTemplate(name, parsed, path=path if on_disk else None, shown=shown)


def _kind_of(document: Mapping[str, Any]) -> str:
    if "openapi" in document or "swagger" in document:
        return "an OpenAPI document, which is read with the template that includes it"
    if "artifacts" in document and "version" in document:
        return "the manifest of a cloud assembly: give its folder"
    if "app" in document or "context" in document:
        return "the settings of a CDK app"
    if "resource" in document or "terraform" in document:
        return "Terraform source in JSON"
    if "service" in document and "provider" in document:
        return "a Serverless Framework service (serverless package writes its template into .serverless/)"
    return ""


def _joined(stacks: list[list[StackTemplate]]) -> Iterator[list[StackTemplate]]:
    """The stacks of each path, with those of other paths whose exports they import."""
    groups = [(group, _names(group, "Export"), _names(group, "Fn::ImportValue")) for group in stacks]
    while groups:
        group, exports, imports = groups.pop(0)
        joined = True
        while joined:
            joined = False
            for other in list(groups):
                if other[1] & imports or other[2] & exports:
                    groups.remove(other)
                    group, exports, imports = [*group, *other[0]], exports | other[1], imports | other[2]
                    joined = True
        yield [stack for stack in group if stack.parent is None]


def _names(group: list[StackTemplate], key: str) -> set[str]:
    """The names that the templates export, or import, as they are written."""
    found: set[str] = set()
    pending: list[Any] = [stack.body for stack in group]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            written = value.get(key)
            name = written.get("Name") if key == "Export" and isinstance(written, dict) else written
            if isinstance(name, str):
                found.add(name)
            pending.extend(item for item in value.values() if isinstance(item, (dict, list)))
        elif isinstance(value, list):
            pending.extend(item for item in value if isinstance(item, (dict, list)))
    return found
