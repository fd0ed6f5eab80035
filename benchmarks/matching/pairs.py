"""The measures of pairs of names, for fitting and for reading."""

from __future__ import annotations

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from screening.matching.align import COLUMNS, MOST_PAIRS, align
from screening.matching.batch import encode
from screening.matching.candidates import count_entries, enter, leave, scratch
from screening.matching.features import measure
from screening.matching.index import NameIndex
from screening.matching.postings import EITHER, PERSON
from screening.matching.score import FEATURES


def measures(
    index: NameIndex, queries: pl.DataFrame, query: NDArray[np.int64], name: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Measure pairs (rows of `queries`, rows of the index), sorted by query; also say which count as persons."""
    rows = queries.select(
        *(pl.col(c).cast(pl.String) if c in queries.columns else pl.lit(None, pl.String).alias(c)
          for c in ("query_id", "name", "party_type", "country"))
    )  # fmt: skip
    batch = encode(index, rows)
    work = scratch(
        len(index.rows),
        len(index.book.posting_persons),
        max(1, count_entries(batch.names, batch.words, batch.cut, index.book.most_alike)),
    )
    return _measures(batch.names, index.names, batch.words, batch.cut, index.book, work, query, name)


@njit(nogil=True)
def _measures(queries, listed, words, cut, book, work, query_of, name_of):  # type: ignore[no-untyped-def]
    out = np.zeros((len(query_of), FEATURES))
    persons = np.zeros(len(query_of), np.bool_)
    found = np.empty((MOST_PAIRS, COLUMNS))
    entries, before = 0, -1
    for i in range(len(query_of)):
        query, name = query_of[i], name_of[i]
        if query != before:
            leave(entries, work)
            entries = enter(query, queries, words, cut, book, work)
            before = query
        as_person = queries.kind[query] == PERSON or (
            queries.kind[query] == EITHER and listed.kind[name] == PERSON
        )
        worth_q = queries.person if as_person else queries.organization
        worth_n = listed.person if as_person else listed.organization
        pairs, taken_q, taken_n = align(
            query, name, queries, listed, worth_q, worth_n, words, book, work, found
        )
        measure(
            query,
            name,
            queries,
            listed,
            worth_q,
            worth_n,
            words,
            book,
            work,
            cut.is_cut[query],
            pairs,
            found,
            taken_q,
            taken_n,
            as_person,
            out[i],
        )
        persons[i] = as_person
    return out, persons
