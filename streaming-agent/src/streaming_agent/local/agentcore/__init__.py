"""The runtime that plays AgentCore, and the agents' processes."""

from .agent_process import AgentProcess, AgentProgram
from .external import ExternalAgent
from .reload import SourceChanges
from .runtime_reader import CodeArtifact, JwtAuthorizer, Runtime, read_runtime, runtime_elsewhere
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
    "SourceChanges",
    "read_runtime",
    "runtime_elsewhere",
]
