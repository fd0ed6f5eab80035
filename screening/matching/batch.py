"""A batch of queries as the kernel reads it."""

from __future__ import annotations

from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.candidates import Cut
from screening.matching.postings import Names, lay_out
from screening.matching.rows import country_codes, party_kinds, persons
from screening.matching.words import Words, followed_by, make_words
from screening.names.tables import settings
from screening.names.tokens import Tokens, cut, from_lists, tokenize
from screening.names.vocabulary import Vocabulary, describe

if TYPE_CHECKING:
    from screening.matching.index import NameIndex


_MANY = 10_000
"""Words that are worth a second thread."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries laid out over the words of an index and, after them, their own new words."""

    names: Names
    words: Words
    cut: Cut


def encode(index: NameIndex, rows: pl.DataFrame) -> Batch:
    """Write queries (columns name, party_type, country [, words]) in the words of an index."""
    if "words" in rows.columns:
        tokens, fresh = cut(*from_lists(rows["words"]), persons(rows)), list[str]()
    else:
        tokens, fresh = tokenize(rows["name"], index.word_ids, persons(rows))
    vocabulary, words = described(index, fresh)
    return Batch(
        lay_out(
            tokens,
            vocabulary,
            party_kinds(rows, tokens, vocabulary),
            country_codes(rows["country"], index.country_codes),
        ),
        words,
        _cut(index, rows["name"], tokens, fresh),
    )


def described(index: NameIndex, fresh: list[str]) -> tuple[Vocabulary, Words]:
    """Describe the words of an index and, after them, new ones, each compared with those of the list."""
    if not fresh:
        return index.vocabulary, index.words
    if len(fresh) < _MANY:
        new = [_compared(index, fresh)]
    else:
        half = len(fresh) // 2
        with ThreadPoolExecutor(2) as pool:
            new = [*pool.map(partial(_compared, index), (fresh[:half], fresh[half:]))]
    vocabulary, words = index.vocabulary, index.words
    for described, compared in new:
        vocabulary, words = vocabulary.followed_by(described), followed_by(words, compared)
    return vocabulary, words


def _compared(index: NameIndex, fresh: list[str]) -> tuple[Vocabulary, Words]:
    new = describe(fresh)
    return new, make_words(
        new, index.spellings.search(new.folds), index.postings.join_keys, index.postings.size
    )


def _cut(index: NameIndex, names: pl.Series, tokens: Tokens, fresh: list[str]) -> Cut:
    """Find the words that the last word of a cut query may begin."""
    lengths: NDArray[np.uint32] = names.str.len_chars().to_numpy()
    is_cut = np.zeros(len(names), dtype=np.bool_)
    for length in settings("weights")["field_lengths"]:
        is_cut |= lengths == length
    ids, counts = [np.empty(0, np.int32)], np.zeros(len(names), dtype=np.int64)
    word_ids = list(index.word_ids) if is_cut.any() else []
    for row in np.flatnonzero(is_cut):
        last = tokens.words[tokens.begin[tokens.offsets[row + 1]] - 1]
        word = word_ids[last] if last < len(word_ids) else fresh[last - len(word_ids)]
        if len(word) > 2:
            first, end = bisect_left(index.spelled_words, word), bisect_left(index.spelled_words, word + "~")
            ids.append(np.unique(index.spelled_ids[first:end]))
            counts[row] = len(ids[-1])
    return Cut(is_cut, np.concatenate([[0], np.cumsum(counts)]), np.concatenate(ids))
