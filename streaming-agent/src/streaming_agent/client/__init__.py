"""A typed client, sync and async, for an API that a StreamingAgentApi stack describes: local or deployed."""

from .address import AgentAddress, deployed_addresses
from .async_client import AsyncAgentClient, AsyncAnswer
from .browser_sign_in import BrowserSignIn
from .call_errors import AgentFailed, ApiRefused, ClientError, SignInFailed, StreamInterrupted, TokenRefused
from .client_credentials import ClientCredentials
from .event_reader import Event
from .retries import Retries
from .revocation import sign_out
from .run_file import LocalRun, local_run
from .srp_sign_in import Challenge, SrpSignIn
from .sync_client import AgentClient, Answer
from .token_source import StaticToken, TokenSource
from .token_store import TokenStore
from .tokens import Tokens, TokenUse, claims_of

__all__ = [
    "AgentAddress",
    "AgentClient",
    "AgentFailed",
    "Answer",
    "ApiRefused",
    "AsyncAgentClient",
    "AsyncAnswer",
    "BrowserSignIn",
    "Challenge",
    "ClientCredentials",
    "ClientError",
    "Event",
    "LocalRun",
    "Retries",
    "SignInFailed",
    "SrpSignIn",
    "StaticToken",
    "StreamInterrupted",
    "TokenRefused",
    "TokenSource",
    "TokenStore",
    "TokenUse",
    "Tokens",
    "claims_of",
    "deployed_addresses",
    "local_run",
    "sign_out",
]
