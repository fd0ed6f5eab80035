"""A batch of queries as the kernel reads it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.book import Names, lay_out
from screening.matching.gather import Cut
from screening.matching.rows import country_codes, party_kinds, persons
from screening.matching.words import Words, followed_by, make_words
from screening.names.tables import settings
from screening.names.tokens import Tokens, tokenize
from screening.names.vocabulary import describe

if TYPE_CHECKING:
    from screening.matching.index import NameIndex


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries laid out over the words of an index and, after them, their own new words."""

    names: Names
    words: Words
    cut: Cut


def encode(index: NameIndex, rows: pl.DataFrame) -> Batch:
    """Write queries (columns name, party_type, country) in the words of an index."""
    tokens, fresh = tokenize(rows["name"], index.known, persons(rows))
    new = describe(fresh)
    vocabulary = index.vocabulary.followed_by(new)
    words = make_words(new, index.spellings.search(new.folds), index.book.join_keys, index.book.size)
    return Batch(
        lay_out(
            tokens,
            vocabulary,
            party_kinds(rows, tokens, vocabulary),
            country_codes(rows["country"], index.country_codes),
        ),
        followed_by(index.words, words) if fresh else index.words,
        _cut(index, rows["name"], tokens, fresh),
    )


def _cut(index: NameIndex, names: pl.Series, tokens: Tokens, fresh: list[str]) -> Cut:
    """Find the words that the last word of a cut query may begin."""
    lengths: NDArray[np.uint32] = names.str.len_chars().to_numpy()
    is_cut = np.zeros(len(names), dtype=np.bool_)
    for length in settings("weights")["field_lengths"]:
        is_cut |= lengths == length
    ids, counts = [np.empty(0, np.int32)], np.zeros(len(names), dtype=np.int64)
    known = list(index.known) if is_cut.any() else []
    for row in np.flatnonzero(is_cut):
        last = tokens.words[tokens.begin[tokens.offsets[row + 1]] - 1]
        word = known[last] if last < len(known) else fresh[last - len(known)]
        if len(word) > 2:
            first, end = bisect_left(index.spelled_words, word), bisect_left(index.spelled_words, word + "~")
            ids.append(np.unique(index.spelled_ids[first:end]))
            counts[row] = len(ids[-1])
    return Cut(is_cut, np.concatenate([[0], np.cumsum(counts)]), np.concatenate(ids))
