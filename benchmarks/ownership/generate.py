"""Make an ownership world of any size: power-law holders, long chains, loops, bands and undisclosed shares.

python -m benchmarks.ownership.generate 1_000_000 edges.parquet
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

CHAINED = 0.10  # of the edges lie in chains of 5 to 2,000 entities, one in ten of which closes into a loop
UNDISCLOSED, BANDED = 0.20, 0.10
HEAVY = 0.001  # the holders with the most holdings disclose them, as funds do
OWNERLESS = 0.3  # of the entities are people and funds: they hold, and nobody holds them
COMPLETE = 0.85  # of the entities account for all their shares
INTERESTS = ("equity", "consolidation", "board", "control")
INTEREST_SHARE = (0.90, 0.05, 0.03, 0.02)


def world(edge_count: int, seed: int = 0) -> pl.DataFrame:
    """Return an edge table with about two edges an entity; the same seed gives the same table."""
    rng = np.random.default_rng(seed)
    entities = edge_count // 2
    chained = int(edge_count * CHAINED)
    owned = rng.integers(int(entities * OWNERLESS), entities, edge_count - chained)
    owner = (entities * rng.random(edge_count - chained) ** 3).astype(np.int64)  # a few hold very many
    chain_owner, chain_owned = _chains(rng, entities, chained)
    owner, owned = np.concatenate([owner, chain_owner]), np.concatenate([owned, chain_owned])
    weight = rng.random(edge_count) + 0.05
    weight[edge_count - chained :] += 1.5  # chains are mostly majorities
    total = np.zeros(entities)
    np.add.at(total, owned, weight)
    disclosed = np.where(rng.random(entities) < COMPLETE, total, np.maximum(total, 1.0))
    share = (1_000_000 * weight / disclosed[owned]).astype(np.int64)
    dice = rng.random(edge_count)
    hidden = (dice < UNDISCLOSED) & (owner > entities * HEAVY)
    banded = (dice >= UNDISCLOSED) & (dice < UNDISCLOSED + BANDED)
    low = np.where(hidden, 0, np.where(banded, share // 250_000 * 250_000, share))
    high = np.where(hidden, 1_000_000, np.where(banded, np.minimum(low + 250_000, 1_000_000), share))
    return pl.DataFrame(
        {
            "owner_id": _ids(owner),
            "owned_id": _ids(owned),
            "share_min": low,
            "share_max": high,
            "interest": pl.Series(INTERESTS).gather(rng.choice(4, edge_count, p=INTEREST_SHARE)),
        }
    )


def _chains(rng: np.random.Generator, entities: int, edges: int) -> tuple[np.ndarray, np.ndarray]:
    """Link random entities into chains and loops, `edges` edges in all."""
    order = rng.integers(int(entities * OWNERLESS), entities, edges + 1)
    ends = np.cumsum(np.exp(rng.uniform(np.log(5), np.log(2_000), edges // 5)).astype(np.int64))
    ends = ends[ends < edges]
    owner, owned = order[:-1].copy(), order[1:].copy()
    starts = np.concatenate([[0], ends[:-1] + 1])
    looped = rng.random(len(ends)) < 0.1
    owned[ends[looped]] = order[starts[looped]]
    return owner, owned


def _ids(numbers: np.ndarray) -> pl.Series:
    return pl.select(pl.format("E{}", pl.lit(pl.Series(numbers)).cast(pl.String).str.zfill(8))).to_series()


if __name__ == "__main__":
    world(int(sys.argv[1])).write_parquet(Path(sys.argv[2]), compression="zstd")
