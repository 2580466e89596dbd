"""An answer that fails: one error event without anything of the reason, which is in the log."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from streaming_agent import AnswerError, AnswerProtocol, Context, Data, Source, StreamingAgent, Thinking, Tool, Usage

from .caller import SESSION, Caller

SECRET = "db password is hunter2"
AGENT_FAILED = {"error": {"code": "agent_failed", "message": "the answer could not be completed: ask again"}}


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError(SECRET)

    __repr__ = __str__


class Holder:
    def __repr__(self) -> str:
        return SECRET


def circular() -> list[Any]:
    made: list[Any] = [SECRET]
    made.append(made)
    return made


def deep() -> Any:
    made: Any = SECRET
    for _ in range(100_000):
        made = [made]
    return made


HOSTILE_EXCEPTIONS = [
    RuntimeError(SECRET),
    KeyError(SECRET),
    ExceptionGroup(SECRET, [ValueError(SECRET)]),
    BaseExceptionGroup(SECRET, [KeyboardInterrupt(SECRET)]),
    Unprintable(),
    SystemExit(SECRET),
    KeyboardInterrupt(SECRET),
    asyncio.CancelledError(SECRET),
    StopAsyncIteration(SECRET),
    StopIteration(SECRET),
    GeneratorExit(SECRET),
    TimeoutError(SECRET),
    UnicodeEncodeError("utf-8", SECRET, 0, 1, SECRET),
    OSError(SECRET),
]
UNSENDABLE = [
    {"text": SECRET},
    {"answer": Holder()},
    Holder(),
    SECRET.encode(),
    [SECRET],
    None,
    5,
    Data("x", Holder()),
    Data("x", float("nan")),
    Data("x", [float("inf")]),
    Data("x", {SECRET}),
    Data("x", {("a",): 1}),
    Data("x", circular()),
    Data("x", deep()),
    "\ud83d",
    Thinking(None),  # type: ignore[arg-type]
    Source("\udc00"),
    Usage(Holder(), 1),  # type: ignore[arg-type]
    Tool(Holder(), id="1"),  # type: ignore[arg-type]
    Exception(SECRET),
    RuntimeError,
]


def asked(app: StreamingAgent) -> Caller:
    async def ask() -> Caller:
        headers = {SESSION: "session-1", "x-amzn-bedrock-agentcore-runtime-request-id": "request-1"}
        caller = await Caller(app, {"prompt": "hi"}, headers=headers).end()
        # and the agent still answers
        again = await Caller(app, {"prompt": "fine"}).end()
        assert again.events[-1] == {"end": {"reason": "complete"}}
        return caller

    return asyncio.run(ask())


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("is_async", [True, False], ids=["async", "threaded"])
@pytest.mark.parametrize("error", HOSTILE_EXCEPTIONS, ids=lambda error: type(error).__name__)
def test_callers_learn_nothing_of_an_exception(
    error: BaseException, is_async: bool, after: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(prompt: str) -> AsyncIterator[str]:
        for _ in range(after):
            yield "a"
        if prompt == "hi":
            raise error

    def threaded(prompt: str) -> Any:
        for _ in range(after):
            yield "a"
        if prompt == "hi":
            raise error

    caller = asked(StreamingAgent(answer if is_async else threaded))
    assert caller.status == 200
    assert caller.events == [{"text": "a"}] * after + [AGENT_FAILED]
    assert SECRET not in caller.body.decode()
    (record,) = [r for r in caplog.records if r.name == "streaming_agent" and r.levelno == logging.ERROR]
    assert "session session-1, request request-1" in record.getMessage()
    assert record.exc_info is not None
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("event", UNSENDABLE, ids=lambda event: f"{type(event).__name__}")
def test_what_cannot_be_sent_is_an_error_and_never_a_repr(event: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(prompt: str) -> AsyncIterator[Any]:
        yield "a"
        if prompt == "hi":
            yield event

    caller = asked(StreamingAgent(answer))
    assert caller.events == [{"text": "a"}, AGENT_FAILED]
    assert "Traceback" in caplog.text


def test_an_answer_error_is_told_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def answer(prompt: str) -> AsyncIterator[str]:
        yield "a"
        if prompt == "hi":
            raise AnswerError("sold_out", "it is sold out")

    caller = asked(StreamingAgent(answer))
    assert caller.events == [{"text": "a"}, {"error": {"code": "sold_out", "message": "it is sold out"}}]
    assert caplog.records == []


def test_errors_says_what_callers_are_told_of_which_exception() -> None:
    async def answer(prompt: str) -> str:
        if prompt == "hi":
            raise FileNotFoundError(SECRET)
        return "a"

    caller = asked(StreamingAgent(answer, errors={OSError: AnswerError("no_file", "it is not there")}))
    assert caller.events == [{"error": {"code": "no_file", "message": "it is not there"}}]


def test_a_generator_that_does_not_let_itself_be_closed_ends_nothing_but_itself() -> None:
    async def stubborn(prompt: str) -> AsyncIterator[str]:
        try:
            yield "a"
            if prompt == "hi":
                yield {}  # type: ignore[misc]
        finally:
            if prompt == "hi":
                yield "never"

    caller = asked(StreamingAgent(stubborn))
    assert caller.events == [{"text": "a"}, AGENT_FAILED]


def test_a_mistake_in_the_finally_of_what_a_plain_function_returned_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Feed:
        def __init__(self, words: list[str]) -> None:
            self._words = words

        def __aiter__(self) -> "Feed":
            return self

        async def __anext__(self) -> str:
            if not self._words:
                raise StopAsyncIteration
            return self._words.pop()

        async def aclose(self) -> None:
            None.close()  # type: ignore[attr-defined]

    def answer(prompt: str) -> Any:
        return Feed(["a"]) if prompt == "hi" else "fine"

    assert asked(StreamingAgent(answer)).events == [{"text": "a"}, AGENT_FAILED]
    assert "'NoneType' object has no attribute 'close'" in caplog.text


def test_a_session_hook_that_fails_fails_the_answer_and_runs_again() -> None:
    app = StreamingAgent(lambda prompt: "fine")
    ran: list[int] = []

    @app.on_session_start
    def hook() -> None:
        ran.append(1)
        if len(ran) == 1:
            raise RuntimeError(SECRET)

    assert asked(app).events == [AGENT_FAILED]
    assert len(ran) == 2


def test_the_log_of_a_cancelled_answer_is_empty(caplog: pytest.LogCaptureFixture) -> None:
    async def ask() -> None:
        started = asyncio.Event()
        loop = asyncio.get_running_loop()
        closed = asyncio.Event()

        async def answer(prompt: str, context: Context) -> AsyncIterator[str]:
            try:
                loop.call_soon_threadsafe(started.set)
                yield "a"
                await asyncio.sleep(60)
            finally:
                loop.call_soon_threadsafe(closed.set)

        caller = Caller(StreamingAgent(answer), {"prompt": "hi"})
        await started.wait()
        caller.leave()
        await closed.wait()
        await caller.end()

    asyncio.run(ask())
    assert caplog.records == []


class Bare(AnswerError):
    def __init__(self) -> None:
        pass


@pytest.mark.parametrize(
    "error",
    [
        AnswerError("late", ValueError(SECRET)),  # type: ignore[arg-type]
        AnswerError(5, "late"),  # type: ignore[arg-type]
        AnswerError("late", "\ud83d"),
        Bare(),
    ],
)
@pytest.mark.parametrize("protocol", AnswerProtocol)
def test_an_answer_error_that_no_protocol_can_send_is_agent_failed_and_never_silence(
    error: AnswerError, protocol: AnswerProtocol, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(prompt: str) -> AsyncIterator[str]:
        yield "a"
        raise error

    async def ask() -> Caller:
        return await Caller(StreamingAgent(answer, protocol=protocol), BODIES[protocol]).end()

    assert "the answer could not be completed: ask again" in asyncio.run(ask()).body.decode()
    assert "an AnswerError cannot be told (session None, request " in caplog.text
    assert "Traceback" in caplog.text


BODIES: dict[AnswerProtocol, Any] = {
    AnswerProtocol.WORDS: {"prompt": "hi"},
    AnswerProtocol.AG_UI: {"messages": [{"role": "user", "content": "hi"}]},
    AnswerProtocol.AI_SDK: {"messages": [{"role": "user", "parts": [{"text": "hi"}]}]},
    AnswerProtocol.OPENAI_CHAT: {"messages": [{"role": "user", "content": "hi"}], "stream": True},
    AnswerProtocol.OPENAI_RESPONSES: {"input": "hi", "stream": True},
    AnswerProtocol.A2A: {"method": "SendStreamingMessage", "id": 1, "params": {"message": {"parts": [{"text": "hi"}]}}},
}


@pytest.mark.parametrize(
    "error", [SystemExit(SECRET), KeyboardInterrupt(SECRET)], ids=lambda error: type(error).__name__
)
def test_a_task_that_ends_the_process_ends_no_other_answer(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    async def ends() -> None:
        raise error

    async def answer(prompt: str) -> AsyncIterator[str]:
        yield "a"
        if prompt == "hi":
            await asyncio.gather(ends())

    assert asked(StreamingAgent(answer)).events == [{"text": "a"}, AGENT_FAILED]
    assert "which runs on: let it return instead" in caplog.text


def test_an_agent_that_stops_the_event_loop_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async def answer(prompt: str) -> AsyncIterator[str]:
        asyncio.get_running_loop().stop()
        await asyncio.sleep(0.01)
        yield "a"

    assert asked(StreamingAgent(answer)).text == "a"
    assert "leave loop.stop() out" in caplog.text
