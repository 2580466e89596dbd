"""What a local run is told beside the template."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_PORT = 8787  # none that an agent uses: AgentCore's are 8080, 8000 and 9000 (AC `runtime-service-contract`)


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "streaming-agent"


@dataclass(frozen=True, kw_only=True)
class LocalOptions:
    """What a local run is told beside the template."""

    port: int = DEFAULT_PORT
    stack: str | None = None  # None: the only one with an API that leads to an agent
    agent: Path | None = None  # None: the code that the template names
    agent_url: str | None = None  # None: the run starts the agent itself
    reload: bool = True  # whether a change of the agent's sources starts its sessions anew
    environment: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str | None] = field(default_factory=dict)  # name -> password; None makes one up
    max_sessions: int = 16
    time_scale: float = 1.0  # so many seconds of every limit pass in one
    current_environment: bool = False  # whether agents run with the Python that runs this, and what it has installed
    conflict: bool = False  # whether a second call of a busy session is a 409
    cache: Path = field(default_factory=_cache_folder)
