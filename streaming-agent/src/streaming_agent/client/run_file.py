"""The run file, `.streaming-agent/local.json`: how a local run says where it is and who can sign in."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .address import AgentAddress
from .call_errors import ClientError
from .connections import is_loopback
from .json_files import read_json, why_unreadable
from .tokens import TokenUse

RUN_FILE = Path(".streaming-agent") / "local.json"


@dataclass(frozen=True, kw_only=True, repr=False)
class LocalRun:
    """A stack that runs on this machine, and who can sign in to it."""

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
    callback_url: str | None = None
    """A callback URL of the app client. ``None``: it has none."""


def local_run(path: Path | None = None) -> LocalRun:
    """The local run that wrote this file; ``None``: the one started in this folder.

    The file is ``.streaming-agent/local.json``, or the line that ``streaming-agent local --json`` prints. Its addresses
    are on this machine, or it is refused: a folder that somebody else made must not say where tokens go.

    :raises ClientError: There is no such file, or it is not what a local run writes.
    """
    if path is None:
        path = RUN_FILE
        _check_is_private(path)
    try:
        content = read_json(path)
        local = _local_run(content)
    except FileNotFoundError:
        raise ClientError(
            "CLI023",
            f"no local run in this folder: there is no {path}. Start streaming-agent local here, or name an API with"
            " --outputs or --url",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ClientError(
            "CLI024", f"expected the file that streaming-agent local writes, but {path} {why_unreadable(problem)}"
        ) from None
    return local


def _local_run(content: Mapping[str, Any]) -> LocalRun:
    for name in ("invocations_url", "cognito_endpoint", "sign_in_url", "runtime_url"):
        url = content.get(name)
        if name in ("invocations_url", "cognito_endpoint"):
            content[name]  # these two must be there
        if url is not None and not is_loopback(_text(url)):
            raise ClientError(
                "CLI028",
                f"the run file's {name} is not on this machine: {url}. A local run is reached at 127.0.0.1 only; name a"
                " deployed API with --outputs or --url",
            )
    address = AgentAddress(
        invocations_url=_text(content["invocations_url"]),
        user_pool_id=_text(content["user_pool_id"]),
        client_id=_text(content["client_id"]),
        cognito_endpoint=_text(content["cognito_endpoint"]),
        sign_in_url=_optional(content, "sign_in_url"),
        token_type=TokenUse(content.get("token_type", TokenUse.ID)),
        scopes=_texts(content, "scopes"),
        agents=_texts(content, "agents"),
    )
    return LocalRun(
        address=address,
        username=_text(content["username"]),
        password=_text(content["password"]),
        api_key=_optional(content, "api_key"),
        runtime_url=_optional(content, "runtime_url"),
        client_secret=_optional(content, "client_secret"),
        transfer_mode=_optional(content, "transfer_mode"),
        callback_url=_optional(content, "callback_url"),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _optional(content: Mapping[str, Any], name: str) -> str | None:
    value = content.get(name)
    return None if value is None else _text(value)


def _texts(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = content.get(name) or []
    if not isinstance(values, list):
        raise TypeError
    return tuple(_text(value) for value in values)


def _check_is_private(path: Path) -> None:
    """Refuses a file with a password in it that others can read or have written."""
    try:
        found = path.stat()
    except OSError:
        return  # said when it is read
    if not stat.S_ISREG(found.st_mode):
        raise ClientError("CLI024", f"expected the file that streaming-agent local writes, but {path} is no file")
    if os.name != "posix":
        return
    if found.st_mode & 0o077 or found.st_uid not in (os.getuid(), 0):
        raise ClientError(
            "CLI029",
            f"{path} can be read by others, or is somebody else's: a local run writes it for its owner only. Remove it,"
            " and start streaming-agent local again",
        )
