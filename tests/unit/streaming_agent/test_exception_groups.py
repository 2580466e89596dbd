"""An answer that fails with a group of exceptions: what its tasks said themselves is told."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from streaming_agent import AnswerError, StreamingAgent

from .caller import Caller
from .test_failures import SECRET, asked

SOLD_OUT = AnswerError("sold_out", "it is sold out")
LATE = AnswerError("late", "the shop is late")


@pytest.mark.parametrize(
    ("error", "code", "is_logged"),
    [
        (ExceptionGroup("", [SOLD_OUT]), "sold_out", False),
        (ExceptionGroup("", [SOLD_OUT, AnswerError("b", "b")]), "sold_out", False),
        (ExceptionGroup("", [ValueError(SECRET), ExceptionGroup("", [SOLD_OUT])]), "sold_out", True),
        (BaseExceptionGroup("", [asyncio.CancelledError(), SOLD_OUT]), "sold_out", False),
        (BaseExceptionGroup("", [KeyboardInterrupt(SECRET), SOLD_OUT]), "sold_out", True),
        (ExceptionGroup("", [ExceptionGroup("", [TimeoutError(SECRET)])]), "late", False),
        (ExceptionGroup("", [TimeoutError(SECRET), SOLD_OUT]), "sold_out", False),
        (ExceptionGroup("", [TimeoutError(SECRET), KeyError(SECRET)]), "late", True),
        (ExceptionGroup("", [KeyError(SECRET)]), "agent_failed", True),
        (BaseExceptionGroup("", [asyncio.CancelledError(SECRET)]), "agent_failed", True),
    ],
)
@pytest.mark.parametrize("is_async", [True, False], ids=["async", "threaded"])
def test_what_callers_are_told_of_a_group(
    error: BaseException, code: str, is_logged: bool, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(prompt: str) -> AsyncIterator[str]:
        yield "a"
        if prompt == "hi":
            raise error

    def threaded(prompt: str) -> Any:
        yield "a"
        if prompt == "hi":
            raise error

    caller = asked(StreamingAgent(answer if is_async else threaded, errors={TimeoutError: LATE}))
    assert [event.get("error", {}).get("code") for event in caller.events] == [None, code]
    assert SECRET not in caller.body.decode()
    assert ("Traceback" in caplog.text) is is_logged


def test_a_task_group_tells_what_its_task_said(caplog: pytest.LogCaptureFixture) -> None:
    async def task(fails: bool) -> None:
        if fails:
            raise SOLD_OUT
        await asyncio.sleep(60)

    async def answer(prompt: str) -> AsyncIterator[str]:
        yield "a"
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(task(False))
            tasks.create_task(task(prompt == "hi"))
            if prompt != "hi":
                raise LATE

    app = StreamingAgent(answer)

    async def ask() -> list[Any]:
        return [(await Caller(app, {"prompt": prompt}).end()).events[-1] for prompt in ("hi", "fine")]

    assert [event["error"]["code"] for event in asyncio.run(ask())] == ["sold_out", "late"]
    assert caplog.records == []
