"""Gives each extra of streaming-agent-construct the same extra of streaming-agent, in the same version."""

import json
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class ExtrasOfTheSameVersion(MetadataHookInterface):
    """Both distributions are released together: an extra of one must not install another release of the other."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Write the extras, with the version of npm/package.json."""
        version = json.loads((Path(self.root) / "npm" / "package.json").read_text(encoding="utf-8"))["version"]
        metadata["optional-dependencies"] = {
            extra: [f"streaming-agent[{extra}]=={version}"] for extra in self.config["extras"]
        }
