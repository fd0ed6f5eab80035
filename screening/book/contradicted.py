"""Pairs whose names alone would have been shown to somebody, and which other evidence contradicts.

Another year of birth or another IMO number lowers a match under review; it does not undo it. The pairs stand in a table
of the run with everything that was compared, so that investigators see them and a wrong date can be found out.
"""

from __future__ import annotations

import polars as pl

from screening.matching.evidence.text import EVIDENCE

CONTRADICTED = "contradicted"
"""Band of such a pair."""
COLUMNS = {
    "matched_entity_id": pl.String(),
    "record_id": pl.String(),  # the subject: customer or entity whose attributes were compared
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


def contradicted_matches(found: pl.DataFrame) -> pl.DataFrame:
    """Return the matches, with their party, that only contradicting evidence keeps under review: `COLUMNS`, sorted."""
    against = found.filter(pl.col("band") == CONTRADICTED).rename({"subject_id": "record_id"})
    return against.select(list(COLUMNS)).sort("matched_entity_id", "party_id")
