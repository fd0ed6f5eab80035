"""What each feature of an aligned pair contributes to the log odds of its name, so that the parts add up to the score.

Each tree is followed from its root to the leaf that answers. A node records the mean answer below it, so the step to
the next node is what the feature asked there changed of the expected answer; the root's mean belongs to the start.
The weighted sum parts by itself. Where it finds a pair all but impossible, it alone answers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from screening.compiled import compiled
from screening.matching.feature_table import COUNT, COUNTRY, WEAK
from screening.matching.score import LEAF, Model, linear_log_odds, log_odds


def contributions(features: NDArray[np.float64], model: Model) -> NDArray[np.float64]:
    """Return the log odds that each feature adds, in the order of `FEATURES`, then what every pair starts from.

    Their sum is the log odds of the score.

    >>> from screening.matching.feature_table import LETTERS, MATCHED, SIMILARITY
    >>> from screening.matching.score import models, score_pair
    >>> features, organization = np.zeros(COUNT), models()[1]
    >>> features[[MATCHED, LETTERS, SIMILARITY]] = 1.0
    >>> parts = contributions(features, organization)
    >>> bool(np.isclose(1 / (1 + np.exp(-parts.sum())), score_pair(features, organization)[1]))
    True
    """
    parts = np.zeros(COUNT + 1)
    _fill(features, model, parts)
    if features[WEAK] > 0.0:  # a share of the probability, as log odds
        share = model.weak_share
        parts[WEAK] += np.log(share) - np.log1p((1.0 - share) * np.exp(log_odds(features, model)))
    return parts


@compiled
def _fill(features, model, parts):  # type: ignore[no-untyped-def]
    linear = linear_log_odds(features, model)
    tree_share, linear_share = model.tree_share, model.linear_share
    if linear < model.floor:
        linear_share += tree_share
    parts[COUNT] = model.constant + linear_share * model.linear[COUNT]
    for i in range(COUNT):
        parts[i] += linear_share * model.linear[i] * features[i]
    if linear >= model.floor:
        for root in model.roots:
            node = root
            parts[COUNT] += tree_share * model.value[node]
            while model.asks[node] != LEAF:
                asked = model.asks[node]
                answer = model.yes[node] if features[asked] <= model.at_most[node] else model.no[node]
                parts[asked] += tree_share * (model.value[answer] - model.value[node])
                node = answer
    if features[COUNTRY] > 0.0:
        parts[COUNTRY] += model.same_country
    elif features[COUNTRY] < 0.0:
        parts[COUNTRY] += model.other_country
