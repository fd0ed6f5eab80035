"""Erasing the record of a customer's case: asked by one person, signed by another, held against the duties to keep it.

What goes: the row of the case, its pairs set aside, and the content of its lines in the log. What stays: the place of
each line in the chain, with moment, person and kind, and lines that say who asked, who signed and how much went,
without the data. The id of the case stays too, a hash of the customer's id.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from desk.store import audit
from desk.store.cases import history
from desk.store.decisions import refuse_own
from desk.store.errors import MoveRefused
from desk.store.ledger import Change, Ledger, image
from desk.store.obligations import Obligation, Statement, obligations
from desk.store.tables import Case, Event, Suppression

ASKED, REFUSED, DECLINED = "erasure_proposed", "erasure_refused", "erasure_declined"
REQUESTS = (ASKED, REFUSED, DECLINED)
STAYING = (*REQUESTS, audit.ERASED)
"""Kinds of lines that hold nothing of the customer and outlive an erasure."""
SHORTEST_WORD = 3
"""Letters of a word of a name that a reason must not repeat."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A case before the law of a day: every duty to keep it, and those that still do."""

    case_id: str
    duties: tuple[Obligation, ...]
    keeping: tuple[Obligation, ...]


def standing(case: Case, today: date, statement: Statement) -> Standing:
    """Return what keeps a case on a day."""
    duties = obligations(image(case), today, statement)
    return Standing(case.case_id, tuple(duties), tuple(duty for duty in duties if duty.keeps_on(today)))


def propose(change: Change, case_id: str, reason: str, statement: Statement) -> Standing:
    """Ask for the erasure of a case. What must stay is logged as refused, with the duties; else somebody else signs.

    Raises MoveRefused for a reason that is blank or repeats the customer's name or id: it stays in the log for good.
    """
    case = change.case(case_id)
    found = standing(case, change.at.date(), statement)
    _refuse_data(case, reason)
    if _asked(change.session, case_id):
        raise MoveRefused(
            f"Somebody asked for the erasure of case {case_id} already: sign or decline that first."
        )
    stays = [asdict(duty) for duty in found.keeping]
    kind = REFUSED if stays else ASKED
    change.record(kind, case_id, reason=reason.strip(), statement=asdict(statement), stays=stays)
    return found


def decline(change: Change, case_id: str, reason: str) -> None:
    """Turn a request down, or take one's own back. Raises MoveRefused."""
    case = change.case(case_id)
    _request(change, case_id)
    _refuse_data(case, reason)
    change.record(DECLINED, case_id, reason=reason.strip())


def approve(change: Change, case_id: str) -> int:
    """Sign somebody else's request, and erase; returns how many lines of the log lost their content.

    Raises MoveRefused for one's own, where there is none, or where a duty keeps the case by now.
    """
    case = change.case(case_id)
    request = _request(change, case_id)
    refuse_own(change, request["who"])
    last = request["statement"]["last_transaction"]
    statement = Statement(request["statement"]["no_transaction"], last and date.fromisoformat(last))
    if keeping := standing(case, change.at.date(), statement).keeping:
        raise MoveRefused(f"Case {case_id} must stay by now: {sentence(keeping[0])}.")
    return _erase(change, case, request["who"])


def sentence(duty: Obligation) -> str:
    """Write a duty: until when, why, by which citation.

    >>> sentence(Obligation("OFAC", "31 CFR 501.601", date(2036, 12, 1), "the case was settled on 2026-12-01"))
    'until 2036-12-01: the case was settled on 2026-12-01 (OFAC, 31 CFR 501.601)'
    """
    until = f"until {duty.until}" if duty.until else "without end"
    return f"{until}: {duty.because} ({', '.join(filter(None, (duty.regime, duty.citation)))})"


def mentions(session: Session, case: Case) -> list[str]:
    """Return the ids of other cases that name this customer by its id; what they hold stays with them."""
    naming = Case.search.contains(case.customer_id.lower(), autoescape=True)
    others = select(Case.case_id).where(naming, Case.case_id != case.case_id)
    return list(session.scalars(others.order_by(Case.case_id)))


def compact(ledger: Ledger) -> str | None:
    """Write a SQLite file anew, so that nothing erased is left in its free pages; returns what is in the way."""
    if ledger.engine.dialect.name != "sqlite":
        return "PostgreSQL still has the old rows: as the owner of the tables, VACUUM FULL audit, cases, suppressions"
    connection = ledger.engine.raw_connection()
    try:
        connection.driver_connection.execute("VACUUM")  # type: ignore[union-attr]
        busy = connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]  # type: ignore[union-attr]
    except Exception as error:
        return f"the file could not be written anew ({error}): run sqlite3 FILE VACUUM when nobody is at work"
    finally:
        connection.close()
    return "the journal beside the file still holds it until whoever reads has ended" if busy else None


def _erase(change: Change, case: Case, asked_by: str) -> int:
    session, case_id = change.session, case.case_id
    own = select(Event).where(Event.case_id == case_id, Event.kind.not_in(STAYING))
    lines = session.scalars(own.order_by(Event.seq))
    emptied = [line for line in lines if audit.erased_by(line) is None]
    gone = audit.Emptied(emptied[0].seq)
    for line in emptied:
        gone.add(line)
    pairs = session.scalar(select(func.count()).where(Suppression.case_id == case_id))
    head = audit.lock(session).seq + 1
    change.record(
        audit.ERASED, case_id, **gone.record(), asked_by=asked_by, pairs=pairs, state=case.state,
        recommendation=case.recommendation, severity=case.severity, closed_on=case.closed_on,
    )  # fmt: skip
    session.flush()
    numbers = [line.seq for line in emptied]
    session.execute(
        update(Event).where(Event.seq.in_(numbers)).values(body=f'{{"{audit.ERASED}":{head}}}', salt=None),
        execution_options={"synchronize_session": False},
    )
    session.execute(delete(Suppression).where(Suppression.case_id == case_id))
    session.delete(case)
    session.flush()
    return gone.lines


def _asked(session: Session, case_id: str) -> dict[str, Any] | None:
    """Return the request that waits for a signature."""
    lines = [line for line in history(session, case_id) if line["kind"] in STAYING]
    return lines[-1] if lines and lines[-1]["kind"] == ASKED else None


def _request(change: Change, case_id: str) -> dict[str, Any]:
    request = _asked(change.session, case_id)
    if request is None:
        raise MoveRefused(f"Nobody asked for the erasure of case {case_id}.")
    return request


def _refuse_data(case: Case, reason: str) -> None:
    """Refuse a reason that is none, or that would keep in the log what is to be erased."""
    if not reason.strip():
        raise MoveRefused("Say why: this step needs a reason.")
    words = {word for word in re.findall(r"\w+", case.name.casefold()) if len(word) >= SHORTEST_WORD}
    if words & set(re.findall(r"\w+", reason.casefold())) or case.customer_id.casefold() in reason.casefold():
        raise MoveRefused(
            "The reason stays in the log when the rest is gone: leave the customer's name and number out of it."
        )
