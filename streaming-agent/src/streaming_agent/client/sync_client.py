"""The client for ordinary code: `for event in client.invoke("…")`."""

import threading
import time
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from .address import AgentAddress, local_run
from .call import LIMITS, TIMEOUT, Call, broken, check_is_stream
from .events import MAX_EVENT_BYTES, Event, event_of
from .local_sign_in import local_sign_in
from .retries import Retries
from .token_cache import TokenCache
from .token_source import TokenSource, run
from .token_store import TokenStore


class Answer(Iterator[Event]):
    """An agent's answer as it comes. Closing it, or leaving its `with`, closes the connection."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self._events = _events(response)

    @property
    def request_id(self) -> str | None:
        """What AWS calls the request."""
        return self._response.headers.get("x-amzn-RequestId")

    def __next__(self) -> Event:
        return next(self._events)

    def close(self) -> None:
        """Stops listening; the agent's side sees that nobody is there."""
        self._events.close()
        self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AgentClient:
    """Asks an agent, and hands its answer on while it comes.

    :param address: Where the API is.
    :param source: Who asks.
    :param store: Keeps tokens between runs. ``None``: they last as long as this client.
    :param retries: When a refused call is made again. ``None``: up to three more times.
    :param api_key: The API key, where the stack asks for one.

    Example::

        with AgentClient(address, SrpSignIn("me@example.com", password)) as client:
            for event in client.invoke("Why is the sky blue?"):
                print(event.text, end="", flush=True)
    """

    def __init__(
        self,
        address: AgentAddress,
        source: TokenSource,
        *,
        store: TokenStore | None = None,
        retries: Retries | None = None,
        api_key: str | None = None,
    ) -> None:
        self._address = address
        self._cache = TokenCache(address, source, store)
        self._retries = retries if retries is not None else Retries()
        self._api_key = api_key
        self._renewing = threading.Lock()
        self._http = httpx2.Client(timeout=TIMEOUT, limits=LIMITS)

    @classmethod
    def local(cls, path: Path | None = None) -> "AgentClient":
        """A client of the local run that was started in this folder, or that wrote `path`."""
        local = local_run(path)
        return cls(local.address, local_sign_in(local), api_key=local.api_key)

    def token(self) -> str:
        """A token that the API takes now, signed in for if need be."""
        return self._token(None)

    def invoke(
        self, question: str | Mapping[str, Any], *, agent: str | None = None, session_id: str | None = None
    ) -> Answer:
        """Asks, and returns when the answer begins.

        :param question: The prompt, or the whole payload.
        :param agent: One of the agents of ``add_agent``. ``None``: the construct's own.
        :param session_id: 33 to 256 characters. ``None``: the API chooses; only ``SessionBinding.CLIENT`` lets you.
        :raises ClientError: nothing of an answer came; the subclass says what did.
        """
        call = Call(
            self._address, question, agent=agent, session_id=session_id, api_key=self._api_key, retries=self._retries
        )
        while True:
            request = call.request(self._token(call.refused_token))
            try:
                response = self._http.send(request, stream=True)
            except httpx2.TransportError as problem:
                time.sleep(call.pause_after_failure(problem))
                continue
            if response.is_success:
                return Answer(response)
            _read(response)
            time.sleep(call.pause_after(response))

    def _token(self, refused: str | None) -> str:
        with self._renewing:
            token = self._cache.current()
            if token is None or token == refused:
                tokens = run(self._cache.renewal(refused), self._http)
                token = tokens.of_type(self._address.token_type)
            return token

    def close(self) -> None:
        """Closes every connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(response: httpx2.Response) -> None:
    try:
        response.read()
    except httpx2.TransportError as problem:
        raise broken(problem) from problem
    finally:
        response.close()


def _events(response: httpx2.Response) -> Generator[Event, None, None]:
    try:
        if check_is_stream(response):
            for sent in httpx2.EventSource(response, max_event_size=MAX_EVENT_BYTES):
                if sent.data:
                    yield event_of(sent)
        else:
            yield event_of(httpx2.ServerSentEvent(data=response.read().decode()))
    except httpx2.TransportError as problem:
        raise broken(problem) from problem
    finally:
        response.close()
