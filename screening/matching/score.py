"""From the features of an aligned pair to a similarity and a probability (compiled by numba).

A weighted sum of the features comes first; where it finds a pair all but impossible, it alone decides. The others go
through the fitted trees, each of which asks a few questions about the features; the sum of their answers, corrected
by the weighted sum, is the logarithm of the odds. Trees only ever rise with what speaks for a match and fall with
what speaks against it. Source: `calibration.toml` and `trees.csv`, fitted by `benchmarks.matching.fit`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.compiled import compiled
from screening.matching.feature_table import COUNT, COUNTRY, FEATURES, SIMILARITY, WEAK, position
from screening.names.tables import settings, table

LEAF = -1
"""In place of a feature: a node that asks nothing."""


class Model(NamedTuple):
    """What is fitted for one kind of party; node i asks whether feature `asks[i]` is at most `at_most[i]`."""

    linear: NDArray[np.float64]  # a weight per feature, then the constant
    roots: NDArray[np.int32]
    asks: NDArray[np.int8]  # position of a feature, or LEAF
    at_most: NDArray[np.float64]
    yes: NDArray[np.int32]
    no: NDArray[np.int32]
    value: NDArray[np.float64]  # of a leaf: its answer; of a node: the mean answer below it
    constant: float  # of the blend of trees and weighted sum
    tree_share: float
    linear_share: float
    floor: float  # weighted sum below which the trees are not asked
    same_country: float  # log odds
    other_country: float
    weak_share: float  # of the score that a weak alias keeps


@cache
def models() -> tuple[Model, Model]:
    """Return the models of persons and of organizations."""
    return _model("person"), _model("organization")


@cache
def gates() -> NDArray[np.float64]:
    """Return the shares of the weight of query and name (columns) that must match: of persons, of organizations."""
    gate = settings("calibration")["gate"]
    return np.array([[gate[kind]["query"], gate[kind]["name"]] for kind in ("person", "organization")])


def _model(kind: str) -> Model:
    fitted = settings("calibration")
    linear, blend, judged = fitted[kind]["linear"], fitted[kind]["blend"], fitted["evidence"]
    nodes = table("trees").filter(pl.col("model") == kind)
    asks = [position(feature) if feature else LEAF for feature in nodes["asks"].to_list()]
    column = {
        name: nodes[name].cast(pl.Float64).to_numpy().copy()
        for name in ("root", "at_most", "yes", "no", "value")
    }
    return Model(
        linear=np.array([linear.get(name, 0.0) for name in FEATURES] + [linear["constant"]]),
        roots=np.flatnonzero(column["root"] == 1).astype(np.int32),
        asks=np.array(asks, dtype=np.int8),
        at_most=column["at_most"],
        yes=column["yes"].astype(np.int32),
        no=column["no"].astype(np.int32),
        value=column["value"],
        constant=float(blend["constant"]),
        tree_share=float(blend["trees"]),
        linear_share=float(blend["linear"]),
        floor=float(judged["floor"]),
        same_country=float(judged["same_country"]),
        other_country=float(judged["other_country"]),
        weak_share=float(judged["weak_share"]),
    )


@compiled
def linear_log_odds(features, model):  # type: ignore[no-untyped-def]
    """Return the log odds of a match by the weighted sum of the features."""
    total = model.linear[COUNT]
    for i in range(COUNT):
        total += model.linear[i] * features[i]
    return total


@compiled
def tree_log_odds(features, model):  # type: ignore[no-untyped-def]
    """Return the sum of the answers of all trees."""
    total = 0.0
    for root in model.roots:
        node = root
        while model.asks[node] != LEAF:
            node = model.yes[node] if features[model.asks[node]] <= model.at_most[node] else model.no[node]
        total += model.value[node]
    return total


@compiled
def log_odds(features, model):  # type: ignore[no-untyped-def]
    """Return the log odds of a match, before a weak alias is discounted."""
    linear = linear_log_odds(features, model)
    if linear < model.floor:
        total = model.constant + model.linear_share * linear + model.tree_share * linear
    else:
        total = (
            model.constant + model.tree_share * tree_log_odds(features, model) + model.linear_share * linear
        )
    if features[COUNTRY] > 0.0:
        total += model.same_country
    elif features[COUNTRY] < 0.0:
        total += model.other_country
    return total


@compiled
def score_pair(features, model):  # type: ignore[no-untyped-def]
    """Return similarity (0 to 1, of the words alone) and score (a probability) of a pair."""
    score = 1.0 / (1.0 + np.exp(-log_odds(features, model)))
    if features[WEAK] > 0.0:
        score *= model.weak_share
    return features[SIMILARITY], score
