"""Fit the matcher on the development half and write `calibration.toml` and `trees.csv`.

    python -m benchmarks.matching.fit          (needs scikit-learn)

Positive pairs are a development query and the likest name of its party, negative pairs the likest names for clean
and hard-negative queries. The fit goes round three times, since which name is likest depends on the fit. Half of
the queries say their party type. Weak aliases and countries are not in the data: what they are worth is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import polars.selectors as cs
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.matching import cases
from benchmarks.matching.pairs import pair_features
from screening.matching import NameIndex
from screening.matching.feature_table import DIRECTIONS, FEATURES, MATCHED, SIMILARITY

DATA = Path(__file__).resolve().parents[2] / "screening" / "data" / "names"
JUDGED = ("weak", "country")
HARD = 3.0  # weight of a hard negative against a clean one
TREES = {
    "max_iter": 160,
    "learning_rate": 0.08,
    "max_leaf_nodes": 14,
    "min_samples_leaf": 40,
    "l2_regularization": 2.0,
}
HEADER = """\
# Fitted by benchmarks.matching.fit on {today}, on the development half only.
# linear: log odds by a weighted sum of the features. blend: how trees and sum are put together.
[gate]
# A pair is scored only when at least these shares of the query's and of the name's weight are matched.
person = { query = 0.38, name = 0.25 }
organization = { query = 0.42, name = 0.42 }
[evidence]
# Judged, not fitted: log odds of a same and of another country; what is left of the score of a weak alias, so
# that it never reaches review (0.5) alone; log odds of the sum below which the trees are not asked.
same_country = 0.5
other_country = -0.7
weak_share = 0.49
floor = -6.0
"""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One kind of party: sections of calibration.toml (name -> value), and the nodes of its trees."""

    blend: dict[str, float]
    linear: dict[str, float]
    nodes: list[dict[str, object]]


def pairs(made: cases.Cases, index: NameIndex) -> tuple[pl.DataFrame, NDArray[np.float64], NDArray[np.bool_]]:
    """Return every development pair (positive, query, hard), its features, and whether it counts as of persons."""
    rows = index.rows.with_row_index("name_row").select("name_row", "party_id", matched_name="name")
    frames, values, persons = [], [], []
    positives = made.positives.filter((pl.col("half") == "dev") & ~pl.col("family").str.ends_with("unlike"))
    negatives = made.negatives.filter(pl.col("half") == "dev")
    typed = pl.int_range(pl.len()) % 2 == 0
    for positive, drawn in ((True, positives), (False, negatives)):
        queries = drawn.with_columns(party_type=pl.when(typed).then("party_type")).with_row_index("query_row")
        if positive:
            joined = queries.join(rows, on="party_id")
        else:
            found = index.match(queries, limit=8).select("query_id", "party_id", "matched_name")
            best = rows.unique(["party_id", "matched_name"], keep="first", maintain_order=True)
            joined = queries.join(found, on="query_id").join(best, on=["party_id", "matched_name"])
        joined = joined.sort("query_row", "name_row")
        features, as_person = pair_features(
            index,
            queries,
            joined["query_row"].to_numpy().astype(np.int64),
            joined["name_row"].to_numpy().astype(np.int64),
        )
        useful = features[:, MATCHED] > 0
        hard = (pl.col("family") != "clean") & (not positive)
        frames.append(joined.select("query_row", positive=pl.lit(positive), hard=hard).filter(useful))
        values.append(features[useful])
        persons.append(as_person[useful])
    return pl.concat(frames), np.concatenate(values), np.concatenate(persons)


