"""What is known of each distinct token: kind, weights, folded spelling and its hashes."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.fold import fold
from screening.names.lexicon import NUMBER, lexicon
from screening.names.rarity import weights


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One row a token; `folds[fold_offsets[i]:fold_offsets[i + 1]]` are the letters of token i's folded spelling."""

    kind: NDArray[np.uint8]
    legal_class: NDArray[np.int8]
    organization: NDArray[np.float32]
    person: NDArray[np.float32]
    letter: NDArray[np.uint8]  # first letter as written
    length: NDArray[np.int32]
    fold_offsets: NDArray[np.int64]
    folds: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.kind)

    def followed_by(self, other: Vocabulary) -> Vocabulary:
        """Return the vocabulary with the rows of `other` after its own."""
        if not len(other):
            return self
        joined = {
            f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)
        }
        joined["fold_offsets"] = np.concatenate(
            [self.fold_offsets, other.fold_offsets[1:] + self.fold_offsets[-1]]
        )
        return Vocabulary(**joined)


def describe(tokens: list[str], of_lexicon: bool = False) -> Vocabulary:
    """Describe tokens; `of_lexicon` says that they start with those of the lexicon, in its order."""
    text = pl.Series("token", tokens, dtype=pl.String)
    kind = np.where(text.str.contains(r"^[0-9]+$").to_numpy(), NUMBER, 0).astype(np.uint8)
    legal_class = np.full(len(tokens), -1, dtype=np.int8)
    if of_lexicon:
        words = lexicon()
        kind[: len(words.tokens)] = np.maximum(kind[: len(words.tokens)], words.kind)
        legal_class[: len(words.tokens)] = words.legal_class
    folded = fold(text)
    lengths = folded.str.len_bytes().to_numpy()
    offsets = np.zeros(len(tokens) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    letters = np.frombuffer("".join(folded.to_list()).encode("ascii"), dtype=np.uint8)
    return Vocabulary(
        kind=kind,
        legal_class=legal_class,
        organization=weights(text, kind, "organization"),
        person=weights(text, kind, "person"),
        letter=np.fromiter((ord(token[0]) & 0xFF if token else 0 for token in tokens), np.uint8, len(tokens)),
        length=text.str.len_bytes().to_numpy().astype(np.int32),
        fold_offsets=offsets,
        folds=letters,
    )
