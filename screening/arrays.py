"""Ragged ranges: rows grouped under the number of their record, so that pairs of records need no join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
AnyInteger = TypeVar("AnyInteger", bound=np.integer[Any])


@dataclass(frozen=True, slots=True)
class RowGroups:
    """Rows of a frame grouped by record: `rows[starts[i]:starts[i + 1]]` are those of record i.

    Records are the numbers 0, 1 ... One more number after the last stands for a record that is not there: it has no
    rows, so that whoever is not found can be looked up like everybody else.
    """

    rows: pl.DataFrame
    starts: Numbers

    @classmethod
    def group(cls, rows: pl.DataFrame, records: int) -> RowGroups:
        """Group rows that are sorted by their column `subject_id`, a record's number below `records`."""
        numbers = rows["subject_id"].cast(pl.Int64).to_numpy()
        return cls(rows.drop("subject_id"), np.searchsorted(numbers, np.arange(records + 2)))

    def __bool__(self) -> bool:
        return not self.rows.is_empty()

    def has_rows(self, records: Numbers) -> NDArray[np.bool_]:
        """Say which of these records have rows."""
        return self.starts[records + 1] > self.starts[records]

    def expand(self, records: Numbers) -> tuple[Numbers, Numbers]:
        """Return every row of each of these records, in their order: the place in `records`, and the row's number.

        >>> groups = RowGroups.group(pl.DataFrame({"subject_id": [0, 2, 2]}), 3)
        >>> [column.tolist() for column in groups.expand(np.array([2, 1, 0]))]
        [[0, 0, 2], [1, 2, 0]]
        """
        return expand_ranges(self.starts[records], self.starts[records + 1])

    def record_numbers(self, rows: Numbers) -> Numbers:
        """Return the record to which each of these rows belongs."""
        return np.searchsorted(self.starts, rows, side="right") - 1


def range_numbers(first: NDArray[AnyInteger], last: NDArray[AnyInteger]) -> NDArray[AnyInteger]:
    """Return the numbers of all ranges first[k]:last[k], one range after the other.

    >>> range_numbers(np.array([5, 0, 7]), np.array([7, 0, 8])).tolist()
    [5, 6, 7]
    """
    counts = last - first
    ends = np.cumsum(counts)
    if not len(ends) or not ends[-1]:
        return np.empty(0, dtype=first.dtype)
    offsets = (first - ends + counts).astype(first.dtype)
    numbers: NDArray[AnyInteger] = np.arange(ends[-1], dtype=first.dtype) + np.repeat(offsets, counts)
    return numbers


def expand_ranges(first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """Return the numbers of all ranges first[k]:last[k], each with its k.

    >>> [column.tolist() for column in expand_ranges(np.array([5, 0, 7]), np.array([7, 0, 8]))]
    [[0, 0, 2], [5, 6, 7]]
    """
    return np.repeat(np.arange(len(first)), last - first), range_numbers(first, last)


def cross_groups(
    ours: RowGroups, theirs: RowGroups, i: Numbers, j: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Combine every row of record i[k] with every row of record j[k], for every k: k, our row, their row."""
    pair, our_row = ours.expand(i)
    place, their_row = theirs.expand(j[pair])
    return pair[place], our_row[place], their_row


def run_starts(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which rows of sorted columns differ from the row before.

    >>> run_starts(np.array([1, 1, 1, 2]), np.array([5, 5, 6, 6])).tolist()
    [True, False, True, True]
    """
    first = np.ones(len(columns[0]), dtype=np.bool_)
    first[1:] = np.any([np.diff(column) != 0 for column in columns], axis=0)
    return first


def slice_between(ids: pl.Series, range_ids: pl.Series) -> slice:
    """Return where the ids from the least to the greatest of a range stand among sorted ones.

    >>> slice_between(pl.Series(["a", "c", "e"]), pl.Series(["d", "b"]))
    slice(1, 2, None)
    """
    if not len(range_ids):
        return slice(0, 0)
    first, last = str(range_ids.min()), str(range_ids.max())
    return slice(int(ids.search_sorted(first, side="left")), int(ids.search_sorted(last, side="right")))
