"""A backup of the desk's database while people work at it: one moment in one file, checked before it has its name.

SQLite copies a moment by its own backup interface, so nobody waits and no half change is in the copy. A copy counts
only where the database is whole, the chain of its log sound, and its tables what the log says. PostgreSQL has its own
programs for this (`docs/operations/keeping.md`).
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from desk.store.audit import check
from desk.store.errors import BackupRefused
from desk.store.ledger import BUSY_SECONDS, Ledger, address
from desk.store.reconciliation import differences
from desk.store.tables import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was checked: its bytes, the version of its tables, length and head of its log."""

    file: Path
    size: int
    version: int
    events: int
    head: str


def back_up(database: str, to: Path) -> Backup:
    """Copy a database in use to a new file, readable by its owner alone, and check it. Raises BackupRefused."""
    source = sqlite_file(database)
    if not source.is_file():
        raise BackupRefused(f"There is no decision store {source}. Check its name.")
    return write_copy(source, to)


def sqlite_file(database: str) -> Path:
    """Return the file of a SQLite database. Raises BackupRefused for any other database."""
    url = make_url(address(database))
    if url.get_backend_name() != "sqlite":
        raise BackupRefused(
            f"{url.render_as_string()}: PostgreSQL is backed up by pg_dump and restored by pg_restore; "
            "docs/operations/keeping.md has the commands. Then `headwater verify --audit` checks what was restored."
        )
    if url.database in (None, "", ":memory:"):
        raise BackupRefused("A database in memory cannot be backed up. Name a file.")
    return Path(str(url.database))


def write_copy(source: Path, to: Path) -> Backup:
    """Copy a SQLite database to a new file: beside its place, checked, then renamed. Raises BackupRefused."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{to.name}.", suffix=".incoming", dir=to.parent)
    except OSError as error:
        raise BackupRefused(f"{to}: it cannot be written there ({error.strerror}).") from error
    os.close(handle)
    incoming = Path(name)
    try:
        with open_database(source) as live, open_database(incoming) as copy:
            live.backup(copy)  # all pages in one step: writers go on, and the copy is of one moment
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        found = examine(incoming)
        _reserve(to)
        incoming.replace(to)
    except sqlite3.Error as error:
        raise BackupRefused(f"{source}: it cannot be copied to {to} ({error}).") from error
    finally:
        incoming.unlink(missing_ok=True)
    return Backup(to, found.size, found.version, found.events, found.head)


def examine(file: Path) -> Backup:
    """Check a backup: whole, chain sound, tables as the log says. Raises BackupRefused."""
    version = _version(file)
    if version > SCHEMA_VERSION:
        raise BackupRefused(
            f"{file} has schema version {version}, this program knows {SCHEMA_VERSION}. Use the program that wrote it."
        )
    with _session(file, version) as session:
        verdict = check(session)
        if not verdict.sound:
            raise BackupRefused(f"{file}: the log is broken at line {verdict.broken_at}: {verdict.reason}.")
        if found := differences(session):
            raise BackupRefused(
                f"{file}: {len(found)} things are not as the log recorded them, the first: {found[0]}. "
                "`headwater verify --audit` lists all."
            )
    return Backup(file, file.stat().st_size, version, verdict.events, verdict.head)


@contextmanager
def open_database(file: Path, *, frozen: bool = False) -> Iterator[sqlite3.Connection]:
    """Yield a plain connection to a file that exists; `frozen`: nobody writes it, and neither do we."""
    how = "mode=ro&immutable=1" if frozen else "mode=rw"
    with closing(
        sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True, timeout=BUSY_SECONDS)
    ) as connection:
        yield connection


def _version(file: Path) -> int:
    """Return the version of the tables of a file that is whole. Raises BackupRefused."""
    if not file.is_file():
        raise BackupRefused(f"There is no backup {file}. Check its name.")
    journal = file.with_name(f"{file.name}-wal")
    if journal.exists() and journal.stat().st_size:
        raise BackupRefused(
            f"{file} is in use: {journal.name} stands beside it. Take a copy by `headwater decisions backup`."
        )
    try:
        with open_database(file, frozen=True) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            if not faults:
                return int(connection.execute("SELECT version FROM schema_version").fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise BackupRefused(f"{file}: this cannot be read as a decision store ({error}).") from error
    raise BackupRefused(f"{file} is damaged: {faults[0]}.")


@contextmanager
def _session(file: Path, version: int) -> Iterator[Session]:
    """Yield a session on a file that stays as it is; one of older tables is checked in a copy of today's tables."""
    if version == SCHEMA_VERSION:

        def connect() -> sqlite3.Connection:
            where = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"
            return sqlite3.connect(where, uri=True, check_same_thread=False)

        with Session(create_engine("sqlite://", creator=connect, poolclass=NullPool)) as session:
            yield session
        return
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
        scratch = Path(folder) / "desk.db"
        scratch.touch(0o600)
        with open_database(file, frozen=True) as old, open_database(scratch) as copy:
            old.backup(copy)
        ledger = Ledger(f"sqlite:///{scratch}", create=False)
        with ledger.read() as session:
            yield session
        ledger.close()


def _reserve(to: Path) -> None:
    """Take a name that nobody has. Raises BackupRefused."""
    try:
        os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise BackupRefused(
            f"{to} exists, and no backup is written over another file. Give a new name."
        ) from error
