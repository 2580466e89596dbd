"""Where an API is and which user pool gives its tokens: from a deployment's outputs, or arguments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from .call_errors import ClientError
from .connections import is_loopback
from .json_files import read_json, why_unreadable
from .tokens import TokenUse

_AGENT_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class AgentAddress:
    """Where to ask, and where to sign in.

    Example::

        AgentAddress(
            invocations_url="https://abc123.execute-api.us-east-1.amazonaws.com/prod/invocations",
            user_pool_id="us-east-1_AbCdEfGhI",
            client_id="1example23456789",
        )
    """

    invocations_url: str
    """The construct's output ``InvocationsUrl``."""
    user_pool_id: str | None = None
    """The construct's output ``UserPoolId``. ``None``: tokens are given, not signed in for."""
    client_id: str | None = None
    """The construct's output ``UserPoolClientId``. ``None``: tokens are given, not signed in for."""
    cognito_endpoint: str | None = None
    """Cognito's own API. ``None``: that of the pool's region."""
    sign_in_url: str | None = None
    """The pool's managed login, ``https://….auth.us-east-1.amazoncognito.com``. ``None``: it has none."""
    token_type: TokenUse = TokenUse.ID
    """Which token the API takes: the stack's ``AgentAuth``."""
    scopes: tuple[str, ...] = ()
    """The scopes of which the API asks for one, such as ``agents/invoke``. Empty: it asks for none."""
    agents: tuple[str, ...] = ()
    """The names of the agents of ``add_agent``, where they are known. Empty: not known, or there are none."""

    def __post_init__(self) -> None:
        for name in ("invocations_url", "cognito_endpoint", "sign_in_url"):
            url = getattr(self, name)
            if url is not None:
                _check_url(name, url)

    @property
    def cognito_url(self) -> str:
        """Where Cognito's API answers for this pool."""
        if self.cognito_endpoint is not None:
            return self.cognito_endpoint
        region = self.pool.partition("_")[0]
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        return f"https://cognito-idp.{region}.{suffix}/"

    @property
    def pool(self) -> str:
        """The user pool's id; raises `ClientError` when there is none to sign in to."""
        if self.user_pool_id is None or self.client_id is None:
            raise ClientError(
                "CLI020",
                "a sign-in needs both user_pool_id and client_id of the address: add the missing one, or give a token",
            )
        if re.fullmatch(r"[\w-]+_[0-9a-zA-Z]+", self.user_pool_id) is None:
            raise ClientError(
                "CLI021",
                f"user_pool_id: expected REGION_NAME such as us-east-1_AbCdEfGhI, got {self.user_pool_id}: take the"
                " stack's output UserPoolId",
            )
        return self.user_pool_id

    def url_of(self, agent: str | None) -> str:
        """The address of one of the agents that `StreamingAgentApi.add_agent` put behind the same API."""
        if agent is None:
            return self.invocations_url
        if _AGENT_NAME.fullmatch(agent) is None:
            raise ClientError(
                "CLI022",
                "agent: expected a letter or a digit, followed by letters, digits, hyphens and underscores, at most 64"
                f" in all, got {agent!r}",
            )
        if self.agents and agent not in self.agents:
            raise ClientError("CLI022", f"agent: expected one of {', '.join(self.agents)}, got {agent}")
        return f"{self.invocations_url.removesuffix('/invocations')}/agents/{agent}/invocations"


def deployed_addresses(path: Path, *, token_type: TokenUse = TokenUse.ID) -> dict[str, AgentAddress]:
    """The APIs of a deployment, from what ``cdk deploy --outputs-file`` wrote, by stack and construct.

    The name of each is its stack and the construct in it, such as ``HelloAgent/Agent``.
    """
    try:
        stacks = read_json(path)
        found = {
            f"{stack}/{construct}": _of_outputs(outputs, construct, token_type)
            for stack, outputs in stacks.items()
            for construct in _constructs(outputs)
        }
    except (OSError, ValueError, AttributeError, TypeError) as problem:
        raise ClientError(
            "CLI025",
            f"outputs: expected the file that cdk deploy --outputs-file wrote, but {path} {why_unreadable(problem)}",
        ) from None
    if not found:
        raise ClientError(
            "CLI026",
            f"{path} has no InvocationsUrl of a StreamingAgentApi: deploy its stack with --outputs-file",
        )
    return found


# CfnOutput's name: the construct's path, the output's own id, eight hexadecimal digits of a hash.
_OUTPUT = re.compile(r"(?P<construct>.*)(?P<name>InvocationsUrl|UserPoolId|UserPoolClientId)[0-9A-F]{8}")


def _constructs(outputs: Mapping[str, Any]) -> list[str]:
    matches = [_OUTPUT.fullmatch(key) for key in outputs]
    return [match["construct"] for match in matches if match is not None and match["name"] == "InvocationsUrl"]


def _of_outputs(outputs: Mapping[str, str], construct: str, token_type: TokenUse) -> AgentAddress:
    values = {
        match["name"]: value
        for key, value in outputs.items()
        if (match := _OUTPUT.fullmatch(key)) is not None and match["construct"] == construct
    }
    return AgentAddress(
        invocations_url=values["InvocationsUrl"],
        user_pool_id=values.get("UserPoolId"),
        client_id=values.get("UserPoolClientId"),
        token_type=token_type,
    )


_HOST = re.compile(r"(?=.{1,253}$)[^.\s]{1,63}(?:\.[^.\s]{1,63})*\.?|[0-9a-fA-F:]+")


def _check_url(name: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        host, has_user = parts.hostname or "", parts.username is not None or parts.password is not None
        readable = (parts.port or 443) > 0 and _HOST.fullmatch(host) is not None and bool(httpx2.URL(url).host)
        scheme = parts.scheme
    except (ValueError, TypeError, AttributeError, UnicodeError, httpx2.InvalidURL):
        scheme, has_user, readable = "", "@" in str(url), False
    if has_user:
        raise ClientError(
            "CLI027", f"{name} has a user name or a password in it, which nobody here sends: leave them out"
        )
    if not readable or scheme not in ("http", "https"):
        raise ClientError(
            "CLI027", f"{name}: expected an address such as https://abc.example.com/prod/invocations, got {url!r}"
        )
    if scheme == "http" and not is_loopback(url):
        raise ClientError(
            "CLI027",
            f"{name}: expected https://, or http://127.0.0.1 for a local run, got {url}: a token would be readable on"
            " its way",
        )
