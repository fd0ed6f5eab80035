"""Downloads against a local server that misbehaves in every way we could think of."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from lists import http
from lists.download import download, list_addresses, refresh_by_download
from lists.errors import DownloadFailed
from lists.fetch import headers_path
from lists.http import Address, RetryPolicy
from lists.store import Store

BODY = "".join(f"Hong Kong,Party {n} Ltd,{n} Pitt Street\n" for n in range(400))
LIST = ("COUNTRY,NAME,ADDRESS\n" + BODY).encode()
CHANGED = "Tue, 05 Mar 2024 10:00:00 GMT"


@dataclass
class Publisher:
    """A server whose next answers are scripted; when the script is empty it behaves."""

    content: bytes = LIST
    script: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    etag: bool = True
    ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append({key.lower(): value for key, value in handler.headers.items()})
        deed = self.script.pop(0) if self.script else "well"
        getattr(self, f"_{deed}", self._status)(handler, deed)

    def _send(self, handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
        handler.send_response(status)
        given = {"Content-Type": "text/csv", "Content-Length": str(len(body)), "Last-Modified": CHANGED}
        if self.etag:
            given["ETag"] = f'"{hashlib.sha256(self.content).hexdigest()[:8]}"'
        for key, value in (given | {key.replace("_", "-"): value for key, value in headers.items()}).items():
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(body)

    def _well(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        etag = f'"{hashlib.sha256(self.content).hexdigest()[:8]}"'
        asked = handler.headers
        if asked.get("If-None-Match") == etag:
            self._send(handler, 304, b"")
        elif asked.get("Range") and asked.get("If-Range") == etag:
            start = int(asked["Range"].removeprefix("bytes=").removesuffix("-"))
            if start >= len(self.content):
                self._send(handler, 416, b"")
            else:
                span = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
                self._send(handler, 206, self.content[start:], Content_Range=span)
        else:
            self._send(handler, 200, self.content)

    def _status(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, int(deed), b"sorry", Retry_After="7")

    def _empty(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, 200, b"")

    def _truncated(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(
            handler, 200, self.content[: len(self.content) // 2], Content_Length=str(len(self.content))
        )

    def _pdf(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, 200, self.content, Content_Type="application/pdf")

    def _page(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, 200, b"<html>Sorry</html>", Content_Type="text/html; charset=utf-8")

    def _masked_page(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, 200, b"<!DOCTYPE html><html>" + b"Sorry " * 2_000)

    def _redirect(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, 302, b"", Location="/elsewhere")

    def _slow(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        assert self.ended.wait(600)  # longer than any reader waits

    def _endless(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, 200, b"x" * 300_000)

    def _elsewhere(self, handler: BaseHTTPRequestHandler, deed: str) -> None:
        self._send(handler, 206, b"middle", Content_Range="bytes 3-9/10")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                publisher.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    publisher.url = f"http://127.0.0.1:{server.server_port}/uvl.csv"
    yield publisher
    publisher.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Bench:
    """Everything a download test needs: run() refreshes the store from the publisher."""

    publisher: Publisher
    store: Store
    pauses: list[float] = field(default_factory=list)

    def run(self, offline: bool = False, **policy: Any) -> tuple[str, str]:
        retries = replace(RetryPolicy(read_timeout=600, sleep=self.pauses.append), **policy)
        addresses = {"UVL": ("BIS", (Address("uvl.csv", self.publisher.url, least=1_000),))}
        report = refresh_by_download(
            ["UVL"],
            self.store,
            today=date(2024, 4, 4),
            addresses=addresses,
            retries=retries,
            offline=offline,
        )
        last = report.outcomes[-1]
        return last.outcome, last.message


@pytest.fixture
def bench(publisher: Publisher, store: Store) -> Bench:
    return Bench(publisher, store)


def test_a_list_is_dated_by_its_server(bench: Bench) -> None:
    assert bench.run() == ("new", "dated by server")
    assert [ref.published for ref in bench.store.snapshots()] == [date(2024, 3, 5)]


def test_what_has_not_changed_is_not_sent_again(bench: Bench) -> None:
    bench.run()
    assert bench.run()[0] == "unchanged"
    assert "if-none-match" in bench.publisher.requests[-1]


@pytest.mark.parametrize("deed", ["404", "403", "empty", "pdf", "page"])
def test_a_wrong_answer_fails_at_once_and_the_last_snapshot_stays(bench: Bench, deed: str) -> None:
    bench.run()
    bench.publisher.content = LIST + b"Hong Kong,New,Rd\n"
    bench.publisher.script = [deed]
    outcome, message = bench.run()
    assert outcome == "failed"
    assert "The last good snapshot stays: UVL of 2024-03-05 (30 days old)" in message
    assert bench.store.load().frames.parties.height == 400
    assert bench.pauses == []
    assert bench.run()[0] == "new", "the next night it is fetched"


@pytest.mark.parametrize("deed", ["500", "503", "429", "truncated"])
def test_a_passing_fault_is_tried_again(bench: Bench, deed: str) -> None:
    bench.publisher.script = [deed, deed]
    assert bench.run()[0] == "new"
    assert len(bench.pauses) == 2
    assert bench.pauses[1] >= bench.pauses[0]


def test_a_server_that_does_not_answer_is_asked_again(bench: Bench) -> None:
    """On a slow machine an answer that would have come may be given up too: that costs another attempt."""
    bench.publisher.script = ["slow", "slow"]
    assert bench.run(read_timeout=0.2, attempts=1_000)[0] == "new"
    assert len(bench.pauses) >= 2


def test_a_server_that_takes_for_ever_is_given_up(bench: Bench) -> None:
    shown = count(0, 500)
    outcome, message = bench.run(clock=lambda: next(shown), whole_timeout=400)
    assert (outcome, len(bench.pauses)) == ("failed", 3)
    assert "too slow" in message


def test_a_lasting_fault_ends_after_some_attempts(bench: Bench) -> None:
    bench.publisher.script = ["503"] * 10
    outcome, message = bench.run()
    assert outcome == "failed"
    assert "answers 503 (4 attempts)" in message
    assert bench.pauses == [7.0, 7.0, 7.0], "as long as the server asks for"


def test_a_broken_download_is_continued_not_repeated(bench: Bench) -> None:
    bench.publisher.script = ["truncated"]
    assert bench.run()[0] == "new"
    assert bench.publisher.requests[-1]["range"] == f"bytes={len(LIST) // 2}-"
    assert bench.store.load().frames.parties.height == 400


def test_a_broken_download_is_continued_in_the_next_run(bench: Bench) -> None:
    bench.publisher.script = ["truncated", "500", "500", "500"]
    assert bench.run()[0] == "failed"
    assert bench.run()[0] == "new"
    assert "range" in bench.publisher.requests[-1]


def test_a_file_that_changed_meanwhile_is_taken_whole(bench: Bench) -> None:
    bench.publisher.script = ["truncated", "500", "500", "500"]
    bench.run()
    bench.publisher.content = LIST + b"Hong Kong,New,Rd\n"
    assert bench.run()[0] == "new"
    assert bench.store.load().frames.parties.height == 401


def test_a_server_that_continues_at_another_place_is_not_believed(bench: Bench) -> None:
    bench.publisher.script = ["truncated", "elsewhere"]
    assert bench.run()[0] == "new"
    assert bench.store.load().frames.parties.height == 400


def test_without_a_strong_validator_nothing_is_continued(bench: Bench) -> None:
    bench.publisher.etag = False
    bench.publisher.script = ["truncated"]
    assert bench.run()[0] == "new"
    assert bench.store.load().frames.parties.height == 400


def test_redirects_are_followed_but_not_for_ever(bench: Bench) -> None:
    bench.publisher.script = ["redirect"]
    assert bench.run()[0] == "new"
    bench.publisher.script = ["redirect"] * 50
    assert "redirects without end" in bench.run()[1]


def test_an_encrypted_address_is_not_left_for_a_plain_one() -> None:
    import httpx

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(302, headers={"Location": "http://plain.example/x"})
        return httpx.Response(200, content=LIST, headers={"Content-Type": "text/csv"})

    with (
        httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True) as client,
        pytest.raises(DownloadFailed, match="without encryption"),
    ):
        http.get(client, Address("x", "https://safe.example/x"), Path("none"), Path("none"), RetryPolicy())


def test_an_endless_answer_is_cut(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BYTES", 100_000)
    bench.publisher.script = ["endless"]
    assert "refused" in bench.run()[1]


def test_a_web_page_with_the_type_of_a_list_is_still_no_list(bench: Bench) -> None:
    bench.run()
    bench.publisher.script = ["masked_page"]
    bench.publisher.content = b"changed" + LIST
    outcome, message = bench.run()
    assert outcome == "failed"
    assert "HTML page" in message
    assert bench.store.load().frames.parties.height == 400


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (LIST.replace(b"NAME", b"PARTY"), "no layout we know"),
        (b"\n".join(LIST.splitlines()[:120]) + b"\n", "parties fell from 400"),
        (LIST.decode().encode("utf-16"), "no layout we know"),
    ],
    ids=["changed columns", "shrunk", "wrong encoding"],
)
def test_a_whole_answer_with_the_wrong_content_fails_in_the_checks(
    bench: Bench, content: bytes, reason: str
) -> None:
    bench.run()
    bench.publisher.content = content
    outcome, message = bench.run()
    assert outcome == "failed"
    assert reason in message
    assert bench.store.load().frames.parties.height == 400


def test_offline_replays_what_was_downloaded(bench: Bench) -> None:
    assert "never downloaded" in bench.run(offline=True)[1]
    bench.run()
    asked = len(bench.publisher.requests)
    assert bench.run(offline=True)[0] == "unchanged"
    assert len(bench.publisher.requests) == asked


def test_the_files_of_a_list_come_together_or_not_at_all(publisher: Publisher, tmp_path: Path) -> None:
    files = tuple(Address(name, publisher.url) for name in ("a.csv", "b.csv"))
    retries = RetryPolicy(attempts=1, sleep=lambda pause: None)

    def run() -> str:
        (one,) = download(["X"], tmp_path, {"X": ("BIS", files)}, retries)
        return one.outcome

    assert run() == "fetched"
    publisher.content = b"new" + LIST
    publisher.script = ["well", "404"]
    assert run() == "failed"
    assert {path.read_bytes() for path in (tmp_path / "X").glob("*.csv")} == {LIST}
    assert run() == "fetched"
    assert {path.read_bytes() for path in (tmp_path / "X").glob("*.csv")} == {b"new" + LIST}


def test_nobody_listens(store: Store) -> None:
    addresses = {"UVL": ("BIS", (Address("uvl.csv", "http://127.0.0.1:9/uvl.csv"),))}
    retries = RetryPolicy(attempts=2, sleep=lambda pause: None)
    report = refresh_by_download(["UVL"], store, addresses=addresses, retries=retries)
    assert "the connection broke" in report.outcomes[0].message


def test_an_unknown_name_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"no address of NOPE is known; there are: CSL"):
        download(["NOPE"], tmp_path)


def test_official_addresses_are_encrypted_and_their_files_named_as_the_sources_know_them() -> None:
    files = [address for _, addresses in list_addresses().values() for address in addresses]
    assert all(address.url.startswith("https://") and address.least > 0 for address in files)
    assert {"sdn.csv", "add.csv", "alt.csv", "cons_prim.csv"} <= {address.file for address in files}


def test_the_headers_of_the_server_are_recorded_next_to_the_file(bench: Bench) -> None:
    bench.run()
    assert headers_path(bench.store.root / ".downloads/UVL/uvl.csv").is_file()
