"""What the desk's tests share: a store on SQLite and on a PostgreSQL of its own, and small runs to import."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.store import Ledger
from desk.store.audit import GENESIS, digest
from desk.store.tables import Event
from screening.cases import case_id

with warnings.catch_warnings():  # its test client asks for a newer httpx than there is
    warnings.simplefilter("ignore")
    import fastapi.testclient  # noqa: F401

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Row = dict[str, Any]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a PostgreSQL server started for these tests; skipped where the program is absent."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    programs = (
        sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    )
    found = shutil.which("initdb")
    home = programs[-1] if programs else Path(found).parent if found else None
    if home is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="headwater-pg-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*words: str) -> None:
        subprocess.run([*as_user, *words], check=True, capture_output=True, cwd=folder)

    run(str(home / "initdb"), "-D", str(folder / "data"), "-U", "headwater", "--auth=trust", "--no-sync")
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run(
        str(home / "pg_ctl"),
        "-D",
        str(folder / "data"),
        "-o",
        settings,
        "-l",
        str(folder / "log"),
        "-w",
        "-t",
        "600",  # seconds; it answers as soon as the server does
        "start",
    )
    try:
        yield f"postgresql+psycopg://headwater@127.0.0.1:{port}"
    finally:
        run(str(home / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty decision store, once on each database."""
    if request.param == "sqlite":
        store = Ledger(f"sqlite:///{tmp_path / 'desk.db'}")
    else:
        server = request.getfixturevalue("postgresql")
        store = Ledger(f"{server}/{_database(server, 'd' + os.urandom(6).hex())}")
    yield store
    store.close()


def _database(server: str, name: str) -> str:
    import psycopg

    plain = server.replace("+psycopg", "")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return name


def make_older(file: Path, version: int) -> None:
    """Make of a SQLite store one as a program of version 2 or 3 of the tables would have left it."""
    with sqlite3.connect(file) as connection:
        connection.row_factory = sqlite3.Row
        for trigger in ("update", "delete", "replace"):
            connection.execute(f"DROP TRIGGER audit_no_{trigger}")
        previous = GENESIS
        for row in connection.execute("SELECT * FROM audit ORDER BY seq").fetchall():
            line = Event(**{**row, "salt": None, "commitment": None, "previous": previous})
            previous, before = digest(line), previous
            connection.execute(
                "UPDATE audit SET previous = ?, hash = ? WHERE seq = ?", (before, previous, line.seq)
            )
        connection.execute("UPDATE audit_head SET hash = ?", (previous,))
        for column in ("salt", "commitment"):
            connection.execute(f"ALTER TABLE audit DROP COLUMN {column}")
        refusing = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        for verb in ("UPDATE", "DELETE"):
            connection.execute(f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit {refusing}")
        if version == 2:
            connection.execute("ALTER TABLE tokens DROP COLUMN made_by")
        else:
            replaced = "WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)"
            connection.execute(
                f"CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit {replaced} {refusing}"
            )
        connection.execute("UPDATE schema_version SET version = ?", (version,))


def finding(rule_id: str = "EL_LISTING", recommendation: str = "hold", severity: int = 80) -> Row:
    return {
        "rule_id": rule_id, "outcome": "raised", "rule_status": "in_force", "severity": severity,
        "recommendation": recommendation, "reason": f"{rule_id} speaks", "evidence": "", "question": "Is it you?",
    }  # fmt: skip


def match(party_id: str = "EL-1", query_name: str = "Acme", evidence: str = "e1") -> Row:
    return {
        "matched_entity_id": "c1", "party_id": party_id, "list": "EL", "party_name": "ACME CORP",
        "matched_name": "ACME CORP", "query_name": query_name, "score": 0.97, "band": "alert",
        "evidence_hash": evidence,
    }  # fmt: skip


@pytest.fixture
def flagged() -> Callable[..., Row]:
    """Makes a row of a run's table of cases."""

    def make(
        customer_id: str = "c1",
        findings: list[Row] | None = None,
        matches: list[Row] | None = None,
        name: str = "Acme",
    ) -> Row:
        raised = [finding()] if findings is None else findings
        return {
            "case_id": case_id(customer_id), "customer_id": customer_id, "name": name,
            "recommendation": raised[0]["recommendation"], "severity": raised[0]["severity"], "findings": raised,
            "matches": [match()] if matches is None else matches, "paths": [], "questions": ["Is it you?"],
            "not_checked": [],
        }  # fmt: skip

    return make
