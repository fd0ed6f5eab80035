"""The names of a list as arrays that the kernel walks: positions, joined neighbours, postings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from screening.matching.spelling import mixed
from screening.names.lexicon import LEGAL, NUMBER, STOP, TITLE
from screening.names.tokens import Tokens
from screening.names.vocabulary import Vocabulary

EITHER, PERSON, ORGANIZATION, CRAFT, PLACE = range(5)
"""What a name may be: unknown, a person, an organization, a vessel or aircraft, an address."""


class Joins(NamedTuple):
    """Pairs of neighbouring words written as one: `hua wei` as `huawei`; `first` counts from the name's start."""

    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    first: NDArray[np.int8]


class Book(NamedTuple):
    """The names of a list, persons first; `units` of a name are its tokens, then joined pairs of them.

    A unit below the size of the vocabulary is a token, above it a joined pair. `postings[posting_offsets[u]:
    posting_offsets[u + 1]]` are the names that hold unit u, ascending, the first `posting_persons[u]` of persons.
    """

    offsets: NDArray[np.int64]
    tokens: NDArray[np.int32]
    join_offsets: NDArray[np.int64]
    join_units: NDArray[np.int32]
    join_first: NDArray[np.int8]
    posting_offsets: NDArray[np.int64]
    posting_persons: NDArray[np.int32]
    postings: NDArray[np.int32]
    party: NDArray[np.int32]
    party_kind: NDArray[np.uint8]
    weak: NDArray[np.bool_]
    country: NDArray[np.int32]
    join_keys: NDArray[np.uint64]  # sorted; the unit of key i is the size of the vocabulary + i
    fold_keys: NDArray[np.uint64]  # sorted; hash of the folded spelling of token `fold_tokens[i]`
    fold_tokens: NDArray[np.int32]


def joins(tokens: Tokens, vocabulary: Vocabulary) -> Joins:
    """Join neighbouring words of every name."""
    plain = ~np.isin(vocabulary.kind, (NUMBER, TITLE, LEGAL))
    return Joins(*_join(tokens.offsets, tokens.ids, plain, vocabulary.folds, vocabulary.fold_offsets))


def fold_hashes(vocabulary: Vocabulary) -> NDArray[np.uint64]:
    """Hash the folded spelling of every token, as joins are hashed; 0 for a token of one letter."""
    hashes: NDArray[np.uint64] = _fold_hashes(vocabulary.folds, vocabulary.fold_offsets)
    hashes[np.isin(vocabulary.kind, (NUMBER, STOP, TITLE, LEGAL))] = 0
    return hashes


def make_book(
    tokens: Tokens,
    vocabulary: Vocabulary,
    party: NDArray[np.int32],
    party_kind: NDArray[np.uint8],
    weak: NDArray[np.bool_],
    country: NDArray[np.int32],
) -> Book:
    """File the names of a list; rows must be sorted with persons first."""
    joined = joins(tokens, vocabulary)
    keys, place = np.unique(joined.hashes, return_inverse=True)
    units = (place + len(vocabulary)).astype(np.int32)
    names = np.arange(len(tokens), dtype=np.int32)
    holders = np.concatenate(
        [np.repeat(names, np.diff(tokens.offsets)), np.repeat(names, np.diff(joined.offsets))]
    )
    held = np.concatenate([tokens.ids, units]).astype(np.int64)
    filed = np.unique(held * len(tokens) + holders)
    postings = (filed % max(len(tokens), 1)).astype(np.int32)
    unit_of = filed // max(len(tokens), 1)
    size = len(vocabulary) + len(keys)
    counts = np.bincount(unit_of, minlength=size)
    persons = int(np.count_nonzero(party_kind == PERSON))
    hashes = fold_hashes(vocabulary)
    on_list = np.bincount(tokens.ids, minlength=len(vocabulary)) > 0
    spelled = np.flatnonzero((hashes != 0) & on_list)
    spelled = spelled[np.argsort(hashes[spelled], kind="stable")]
    return Book(
        offsets=tokens.offsets,
        tokens=tokens.ids,
        join_offsets=joined.offsets,
        join_units=units,
        join_first=joined.first,
        posting_offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        posting_persons=np.bincount(unit_of[postings < persons], minlength=size).astype(np.int32),
        postings=postings,
        party=party,
        party_kind=party_kind,
        weak=weak,
        country=country,
        join_keys=keys,
        fold_keys=hashes[spelled],
        fold_tokens=spelled.astype(np.int32),
    )


@njit(cache=True, nogil=True)
def _hash(folds, start, end, value):  # type: ignore[no-untyped-def]
    for i in range(start, end):
        value = value * np.uint64(0x9E3779B97F4A7C15) + np.uint64(folds[i] + 1)
    return value


@njit(cache=True, nogil=True)
def _fold_hashes(folds, offsets):  # type: ignore[no-untyped-def]
    hashes = np.zeros(len(offsets) - 1, np.uint64)
    for token in range(len(hashes)):
        if offsets[token + 1] - offsets[token] > 1:
            hashes[token] = mixed(_hash(folds, offsets[token], offsets[token + 1], np.uint64(0)))
    return hashes


@njit(cache=True, nogil=True)
def _join(offsets, ids, plain, folds, fold_offsets):  # type: ignore[no-untyped-def]
    """Join pairs of plain words; a letter that ends the one and begins the other counts once, as in folding."""
    names = len(offsets) - 1
    out_offsets = np.zeros(names + 1, np.int64)
    hashes = np.empty(len(ids), np.uint64)
    first = np.empty(len(ids), np.int8)
    written = 0
    for name in range(names):
        for at in range(offsets[name], offsets[name + 1] - 1):
            a, b = ids[at], ids[at + 1]
            a0, a1, b0, b1 = fold_offsets[a], fold_offsets[a + 1], fold_offsets[b], fold_offsets[b + 1]
            if not (plain[a] and plain[b]) or a1 - a0 + b1 - b0 < 4 or a1 == a0 or b1 == b0:
                continue
            value = _hash(folds, a0, a1, np.uint64(0))
            value = _hash(folds, b0 + (folds[b0] == folds[a1 - 1]), b1, value)
            hashes[written] = mixed(value)
            first[written] = at - offsets[name]
            written += 1
        out_offsets[name + 1] = written
    return out_offsets, hashes[:written].copy(), first[:written].copy()
