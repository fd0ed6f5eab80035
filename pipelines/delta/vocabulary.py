"""The words of all names that a run compared, so that a later delta need not tokenize the names again.

Words are numbered from one, in the order of a run's vocabulary. The words of a subject are those of all its names, one
name after the other; `END` closes each name.
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
SUBJECT_WORDS = ("subject_id", "words")
"""Columns of the words of subjects."""


@dataclass(frozen=True, slots=True)
class SubjectWords:
    """Words of subjects: number n stands for the n-th word of the vocabulary."""

    subjects: pl.DataFrame  # as SUBJECT_WORDS
    vocabulary: pl.Series

    @classmethod
    def from_names(cls, names: pl.DataFrame, words: Sequence[str]) -> SubjectWords:
        """Gather the words of names.

        `names`: subject_id, words (places in `words`); the names of a subject stand together.
        """
        offsets, places = from_lists(names["words"])
        ends = offsets[1:] + np.arange(names.height)
        numbers = np.full(len(places) + names.height, END, np.int32)
        numbers[~_marked(ends, len(numbers))] = places + 1
        subjects = names.select(pl.col("subject_id").rle()).unnest("subject_id")
        last = np.cumsum(subjects["len"].to_numpy(), dtype=np.int64) - 1
        bounds = np.concatenate([[0], ends[last] + 1]).astype(np.int64)
        spelled = subjects.select(subject_id="value").with_columns(as_lists(bounds, numbers))
        return cls.compact(spelled, words)

    @classmethod
    def compact(cls, subjects: pl.DataFrame, words: Sequence[str]) -> SubjectWords:
        """Leave out the words that no subject has. subjects: as `SUBJECT_WORDS`; number n is the n-th of `words`."""
        offsets, numbers = from_lists(subjects["words"])
        marks = _marked(np.append(numbers, END), len(words) + 1)
        compacted = np.cumsum(marks, dtype=np.int32) - 1
        used = [words[n - 1] for n in np.flatnonzero(marks)[1:].tolist()]
        spelled = subjects.select("subject_id", as_lists(offsets, compacted[numbers]))
        return cls(spelled, pl.Series("word", used, dtype=pl.String))

    def followed_by(self, other: SubjectWords) -> SubjectWords:
        """Return the subjects of both; a word of both stands in the vocabulary twice."""
        offsets, numbers = from_lists(other.subjects["words"])
        moved = np.where(numbers == END, END, numbers + len(self.vocabulary)).astype(np.int32)
        theirs = other.subjects.select("subject_id", as_lists(offsets, moved))
        return SubjectWords(
            pl.concat([self.subjects, theirs]), pl.concat([self.vocabulary, other.vocabulary])
        )


def merge_vocabularies(parts: Iterable[pl.Series]) -> pl.Series:
    """Return all words of several vocabularies, sorted."""
    every = pl.concat([pl.Series("word", [], dtype=pl.String), *parts])
    return every.unique().sort().rename("word")


def renumber(words: pl.Series, own: pl.Series, every: pl.Series) -> pl.Series:
    """Number words by another vocabulary.

    own: the vocabulary that numbers them now. every: a sorted one that contains it.

    >>> renumber(pl.Series([[1, 0]], dtype=pl.List(pl.UInt32)), pl.Series(["b"]), pl.Series(["a", "b"])).to_list()
    [[2, 0]]
    """
    offsets, numbers = from_lists(words)
    places = every.search_sorted(own).to_numpy().astype(np.int32) + 1
    return as_lists(offsets, np.concatenate([np.array([END], np.int32), places])[numbers])


def renumbered_fingerprints(part: Part, every: pl.Series) -> pl.DataFrame:
    """Return the fingerprints of a part with its words numbered by the vocabulary of the run."""
    rows, own = part.table("fingerprints"), part.table("words")["word"]
    return rows.with_columns(renumber(rows["words"], own, every))


def split_names(words: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Split the words of subjects into names: offsets, and numbers of the words.

    >>> [each.tolist() for each in split_names(pl.Series([[3, 0, 4, 5, 0], [6, 0]], dtype=pl.List(pl.UInt32)))]
    [[0, 1, 3, 4], [3, 4, 5, 6]]
    """
    _, numbers = from_lists(words)
    is_end = numbers == END
    ends = np.flatnonzero(is_end)
    offsets = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int64)
    return offsets, numbers[~is_end]


def _marked(places: NDArray[np.integer[Any]], count: int) -> NDArray[np.bool_]:
    marks = np.zeros(count, dtype=np.bool_)
    marks[places] = True
    return marks
