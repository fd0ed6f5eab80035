"""The look-through percentage: shares multiplied down every chain and added up. Exposure only, never the 50
percent test.

It misses entities that the cascade catches and catches some that it does not
(tests/screening/ownership/worked_cases.csv).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array

from screening.ownership.arrays import Positions
from screening.ownership.shares import WHOLE

if TYPE_CHECKING:
    from screening.ownership.network import OwnershipNetwork

DEEPEST = 200
"""Owners followed upward. What a chain of two hundred owners still passes on is a whole holding or nothing."""
SETTLED = 1e-7


def look_through(network: OwnershipNetwork, listed: Positions) -> pl.DataFrame:
    """Tabulate the exposure of every entity; see `OwnershipNetwork.look_through`."""
    holdings = network.holdings
    shares = csr_array(
        (holdings.share_min / WHOLE, (holdings.owned, holdings.owner)), shape=(holdings.nodes, holdings.nodes)
    )
    source = np.zeros(holdings.nodes)
    source[listed] = 1.0
    exposure: npt.NDArray[np.float64] = np.asarray(shares @ source)
    for _ in range(DEEPEST):
        through = np.where(source > 0, 1.0, np.minimum(exposure, 1.0))  # a listed party counts wholly, once
        further = np.asarray(shares @ through)
        if np.abs(further - exposure).max(initial=0.0) < SETTLED:
            break
        exposure = further
    parts = np.floor(np.minimum(exposure, 1.0) * WHOLE + SETTLED).astype(np.int64)
    return pl.DataFrame({"entity_id": network.entities["entity_id"], "look_through": parts})
