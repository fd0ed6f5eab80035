"""How much a word tells: rarity in bits from a frozen table, and the weight that follows from it."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.lexicon import KINDS
from screening.names.tables import settings, table


def weights(
    words: list[str],
    lengths: NDArray[np.int32],
    kind: NDArray[np.uint8],
    formal: NDArray[np.bool_],
    party_kind: str,
) -> NDArray[np.float32]:
    """Return the weight of each word, 0 to 1, in the names of a `party_kind` (organization or person).

    A word that the frozen table lacks is rare; one that is known only as a part of legal forms (`formal`) tells
    next to nothing. Source: `rarity.csv`, learned by `benchmarks.matching.rarity`.
    """
    config = settings("weights")
    scale = config[party_kind]
    known = common(party_kind)
    bits = np.fromiter((known.get(word, -1.0) for word in words), np.float64, len(words))
    unseen = bits < 0
    scaled = (np.where(unseen, scale["unseen"], bits) - scale["zero"]) / (scale["full"] - scale["zero"])
    result = np.clip(scaled, scale["least"], 1.0)
    for length, share in enumerate(config["short"][party_kind], start=1):
        result[unseen & (lengths == length)] *= share
    result[formal & (unseen | (bits > config["formal_from"]))] = scale["least"]
    for name, most in config["cap"].items():
        of_kind = kind == KINDS.index(name)
        result[of_kind] = np.minimum(result[of_kind], most[party_kind])
    for name, fixed in config["kind"].items():
        if party_kind in fixed:
            result[kind == KINDS.index(name)] = fixed[party_kind]
    result[lengths == 0] = 0.0
    small: NDArray[np.float32] = result.astype(np.float32)
    return small


@cache
def common(party_kind: str) -> dict[str, float]:
    """Bits of the words that are not rare in the names of a `party_kind`.

    >>> common("organization")["trading"] < common("organization")["star"]
    True
    """
    rows = table("rarity").filter(pl.col(party_kind) != "")
    return dict(zip(rows["token"].to_list(), rows[party_kind].cast(pl.Float64).to_list(), strict=True))