def fit(frame: pl.DataFrame, x: NDArray[np.float64]) -> Fitted:
    """Fit one kind of party to its pairs and their features."""
    positive = frame["positive"].to_numpy()
    query = frame["query_row"].to_numpy()
    weight = np.where(frame["hard"].to_numpy(), HARD, 1.0)
    free = np.array([name not in JUDGED for name in FEATURES])
    x = np.where(free, x, 0.0)
    score = x[:, SIMILARITY]
    for _ in range(3):
        chosen = ~positive
        best = np.lexsort((-score, query))
        best = best[positive[best]]
        first = np.concatenate([[True], query[best][1:] != query[best][:-1]])
        chosen[best[first]] = True
        rows = np.flatnonzero(chosen)
        scale = np.where(x[rows].std(axis=0) > 0, x[rows].std(axis=0), 1.0)
        linear, constant = signed_regression(x[rows] / scale, positive[rows], weight[rows])
        trees = HistGradientBoostingClassifier(
            monotonic_cst=list(DIRECTIONS), random_state=0, early_stopping=False, **TREES
        )
        trees.fit(x[rows], positive[rows], sample_weight=weight[rows])
        score = trees.decision_function(x)
    summed = x[rows] / scale @ linear + constant
    unseen = cross_val_predict(
        trees,
        x[rows],
        positive[rows],
        cv=StratifiedKFold(5, shuffle=True, random_state=0),
        method="decision_function",
        params={"sample_weight": weight[rows]},
    )
    blend = LogisticRegression(C=1e6).fit(np.column_stack([unseen, summed]), positive[rows])
    constant_part, (tree_share, linear_share) = blend.intercept_[0], blend.coef_[0]
    if linear_share < 0.02:
        blend = LogisticRegression(C=1e6).fit((unseen + 0.02 * summed)[:, None], positive[rows])
        constant_part, tree_share = blend.intercept_[0], blend.coef_[0][0]
        linear_share = 0.02 * tree_share
    return Fitted(
        blend={"constant": constant_part, "trees": tree_share, "linear": linear_share},
        linear={"constant": constant, **dict(zip(FEATURES, (linear / scale).tolist(), strict=True))},
        nodes=_nodes(trees),
    )


def signed_regression(
    x: NDArray[np.float64], positive: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Logistic regression whose weights have the sign of `DIRECTIONS`, so that more agreement never lowers a score.

    Returns the weights and the constant.
    """
    outcome = np.where(positive, 1.0, -1.0)

    def loss(p: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = outcome * (x @ p[:-1] + p[-1])
        pull = -weight * outcome * expit(-margin)
        value = float(weight @ np.logaddexp(0.0, -margin) + 0.5 * p[:-1] @ p[:-1])
        return value, np.append(x.T @ pull + p[:-1], pull.sum())

    sides = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    found = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 2000},
        bounds=[*(sides[direction] for direction in DIRECTIONS), (None, None)],
    )  # fmt: skip
    return found.x[:-1], float(found.x[-1])


def _nodes(trees: HistGradientBoostingClassifier) -> list[dict[str, object]]:
    """Return the nodes of all trees, one after the other; the constant of the fit goes into the first tree."""
    rows: list[dict[str, object]] = []
    constant = float(np.ravel(trees._baseline_prediction)[0])
    for number, (tree,) in enumerate(trees._predictors):
        start, nodes = len(rows), tree.nodes
        value = nodes["value"].copy()
        for i in range(len(nodes) - 1, -1, -1):
            if not nodes["is_leaf"][i]:
                left, right = nodes["left"][i], nodes["right"][i]
                counts = nodes["count"][left], nodes["count"][right]
                value[i] = (value[left] * counts[0] + value[right] * counts[1]) / sum(counts)
        if number == 0:
            value += constant
        for i, node in enumerate(nodes):
            leaf = bool(node["is_leaf"])
            rows.append({
                "root": int(i == 0),
                "asks": None if leaf else FEATURES[int(node["feature_idx"])],
                "at_most": 0.0 if leaf else float(node["num_threshold"]),
                "yes": -1 if leaf else start + int(node["left"]),
                "no": -1 if leaf else start + int(node["right"]),
                "value": float(value[i]),
            })  # fmt: skip
    return rows


def main() -> None:
    made = cases.make(per_family=1000, clean_names=80_000)
    index = NameIndex.build(made.index)
    frame, x, persons = pairs(made, index)
    text, tables = HEADER.replace("{today}", str(date.today())), []
    for kind, chosen in (("person", persons), ("organization", ~persons)):
        fitted = fit(frame.filter(chosen), x[chosen])
        for section, values in (("blend", fitted.blend), ("linear", fitted.linear)):
            text += f"[{kind}.{section}]\n" + "".join(
                f"{name} = {value:.5g}\n" for name, value in values.items()
            )
        nodes = pl.DataFrame(fitted.nodes, infer_schema_length=None).with_columns(
            cs.float().round_sig_figs(6)
        )
        tables.append(nodes.select(pl.lit(kind).alias("model"), pl.all()))
        print(kind, int(chosen.sum()), "pairs", len(fitted.nodes), "nodes", fitted.blend)
    (DATA / "calibration.toml").write_text(text, "utf-8")
    pl.concat(tables).write_csv(DATA / "trees.csv")


if __name__ == "__main__":
    main()
