"""All evidence other than the name, weighed: log odds added to those of the name, with the parts in words.

`screening/data/names/evidence.toml` holds the weights and where they come from. Of several dates, addresses or numbers
the best pair counts, so what agrees never lowers a score. What is not recorded on one side weighs nothing and is named.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.evidence.attributes import PLACES, Attributes
from screening.matching.evidence.comparison import NOT_GIVEN, Comparisons, compare
from screening.matching.evidence.text import evidence
from screening.matching.evidence.weights import level_rows, scale
from screening.names.tables import settings

_DECIMALS = 12
"""Of a score: the last bits of a sum may depend on the order of rows."""
_SURE = 1e-12
"""A score is never nearer to 0 or 1."""
_MARGIN = 1e-6
"""In log odds: for rounding."""
_LIFTING = {"birth": ("date_of_birth",), "country": PLACES, "address": ("address",)}
"""Kinds of evidence, and the attributes of subjects that may bring them."""


def weigh(pairs: pl.DataFrame, ours: Attributes, theirs: Attributes, least: float = 0.0) -> pl.DataFrame:
    """Weigh the evidence of pairs: subject_id, party_id, name_score (null: found by an identifier), quality.

    Returns the pairs of which the score or the name's own reaches `least`, with `score` (a probability, never 0 or 1)
    and `evidence` (as `text.EVIDENCE`, in the order of the table of weights). A name less alike than the floor counts
    as the floor where an identifier is equal. A pair that is `numbered` (absent: none is), because a number of both
    names the party by itself, is a question at least, whatever else differs.

    >>> pairs = pl.DataFrame({"subject_id": ["c"], "party_id": ["SDN-1"], "name_score": [0.6], "quality": ["strong"]})
    >>> born = pl.DataFrame({"subject_id": ["c"], "date_of_birth": ["1972"]})
    >>> numbers = pl.DataFrame([("SDN-1", "date_of_birth", "04 Mar 1972", None)], orient="row",
    ...                        schema=dict.fromkeys(("party_id", "id_type", "id_value", "country"), pl.String))
    >>> places = pl.DataFrame(schema=dict.fromkeys(("party_id", "raw", "street", "city", "country"), pl.String))
    >>> parties = pl.DataFrame({"party_id": ["SDN-1"], "countries": [["RU"]]})
    >>> theirs = Attributes.from_parties(parties, numbers, places)
    >>> weighed = weigh(pairs, Attributes.from_subjects(born), theirs)
    >>> round(weighed["score"][0], 3), weighed["evidence"][0][0]["text"]
    (0.901, 'date of birth as far as it is known: 1972 / 04 Mar 1972')
    """
    i, j = ours.record_numbers(pairs["subject_id"]), theirs.record_numbers(pairs["party_id"])
    weak = (pairs["quality"] == "weak").fill_null(value=False).to_numpy()
    named = pairs["name_score"].cast(pl.Float64).to_numpy()  # NaN where there is none
    compared = Comparisons.concatenate([compare(i, j, ours, theirs), _name_levels(named, weak)])
    score = _scores(named, weak, compared)
    question = float(settings("evidence")["name"]["question"])
    lifted = _numbered(pairs) & (score < question)
    if lifted.any():
        score[lifted] = question
        level = level_rows("name")["numbered"]
        questions = Comparisons.build(np.flatnonzero(lifted), level, NOT_GIVEN, NOT_GIVEN)
        compared = Comparisons.concatenate([compared, questions])
    reached = np.flatnonzero((score >= least) | (named >= least))
    return pairs[reached].with_columns(
        pl.Series("score", score[reached]), evidence(reached, compared, ours, theirs)
    )


def lowest_name_score(subjects: pl.DataFrame, least: float) -> float:
    """Return the least score of a name that may reach `least` with attributes like these, all agreeing.

    `subjects` as `Attributes.from_subjects` takes it. With identifiers, of which any number may agree, it is the floor.

    >>> round(lowest_name_score(pl.DataFrame({"subject_id": ["c"], "country": ["RU"]}), 0.5), 3)
    0.378
    """
    floor = min(float(settings("evidence")["name"]["floor"]), least)
    if _has_values(subjects, "identifiers") or not 0 < least < 1:
        return floor
    lift = sum(
        float(max(scale().weight[row] for row in level_rows(kind).values()))
        for kind, columns in _LIFTING.items()
        if any(_has_values(subjects, column) for column in columns)
    )
    odds = math.log(least / (1 - least)) - lift - _MARGIN
    return max(floor, 1 / (1 + math.exp(-odds)))


def _numbered(pairs: pl.DataFrame) -> NDArray[np.bool_]:
    """Say of each pair whether a number names the party by itself."""
    if "numbered" not in pairs.columns:
        return np.zeros(pairs.height, dtype=np.bool_)
    return pairs["numbered"].fill_null(value=False).to_numpy()


def _has_values(frame: pl.DataFrame, column: str) -> bool:
    if column not in frame.columns:
        return False
    values = frame[column]
    if values.dtype == pl.List:
        return bool((values.list.len() > 0).any())
    return values.null_count() < len(values)


def _name_levels(named: NDArray[np.float64], weak: NDArray[np.bool_]) -> Comparisons:
    """Return the level of pairs whose names do not resemble (a score of NaN), and of weak aliases."""
    differs, levels = np.isnan(named), level_rows("name")
    pair = np.flatnonzero(differs | weak)
    level = np.where(differs[pair], levels["differs"], levels["weak"])
    return Comparisons.build(pair, level, NOT_GIVEN, NOT_GIVEN)


def _scores(
    named: NDArray[np.float64], weak: NDArray[np.bool_], compared: Comparisons
) -> NDArray[np.float64]:
    """Add the weights to the log odds of the name, as `evidence.toml` says."""
    name, table, pairs = settings("evidence")["name"], scale(), len(named)
    weight = table.weight[compared.level]
    order = np.lexsort((weight, compared.pair))
    pair, level, weight = compared.pair[order], compared.level[order], weight[order]
    favours = weight > 0
    slight = table.slight[level] & favours
    sure, slight_sum = (np.bincount(pair, weight * which, pairs) for which in (~slight, slight))
    limited = np.bincount(pair, table.limits[level], pairs) > 0
    identified = np.bincount(pair, table.identifier[level] & favours, pairs) > 0
    probability = np.minimum(np.where(np.isnan(named), name["floor"], named), 1 - _SURE)
    odds = np.maximum(probability, np.where(identified, name["floor"], _SURE))
    alone = np.log(odds / (1 - odds))
    beyond = np.maximum(alone - name["knee"], 0.0)
    counted = np.where(limited, alone - (1 - name["slope"]) * beyond, alone)
    total = counted + sure + np.where(limited | weak, 0.0, slight_sum)
    score: NDArray[np.float64] = np.round(1 / (1 + np.exp(-total)), _DECIMALS)
    return np.clip(score, _SURE, 1 - _SURE)
