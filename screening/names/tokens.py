"""Names as sequences of token ids over one vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.clean import clean
from screening.names.lexicon import lexicon

MAX_TOKENS = 24
"""A name's further tokens are not compared; the longest name on the lists of 2026 has 29."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """`ids[offsets[i]:offsets[i + 1]]` are the tokens of name i; ids are positions in a vocabulary."""

    offsets: NDArray[np.int64]
    ids: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def tokenize(names: pl.Series, known: dict[str, int]) -> tuple[Tokens, list[str]]:
    """Cut names into tokens; known phrases become the one token that stands for them.

    `known` maps the tokens of a vocabulary, whose first tokens are those of the lexicon, to their ids. Tokens
    it lacks get the next ids and are returned, in order of first appearance.
    """
    from screening.names.phrases import merge_phrases  # noqa: PLC0415  numba is heavy

    parts = clean(names).str.split(" ")
    lengths = parts.list.len().to_numpy()
    encoded = parts.explode().to_arrow().dictionary_encode()
    distinct: list[str] = encoded.dictionary.to_pylist()
    missing = [token for token in distinct if token not in known]
    fresh = {token: len(known) + i for i, token in enumerate(missing)}
    local = np.fromiter(
        (known[token] if token in known else fresh[token] for token in distinct), np.int32, len(distinct)
    )
    offsets = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    words = lexicon()
    merged_offsets, ids = merge_phrases(
        offsets,
        local[codes],
        len(words.tokens),
        words.root,
        words.keys,
        words.states,
        words.stands_for,
        MAX_TOKENS,
    )
    return Tokens(merged_offsets, ids), missing
