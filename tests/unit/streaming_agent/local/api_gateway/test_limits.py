"""The limits on an answer, in virtual time: each is the documented number, not one that a real wait came close to."""

import asyncio
import contextlib
import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from streaming_agent.local.api_gateway.limits import MEGABYTE, LimitedStream
from streaming_agent.local.clock import Clock
from streaming_agent.local.messages import Reply, Request, Stream, StreamCut

from tests.unit.streaming_agent.local.apps import AGENT_INTEGRATION, TEMPLATE, gateway, method, resource, template
from tests.unit.streaming_agent.local.virtual_time import in_virtual_time

ASK = Request(method="POST", path="/prod/invocations")
BUFFERED = {**AGENT_INTEGRATION, "ResponseTransferMode": "BUFFERED", "TimeoutInMillis": 29_000}
EDGE = resource("AWS::ApiGateway::RestApi", Name="api", EndpointConfiguration={"Types": ["EDGE"]})
CORS_ON_ERRORS = resource(
    "AWS::ApiGateway::GatewayResponse",
    RestApiId={"Ref": "Api"},
    ResponseType="DEFAULT_5XX",
    ResponseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'https://chat.example.com'"},
)


class Spoken(Stream):
    """A chunk after each of these pauses."""

    def __init__(self, pauses: Sequence[float], clock: Clock) -> None:
        self._pauses = list(pauses)
        self._clock = clock
        self.closed = False

    async def __anext__(self) -> bytes:
        if not self._pauses:
            raise StopAsyncIteration
        await self._clock.sleep(self._pauses.pop(0))
        return b"word "

    async def aclose(self) -> None:
        self.closed = True


@dataclass
class Backend:
    """An agent that answers at once, and then speaks."""

    clock: Clock
    pauses: Sequence[float]
    body_limit: int = 0
    said: list[Spoken] = field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        self.said.append(Spoken(self.pauses, self.clock))
        return Reply(status=200, headers=(("Content-Type", "text/event-stream"),), body=self.said[-1])


