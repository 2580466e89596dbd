"""The loop that holds the sockets: another thread may take its turn while it sleeps."""

import asyncio
import functools
import selectors
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from streaming_agent.lending_loop import LendingLoop, new_server_loop


def on_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Runs a test on another loop than the one that it borrows."""

    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


class Sleeper:
    """A lending loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = LendingLoop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def lend(self, callback: Callable[[], object]) -> None:
        """From the thread of another loop, once this one sleeps."""
        until = time.monotonic() + 5
        while not self.loop.lend(callback):
            assert time.monotonic() < until, "it never slept"
            time.sleep(0.001)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


@pytest.fixture
def sleeper() -> Iterator[Sleeper]:
    it = Sleeper()
    yield it
    it.stop()


def test_this_machine_s_server_loop_lends() -> None:
    loop = new_server_loop()
    loop.close()
    assert isinstance(loop, LendingLoop)


def test_a_system_that_tells_no_sleeper_of_new_sockets_has_the_usual_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selectors.DefaultSelector", selectors.SelectSelector)
    loop = new_server_loop()
    loop.close()
    assert not isinstance(loop, LendingLoop)


@on_a_loop
async def test_what_a_callback_makes_ready_is_done_on_the_thread_that_borrows(sleeper: Sleeper) -> None:
    seen: list[tuple[str, int, bool, Any]] = []
    waiting: asyncio.Future[str] = sleeper.loop.create_future()

    async def reader() -> None:
        word = await waiting
        running = asyncio.get_running_loop() is sleeper.loop
        seen.append((word, threading.get_ident(), running, asyncio.current_task()))

    task = asyncio.run_coroutine_threadsafe(reader(), sleeper.loop)
    here, mine = asyncio.get_running_loop(), asyncio.current_task()
    sleeper.lend(lambda: waiting.set_result("word"))
    assert [(word, thread, running) for word, thread, running, _ in seen] == [("word", threading.get_ident(), True)]
    assert seen[0][3] is not mine
    task.result(5)
    assert (asyncio.get_running_loop(), asyncio.current_task()) == (here, mine)
    await asyncio.sleep(0)


@on_a_loop
async def test_outside_of_a_task_it_is_lent_too(sleeper: Sleeper) -> None:
    done: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def borrow() -> None:
        sleeper.lend(list)
        done.set_result(asyncio.current_task())

    asyncio.get_running_loop().call_soon(borrow)
    assert await done is None


@on_a_loop
async def test_a_loop_at_work_is_not_lent(sleeper: Sleeper) -> None:
    working, go_on = threading.Event(), threading.Event()

    def work() -> None:
        working.set()
        go_on.wait(5)

    sleeper.loop.call_soon_threadsafe(work)
    working.wait(5)
    assert sleeper.loop.lend(lambda: pytest.fail("called at work")) is False
    go_on.set()


@on_a_loop
async def test_a_loop_that_is_debugged_is_not_lent(sleeper: Sleeper) -> None:
    sleeper.loop.set_debug(True)
    await asyncio.sleep(0.05)
    assert sleeper.loop.lend(lambda: pytest.fail("called")) is False


@on_a_loop
async def test_a_timer_that_is_set_in_a_lent_turn_is_in_time(sleeper: Sleeper) -> None:
    # nothing else would wake it
    rang = threading.Event()
    sleeper.lend(lambda: sleeper.loop.call_later(0.05, rang.set))
    assert rang.wait(2)


@on_a_loop
async def test_what_is_too_much_for_one_turn_is_done_by_the_loop_itself(sleeper: Sleeper) -> None:
    threads: list[int] = []

    def again(left: int) -> None:
        threads.append(threading.get_ident())
        if left:
            sleeper.loop.call_soon(again, left - 1)
        else:
            done.set()

    done = threading.Event()
    sleeper.lend(lambda: again(100))
    assert done.wait(5)
    assert threads[0] == threading.get_ident()
    assert threads[-1] == sleeper.thread.ident


@on_a_loop
async def test_an_error_in_what_is_made_ready_stays_with_the_loop_that_it_belongs_to(sleeper: Sleeper) -> None:
    told: list[dict[str, Any]] = []
    sleeper.loop.set_exception_handler(lambda _, context: told.append(context))
    sleeper.lend(lambda: sleeper.loop.call_soon(lambda: 1 / 0))
    assert isinstance(told[0]["exception"], ZeroDivisionError)


@on_a_loop
async def test_a_cancelled_callback_is_left_out(sleeper: Sleeper) -> None:
    sleeper.lend(lambda: sleeper.loop.call_soon(pytest.fail, "called").cancel())


@on_a_loop
async def test_a_socket_that_is_opened_in_a_lent_turn_is_heard(sleeper: Sleeper) -> None:
    ours, theirs = socket.socketpair()
    heard = threading.Event()
    with ours, theirs:
        sleeper.lend(lambda: sleeper.loop.add_reader(theirs, heard.set))
        ours.send(b"word")
        assert heard.wait(2)
        sleeper.lend(lambda: sleeper.loop.remove_reader(theirs))


@on_a_loop
async def test_what_was_found_ready_under_a_number_that_is_another_one_s_now_is_left_to_it(sleeper: Sleeper) -> None:
    ours, theirs = socket.socketpair()
    heard = threading.Event()

    def hear() -> None:
        theirs.recv(10)
        heard.set()

    def replace_while_ready() -> None:
        ours.send(b"word")
        time.sleep(0.1)  # the loop wakes with it, and waits for this turn to end
        sleeper.loop.remove_reader(theirs)
        sleeper.loop.add_reader(theirs, hear)

    with ours, theirs:
        sleeper.lend(lambda: sleeper.loop.add_reader(theirs, pytest.fail, "called"))
        sleeper.lend(replace_while_ready)
        assert heard.wait(2)
        sleeper.lend(lambda: sleeper.loop.remove_reader(theirs))


def test_it_is_a_loop_like_any_other() -> None:
    async def work() -> list[int]:
        async def one(number: int) -> int:
            await asyncio.sleep(0.001 * number)
            return number

        return list(await asyncio.gather(*(one(number) for number in range(20))))

    with asyncio.Runner(loop_factory=LendingLoop) as runner:
        assert runner.run(work()) == list(range(20))
