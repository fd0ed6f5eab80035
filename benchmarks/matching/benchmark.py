"""Run the benchmark and print its tables.

python -m benchmarks.matching.benchmark [--half dev|test|both] [--typed] [--misses N]
"""

from __future__ import annotations

import argparse
import pickle
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.matching import cases as questions
from screening.matching import NameIndex

FALSE_POSITIVE_RATE = 0.005


def load(cache: Path | None = None) -> questions.Cases:
    if cache and cache.exists():
        return pickle.loads(cache.read_bytes())
    made = questions.make()
    if cache:
        cache.write_bytes(pickle.dumps(made))
    return made


def answers(index: NameIndex, queries: pl.DataFrame, typed: bool) -> pl.DataFrame:
    """Match with no limit; query_id, party_id, score, matched_name."""
    columns = ["query_id", "name", *(["party_type"] if typed else [])]
    return index.match(queries.select(columns), limit=None).select(
        "query_id", "party_id", "score", "matched_name"
    )


def best_scores(queries: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    best = hits.group_by("query_id").agg(
        pl.col("score").max(), pl.col("matched_name").sort_by("score").last()
    )
    return queries.join(best, on="query_id", how="left").with_columns(pl.col("score").fill_null(0.0))


def party_scores(queries: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    return queries.join(hits, on=["query_id", "party_id"], how="left").with_columns(
        pl.col("score").fill_null(0.0)
    )


def run(made: questions.Cases, half: str, typed: bool = False) -> dict[str, pl.DataFrame]:
    of_half = pl.lit(True) if half == "both" else pl.col("half") == half
    positives, negatives = made.positives.filter(of_half), made.negatives.filter(of_half)
    index = NameIndex.build(made.index)
    found = party_scores(positives, answers(index, positives, typed))
    false = best_scores(negatives, answers(index, negatives, typed))
    clean = false.filter(pl.col("family") == "clean")["score"].to_numpy()
    threshold = float(np.quantile(clean, 1 - FALSE_POSITIVE_RATE, method="higher")) + 1e-12
    recall = (
        found.group_by("family")
        .agg(pl.len().alias("cases"), recall=(pl.col("score") >= threshold).mean())
        .sort("family")
    )
    alerts = (
        false.group_by("family")
        .agg(pl.len().alias("cases"), alerts=(pl.col("score") >= threshold).mean())
        .sort("family")
    )
    return {
        "recall": recall,
        "alerts": alerts,
        "found": found,
        "false": false,
        "threshold": pl.DataFrame({"threshold": [threshold]}),
    }


GROUPS = {
    "organizations: typed and word changes": (
        r"^organization: (typo|two typos|ocr|word order|missing word|added word|legal form|abbreviation|joined|split"
        r"|truncated|homoglyph|romanization)$"
    ),
    "organizations: head word, translated": r"^organization: (head word|translated)$",
    "persons": (
        r"^person: (typo|two typos|ocr|name order|initials|missing given|joined|split|homoglyph|romanization)$"
    ),
    "hidden aliases that resemble": r"hidden alias resembling$",
    "hidden aliases unlike": r"hidden alias unlike$",
    "native script": r"(native script|cyrillic|arabic)$",
}


def summary(found: pl.DataFrame, threshold: float) -> pl.DataFrame:
    rows = []
    for group, pattern in GROUPS.items():
        part = found.filter(pl.col("family").str.contains(pattern))
        if part.height:
            rows.append((group, part.height, float((part["score"] >= threshold).mean())))
    name_candidates = found.filter(~pl.col("family").str.contains("unlike"))
    rows.append(
        (
            "all but unlike aliases",
            name_candidates.height,
            float((name_candidates["score"] >= threshold).mean()),
        )
    )
    rows.append(("all", found.height, float((found["score"] >= threshold).mean())))
    return pl.DataFrame(rows, schema=["group", "cases", "recall"], orient="row")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", default="dev")
    parser.add_argument("--typed", action="store_true")
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    made = load(options.cache)
    started = time.perf_counter()
    result = run(made, options.half, options.typed)
    threshold = result["threshold"][0, 0]
    with pl.Config(
        tbl_rows=100, fmt_str_lengths=60, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True
    ):
        print(f"half {options.half}, threshold {threshold:.4f}, {time.perf_counter() - started:.1f} s")
        print(result["recall"])
        print(summary(result["found"], threshold))
        print(result["alerts"])
        if options.misses:
            missed = result["found"].filter(pl.col("score") < threshold)
            for (family,), part in missed.group_by("family", maintain_order=True):
                print("\n##", family)
                for row in part.head(options.misses).iter_rows(named=True):
                    names = made.index.filter(pl.col("party_id") == row["party_id"])["name"].to_list()
                    print(f"   {row['score']:.3f}  {row['name']!r}  <- {names[:5]}")
            for (family,), part in (
                result["false"].filter(pl.col("score") >= threshold).group_by("family", maintain_order=True)
            ):
                print("\n## false:", family)
                for row in part.sort("score", descending=True).head(options.misses).iter_rows(named=True):
                    print(f"   {row['score']:.3f}  {row['name']!r}  = {row['matched_name']!r}")


if __name__ == "__main__":
    main()
