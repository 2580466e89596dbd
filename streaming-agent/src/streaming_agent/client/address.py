"""Where an API is and which user pool gives its tokens: from a local run, a deployment's outputs, or arguments."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .errors import ClientError
from .tokens import TokenUse

LOCAL_RUN_FILE = Path(".streaming-agent") / "local.json"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


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
                "address must name user_pool_id and client_id to sign in, got not both: add them, or give a token",
            )
        if re.fullmatch(r"[\w-]+_[0-9a-zA-Z]+", self.user_pool_id) is None:
            raise ClientError(
                "CLI021", f"user_pool_id must read region_name such as us-east-1_AbCdEfGhI, got {self.user_pool_id}"
            )
        return self.user_pool_id

    def url_of(self, agent: str | None) -> str:
        """The address of one of the agents that `StreamingAgentApi.add_agent` put behind the same door."""
        if agent is None:
            return self.invocations_url
        if re.fullmatch(r"[A-Za-z0-9_-]+", agent) is None:
            raise ClientError(
                "CLI022", f"agent must be a name of letters, digits, hyphens and underscores, got {agent!r}"
            )
        return f"{self.invocations_url.removesuffix('/invocations')}/agents/{agent}/invocations"


@dataclass(frozen=True, kw_only=True, repr=False)
class LocalRun:
    """A chain that runs on this machine, and who can sign in to it."""

    address: AgentAddress
    username: str
    password: str
    api_key: str | None = None
    """``None``: the API asks for none."""
    runtime_url: str | None = None
    """The runtime's own address, which takes the same token."""
    client_secret: str | None = None
    """``None``: the client is a person's, and has none."""
    transfer_mode: str | None = None
    """The integration's ``ResponseTransferMode`` in the template: ``STREAM`` or ``BUFFERED``."""


def local_run(path: Path | None = None) -> LocalRun:
    """The local run that wrote this file; ``None``: the one started in this folder.

    The file is ``.streaming-agent/local.json``, or the line that ``streaming-agent local --json`` prints.
    """
    path = path if path is not None else LOCAL_RUN_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        address = AgentAddress(
            invocations_url=content["invocations_url"],
            user_pool_id=content["user_pool_id"],
            client_id=content["client_id"],
            cognito_endpoint=content["cognito_endpoint"],
            sign_in_url=content.get("sign_in_url"),
            token_type=TokenUse(content.get("token_type", TokenUse.ID)),
        )
        return LocalRun(
            address=address,
            username=content["username"],
            password=content["password"],
            api_key=content.get("api_key"),
            runtime_url=content.get("runtime_url"),
            client_secret=content.get("client_secret"),
            transfer_mode=content.get("transfer_mode"),
        )
    except FileNotFoundError:
        raise ClientError(
            "CLI023",
            f"a local run must be on in this folder, got no {path}: start streaming-agent local, or name an API",
        ) from None
    except (ValueError, KeyError, TypeError) as problem:
        raise ClientError("CLI024", f"{path} must be what streaming-agent local writes, got {problem!r}") from problem


def deployed_addresses(path: Path, *, token_type: TokenUse = TokenUse.ID) -> dict[str, AgentAddress]:
    """The APIs of a deployment, from what ``cdk deploy --outputs-file`` wrote, by stack and construct.

    The name of each is its stack and the construct in it, such as ``HelloAgent/Agent``.
    """
    try:
        stacks = json.loads(path.read_text(encoding="utf-8"))
        found = {
            f"{stack}/{construct}": _of_outputs(outputs, construct, token_type)
            for stack, outputs in stacks.items()
            for construct in _constructs(outputs)
        }
    except (OSError, ValueError, AttributeError, TypeError) as problem:
        reason = problem if isinstance(problem, (OSError, ValueError)) else "its JSON holds something else"
        raise ClientError(
            "CLI025", f"outputs must be the file of cdk deploy --outputs-file, got {path}: {reason}"
        ) from problem
    if not found:
        raise ClientError(
            "CLI026",
            f"outputs must have an InvocationsUrl of a StreamingAgentApi, got {path} without: deploy its stack",
        )
    return found


# CfnOutput's name: the construct's path, the output's own id, eight hexadecimal digits of a hash.
_OUTPUT = re.compile(r"(?P<construct>.*)(?P<name>InvocationsUrl|UserPoolId|UserPoolClientId|SignInUrl)[0-9A-F]{8}")


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
        sign_in_url=values.get("SignInUrl"),
        token_type=token_type,
    )


def _check_url(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        raise ClientError(
            "CLI027",
            f"{name} must start with https://, or with http://127.0.0.1 for a local run, got {url}:"
            " a token would be readable on its way",
        )
