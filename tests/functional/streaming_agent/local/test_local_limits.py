"""The limits on an answer, by real streams and a clock that runs faster."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aws_cdk import aws_apigateway as apigateway
from streaming_agent.local.api_gateway.limits import MEGABYTE, LimitedStream
from streaming_agent.local.clock import Clock
from streaming_agent.local.emulator import Endpoints
from streaming_agent.local.messages import Stream, StreamCut

from tests.functional.streaming_agent.local.calls import Tokens, ask, sign_in
from tests.functional.streaming_agent.local.emulators import emulator_of
from tests.functional.streaming_agent.local.handwritten_app import synthesise


@pytest.fixture(scope="module")
def buffered_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesise(tmp_path_factory.mktemp("buffered") / "cdk.out", streams=False)


@contextmanager
def signed_in(assembly: Path, **options: object) -> Iterator[tuple[Endpoints, Tokens]]:
    with emulator_of(assembly, **options) as ready:
        yield ready, sign_in(ready)


def test_without_stream_the_answer_comes_at_once(buffered_assembly: Path, caplog: pytest.LogCaptureFixture) -> None:
    with signed_in(buffered_assembly) as (ready, tokens):
        warm = ask(ready.invocations_url, token=tokens.id)
        answer = ask(ready.invocations_url, {"count": 4, "pause": 0.1}, token=tokens.id)

    assert warm.status == 200
    assert len(answer.arrivals) == 1
    assert answer.arrivals[0] > 0.4
    assert [event["text"] for event in answer.events[1:]] == ["0", "1", "2", "3"]
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning.endswith(
        "Integration.ResponseTransferMode should be STREAM, got BUFFERED: the answer comes at once, and after 29 s it"
        " is a 504 (SAL010)"
    )


def test_a_buffered_answer_that_takes_over_29_seconds_is_a_504(buffered_assembly: Path) -> None:
    with signed_in(buffered_assembly, time_scale=20.0) as (ready, tokens):
        ask(ready.invocations_url, token=tokens.id)
        began = time.monotonic()
        answer = ask(ready.invocations_url, {"count": 9, "pause": 0.5}, token=tokens.id)
        took = time.monotonic() - began

    assert (answer.status, answer.message) == (504, "Endpoint request timed out")
    assert answer.headers["access-control-allow-origin"] == "https://chat.example.com"
    assert took == pytest.approx(29 / 20, abs=0.5)


def test_without_stream_a_longer_timeout_is_29_seconds_too(tmp_path: Path) -> None:
    assembly = synthesise(tmp_path / "cdk.out", streams=False)
    template = assembly / "Chat.template.json"
    text = template.read_text(encoding="utf-8")
    assert '"TimeoutInMillis": 29000' in text
    template.write_text(text.replace('"TimeoutInMillis": 29000', '"TimeoutInMillis": 900000'), encoding="utf-8")
    with signed_in(assembly, time_scale=20.0) as (ready, tokens):
        ask(ready.invocations_url, token=tokens.id)
        answer = ask(ready.invocations_url, {"count": 9, "pause": 0.5}, token=tokens.id)

    assert answer.status == 504
    assert answer.message == "Endpoint request timed out"


def test_a_stream_is_cut_after_fifteen_minutes(assembly: Path) -> None:
    with signed_in(assembly, time_scale=600.0) as (ready, tokens):
        ask(ready.invocations_url, token=tokens.id)
        answer = ask(ready.invocations_url, {"count": 99, "pause": 0.1}, token=tokens.id)

    assert answer.status == 200
    assert not answer.whole
    assert answer.arrivals[-1] == pytest.approx(900 / 600, abs=0.4)


def test_a_stream_is_cut_after_five_minutes_of_silence(assembly: Path) -> None:
    with signed_in(assembly, time_scale=300.0) as (ready, tokens):
        ask(ready.invocations_url, token=tokens.id)
        began = time.monotonic()
        answer = ask(ready.invocations_url, {"count": 1, "pause": 2.5}, token=tokens.id)
        took = time.monotonic() - began

    assert not answer.whole
    assert answer.events[0]["greeting"]
    assert took == pytest.approx(300 / 300, abs=0.5)


def test_at_the_edge_a_stream_is_cut_after_thirty_seconds_of_silence(tmp_path: Path) -> None:
    assembly = synthesise(tmp_path / "cdk.out", endpoint=apigateway.EndpointType.EDGE)
    with signed_in(assembly, time_scale=30.0) as (ready, tokens):
        ask(ready.invocations_url, token=tokens.id)
        began = time.monotonic()
        answer = ask(ready.invocations_url, {"count": 1, "pause": 2.5}, token=tokens.id)
        took = time.monotonic() - began

    assert not answer.whole
    assert took == pytest.approx(30 / 30, abs=0.5)


class Megabytes(Stream):
    """As many chunks of a megabyte as one takes."""

    def __init__(self) -> None:
        self.closed = False

    async def __anext__(self) -> bytes:
        return bytes(MEGABYTE)

    async def aclose(self) -> None:
        self.closed = True


def test_ten_megabytes_come_at_once_and_the_rest_at_two_a_second() -> None:
    async def moments() -> list[float]:
        clock = Clock(20.0)
        stream = LimitedStream(Megabytes(), clock, ends_at=900, idle_seconds=300)
        began = clock.monotonic()
        return [clock.monotonic() - began for _ in range(20) if await anext(stream)]

    arrivals = asyncio.run(moments())
    assert arrivals[10] < 1.0
    assert arrivals[19] == pytest.approx((20 - 1 - 10) / 2, abs=1.0)


def test_a_client_that_reads_nothing_for_the_idle_time_is_let_go() -> None:
    async def stalled() -> float:
        clock = Clock(1000.0)
        stream = LimitedStream(Megabytes(), clock, ends_at=9000, idle_seconds=300)
        began = clock.monotonic()
        await anext(stream)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(5)  # as a write to a full connection
        return clock.monotonic() - began

    assert asyncio.run(stalled()) == pytest.approx(300, abs=100)


def test_a_cut_stream_leaves_its_task_fit_for_work() -> None:
    class Silence(Megabytes):
        async def __anext__(self) -> bytes:
            await asyncio.sleep(60)
            return b""

    async def cut() -> str:
        stream = LimitedStream(Silence(), Clock(1000.0), ends_at=900, idle_seconds=100)
        with pytest.raises(StreamCut) as reason:
            await anext(stream)
        await asyncio.sleep(0.01)
        return str(reason.value)

    assert asyncio.run(cut()) == "the backend was silent for 100 s"


def test_a_stream_that_nobody_read_lets_go_of_its_source() -> None:
    source = Megabytes()
    asyncio.run(LimitedStream(source, Clock(), ends_at=900, idle_seconds=300).aclose())

    assert source.closed
