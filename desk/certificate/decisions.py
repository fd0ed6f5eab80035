"""What the desk decided of a customer's case: who, when, on what ground, with whose second signature."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.store import cases, suppression
from desk.store.errors import NotFound
from desk.store.ledger import image
from desk.store.tables import CASE_FIELDS, Event

DECIDING = (
    "proposed", "approved", "declined", "decided", "moved", "reopened", "hold_set", "hold_lifted", "due_set", "noted",
)  # fmt: skip
"""Kinds of lines of the log that a person wrote or that undo a decision."""
IMPORTED = "run_imported"
LARGE = ("content", "settled")
"""Fields of a case that the run holds already."""


def decisions(session: Session, case_id: str) -> dict[str, Any] | None:
    """Return the case as the desk has it, its deciding lines and the pairs set aside; None where there is no case.

    A line: seq, hash, at, who, kind, state, proposed_by (whose proposal was agreed to), reason.
    """
    try:
        case = cases.find(session, case_id)
    except NotFound:
        return None
    fields = image(case)
    lines = cases.history(session, case.case_id)
    return {
        "case": {name: fields[name] for name in ("case_id", *CASE_FIELDS) if name not in LARGE},
        "lines": [_line(line) for line in lines if line["kind"] in DECIDING],
        "set_aside": [
            {"entity_id": row.entity_id, "party_id": row.party_id, "query_name": row.query_name,
             "matched_name": row.matched_name, "reason": row.reason, "by": row.by, "on": row.on.isoformat(),
             "until": row.until.isoformat(), "ended": row.ended}
            for row in suppression.for_case(session, case.case_id)
        ],
    }  # fmt: skip


def chain_position(session: Session, case_id: str, run_id: str) -> dict[str, Any] | None:
    """Return the last line of the audit log about this case, or else the line that imported the run: seq, hash, kind.

    None where the log knows of neither.
    """
    newest = select(Event).where(Event.case_id == case_id).order_by(Event.seq.desc()).limit(1)
    line = session.scalar(newest)
    if line is None:
        imports = session.scalars(select(Event).where(Event.kind == IMPORTED).order_by(Event.seq.desc()))
        line = next((each for each in imports if orjson.loads(each.body).get("run_id") == run_id), None)
    return None if line is None else {"seq": line.seq, "hash": line.hash, "kind": line.kind}


def _line(line: dict[str, Any]) -> dict[str, Any]:
    changes = line.get("changes", {})
    return {
        **{name: line[name] for name in ("seq", "hash", "at", "who", "kind")},
        "state": changes.get("state") or changes.get("proposed"),
        "proposed_by": line.get("proposed_by"),
        "reason": line.get("note") or "",
    }
