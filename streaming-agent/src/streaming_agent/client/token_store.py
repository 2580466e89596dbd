"""Keeps tokens between runs in a file that only its owner can read."""

import contextlib
import json
import os
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .address import AgentAddress
from .call_errors import ClientError
from .tokens import Tokens


def _default_path() -> Path:
    """A relative `XDG_CONFIG_HOME` is ignored (XDG Base Directory): tokens must not land in whichever project it is."""
    folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if not folder.is_absolute():
        folder = Path.home() / ".config"
    if not folder.is_absolute():
        raise ClientError("CLI031", "there is no folder to keep tokens in: set HOME to an absolute path")
    return folder / "streaming-agent" / "tokens.json"


class TokenStore:
    """A file of tokens, by API, sign-in, user pool, client and user: kept tokens go where they were made for only.

    :param path: The file. ``None``: ``streaming-agent/tokens.json`` in the user's configuration folder.

    Example::

        AgentClient(address, BrowserSignIn(), store=TokenStore())
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else _default_path()

    def load(self, address: AgentAddress, name: str) -> Tokens | None:
        """What was kept for this user of this pool, expired or not."""
        kept = self._read().get(_key(address, name))
        if kept is None:
            return None
        try:
            return Tokens(kept["access"], kept.get("id"), kept.get("refresh"))
        except (KeyError, TypeError, AttributeError):
            raise self._unreadable("it holds something else") from None

    def save(self, address: AgentAddress, name: str, tokens: Tokens) -> None:
        """Keeps these tokens in the place of the user's last ones."""
        content = self._read()
        content[_key(address, name)] = asdict(tokens)
        self._write(content)

    def forget(self, address: AgentAddress, name: str) -> None:
        """Removes what was kept for this user of this pool."""
        content = self._read()
        if content.pop(_key(address, name), None) is not None:
            self._write(content)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            with self.path.open("rb") as file:
                found = os.fstat(file.fileno())
                if os.name == "posix" and (found.st_mode & 0o077 or found.st_uid not in (os.getuid(), 0)):
                    raise ClientError(
                        "CLI030",
                        f"the token file can be read by others (mode {found.st_mode & 0o777:o}): run chmod 600"
                        f" {self.path}, and streaming-agent sign-out if others have used this machine",
                    )
                content = json.load(file)
        except FileNotFoundError:
            return {}
        except OSError as problem:
            raise self._unreadable(problem.strerror or type(problem).__name__) from None
        except (ValueError, RecursionError):
            raise self._unreadable("it is no JSON") from None
        if not isinstance(content, dict):
            raise self._unreadable("it holds something else")
        return content

    def _unreadable(self, why: str) -> ClientError:
        return ClientError("CLI031", f"the token file {self.path} cannot be read: {why}; remove it, and sign in again")

    def _write(self, content: dict[str, dict[str, Any]]) -> None:
        # written beside and renamed: never half a file, never readable by others for a moment, never through a link
        draft = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(content, file)
            draft.replace(self.path)
        except BaseException as problem:
            with contextlib.suppress(OSError):
                draft.unlink()
            if isinstance(problem, OSError):
                raise ClientError(
                    "CLI031", f"the token file {self.path} cannot be written: {problem.strerror}; name another one"
                ) from None
            raise


def _key(address: AgentAddress, name: str) -> str:
    cognito = _origin(address.cognito_url) if address.user_pool_id and address.client_id else ""
    origins = (_origin(address.invocations_url), cognito, _origin(address.sign_in_url or ""))
    return "|".join((*origins, address.user_pool_id or "", address.client_id or "", name))


def _origin(url: str) -> str:
    """Where a token may be sent: another origin is another receiver (RFC 9700, section 4.9.1)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}" if url else ""
