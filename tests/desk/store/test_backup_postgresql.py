"""The commands of docs/operations/keeping.md for PostgreSQL, run: roles, dump in use, restore, check, triggers."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from desk.cli.app import app
from desk.store import Ledger, decisions, import_run
from tests.desk.conftest import NOW, _database

pytestmark = pytest.mark.slow


def program(name: str) -> str:
    return str(sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1] / name)


def blocks(root: Path, language: str) -> list[str]:
    page = (root / "docs" / "operations" / "keeping.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_a_dump_of_a_database_in_use_is_restored_with_roles_and_triggers(
    postgresql: str, root: Path, tmp_path: Path, flagged: Callable[..., Any]
) -> None:
    (roles,) = blocks(root, "sql")
    plain = postgresql.replace("+psycopg", "")
    source, target = _database(postgresql, "live_desk"), "desk_again"
    ledger = Ledger(f"{postgresql}/{source}")
    with psycopg.connect(f"{plain}/{source}", autocommit=True) as owner:
        owner.execute(roles.encode())
    clerk = Ledger(f"{postgresql.replace('headwater@', 'desk@')}/{source}", create=False)
    row, stop, done = flagged(), threading.Event(), [0]
    with clerk.change("nightly", NOW) as change:
        import_run(change, {"run_id": "r1", "as_of": "2026-11-22"}, [row])

    def write() -> None:
        while not stop.is_set():
            with clerk.change("ann", NOW) as change:
                decisions.note(change, row["case_id"], f"note {done[0]}")
            done[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    dump, restore = (
        line.split()
        for block in blocks(root, "sh")
        for line in block.splitlines()
        if line.startswith(("pg_dump ", "pg_restore "))
    )
    names = {"desk.dump": str(tmp_path / "desk.dump"), "desk": source, "desk_again": target}
    where = ["-h", "127.0.0.1", "-p", plain.rpartition(":")[2], "-U", "headwater"]
    try:
        before = done[0]
        subprocess.run([program(dump[0]), *where, *(names.get(w, w) for w in dump[1:])], check=True)
    finally:
        stop.set()
        writer.join()
    _database(postgresql, target)
    subprocess.run([program(restore[0]), *where, *(names.get(w, w) for w in restore[1:])], check=True)
    ledger.close()
    clerk.close()

    checked = CliRunner().invoke(app, ["verify", "--audit", f"{postgresql}/{target}"])
    assert checked.exit_code == 0, checked.output
    assert '"state":"sound"' in checked.stdout
    again = Ledger(f"{postgresql}/{target}", create=False)
    with again.read() as session:
        assert session.execute(text("SELECT count(*) FROM audit WHERE kind = 'noted'")).scalar_one() >= before
    for user, refusal in (("headwater", "append-only"), ("desk", "append-only|permission denied")):
        store = Ledger(f"{postgresql.replace('headwater@', f'{user}@')}/{target}", create=False)
        for statement in ("UPDATE audit SET who = 'eve'", "DELETE FROM audit", "TRUNCATE audit"):
            with pytest.raises(DBAPIError, match=refusal), store.engine.begin() as connection:
                connection.execute(text(statement))
        with store.change("ann", NOW) as change:
            decisions.note(change, row["case_id"], f"{user} still works")
        store.close()
    again.close()
