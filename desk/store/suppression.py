"""Pairs of names that a false-positive decision set aside, in the store and for the nightly job.

A pair is an entity, a listed party and the hash of the evidence at the time, as the run wrote it. Where anything about
it changes (a name, the score, the listing) the evidence has another hash, and a person reviews it again. No pair is set
aside for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.store.tables import Suppression

LASTS = timedelta(days=365)
Pair = tuple[str, str, str]
REVIEW = dict.fromkeys(("customer_id", "party_id", "evidence_hash", "reason", "by"), str) | {
    "date": date,
    "expires": date,
}
"""A review as the nightly job reads it; `customer_id` holds the id of the entity that was compared."""


def pair_key(match: Mapping[str, Any]) -> Pair:
    """Return the pair that a review of a match covers.

    >>> pair_key({"matched_entity_id": "c", "party_id": "EL-1", "evidence_hash": "ab", "score": 0.9})
    ('c', 'EL-1', 'ab')
    """
    return match["matched_entity_id"], match["party_id"], match["evidence_hash"]


def suppress(
    session: Session, case_id: str, matches: Iterable[Mapping[str, Any]], by: str, on: date, reason: str
) -> list[str]:
    """Set the pairs of these matches aside for a year; returns the party ids."""
    in_force = suppressed(session, on)
    fresh = {pair: match for match in matches if (pair := pair_key(match)) not in in_force}
    session.add_all(
        Suppression(
            case_id=case_id, entity_id=pair[0], party_id=pair[1], evidence_hash=pair[2], reason=reason, by=by,
            query_name=match["query_name"], matched_name=match["matched_name"], on=on, until=on + LASTS,
        )
        for pair, match in fresh.items()
    )  # fmt: skip
    return sorted({party_id for _, party_id, _ in fresh})


def end(session: Session, case_id: str) -> list[str]:
    """Take the pairs of a case back, because its decision was; returns the party ids."""
    rows = session.scalars(
        select(Suppression).where(Suppression.case_id == case_id, ~Suppression.ended)
    ).all()
    for row in rows:
        row.ended = True
    return sorted({row.party_id for row in rows})


def suppressed(session: Session, on: date) -> frozenset[Pair]:
    """Return the pairs that are set aside on a day."""
    return frozenset((row.entity_id, row.party_id, row.evidence_hash) for row in _in_force(session, on))


def reviews(session: Session, on: date) -> list[dict[str, Any]]:
    """Return the reviews in force on a day in the columns of `REVIEW`, each pair once."""
    latest = {(row.entity_id, row.party_id, row.evidence_hash): row for row in _in_force(session, on)}
    return [
        {
            "customer_id": entity_id, "party_id": party_id, "evidence_hash": evidence_hash, "reason": row.reason,
            "by": row.by, "date": row.on, "expires": row.until,
        }
        for (entity_id, party_id, evidence_hash), row in sorted(latest.items())
    ]  # fmt: skip


def for_case(session: Session, case_id: str) -> list[Suppression]:
    """Return every pair that was ever set aside in a case."""
    return list(
        session.scalars(select(Suppression).where(Suppression.case_id == case_id).order_by(Suppression.id))
    )


def _in_force(session: Session, on: date) -> list[Suppression]:
    wanted = ~Suppression.ended, Suppression.on <= on, Suppression.until >= on
    return list(session.scalars(select(Suppression).where(*wanted).order_by(Suppression.until)))
