"""From the measures of an aligned pair to a similarity and a probability (compiled by numba)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from screening.names.tables import settings

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
    "weak",
    "other_type",  # both types known and different
    "craft",  # the party is a vessel or an aircraft, the query is not known to be one
    "country",  # 1 same, -1 another, 0 unknown
)
FEATURES = len(MEASURES)
PARAMETERS = (
    "one_sided", "two_sided", "initial", "numbers_differ", "number_missing", "places", "legal_same", "legal_differ",
    "weak", "other_type", "craft", "country_same", "country_differ", "evidence", "slope", "middle",
)  # fmt: skip


def parameters() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the fitted parameters for persons and for organizations, in the order of `PARAMETERS`."""
    fitted = settings("calibration")
    person, organization = (
        np.array([fitted[kind][name] for name in PARAMETERS]) for kind in ("person", "organization")
    )
    return person, organization


@njit(cache=True, nogil=True)
def score_pair(m, p):  # type: ignore[no-untyped-def]
    """Return similarity (0 to 1, of the words alone) and score (a probability) of measures `m` under parameters `p`."""
    matched, lost, left_q, left_n = m[0], m[1], m[2], m[3]
    if matched <= 0.0:
        return 0.0, 0.0
    bad = lost + p[0] * (left_q + left_n) + p[1] * min(left_q, left_n) + p[2] * m[9]
    bad += p[3] if m[6] == 2.0 else (p[4] if m[6] == 1.0 else 0.0)
    bad += p[5] * m[7]
    similarity = matched / (matched + bad)
    logit = p[14] * (similarity - p[15]) + p[13] * np.log2(min(matched, 2.0))
    logit += p[6] if m[8] > 0.0 else (p[7] if m[8] < 0.0 else 0.0)
    logit += p[8] * m[10] + p[9] * m[11] + p[10] * m[12]
    logit += p[11] if m[13] > 0.0 else (p[12] if m[13] < 0.0 else 0.0)
    return similarity, 1.0 / (1.0 + np.exp(-logit))
