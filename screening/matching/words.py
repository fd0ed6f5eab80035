"""What the kernel reads of each word: those of an index and, after them, the new ones of a batch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.names.neighbours import Neighbours
from screening.names.vocabulary import Vocabulary


class Words(NamedTuple):
    """One row a word; near_ids[near_offsets[i]:near_offsets[i + 1]] are the tokens of the list spelled like word i."""

    kind: NDArray[np.uint8]
    legal_class: NDArray[np.int8]
    organization: NDArray[np.float32]
    person: NDArray[np.float32]
    bits: NDArray[np.float32]
    bits_person: NDArray[np.float32]
    prominence: NDArray[np.float32]
    letter: NDArray[np.uint8]
    length: NDArray[np.int32]
    fold_offsets: NDArray[np.int64]
    folds: NDArray[np.uint8]
    plain_offsets: NDArray[np.int64]
    plain: NDArray[np.uint8]  # letters as written
    join_unit: NDArray[np.int32]  # the joined pair of the list that is written like this word, or -1
    likest: NDArray[np.float32]  # similarity of what the list writes most like this word, 0 where nothing is
    near_offsets: NDArray[np.int64]
    near_ids: NDArray[np.int32]
    near_similarity: NDArray[np.float32]


JOINED = 0.985
"""Similarity of two words to the same written as one."""
OFFSETS = ("fold_offsets", "plain_offsets", "near_offsets")


def make_words(vocabulary: Vocabulary, near: Neighbours, join_keys: NDArray[np.uint64], size: int) -> Words:
    """Put the columns of words together; the joined pair of key i is unit `size` + i."""
    if len(join_keys):
        place = np.minimum(np.searchsorted(join_keys, vocabulary.hash), len(join_keys) - 1)
        joined = np.where((join_keys[place] == vocabulary.hash) & (vocabulary.hash != 0), place + size, -1)
    else:
        joined = np.full(len(vocabulary), -1)
    likest = np.where(joined >= 0, np.float32(JOINED), np.float32(0.0))
    resembles = np.diff(near.offsets) > 0
    if resembles.any():
        nearest = np.maximum.reduceat(near.similarity, near.offsets[:-1][resembles])
        likest[resembles] = np.maximum(likest[resembles], nearest)
    return Words(
        kind=vocabulary.kind,
        legal_class=vocabulary.legal_class,
        organization=vocabulary.organization,
        person=vocabulary.person,
        bits=vocabulary.bits,
        bits_person=vocabulary.bits_person,
        prominence=vocabulary.prominence,
        letter=vocabulary.letter,
        length=vocabulary.length,
        fold_offsets=vocabulary.folds.offsets,
        folds=vocabulary.folds.letters,
        plain_offsets=vocabulary.plain.offsets,
        plain=vocabulary.plain.letters,
        join_unit=joined.astype(np.int32),
        likest=likest,
        near_offsets=near.offsets,
        near_ids=near.ids,
        near_similarity=near.similarity,
    )


def followed_by(words: Words, others: Words) -> Words:
    """Return the words with the others after them."""
    columns = {}
    for name in Words._fields:
        ours, theirs = getattr(words, name), getattr(others, name)
        columns[name] = np.concatenate([ours, theirs[1:] + ours[-1]] if name in OFFSETS else [ours, theirs])
    return Words(**columns)
