"""The AgentCore runtime behind one route: what it is made from, where it is, and what the next parts need of it."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Sequence

from ..protection.runtime_guard import RuntimeGuardConfig
from .bedrock_model import ModelConfig
from .runtime_options import RuntimeOptions

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore

    from ..auth.auth_config import AuthConfig
    from ..stack_values import StackValues


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeContext:
    """What an agent's source needs to know of the API to make a runtime for it."""

    values: StackValues
    """The stack."""
    auth: AuthConfig
    """Who may call."""
    options: RuntimeOptions
    """The settings of the runtime."""
    origins: Sequence[str]
    """The web origins that may call."""
    guard: RuntimeGuardConfig
    """What keeps callers off the runtime's own address."""
    model: ModelConfig | None = None
    """The model that the agent calls."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimePlace:
    """Where a runtime is."""

    region: str
    """Its Region."""
    account: str
    """Its account."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeConfig:
    """The runtime of one agent, as the next parts need it."""

    runtime: agentcore.IBedrockAgentRuntime
    """The runtime."""
    region: str
    """Its Region."""
    account: str
    """Its account."""
    deployment_key: str
    """What changes when the runtime is replaced: the API needs a new deployment then."""
    is_new: bool
    """Whether this construct makes it; an existing one keeps its own settings."""
