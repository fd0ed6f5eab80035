"""Putting a backup in the place of the desk's database, and telling which lines of the log that takes back.

Refused while anybody has the database open, and where its log goes on after the backup ended, unless that is said. What
stood there is copied beside it. Browser sessions end; the log gets a line that names what was lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from desk.store.backup import Backup, examine, open_database, sqlite_file, write_copy
from desk.store.errors import BackupRefused
from desk.store.ledger import Ledger
from desk.store.tables import SCHEMA_VERSION, SignedIn

WAIT_MILLISECONDS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log without its content: number, moment, what kind, by whom, of which case, its hash."""

    seq: int
    at: str
    kind: str
    who: str
    case_id: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore put in place, which lines the log before had beyond it, and where that database was copied to."""

    backup: Backup
    last: Line | None
    lost: tuple[Line, ...]
    head_missing: bool
    former: Path | None


def restore(
    backup: Path, database: str, at: datetime, head: str | None = None, lose_lines: bool = False
) -> Restored:
    """Make a database what a backup holds. `head`: of a log, noted elsewhere, which the backup should contain.

    Raises BackupRefused: the backup is damaged, the database is in use, or lines would be lost and `lose_lines` does
    not say that they may.
    """
    found, target = examine(backup), sqlite_file(database)
    with open_database(backup, frozen=True) as source:
        own = list(_lines(source))
        missing = head is not None and head not in {line.hash for line in own}
        if target.exists():
            with _alone(target) as old:
                lost = _beyond(own, old)
                _refuse_loss(backup, own, lost, missing, lose_lines)
                former = _copy_former(old, target)
                source.backup(old)  # within one transaction of the old file: killed, it is as before
        else:
            lost, former = (), None
            _refuse_loss(backup, own, lost, missing, lose_lines)
            write_copy(backup, target)
    _record(target, at, found, lost, former)
    return Restored(found, own[-1] if own else None, lost, missing, former)


@contextmanager
def _alone(target: Path) -> Iterator[sqlite3.Connection]:
    """Yield the only connection to a database. Raises BackupRefused where others have it open, or it is none."""
    try:
        with open_database(target) as connection:
            connection.execute(f"PRAGMA busy_timeout={WAIT_MILLISECONDS}")
            version = connection.execute("SELECT version FROM schema_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise BackupRefused(f"{target} was written by a later program (schema version {version}).")
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=DELETE")  # refused while anybody else has it open
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")  # the lock stays, by the locking mode
            yield connection
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BackupRefused(
                f"{target} is in use. End `headwater serve` and whoever reads it, then restore."
            ) from error
        raise BackupRefused(f"{target}: it cannot be restored over ({error}). Move it away first.") from error
    except (sqlite3.DatabaseError, TypeError) as error:
        raise BackupRefused(f"{target}: this is no decision store ({error}). Move it away first.") from error


def _lines(connection: sqlite3.Connection) -> Iterator[Line]:
    for row in connection.execute("SELECT seq, at, kind, who, case_id, hash FROM audit ORDER BY seq"):
        yield Line(*row)


def _beyond(own: list[Line], old: sqlite3.Connection) -> tuple[Line, ...]:
    """Return the lines of the old log from the first on that the backup does not have."""
    old_lines = list(_lines(old))
    shared = next(
        (i for i, (ours, theirs) in enumerate(zip(own, old_lines, strict=False)) if ours.hash != theirs.hash),
        min(len(own), len(old_lines)),
    )
    return tuple(old_lines[shared:])


def _refuse_loss(
    backup: Path, own: list[Line], lost: tuple[Line, ...], head_missing: bool, lose_lines: bool
) -> None:
    """Raise BackupRefused where lines would be lost of which nobody said that they may be."""
    end = f"its log ends at line {own[-1].seq} of {own[-1].at}" if own else "its log is empty"
    if lost and not lose_lines:
        raise BackupRefused(
            f"{backup} lacks {len(lost)} lines of the log that is there now, {lost[0].seq} ({lost[0].at}) to "
            f"{lost[-1].seq} ({lost[-1].at}); {end}. Say --lose-lines if they may be lost: the database as it is now "
            "will be copied beside it."
        )
    if head_missing and not lose_lines:
        raise BackupRefused(
            f"{backup} does not contain the head that was noted elsewhere; {end}. What was recorded between is not in "
            "it: take a later backup, or say --lose-lines."
        )


def _copy_former(old: sqlite3.Connection, target: Path) -> Path:
    """Copy the database that is there to a name beside it; the same content has the same name."""
    events, head = old.execute("SELECT seq, hash FROM audit_head").fetchone()
    former = target.with_name(f"{target.name}.before-restore-{events}-{head[:12]}")
    if not former.exists():
        former.touch(0o600)
        with open_database(former) as copy:
            old.backup(copy)
    return former


def _record(target: Path, at: datetime, found: Backup, lost: tuple[Line, ...], former: Path | None) -> None:
    """End all browser sessions, and log what was restored and which lines it took back."""
    ledger = Ledger(f"sqlite:///{target}", create=False)
    with ledger.change("headwater", at) as change:
        change.session.execute(delete(SignedIn))
        change.record(
            "restored",
            None,
            events=found.events,
            head=found.head,
            lost=[_summary(line) for line in (lost[:1] + lost[1:][-1:])],
            lost_lines=len(lost),
            former=former and former.name,
        )
    ledger.close()


def _summary(line: Line) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if name in ("seq", "at", "hash")}
