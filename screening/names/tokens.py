"""Names as sequences of token ids over one vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from screening.names.clean import clean
from screening.names.corrections import corrections
from screening.names.lexicon import Trie, lexicon
from screening.names.rejoin import rejoin

MAX_TOKENS = 24
"""A name's further tokens are not compared; the longest name on the lists of 2026 has 29."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """`ids[offsets[i]:offsets[i + 1]]` are the tokens of name i; ids are places in a vocabulary.

    Token t stands for the words `words[begin[t]:begin[t + 1]]`, ids of the same vocabulary. `spelling[t]` is the
    word itself where it is one; where several words became one token it is below zero, one number a phrase.
    Tokens short_begin[s]:short_end[s] together have the short name `short_ids[s]` (cetc).
    """

    offsets: NDArray[np.int64]
    ids: NDArray[np.int32]
    begin: NDArray[np.int64]
    spelling: NDArray[np.int32]
    words: NDArray[np.int32]
    short_ids: NDArray[np.int32]
    short_begin: NDArray[np.int64]
    short_end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def tokenize(
    names: pl.Series, word_ids: dict[str, int], persons: NDArray[np.bool_] | None = None
) -> tuple[Tokens, list[str]]:
    """Cut names, those of `persons` as such, into tokens; phrases of the lexicon become the one token for them.

    `word_ids` gives the id of each word of a vocabulary, whose first words are those of the lexicon. Words it lacks get
    the next ids and are returned, in order of first appearance.
    """
    offsets, words, fresh = read_words(names, word_ids)
    return cut(offsets, words, persons), fresh


def read_words(
    names: pl.Series, word_ids: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int32], list[str]]:
    """Read the words of names: cleaned, slips corrected, torn words put together. A name's words depend on it alone.

    Returns offsets and ids of the words (name i has words[offsets[i]:offsets[i + 1]]), and the words that `word_ids`,
    as for `tokenize`, lacks.
    """
    parts = clean(names).str.split(" ")
    encoded = parts.explode().to_arrow().dictionary_encode()
    distinct: list[str] = encoded.dictionary.to_pylist()
    missing = [word for word in distinct if word not in word_ids]
    fresh = {word: word_ids[right] for word, right in corrections(missing).items()}
    missing = [word for word in missing if word not in fresh]
    fresh.update((word, len(word_ids) + i) for i, word in enumerate(missing))
    local = np.fromiter((word_ids.get(word, -1) for word in distinct), np.int32, len(distinct))
    unknown = np.flatnonzero(local < 0)
    local[unknown] = [fresh[distinct[i]] for i in unknown]
    offsets = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum(parts.list.len().to_numpy(), out=offsets[1:])
    return *rejoin(offsets, encoded.indices.to_numpy(zero_copy_only=False), distinct, local), missing


def cut(
    offsets: NDArray[np.int64], words: NDArray[np.int32], persons: NDArray[np.bool_] | None = None
) -> Tokens:
    """Cut names, given by the ids of their words, into tokens.

    The first ids of the words' vocabulary are those of the lexicon. In the names of `persons` single letters are
    initials, never a legal form (`Ivanov S.A.`).
    """
    persons = np.zeros(len(offsets) - 1, np.bool_) if persons is None else persons
    offsets, ids, begin, phrase = _merge(offsets, words, np.arange(len(words) + 1), lexicon().words, persons)
    spelling = np.where(phrase > 0, -phrase, words[begin[:-1]]).astype(np.int32)
    _, merged, first, phrase = _merge(offsets, ids, np.arange(len(ids) + 1), lexicon().names, persons)
    short = np.flatnonzero(phrase)
    return Tokens(offsets, ids, begin, spelling, words, merged[short], first[short], first[short + 1])


def as_lists(offsets: NDArray[np.int64], words: NDArray[np.int32]) -> pl.Series:
    """Return the words of names as a column, a list of ids a name; `from_lists` undoes it.

    >>> as_lists(np.array([0, 2, 3]), np.array([7, 8, 9], np.int32)).to_list()
    [[7, 8], [9]]
    """
    lists = pl.Series(pa.LargeListArray.from_arrays(offsets, words.astype(np.uint32)))
    return lists.rename("words")


def from_lists(column: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return offsets and ids of a column of words."""
    lists = column.rechunk().to_arrow()
    offsets = lists.offsets.to_numpy().astype(np.int64)
    return offsets - offsets[0], lists.flatten().to_numpy().astype(np.int32)


def written_words(names: pl.Series) -> list[list[str]]:
    """Return the words that `Tokens.words` counts: cleaned, slips corrected, torn words put together.

    >>> written_words(pl.Series(["Orion Tech nology Lirnited"]))
    [['orion', 'technology', 'limited']]
    """
    tokens, fresh = tokenize(names, lexicon().ids)
    every, bounds = [*lexicon().tokens, *fresh], tokens.begin[tokens.offsets]
    return [[every[word] for word in tokens.words[a:b]] for a, b in pairwise(bounds)]


def _merge(
    offsets: NDArray[np.int64],
    ids: NDArray[np.int32],
    spans: NDArray[np.int64],
    trie: Trie,
    persons: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    from screening.names.phrases import merge_phrases  # noqa: PLC0415  numba is heavy

    merged: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]] = merge_phrases(
        offsets,
        ids,
        spans,
        len(trie.root),
        trie.root,
        trie.keys,
        trie.states,
        trie.stands_for,
        persons,
        MAX_TOKENS,
    )
    return merged
