"""A run is imported without losing a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from desk.store import ImportReport, Ledger, audit, decisions, import_run
from desk.store.cases import Filter, case_on, find, history, queue, replay
from desk.store.errors import NotFound, StaleRun
from desk.store.tables import CASE_FIELDS
from tests.desk.conftest import NOW, finding, match

Row = dict[str, Any]
LATER = NOW + timedelta(days=1)


def bring(
    ledger: Ledger, run_id: str, rows: list[Row], as_of: str = "2026-11-22", at: Any = NOW
) -> ImportReport:
    with ledger.change("nightly", at) as change:
        return import_run(change, {"run_id": run_id, "as_of": as_of}, rows)


def settle(ledger: Ledger, case_id: str, to: str) -> None:
    with ledger.change("ann", NOW) as change:
        decisions.move(change, case_id, change.case(case_id).version, to, "compared", four_eyes_from=101)


def test_opens_cases_with_their_first_image(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    row = flagged()
    report = bring(ledger, "r1", [row, flagged("c2")])
    assert (report.opened, report.updated) == (2, 0)
    with ledger.read() as session:
        case = find(session, "c1")
        assert (case.state, case.due_on, case.version) == ("open", "2026-11-24", 1)
        first = history(session, row["case_id"])[0]
        assert first["kind"] == "opened"
        assert first["changes"]["content"]["matches"] == row["matches"]


def test_same_run_twice_changes_nothing(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    bring(ledger, "r1", [flagged()])
    with ledger.read() as session:
        before = audit.check(session)
    assert bring(ledger, "r1", [flagged()]).unchanged == 1
    with ledger.read() as session:
        assert audit.check(session) == before


@pytest.mark.parametrize("state", ["true_match", "false_positive", "licence_obtained", "closed"])
def test_decision_outlives_the_same_findings(ledger: Ledger, flagged: Callable[..., Row], state: str) -> None:
    row = flagged()
    bring(ledger, "r1", [row])
    settle(ledger, row["case_id"], state)
    report = bring(ledger, "r2", [row], "2026-11-23", LATER)
    assert (report.reopened, report.unchanged) == (0, 1)
    with ledger.read() as session:
        assert find(session, "c1").state == state


def test_fewer_findings_do_not_reopen(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    row = flagged(findings=[finding(), finding("RF28", "ask", 40)])
    bring(ledger, "r1", [row])
    settle(ledger, row["case_id"], "closed")
    assert bring(ledger, "r2", [flagged()], "2026-11-23", LATER).reopened == 0
    assert bring(ledger, "r3", [row], "2026-11-24", LATER).reopened == 0  # all of it had been decided


@pytest.mark.parametrize(
    "grown",
    [
        {"findings": [finding(), finding("RF28", "ask", 40)]},
        {"findings": [finding(recommendation="stop_confirm", severity=98)]},
        {"matches": [match(), match("SDN-9")]},
        {"matches": [match(evidence="e2")]},
    ],
)
def test_new_concern_reopens_and_keeps_the_decision(
    ledger: Ledger, flagged: Callable[..., Row], grown: dict[str, Any]
) -> None:
    row = flagged()
    bring(ledger, "r1", [row])
    settle(ledger, row["case_id"], "false_positive")
    assert bring(ledger, "r2", [flagged(**grown)], "2026-11-23", LATER).reopened == 1
    with ledger.read() as session:
        lines = [(line["kind"], line["who"]) for line in history(session, row["case_id"])]
        assert ("decided", "ann") in lines
        assert find(session, "c1").state == "open"


def test_other_evidence_does_not_reopen_a_true_match(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    bring(ledger, "r1", [flagged()])
    settle(ledger, flagged()["case_id"], "true_match")
    changed = flagged(matches=[match(evidence="e2")])
    assert bring(ledger, "r2", [changed], "2026-11-23", LATER).reopened == 0


def test_false_positive_is_reviewed_again_when_its_year_is_over(
    ledger: Ledger, flagged: Callable[..., Row]
) -> None:
    bring(ledger, "r1", [flagged()])
    settle(ledger, flagged()["case_id"], "false_positive")
    year = timedelta(days=365)
    assert bring(ledger, "r2", [flagged()], "2027-11-22", NOW + year).reopened == 0
    assert bring(ledger, "r3", [flagged()], "2027-11-23", NOW + year + timedelta(days=1)).reopened == 1


def test_customer_no_longer_flagged_keeps_the_case(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    bring(ledger, "r1", [flagged(), flagged("c2")])
    assert bring(ledger, "r2", [flagged("c2")], "2026-11-23", LATER).no_longer_flagged == 1
    with ledger.read() as session:
        assert find(session, "c1").in_run is False
        assert queue(session, Filter()).total == 2


def test_older_run_is_refused_whole(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    bring(ledger, "r1", [flagged()])
    with pytest.raises(StaleRun, match="newer runs only"):
        bring(ledger, "r0", [flagged("c9")], "2026-11-21")
    with ledger.read() as session, pytest.raises(NotFound):
        find(session, "c9")


def test_new_concern_drops_a_waiting_proposal(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    row = flagged()
    bring(ledger, "r1", [row])
    with ledger.change("ann", NOW) as change:
        decisions.move(change, row["case_id"], 1, "false_positive", "not them")
    bring(ledger, "r2", [flagged(matches=[match(), match("SDN-9")])], "2026-11-23", LATER)
    with ledger.read() as session:
        assert find(session, "c1").proposed is None


def test_replay_of_the_log_is_the_case(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    row = flagged()
    bring(ledger, "r1", [row])
    settle(ledger, row["case_id"], "false_positive")
    bring(ledger, "r2", [flagged(matches=[match("SDN-9")])], "2026-11-23", LATER)
    with ledger.read() as session:
        case = find(session, "c1")
        assert replay(history(session, row["case_id"])) == {name: getattr(case, name) for name in CASE_FIELDS}
        assert case_on(session, row["case_id"], NOW.date())["state"] == "false_positive"
        with pytest.raises(NotFound):
            case_on(session, row["case_id"], NOW.date() - timedelta(days=1))
