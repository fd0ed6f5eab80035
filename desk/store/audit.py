"""The audit log: a chain of hashes over every change, with who and when.

Each line's hash covers its content and the hash of the line before, so a line that was edited, removed or slipped in
breaks the chain from there on. Whoever keeps the head's hash elsewhere also notices a log that was cut off or
rewritten whole. 15 CFR 762.5(b): the first image and every change, unalterable once recorded.

The content of a line may be erased, its place in the chain not: the hash covers a commitment to the content. A line of
the log says which lines an erasure emptied, with a digest over all that is left of them; content that is gone without
such a line breaks the chain as any other change does.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.store.tables import Event, Head

GENESIS = "0" * 64
ERASED = "erased"
"""Kind of the lines that record an erasure, and the one field of a body that was erased: the number of that line."""


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
    salt = secrets.token_hex(16)
    line = Event(
        seq=head.seq + 1,
        case_id=case_id,
        kind=kind,
        who=who,
        at=at.isoformat(),
        body=text,
        previous=head.hash,
        salt=salt,
        commitment=commitment(salt, text),
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


def commitment(salt: str, body: str) -> str:
    """Return what the hash of a line says of its body: SHA-256 over the salt and the body as stored."""
    return hashlib.sha256(f"{salt}{body}".encode()).hexdigest()


def digest(line: Event) -> str:
    """Return the hash of a line: SHA-256 over its fields, the commitment to its body, and the hash before it."""
    content = line.body if line.commitment is None else {"commitment": line.commitment}
    fields = [line.seq, line.case_id, line.kind, line.who, line.at, content, line.previous]
    return hashlib.sha256(orjson.dumps(fields)).hexdigest()


@dataclass(slots=True)
class Emptied:
    """The lines that one erasure emptied: how many, and a running digest over what is left of them, in order."""

    first: int
    lines: int = 0
    left: Any = field(default_factory=hashlib.sha256)

    def add(self, line: Event) -> None:
        """Count a line, and take all of it but its content into the digest."""
        self.lines += 1
        fields = [line.seq, line.case_id, line.kind, line.who, line.at, line.commitment, line.hash]
        self.left.update(orjson.dumps(fields))

    def record(self) -> dict[str, Any]:
        """Return what the line of the erasure says of them."""
        return {"lines": self.lines, "left": self.left.hexdigest()}


def erased_by(line: Event) -> int | None:
    """Return the number of the line that records why this one has no content; None where it has its content."""
    if line.salt is not None or not line.body.startswith(f'{{"{ERASED}":'):
        return None
    return int(orjson.loads(line.body)[ERASED])


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
    emptied: dict[int, Emptied] = {}
    for count, line in enumerate(lines, start=1):
        fault = (
            f"line {count} is missing" if line.seq != count
            else "does not follow the line before it" if line.previous != previous
            else _content_fault(line, emptied)
        )  # fmt: skip
        if fault:
            return Verdict(False, count, head, count, fault)
        previous = line.hash
        head_found = head_found or previous == expected_head
    if (count, previous) != (length, head):
        return Verdict(False, count, head, count + 1, f"the log ends at line {count}, its head says {length}")
    if emptied:
        first = min(gone.first for gone in emptied.values())
        return Verdict(False, count, head, first, "its content is gone, and no erasure accounts for it")
    if not head_found:
        return Verdict(False, count, head, None, "the head kept elsewhere is not in the log")
    return Verdict(True, count, head)


def _content_fault(line: Event, emptied: dict[int, Emptied]) -> str | None:
    """Say what is wrong with a line's content; None where it is what was recorded, or the log accounts for its loss."""
    by = erased_by(line)
    if by is not None and line.commitment is None and line.hash == digest(line):
        by = None  # an old line that says this and was never emptied
    if (
        by is None
        and line.commitment is not None
        and commitment(str(line.salt), line.body) != line.commitment
    ):
        return "its content is not what was recorded"
    if (by is None or line.commitment is not None) and line.hash != digest(line):
        return "its content is not what was recorded"
    if by is not None:
        emptied.setdefault(by, Emptied(line.seq)).add(line)
    if line.kind == ERASED:
        gone = emptied.pop(line.seq, None)
        body = orjson.loads(line.body)
        if gone is None or gone.record() != {name: body.get(name) for name in ("lines", "left")}:
            return "the lines that it erased are not those that it recorded"
    return None
