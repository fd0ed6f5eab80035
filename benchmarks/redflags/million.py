"""Assemble the facts of a large book and evaluate every rule on it; print seconds and peak memory.

python -m benchmarks.redflags.million [customers]
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np
import polars as pl

from screening.redflags import assess
from screening.redflags.facts import assemble

DAY = date(2026, 11, 22)
PLACES = np.array(["US", "DE", "JP", "FR", "BR", "IN", "AE", "SG", "KY", "CN", "HK", "RU"])
SHARES = np.array([0.40, 0.15, 0.10, 0.10, 0.06, 0.06, 0.04, 0.03, 0.01, 0.03, 0.01, 0.01])
T = TypeVar("T")


def ids(which: np.ndarray) -> pl.Series:
    return pl.Series("customer_id", which).cast(pl.String).str.zfill(8)


def book(n: int, rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Return made-up tables: 1 customer in 25 active, 1 in 5 connected, 1 in 200 matched, 1 in 500 owned."""
    everyone = np.arange(n)

    def some(share: float) -> np.ndarray:
        return np.sort(rng.choice(n, int(n * share), replace=False))

    def place(size: int) -> np.ndarray:
        return rng.choice(PLACES, size, p=SHARES)

    active, dealing, connected, matched, owned = some(0.04), some(0.1), some(0.2), some(0.005), some(0.002)
    parents = some(0.5)
    founded = [date(2000, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 9800, n)]
    return {
        "customers": pl.DataFrame(
            {
                "customer_id": ids(everyone),
                "name": pl.Series(everyone).cast(pl.String) + " Holdings Ltd",
                "party_type": "organization",
                "country": place(n),
                "hq_country": place(n),
                "incorporation_country": place(n),
                "address": pl.Series(everyone).cast(pl.String) + " Main Street, Springfield",
                "incorporated_on": founded,
                "segment": rng.choice(np.array(["cloud provider", "food trading", "research", "retail"]), n),
            }
        ),
        "hits": pl.DataFrame(
            {
                "customer_id": ids(matched),
                "party_id": "SDN-1",
                "list": rng.choice(np.array(["SDN", "EL", "DPL", "UVL"]), len(matched)),
                "party_name": "Listed Party",
                "matched_name": "Listed Party",
                "score": rng.uniform(0.5, 1, len(matched)),
                "band": rng.choice(np.array(["alert", "review"]), len(matched)),
            }
        ),
        "restricted": pl.DataFrame(
            {
                "customer_id": ids(owned),
                "regime": "bis",
                "status": rng.choice(np.array(["restricted", "indeterminate", "minority"]), len(owned)),
                "low": 300_000,
                "high": 700_000,
                "path": "Listed Party -> customer",
            }
        ),
        "parents": pl.DataFrame(
            {
                "customer_id": ids(parents),
                "parent_id": ids(parents // 3),
                "parent_name": "Parent",
                "parent_hq_country": place(len(parents)),
                "basis": "majority_chain",
                "unknown": False,
            }
        ),
        "activity": pl.DataFrame(
            {
                "customer_id": ids(active),
                "activity_id": ids(np.arange(len(active))),
                "kind": rng.choice(
                    np.array(["training", "fine_tuning", "inference", "deployment"]), len(active)
                ),
                "training_ops_planned": 10 ** rng.uniform(22, 26.5, len(active)),
                "model_id": rng.choice(np.array(["m1", "m2", "m3"]), len(active)),
                "weights_published": rng.choice(np.array(["yes", "no", "unknown"]), len(active)),
                "start": date(2026, 3, 1),
                "accelerator": "H100",
                "count": rng.integers(1, 5000, len(active)),
                "site_country": place(len(active)),
            }
        ),
        "transactions": pl.DataFrame(
            {
                "customer_id": ids(np.repeat(dealing, 3)),
                "date": date(2026, 5, 1),
                "role": "ultimate_consignee",
                "counterparty": rng.choice(
                    np.array(["Alpha Freight LLC", "Beta Labs", "Gamma GmbH"]), 3 * len(dealing)
                ),
                "item": pl.Series(np.repeat(dealing, 3)).cast(pl.String) + " board",
                "hs_code": rng.choice(np.array(["854231", "610910"]), 3 * len(dealing)),
                "ship_to_country": place(3 * len(dealing)),
                "amount": rng.uniform(1, 1e6, 3 * len(dealing)),
            }
        ),
        "connections": pl.DataFrame(
            {
                "entity_id": ids(np.repeat(connected, 2)),
                "kind": np.tile(np.array(["email", "phone"]), len(connected)),
                "value": pl.Series(np.repeat(connected, 2)).cast(pl.String) + "@mail.example",
            }
        ),
    }


def timed(what: str, work: Callable[[], T]) -> T:
    start, busy = perf_counter(), process_time()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{what}: {perf_counter() - start:.1f} s, {process_time() - busy:.1f} s of CPU, peak {peak:.2f} GiB"
    )
    return result


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    tables = timed(f"making {n:,} customers", lambda: book(n, np.random.default_rng(7)))
    customers = tables.pop("customers")
    facts = timed("assembling facts", lambda: assemble(customers, as_of=DAY, **tables))  # type: ignore[arg-type]
    tables.clear()
    assessed = timed("evaluating every rule", lambda: assess(facts, DAY))
    print(f"{assessed.findings.height:,} findings, {assessed.coverage.height} lines of coverage")


if __name__ == "__main__":
    main()
