"""Which pairs of names people decided to be the same party and which not; thresholds are set by them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.store.suppression import Pair, pair_key
from desk.store.tables import Case, Suppression

NAMED = ("alert", "review")
"""Bands of matches by name."""


def verdicts(session: Session) -> dict[Pair, bool]:
    """Return the pairs that decisions settled, and whether they are the same party.

    A false positive settles every pair of its case, for good: that a pair is reviewed again after a year takes nothing
    back. A true match settles the best pair of its case and leaves the others open.
    """
    false = {
        (row.entity_id, row.party_id, row.evidence_hash): False
        for row in session.scalars(select(Suppression).where(~Suppression.ended))
    }
    cases = session.scalars(select(Case).where(Case.state == "true_match"))
    best = (_best(case.content["matches"]) for case in cases)
    return false | {pair_key(match): True for match in best if match}


def _best(matches: list[dict[str, Any]]) -> dict[str, Any] | None:
    named = [match for match in matches if match["band"] in NAMED]
    return max(named, key=lambda match: (match["score"], match["party_id"]), default=None)
