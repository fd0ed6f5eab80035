"""Each distinct word described: kind, weights, folded spelling."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.fold import fold
from screening.names.lexicon import LEGAL, NUMBER, STOP, TITLE, lexicon
from screening.names.neighbours import Folds
from screening.names.rarity import letter_table, prominence, surprise, weights
from screening.names.spelling import letter_bits, stems, word_hashes


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One row a word."""

    kind: NDArray[np.uint8]
    legal_class: NDArray[np.int8]
    organization: NDArray[np.float32]
    person: NDArray[np.float32]
    bits: NDArray[np.float32]  # how surprising the word is in names of organizations,
    bits_person: NDArray[np.float32]  # and of persons
    prominence: NDArray[np.float32]  # by how many bits it is likelier on the lists
    letter: NDArray[np.uint8]  # first letter as written
    length: NDArray[np.int32]
    stem: NDArray[np.uint32]  # the same for folded spellings with the same first four letters
    hash: NDArray[np.uint64]  # of the word as written; 0 for a word of one letter or a number
    folds: Folds
    plain: Folds

    def __len__(self) -> int:
        return len(self.kind)

    def followed_by(self, other: Vocabulary) -> Vocabulary:
        """Return the vocabulary with the rows of `other` after its own."""
        if not len(other):
            return self
        columns = {
            f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)])
            for f in fields(self)
            if f.type != "Folds"
        }
        return Vocabulary(
            **columns, folds=self.folds.followed_by(other.folds), plain=self.plain.followed_by(other.plain)
        )

    def spelled(self) -> NDArray[np.bool_]:
        """Say which words may be compared by spelling: not numbers, legal forms, titles, stop words."""
        return ~np.isin(self.kind, (NUMBER, STOP, TITLE, LEGAL))


def describe(words: list[str], with_lexicon: bool = False) -> Vocabulary:
    """Describe words; `with_lexicon` says that they begin with those of the lexicon, in its order."""
    text = pl.Series("word", words, dtype=pl.String)
    lengths = np.fromiter(map(len, words), np.int32, len(words))
    kind = np.fromiter((NUMBER if word.isdigit() else 0 for word in words), np.uint8, len(words))
    legal_class = np.full(len(words), -1, dtype=np.int8)
    formal = np.zeros(len(words), dtype=np.bool_)
    if with_lexicon:
        base = lexicon()
        size = len(base.tokens)
        kind[:size] = np.maximum(kind[:size], base.kind)
        legal_class[:size] = base.legal_class
        formal[:size] = base.formal
    folds, plain = fold_all(text), _letters(words)
    spelling_bits = letter_bits(plain.letters, plain.offsets, letter_table())
    return Vocabulary(
        kind=kind,
        legal_class=legal_class,
        organization=weights(words, lengths, kind, formal, "organization"),
        person=weights(words, lengths, kind, formal, "person"),
        bits=surprise(words, spelling_bits, "organization"),
        bits_person=surprise(words, spelling_bits, "person"),
        prominence=prominence(words, kind),
        letter=np.fromiter((ord(word[0]) if word else 0 for word in words), np.uint8, len(words)),
        length=lengths,
        stem=stems(folds.letters, folds.offsets),
        hash=np.where(kind == NUMBER, np.uint64(0), word_hashes(plain.letters, plain.offsets)),
        folds=folds,
        plain=plain,
    )


def fold_all(words: pl.Series) -> Folds:
    """Fold the spelling of every word.

    >>> fold_all(pl.Series(["mohammed"])).letters.tobytes()
    b'mohamed'
    """
    return _letters(fold(words).to_list())


def _letters(words: list[str]) -> Folds:
    """Return the letters of words as they are."""
    offsets = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=offsets[1:])
    return Folds(offsets, np.frombuffer(bytearray("".join(words), "ascii"), dtype=np.uint8))