@dataclass
class Answer:
    """What came, and when, in seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    arrivals: list[float]
    cut: str | None
    took: float
    source_closed: bool


def asked(body: dict[str, Any], pauses: Sequence[float]) -> Answer:
    async def exchange(clock: Clock) -> Answer:
        backend = Backend(clock, pauses)
        reply = await gateway(body, backend, clock).handle(ASK)
        chunks, arrivals, cut = [], [], None
        if isinstance(reply.body, bytes):
            chunks, arrivals = [reply.body], [clock.monotonic()]
        else:
            try:
                async for chunk in reply.body:
                    chunks.append(chunk)
                    arrivals.append(clock.monotonic())
            except StreamCut as reason:
                cut = str(reason)
            await reply.body.aclose()
        headers = {name.lower(): value for name, value in reply.headers}
        return Answer(reply.status, headers, b"".join(chunks), arrivals, cut, clock.monotonic(), backend.said[0].closed)

    return in_virtual_time(exchange)


def with_integration(integration: dict[str, Any], **others: Any) -> dict[str, Any]:
    return template(Ask=method("Invocations", "POST", **integration), **others)


def test_without_stream_the_answer_comes_at_once() -> None:
    answer = asked(with_integration(BUFFERED), [1.0] * 4)

    assert (answer.body, answer.arrivals) == (b"word " * 4, [4.0])


def test_with_stream_each_chunk_comes_as_it_is_said() -> None:
    answer = asked(TEMPLATE, [1.0] * 4)

    assert (answer.body, answer.arrivals, answer.cut) == (b"word " * 4, [1.0, 2.0, 3.0, 4.0], None)


def test_a_buffered_answer_that_takes_over_29_seconds_is_a_504() -> None:
    answer = asked(with_integration(BUFFERED, Errors=CORS_ON_ERRORS), [10.0] * 3)

    assert (answer.status, json.loads(answer.body)) == (504, {"message": "Endpoint request timed out"})
    assert answer.headers["access-control-allow-origin"] == "https://chat.example.com"
    assert (answer.took, answer.source_closed) == (29.0, True)


def test_without_stream_a_longer_timeout_is_29_seconds_too() -> None:
    assert asked(with_integration({**BUFFERED, "TimeoutInMillis": 900_000}), [10.0] * 3).took == 29.0


def test_a_shorter_timeout_is_the_templates() -> None:
    assert asked(with_integration({**BUFFERED, "TimeoutInMillis": 5_000}), [10.0]).took == 5.0
    assert asked(with_integration({**AGENT_INTEGRATION, "TimeoutInMillis": 5_000}), [2.0] * 9).took == 5.0


def test_a_stream_is_cut_after_fifteen_minutes() -> None:
    answer = asked(TEMPLATE, [60.0] * 30)

    assert (answer.status, answer.cut) == (200, "the integration timeout has passed")
    assert (answer.arrivals[-1], answer.took, answer.source_closed) == (840.0, 900.0, True)


def test_a_stream_of_fifteen_minutes_is_whole() -> None:
    assert asked(TEMPLATE, [60.0] * 14 + [59.9]).cut is None


def test_a_stream_is_cut_after_five_minutes_of_silence() -> None:
    answer = asked(TEMPLATE, [1.0, 400.0])

    assert (answer.cut, answer.took) == ("the backend was silent for 300 s", 301.0)


def test_five_minutes_of_silence_less_a_moment_are_allowed() -> None:
    assert asked(TEMPLATE, [299.9, 299.9]).cut is None


def test_at_the_edge_a_stream_is_cut_after_thirty_seconds_of_silence() -> None:
    answer = asked(template(Api=EDGE), [1.0, 40.0])

    assert (answer.cut, answer.took) == ("the backend was silent for 30 s", 31.0)


def test_an_api_that_says_no_endpoint_type_is_edge_optimised() -> None:
    unsaid = copy.deepcopy(TEMPLATE)
    del unsaid["Resources"]["Api"]["Properties"]["EndpointConfiguration"]

    assert asked(unsaid, [40.0]).took == 30.0


class Megabytes(Stream):
    """As many chunks of a megabyte as one takes."""

    def __init__(self) -> None:
        self.closed = False

    async def __anext__(self) -> bytes:
        return bytes(MEGABYTE)

    async def aclose(self) -> None:
        self.closed = True


def test_ten_megabytes_come_at_once_and_the_rest_at_two_a_second() -> None:
    async def moments(clock: Clock) -> list[float]:
        stream = LimitedStream(Megabytes(), clock, ends_at=900, idle_seconds=300)
        return [clock.monotonic() for _ in range(20) if await anext(stream)]

    arrivals = in_virtual_time(moments)
    assert arrivals[10] == 0.0
    assert arrivals[19] == pytest.approx((20 - 1 - 10) / 2)


def test_a_client_that_reads_nothing_for_the_idle_time_is_let_go() -> None:
    async def stalled(clock: Clock) -> float:
        stream = LimitedStream(Megabytes(), clock, ends_at=9000, idle_seconds=300)
        await anext(stream)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(5000)  # as a write to a full connection
        return clock.monotonic()

    assert in_virtual_time(stalled) == 300.0


def test_a_cut_stream_leaves_its_task_fit_for_work() -> None:
    class Silence(Megabytes):
        async def __anext__(self) -> bytes:
            await asyncio.sleep(600)
            return b""

    async def cut(clock: Clock) -> str:
        stream = LimitedStream(Silence(), clock, ends_at=900, idle_seconds=100)
        with pytest.raises(StreamCut) as reason:
            await anext(stream)
        await asyncio.sleep(0.01)
        return str(reason.value)

    assert in_virtual_time(cut) == "the backend was silent for 100 s"


def test_a_stream_that_nobody_read_lets_go_of_its_source() -> None:
    source = Megabytes()
    asyncio.run(LimitedStream(source, Clock(), ends_at=900, idle_seconds=300).aclose())

    assert source.closed
