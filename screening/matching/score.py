"""From the measures of an aligned pair to a similarity and a probability (compiled by numba).

A pair is first judged by a weighted sum of its measures; what that finds all but impossible stays with it. The
others go through the fitted trees, each of which asks a few questions about the measures; the sum of their
answers, corrected by the first judgement, is the logarithm of the odds. Trees only ever rise with what speaks for
a match and fall with what speaks against it. Source: `calibration.toml` and `trees.csv`, fitted by
`benchmarks.matching.fit`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.compiled import compiled
from screening.names.tables import settings, table

MEASURES = (
    "matched",  # weight of the aligned words times their similarity
    "lost",  # weight of the aligned words times their difference
    "left_query",  # weight of the query's words that found no partner
    "left_name",
    "most_query",  # the weightiest of them
    "most_name",
    "numbers",  # 2 both have a number that the other lacks, 1 one has
    "places",  # 1 both have a place word that the other lacks
    "legal",  # 1 same class of legal form, -1 another, 0 one lacks it
    "initials",  # words paired with an initial
    "weak",  # 1 a weak alias
    "other_type",  # both types known and different
    "craft",  # the party is a vessel or an aircraft, the query is not known to be one
    "country",  # 1 same, -1 another, 0 unknown
    "translated",  # weight of the words that agree in meaning only
    "distinctive",  # number of distinctive words that agree
    "strongest",  # weight of the weightiest agreement
    "letters",  # share of letters in common, in order, of the whole names without blanks
    "rest",  # the same of what found no partner, where both have such words; else 1
    "order",  # share of neighbouring agreements that stand in another order
    "cut",  # 1 the query ends where a field of a payment message ends
    "similarity",  # matched weight as a share of all the weight
    "covered_query",  # the same of the query's weight alone
    "covered_name",
    "spelling",  # difference as a share of the aligned weight
    "evidence",  # bits of the words that agree, less where they are spelled differently
    "written",  # share of letters in common, in order, of both names as they are written, legal forms included
    "prominent",  # by how many bits the most prominent word that agrees is likelier on the lists than elsewhere
)
FEATURES = len(MEASURES)
DIRECTION = (1, -1, -1, -1, -1, -1, -1, -1, 1, 0, -1, -1, -1, 1, -1, 1, 1, 1, 1, -1, 0, 1, 1, 1, -1, 1, 1, 1)
"""Whether a measure speaks for a match (1), against it (-1) or may do either (0)."""
SIMILARITY = MEASURES.index("similarity")
WEAK = MEASURES.index("weak")
COUNTRY = MEASURES.index("country")


class Model(NamedTuple):
    """What is fitted for one kind of party; node i asks whether measure `asks[i]` is at most `at_most[i]`."""

    linear: NDArray[np.float64]  # a weight per measure, then the constant
    roots: NDArray[np.int32]
    asks: NDArray[np.int8]  # -1 for a leaf
    at_most: NDArray[np.float64]
    yes: NDArray[np.int32]
    no: NDArray[np.int32]
    value: NDArray[np.float64]  # of a leaf: its answer; of a node: the mean answer below it
    blend: NDArray[np.float64]  # constant, weight of the trees, weight of the linear judgement
    evidence: NDArray[
        np.float64
    ]  # log odds of same country, other country; share that a weak alias keeps; floor


@cache
def models() -> tuple[Model, Model]:
    """Return the models of persons and of organizations."""
    return _model("person"), _model("organization")


@cache
def gates() -> NDArray[np.float64]:
    """Shares of the weight of query and name (columns) that must be matched: of persons, of organizations."""
    gate = settings("calibration")["gate"]
    return np.array([[gate[kind]["query"], gate[kind]["name"]] for kind in ("person", "organization")])


def _model(kind: str) -> Model:
    fitted = settings("calibration")
    own, evidence = fitted[kind], fitted["evidence"]
    nodes = table("trees").filter(pl.col("model") == kind).drop("model")
    column = {name: nodes[name].cast(pl.Float64).to_numpy().copy() for name in nodes.columns}
    return Model(
        linear=np.array([own["linear"].get(name, 0.0) for name in MEASURES] + [own["linear"]["constant"]]),
        roots=np.flatnonzero(column["root"] == 1).astype(np.int32),
        asks=column["asks"].astype(np.int8),
        at_most=column["at_most"],
        yes=column["yes"].astype(np.int32),
        no=column["no"].astype(np.int32),
        value=column["value"],
        blend=np.array([own["blend"][name] for name in ("constant", "trees", "linear")]),
        evidence=np.array(
            [evidence["same_country"], evidence["other_country"], evidence["weak_share"], evidence["floor"]]
        ),
    )


@compiled
def linear_log_odds(m, model):  # type: ignore[no-untyped-def]
    """Log odds of a match by the weighted sum of the measures."""
    total = model.linear[FEATURES]
    for i in range(FEATURES):
        total += model.linear[i] * m[i]
    return total


@compiled
def tree_log_odds(m, model):  # type: ignore[no-untyped-def]
    """Sum of the answers of all trees."""
    total = 0.0
    for root in model.roots:
        node = root
        while model.asks[node] >= 0:
            node = model.yes[node] if m[model.asks[node]] <= model.at_most[node] else model.no[node]
        total += model.value[node]
    return total


@compiled
def log_odds(m, model):  # type: ignore[no-untyped-def]
    """Log odds of a match of measures `m`, before a weak alias is discounted."""
    linear = linear_log_odds(m, model)
    if linear < model.evidence[3]:
        total = model.blend[0] + model.blend[2] * linear + model.blend[1] * linear
    else:
        total = model.blend[0] + model.blend[1] * tree_log_odds(m, model) + model.blend[2] * linear
    if m[COUNTRY] > 0.0:
        total += model.evidence[0]
    elif m[COUNTRY] < 0.0:
        total += model.evidence[1]
    return total


@compiled
def score_pair(m, model):  # type: ignore[no-untyped-def]
    """Return similarity (0 to 1, of the words alone) and score (a probability) of measures `m`."""
    score = 1.0 / (1.0 + np.exp(-log_odds(m, model)))
    if m[WEAK] > 0.0:
        score *= model.evidence[2]
    return m[SIMILARITY], score
