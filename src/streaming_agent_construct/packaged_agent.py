"""What packaging an agent's folder gives."""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackagedAgent:
    """A folder with the agent's files and what they require, for arm64 Linux."""

    path: str
    """The folder; it is kept between synths and is not to be changed."""
    content_hash: str
    """The same for the same files."""
    warnings: Mapping[str, str]
    """Sentences about what may not work on AgentCore, by an id."""
    notices: Mapping[str, str]
    """Sentences about what was left out, by an id."""
