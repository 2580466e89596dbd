"""What the hello agent promises on the wire, on the real SDKs with a scripted model."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from strands import Agent
from strands.types.exceptions import ModelThrottledException

pytestmark = pytest.mark.anyio


def events(reply: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line.removeprefix("data: ")) for line in reply.text.splitlines() if line.startswith("data: ")]


def error_codes(reply: httpx.Response) -> list[str]:
    return [event["error"]["code"] for event in events(reply) if "error" in event]


class TestStream:
    async def test_each_word_is_one_event_of_text_alone(self, caller: Any) -> None:
        reply = await caller.reply({"prompt": "Hi"})
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert reply.content.decode() == (
            'data: {"text": "Hello, "}\n\ndata: {"text": "wörld "}\n\ndata: {"text": "🙂"}\n\n'
        )

    async def test_a_word_reaches_the_caller_before_the_next_one_is_made(self, model: Any, caller: Any) -> None:
        go_on = asyncio.Event()
        model.before_word = {1: go_on.wait}
        lines = (await caller.open({"prompt": "Hi"})).aiter_lines()
        assert await anext(lines) == 'data: {"text": "Hello, "}'
        go_on.set()
        assert 'data: {"text": "🙂"}' in [line async for line in lines]

    async def test_the_wire_carries_little_more_than_the_words(self, model: Any, caller: Any) -> None:
        model.words = ["words "] * 2000
        reply = await caller.reply({"prompt": "Hi"})
        assert len(reply.content) / len("".join(model.words)) < 5

    async def test_an_agent_that_yields_every_event_of_strands_sends_ten_times_as_much_and_more(
        self, agent: Any, model: Any, caller: Any
    ) -> None:
        @agent.app.entrypoint
        async def yield_every_event(payload: Any) -> AsyncIterator[Any]:
            async for event in agent.new_agent().stream_async("Hi"):
                yield event

        model.words = ["words "] * 2000
        reply = await caller.reply({"prompt": "Hi"})
        assert len(reply.content) / len("".join(model.words)) > 50

    async def test_fifty_answers_are_made_at_once(self, model: Any, caller: Any) -> None:
        model.before_word = {0: asyncio.Barrier(50).wait}
        async with asyncio.timeout(5):
            replies = await asyncio.gather(*(caller.reply({"prompt": "Hi"}, session=None) for _ in range(50)))
        assert [len(events(reply)) for reply in replies] == [3] * 50

    async def test_a_caller_who_leaves_stops_the_model_within_a_tenth_of_a_second(
        self, model: Any, caller: Any
    ) -> None:
        model.before_word = {1: asyncio.Event().wait}
        reply = await caller.open({"prompt": "Hi"})
        await anext(reply.aiter_lines())
        left_at = time.monotonic()
        await reply.aclose()
        assert await asyncio.wait_for(model.stopped_at, 5) - left_at < 0.1

    async def test_silence_is_filled_with_comments_before_and_between_the_words(
        self, model: Any, caller: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("streaming.KEEP_ALIVE_SECONDS", 0.02)
        model.pause_seconds = 0.1
        lines = [line for line in (await caller.reply({"prompt": "Hi"})).text.splitlines() if line]
        assert lines[0] == ": keep-alive"
        first, second = lines.index('data: {"text": "Hello, "}'), lines.index('data: {"text": "wörld "}')
        assert ": keep-alive" in lines[first:second]


class TestFailure:
    async def test_an_error_after_some_words_is_one_last_event_without_internals(
        self, model: Any, caller: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        model.words = ["so far ", ValueError("password=hunter2"), "never said"]
        assert events(await caller.reply({"prompt": "Hi"})) == [
            {"text": "so far "},
            {"error": {"code": "agent_failed", "message": "the answer could not be completed: ask again"}},
        ]
        assert "hunter2" in caplog.text

    async def test_a_model_with_too_much_to_do_says_so(
        self, agent: Any, model: Any, caller: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(agent, "new_agent", lambda: Agent(model=model, retry_strategy=None, callback_handler=None))
        model.words = [ModelThrottledException("too many requests")]
        assert error_codes(await caller.reply({"prompt": "Hi"})) == ["model_busy"]

    async def test_an_answer_that_is_cut_at_the_models_limit_says_so(self, model: Any, caller: Any) -> None:
        model.stop_reason = "max_tokens"
        reply = await caller.reply({"prompt": "Hi"})
        assert events(reply)[0] == {"text": "Hello, "}
        assert error_codes(reply) == ["answer_too_long"]

    @pytest.mark.parametrize(
        "payload",
        [
            {},
            {"prompt": ""},
            {"prompt": "  "},
            {"prompt": 7},
            {"message": "Hi"},
            ["Hi"],
            "Hi",
            {"prompt": "Hi", "conversation_id": 7},
            {"prompt": "Hi", "session_id": "another user's"},
        ],
    )
    async def test_a_payload_that_is_not_a_question_is_refused_in_one_sentence(self, caller: Any, payload: Any) -> None:
        reply = await caller.reply(payload)
        assert reply.status_code == 400
        assert reply.json()["error"]["code"] == "invalid_request"
        assert "payload" in reply.json()["error"]["message"]

    async def test_a_body_that_is_not_json_is_refused(self, caller: Any) -> None:
        assert (await caller.http.post("/invocations", content=b"{")).status_code == 400


class TestConversation:
    async def test_is_remembered_within_a_session(self, model: Any, caller: Any) -> None:
        await caller.reply({"prompt": "My name is Ada."})
        await caller.reply({"prompt": "Who am I?"})
        assert model.asked[-1] == ["user: My name is Ada.", "assistant: Hello, wörld 🙂", "user: Who am I?"]

    async def test_each_conversation_of_a_session_has_its_own_memory(self, model: Any, caller: Any) -> None:
        await caller.reply({"prompt": "My name is Ada.", "conversation_id": "one"})
        await caller.reply({"prompt": "Who am I?", "conversation_id": "two"})
        assert model.asked[-1] == ["user: Who am I?"]

    @pytest.mark.parametrize("session", ["another-user-0123456789-0123456789-0123", None])
    async def test_is_never_shown_to_another_session_or_to_a_caller_without_one(
        self, model: Any, caller: Any, session: str | None
    ) -> None:
        await caller.reply({"prompt": "My name is Ada."})
        await caller.reply({"prompt": "My name is Eve."}, session=None)
        await caller.reply({"prompt": "Who am I?"}, session=session)
        assert model.asked[-1] == ["user: Who am I?"]

    async def test_goes_on_after_a_failed_answer_as_if_nothing_had_been_asked(self, model: Any, caller: Any) -> None:
        model.words = ["so far ", ValueError("no")]
        await caller.reply({"prompt": "Fail."})
        await caller.reply({"prompt": "Again?"})
        assert model.asked[-1] == ["user: Again?"]

    async def test_goes_on_after_the_caller_left_as_if_nothing_had_been_asked(self, model: Any, caller: Any) -> None:
        model.before_word = {1: asyncio.Event().wait}
        reply = await caller.open({"prompt": "Tell me all."})
        await anext(reply.aiter_lines())
        await reply.aclose()
        await asyncio.wait_for(model.stopped_at, 5)
        model.before_word = {}
        await caller.reply({"prompt": "In short?"})
        assert model.asked[-1] == ["user: In short?"]

    async def test_is_free_at_once_when_the_caller_leaves_between_two_words(
        self, agent: Any, model: Any, caller: Any
    ) -> None:
        answer, same_conversation = sys.modules["streaming"].answer, agent.new_agent()
        left = answer(same_conversation, "Tell me all.")
        await anext(left)
        await left.aclose()
        assert "Hello" in (await anext(answer(same_conversation, "In short?"))).data

    async def test_a_second_question_during_an_answer_is_told_to_wait_and_disturbs_nothing(
        self, model: Any, caller: Any
    ) -> None:
        go_on = asyncio.Event()
        model.before_word = {1: go_on.wait}
        lines = (await caller.open({"prompt": "Tell me all."})).aiter_lines()
        await anext(lines)
        assert error_codes(await caller.reply({"prompt": "And this?"})) == ["conversation_busy"]
        go_on.set()
        assert 'data: {"text": "🙂"}' in [line async for line in lines]
        await caller.reply({"prompt": "In short?"})
        assert model.asked[-1][0] == "user: Tell me all."


class TestBrowser:
    @pytest.mark.environment(CORS_ALLOW_ORIGINS="https://chat.example.com")
    @pytest.mark.parametrize(("body", "status"), [(b'{"prompt": "Hi"}', 200), (b"{}", 400), (b"{", 400)])
    async def test_pages_of_the_one_allowed_origin_may_read_every_reply(
        self, caller: Any, body: bytes, status: int
    ) -> None:
        reply = await caller.http.post("/invocations", content=body)
        assert reply.status_code == status
        assert reply.headers["access-control-allow-origin"] == "https://chat.example.com"

    @pytest.mark.environment(CORS_ALLOW_ORIGINS="https://one.example.com,https://two.example.com")
    @pytest.mark.parametrize(
        ("origin", "allowed"),
        [("https://two.example.com", "https://two.example.com"), ("https://evil.example.com", None), (None, None)],
    )
    async def test_of_several_origins_the_one_that_asks_is_named(
        self, caller: Any, origin: str | None, allowed: str | None
    ) -> None:
        headers = {"X-Amzn-Bedrock-AgentCore-Runtime-Custom-Origin": origin} if origin else {}
        reply = await caller.http.post("/invocations", json={"prompt": "Hi"}, headers=headers)
        assert reply.headers.get("access-control-allow-origin") == allowed

    async def test_no_page_may_read_anything_by_default(self, caller: Any) -> None:
        assert "access-control-allow-origin" not in (await caller.reply({"prompt": "Hi"})).headers


class TestModel:
    @pytest.mark.parametrize(
        ("chosen", "kind"),
        [
            ("bedrock", "BedrockModel"),
            ("bedrock:amazon.nova-lite-v1:0", "BedrockModel"),
            ("openai:smollm2", "OpenAIModel"),
            ("scripted", "ScriptedModel"),
        ],
    )
    async def test_is_chosen_by_the_environment(
        self, agent: Any, monkeypatch: pytest.MonkeyPatch, chosen: str, kind: str
    ) -> None:
        monkeypatch.setenv("AGENT_MODEL", chosen)
        assert type(agent.model_from_environment()).__name__ == kind

    @pytest.mark.parametrize("chosen", ["gpt", "openai", "openai:", "scripted:fast", ""])
    async def test_an_unknown_one_ends_the_agent_and_says_what_to_write(
        self, agent: Any, monkeypatch: pytest.MonkeyPatch, chosen: str
    ) -> None:
        monkeypatch.setenv("AGENT_MODEL", chosen)
        with pytest.raises(SystemExit, match=f"AGENT_MODEL must be such as bedrock:.*, got {chosen}$"):
            agent.model_from_environment()
