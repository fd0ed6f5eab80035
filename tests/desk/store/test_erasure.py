"""Erasure: what must stay stays and says why, the rest goes, two people sign, the log stays whole without the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from desk.store import Ledger, audit, decisions, erasure, import_run
from desk.store.cases import case_on, find, history
from desk.store.errors import MoveRefused, NotFound
from desk.store.obligations import Statement
from desk.store.past import cases_on
from desk.store.reconciliation import differences
from desk.store.tables import Case
from screening.cases import case_id as id_of
from tests.desk.conftest import NOW, make_older, match

Row = dict[str, Any]
SENTINEL = "Zebulon Quartzfeather"
CASE, OTHER = id_of("c1"), id_of("c2")
AFTER = NOW + timedelta(days=365 * 11)
NONE = Statement(no_transaction=True)
WHY = "request 17 of the data subject"


@pytest.fixture
def settled(ledger: Ledger, flagged: Callable[..., Row]) -> Ledger:
    """Two cases; that of the sentinel was settled by two people as a false positive on 22 November 2026."""
    rows = [flagged("c1", None, [match(query_name=SENTINEL)], SENTINEL), flagged("c2")]
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, rows)
    with ledger.change("ann", NOW) as change:
        decisions.note(change, CASE, f"{SENTINEL} was born in 1962")
        decisions.move(change, CASE, change.case(CASE).version, "false_positive", "born in 1962")
    with ledger.change("bob", NOW) as change:
        decisions.approve(change, CASE, change.case(CASE).version)
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r2", "as_of": "2026-11-23"}, rows)
    return ledger


def erase(ledger: Ledger, statement: Statement = NONE) -> int:
    with ledger.change("bob", NOW) as change:
        assert not erasure.propose(change, CASE, WHY, statement).keeping
    with ledger.change("cleo", NOW) as change:
        return erasure.approve(change, CASE)


def everything(ledger: Ledger) -> str:
    with ledger.engine.connect() as connection:
        tables = ("audit", "cases", "suppressions", "runs")
        return str([connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables])


def sound(ledger: Ledger, head: str | None = None) -> None:
    with ledger.read() as session:
        assert audit.check(session, head).sound, audit.check(session, head)
        assert differences(session) == []


def test_an_erasure_leaves_the_chain_whole_and_nothing_of_the_customer(settled: Ledger) -> None:
    with settled.read() as session:
        head = audit.check(session).head
    assert SENTINEL in everything(settled)
    assert erase(settled) == 5
    assert SENTINEL not in everything(settled)
    assert "1962" not in everything(settled)
    sound(settled, head)
    with settled.read() as session:
        with pytest.raises(NotFound, match="was erased on 2026-11-22"):
            find(session, CASE)
        with pytest.raises(NotFound, match="was erased"):
            case_on(session, CASE, date(2026, 11, 22))
        with cases_on(session, date(2026, 11, 23)) as then:
            assert [case.case_id for case in then.query(Case)] == [OTHER]
        last = history(session, CASE)[-1]
    assert (last["who"], last["asked_by"], last["lines"], last["pairs"]) == ("cleo", "bob", 5, 1)


def test_a_customer_who_is_screened_again_has_a_new_case(
    settled: Ledger, flagged: Callable[..., Row]
) -> None:
    erase(settled)
    with settled.change("nightly", NOW) as change:
        rows = [flagged("c1"), flagged("c2")]
        assert import_run(change, {"run_id": "r3", "as_of": "2026-11-24"}, rows).opened == 1
    sound(settled)
    with settled.change("ann", NOW) as change:
        decisions.move(change, CASE, change.case(CASE).version, "false_positive", "another town")
    with settled.change("bob", NOW) as change:
        decisions.approve(change, CASE, change.case(CASE).version)
    assert erase(settled) == 3
    sound(settled)


@pytest.mark.parametrize(
    ("statement", "regimes"),
    [
        (Statement(), {"HOUSE", "OFAC", "EAR"}),
        (Statement(last_transaction=date(2027, 3, 1)), {"HOUSE", "OFAC", "EAR"}),
    ],
)
def test_what_a_duty_keeps_is_refused_with_the_reason_in_the_log(
    settled: Ledger, statement: Statement, regimes: set[str]
) -> None:
    with settled.change("bob", NOW) as change:
        found = erasure.propose(change, CASE, WHY, statement)
    assert {duty.regime for duty in found.keeping} == regimes
    assert SENTINEL in everything(settled)
    with settled.change("cleo", NOW) as change:
        with pytest.raises(MoveRefused, match="Nobody asked"):
            erasure.approve(change, CASE)
        line = history(change.session, CASE)[-1]
    assert line["kind"] == "erasure_refused"
    until = {duty["regime"]: duty["until"] for duty in line["stays"]}
    year = "2037-03-01" if statement.last_transaction else "2036-11-22"
    assert until["OFAC"] == year
    assert {duty["regime"]: duty["citation"] for duty in line["stays"]}["OFAC"].startswith("31 CFR 501.601")
    sound(settled)


def test_when_every_clock_has_run_out_it_goes(settled: Ledger) -> None:
    with settled.change("bob", AFTER) as change:
        assert erasure.propose(change, CASE, WHY, Statement()).keeping == ()
    with settled.change("cleo", AFTER) as change:
        assert erasure.approve(change, CASE) == 5
    sound(settled)


def test_a_hold_or_an_open_case_is_kept_without_end(settled: Ledger) -> None:
    with settled.change("bob", NOW) as change:
        decisions.set_hold(change, CASE, change.case(CASE).version, "legal_hold", True, "subpoena")
        (duty,) = erasure.propose(change, CASE, WHY, NONE).keeping
        assert (duty.regime, duty.until) == ("HOLD", None)
        (duty,) = erasure.propose(change, OTHER, WHY, NONE).keeping
        assert (duty.regime, duty.until) == ("OPEN", None)


def test_a_hold_that_was_set_after_the_request_stops_the_second_signature(settled: Ledger) -> None:
    with settled.change("bob", NOW) as change:
        erasure.propose(change, CASE, WHY, NONE)
        decisions.set_hold(change, CASE, change.case(CASE).version, "blocked_property", True, "wire blocked")
    with settled.change("cleo", NOW) as change, pytest.raises(MoveRefused, match="property is blocked"):
        erasure.approve(change, CASE)
    assert SENTINEL in everything(settled)


def test_whoever_asked_does_not_sign(settled: Ledger) -> None:
    with settled.change("bob", NOW) as change:
        erasure.propose(change, CASE, WHY, NONE)
    with settled.change("Bob", NOW) as change, pytest.raises(MoveRefused, match="somebody else"):
        erasure.approve(change, CASE)
    with settled.change("cleo", NOW) as change:
        erasure.decline(change, CASE, "an inquiry is expected")
        with pytest.raises(MoveRefused, match="Nobody asked"):
            erasure.approve(change, CASE)


@pytest.mark.parametrize("reason", ["", f"{SENTINEL} wrote to us", "the person c1 asked", "mr quartzfeather"])
def test_the_reason_stays_so_it_names_nobody(settled: Ledger, reason: str) -> None:
    with settled.change("bob", NOW) as change, pytest.raises(MoveRefused):
        erasure.propose(change, CASE, reason, NONE)


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE audit SET body = '{"erased"\\:99}', salt = NULL WHERE seq = 3""",
        "UPDATE audit SET who = 'eve' WHERE kind = 'erased'",
        """UPDATE audit SET body = (SELECT '{"erased":' || MAX(seq) || '}' FROM audit), salt = NULL WHERE seq = 2""",
    ],
)
def test_the_database_empties_no_line_that_the_newest_does_not_account_for(
    settled: Ledger, statement: str
) -> None:
    erase(settled)
    with pytest.raises(DBAPIError, match="append-only"), settled.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("victim", ["another line", "who of an erased line", "no erasure at all"])
