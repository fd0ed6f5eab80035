"""The words of all names that a run compared, so that the next night need not read the names again.

Words are numbered from one, in the order of a run's vocabulary; those of a subject are the words of all its names, one
name after the other, each closed by `END`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.run.staging import Part
from screening.names.tokens import as_lists, from_lists

END = 0
SPELLED = {"subject_id": pl.String(), "words": pl.List(pl.UInt32())}


@dataclass(frozen=True, slots=True)
class Lexis:
    """Words of subjects: number n stands for the n-th word of the vocabulary."""

    subjects: pl.DataFrame  # as SPELLED
    vocabulary: pl.Series

    @classmethod
    def of(cls, names: pl.DataFrame, known: Sequence[str]) -> Lexis:
        """Gather the words of names: record_id, words (positions in `known`); the names of a record stand together."""
        offsets, words = from_lists(names["words"])
        ends = offsets[1:] + np.arange(names.height)
        told = np.full(len(words) + names.height, END, np.int32)
        told[~_marked(ends, len(told))] = words + 1
        records = names.select(pl.col("record_id").rle()).unnest("record_id")
        last = np.cumsum(records["len"].to_numpy(), dtype=np.int64) - 1
        bounds = np.concatenate([[0], ends[last] + 1]).astype(np.int64)
        spelled = records.select(subject_id="value").with_columns(as_lists(bounds, told))
        return cls.using(spelled, known)

    @classmethod
    def using(cls, subjects: pl.DataFrame, known: Sequence[str]) -> Lexis:
        """Leave the words out that nobody has. `subjects`: as `SPELLED`, word n is the n-th of `known`."""
        offsets, told = from_lists(subjects["words"])
        marks = _marked(np.append(told, END), len(known) + 1)
        numbers = np.cumsum(marks, dtype=np.int32) - 1
        used = [known[n - 1] for n in np.flatnonzero(marks)[1:].tolist()]
        spelled = subjects.select("subject_id", as_lists(offsets, numbers[told]))
        return cls(spelled, pl.Series("word", used, dtype=pl.String))

    def followed_by(self, other: Lexis) -> Lexis:
        """Return the subjects of both; a word of both stands in the vocabulary twice."""
        offsets, told = from_lists(other.subjects["words"])
        moved = np.where(told == END, END, told + len(self.vocabulary)).astype(np.int32)
        theirs = other.subjects.select("subject_id", as_lists(offsets, moved))
        return Lexis(pl.concat([self.subjects, theirs]), pl.concat([self.vocabulary, other.vocabulary]))


def vocabulary(parts: Iterable[pl.Series]) -> pl.Series:
    """Return all words of several vocabularies, sorted."""
    every = pl.concat([pl.Series("word", [], dtype=pl.String), *parts])
    return every.unique().sort().rename("word")


def renumbered(words: pl.Series, own: pl.Series, every: pl.Series) -> pl.Series:
    """Write words that are numbered by their own vocabulary with the numbers of a sorted one that holds it.

    >>> renumbered(pl.Series([[1, 0]], dtype=pl.List(pl.UInt32)), pl.Series(["b"]), pl.Series(["a", "b"])).to_list()
    [[2, 0]]
    """
    offsets, numbers = from_lists(words)
    places = every.search_sorted(own).to_numpy().astype(np.int32) + 1
    return as_lists(offsets, np.concatenate([np.array([END], np.int32), places])[numbers])


def numbered(part: Part, every: pl.Series) -> pl.DataFrame:
    """Return the fingerprints of a part with its words numbered by the vocabulary of the run."""
    rows, own = part.table("fingerprints"), part.table("words")["word"]
    return rows.with_columns(renumbered(rows["words"], own, every))


def names_of(words: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Take the words of subjects apart into names: offsets, and numbers of the words.

    >>> [each.tolist() for each in names_of(pl.Series([[3, 0, 4, 5, 0], [6, 0]], dtype=pl.List(pl.UInt32)))]
    [[0, 1, 3, 4], [3, 4, 5, 6]]
    """
    _, told = from_lists(words)
    is_end = told == END
    ends = np.flatnonzero(is_end)
    offsets = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int64)
    return offsets, told[~is_end]


def _marked(places: NDArray[np.integer[Any]], count: int) -> NDArray[np.bool_]:
    marks = np.zeros(count, dtype=np.bool_)
    marks[places] = True
    return marks
