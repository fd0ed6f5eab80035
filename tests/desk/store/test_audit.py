"""The audit log: nobody can change it through the database without the check telling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from desk.store import Ledger, audit, decisions, import_run
from desk.store.audit import GENESIS, check_lines, digest
from desk.store.errors import SchemaUnknown
from desk.store.tables import Event
from tests.desk.conftest import NOW


def filled(ledger: Ledger, flagged: Callable[..., Any]) -> str:
    row = flagged()
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, [row])
    for i in range(3):
        with ledger.change("ann", NOW) as change:
            decisions.note(change, row["case_id"], f"note {i}")
    return str(row["case_id"])


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'eve'", "DELETE FROM audit"])
def test_database_refuses_to_change_the_log(
    ledger: Ledger, flagged: Callable[..., Any], statement: str
) -> None:
    filled(ledger, flagged)
    with pytest.raises(DBAPIError, match="append-only"), ledger.engine.begin() as connection:
        connection.execute(text(statement))
    with ledger.read() as session:
        assert audit.check(session).sound


def test_postgresql_refuses_to_empty_the_log(ledger: Ledger, flagged: Callable[..., Any]) -> None:
    filled(ledger, flagged)
    if ledger.engine.dialect.name == "sqlite":
        return  # knows no TRUNCATE
    with pytest.raises(DBAPIError, match="append-only"), ledger.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit"))


@pytest.mark.parametrize(
    ("tampering", "line"),
    [
        ("UPDATE audit SET body = replace(body, 'note 1', 'note X') WHERE seq = 4", 4),
        ("UPDATE audit SET who = 'eve' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 5", 5),
    ],
)
def test_check_finds_what_was_done_behind_its_back(
    ledger: Ledger, flagged: Callable[..., Any], tampering: str, line: int
) -> None:
    filled(ledger, flagged)
    drop = (
        ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
        if ledger.engine.dialect.name == "sqlite"
        else ["DROP TRIGGER audit_rows ON audit"]
    )
    with ledger.engine.begin() as connection:
        for statement in [*drop, tampering]:
            connection.execute(text(statement))
    with ledger.read() as session:
        verdict = audit.check(session)
    assert (verdict.sound, verdict.broken_at) == (False, line)


def test_head_noted_elsewhere_betrays_a_log_rewritten_whole(
    ledger: Ledger, flagged: Callable[..., Any]
) -> None:
    filled(ledger, flagged)
    with ledger.read() as session:
        head = audit.check(session).head
        assert audit.check(session, head).sound
        assert not audit.check(session, "f" * 64).sound


def chain(bodies: list[str]) -> list[Event]:
    lines, previous = [], GENESIS
    for seq, body in enumerate(bodies, start=1):
        line = Event(seq=seq, case_id=None, kind="noted", who="ann", at="now", body=body, previous=previous)
        previous = line.hash = digest(line)
        lines.append(line)
    return lines


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8), st.data())
def test_any_change_of_any_line_breaks_the_chain(bodies: list[str], data: st.DataObject) -> None:
    lines = chain(bodies)
    head = lines[-1].hash
    assert check_lines(lines, len(lines), head).sound
    victim = lines[data.draw(st.integers(0, len(lines) - 1))]
    field = data.draw(st.sampled_from(["body", "who", "at", "kind", "case_id"]))
    setattr(victim, field, (getattr(victim, field) or "") + "x")
    assert not check_lines(lines, len(lines), head).sound


def test_another_schema_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    first = Ledger(url)
    with first.engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    first.close()
    with pytest.raises(SchemaUnknown, match="99"):
        Ledger(url)
