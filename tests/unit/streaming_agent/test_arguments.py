"""What StreamingAgent and its decorators are given: refused at once, with what to write instead."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel, RootModel
from streaming_agent import AnswerError, ResumeBuffer, StreamingAgent
from streaming_agent.testing import ask

from .test_agent_module import Bot, refusal, three_parameters_less


class Order(BaseModel):
    item: str


class Orders(RootModel[dict[str, str]]):
    pass


@dataclass
class Item:
    item: str


async def check(sent: Any) -> Any:
    return sent


@pytest.mark.parametrize(
    ("options", "write"),
    [
        ({"payload": Order}, "payload=Order.model_validate"), ({"payload": Item}, "TypeAdapter(Item)"),
        ({"payload": check}, "not async"), ({"payload": "Order"}, "a function"),
        ({"protocol": "agui"}, "AnswerProtocol.AG_UI"), ({"on_disconnect": "keep"}, "OnDisconnect.FINISH"),
        ({"heartbeat": 15}, "timedelta(seconds=15)"), ({"errors": {ValueError: "late"}}, "AnswerError("),
        ({"errors": {"ValueError": AnswerError("a", "b")}}, "AnswerError("), ({"errors": [ValueError]}, "AnswerError("),
        ({"origins": "https://a.example"}, '["https://a.example"]'), ({"origins": 5}, '["https://example.com"]'),
        ({"origins": ["https://a.example/"]}, 'origins=["https://a.example"]'),
        ({"origins": ["*", "https://a.example:8443/chat?x#y"]}, 'origins=["https://a.example:8443"]'),
        ({"origins": ["HTTPS://A.example:443"]}, 'origins=["https://a.example"]'),
        ({"origins": ["a.example"]}, 'origins=["https://a.example"]'), ({"origins": [5]}, '["https://example.com"]'),
        ({"origins": ["https://*.a.example"]}, '["https://example.com"]'),
        ({"gateway_secret": "s"}, "lambda: [secret]"), ({"resume": 5}, "ResumeBuffer()"),
        ({"max_body_bytes": "5"}, "10_000_000"),
        ({"max_body_bytes": 0}, "10_000_000"), ({"max_body_bytes": -1}, "10_000_000"),
    ],
)  # fmt: skip
def test_an_argument_of_another_kind_is_refused_with_what_to_write(options: Any, write: str) -> None:
    assert write in refusal("SAA011", lambda: StreamingAgent(three_parameters_less, **options))


def test_origins_that_a_browser_sends_are_taken() -> None:
    StreamingAgent(origins=("*", "https://a.example", "http://[::1]:3000", "capacitor://localhost"))
    StreamingAgent(origins=[])


@pytest.mark.parametrize(
    ("options", "write"),
    [
        ({"keep": 5}, "keep=timedelta(minutes=5)"), ({"keep": timedelta(-1)}, "keep=timedelta(minutes=5)"),
        ({"max_bytes": -1}, "max_bytes=1_000_000"), ({"max_bytes": 0}, "max_bytes=1_000_000"),
        ({"max_bytes": 1e6}, "max_bytes=1_000_000"), ({"max_answers": 0}, "max_answers=20"),
        ({"max_answers": True}, "max_answers=20"),
    ],
)  # fmt: skip
def test_a_buffer_that_can_keep_nothing_is_refused(options: Any, write: str) -> None:
    assert write in refusal("SAA011", lambda: ResumeBuffer(**options))


def test_decorators_work_with_brackets_and_without() -> None:
    app, ran = StreamingAgent(), []

    @app.on_start()
    def start() -> None:
        ran.append("start")

    @app.on_session_start()
    async def session() -> None:
        ran.append("session")

    @app.answer()
    async def answer(prompt: str) -> str:
        return prompt

    assert (ask(app, "hi"), ran) == (["hi"], ["start", "session"])
    assert all(callable(function) for function in (start, session, answer))


def of_the_context(context: Any) -> None: ...


async def lifespan() -> Any:
    yield


def one_by_one() -> Any:
    yield


@pytest.mark.parametrize("name", ["on_start", "on_session_start"])
@pytest.mark.parametrize("hook", ["x", 5, of_the_context, lifespan, one_by_one, Bot.decorated_in_its_class])
def test_a_hook_that_could_not_run_is_refused(hook: Any, name: str) -> None:
    said = refusal("SAA012", lambda: getattr(StreamingAgent(), name)(hook))
    assert getattr(hook, "__name__", repr(hook)) in said
    assert said.endswith(f"write @app.{name} above a function without parameters, async or not (SAA012)")


def test_names_may_be_given_as_texts() -> None:
    app = StreamingAgent(three_parameters_less, on_disconnect="finish", resume=ResumeBuffer(), payload=Orders)  # type: ignore[arg-type]
    assert ask(app, "hi") == [""]
