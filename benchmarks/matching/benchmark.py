"""Run the benchmark on one half and print its figures, and single cases that went wrong.

    python -m benchmarks.matching.benchmark [--half dev|test|both] [--typed] [--misses N]

Look at single cases of the development half only. `tables` prints all figures beside peers.
"""

from __future__ import annotations

import argparse
import time

import polars as pl

from benchmarks.matching import cases, peers
from benchmarks.matching.metrics import RATES, Outcome
from benchmarks.matching.tables import outcome


def run(made: cases.Cases, half: str, typed: bool = False) -> Outcome:
    """Match one half of the cases, or both; `typed`: the customers say their party type."""
    return outcome(made, half, peers.headwater_typed if typed else peers.headwater)


def summary(found: Outcome) -> pl.DataFrame:
    """Return the recall of each group of families: group, recall."""
    return pl.DataFrame(list(found.grouped(RATES[0]).items()), schema=["group", "recall"], orient="row")


def print_misses(made: cases.Cases, found: Outcome, most: int) -> None:
    """Print the first cases of each family that were missed, and the worst false alerts of each kind."""
    threshold = found.threshold(RATES[0])
    names = made.index.group_by("party_id").agg(pl.col("name").head(5))
    missed = found.found.filter(pl.col("score") < threshold).join(
        names, on="party_id", how="left", suffix="_listed"
    )
    for (family,), part in missed.group_by("family", maintain_order=True):
        print("\n##", family)
        for row in part.head(most).iter_rows(named=True):
            print(f"   {row['score']:.3f}  {row['name']!r}  <- {row['name_listed']}")
    false = found.false.filter(pl.col("score") >= threshold).sort("score", descending=True)
    for (family,), part in false.group_by("family", maintain_order=True):
        print("\n## false:", family)
        for row in part.head(most).iter_rows(named=True):
            print(f"   {row['score']:.3f}  {row['name']!r}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("dev", "test", "both"), default="dev")
    parser.add_argument("--typed", action="store_true")
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    made = cases.make()
    started = time.perf_counter()
    found = run(made, options.half, options.typed)
    seconds = time.perf_counter() - started
    with pl.Config(tbl_rows=100, fmt_str_lengths=60, tbl_hide_dataframe_shape=True):
        print(f"half {options.half}, threshold {found.threshold(RATES[0]):.4f}, {seconds:.1f} s")
        print(found.recall(RATES[0]))
        print(summary(found))
        print(pl.DataFrame(list(found.alerts(RATES[0]).items()), schema=["family", "alerts"], orient="row"))
    print_misses(made, found, options.misses)


if __name__ == "__main__":
    main()
