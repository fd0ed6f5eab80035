"""The queue of an earlier day: equal to a replay of everything, and not slower with each quiet night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desk.store import Ledger, decisions, import_run
from desk.store.cases import case_on
from desk.store.ledger import image
from desk.store.past import cases_on, lines_that_matter
from desk.store.tables import Case
from tests.desk.conftest import NOW, match

Row = dict[str, Any]
NIGHTS = 12


def live(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    """Twelve nights: two cases that stay as they are, one decided on, one that changes, one that goes and comes."""
    for night in range(NIGHTS):
        at = NOW + timedelta(days=night)
        rows = [
            flagged("quiet"),
            flagged("decided"),
            flagged("changing", matches=[match(evidence=f"e{night // 5}")]),
        ]
        rows += [flagged("comes")] if night % 4 else []
        with ledger.change("nightly", at) as change:
            import_run(change, {"run_id": f"r{night}", "as_of": at.date().isoformat()}, rows)
        if night in (3, 7):
            case_id = flagged("decided")["case_id"]
            to = "in_review" if night == 3 else "false_positive"
            with ledger.change("ann", at + timedelta(hours=1)) as change:
                decisions.move(
                    change, case_id, change.case(case_id).version, to, "compared", four_eyes_from=101
                )


@pytest.mark.parametrize("back", [0, 1, 4, 5, 8, 11])
def test_the_queue_of_a_day_is_the_replay_of_each_case(
    ledger: Ledger, flagged: Callable[..., Row], back: int
) -> None:
    live(ledger, flagged)
    day = (NOW + timedelta(days=NIGHTS - 1 - back)).date()
    with ledger.read() as session, cases_on(session, day) as then:
        found = {case.case_id: image(case) for case in then.scalars(select(Case))}
        assert found
        for case_id, shown in found.items():
            assert {k: v for k, v in shown.items() if k != "version"} == case_on(session, case_id, day)


def test_quiet_nights_are_not_read_again(ledger: Ledger, flagged: Callable[..., Row]) -> None:
    live(ledger, flagged)
    quiet = flagged("quiet")["case_id"]
    with ledger.read() as session:
        lines = session.scalars(lines_that_matter(date(2027, 1, 1))).all()
        assert [line.kind for line in lines if line.case_id == quiet] == ["opened", "seen_again"]


def test_a_store_of_an_older_program_gets_the_index(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    first = Ledger(url)
    with first.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX audit_by_kind")
    first.close()
    again = Ledger(url)
    with again.engine.begin() as connection:
        names = (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'").scalars().all()
        )
    again.close()
    assert "audit_by_kind" in names