def test_check_finds_content_that_no_erasure_accounts_for(settled: Ledger, victim: str) -> None:
    if victim != "no erasure at all":
        erase(settled)
    drop = (
        "DROP TRIGGER audit_no_update"
        if settled.engine.dialect.name == "sqlite"
        else "DROP TRIGGER audit_rows ON audit"
    )
    with settled.engine.begin() as connection:
        connection.execute(text(drop))
        last = connection.execute(text("SELECT MAX(seq) FROM audit")).scalar_one()
        gone = f"""body = '{{"erased"\\:{last}}}', salt = NULL"""
        change = "who = 'eve'" if victim.startswith("who") else gone
        connection.execute(
            text(f"UPDATE audit SET {change} WHERE seq = {1 if victim.startswith('who') else 2}")
        )
    with settled.read() as session:
        assert not audit.check(session).sound


def test_an_erasure_that_one_person_made_alone_is_named(settled: Ledger) -> None:
    with settled.change("bob", NOW) as change:
        erasure.propose(change, CASE, WHY, NONE)
        erasure._erase(change, change.case(CASE), "cleo")
    with settled.read() as session:
        assert audit.check(session).sound
        assert any("erased by bob alone" in each for each in differences(session))


@pytest.mark.parametrize("version", [2, 3])
def test_lines_of_an_older_program_are_erased_too(
    tmp_path: Path, flagged: Callable[..., Row], version: int
) -> None:
    """Their hash covers the content: what is left of them is witnessed by the line of the erasure."""
    file = tmp_path / "desk.db"
    old = Ledger(f"sqlite:///{file}")
    rows = [flagged("c1", None, [match(query_name=SENTINEL)], SENTINEL), flagged("c2")]
    with old.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, rows)
        decisions.move(change, CASE, 1, "false_positive", "born in 1962", four_eyes_from=101)
    old.close()
    make_older(file, version)
    store = Ledger(f"sqlite:///{file}", create=False)
    sound(store)
    with store.change("ann", NOW) as change:
        decisions.note(change, CASE, f"{SENTINEL}, a new line")
    assert erase(store) == 3
    sound(store)
    assert erasure.compact(store) is None
    store.close()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SENTINEL.encode() not in left
    assert SENTINEL.lower().encode() not in left
    forged = Ledger(f"sqlite:///{file}", create=False)
    with forged.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'eve' WHERE kind = 'opened'"))
    with forged.read() as session:
        assert not audit.check(session).sound
    forged.close()
