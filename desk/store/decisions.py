"""What people do with a case. Every step is checked, written and logged in one transaction.

A decision that settles a case at or above the four-eyes severity is first a proposal; another person with the right to
approve makes it count. Every settling decision needs its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from desk.store import suppression
from desk.store.cases import history
from desk.store.errors import MoveRefused
from desk.store.imports import concerns
from desk.store.ledger import Change
from desk.store.people import account_makers
from desk.store.states import moves_from, states
from desk.store.tables import Case
from desk.store.user_names import folded

FOUR_EYES_FROM = 60
"""Severity from which on a second person must agree."""


def assign(change: Change, case_id: str, version: int, assignee: str | None) -> Case:
    """Give the case to somebody, or to nobody."""
    case = change.case(case_id, version)
    change.set(case, "assigned", {"assignee": assignee})
    return case


def note(change: Change, case_id: str, text: str) -> Case:
    """Add a note; notes never collide, so no version is asked for."""
    case = change.case(case_id)
    change.set(case, "noted", {}, note=_reason(text))
    return case


def set_due(change: Change, case_id: str, version: int, due_on: date, reason: str) -> Case:
    """Move the day by which the case should be settled."""
    case = change.case(case_id, version)
    change.set(case, "due_set", {"due_on": due_on.isoformat()}, note=_reason(reason))
    return case


def move(
    change: Change,
    case_id: str,
    version: int,
    to: str,
    reason: str = "",
    four_eyes_from: int = FOUR_EYES_FROM,
) -> Case:
    """Take a case to another state, or propose it where a second person must agree. Raises MoveRefused."""
    case = change.case(case_id, version)
    if to not in moves_from(case.state):
        allowed = ", ".join(moves_from(case.state))
        raise MoveRefused(
            f"Case {case_id} is {case.state}; from there it can go to {allowed}, not to {to!r}."
        )
    if not states()[to].closing:
        again = states()[case.state].closing
        fields = {"state": to, "proposed": None, "proposed_by": None, "closed_on": None}
        if again:
            fields["settled"] = None
        ended = suppression.end(change.session, case_id) if again else []
        change.set(case, "moved", fields, note=reason, suppression_ended=ended)
        return case
    _reason(reason)
    if case.severity >= four_eyes_from:
        change.set(case, "proposed", {"proposed": to, "proposed_by": change.who}, note=reason)
        return case
    return _settle(change, case, to, "decided", reason)


def approve(change: Change, case_id: str, version: int, reason: str = "") -> Case:
    """Agree to a proposal; it counts from now on. Raises MoveRefused for one's own, or where there is none."""
    case = _proposal(change, case_id, version, may_be_own=False)
    return _settle(change, case, str(case.proposed), "approved", reason)


def decline(change: Change, case_id: str, version: int, reason: str) -> Case:
    """Turn a proposal down, or take one's own back; the case goes on as before. Raises MoveRefused."""
    case = _proposal(change, case_id, version, may_be_own=True)
    change.set(case, "declined", {"proposed": None, "proposed_by": None}, note=_reason(reason))
    return case


def set_hold(change: Change, case_id: str, version: int, what: str, on: bool, reason: str) -> Case:
    """Set or lift a `legal_hold`, or mark property as blocked or unblocked (`blocked_property`). Both stop deletion."""
    fields: dict[str, Callable[[], dict[str, Any]]] = {
        "legal_hold": lambda: {"legal_hold": on},
        "blocked_property": lambda: {"blocked_property": on, "unblocked_on": None if on else change.day},
    }
    if what not in fields:
        raise MoveRefused(f"{what!r} is neither legal_hold nor blocked_property.")
    case = change.case(case_id, version)
    change.set(case, "hold_set" if on else "hold_lifted", fields[what](), what=what, note=_reason(reason))
    return case


def _settle(change: Change, case: Case, to: str, kind: str, reason: str) -> Case:
    """Settle a case and store the concerns that the decision covered; a false positive sets its pairs aside."""
    session, day = change.session, change.at.date()
    set_aside: list[str] = []
    if to == "false_positive":
        both = " and ".join(filter(None, (case.proposed_by, change.who)))
        why = reason.strip() or _proposed_because(change, case)
        set_aside = suppression.suppress(session, case.case_id, case.content["matches"], both, day, why)
    fields = {
        "state": to,
        "proposed": None,
        "proposed_by": None,
        "closed_on": change.day,
        "settled": sorted(concerns(case.content, suppression.suppressed(session, day))),
    }
    change.set(case, kind, fields, note=reason, suppressed=set_aside, proposed_by=case.proposed_by)
    return case


def _proposed_because(change: Change, case: Case) -> str:
    """Return the reason that the proposal gave; whoever agrees need not repeat it."""
    proposals = [line for line in history(change.session, case.case_id) if line["kind"] == "proposed"]
    return str(proposals[-1]["note"])


def _proposal(change: Change, case_id: str, version: int, *, may_be_own: bool) -> Case:
    case = change.case(case_id, version)
    if case.proposed is None:
        raise MoveRefused(f"Case {case_id} has no proposal that waits for a second person.")
    if not may_be_own:
        refuse_own(change, str(case.proposed_by))
    return case


def refuse_own(change: Change, proposer: str) -> None:
    """Refuse a second signature of the person who gave the first, under whatever name."""
    first, second = folded(proposer), folded(change.who)
    if first == second:
        raise MoveRefused("You made this proposal yourself: somebody else must approve it.")
    made = {folded(user): folded(maker) for user, maker in account_makers(change.session).items()}
    if made.get(second) == first or made.get(first) == second:
        raise MoveRefused(
            f"One of you and {proposer} made the other's account, and whoever makes an account can sign in with it: "
            "somebody else must approve this."
        )


def _reason(text: str) -> str:
    if not text.strip():
        raise MoveRefused("Say why: this step needs a reason.")
    return text.strip()
