"""A streaming AI agent behind a production front door on AWS: one CDK construct."""

from .api.agent_route import AgentRoute as AgentRoute
from .api.cors import Cors as Cors
from .api.custom_domain import CustomDomain as CustomDomain
from .api.endpoint import ApiEndpoint as ApiEndpoint
from .api.invocation import SessionBinding as SessionBinding
from .auth.agent_auth import AgentAuth as AgentAuth
from .auth.auth_config import TokenType as TokenType
from .auth.required_claim import RequiredClaim as RequiredClaim
from .errors import StreamingAgentError as StreamingAgentError
from .observability.observability import AlarmThresholds as AlarmThresholds
from .observability.observability import Observability as Observability
from .protection.api_keys import ApiKeys as ApiKeys
from .protection.firewall import Firewall as Firewall
from .protection.protection import Protection as Protection
from .protection.runtime_guard import RuntimeGuard as RuntimeGuard
from .protection.throttle import Throttle as Throttle
from .runtime.agent_source import AgentSource as AgentSource
from .runtime.bedrock_model import BedrockModel as BedrockModel
from .runtime.runtime_options import RuntimeOptions as RuntimeOptions
from .streaming_agent_api import StreamingAgentApi as StreamingAgentApi

__all__ = [name for name in dir() if name[0].isupper()]  # pyright: ignore[reportUnsupportedDunderAll]
