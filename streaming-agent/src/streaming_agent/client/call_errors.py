"""What can go wrong for a caller: one sentence each, with a code that docs/errors.md explains."""

import re
from collections.abc import Mapping
from typing import Any

from ..errors import CodedError

_TOKEN = re.compile(r"eyJ[\w-]+(?:\.[\w-]*)+")


class ClientError(CodedError):
    """The root of every error that this client raises. A token that an answer repeats is left out of its sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, _TOKEN.sub("(a token)", sentence))


class TokenRefused(ClientError):
    """A token that the API would refuse, found out before it is sent."""


class SignInFailed(ClientError):
    """The user pool gave no tokens."""


class ApiRefused(ClientError):
    """The API answered with an error instead of a stream; nothing of an answer was sent."""

    def __init__(self, code: str, sentence: str, *, status: int, error_type: str, request_id: str | None) -> None:
        super().__init__(code, sentence)
        self.status = status
        self.error_type = error_type
        """Such as ``UnauthorizedException``; empty when the answer named none."""
        self.request_id = request_id
        """What AWS calls the request, for its logs and its support."""


class StreamInterrupted(ClientError):
    """The answer ended before its end: what came until then is not whole."""


class AgentFailed(ClientError):
    """The agent reported an error of its own, most often in the middle of its answer."""

    def __init__(self, code: str, sentence: str, details: Mapping[str, Any], *, kind: str = "") -> None:
        super().__init__(code, sentence)
        self.details = details
        """The event as the agent sent it."""
        self.kind = kind
        """Its type or code, such as ``NoCredentialsError`` or ``model_busy``; empty when the agent named none."""
