"""What the metadata of streaming-agent-construct takes from elsewhere: its extras' version, and a README for PyPI."""

import json
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE_LINK = re.compile(r'(\]\(|src=")(?!https?://|#)([^)"]+)')


class MetadataOfTheRepository(MetadataHookInterface):
    """Both distributions are released together: an extra of one must not install another release of the other."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Write the extras with the version of npm/package.json, and the README with links that PyPI can follow."""
        root = Path(self.root)
        version = json.loads((root / "npm" / "package.json").read_text(encoding="utf-8"))["version"]
        metadata["optional-dependencies"] = {
            extra: [f"streaming-agent[{extra}]=={version}"] for extra in self.config["extras"]
        }
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": _absolute((root / "README.md").read_text(encoding="utf-8"), self.config["pages"]),
        }


def _absolute(readme: str, pages: dict[str, str]) -> str:
    """PyPI shows the README elsewhere: a relative link would lead nowhere there."""

    def absolute(link: re.Match[str]) -> str:
        kind = "files" if link[1] == 'src="' or link[2].endswith((".svg", ".png")) else "text"
        return f"{link[1]}{pages[kind]}/{link[2]}"

    return _RELATIVE_LINK.sub(absolute, readme)
