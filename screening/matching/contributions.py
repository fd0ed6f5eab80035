"""What each measure of an aligned pair contributes to the log odds of its name, so that the parts add up to the score.

Each tree is followed from its root to the leaf that answers. A node knows the mean answer below it, so the step to the
next node is what the measure asked there changed of the expected answer; the root's mean belongs to the start. The
weighted sum is linear and parts by itself. Where it finds a pair all but impossible, it alone answers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from screening.compiled import compiled
from screening.matching.score import COUNTRY, FEATURES, WEAK, Model, linear_log_odds, log_odds


def contributions(measures: NDArray[np.float64], model: Model) -> NDArray[np.float64]:
    """Return the log odds that each measure adds, in the order of `MEASURES`, and last what every pair starts from.

    Their sum is the log odds of the score.

    >>> from screening.matching.score import models, score_pair
    >>> measures = np.zeros(FEATURES)
    >>> measures[0] = measures[17] = measures[21] = 1.0
    >>> parts = contributions(measures, models()[1])
    >>> bool(np.isclose(1 / (1 + np.exp(-parts.sum())), score_pair(measures, models()[1])[1]))
    True
    """
    parts = np.zeros(FEATURES + 1)
    _fill(measures, model, parts)
    if measures[WEAK] > 0.0:  # a share of the probability, as log odds
        kept = model.evidence[2]
        parts[WEAK] += np.log(kept) - np.log1p((1.0 - kept) * np.exp(log_odds(measures, model)))
    return parts


@compiled
def _fill(m, model, parts):  # type: ignore[no-untyped-def]
    linear = linear_log_odds(m, model)
    of_trees, of_sum = model.blend[1], model.blend[2]
    if linear < model.evidence[3]:
        of_sum += of_trees
    parts[FEATURES] = model.blend[0] + of_sum * model.linear[FEATURES]
    for i in range(FEATURES):
        parts[i] += of_sum * model.linear[i] * m[i]
    if linear >= model.evidence[3]:
        for root in model.roots:
            node = root
            parts[FEATURES] += of_trees * model.value[node]
            while model.asks[node] >= 0:
                measure = model.asks[node]
                taken = model.yes[node] if m[measure] <= model.at_most[node] else model.no[node]
                parts[measure] += of_trees * (model.value[taken] - model.value[node])
                node = taken
    if m[COUNTRY] > 0.0:
        parts[COUNTRY] += model.evidence[0]
    elif m[COUNTRY] < 0.0:
        parts[COUNTRY] += model.evidence[1]
