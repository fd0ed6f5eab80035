"""A batch of queries as the kernel reads it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.candidates import Cut
from screening.matching.index_data import IndexData
from screening.matching.postings import Names, lay_out
from screening.matching.rows import country_codes, party_kinds, persons
from screening.matching.words import Words
from screening.names.tables import settings
from screening.names.tokens import Tokens, cut, from_lists, tokenize


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries laid out over the words of an index and, after them, their own new words."""

    names: Names
    words: Words
    cut: Cut


def encode(data: IndexData, rows: pl.DataFrame) -> Batch:
    """Write queries (columns name, party_type, country [, words]) in the words of an index."""
    if "words" in rows.columns:
        tokens, fresh = cut(*from_lists(rows["words"]), persons(rows)), list[str]()
    else:
        tokens, fresh = tokenize(rows["name"], data.word_ids, persons(rows))
    vocabulary, words = data.describe_with(fresh)
    kinds = party_kinds(rows, tokens, vocabulary)
    codes = country_codes(rows["country"], data.country_codes)
    return Batch(
        lay_out(tokens, vocabulary, kinds, codes), words, _cut_queries(data, rows["name"], tokens, fresh)
    )


def _cut_queries(data: IndexData, names: pl.Series, tokens: Tokens, fresh: list[str]) -> Cut:
    """Find the words that the last word of a cut query may begin."""
    lengths: NDArray[np.uint32] = names.str.len_chars().to_numpy()
    is_cut = np.zeros(len(names), dtype=np.bool_)
    for length in settings("weights")["field_lengths"]:
        is_cut |= lengths == length
    ids, counts = [np.empty(0, np.int32)], np.zeros(len(names), dtype=np.int64)
    words = list(data.word_ids) if is_cut.any() else []
    for row in np.flatnonzero(is_cut):
        last = tokens.words[tokens.begin[tokens.offsets[row + 1]] - 1]
        word = words[last] if last < len(words) else fresh[last - len(words)]
        if len(word) > 2:
            first, end = bisect_left(data.spelled_words, word), bisect_left(data.spelled_words, word + "~")
            ids.append(np.unique(data.spelled_ids[first:end]))
            counts[row] = len(ids[-1])
    return Cut(is_cut, np.concatenate([[0], np.cumsum(counts)]), np.concatenate(ids))
