"""Positions of ids in a table: found by their hash and then compared, so that the answer is exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt
import polars as pl

from screening.errors import InvalidFrame
from screening.ownership.arrays import Flags, Positions

ABSENT = -1
LAST = np.iinfo(np.uint64).max


@dataclass(frozen=True, slots=True)
class Directory:
    """Distinct ids, in the order of their hashes.

    >>> Directory.build(pl.Series(["a", "b", "d"])).find(pl.Series(["d", "c", None, "a"]))
    array([ 2, -1, -1,  0], dtype=int32)
    """

    ids: pl.Series
    seed: int
    hashes: npt.NDArray[np.uint64]  # sorted, with the largest number at the end, so that every search stops
    positions: Positions  # the position in `ids` of the id of each hash
    bits: int
    starts: Positions  # by the leading bits of a hash: the first position in `hashes` that may have it

    @classmethod
    def build(cls, ids: pl.Series) -> Directory:
        """Enter ids of which none is null, with the first seed that gives each its own hash.

        Raises InvalidFrame where an id stands twice.
        """
        ids = ids.rechunk()  # many are picked from it, in no order
        for seed in count():
            unsorted = ids.hash(seed).to_numpy()
            order = np.argsort(unsorted)
            hashes = unsorted[order]
            if bool((hashes[1:] != hashes[:-1]).all()):
                break
            if ids.is_duplicated().any():
                raise InvalidFrame("The ids cannot be looked up.", ["an id stands twice"])
        bits = max(1, len(ids).bit_length())
        starts = np.zeros((1 << bits) + 1, dtype=np.int32)
        np.cumsum(np.bincount(_leading(hashes, bits), minlength=1 << bits), out=starts[1:])
        return cls(ids, seed, np.append(hashes, LAST), order.astype(np.int32), bits, starts)

    def find(self, wanted: pl.Series) -> Positions:
        """Return the position of each wanted id, -1 where it is null or not among ours."""
        if self.ids.is_empty():
            return np.full(len(wanted), ABSENT, dtype=np.int32)
        hashes = wanted.hash(self.seed).to_numpy()
        rank = self.starts[_leading(hashes, self.bits)]
        smaller = np.flatnonzero(self.hashes[rank] < hashes)
        while len(smaller):
            rank[smaller] += 1
            smaller = smaller[self.hashes[rank[smaller]] < hashes[smaller]]
        positions = self.positions.take(rank, mode="clip")
        positions[~self.ids.gather(positions).eq(wanted).fill_null(value=False).to_numpy()] = ABSENT
        return positions

    def has(self, wanted: pl.Series) -> pl.Series:
        """Return of each wanted id whether it is ours.

        >>> Directory.build(pl.Series(["a", "b"])).has(pl.Series(["c", "a"])).to_list()
        [False, True]
        """
        return pl.Series(self.find(wanted) >= 0, dtype=pl.Boolean)

    def mark(self, wanted: Iterable[pl.Series]) -> Flags:
        """Mark our ids that occur in any of the series; others are passed over.

        >>> Directory.build(pl.Series(["a", "b", "d"])).mark([pl.Series(["d"]), pl.Series(["c", "a"])])
        array([ True, False,  True])
        """
        marked = np.zeros(len(self.ids) + 1, dtype=np.bool_)  # the last one takes the absent
        for ids in wanted:
            marked[self.find(ids)] = True
        return marked[:-1]


def _leading(hashes: npt.NDArray[np.uint64], bits: int) -> npt.NDArray[np.int64]:
    return (hashes >> np.uint64(64 - bits)).view(np.int64)
