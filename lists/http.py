"""Get one file over HTTP as if the server meant harm: conditional, resumable, retried, checked, capped."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from lists.errors import DownloadFailed
from lists.fetch import headers_path

MAX_BYTES = 1 << 30
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_TYPES = (
    "text/",
    "application/csv",
    "application/gzip",
    "application/json",
    "application/octet-stream",
    "application/vnd.ms-excel",
    "application/x-gzip",
    "application/xml",
    "application/zip",
    "binary/octet-stream",
)
_HTML = ("text/html", "application/xhtml")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a file, its name on disk, and the fewest bytes it can have."""

    file: str
    url: str
    least: int = 1


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long we try: attempts, first pause in seconds (doubled each time), limits in seconds."""

    attempts: int = 4
    pause: float = 1.0
    longest_pause: float = 60.0
    read_timeout: float = 30.0
    whole_timeout: float = 900.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class _Transient(Exception):
    """A fault that may pass; `wait` is what the server asked for, in seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


def get(client: httpx.Client, address: Address, current: Path, staged: Path, retries: RetryPolicy) -> bool:
    """Download `address` to `staged`; returns False when the server says that `current` is up to date.

    What a broken connection left is continued, also in the next run. The file's time becomes that of the server's
    `Last-Modified`. Raises DownloadFailed, saying what the server did.
    """
    fault = ""
    for attempt in range(retries.attempts):
        try:
            return _attempt(client, address, current, staged, retries)
        except _Transient as again:
            fault = str(again)
            if attempt + 1 < retries.attempts:
                pause = max(retries.pause * 2**attempt, again.wait)
                retries.sleep(min(pause, retries.longest_pause))
    raise DownloadFailed(f"{address.url}: {fault} ({retries.attempts} attempts)")


def _attempt(
    client: httpx.Client, address: Address, current: Path, staged: Path, retries: RetryPolicy
) -> bool:
    part, headers = _resumable(staged)
    if not part:
        headers = _conditions(current, address)
    try:
        with client.stream("GET", address.url, headers={"Accept-Encoding": "identity"} | headers) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return False
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and part:
                _discard(staged)
                return _attempt(client, address, current, staged, retries)
            _check_answer(response, address)
            _receive(response, address, staged, part, retries)
    except httpx.TooManyRedirects as error:
        raise DownloadFailed(f"{address.url}: redirects without end") from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise _Transient(f"the connection broke ({type(error).__name__}: {error})") from error
    return True


def _check_answer(response: httpx.Response, address: Address) -> None:
    status = response.status_code
    if status in _TRANSIENT:
        wait = response.headers.get("Retry-After", "")
        raise _Transient(f"the server answers {status}", float(wait) if wait.isdigit() else 0.0)
    if status not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        raise DownloadFailed(f"{address.url}: the server answers {status}; the address may have moved")
    if address.url.startswith("https:") and any(
        hop.url.scheme != "https" for hop in [*response.history, response]
    ):
        raise DownloadFailed(f"{address.url}: redirects to an address without encryption")
    kind = response.headers.get("Content-Type", "application/octet-stream").lower()
    if kind.startswith(_HTML):
        raise DownloadFailed(
            f"{address.url}: the server answers with a web page, not a list; it may have moved"
        )
    if not kind.startswith(_TYPES):
        raise DownloadFailed(f"{address.url}: the server answers with {kind}, not a list")


def _receive(
    response: httpx.Response, address: Address, staged: Path, part: int, retries: RetryPolicy
) -> None:
    resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
    if resumed and not response.headers.get("Content-Range", "").startswith(f"bytes {part}-"):
        _discard(staged)
        raise _Transient("the server continues at another place; starting over")
    start = part if resumed else 0
    length = response.headers.get("Content-Length", "")
    promised = start + int(length) if length.isdigit() else None
    begun, size = retries.clock(), start
    _record_validators(staged, response)
    with staged.open("ab" if resumed else "wb") as file:
        for block in response.iter_raw():
            size += len(block)
            if size > MAX_BYTES:
                _discard(staged)
                raise DownloadFailed(f"{address.url}: sends more than {MAX_BYTES >> 20} MiB; refused")
            if retries.clock() - begun > retries.whole_timeout:
                raise _Transient(f"too slow: {size:,} bytes in {retries.whole_timeout:.0f} seconds")
            file.write(block)
    if promised is not None and size < promised:
        raise _Transient(f"cut off: {size:,} of {promised:,} bytes")
    if size < address.least:
        _discard(staged)
        raise DownloadFailed(f"{address.url}: only {size:,} bytes; the list has at least {address.least:,}")
    _stamp(staged, response)


def _conditions(current: Path, address: Address) -> dict[str, str]:
    """Ask only for something newer than what we have."""
    if not current.is_file():
        return {}
    validators = _read_validators(current)
    if validators.get("url") != address.url:
        return {}
    pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
    return {header: validators[key] for header, key in pairs if validators.get(key)}


def _resumable(staged: Path) -> tuple[int, dict[str, str]]:
    """Size of what a broken connection left, and the headers to continue it; only a strong validator allows that."""
    validators = _read_validators(staged)
    validator = validators.get("ETag") or validators.get("Last-Modified") or ""
    size = staged.stat().st_size if staged.is_file() else 0
    if not size or not validator or validator.startswith("W/"):
        return 0, {}
    return size, {"Range": f"bytes={size}-", "If-Range": validator}


def _read_validators(path: Path) -> dict[str, str]:
    try:
        recorded = json.loads(headers_path(path).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in recorded.items()} if isinstance(recorded, dict) else {}


def _record_validators(path: Path, response: httpx.Response) -> None:
    first = response.history[0].request if response.history else response.request
    recorded = {key: response.headers[key] for key in ("ETag", "Last-Modified") if key in response.headers}
    headers_path(path).write_text(json.dumps({"url": str(first.url)} | recorded), "utf-8")


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    headers_path(path).unlink(missing_ok=True)


def _stamp(path: Path, response: httpx.Response) -> None:
    """Give the file the time at which the server says it changed; the day of publication is read from it."""
    try:
        changed = parsedate_to_datetime(response.headers["Last-Modified"])
    except (KeyError, ValueError):
        changed = datetime.now(UTC)
    os.utime(path, (changed.timestamp(), changed.timestamp()))
