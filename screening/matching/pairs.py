"""The kernel run over queries, in as many threads as are worth it."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.compiled import threads
from screening.matching.batch import encode
from screening.matching.candidates import count_entries, scratch
from screening.matching.index_data import IndexData
from screening.matching.kernel import match_batch
from screening.matching.score import gates, models

_MOST_AT_ONCE = 1 << 16
"""Queries that a thread lays out at a time."""
_WORTH_A_THREAD = 256
"""Queries that are worth a thread."""


class Pairs(NamedTuple):
    """Pairs: row of the queries, row of the names, score, similarity; queries in order, best first, ties by party."""

    query: NDArray[np.int64]
    name: NDArray[np.int64]
    score: NDArray[np.float64]
    similarity: NDArray[np.float64]


def find_pairs(data: IndexData, rows: pl.DataFrame, limit: int | None, least: float) -> Pairs:
    """Match queries (columns name, party_type, country [, words]) against an index.

    `limit`: parties of each query at most; None for all. Pairs that score below `least` are left out.
    """
    if rows.is_empty() or data.rows.is_empty():
        numbers, figures = np.empty(0, dtype=np.int64), np.empty(0)
        return Pairs(numbers, numbers, figures, figures)
    size = block_size(len(rows))
    if size >= len(rows):
        return _find_in_block(data, rows, 0, limit, least)
    with ThreadPoolExecutor(threads()) as pool:
        blocks = pool.map(
            lambda first: _find_in_block(data, rows[first : first + size], first, limit, least),
            range(0, len(rows), size),
        )
        return Pairs(*map(np.concatenate, zip(*blocks, strict=True)))


def block_size(names: int) -> int:
    """Return how many of so many names a thread takes at a time."""
    return math.ceil(
        names / max(math.ceil(names / _MOST_AT_ONCE), min(threads(), 1 + names // _WORTH_A_THREAD))
    )


def _find_in_block(data: IndexData, rows: pl.DataFrame, first: int, limit: int | None, least: float) -> Pairs:
    """Run the kernel over rows of which the first is number `first`; sorted by query, best first."""
    batch, most = encode(data, rows), -1 if limit is None else limit
    entries = max(1, count_entries(batch.names, batch.words, batch.cut, data.postings.most_alike))
    query, name, score, similarity = match_batch(
        batch.names, data.names, batch.words, batch.cut, data.postings,
        scratch(len(data.rows), len(data.postings.posting_persons), entries), models(), gates(), most, least,
    )  # fmt: skip
    order = np.lexsort((data.postings.party[name], -score, query))
    if limit is not None:
        ordered = query[order]
        order = order[np.arange(len(order)) - np.searchsorted(ordered, ordered) < limit]
    return Pairs(query[order] + np.int64(first), name[order], score[order], similarity[order])
