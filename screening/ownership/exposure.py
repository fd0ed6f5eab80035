"""The look-through percentage: shares multiplied down every chain and added up.

Exposure only, never the 50 percent test: it misses entities that the cascade restricts and finds some that the cascade
does not (tests/screening/ownership/worked_cases.csv).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array

from screening.ownership.arrays import Positions
from screening.ownership.graph_data import GraphData
from screening.ownership.shares import WHOLE

DEEPEST = 200
"""Owners followed upward. What a chain of two hundred owners still passes on is a whole share or nothing."""
PRECISION = 1e-7
"""A change smaller than a tenth of a part per million ends the multiplication."""


def look_through(data: GraphData, listed: Positions) -> pl.DataFrame:
    """Return `entity_id`, `look_through` (parts per million) of every entity; `listed` are node numbers."""
    holdings = data.holdings
    shares = csr_array(
        (holdings.share_min / WHOLE, (holdings.owned, holdings.owner)), shape=(holdings.nodes, holdings.nodes)
    )
    source = np.zeros(holdings.nodes)
    source[listed] = 1.0
    exposure: npt.NDArray[np.float64] = np.asarray(shares @ source)
    for _ in range(DEEPEST):
        through = np.where(source > 0, 1.0, np.minimum(exposure, 1.0))  # a listed party counts wholly, once
        further = np.asarray(shares @ through)
        if np.abs(further - exposure).max(initial=0.0) < PRECISION:
            break
        exposure = further
    parts = np.floor(np.minimum(exposure, 1.0) * WHOLE + PRECISION).astype(np.int64)
    return pl.DataFrame({"entity_id": data.ids, "look_through": parts})
