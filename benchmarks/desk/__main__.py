"""Load on a real server: requests begin on a fixed beat whether or not earlier ones were answered.

`python -m benchmarks.desk --store lists --run run [--rate 50] [--seconds 20]` starts a server process of its own, asks
`/match` for names of the lists and mixtures of them, `/screen`, and `/match` while an index is built, and
prints a table. Times are what the caller sees; it shares the machine with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import httpx
import numpy as np
import orjson

from desk.store import Ledger, people
from lists.store import Store

SEED = 20261122
Ask = Callable[[int], tuple[str, Any]]


def names(store: Path, count: int) -> list[str]:
    """Return names as customers have them: half from the lists, half made of their words in another order."""
    on_lists = Store(store).load().frames.names["name"].to_list()
    draw = random.Random(SEED)
    words = [word for name in draw.sample(on_lists, min(len(on_lists), 3_000)) for word in name.split()]
    mixed = [" ".join(draw.sample(words, draw.randint(2, 5))) for _ in range(count // 2)]
    listed = (
        draw.choices(on_lists, k=count - len(mixed))
        if len(on_lists) < count
        else draw.sample(on_lists, count - len(mixed))
    )
    return draw.sample([*listed, *mixed], count)


class Caller:
    """A caller that costs next to nothing itself, because it shares two cores with the server: connections stay open,
    requests are written as they are, answers read to their length."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, path: str, body: Any = None) -> int:
        """Send one request, and return the status of its answer."""
        content = orjson.dumps(body) if body else b""
        head = (
            f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {self._token}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        while self._idle and self._idle[-1][0].at_eof():  # the server closed it after some idle seconds
            self._idle.pop()
        reader, writer = (
            self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self._port)
        )
        writer.write(head.encode() + content)
        answer = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(answer.split(b"content-length: ")[1].split(b"\r\n")[0]))
        self._idle.append((reader, writer))
        return int(answer[9:12])


async def beat(caller: Caller, ask: Ask, rate: float, seconds: float) -> tuple[list[float], int]:
    """Send requests on the beat; returns the seconds each took and how many failed."""
    took: list[float] = []
    failed = 0

    async def one(number: int) -> None:
        nonlocal failed
        path, body = ask(number)
        began = perf_counter()
        status = await caller.ask(path, body)
        took.append(perf_counter() - began)
        failed += status != 200

    began, tasks = perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    return took, failed


def line(what: str, took: list[float], failed: int, memory: int) -> str:
    """Write one row of the table: milliseconds and megabytes."""
    p50, p90, p99 = (1000 * np.percentile(took, q) for q in (50, 90, 99))
    return (
        f"| {what} | {len(took)} | {p50:.1f} | {p90:.1f} | {p99:.1f} | {1000 * max(took):.1f} | {failed} "
        f"| {memory // 2**20} |"
    )


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def measure(port: int, token: str, asked: list[str], rate: float, seconds: float, pid: int) -> None:
    """Run the loads and print the table."""
    caller = Caller(port, token)

    def health(number: int) -> tuple[str, Any]:
        return "/health", None

    def match(number: int) -> tuple[str, Any]:
        properties = {"name": [asked[number % len(asked)]]}
        return "/match", {"queries": {"q": {"schema": "Company", "properties": properties}}}

    def screen(number: int) -> tuple[str, Any]:
        customer = {"customer_id": "c", "name": asked[number], "country": "DE"}
        owner = {
            "owner_id": "o", "owned_id": "c", "share_percent": "60", "owner_name": asked[-1 - number]
        }  # fmt: skip
        return "/screen", {"customer": customer, "ownership": [owner]}

    async def show(what: str, ask: Ask, rate: float, seconds: float) -> None:
        took, failed = await beat(caller, ask, rate, seconds)
        print(line(what, took, failed, resident(pid)))

    await beat(caller, match, rate, 2)  # the first calls compile
    await beat(caller, screen, 1, 3)
    print("| load | requests | p50 ms | p90 ms | p99 ms | most ms | failed | MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    await show(f"/health at {rate:g}/s: caller and wire alone", health, rate, seconds / 4)
    await show(f"/match at {rate:g}/s", match, rate, seconds)
    await show("/screen at 2/s", screen, 2, seconds / 2)
    swap = asyncio.create_task(caller.ask("/lists?as_of=2999-01-01"))
    await show(f"/match at {rate:g}/s while an index is built", match, rate, seconds / 2)
    await swap


def main() -> None:
    """Start a server, load it, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--port", type=int, default=8899)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database, store = f"{folder}/desk.db", Path(folder) / "store"
        store.mkdir()
        for listed in options.store.resolve().glob(
            "[!.]*"
        ):  # without the indexes kept there: they are to be built
            (store / listed.name).symlink_to(listed)
        ledger = Ledger(f"sqlite:///{database}")
        with ledger.change("benchmark", datetime.now(UTC)) as change:
            people.add_user(change, "load", "analyst", "only for the benchmark")
            token = people.add_token(change, "load", "benchmark")
        ledger.close()
        command = ["from desk.cli import main; main()", "serve", "--run", options.run, "--store", store]
        command += ["--database", database, "--port", str(options.port)]
        server = subprocess.Popen([sys.executable, "-c", *map(str, command)], stderr=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{options.port}"
        try:
            while not up(address):
                sleep(0.5)
            asked = names(options.store, 2_000)
            asyncio.run(measure(options.port, token, asked, options.rate, options.seconds, server.pid))
        finally:
            server.terminate()
            server.wait(20)


def up(address: str) -> bool:
    """Tell whether the server answers."""
    try:
        return httpx.get(f"{address}/health").status_code == 200
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    main()
