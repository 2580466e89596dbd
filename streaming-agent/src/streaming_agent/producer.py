"""Runs the agent's function for one question, and writes what it yields into the answer's log."""

import asyncio
import inspect
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from typing import Any

from .answer_function import Function
from .answer_log import AnswerLog
from .context import Context, log_suffix
from .events import AGENT_FAILED, AnswerError, AnswerEvent, check_event, sendable_error
from .protocols import AnswerEncoder
from .snapshot import SessionStart
from .threads import in_thread
from .tracing import answer_span, fill_sdk_context

_MOST_STEPS = 1000
"""That a generator may yield without waiting, before it is closed at its yield after all."""

_log = logging.getLogger("streaming_agent")


class Producer:
    """One answer on its way; runs as one task on the agent's loop."""

    def __init__(
        self,
        function: Function,
        encoder: AnswerEncoder,
        log: AnswerLog,
        context: Context,
        *,
        with_ids: bool,
        errors: Mapping[type[Exception], AnswerError],
    ) -> None:
        self._function = function
        self.encoder = encoder
        self._log = log
        self._context = context
        self._id = f"id: {log.id}." if with_ids else ""
        self._errors = errors
        self._task: asyncio.Task[None] | None = None
        self.failed = False

    def start(self, loop: asyncio.AbstractEventLoop, session: SessionStart, ended: Callable[[], None]) -> None:
        """Begins on the agent's loop, from any thread. `ended` is called there, whatever becomes of it."""

        def begin() -> None:
            self._task = loop.create_task(self._run(session))
            # a task that is cancelled before its first step runs no "finally"
            self._task.add_done_callback(lambda _: ended())

        loop.call_soon_threadsafe(begin)

    def cancel(self) -> None:
        """Ends it early. On the agent's loop."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self, session: SessionStart) -> None:
        """Answers to the end, to the first error, or until the task is cancelled."""
        try:
            await session.begin()
            fill_sdk_context(self._context)
            with answer_span(self._context):
                await self._answer()
        except asyncio.CancelledError:
            if not self._context.left.is_set():
                # cancelled by the agent's own code, not by a caller who left
                _log.exception("the answer was cancelled from inside %s", self._log_suffix())
                self._fail(AnswerError(*AGENT_FAILED))
                return
            raise
        except BaseException as error:
            self._fail(self._told(error))

    async def _answer(self) -> None:
        self._write(self.encoder.start())
        call = self._function.bound(self.encoder.prompt, self._context)
        made: Any = call() if self._function.is_async else in_thread(call, self._context)
        events: AsyncGenerator[Any, None] = made
        if not (self._function.is_async and inspect.isasyncgen(made)):
            events = _events(made)
        is_empty = True
        async with aclosing(events):
            async for event in events:
                is_empty = False
                if self._context.left.is_set():  # the agent swallowed its cancellation
                    raise asyncio.CancelledError
                check_event(event)
                if not self._write(self._encoded(event)):
                    await self._space(events)
        if is_empty:
            _log.warning("the answer said nothing %s: yield its texts, or return one", self._log_suffix())
        self._write(self.encoder.end())

    def _encoded(self, event: AnswerEvent) -> bytes:
        try:
            return self.encoder.event(event)
        except UnicodeEncodeError:
            # never the text: this sentence is logged
            raise TypeError(
                "a text holds half a character, which UTF-8 cannot write: join the halves before the yield, or write "
                'text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")'
            ) from None
        except ValueError as error:  # of a NaN, an infinity, or a list that holds itself
            raise TypeError(f"JSON cannot hold a value of Data: {error}; write None or a text in its place") from None

    async def _space(self, events: AsyncGenerator[Any, None]) -> None:
        """Waits for the reader, and cancels the agent from inside when the reader leaves meanwhile."""
        try:
            await self._log.space()
        except asyncio.CancelledError:
            await _cancel_inside(events)
            raise

    def _write(self, data: bytes) -> bool:
        if not data:
            return True
        if self._id:
            data = f"{self._id}{self._log.count}\n".encode() + data
        return self._log.write(data)

    def _fail(self, error: AnswerError) -> None:
        self.failed = True
        self._write(self.encoder.error(sendable_error(error, self._log_suffix())))

    def _told(self, error: BaseException) -> AnswerError:
        """What callers are told: of a group, as of a TaskGroup's tasks, the first that has words for them."""
        causes = list(_causes(error))
        said = [cause for cause in causes if isinstance(cause, AnswerError)]
        for kind, told in self._errors.items():
            said += [told for cause in (error, *causes) if isinstance(cause, kind)]
        quiet = (AnswerError, asyncio.CancelledError, *self._errors)
        if not said or not (isinstance(error, quiet) or all(isinstance(cause, quiet) for cause in causes)):
            _log.error("the answer failed %s", self._log_suffix(), exc_info=error)
        return said[0] if said else AnswerError(*AGENT_FAILED)

    def _log_suffix(self) -> str:
        return log_suffix(self._context)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exceptions of a group and of the groups in it; of any other exception itself."""
    if isinstance(error, BaseExceptionGroup):
        for cause in error.exceptions:
            yield from _causes(cause)
    else:
        yield error


async def _cancel_inside(events: AsyncGenerator[Any, None]) -> None:
    """Cancels a generator where it waits, not where it yields.

    One that is only closed at its yield leaves what it reads to the garbage collector, unless whoever wrote it closes
    that by hand; frameworks seldom do. So it goes on to its next wait, and is cancelled there.
    """
    for _ in range(_MOST_STEPS):
        step = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        step.cancel()
        try:
            await step
        except (asyncio.CancelledError, StopAsyncIteration):
            return


async def _events(result: Any) -> AsyncGenerator[Any, None]:
    """What the function yields or returns, whatever kind of function it is."""
    if inspect.isawaitable(result):
        result = await result
    if not hasattr(result, "__aiter__"):
        async for event in _of_value(result):
            yield event
        return
    try:
        async for event in result:
            if hasattr(event, "__aiter__") or inspect.isawaitable(event):
                # a plain function that returned one of these: it belongs on the loop
                async with aclosing(_events(event)) as inner:
                    async for part in inner:
                        yield part
            else:
                yield event
    finally:
        # "async for" alone does not close what it reads
        if (close := getattr(result, "aclose", None)) is not None:
            await close()


async def _of_value(value: Any) -> AsyncGenerator[Any, None]:
    if value is None:
        return
    if isinstance(value, Iterator):
        raise TypeError("an async function returned an iterator that is not async: write async def, or def for both")
    yield value
