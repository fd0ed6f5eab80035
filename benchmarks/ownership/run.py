"""Read, run three regimes, find parents and explain 10,000 entities; print time and memory of each step.

python -m benchmarks.ownership.generate 1000000 edges.parquet
python -m benchmarks.ownership.run edges.parquet [--networkx]
"""

from __future__ import annotations

import resource
import statistics
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import networkx as nx
import numpy as np
import polars as pl

from pipelines.inputs.ownership import read_ownership
from screening.ownership import OwnershipNetwork

EXPLAINED, LOOKED_AT = 10_000, 200
LISTED = 1_000  # one entity in so many is listed, drawn anew for each regime


@contextmanager
def step(name: str) -> Iterator[None]:
    started = perf_counter()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name:<34}{perf_counter() - started:>9.2f} s{peak:>9.2f} GiB at most so far", flush=True)


def ours(path: Path) -> None:
    started = perf_counter()
    with step("read and check"):
        edges = read_ownership([path]).edges
    with step("build the network"):
        network = OwnershipNetwork.from_edges(edges)
    ids = network.entities["entity_id"]
    print(f"  {edges.height:,} edges, {len(ids):,} entities")
    del edges
    flagged: list[str] = []
    rng = np.random.default_rng(1)
    for regime in ("ofac", "ssi", "bis"):
        with step(f"cascade, {regime}"):
            result = network.run_cascade(ids.gather(rng.choice(len(ids), len(ids) // LISTED, replace=False)))
            outcome = result.frame()
        print(
            "  "
            + ", ".join(
                f"{status} {count:,}" for status, count in sorted(outcome["status"].value_counts().rows())
            )
        )
        flagged = outcome.filter(pl.col("status").is_in(["restricted", "indeterminate"]))[
            "entity_id"
        ].to_list()
    with step("ultimate parents"):
        network.ultimate_parents()
    chosen = flagged[:EXPLAINED]
    with step(f"paths of {len(chosen):,} entities"):
        sum(len(str(found)) for found in result.paths_for(chosen, limit=3))
    print(f"{'in all':<34}{perf_counter() - started:>9.2f} s")
    times = [_neighbourhood(network, entity) for entity in flagged[:LOOKED_AT]]
    *_, late = statistics.quantiles(times, n=20)
    print(
        f"a neighbourhood (3 hops, fan 50): median {statistics.median(times):.1f} ms, 95 of 100 in {late:.1f} ms"
    )


def _neighbourhood(network: OwnershipNetwork, entity: str) -> float:
    started = perf_counter()
    network.graph(entity, hops=3, fan=50)
    return 1_000 * (perf_counter() - started)


def plain_networkx(path: Path) -> None:
    """One cascade as anybody would write it: a DiGraph and a queue. Fewer outputs than ours: no doubt, no roots."""
    started = perf_counter()
    with step("networkx: read and build"):
        rows = pl.read_parquet(path).filter(pl.col("interest").is_in(["equity", "consolidation"]))
        graph: nx.DiGraph[str] = nx.DiGraph()
        for owner, owned, low in rows.select("owner_id", "owned_id", "share_min").iter_rows():
            graph.add_edge(owner, owned, low=low)
    names = sorted(graph)
    rng = np.random.default_rng(1)
    for regime in ("ofac", "ssi", "bis"):
        with step(f"networkx: cascade, {regime}, sure only"):
            queue = deque(
                names[place] for place in rng.choice(len(names), len(names) // LISTED, replace=False)
            )
            restricted, shares = set(queue), dict.fromkeys(names, 0)
            while queue:
                owner = queue.popleft()
                for owned, data in graph[owner].items():
                    shares[owned] += data["low"]
                    if shares[owned] >= 500_000 and owned not in restricted:
                        restricted.add(owned)
                        queue.append(owned)
    print(f"{'networkx: in all':<34}{perf_counter() - started:>9.2f} s")


if __name__ == "__main__":
    (plain_networkx if "--networkx" in sys.argv else ours)(Path(sys.argv[1]))
