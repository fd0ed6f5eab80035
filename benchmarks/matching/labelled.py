"""Score labelled pairs of names, beside peers: AUC, the best F1, and F1 at review and alert.

    python -m benchmarks.matching.labelled PAIRS.csv [--logic-v2 PYTHON]

PAIRS.csv has name1, name2, is_match (true or 1) [, schema: Person, or anything else for an organization]. No such
file is in the repository or the reference data. Nothing is fitted on it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils
from sklearn.metrics import precision_recall_curve, roc_auc_score

from screening.matching import NameIndex, thresholds

Scores = NDArray[np.float64]


def read(path: Path) -> pl.DataFrame:
    """Return the columns pair, name1, name2, party_type, same."""
    frame = pl.read_csv(path, infer_schema=False)
    kind = pl.col("schema") if "schema" in frame.columns else pl.lit(None, pl.String)
    return frame.select(
        pair=pl.format("{}", pl.int_range(pl.len())),
        name1="name1",
        name2="name2",
        party_type=pl.when(kind == "Person").then(pl.lit("person")).otherwise(pl.lit("organization")),
        same=pl.col("is_match").str.to_lowercase().is_in(["true", "1"]),
    )


def headwater(pairs: pl.DataFrame) -> Scores:
    listed = pairs.select("party_type", party_id="pair", name="name2")
    asked = pairs.select("party_type", query_id="pair", name="name1")
    found = NameIndex.build(listed).match(asked, limit=None).filter(pl.col("query_id") == pl.col("party_id"))
    joined = pairs.join(found, left_on="pair", right_on="query_id", how="left", maintain_order="left")
    return joined["score"].fill_null(0.0).to_numpy()


def ratio(pairs: pl.DataFrame, scorer: Callable[..., float]) -> Scores:
    left, right = ([utils.default_process(name) for name in pairs[c]] for c in ("name1", "name2"))
    return process.cpdist(left, right, scorer=scorer).astype(np.float64) / 100


def logic_v2(pairs: pl.DataFrame, interpreter: str) -> Scores:
    rows = pairs.select("party_type", name="name1", names=pl.concat_list("name2"), listed_type="party_type")
    result = subprocess.run(
        [interpreter, str(Path(__file__).with_name("logic_v2.py"))],
        input="\n".join(map(json.dumps, rows.to_dicts())), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return np.array([float(line) for line in result.stdout.split()])


def f1(same: NDArray[np.bool_], called_same: NDArray[np.bool_]) -> float:
    return float(2 * (same & called_same).sum() / (same.sum() + called_same.sum()))


def best_f1(same: NDArray[np.bool_], scores: Scores) -> float:
    precision, recall, _ = precision_recall_curve(same, scores)
    return float(np.nanmax(2 * precision * recall / np.maximum(precision + recall, 1e-12)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--logic-v2", metavar="PYTHON")
    options = parser.parse_args()
    pairs = read(options.pairs)
    scores = {
        "Headwater": headwater(pairs),
        "rapidfuzz token_sort_ratio": ratio(pairs, fuzz.token_sort_ratio),
        "rapidfuzz WRatio": ratio(pairs, fuzz.WRatio),
    }
    if options.logic_v2:
        scores["nomenklatura logic-v2"] = logic_v2(pairs, options.logic_v2)
    limits = thresholds()["organization"]
    for kind in ("all", "organization", "person"):
        rows = (pairs["party_type"] == kind).to_numpy() if kind != "all" else np.ones(len(pairs), np.bool_)
        same = pairs["same"].to_numpy()[rows]
        print(f"\n{kind}: {rows.sum()} pairs, {same.sum()} the same")
        if same.all() or not same.any():
            continue  # there is nothing to tell apart
        for name, values in scores.items():
            own = values[rows]
            line = f"  {name:<28} AUC {roc_auc_score(same, own):.3f}  best F1 {best_f1(same, own):.3f}"
            if name == "Headwater":
                line += "".join(
                    f"  F1 at {band} {f1(same, own >= limit):.3f}" for band, limit in limits.items()
                )
            print(line)


if __name__ == "__main__":
    main()
