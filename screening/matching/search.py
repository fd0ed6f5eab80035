"""Names and everything known beside them, searched together: the one way from records to matches with their score."""

from __future__ import annotations

import polars as pl

from screening.matching.comparison import named_by_number
from screening.matching.evidence import EVIDENCE, weigh
from screening.matching.index import NameIndex
from screening.matching.particulars import Particulars
from screening.names.tables import settings

FOUND = {
    "record_id": pl.String(),
    "party_id": pl.String(),
    "score": pl.Float64(),
    "name_score": pl.Float64(),  # of the names alone; null: found by an identifier, the names do not resemble
    "similarity": pl.Float64(),
    "query_name": pl.String(),
    "matched_name": pl.String(),  # null where the names do not resemble
    "quality": pl.String(),
    "evidence": EVIDENCE,
}
PAIR = ("record_id", "party_id")


def search(
    index: NameIndex, queries: pl.DataFrame, told: pl.DataFrame, theirs: Particulars, least: float
) -> pl.DataFrame:
    """Return every pair of which the score or the name's own score is `least` or more, in the columns of `FOUND`.

    `queries`: query_id, record_id, name [, party_type]; several names a record, of which the best counts. `told`: what
    the records tell beside their names, as `Particulars.of_subjects` takes it. `theirs`: what the list says, by
    party_id. A pair with an equal identifier needs no name. One row a pair; sorted by record, best first, ties by
    party_id. A row below `least` is there because evidence contradicts.
    """
    floor = settings("evidence")["name"]["floor"]
    named = index.match(queries.drop("record_id"), limit=None, min_score=min(floor, least)).rename(
        {"score": "name_score"}
    )
    best = (
        named.join(queries.select("query_id", "record_id"), on="query_id")
        .sort(*PAIR, "name_score", "query_name", descending=[False, False, True, False])
        .unique(PAIR, keep="first", maintain_order=True)
    )
    ours = Particulars.of_subjects(_worth_reading(told, best))
    if best.is_empty() and ours.identifiers.is_empty():  # most records: nobody resembles them
        return pl.DataFrame(schema=FOUND)
    first = queries.unique("record_id", keep="first", maintain_order=True)
    numbered = (
        named_by_number(ours, theirs)
        .join(best, on=PAIR, how="anti")
        .join(first.select("record_id", query_name="name"), on="record_id")
    )
    pairs = pl.concat([best.drop("query_id"), numbered], how="diagonal")
    found = weigh(pairs, ours, theirs).filter(
        (pl.col("score") >= least) | (pl.col("name_score") >= least).fill_null(False)
    )
    return (
        found.select(list(FOUND))
        .cast(pl.Schema(FOUND))
        .sort("record_id", "score", "party_id", descending=[False, True, False])
    )


def _worth_reading(told: pl.DataFrame, best: pl.DataFrame) -> pl.DataFrame:
    """Keep the records that resemble somebody by name, and those that may by a number."""
    named = told.join(best.select("record_id").unique(), on="record_id", how="semi", maintain_order="left")
    if told.schema.get("identifiers", pl.Null) == pl.Null:
        return named
    numbered = told.filter(pl.col("identifiers").list.len() > 0)
    return pl.concat([named, numbered]).unique("record_id", keep="first", maintain_order=True)
