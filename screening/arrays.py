"""Ragged ranges: rows grouped under the number of their record, so that pairs of records need no join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RowGroups:
    """`rows[starts[i]:starts[i + 1]]` are the rows of record i; the last record is nobody, and has none."""

    rows: pl.DataFrame
    starts: Numbers

    @classmethod
    def under(cls, rows: pl.DataFrame, records: int) -> RowGroups:
        """File rows that are sorted by their column `subject_id`, a number below `records`."""
        numbers = rows["subject_id"].cast(pl.Int64).to_numpy()
        return cls(rows.drop("subject_id"), np.searchsorted(numbers, np.arange(records + 2)))

    def __bool__(self) -> bool:
        return not self.rows.is_empty()

    def tells(self, records: Numbers) -> NDArray[np.bool_]:
        """Say which records have rows."""
        return self.starts[records + 1] > self.starts[records]

    def of(self, records: Numbers) -> tuple[Numbers, Numbers]:
        """Return every row of every one of these records, in their order: the place of the record, the row.

        >>> filed = Filed.under(pl.DataFrame({"subject_id": [0, 2, 2]}), 3)
        >>> [found.tolist() for found in filed.of(np.array([2, 1, 0]))]
        [[0, 0, 2], [1, 2, 0]]
        """
        return expand_ranges(self.starts[records], self.starts[records + 1])

    def holders(self, rows: Numbers) -> Numbers:
        """Return the record of each of these rows."""
        return np.searchsorted(self.starts, rows, side="right") - 1


def expand_ranges(first: NDArray[np.integer[Any]], last: NDArray[np.integer[Any]]) -> tuple[Numbers, Numbers]:
    """Return every number of every range first[k]:last[k], in their order: k, the number.

    >>> [each.tolist() for each in spread(np.array([5, 0, 7]), np.array([7, 0, 8]))]
    [[0, 0, 2], [5, 6, 7]]
    """
    counts = last - first
    place = np.repeat(np.arange(len(counts)), counts)
    return place, np.arange(len(place)) + np.repeat(first - np.cumsum(counts) + counts, counts)


def cross_groups(
    ours: RowGroups, theirs: RowGroups, i: Numbers, j: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Put every row of record i[k] beside every row of record j[k], for every k: k, our row, their row."""
    pair, mine = ours.of(i)
    place, their = theirs.of(j[pair])
    return pair[place], mine[place], their


def starts(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which rows of sorted columns differ from the row before.

    >>> starts(np.array([1, 1, 1, 2]), np.array([5, 5, 6, 6])).tolist()
    [True, False, True, True]
    """
    first = np.ones(len(columns[0]), dtype=np.bool_)
    first[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    return first


def slice_between(ids: pl.Series, range_ids: pl.Series) -> slice:
    """Return where the ids from the first to the last of a range stand among sorted ones.

    >>> slice_between(pl.Series(["a", "c", "e"]), pl.Series(["d", "b"]))
    slice(1, 2, None)
    """
    if not len(range_ids):
        return slice(0, 0)
    first, last = str(range_ids.min()), str(range_ids.max())
    return slice(int(ids.search_sorted(first, side="left")), int(ids.search_sorted(last, side="right")))
