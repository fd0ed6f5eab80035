"""Pairs of names that a false-positive decision set aside.

A pair is the customer's record and the party's as they were compared. Where either changes (another name, another
listing) it is another pair, and a person looks again. No pair is set aside for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.store.tables import Suppression

LASTS = timedelta(days=365)
_RECORD = ("matched_entity_id", "query_name", "party_id", "list", "party_name", "matched_name")


def pair_of(customer_id: str, match: Mapping[str, Any]) -> str:
    """Return the hash of the two records that a match compares.

    >>> match = {"matched_entity_id": "c", "query_name": "A", "party_id": "EL-1", "list": "EL"}
    >>> pair_of("c", match) == pair_of("c", match | {"score": 0.9})
    True
    >>> pair_of("c", match) == pair_of("c", match | {"query_name": "B"})
    False
    """
    record = [customer_id, *(match.get(name) for name in _RECORD)]
    return hashlib.sha256(orjson.dumps(record, default=str)).hexdigest()


def suppress(
    session: Session, case_id: str, customer_id: str, matches: Iterable[Mapping[str, Any]], by: str, on: date
) -> list[str]:
    """Set the pairs of these matches aside for a year; returns the party ids."""
    known = suppressed(session, on, case_id)
    rows = [
        Suppression(
            case_id=case_id, pair=pair, party_id=match["party_id"], query_name=match["query_name"],
            matched_name=match["matched_name"], by=by, until=on + LASTS,
        )
        for match in matches
        if (pair := pair_of(customer_id, match)) not in known
    ]  # fmt: skip
    session.add_all(rows)
    return sorted({row.party_id for row in rows})


def end(session: Session, case_id: str) -> list[str]:
    """Take the pairs of a case back, because its decision was; returns the party ids."""
    rows = session.scalars(
        select(Suppression).where(Suppression.case_id == case_id, ~Suppression.ended)
    ).all()
    for row in rows:
        row.ended = True
    return sorted({row.party_id for row in rows})


def suppressed(session: Session, on: date, case_id: str | None = None) -> frozenset[str]:
    """Return the pairs that are set aside on a day, of one case or of all."""
    wanted = select(Suppression.pair).where(~Suppression.ended, Suppression.until >= on)
    return frozenset(
        session.scalars(wanted if case_id is None else wanted.where(Suppression.case_id == case_id))
    )


def of_case(session: Session, case_id: str) -> list[Suppression]:
    """Return every pair that was ever set aside in a case."""
    return list(
        session.scalars(select(Suppression).where(Suppression.case_id == case_id).order_by(Suppression.id))
    )
