"""The guard around every request: a limit on the body, strict headers, and the metrics of the answer."""

from __future__ import annotations

from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.api.metrics import Metrics
from desk.api.problems import problem

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses other servers' names and bodies over the limit, sets the security headers, counts and times."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, body_bytes: int, bulk_bytes: int, host_names: tuple[str, ...]
    ) -> None:
        self._app, self._metrics = app, metrics
        self._host_names = frozenset(name.lower() for name in host_names)
        self._body_bytes, self._bulk_bytes = body_bytes, bulk_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), [500]
        limit = self._bulk_bytes if scope["path"].endswith("/bulk") else self._body_bytes
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        received = [0]

        async def receive_bounded() -> Message:
            message = await receive()
            received[0] += len(message.get("body", b""))
            if received[0] > limit:
                raise TooLarge
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            if self._host_names and _host_name(scope) not in self._host_names:
                await problem(421, "This server does not answer under the name that was asked for.")(
                    scope, receive, send_with_headers
                )
            elif not declared.isdigit() or int(declared) > limit:
                await problem(413, f"The body may have at most {limit} bytes.")(
                    scope, receive, send_with_headers
                )
            else:
                await self._app(scope, receive_bounded, send_with_headers)
        except TooLarge:
            await problem(413, f"The body may have at most {limit} bytes.")(scope, receive, send_with_headers)
        finally:
            self._metrics.request(scope, status[0], perf_counter() - began)


def _host_name(scope: Scope) -> str:
    """Return the name under which the server was addressed, without its port.

    >>> _host_name({"headers": [(b"host", b"Desk.example:8000")]}), _host_name({"headers": [(b"host", b"[::1]:80")]})
    ('desk.example', '[::1]')
    """
    given: str = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    name, colon, port = given.rpartition(":")
    return name if colon and port.isdigit() else given


class TooLarge(Exception):
    """The body is over the limit."""
