"""What an answer yields by mistake: the log says what to write instead."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from streaming_agent import Data, StreamingAgent, Tool

from .test_failures import asked


@dataclass
class Place:
    name: str
    number: int


class Order(BaseModel):
    item: str


class Colour(Enum):
    RED = 1


class Scalar:
    """As numpy's."""

    def tolist(self) -> int:
        return 1


TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("event", "write"),
    [
        ({"text": "a"}, "yield the text itself"), (b"a", ".decode()"), (None, "leave the yield out"), (5, "str(value)"),
        (["a"], "each of its events by itself"), (iter("a"), "each of its events by itself"),
        (Place("a", 5), 'yield Data("name", asdict(value))'), (Tool, "yield an object of it"),
        (ValueError(), "raise it"), (bytearray(b"a"), "value.decode()"), (asyncio.sleep(0), "yield await value"),
        (range(2), "each of its events by itself"), (MappingProxyType({}), "yield the text itself"),
        (Tool("a", id="1", state="done"), "as state ToolState.STARTED, FINISHED or FAILED, got name: str"),  # type: ignore[arg-type]
        (Order(item="a"), 'yield Data("name", value.model_dump(mode="json"))'), (TODAY, "value.isoformat()"),
        (Colour.RED, "value.value"), (Decimal("1.5"), "str(value)"),
        (Data("x", {"place": Place("a", 5)}), "JSON has no Place: write asdict(value)"),
        (Data("x", [Order(item="a")]), 'JSON has no Order: write value.model_dump(mode="json")'),
        (Data("x", TODAY), "JSON has no date: write value.isoformat()"),
        (Data("x", Colour.RED), "JSON has no Colour: write value.value"), (Data("x", b"a"), "write value.decode()"),
        (Data("x", {"a"}), "JSON has no set: write list(value)"), (Data("x", UUID(int=1)), "write str(value)"),
        (Data("x", Scalar()), "write value.tolist()"), ("secret \ud83d", "join the halves before the yield"),
        (Data("x", float("nan")), "write None or a text in its place"),
    ],
)  # fmt: skip
def test_the_log_says_what_to_write_instead(event: Any, write: str, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(prompt: str) -> AsyncIterator[Any]:
        if prompt == "hi":
            yield event

    asked(StreamingAgent(answer))
    assert write in caplog.text
    assert "secret" not in caplog.text


async def forgot_to_return(prompt: str) -> None:
    prompt.upper()


def forgot_to_return_in_a_thread(prompt: str) -> None:
    prompt.upper()


async def has_nothing_to_say(prompt: str) -> AsyncIterator[str]:
    for word in prompt.split()[9:]:
        yield word


@pytest.mark.parametrize("answer", [forgot_to_return, forgot_to_return_in_a_thread, has_nothing_to_say])
def test_an_answer_that_says_nothing_is_told_in_the_log(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    caller = asked(StreamingAgent(answer))
    assert caller.events == [{"end": {"reason": "complete"}}]
    assert "the answer said nothing" in caplog.text
    assert "yield its texts, or return one" in caplog.text


def test_an_answer_with_a_word_is_not(caplog: pytest.LogCaptureFixture) -> None:
    asked(StreamingAgent(lambda prompt: "word"))
    assert caplog.text == ""
