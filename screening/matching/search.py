"""Names and everything known beside them, searched together: the one way from records to matches with their score."""

from __future__ import annotations

import numpy as np
import polars as pl

from screening.arrays import starts
from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.identifier_matches import named_by_number
from screening.matching.evidence.text import EVIDENCE
from screening.matching.evidence.weighing import lowest, weigh
from screening.matching.index import NameIndex

FOUND = {
    "subject_id": pl.String(),
    "party_id": pl.String(),
    "score": pl.Float64(),
    "name_score": pl.Float64(),  # of the names alone; null: found by an identifier, the names do not resemble
    "similarity": pl.Float64(),
    "query_name": pl.String(),
    "matched_name": pl.String(),  # null where the names do not resemble
    "quality": pl.String(),
    "evidence": EVIDENCE,
}
PAIR = ("subject_id", "party_id")
BEST = (*PAIR, "name_score", "similarity", "query_name", "matched_name", "quality")


def search(
    index: NameIndex, queries: pl.DataFrame, told: pl.DataFrame, theirs: Attributes, least: float
) -> pl.DataFrame:
    """Return every pair of which the score or the name's own score is `least` or more, in the columns of `FOUND`.

    `queries`: query_id, subject_id, name [, party_type]; several names a record, of which the best counts. `told`: what
    the records tell beside their names, as `Attributes.of_subjects` takes it. `theirs`: what the list says, by
    party_id. A pair with an equal identifier needs no name. One row a pair; sorted by record, best first, ties by
    party_id. A row below `least` is there because evidence contradicts.
    """
    best = _best(index, queries, lowest(told, least))
    ours = Attributes.of_subjects(_worth_reading(told, best["subject_id"]))
    numbered = named_by_number(ours, theirs)
    if best.is_empty() and numbered.is_empty():  # most records: nobody resembles them
        return pl.DataFrame(schema=FOUND)
    if not numbered.is_empty():
        first = queries.unique("subject_id", keep="first", maintain_order=True)
        alone = numbered.join(best, on=PAIR, how="anti").join(
            first.select("subject_id", query_name="name"), on="subject_id"
        )
        best = pl.concat([best, alone], how="diagonal")
    found = weigh(best, ours, theirs, least).select(list(FOUND))
    return found.sort("subject_id", "score", "party_id", descending=[False, True, False])


def _best(index: NameIndex, queries: pl.DataFrame, least: float) -> pl.DataFrame:
    """Return the best of the names of each record and party, of equal ones the first in their order; sorted."""
    found = index.find(queries, min_score=least)
    if not len(found.query):
        return pl.DataFrame(schema={name: FOUND[name] for name in BEST})
    asked = queries.select("subject_id", "name")[found.query]
    record, name = (rank.to_numpy().astype(np.int64) for rank in asked.select(pl.all().rank("dense")))
    party = index.postings.party[found.name]
    order = np.lexsort((found.query, name, -found.score, party, record))
    chosen = order[starts(record[order], party[order])]
    asked, listed = asked[chosen], index.rows[found.name[chosen]]
    return pl.DataFrame(
        {
            "subject_id": asked["subject_id"],
            "party_id": listed["party_id"],
            "name_score": found.score[chosen],
            "similarity": found.similarity[chosen],
            "query_name": asked["name"],
            "matched_name": listed["name"],
            "quality": listed["quality"],
        }
    )


def _worth_reading(told: pl.DataFrame, records: pl.Series) -> pl.DataFrame:
    """Keep the records that resemble somebody by name, and those that may by a number."""
    wanted = pl.col("subject_id").is_in(records.implode())
    if told.schema.get("identifiers", pl.Null) != pl.Null:
        wanted |= (pl.col("identifiers").list.len() > 0).fill_null(value=False)
    return told.filter(wanted)
