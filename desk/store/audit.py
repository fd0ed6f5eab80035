"""The audit log: a chain of hashes over every change, with who and when.

Each line's hash covers its content and the hash of the line before, so a line that was edited, removed or slipped in
breaks the chain from there on. Whoever keeps the head's hash elsewhere also notices a log that was cut off or
rewritten whole. 15 CFR 762.5(b): the first image and every change, unalterable once recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.store.tables import Event, Head

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the log found: whether it holds, its length, its head, and the first line that does not fit."""

    sound: bool
    events: int
    head: str
    broken_at: int | None = None
    reason: str | None = None


def append(
    session: Session, who: str, at: datetime, kind: str, case_id: str | None, body: Mapping[str, Any]
) -> Event:
    """Add one line to the log; the head must have been locked by `lock`."""
    head = lock(session)
    text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS, default=str).decode()
    line = Event(
        seq=head.seq + 1,
        case_id=case_id,
        kind=kind,
        who=who,
        at=at.isoformat(),
        body=text,
        previous=head.hash,
    )
    line.hash = digest(line)
    head.seq, head.hash = line.seq, line.hash
    session.add(line)
    return line


def lock(session: Session) -> Head:
    """Take the head of the chain for this transaction: writers follow each other, none forks the chain."""
    head = session.get(Head, 1)
    if head is None or not session.info.get("head_locked"):
        head = session.get_one(Head, 1, with_for_update=True, populate_existing=True)
        session.info["head_locked"] = True
    return head


def digest(line: Event) -> str:
    """Return the hash of a line: SHA-256 over its fields, the body as stored, and the hash before it."""
    fields = [line.seq, line.case_id, line.kind, line.who, line.at, line.body, line.previous]
    return hashlib.sha256(orjson.dumps(fields)).hexdigest()


def check(session: Session, expected_head: str | None = None) -> Verdict:
    """Recompute the whole chain; `expected_head`: a head's hash noted elsewhere, which the log must contain."""
    head = session.get_one(Head, 1)
    with closing(
        session.scalars(select(Event).order_by(Event.seq).execution_options(yield_per=1000))
    ) as lines:
        return check_lines(lines, head.seq, head.hash, expected_head)


def check_lines(lines: Iterable[Event], length: int, head: str, expected_head: str | None = None) -> Verdict:
    """Recompute a chain of `length` lines that should end in `head`."""
    previous, count, head_found = GENESIS, 0, expected_head in (None, GENESIS)
    for count, line in enumerate(lines, start=1):
        fault = (
            f"line {count} is missing" if line.seq != count
            else "does not follow the line before it" if line.previous != previous
            else "its content is not what was recorded" if line.hash != digest(line)
            else None
        )  # fmt: skip
        if fault:
            return Verdict(False, count, head, count, fault)
        previous = line.hash
        head_found = head_found or previous == expected_head
    if (count, previous) != (length, head):
        return Verdict(False, count, head, count + 1, f"the log ends at line {count}, its head says {length}")
    if not head_found:
        return Verdict(False, count, head, None, "the head kept elsewhere is not in the log")
    return Verdict(True, count, head)
