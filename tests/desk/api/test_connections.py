"""Connections are bounded, on a clock that the test turns: no test here waits for anything."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from desk.api.connections import BoundedConnection, ConnectionLimits

LIMITS = ConnectionLimits(connections=2, head_bytes=200, head_seconds=10, body_seconds=10, body_bytes=10)
WHOLE = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n"


class Timer:
    """A call that is due at a second, unless it is cancelled."""

    def __init__(self, due: float, call: Callable[[], object]) -> None:
        self.due, self.call, self.cancelled = due, call, False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """A clock that stands still until the test moves it. Requests are taken, and not answered."""

    def __init__(self) -> None:
        self.now, self.timers, self.requests = 0.0, list[Timer](), 0

    def call_later(self, delay: float, call: Callable[..., object], *words: object) -> Timer:
        self.timers.append(Timer(self.now + delay, lambda: call(*words)))
        return self.timers[-1]

    def create_task(self, task: Coroutine[Any, Any, None], **_: object) -> Any:
        task.close()
        self.requests += 1
        return type("Task", (), {"add_done_callback": lambda self, call: None})()

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer.due <= end and not timer.cancelled]:
            first = min(due, key=lambda timer: timer.due)
            self.now = first.due
            first.cancel()
            first.call()
        self.now = end


class Transport:
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        self.written, self.closed = b"", False

    def get_extra_info(self, name: str) -> None: ...

    def write(self, content: bytes) -> None:
        self.written += content

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Server:
    """A server without a network: `connect` makes connections to it."""

    def __init__(self) -> None:
        self.loop, self.state = Loop(), ServerState()
        self.config = Config(self.app, log_config=None, lifespan="off", ws="none")

    async def app(self, scope: object, receive: object, send: object) -> None: ...

    def connect(self) -> tuple[BoundedConnection, Transport]:
        class Small(BoundedConnection):
            limits = LIMITS

        connection, transport = Small(self.config, self.state, {}, self.loop), Transport()  # type: ignore[arg-type]
        connection.connection_made(transport)  # type: ignore[arg-type]
        return connection, transport


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.mark.parametrize(
    ("pieces", "status", "seconds"),
    [
        ([], b"408", 10),  # nothing at all
        ([b"GET / HTTP/1.1\r\n"] + [b"x: y\r\n"] * 30, b"408", 10),  # a head that never ends, a line a second
        ([b"GET / HTTP/1.1\r\nx: ", *[b"y" * 50] * 5], b"431", 5),  # one header that never ends
        ([b"GET /" + b"y" * 300 + b" HTTP/1.1\r\nhost: a\r\n\r\n"], b"431", 1),  # all of it at once
        ([b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 200 + b"\r\n"], b"431", 1),
        ([POST] + [b"z"] * 30, b"", 10),  # a body of a byte a second; its answer is under way
        ([WHOLE + b"GET / HTTP/1.1\r\n"], b"", 11),  # a second request that never ends
    ],
)
def test_who_does_not_finish_is_disconnected(
    server: Server, pieces: list[bytes], status: bytes, seconds: int
) -> None:
    connection, transport = server.connect()
    for piece in [*pieces, *[b""] * 40]:
        if transport.closed:
            break
        if piece:
            connection.data_received(piece)
        server.loop.wait(1)
    assert transport.closed
    assert server.loop.now <= seconds
    assert transport.written.split(b" ", 2)[1:2] == ([status] if status else [])


def test_requests_that_come_whole_are_served_however_long_the_answers_take(server: Server) -> None:
    connection, transport = server.connect()
    connection.data_received(WHOLE)
    server.loop.wait(1000)
    assert (server.loop.requests, transport.closed) == (1, False)


def test_a_body_that_keeps_pace_is_read_to_its_end(server: Server) -> None:
    connection, transport = server.connect()
    connection.data_received(POST)
    for _ in range(100):
        connection.data_received(b"z" * 10)
        server.loop.wait(9)
    server.loop.wait(1000)
    assert (server.loop.requests, transport.closed) == (1, False)


def test_nobody_is_slow_while_the_server_does_not_read(server: Server) -> None:
    connection, transport = server.connect()
    connection.data_received(POST)
    connection.flow.pause_reading()
    server.loop.wait(100)
    assert not transport.closed
    connection.flow.resume_reading()
    server.loop.wait(20)
    assert transport.closed


def test_one_connection_too_many_is_turned_away_and_nothing_it_sends_is_read(server: Server) -> None:
    first, second, (third, late) = server.connect(), server.connect(), server.connect()
    assert late.closed
    assert b" 503 " in late.written
    third.data_received(WHOLE)
    assert server.loop.requests == 0
    third.connection_lost(None)
    first[0].data_received(WHOLE)
    assert (server.loop.requests, first[1].closed, second[1].closed) == (1, False, False)
