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

    A word that the frozen table lacks is rare; one that occurs only as a part of legal forms (`formal`) tells
    next to nothing. Source: `rarity.csv`, learned by `benchmarks.matching.rarity`.
    """
    config = settings("weights")
    scale = config[party_kind]
    rarity = common(party_kind)
    bits = np.fromiter((rarity.get(word, -1.0) for word in words), np.float64, len(words))
    unseen = bits < 0
    scaled = (np.where(unseen, scale["unseen"], bits) - scale["zero"]) / (scale["full"] - scale["zero"])
    result = np.clip(scaled, scale["least"], 1.0)
    for length, share in enumerate(config["short"][party_kind], start=1):
        result[unseen & (lengths == length)] *= share
    result[formal & (unseen | (bits > config["formal_from"]))] = scale["least"]
    for name, most in config["cap"].items():
        rows = kind == KINDS.index(name)
        result[rows] = np.minimum(result[rows], most[party_kind])
    for name, fixed in config["kind"].items():
        if party_kind in fixed:
            result[kind == KINDS.index(name)] = fixed[party_kind]
    result[lengths == 0] = 0.0
    small: NDArray[np.float32] = result.astype(np.float32)
    return small


def surprise(words: list[str], letter_bits: NDArray[np.float64], party_kind: str) -> NDArray[np.float32]:
    """Return how surprising it is, in bits, that a customer's name contains each word.

    From the frozen table where the word is common (column `company` for organizations), else from the likeliness
    of its letters.
    """
    column = "company" if party_kind == "organization" else party_kind
    rarity = common(column)
    bits = np.fromiter((rarity.get(word, -1.0) for word in words), np.float64, len(words))
    floor = settings("weights")["surprise"][party_kind]
    small: NDArray[np.float32] = np.where(bits < 0, np.clip(letter_bits, floor / 2, 3 * floor), bits).astype(
        np.float32
    )
    return small


def prominence(words: list[str], kind: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return by how many bits each word is likelier on the lists than among clean companies: huawei yes, thanos no.

    Zero for words that say what somebody does or where, and for those that only a few listed names contain.
    """
    on_lists, elsewhere = common("organization"), common("company")
    unseen = settings("weights")["surprise"]["organization"]
    bits = (
        elsewhere.get(word, unseen) - on_lists[word] if not number and word in on_lists else 0.0
        for word, number in zip(words, kind.tolist(), strict=True)
    )
    return np.maximum(np.fromiter(bits, np.float32, len(words)), np.float32(0.0))


@cache
def letter_table() -> NDArray[np.float64]:
    """Return the bits of a letter after two others: axes of a to z, blank before a word (26), after it (27)."""
    bits = np.full((28, 28, 28), 10.0)
    codes = {letter: i for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz^$")}
    for letters, value in table("letters").rows():
        a, b, c = (codes[letter] for letter in letters)
        bits[a, b, c] = float(value)
    return bits


@cache
def common(party_kind: str) -> dict[str, float]:
    """Return the bits of the words that are not rare in the names of a `party_kind` (or of clean companies: `company`).

    >>> common("organization")["trading"] < common("organization")["star"]
    True
    """
    rows = table("rarity").filter(pl.col(party_kind) != "")
    return dict(zip(rows["token"].to_list(), rows[party_kind].cast(pl.Float64).to_list(), strict=True))
