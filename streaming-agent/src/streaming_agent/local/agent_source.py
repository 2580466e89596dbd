"""Where an agent's sources are, when the app says so in its assembly's metadata."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..template import TemplateResource
from ..template.source import ASSEMBLY_LIMIT_BYTES, is_folder

_ENTRY = "streaming-agent-construct:agent"


@dataclass(frozen=True, kw_only=True)
class AgentSourceFolder:
    """The folder that `AgentSource.from_directory` was given."""

    folder: Path
    entry_point: tuple[str, ...]


def source_folder(runtime: TemplateResource) -> AgentSourceFolder | None:
    """The sources of a runtime's agent; `None` when nothing says where they are, or they are gone."""
    path = runtime.construct_path
    stack = runtime.stack
    if path is None or stack.path is None:
        return None
    for constructs in _metadata(stack.path.parent):
        for construct, entries in constructs.items():
            if not _is_above(construct.strip("/"), path.strip("/")):
                continue
            for entry in entries if isinstance(entries, list) else []:
                if isinstance(entry, dict) and entry.get("type") == _ENTRY:
                    found = _read(entry.get("data"))
                    if found is not None:
                        return found
    return None


def _is_above(construct: str, path: str) -> bool:
    # the entry stands at the L2, and the template's resource is its child
    return construct == path or path.rpartition("/")[0] == construct


def _metadata(folder: Path) -> list[dict[str, Any]]:
    found = []
    artifacts = _json(folder / "manifest.json").get("artifacts")
    for artifact in artifacts.values() if isinstance(artifacts, dict) else ():
        if not isinstance(artifact, dict):
            continue
        if isinstance(artifact.get("metadata"), dict):
            found.append(artifact["metadata"])
        properties = artifact.get("properties")
        for holder in (artifact, properties if isinstance(properties, dict) else {}):
            additional = holder.get("additionalMetadataFile")
            if isinstance(additional, str):
                found.append(_json(folder / additional))
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > ASSEMBLY_LIMIT_BYTES:
            return {}
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _read(data: Any) -> AgentSourceFolder | None:
    try:
        said = json.loads(data) if isinstance(data, str) else data
    except ValueError:
        return None
    folder = said.get("folder") if isinstance(said, dict) else None
    if not isinstance(folder, str) or not is_folder(Path(folder)):
        return None
    entry_point = said.get("entrypoint")
    words = tuple(word for word in entry_point if isinstance(word, str)) if isinstance(entry_point, list) else ()
    return AgentSourceFolder(folder=Path(folder), entry_point=words)
