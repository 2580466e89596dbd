"""The gotchas by the field that they lie in."""

from ..mutation import Mutation
from .agent_library import AGENT_LIBRARY
from .client_edges import CLIENT_EDGES
from .clients import CLIENTS
from .cognito import COGNITO
from .firewall_and_logs import FIREWALL_AND_LOGS
from .gateway import GATEWAY
from .invocation import INVOCATION
from .local_gateway import LOCAL_GATEWAY
from .local_tokens import LOCAL_TOKENS
from .runtime import RUNTIME
from .tokens import TOKENS

MUTATIONS: tuple[Mutation, ...] = (
    *GATEWAY,
    *INVOCATION,
    *TOKENS,
    *COGNITO,
    *RUNTIME,
    *FIREWALL_AND_LOGS,
    *LOCAL_GATEWAY,
    *LOCAL_TOKENS,
    *AGENT_LIBRARY,
    *CLIENTS,
    *CLIENT_EDGES,
)
"""Every entry, in the order of the way that a call takes."""
