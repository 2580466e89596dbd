"""The runtime that stands in for AgentCore, and the agents' processes."""

from .external import ExternalAgent
from .process import AgentProcess, AgentProgram
from .reload import watch
from .room import AgentCore, RunningRuntime
from .sessions import Sessions
from .spec import CodeArtifact, JwtAuthorizer, Runtime, read_runtimes

__all__ = [
    "AgentCore",
    "AgentProcess",
    "AgentProgram",
    "CodeArtifact",
    "ExternalAgent",
    "JwtAuthorizer",
    "RunningRuntime",
    "Runtime",
    "Sessions",
    "read_runtimes",
    "watch",
]
