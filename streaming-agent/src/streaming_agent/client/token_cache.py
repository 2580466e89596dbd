"""Returns a valid token: the stored one, a refreshed one, or one from a new sign-in."""

import time
from collections.abc import Callable

from .address import AgentAddress
from .call_errors import SignInFailed
from .token_source import Flow, TokenSource
from .token_store import TokenStore
from .tokens import Tokens, check_sendable, renewal_of


class TokenCache:
    """The tokens of one source for one API. Not locked: each client has a lock of its own kind around `renewal`."""

    def __init__(
        self,
        address: AgentAddress,
        source: TokenSource,
        store: TokenStore | None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._address = address
        self._source = source
        self._store = store
        self._now = now
        self._tokens: Tokens | None = None

    def current(self) -> str | None:
        """The token to send; `None` when a `renewal` must be run first."""
        if self._tokens is None:
            return None
        token = self._tokens.of_type(self._address.token_type)
        return token if self._now() < renewal_of(token) else None

    def renewal(self, refused: str | None = None) -> Flow:
        """Gets tokens. `refused` is a token that the API has just answered with 401, whatever it says of itself."""
        kept = self._tokens or (self._store.load(self._address, self._source.name) if self._store else None)
        if kept is not None and kept.of_type(self._address.token_type) != refused:
            self._tokens = kept
            if self.current() is not None:
                return kept
        tokens = yield from self._refreshed_or_new(kept)
        check_sendable(tokens.of_type(self._address.token_type), self._address.token_type, self._now())
        self._tokens = tokens
        if self._store is not None:
            self._store.save(self._address, self._source.name, tokens)
        return tokens

    def _refreshed_or_new(self, kept: Tokens | None) -> Flow:
        if kept is not None and kept.refresh is not None:
            try:
                return (yield from self._source.refresh(self._address, kept.refresh))
            except SignInFailed:
                pass  # the sign-in has ended, or was revoked
        return (yield from self._source.sign_in(self._address))
