"""Backup and restore: of a database in use, checked, over nobody's file, and with every lost line told."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from desk.cli.app import app
from desk.store import Ledger, audit, decisions, import_run, people
from desk.store.backup import back_up, examine
from desk.store.cases import history
from desk.store.errors import BackupRefused
from desk.store.reconciliation import differences
from desk.store.restoration import restore
from tests.desk.conftest import NOW, make_older
from tests.desk.store.test_people import SECRET

Row = dict[str, Any]
WRITERS = 3


@pytest.fixture
def live(tmp_path: Path, flagged: Callable[..., Row]) -> Iterator[Ledger]:
    """A store with one case, open."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'desk.db'}")
    with ledger.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, [flagged()])
    yield ledger
    ledger.close()


def note(ledger: Ledger, words: str) -> int:
    """Add a note; returns the number of its line."""
    with ledger.change("ann", NOW) as change:
        case = decisions.note(change, case_of(change.session), words)
        return len(history(change.session, case.case_id))


def case_of(session: Any) -> str:
    return str(session.execute(text("SELECT case_id FROM cases")).scalar_one())


def log_of(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        return [row[0] for row in connection.execute("SELECT body FROM audit ORDER BY seq")]


def test_a_backup_while_threads_write_is_one_moment_of_the_database(live: Ledger, tmp_path: Path) -> None:
    """Whatever was acknowledged before a backup began is in it, and nothing by halves."""
    stop, done = threading.Event(), [0] * WRITERS

    def write(writer: int) -> None:
        while not stop.is_set():
            note(live, f"writer {writer} says {done[writer] + 1};")
            done[writer] += 1

    threads = [threading.Thread(target=write, args=(i,)) for i in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        events = []
        for i in range(4):
            before = list(done)
            made = back_up(str(tmp_path / "desk.db"), tmp_path / f"backup-{i}.db")
            bodies = "".join(log_of(made.file))
            events.append(made.events)
            for writer, count in enumerate(before):
                assert all(f"writer {writer} says {n + 1};" in bodies for n in range(count))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert events == sorted(events)
    assert sum(done) > 0
    with live.read() as session:
        assert audit.check(session).sound
        assert differences(session) == []


def test_a_backup_is_one_private_file_and_never_written_over_another(live: Ledger, tmp_path: Path) -> None:
    made = back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "b.db" in path.name) == ["b.db"]
    content = made.file.read_bytes()
    with pytest.raises(BackupRefused, match="exists"):
        back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    assert made.file.read_bytes() == content
    assert not list(tmp_path.glob("*.incoming"))
    assert examine(made.file).head == made.head


def test_a_backup_of_a_database_that_was_edited_is_refused(live: Ledger, tmp_path: Path) -> None:
    with live.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET severity = 1"))
    with pytest.raises(BackupRefused, match="not as the log recorded"):
        back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()


def test_restore_is_refused_while_the_desk_has_the_database_open(live: Ledger, tmp_path: Path) -> None:
    made = back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    with live.read() as session:
        before = audit.check(session)
        with pytest.raises(BackupRefused, match="in use"):
            restore(made.file, str(tmp_path / "desk.db"), NOW)
        assert audit.check(session) == before


def test_restore_tells_which_lines_are_lost_and_needs_to_be_asked(live: Ledger, tmp_path: Path) -> None:
    with live.change("boss", NOW) as change:
        people.sign_in(change, people.add_user(change, "ann", "analyst", SECRET))
    made = back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    note(live, "after the backup")
    with live.change("boss", NOW) as change:
        people.retire_user(change, "ann")
    with live.read() as session:
        head = audit.check(session).head
    live.close()
    with pytest.raises(BackupRefused, match=rf"lacks 2 lines .* {made.events + 1} .* to {made.events + 2}"):
        restore(made.file, str(tmp_path / "desk.db"), NOW)
    asked = ["--head", f"{made.events + 2}:{head}", "--lose-lines"]
    done = CliRunner().invoke(
        app, ["decisions", "restore", str(made.file), str(tmp_path / "desk.db"), *asked]
    )
    assert done.exit_code == 0, done.output
    first, *lost = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert first["lost_lines"] == 2
    assert [line["kind"] for line in lost] == ["noted", "user_retired"]
    assert "may sign in again" in done.stderr
    assert f"lines {made.events + 1} to {made.events + 2} are" in " ".join(done.stderr.split())
    assert examine(Path(first["former"])).head == head, "what stood there is whole, beside it"
    restored = Ledger(f"sqlite:///{tmp_path / 'desk.db'}", create=False)
    with restored.read() as session:
        verdict = audit.check(session, made.head)
        assert (verdict.sound, verdict.events) == (True, made.events + 1)
        assert differences(session) == []
        assert session.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 0
    restored.close()


def test_restore_where_nothing_is_lost_asks_nothing(live: Ledger, tmp_path: Path) -> None:
    note(live, "before")
    made = back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    live.close()
    assert restore(made.file, str(tmp_path / "desk.db"), NOW, head=made.head).lost == ()
    assert restore(made.file, str(tmp_path / "new.db"), NOW).former is None
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupRefused, match="does not contain the head"):
        restore(made.file, str(tmp_path / "newer.db"), NOW, head="f" * 64)
    assert not (tmp_path / "newer.db").exists()


@pytest.mark.parametrize("damage", ["text", "cut", "edited"])
def test_a_damaged_backup_is_not_restored(live: Ledger, tmp_path: Path, damage: str) -> None:
    made = back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    if damage == "text":
        made.file.write_text("Dear Sir")
    elif damage == "cut":
        made.file.write_bytes(made.file.read_bytes()[:20_000])
    else:
        with sqlite3.connect(made.file) as connection:
            connection.execute("UPDATE cases SET severity = 1")
    live.close()
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(BackupRefused):
        restore(made.file, str(tmp_path / "desk.db"), NOW)
    assert (tmp_path / "desk.db").read_bytes() == before


def test_restore_over_another_file_is_refused(live: Ledger, tmp_path: Path) -> None:
    made = back_up(str(tmp_path / "desk.db"), tmp_path / "b.db")
    (tmp_path / "letter.txt").write_text("Dear Sir, " * 100)
    with pytest.raises(BackupRefused, match="no decision store"):
        restore(made.file, str(tmp_path / "letter.txt"), NOW)
    assert (tmp_path / "letter.txt").read_text().startswith("Dear Sir")


def test_a_file_that_is_in_use_is_no_backup(live: Ledger, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="is in use"):
        restore(tmp_path / "desk.db", str(tmp_path / "other.db"), NOW)


def test_a_backup_of_older_tables_is_checked_and_stays_as_it_is(live: Ledger, tmp_path: Path) -> None:
    live.close()
    shutil.copy(tmp_path / "desk.db", tmp_path / "old.db")
    make_older(tmp_path / "old.db", 2)
    made = back_up(str(tmp_path / "old.db"), tmp_path / "b.db")
    assert (made.version, examine(made.file).version) == (2, 2)
    assert restore(made.file, str(tmp_path / "new.db"), NOW).lost == ()


def test_postgresql_is_told_its_own_programs(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="pg_dump"):
        back_up("postgresql+psycopg://ann:hush@host/desk", tmp_path / "b")
