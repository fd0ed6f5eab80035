"""Names and all other evidence searched together: the one way from subjects to matches with their score."""

from __future__ import annotations

import numpy as np
import polars as pl

from screening.arrays import run_starts
from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.identifier_matches import named_by_number
from screening.matching.evidence.text import EVIDENCE
from screening.matching.evidence.weighing import lowest_name_score, weigh
from screening.matching.index import NameIndex

MATCHES = {
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
    index: NameIndex, queries: pl.DataFrame, attributes: pl.DataFrame, theirs: Attributes, least: float
) -> pl.DataFrame:
    """Return every pair of which the score or the name's own score is `least` or more, in the columns of `MATCHES`.

    `queries`: query_id, subject_id, name [, party_type]; several names a subject, of which the best counts.
    `attributes`: what is recorded of the subjects, as `Attributes.from_subjects` takes it. `theirs`: the attributes of
    the listed parties. A pair with an equal identifier needs no name, and is reported without one where the names are
    less alike than the floor of `evidence.toml` and `least`. One row a pair; sorted by subject, best first, ties by
    party_id. A row below `least` is there because evidence contradicts.
    """
    best = _best_names(index, queries, lowest_name_score(attributes, least))
    ours = Attributes.from_subjects(_worth_reading(attributes, best["subject_id"]))
    numbered = named_by_number(ours, theirs)
    if best.is_empty() and numbered.is_empty():  # most subjects: nobody resembles them
        return pl.DataFrame(schema=MATCHES)
    if not numbered.is_empty():
        first = queries.unique("subject_id", keep="first", maintain_order=True)
        marked = numbered.with_columns(numbered=True)
        alone = marked.join(best, on=PAIR, how="anti").join(
            first.select("subject_id", query_name="name"), on="subject_id"
        )
        both = best.join(marked, on=PAIR, how="left", maintain_order="left")
        best = pl.concat([both, alone], how="diagonal")
    matches = weigh(best, ours, theirs, least).select(list(MATCHES))
    return matches.sort("subject_id", "score", "party_id", descending=[False, True, False])


def _best_names(index: NameIndex, queries: pl.DataFrame, least: float) -> pl.DataFrame:
    """Return the best of the names of each subject and party, of equal ones the first in their order; sorted."""
    found = index.find(queries, min_score=least)
    if not len(found.query):
        return pl.DataFrame(schema={name: MATCHES[name] for name in BEST})
    asked = queries.select("subject_id", "name")[found.query]
    subject, name = (rank.to_numpy().astype(np.int64) for rank in asked.select(pl.all().rank("dense")))
    party = index.data.postings.party[found.name]
    order = np.lexsort((found.query, name, -found.score, party, subject))
    chosen = order[run_starts(subject[order], party[order])]
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


def _worth_reading(attributes: pl.DataFrame, subjects: pl.Series) -> pl.DataFrame:
    """Keep the subjects that resemble somebody by name, and those that may by a number."""
    wanted = pl.col("subject_id").is_in(subjects.implode())
    if attributes.schema.get("identifiers", pl.Null) != pl.Null:
        wanted |= (pl.col("identifiers").list.len() > 0).fill_null(value=False)
    return attributes.filter(wanted)
