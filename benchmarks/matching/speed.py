"""How fast: a batch of a million, one-off look-ups, the index; each measured in a process of its own.

    python -m benchmarks.matching.speed [--customers 1000000]

Run it with nothing beside it. Times are those of the clock, after one warm-up match: what numba compiles once per
installation (about half a minute) is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from rapidfuzz import fuzz

from benchmarks.matching import corpus, peers
from screening.matching import NameIndex
from screening.matching.saved import from_bytes, to_bytes

Figures = dict[str, float]
REVIEW = 0.5
CALLS, A_CALL = 20, 2000
LOOKUPS = 2000
GROWN = 10


def customers(count: int) -> pl.DataFrame:
    """Names of real companies (four fifths) and made-up persons; past the real ones, halves of two put together."""
    companies, persons = corpus.companies()["name"], corpus.persons()["name"]
    drawn = pl.concat(
        [_drawn(companies, count - count // 5, seed=1), _drawn(persons, count // 5, seed=2)]
    ).shuffle(seed=3)
    return pl.DataFrame({"query_id": [f"c{i:07d}" for i in range(count)], "name": drawn})


def _drawn(names: pl.Series, count: int, seed: int) -> pl.Series:
    real = names.sample(min(count, len(names)), seed=seed, shuffle=True)
    return pl.concat([real, recombined(names, count - len(real), seed)]) if count > len(real) else real


def recombined(names: pl.Series, count: int, seed: int) -> pl.Series:
    """The first half of one name and the second half of another."""
    heads, tails = (names.sample(count, with_replacement=True, seed=seed + i).str.split(" ") for i in (1, 2))
    frame = pl.DataFrame({"head": heads, "tail": tails})
    head = pl.col("head").list.head((pl.col("head").list.len() + 1) // 2)
    tail = pl.col("tail").list.slice((pl.col("tail").list.len() + 1) // 2)
    return frame.select(head.list.concat(tail).list.join(" "))["head"].rename(names.name)


def grown(listed: pl.DataFrame) -> pl.DataFrame:
    """The list and nine times as many names made of its own, each a party."""
    kinds = [listed]
    for (kind,), part in listed.group_by("party_type", maintain_order=True):
        more = recombined(part["name"], (GROWN - 1) * part.height, seed=7)
        ids = pl.Series([f"X-{kind}-{i}" for i in range(len(more))])
        kinds.append(pl.DataFrame({"party_id": ids, "name": more, "party_type": [kind] * len(more)}))
    return pl.concat(
        [kind.select("party_id", "name", pl.col("party_type").cast(pl.String)) for kind in kinds]
    )


def _index() -> NameIndex:
    index = NameIndex.build(corpus.listed())
    index.match(pl.DataFrame({"query_id": ["0", "1"], "name": ["Warm Up Ltd", "x" * 35]}))
    return index


def measure_index(_: int) -> Figures:
    _index()
    listed = corpus.listed()
    started = time.perf_counter()
    index = NameIndex.build(listed)
    built = time.perf_counter()
    data = to_bytes(index)
    saved = time.perf_counter()
    from_bytes(data)
    return {
        "names": len(index.rows),
        "build, s": built - started,
        "load of a saved index, s": time.perf_counter() - saved,
        "saved index, MiB": len(data) / 2**20,
    }


def measure_batch(count: int) -> Figures:
    """Read, match, explain every match from review on, write."""
    index = _index()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "customers.parquet"
        customers(count).write_parquet(source)
        started, used = time.perf_counter(), time.process_time()
        queries = pl.read_parquet(source)
        matches = index.match(queries, limit=None, min_score=REVIEW)
        matched = time.perf_counter()
        reasons = [str(explained) for explained in index.explain_matches(matches)]
        matches.with_columns(why=pl.Series(reasons, dtype=pl.String)).write_parquet(
            Path(folder) / "matches.parquet"
        )
        ended = time.perf_counter()
    return {
        "customers": count,
        "matches at review or above": matches.height,
        "whole batch, s": ended - started,
        "of this the match, s": matched - started,
        "processor time, s": time.process_time() - used,
        "customers a second": count / (ended - started),
    }


def measure_lookup(_: int) -> Figures:
    index = _index()
    asked = customers(LOOKUPS + 200)
    times = []
    for query in asked.iter_slices(1):
        started = time.perf_counter()
        index.match(query)
        times.append(1000 * (time.perf_counter() - started))
    p50, p99 = np.percentile(times[200:], (50, 99))
    return {"look-up p50, ms": float(p50), "look-up p99, ms": float(p99)}


def measure_calls(_: int) -> Figures:
    index = _index()
    asked = customers(A_CALL * (CALLS + 1))
    index.match(asked.head(A_CALL))
    started = time.perf_counter()
    for call in asked.slice(A_CALL).iter_slices(A_CALL):
        index.match(call)
    return {f"calls of {A_CALL}, queries a second": A_CALL * CALLS / (time.perf_counter() - started)}


def measure_growth(_: int) -> Figures:
    asked = customers(100_000)
    times = []
    for listed in (corpus.listed(), grown(corpus.listed())):
        started = time.perf_counter()
        index = NameIndex.build(listed)
        built = time.perf_counter()
        index.match(asked.head(1000))
        warm = time.perf_counter()
        index.match(asked, limit=None, min_score=REVIEW)
        times.append((built - started, time.perf_counter() - warm))
    return {
        "names, ten times": len(index.rows),
        "build of ten times the list, s": times[1][0],
        "match against ten times the list, times as long": times[1][1] / times[0][1],
    }


def measure_peers(_: int) -> Figures:
    """The search alone, each with as many customers as it does in a few seconds."""
    listed, figures = corpus.listed(), {}
    index = _index()
    for name, match, count in (
        ("Headwater", lambda _, asked: index.match(asked), 50_000),
        ("char TF-IDF", peers.tfidf, 10_000),
        ("token_sort_ratio, every name", peers.rapidfuzz(fuzz.token_sort_ratio), 2_000),
        ("WRatio, every name", peers.rapidfuzz(fuzz.WRatio), 60),
    ):
        asked = customers(count)
        started = time.perf_counter()
        match(listed, asked)
        figures[f"{name}, customers a second"] = count / (time.perf_counter() - started)
    return figures


MEASUREMENTS = {
    "index": measure_index,
    "batch": measure_batch,
    "lookup": measure_lookup,
    "calls": measure_calls,
    "growth": measure_growth,
    "peers": measure_peers,
}


def run(count: int, names: list[str] | None = None) -> Figures:
    """Take every figure in a process of its own."""
    figures: Figures = {"cores": len(os.sched_getaffinity(0)), "load before": os.getloadavg()[0]}
    for name in names or list(MEASUREMENTS):
        command = [
            sys.executable,
            "-m",
            "benchmarks.matching.speed",
            "--customers",
            str(count),
            "--measure",
            name,
        ]
        result = subprocess.run(command, check=True, capture_output=True, text=True)
        figures |= json.loads(result.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--measure", choices=MEASUREMENTS)
    options = parser.parse_args()
    if options.measure:
        figures = MEASUREMENTS[options.measure](options.customers)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(figures | {f"peak memory of {options.measure}, MiB": memory}))
        return
    for name, value in run(options.customers).items():
        print(f"{name:<50} {value:>14,.{0 if value >= 100 else 3}f}")


if __name__ == "__main__":
    main()
