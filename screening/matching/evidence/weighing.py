"""Everything known beside the name, weighed: log odds added to those of the name, with the parts in words.

`screening/data/names/evidence.toml` holds the weights and where they come from. Of several dates, addresses or numbers
the best pair counts, so what agrees never lowers a score. What one side does not tell weighs nothing and is named.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.evidence.attributes import PLACES, Attributes
from screening.matching.evidence.comparison import NOT_GIVEN, Parts, compare
from screening.matching.evidence.text import evidence
from screening.matching.evidence.weights import rows_of, scale
from screening.names.tables import settings

_DECIMALS = 12
"""Of a score: the last bits of a sum may depend on the order of rows."""
_SURE = 1e-12
"""A score is never nearer to 0 or 1."""
_MARGIN = 1e-6
"""In log odds: for rounding."""
_LIFTING = {"birth": ("date_of_birth",), "country": PLACES, "address": ("address",)}
"""What records may tell, and the kinds of evidence that it may bring."""


def weigh(pairs: pl.DataFrame, ours: Attributes, theirs: Attributes, least: float = 0.0) -> pl.DataFrame:
    """Weigh the evidence of pairs: subject_id, party_id, name_score (null: found by an identifier), quality.

    Returns the pairs of which the score or the name's own reaches `least`, with `score` (a probability, never 0 or 1)
    and `evidence` (as `wording.EVIDENCE`, in the order of the table of weights). A name less alike than the floor
    counts as the floor where an identifier is equal.

    >>> pairs = pl.DataFrame({"subject_id": ["c"], "party_id": ["SDN-1"], "name_score": [0.6], "quality": ["strong"]})
    >>> born = pl.DataFrame({"subject_id": ["c"], "date_of_birth": ["1972"]})
    >>> numbers = pl.DataFrame([("SDN-1", "date_of_birth", "04 Mar 1972", None)], orient="row",
    ...                        schema=dict.fromkeys(("party_id", "id_type", "id_value", "country"), pl.String))
    >>> places = pl.DataFrame(schema=dict.fromkeys(("party_id", "raw", "street", "city", "country"), pl.String))
    >>> parties = pl.DataFrame({"party_id": ["SDN-1"], "countries": [["RU"]]})
    >>> theirs = Particulars.of_parties(parties, numbers, places)
    >>> weighed = weigh(pairs, Particulars.of_subjects(born), theirs)
    >>> round(weighed["score"][0], 3), weighed["evidence"][0][0]["text"]
    (0.901, 'date of birth as far as it is known: 1972 / 04 Mar 1972')
    """
    i, j = ours.places(pairs["subject_id"]), theirs.places(pairs["party_id"])
    weak = (pairs["quality"] == "weak").fill_null(value=False).to_numpy()
    named = pairs["name_score"].cast(pl.Float64).to_numpy()  # NaN where there is none
    parts = Parts.together([compare(i, j, ours, theirs), _of_names(named, weak)])
    score = _scores(named, weak, parts)
    kept = np.flatnonzero((score >= least) | (named >= least))
    return pairs[kept].with_columns(pl.Series("score", score[kept]), evidence(kept, parts, ours, theirs))


def lowest(told: pl.DataFrame, least: float) -> float:
    """Return the least score of a name that may reach `least` with particulars like these, all agreeing.

    `told` as `Attributes.of_subjects` takes it. With identifiers, of which any number may agree, it is the floor.

    >>> round(lowest(pl.DataFrame({"subject_id": ["c"], "country": ["RU"]}), 0.5), 3)
    0.378
    """
    floor = min(float(settings("evidence")["name"]["floor"]), least)
    if _told(told, "identifiers") or not 0 < least < 1:
        return floor
    lift = sum(
        float(max(scale().weight[row] for row in rows_of(kind).values()))
        for kind, columns in _LIFTING.items()
        if any(_told(told, column) for column in columns)
    )
    odds = math.log(least / (1 - least)) - lift - _MARGIN
    return max(floor, 1 / (1 + math.exp(-odds)))


def _told(told: pl.DataFrame, column: str) -> bool:
    if column not in told.columns:
        return False
    values = told[column]
    if values.dtype == pl.List:
        return bool((values.list.len() > 0).any())
    return values.null_count() < len(values)


def _of_names(named: NDArray[np.float64], weak: NDArray[np.bool_]) -> Parts:
    """Say of pairs whose names do not resemble, or of weak aliases, what they are."""
    differs, levels = np.isnan(named), rows_of("name")
    pair = np.flatnonzero(differs | weak)
    said = np.where(differs[pair], levels["differs"], levels["weak"])
    return Parts.of(pair, said, NOT_GIVEN, NOT_GIVEN)


def _scores(named: NDArray[np.float64], weak: NDArray[np.bool_], parts: Parts) -> NDArray[np.float64]:
    """Add the weights to the log odds of the name, as `evidence.toml` says."""
    name, table, pairs = settings("evidence")["name"], scale(), len(named)
    weight = table.weight[parts.said]
    order = np.lexsort((weight, parts.pair))
    pair, said, weight = parts.pair[order], parts.said[order], weight[order]
    favours = weight > 0
    slight = table.slight[said] & favours
    sure, slight_sum = (np.bincount(pair, weight * which, pairs) for which in (~slight, slight))
    limited = np.bincount(pair, table.limits[said], pairs) > 0
    identified = np.bincount(pair, table.identifier[said] & favours, pairs) > 0
    probability = np.minimum(np.where(np.isnan(named), name["floor"], named), 1 - _SURE)
    odds = np.maximum(probability, np.where(identified, name["floor"], _SURE))
    alone = np.log(odds / (1 - odds))
    beyond = np.maximum(alone - name["knee"], 0.0)
    of_name = np.where(limited, alone - (1 - name["slope"]) * beyond, alone)
    total = of_name + sure + np.where(limited | weak, 0.0, slight_sum)
    score: NDArray[np.float64] = np.round(1 / (1 + np.exp(-total)), _DECIMALS)
    return np.clip(score, _SURE, 1 - _SURE)
