"""An agent behind real sockets: what its callers and the platform see."""

import json
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import openai
import pytest

from .conftest import Served


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve()


def stream(url: str, prompt: str) -> str:
    return httpx2.post(f"{url}/invocations", json={"prompt": prompt}, timeout=30).text


def test_heartbeats_and_ping_go_on_while_the_agent_blocks_its_loop(served: Served) -> None:
    with httpx2.stream("POST", f"{served.url}/invocations", json={"prompt": "block 1.5"}, timeout=30) as reply:
        pieces = reply.iter_bytes()
        received = next(pieces)
        began = time.monotonic()
        health = httpx2.get(f"{served.url}/ping", timeout=5)
        took = time.monotonic() - began
        for piece in pieces:
            received += piece
    assert health.json()["status"] == "HealthyBusy"
    assert took < 1.0
    before, _, after = received.partition(b'data: {"text":"after"}')
    assert before.count(b": keep-alive\n\n") >= 3
    assert after.endswith(b'data: {"end":{"reason":"complete"}}\n\n')


def test_many_callers_at_once_have_every_word_in_its_order(served: Served) -> None:
    """Each chunk is sent by whichever thread comes first; one caller is slower than its answer."""

    def ask(number: int) -> list[str]:
        with httpx2.stream("POST", f"{served.url}/invocations", json={"prompt": "hurry 3000"}, timeout=60) as reply:
            if number == 0:
                time.sleep(1)
            # A busy machine lets heartbeats in: comments are no events.
            events = [line.removeprefix("data: ") for line in reply.iter_lines() if line.startswith("data: ")]
        assert json.loads(events[-1]) == {"end": {"reason": "complete"}}
        return [json.loads(event)["text"] for event in events[:-1]]

    with ThreadPoolExecutor(12) as callers:
        answers = list(callers.map(ask, range(12)))
    assert answers == [[f"{number} {'x' * 200}" for number in range(3000)]] * 12


def test_a_caller_who_closes_the_socket_is_noticed(served: Served) -> None:
    with httpx2.stream("POST", f"{served.url}/invocations", json={"prompt": "count 10000"}, timeout=30) as reply:
        next(reply.iter_bytes())
    assert served.closed("count agent", within=0.5)


def test_a_caller_who_is_cut_off_without_a_goodbye_is_noticed(served: Served) -> None:
    served.closed_file.unlink(missing_ok=True)
    host, port = served.url.removeprefix("http://").split(":")
    body = b'{"prompt": "count 20000"}'
    with socket.create_connection((host, int(port))) as caller:
        caller.sendall(b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        while b"data: " not in caller.recv(4096):  # an answer that has not begun has nothing to close
            pass
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset
    assert served.closed("count agent", within=0.5)


def test_openai_s_own_client(served: Served) -> None:
    client = openai.OpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0)
    question: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "count 5"}]
    whole = client.chat.completions.create(model="agent", messages=question)
    assert whole.choices[0].message.content == "0 1 2 3 4 "
    chunks = list(
        client.chat.completions.create(
            model="agent", messages=question, stream=True, stream_options={"include_usage": True}
        )
    )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "0 1 2 3 4 "
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 5
    with client.responses.stream(model="agent", input="count 5") as events:
        final = events.get_final_response()
    assert final.output_text == "0 1 2 3 4 "
    assert client.responses.create(model="agent", input="count 5").output_text == "0 1 2 3 4 "
    failing: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": "fail"}]
    with pytest.raises(openai.APIError) as streamed:
        list(client.chat.completions.create(model="agent", messages=failing, stream=True))
    assert (streamed.value.code, streamed.value.message) == ("sold_out", "it is sold out")
    with pytest.raises(openai.InternalServerError, match="it is sold out"):
        client.chat.completions.create(model="agent", messages=failing)


def test_told_to_stop_it_lets_the_answer_end(serve: Callable[..., Served]) -> None:
    served = serve()
    with httpx2.stream("POST", f"{served.url}/invocations", json={"prompt": "count 30"}, timeout=30) as reply:
        pieces = reply.iter_text()
        received = next(pieces)
        served.process.send_signal(signal.SIGTERM)
        received += "".join(pieces)
    assert received.endswith('data: {"end":{"reason":"complete"}}\n\n')
    assert '"29 "' in received
    assert served.process.wait(10) in {0, -signal.SIGTERM}


def test_an_answer_that_was_cut_by_the_network_is_fetched_to_its_end(serve: Callable[..., Served]) -> None:
    served = serve(ON_DISCONNECT="finish")
    headers = {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "s" * 36}
    for _ in range(10):
        with httpx2.stream(
            "POST", f"{served.url}/invocations", json={"prompt": "count 20"}, headers=headers, timeout=30
        ) as reply:
            received = ""
            for piece in reply.iter_text():
                received += piece
                if received.count("\n\n") >= 4:
                    break
        received = received.rpartition("\n\n")[0] + "\n\n"
        last = received.rpartition("id: ")[2].partition("\n")[0]
        received += httpx2.post(f"{served.url}/invocations", json={"resume": last}, headers=headers, timeout=30).text
        texts = [json.loads(line[6:])["text"] for line in received.split("\n") if line.startswith('data: {"text":')]
        assert texts == [f"{number} " for number in range(20)]
        assert received.endswith('data: {"end":{"reason":"complete"}}\n\n')
    stranger = httpx2.post(f"{served.url}/invocations", json={"resume": last}, timeout=30)
    assert "nothing_to_resume" in stranger.text
