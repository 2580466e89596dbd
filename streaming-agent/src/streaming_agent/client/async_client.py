"""The client for asyncio and trio: `async for event in await client.invoke("…")`."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import anyio
import anyio.to_thread
import httpx2

from .address import AgentAddress, local_run
from .call import LIMITS, TIMEOUT, Call, broken, check_is_stream
from .events import MAX_EVENT_BYTES, Event, event_of
from .local_sign_in import local_sign_in
from .retries import Retries
from .token_cache import TokenCache
from .token_source import Flow, TokenSource, unreachable
from .token_store import TokenStore
from .tokens import Tokens


class AsyncAnswer(AsyncIterator[Event]):
    """An agent's answer as it comes. Closing it, or leaving its `async with`, closes the connection."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self._events = _events(response)

    @property
    def request_id(self) -> str | None:
        """What AWS calls the request."""
        return self._response.headers.get("x-amzn-RequestId")

    async def __anext__(self) -> Event:
        return await anext(self._events)

    async def aclose(self) -> None:
        """Stops listening; the agent's side sees that nobody is there."""
        await self._events.aclose()
        await self._response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class AsyncAgentClient:
    """Asks an agent, and hands its answer on while it comes.

    :param address: Where the API is.
    :param source: Who asks.
    :param store: Keeps tokens between runs. ``None``: they last as long as this client.
    :param retries: When a refused call is made again. ``None``: up to three more times.
    :param api_key: The API key, where the stack asks for one.

    Example::

        async with AsyncAgentClient(address, SrpSignIn("me@example.com", password)) as client:
            async with await client.invoke("Why is the sky blue?") as answer:
                async for event in answer:
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
        self._renewing = anyio.Lock()
        self._http = httpx2.AsyncClient(timeout=TIMEOUT, limits=LIMITS)

    @classmethod
    def local(cls, path: Path | None = None) -> "AsyncAgentClient":
        """A client of the local run that was started in this folder, or that wrote `path`."""
        local = local_run(path)
        return cls(local.address, local_sign_in(local), api_key=local.api_key)

    async def token(self) -> str:
        """A token that the API takes now, signed in for if need be."""
        return await self._token(None)

    async def invoke(
        self, question: str | Mapping[str, Any], *, agent: str | None = None, session_id: str | None = None
    ) -> AsyncAnswer:
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
            request = call.request(await self._token(call.refused_token))
            try:
                response = await self._http.send(request, stream=True)
            except httpx2.TransportError as problem:
                await anyio.sleep(call.pause_after_failure(problem))
                continue
            if response.is_success:
                return AsyncAnswer(response)
            await _read(response)
            await anyio.sleep(call.pause_after(response))

    async def _token(self, refused: str | None) -> str:
        async with self._renewing:
            token = self._cache.current()
            if token is None or token == refused:
                tokens = await _run(self._cache.renewal(refused), self._http)
                token = tokens.of_type(self._address.token_type)
            return token

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


async def _run(flow: Flow, http: httpx2.AsyncClient) -> Tokens:
    """Runs a sign-in; its own steps in a thread, as they compute, ask the user or wait for a browser."""

    def step(response: httpx2.Response | None) -> httpx2.Request | Tokens:
        try:
            return next(flow) if response is None else flow.send(response)
        except StopIteration as done:
            tokens: Tokens = done.value
            return tokens

    reached = await anyio.to_thread.run_sync(step, None)
    while isinstance(reached, httpx2.Request):
        try:
            response = await http.send(reached)
        except httpx2.TransportError as problem:
            raise unreachable(reached, problem) from problem
        reached = await anyio.to_thread.run_sync(step, response)
    return reached


async def _read(response: httpx2.Response) -> None:
    try:
        await response.aread()
    except httpx2.TransportError as problem:
        raise broken(problem) from problem
    finally:
        await response.aclose()


async def _events(response: httpx2.Response) -> AsyncGenerator[Event, None]:
    try:
        if check_is_stream(response):
            async for sent in httpx2.EventSource(response, max_event_size=MAX_EVENT_BYTES):
                if sent.data:
                    yield event_of(sent)
        else:
            yield event_of(httpx2.ServerSentEvent(data=(await response.aread()).decode()))
    except httpx2.TransportError as problem:
        raise broken(problem) from problem
    finally:
        await response.aclose()
