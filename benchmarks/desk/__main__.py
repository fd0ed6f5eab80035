"""Load on a real server: requests begin on a fixed beat whether or not earlier ones were answered.

`python -m benchmarks.desk --store lists --run run [--rate 50] [--seconds 20]` starts a server process of its own, asks
`/match` for names of the lists and mixtures of them, `/screen`, and `/match` while an index is built, and
prints a table. Times are what the caller sees.
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

from desk.store import Ledger, people
from lists.store import Store

SEED = 20261122
Ask = Callable[[int], tuple[str, Any]]


def names(store: Path, count: int) -> list[str]:
    """Return names as customers have them: half from the lists, half their words mixed anew."""
    known = Store(store).load().frames.names["name"].to_list()
    draw = random.Random(SEED)
    words = [word for name in draw.sample(known, 3_000) for word in name.split()]
    mixed = [" ".join(draw.sample(words, draw.randint(2, 5))) for _ in range(count // 2)]
    return draw.sample([*draw.sample(known, min(len(known), count - len(mixed))), *mixed], count)


async def beat(client: httpx.AsyncClient, ask: Ask, rate: float, seconds: float) -> tuple[list[float], int]:
    """Send requests on the beat; returns the seconds each took and how many failed."""
    took: list[float] = []
    failed = 0

    async def one(number: int) -> None:
        nonlocal failed
        path, body = ask(number)
        began = perf_counter()
        answer = await (client.post(path, json=body) if body else client.get(path))
        took.append(perf_counter() - began)
        failed += answer.status_code != 200

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


async def measure(address: str, token: str, asked: list[str], rate: float, seconds: float, pid: int) -> None:
    """Run the three loads and print the table."""
    headers = {"authorization": f"Bearer {token}"}
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx.AsyncClient(base_url=address, headers=headers, limits=limits, timeout=60) as client:

        def match(number: int) -> tuple[str, Any]:
            properties = {"name": [asked[number % len(asked)]]}
            return "/match", {"queries": {"q": {"schema": "Company", "properties": properties}}}

        def screen(number: int) -> tuple[str, Any]:
            owner = {
                "owner_id": "o",
                "owned_id": "c",
                "share_percent": "60",
                "owner_name": asked[-1 - number],
            }
            return "/screen", {
                "customer": {"customer_id": "c", "name": asked[number], "country": "DE"}, "ownership": [owner]
            }  # fmt: skip

        def health(number: int) -> tuple[str, Any]:
            return "/health", None

        await beat(client, match, rate, 2)  # the first calls compile
        await beat(client, screen, 1, 3)
        print("| load | requests | p50 ms | p90 ms | p99 ms | most ms | failed | MB |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        took, failed = await beat(client, health, rate, seconds / 4)
        print(line(f"/health at {rate:g}/s: caller and wire alone", took, failed, resident(pid)))
        took, failed = await beat(client, match, rate, seconds)
        print(line(f"/match at {rate:g}/s", took, failed, resident(pid)))
        took, failed = await beat(client, screen, 2, seconds / 2)
        print(line("/screen at 2/s", took, failed, resident(pid)))
        swap = asyncio.create_task(client.get("/lists", params={"as_of": "2999-01-01"}))
        took, failed = await beat(client, match, rate, seconds / 2)
        await swap
        print(line(f"/match at {rate:g}/s while an index is built", took, failed, resident(pid)))


def main() -> None:
    """Start a server, load it, stop it."""
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--store", type=Path, required=True)
    asking.add_argument("--run", type=Path, required=True)
    asking.add_argument("--rate", type=float, default=50)
    asking.add_argument("--seconds", type=float, default=20)
    asking.add_argument("--port", type=int, default=8899)
    told = asking.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = f"{folder}/desk.db"
        ledger = Ledger(f"sqlite:///{database}")
        with ledger.change("benchmark", datetime.now(UTC)) as change:
            people.add_user(change, "load", "analyst", "only for the benchmark")
            token = people.add_token(change, "load", "benchmark")
        ledger.close()
        command = ["from desk.cli import main; main()", "serve", "--run", told.run, "--store", told.store]
        command += ["--database", database, "--port", str(told.port)]
        server = subprocess.Popen([sys.executable, "-c", *map(str, command)], stderr=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{told.port}"
        try:
            while not up(address):
                sleep(0.5)
            asyncio.run(
                measure(address, token, names(told.store, 2_000), told.rate, told.seconds, server.pid)
            )
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
