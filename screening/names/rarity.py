"""How much a word tells: rarity in bits from a frozen table, and the weight that follows from it."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.lexicon import KINDS
from screening.names.tables import settings, table


def weights(tokens: pl.Series, kind: NDArray[np.uint8], party_kind: str) -> NDArray[np.float32]:
    """Return the weight of each token, 0 to 1, in the names of a `party_kind` (organization or person).

    A word that the frozen table lacks is rare. Source: `rarity.csv`, learned by `benchmarks.matching.rarity`.

    >>> weights(pl.Series(["trading", "sukhoi"]), np.array([0, 0], np.uint8), "organization").round(1)
    array([0.2, 0.9], dtype=float32)
    """
    config = settings("weights")
    scale = config[party_kind]
    known = _bits(party_kind)
    bits = np.fromiter((known.get(token, -1.0) for token in tokens.to_list()), np.float64, len(tokens))
    unseen = bits < 0
    scaled = (np.where(unseen, scale["unseen"], bits) - scale["zero"]) / (scale["full"] - scale["zero"])
    result = np.clip(scaled, scale["least"], 1.0)
    lengths = tokens.str.len_bytes().to_numpy()
    for length, share in enumerate(config["short"][party_kind], start=1):
        result[unseen & (lengths == length)] *= share
    for name, fixed in config["kind"].items():
        if party_kind in fixed:
            result[kind == KINDS.index(name)] = fixed[party_kind]
    result[lengths == 0] = 0.0
    small: NDArray[np.float32] = result.astype(np.float32)
    return small


@cache
def _bits(party_kind: str) -> dict[str, float]:
    rows = table("rarity").filter(pl.col(party_kind) != "")
    return dict(zip(rows["token"].to_list(), rows[party_kind].cast(pl.Float64).to_list(), strict=True))
