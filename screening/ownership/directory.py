"""Where ids stand in a table: found by their hash and then compared, so that the answer is exact."""

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

    >>> Directory.of(pl.Series(["a", "b", "d"])).find(pl.Series(["d", "c", None, "a"]))
    array([ 2, -1, -1,  0], dtype=int32)
    """

    ids: pl.Series
    seed: int
    hashes: npt.NDArray[np.uint64]  # sorted; one that no id has less than comes last
    places: Positions  # where the id of each hash stands
    bits: int
    starts: Positions  # by the leading bits of a hash: the first place in `hashes` that may hold it

    @classmethod
    def of(cls, ids: pl.Series) -> Directory:
        """Enter ids of which none is null, with the first seed that tells all of them apart.

        Raises InvalidFrame where an id stands twice.
        """
        ids = ids.rechunk()  # many are picked from it, in no order
        for seed in count():
            told = ids.hash(seed).to_numpy()
            order = np.argsort(told)
            hashes = told[order]
            if bool((hashes[1:] != hashes[:-1]).all()):
                break
            if ids.is_duplicated().any():
                raise InvalidFrame("The ids cannot be looked up.", ["an id stands twice"])
        bits = max(1, len(ids).bit_length())
        starts = np.zeros((1 << bits) + 1, dtype=np.int32)
        np.cumsum(np.bincount(_leading(hashes, bits), minlength=1 << bits), out=starts[1:])
        return cls(ids, seed, np.append(hashes, LAST), order.astype(np.int32), bits, starts)

    def find(self, wanted: pl.Series) -> Positions:
        """Return where each of the wanted ids stands, -1 where it does not; so for null."""
        if self.ids.is_empty():
            return np.full(len(wanted), ABSENT, dtype=np.int32)
        told = wanted.hash(self.seed).to_numpy()
        rank = self.starts[_leading(told, self.bits)]
        before = np.flatnonzero(self.hashes[rank] < told)
        while len(before):
            rank[before] += 1
            before = before[self.hashes[rank[before]] < told[before]]
        places = self.places.take(rank, mode="clip")
        places[~self.ids.gather(places).eq(wanted).fill_null(value=False).to_numpy()] = ABSENT
        return places

    def mark(self, told: Iterable[pl.Series]) -> Flags:
        """Mark the ids that are told of; others than ours are passed over.

        >>> Directory.of(pl.Series(["a", "b", "d"])).mark([pl.Series(["d"]), pl.Series(["c", "a"])])
        array([ True, False,  True])
        """
        marked = np.zeros(len(self.ids) + 1, dtype=np.bool_)  # the last place is for the absent
        for ids in told:
            marked[self.find(ids)] = True
        return marked[:-1]


def _leading(hashes: npt.NDArray[np.uint64], bits: int) -> npt.NDArray[np.int64]:
    return (hashes >> np.uint64(64 - bits)).view(np.int64)
