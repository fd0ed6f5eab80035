"""Pairs whose names alone would have been shown to somebody, and which other evidence contradicts.

Another year of birth or another IMO number lowers a match under review; it does not make it unsaid. The pairs stand in
a table of the run with everything that was compared, so that investigators see them and a wrong date can be found out.
"""

from __future__ import annotations

import polars as pl

from screening.matching.wording import EVIDENCE

CONTRADICTED = "contradicted"
"""Band of such a pair."""
COLUMNS = {
    "matched_entity_id": pl.String(),
    "record_id": pl.String(),  # of the customer or entity whose particulars were compared
    "party_id": pl.String(),
    "list": pl.String(),
    "party_type": pl.String(),
    "name_score": pl.Float64(),
    "score": pl.Float64(),
    "query_name": pl.String(),
    "matched_name": pl.String(),
    "party_name": pl.String(),
    "evidence": EVIDENCE,
}


def contradicted(found: pl.DataFrame) -> pl.DataFrame:
    """Return the hits, with their party, that only contradicting evidence keeps under review; sorted."""
    against = found.filter(pl.col("band") == CONTRADICTED).select(list(COLUMNS))
    return against.sort("matched_entity_id", "party_id")
