"""The features of pairs of names, for fitting and for reading."""

from __future__ import annotations

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from screening.matching.align import COLUMNS, MOST_PAIRS, align
from screening.matching.batch import encode
from screening.matching.candidates import count_entries, enter, leave, scratch
from screening.matching.feature_table import COUNT
from screening.matching.features import write_features
from screening.matching.index import NameIndex
from screening.matching.postings import EITHER, PERSON


def pair_features(
    index: NameIndex, queries: pl.DataFrame, query: NDArray[np.int64], name: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the features of pairs (rows of `queries`, rows of the index), one row each, and which count as persons.

    The pairs must be sorted by query.
    """
    rows = queries.select(
        *(pl.col(c).cast(pl.String) if c in queries.columns else pl.lit(None, pl.String).alias(c)
          for c in ("query_id", "name", "party_type", "country"))
    )  # fmt: skip
    data = index.data
    batch = encode(data, rows)
    work = scratch(
        len(index.rows),
        len(data.postings.posting_persons),
        max(1, count_entries(batch.names, batch.words, batch.cut, data.postings.most_alike)),
    )
    features: NDArray[np.float64]
    persons: NDArray[np.bool_]
    features, persons = _pair_features(
        batch.names, data.names, batch.words, batch.cut, data.postings, work, query, name
    )
    return features, persons


@njit(nogil=True)
def _pair_features(queries, listed, words, cut, postings, work, query_rows, name_rows):  # type: ignore[no-untyped-def]
    out = np.zeros((len(query_rows), COUNT))
    persons = np.zeros(len(query_rows), np.bool_)
    pairs = np.empty((MOST_PAIRS, COLUMNS))
    entries, before = 0, -1
    for i in range(len(query_rows)):
        query, name = query_rows[i], name_rows[i]
        if query != before:
            leave(entries, work)
            entries = enter(query, queries, words, cut, postings, work)
            before = query
        as_person = queries.kind[query] == PERSON or (
            queries.kind[query] == EITHER and listed.kind[name] == PERSON
        )
        worth_q = queries.person if as_person else queries.organization
        worth_n = listed.person if as_person else listed.organization
        count, taken_q, taken_n = align(
            query, name, queries, listed, worth_q, worth_n, words, postings, work, pairs
        )
        write_features(
            query, name, queries, listed, worth_q, worth_n, words, postings, work, cut.is_cut[query], pairs, count,
            taken_q, taken_n, as_person, out[i],
        )  # fmt: skip
        persons[i] = as_person
    return out, persons
