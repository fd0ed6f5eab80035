"""Decisions: steps that are allowed, four eyes, no lost update, pairs set aside."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from desk.store import Ledger, audit, decisions, import_run
from desk.store.cases import Filter, count_by, find, queue
from desk.store.errors import CaseChanged, MoveRefused, NotFound
from desk.store.retention import retention
from desk.store.suppression import reviews, suppressed
from desk.store.verdicts import verdicts
from tests.desk.conftest import NOW, finding

Row = dict[str, Any]


@pytest.fixture
def case_id(ledger: Ledger, flagged: Callable[..., Row]) -> str:
    """A case of severity 80."""
    rows = [flagged(), flagged("mild", [finding("RF28", "ask", 40)], [])]
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, rows)
    return str(rows[0]["case_id"])


def test_severe_case_needs_two_people(ledger: Ledger, case_id: str) -> None:
    with ledger.change("ann", NOW) as change:
        case = decisions.move(change, case_id, 1, "false_positive", "another town")
        assert (case.state, case.proposed) == ("open", "false_positive")
    with ledger.change("ann", NOW) as change, pytest.raises(MoveRefused, match="somebody else"):
        decisions.approve(change, case_id, 2)
    with ledger.change("bob", NOW) as change:
        case = decisions.approve(change, case_id, 2, "agreed")
        assert (case.state, case.proposed, case.closed_on) == ("false_positive", None, "2026-11-22")


def test_mild_case_needs_one(ledger: Ledger, case_id: str) -> None:
    with ledger.change("ann", NOW) as change:
        mild = find(change.session, "mild")
        assert decisions.move(change, mild.case_id, 1, "closed", "answered").state == "closed"


def test_verdicts_cover_the_pairs_that_were_decided(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    """A false positive settles all pairs of its case, for good; a true match the best one."""

    def pair(party: str, score: float, band: str = "alert") -> Row:
        shared = {
            "matched_entity_id": "x",
            "evidence_hash": party.lower(),
            "query_name": "A",
            "matched_name": "A",
        }
        return {**shared, "party_id": party, "party_name": party, "score": score, "band": band}

    asking = [finding("RF28", "ask", 40)]
    rows = [
        flagged("false", asking, [pair("P1", 0.6), pair("P2", 0.7)]),
        flagged("true", asking, [pair("P3", 0.6), pair("P4", 0.9), pair("P5", 1.0, "building")]),
        flagged("open", asking, [pair("P6", 0.9)]),
    ]
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, rows)
    for row, to in zip(rows, ("false_positive", "true_match"), strict=False):
        with ledger.change("ann", NOW) as change:
            decisions.move(change, row["case_id"], 1, to, "seen")
    with ledger.read() as session:
        found = {party: same for (_, party, _), same in verdicts(session).items()}
    assert found == {"P1": False, "P2": False, "P4": True}
    with ledger.change("ann", NOW) as change:
        decisions.move(change, rows[0]["case_id"], 2, "in_review")
        assert {party for _, party, _ in verdicts(change.session)} == {"P4"}


def test_declined_proposal_leaves_the_state(ledger: Ledger, case_id: str) -> None:
    with ledger.change("ann", NOW) as change:
        decisions.move(change, case_id, 1, "closed", "settled")
    with ledger.change("ann", NOW) as change:
        case = decisions.decline(change, case_id, 2, "too early")
    assert (case.state, case.proposed) == ("open", None)
    with ledger.change("bob", NOW) as change, pytest.raises(MoveRefused, match="no proposal"):
        decisions.approve(change, case_id, 3)


@pytest.mark.parametrize("to", ["open", "nonsense", ""])
def test_impossible_step_is_refused(ledger: Ledger, case_id: str, to: str) -> None:
    with ledger.change("ann", NOW) as change, pytest.raises(MoveRefused, match="can go to"):
        decisions.move(change, case_id, 1, to, "why not")


def test_settling_needs_a_reason(ledger: Ledger, case_id: str) -> None:
    with ledger.change("ann", NOW) as change, pytest.raises(MoveRefused, match="reason"):
        decisions.move(change, case_id, 1, "closed", "  ")


def test_second_of_two_parallel_decisions_is_refused(ledger: Ledger, case_id: str) -> None:
    def decide(who: str) -> str:
        try:
            with ledger.change(who, NOW) as change:
                decisions.move(change, case_id, 1, "in_review", who)
        except CaseChanged:
            return "refused"
        return who

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(decide, [f"p{i}" for i in range(8)]))
    assert outcomes.count("refused") == 7
    with ledger.read() as session:
        assert audit.check(session).sound
        assert find(session, case_id).version == 2


def test_parallel_notes_are_all_written(ledger: Ledger, case_id: str) -> None:
    def write(i: int) -> None:
        with ledger.change(f"p{i}", NOW) as change:
            decisions.note(change, case_id, f"note {i}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    with ledger.read() as session:
        assert audit.check(session).sound
        assert audit.check(session).events == 3 + 24  # two cases opened, one run imported


def test_false_positive_sets_pairs_aside_until_taken_back(ledger: Ledger, case_id: str) -> None:
    with ledger.change("ann", NOW) as change:
        decisions.move(change, case_id, 1, "false_positive", "no", four_eyes_from=101)
    with ledger.read() as session:
        assert len(suppressed(session, NOW.date())) == 1
        assert not suppressed(session, NOW.date() + timedelta(days=366))
        assert reviews(session, NOW.date()) == [
            {
                "customer_id": "c1", "party_id": "EL-1", "evidence_hash": "e1", "reason": "no", "by": "ann",
                "date": NOW.date(), "expires": NOW.date() + timedelta(days=365),
            }
        ]  # fmt: skip
    with ledger.change("ann", NOW) as change:
        decisions.move(change, case_id, 2, "in_review", "look again")
    with ledger.read() as session:
        assert not reviews(session, NOW.date())
        assert not suppressed(session, NOW.date())


def test_review_names_both_who_decided_and_why(ledger: Ledger, case_id: str) -> None:
    with ledger.change("ann", NOW) as change:
        decisions.move(change, case_id, 1, "false_positive", "founded in 1962")
    with ledger.change("ben", NOW) as change:
        decisions.approve(change, case_id, 2)
    with ledger.read() as session:
        assert [(row["by"], row["reason"]) for row in reviews(session, NOW.date())] == [
            ("ann and ben", "founded in 1962")
        ]


def test_queue_filters(ledger: Ledger, case_id: str) -> None:
    with ledger.change("ann", NOW) as change:
        decisions.assign(change, case_id, 1, "ann")
    with ledger.read() as session:
        assert [case.customer_id for case in queue(session, Filter()).cases] == ["c1", "mild"]
        assert queue(session, Filter(words="ACME el-1")).total == 1
        assert queue(session, Filter(words="100%_")).total == 0
        assert queue(session, Filter(assignee="-")).total == 1
        assert queue(session, Filter(recommendation="ask")).total == 1
        assert queue(session, Filter(overdue_on=date(2026, 11, 25))).total == 1
        assert count_by(session, "state") == {"open": 2}


def test_retention_clock_stops_for_hold_and_blocked_property(ledger: Ledger, case_id: str) -> None:
    def step(version: int, what: str, on: bool) -> None:
        with ledger.change("bob", NOW + timedelta(days=version)) as change:
            decisions.set_hold(change, case_id, version, what, on, "court order")

    with ledger.change("ann", NOW) as change:
        decisions.move(change, case_id, 1, "true_match", "same birthday", four_eyes_from=101)
    step(2, "blocked_property", True)
    with ledger.read() as session:
        assert retention(vars(find(session, case_id)), NOW.date()).keep_until is None
    step(3, "blocked_property", False)
    with ledger.read() as session:
        assert retention(vars(find(session, case_id)), NOW.date()).keep_until == date(2036, 11, 25)
    step(4, "legal_hold", True)
    with ledger.read() as session:
        assert retention(vars(find(session, case_id)), NOW.date()).keep_until is None
    with ledger.change("bob", NOW) as change, pytest.raises(MoveRefused):
        decisions.set_hold(change, case_id, 5, "severity", True, "no")


def test_unknown_case(ledger: Ledger) -> None:
    with ledger.change("ann", NOW) as change, pytest.raises(NotFound):
        decisions.note(change, "C-none", "hello")
