"""What a local run is told beside the template."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "streaming-agent"


@dataclass(frozen=True, kw_only=True)
class LocalOptions:
    """What a local run is told beside the template."""

    port: int = 8080
    agent: Path | None = None  # None: the code that the template names
    agent_url: str | None = None  # None: the run starts the agent itself
    reload: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str | None] = field(default_factory=dict)  # name -> password; None makes one up
    max_sessions: int = 16
    time_scale: float = 1.0
    cache: Path = field(default_factory=_cache_folder)
