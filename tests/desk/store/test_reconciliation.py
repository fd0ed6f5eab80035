"""The tables against the log: honest work agrees with it, an edit behind its back is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from desk.store import Ledger, decisions, import_run, people
from desk.store.errors import LogDisagrees
from desk.store.reconciliation import differences, require_agreement
from tests.desk.conftest import NOW, finding, make_older
from tests.desk.store.test_people import SECRET

Row = dict[str, Any]


@pytest.fixture
def case_id(ledger: Ledger, flagged: Callable[..., Row]) -> str:
    """A store with a day of work in it; the case was settled as a false positive by two people."""
    rows = [flagged(), flagged("mild", [finding("RF28", "ask", 40)], [])]
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, rows)
        for name, role in {"ann": "analyst", "bob": "approver", "old": "viewer"}.items():
            people.add_user(change, name, role, SECRET)
    case_id = str(rows[0]["case_id"])
    with ledger.change("ann", NOW) as change:
        people.add_token(change, "ann", "mine")
        case = decisions.move(change, case_id, 1, "in_review")
        decisions.move(change, case_id, case.version, "false_positive", "another birth date")
    with ledger.change("bob", NOW) as change:
        decisions.approve(change, case_id, change.case(case_id).version)
        people.retire_user(change, "old")
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r2", "as_of": "2026-11-23"}, rows[:1])
    return case_id


def found(ledger: Ledger) -> list[str]:
    with ledger.read() as session:
        return differences(session)


def edit(ledger: Ledger, statement: str) -> None:
    with ledger.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount


def test_honest_work_agrees_with_the_log(ledger: Ledger, case_id: str) -> None:
    assert found(ledger) == []
    with ledger.change("ann", NOW) as change:
        decisions.move(change, case_id, change.case(case_id).version, "in_review", "a second look")
    assert found(ledger) == []


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("UPDATE cases SET state = 'closed', severity = 1 WHERE severity > 1", "severity, state differ"),
        ("UPDATE users SET role = 'admin' WHERE name = 'ann'", "user 'ann'"),
        ("UPDATE users SET active = true WHERE name = 'old'", "user 'old'"),
        ("INSERT INTO users SELECT 'eve', role, password, active FROM users WHERE name = 'bob'", "user eve"),
        (
            "INSERT INTO tokens SELECT 'f00', 'bob', label, expires, 'bob' FROM tokens",
            "token 'mine' of 'bob'",
        ),
        ("UPDATE suppressions SET until = '2099-01-01'", "not as the log recorded"),
        ("UPDATE suppressions SET evidence_hash = 'other'", "not as the log recorded"),
        ("DELETE FROM suppressions", "in the log, not in the table"),
        ("DELETE FROM runs WHERE run_id = 'r1'", "imported run r1"),
    ],
)
def test_an_edit_behind_the_logs_back_is_named(
    ledger: Ledger, case_id: str, statement: str, difference: str
) -> None:
    edit(ledger, statement)
    assert any(difference in each for each in found(ledger)), found(ledger)
    with ledger.read() as session, pytest.raises(LogDisagrees, match="nothing is taken from it"):
        require_agreement(session)


def test_a_planted_suppression_is_named(ledger: Ledger, case_id: str) -> None:
    columns = "case_id, entity_id, party_id, query_name, matched_name, reason, by, decided_on, until, ended"
    quoted = columns.replace(" by,", ' "by",')
    edit(
        ledger,
        f"INSERT INTO suppressions ({quoted}, evidence_hash) SELECT {quoted}, 'planted' FROM suppressions",
    )
    assert any("not as the log recorded" in each for each in found(ledger))


def test_a_line_of_the_log_is_not_replaced(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'desk.db'}")
    with ledger.change("nightly", NOW) as change:
        people.add_user(change, "ann", "analyst", SECRET)
    columns = "seq, case_id, kind, at, body, previous, hash"
    replacing = f"INSERT OR REPLACE INTO audit ({columns}, who) SELECT {columns}, 'eve' FROM audit"
    with pytest.raises(IntegrityError, match="append-only"):
        edit(ledger, replacing)
    ledger.close()


def test_a_store_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    ledger = Ledger(address)
    with ledger.change("ann", NOW) as change:
        people.add_user(change, "ann", "approver", SECRET)
        token = people.add_token(change, "ann", "old")
    ledger.close()
    make_older(tmp_path / "desk.db", 2)
    upgraded = Ledger(address, create=False)
    with upgraded.read() as session:
        person = people.by_token(session, token, NOW)
        assert person is not None
        assert person.may("read")
        assert not person.may("approve"), "nobody recorded who made it"
        assert differences(session) == []
    upgraded.close()
