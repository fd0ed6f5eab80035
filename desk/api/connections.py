"""Connections that are bounded: their number, the size of a request's head, and how slowly a request may come.

The server reads as much head as it is sent and waits for the rest of a request as long as the connection lasts; so a
handful of callers who never finish could use up its memory or its connections.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Bounds on one connection, and on their number."""

    connections: int = 512
    head_bytes: int = 1 << 16  # request line and headers
    head_seconds: float = 10.0  # in which the head must be there, from the first byte or the connection
    body_seconds: float = 10.0  # in each of which the body must bring ...
    body_bytes: int = 1 << 10  # ... so many bytes, or its end; not counted while the server does not read


REFUSALS = {431: b"Request Header Fields Too Large", 408: b"Request Timeout", 503: b"Service Unavailable"}


class BoundedConnection(HttpToolsProtocol):
    """One connection. Whoever is over a bound gets a short answer and is disconnected."""

    limits = ConnectionLimits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, unless there are too many; the head of its first request is awaited from now on."""
        super().connection_made(transport)
        self._clock: asyncio.TimerHandle | None = None
        self._in_head, self._refused, self._head_bytes, self._body_bytes = True, False, 0, 0
        if len(self.connections) > self.limits.connections:
            self._refuse(503)
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what has come; a head that is too long is refused before more of it is read."""
        if self._refused:
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > self.limits.head_bytes:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head; for that of the first request somebody waits already."""
        if self._clock is None:
            self._wait_for_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to wait for the body; a head that came in one piece is measured only now."""
        self._in_head, self._body_bytes = False, 0
        if (
            len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            > self.limits.head_bytes
        ):
            self._refuse(431)
            return
        self._stop_clock()
        self._wait_for_body()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what has come of the body."""
        if not self._refused:
            self._body_bytes += len(body)
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for nothing until the next request begins."""
        if not self._refused:
            self._in_head, self._head_bytes = True, 0
            self._stop_clock()
            super().on_message_complete()

    def _wait_for_head(self) -> None:
        self._clock = self.loop.call_later(self.limits.head_seconds, self._refuse, 408)

    def _wait_for_body(self) -> None:
        self._clock = self.loop.call_later(self.limits.body_seconds, self._check_pace)

    def _check_pace(self) -> None:
        """Disconnect whoever sends a body too slowly; while the server itself does not read, nobody can send."""
        if self._body_bytes < self.limits.body_bytes and not self.flow.read_paused:
            self._refuse(408)
            return
        self._body_bytes = 0
        self._wait_for_body()

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _refuse(self, status: int) -> None:
        """Answer, unless another answer has begun, and disconnect."""
        self._stop_clock()
        self._refused = True
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            head = b"HTTP/1.1 %d %b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(head % (status, REFUSALS[status]))
        self.transport.close()
