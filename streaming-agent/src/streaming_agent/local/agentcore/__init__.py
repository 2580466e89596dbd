"""The runtime that stands in for AgentCore, and the agents' processes."""

from .agent_process import AgentProcess, AgentProgram
from .external import ExternalAgent
from .reload import watch
from .runtime_reader import CodeArtifact, JwtAuthorizer, Runtime, read_runtimes
from .runtime_service import AgentCore, RunningRuntime
from .sessions import Sessions

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
