"""The client for ordinary code: `for event in client.invoke("…")`."""

import threading
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from .address import AgentAddress
from .answer_reader import AnswerReader
from .call import Call, CallOptions, Notice, interrupted_by, no_notice
from .call_errors import AgentFailed, StreamInterrupted
from .connections import Connections
from .error_bodies import MOST_BYTES
from .event_reader import Event
from .local_sign_in import local_sign_in
from .request_headers import resolve_api_key
from .resuming import lost
from .retries import Retries
from .run_file import local_run
from .token_cache import TokenCache
from .token_source import TokenSource, run
from .token_store import TokenStore


@dataclass
class _Incoming:
    """What an answer is read from now: another response after a cut."""

    call: Call
    response: httpx2.Response
    reader: AnswerReader


class Answer(Iterator[Event]):
    """An agent's answer as it comes. Closing it, or leaving its `with`, closes the connection.

    Where the agent gives its events ids, an answer that is cut is taken up again after the last one.
    """

    def __init__(self, client: "AgentClient", call: Call, response: httpx2.Response) -> None:
        self._now = _Incoming(call, response, client._new_reader(call.url))
        # no reference back: an answer that nobody holds any more closes its connection at once
        self._events = _read(client, self._now)

    @property
    def request_id(self) -> str | None:
        """What AWS calls the request."""
        return self._now.response.headers.get("x-amzn-RequestId")

    @property
    def last_event_id(self) -> str:
        """The id of the last event that the answer can be taken up from; empty where the agent gives none."""
        return self._now.reader.last_id

    def __next__(self) -> Event:
        return next(self._events)

    def close(self) -> None:
        """Stops listening; the agent's side sees that nobody is there."""
        self._events.close()
        self._now.response.close()

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
    :param headers: Sent with each call: what the stack's ``header_allow_list`` allows. ``None``: none.
    :param notice: Is told in one sentence when a call is made again or a cut answer is taken up. ``None``: nobody is.

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
        headers: Mapping[str, str] | None = None,
        notice: Notice | None = None,
    ) -> None:
        self._address = address
        self._cache = TokenCache(address, source, store)
        self._options = CallOptions(
            api_key=resolve_api_key(api_key),
            retries=retries if retries is not None else Retries(),
            notice=notice if notice is not None else no_notice,
        )
        self._headers = dict(headers or {})
        self._renewing = threading.Lock()
        self._connections = Connections()
        self._sends_end: set[str] = set()

    @classmethod
    def local(cls, path: Path | None = None) -> "AgentClient":
        """A client of the local run that was started in this folder, or that wrote `path`."""
        local = local_run(path)
        return cls(local.address, local_sign_in(local), api_key=local.api_key)

    def token(self) -> str:
        """A token that the API takes now, signed in for if need be."""
        return self._token(None)

    def invoke(
        self,
        question: str | Mapping[str, Any],
        *,
        agent: str | None = None,
        session_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Asks, and returns when the answer begins.

        :param question: The prompt, or the whole payload.
        :param agent: One of the agents of ``add_agent``. ``None``: the construct's own.
        :param session_id: 33 to 256 characters. ``None``: the API chooses; only ``SessionBinding.CLIENT`` lets you.
        :param headers: Sent with this call, beside those of the client. ``None``: none.
        :raises ClientError: nothing of an answer came; the subclass says what did.
        """
        call = Call(
            self._address,
            question,
            self._options,
            agent=agent,
            session_id=session_id,
            headers={**self._headers, **(headers or {})},
        )
        return Answer(self, call, self._open(call))

    def _open(self, call: Call) -> httpx2.Response:
        while True:
            request = call.request(self._token(call.refused_token))
            try:
                response = self._connections.of(call.url).send(request, stream=True)
            except httpx2.RequestError as problem:
                time.sleep(call.pause_after_failure(problem))
                continue
            if response.is_success:
                return response
            time.sleep(call.pause_after(response.status_code, response.headers, _body(response)))

    def _new_reader(self, url: str) -> AnswerReader:
        return AnswerReader(expects_end=url in self._sends_end)

    def _seen_end(self, url: str, ended: bool) -> None:
        if ended:
            self._sends_end.add(url)

    def _token(self, refused: str | None) -> str:
        with self._renewing:
            token = self._cache.current()
            if token is None or token == refused:
                tokens = run(self._cache.renewal(refused), self._connections)
                token = tokens.of_type(self._address.token_type)
            return token

    def close(self) -> None:
        """Closes every connection."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(client: "AgentClient", now: "_Incoming") -> Generator[Event, None, None]:
    """The events; where the agent gives them ids, a cut answer is taken up again after the last one."""
    resumed: StreamInterrupted | None = None
    while True:
        try:
            with closing(now.response):
                now.reader.begin(now.response.headers)
                for chunk in now.response.iter_raw():
                    yield from now.reader.feed(chunk)
                yield from now.reader.end()
            client._seen_end(now.call.url, now.reader.ended)
            return
        except httpx2.RequestError as problem:
            interrupted = interrupted_by(problem)
        except StreamInterrupted as problem:
            interrupted = problem
        except AgentFailed as problem:
            raise lost(problem, resumed) from None
        if not now.reader.last_id or now.reader.ended:
            raise interrupted from None
        resumed = interrupted
        time.sleep(now.call.resume(now.reader.last_id, interrupted))
        now.response = client._open(now.call)


def _body(response: httpx2.Response) -> bytes:
    """The beginning of an error's body."""
    body = bytearray()
    with closing(response):
        try:
            for chunk in response.iter_bytes():
                body += chunk[:MOST_BYTES]
                if len(body) >= MOST_BYTES:
                    break
        except httpx2.RequestError:
            pass  # the status is known, which says more than a body that was cut
    return bytes(body[:MOST_BYTES])
