"""Keeps tokens between runs in a file that its owner alone can read."""

import contextlib
import json
import os
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .address import AgentAddress
from .errors import ClientError
from .tokens import Tokens


def _default_path() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "streaming-agent" / "tokens.json"


class TokenStore:
    """A file of tokens, by user pool, client and user.

    :param path: The file. ``None``: ``streaming-agent/tokens.json`` in the user's configuration folder.

    Example::

        AgentClient(address, BrowserSignIn(), store=TokenStore())
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else _default_path()

    def load(self, address: AgentAddress, name: str) -> Tokens | None:
        """What was kept for this user of this pool, expired or not."""
        kept = self._read().get(_key(address, name))
        return Tokens(**kept) if kept is not None else None

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
            with self.path.open(encoding="utf-8") as file:
                mode = os.fstat(file.fileno()).st_mode
                if os.name == "posix" and mode & 0o077:
                    raise ClientError(
                        "CLI030",
                        f"token file must be readable by its owner alone, got mode {mode & 0o777:o}:"
                        f" run chmod 600 {self.path}, and sign out if others have used this machine",
                    )
                content = json.load(file)
        except FileNotFoundError:
            return {}
        except ValueError as problem:
            raise ClientError(
                "CLI031", f"token file must be the JSON that this client writes, got {self.path}: remove it ({problem})"
            ) from problem
        return dict(content)

    def _write(self, content: dict[str, dict[str, Any]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # written beside and renamed: never half a file, never readable by others for a moment
        draft = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(content, file)
            draft.replace(self.path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
            raise


def _key(address: AgentAddress, name: str) -> str:
    return "|".join((address.cognito_endpoint or "", address.user_pool_id or "", address.client_id or "", name))
