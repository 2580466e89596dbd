"""A streaming AI agent behind a production front door on AWS: one CDK construct."""

# Each name is read from its room when it is first asked for, so that the command line and the client, which need no
# construct, do not wait for aws_cdk.
from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

if _TYPE_CHECKING:
    from .agent_auth import AgentAuth
    from .agent_route import AgentRoute
    from .agent_source import AgentSource
    from .api_keys import ApiKeys
    from .auth_binding import TokenType
    from .cors import Cors
    from .custom_domain import CustomDomain
    from .endpoint import ApiEndpoint
    from .errors import StreamingAgentError
    from .firewall import Firewall
    from .invocation import SessionBinding
    from .observability import AlarmThresholds, Observability
    from .protection import Protection
    from .required_claim import RequiredClaim
    from .runtime_guard import RuntimeGuard
    from .runtime_options import RuntimeOptions
    from .streaming_agent_api import StreamingAgentApi
    from .throttle import Throttle

_ROOMS = {
    "AgentAuth": "agent_auth",
    "AgentRoute": "agent_route",
    "AgentSource": "agent_source",
    "AlarmThresholds": "observability",
    "ApiEndpoint": "endpoint",
    "ApiKeys": "api_keys",
    "Cors": "cors",
    "CustomDomain": "custom_domain",
    "Firewall": "firewall",
    "Observability": "observability",
    "Protection": "protection",
    "RequiredClaim": "required_claim",
    "RuntimeGuard": "runtime_guard",
    "RuntimeOptions": "runtime_options",
    "SessionBinding": "invocation",
    "StreamingAgentApi": "streaming_agent_api",
    "StreamingAgentError": "errors",
    "Throttle": "throttle",
    "TokenType": "auth_binding",
}

__all__ = [
    "AgentAuth",
    "AgentRoute",
    "AgentSource",
    "AlarmThresholds",
    "ApiEndpoint",
    "ApiKeys",
    "Cors",
    "CustomDomain",
    "Firewall",
    "Observability",
    "Protection",
    "RequiredClaim",
    "RuntimeGuard",
    "RuntimeOptions",
    "SessionBinding",
    "StreamingAgentApi",
    "StreamingAgentError",
    "Throttle",
    "TokenType",
]


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    found: type = getattr(_import_module(f".{_ROOMS[name]}", __name__), name)
    _import_module(".arguments", __name__).check_arguments(
        found, _import_module(".errors", __name__).StreamingAgentError
    )
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, *globals()]
