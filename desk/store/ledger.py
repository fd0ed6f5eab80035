"""The database behind the desk: SQLite in one file, or PostgreSQL for a team."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from desk.store import audit
from desk.store.errors import CaseChanged, NotFound, SchemaUnknown
from desk.store.guards import UPGRADES
from desk.store.tables import CASE_FIELDS, SCHEMA_VERSION, Base, Case, Event, Head, Schema

BUSY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Change:
    """A transaction that writes: everything in it is by one person at one moment, and all of it is logged."""

    session: Session
    who: str
    at: datetime

    @property
    def day(self) -> str:
        """The day of the change."""
        return self.at.date().isoformat()

    def record(self, kind: str, case_id: str | None = None, **body: Any) -> None:
        """Add a line to the audit log."""
        audit.append(self.session, self.who, self.at, kind, case_id, body)

    def case(self, case_id: str, version: int | None = None) -> Case:
        """Return the case for changing; with `version`, the one that the person read. Raises NotFound, CaseChanged."""
        audit.lock(self.session)
        case = self.session.get(Case, case_id, populate_existing=True)
        if case is None:
            raise NotFound(f"No case {case_id!r}.")
        if version is not None and case.version != version:
            raise CaseChanged(
                f"Case {case_id} was changed by somebody else (version {case.version}, you saw {version}). "
                "Nothing was written: read it again, then decide."
            )
        return case

    def set(self, case: Case, kind: str, fields: Mapping[str, Any], **more: Any) -> None:
        """Change fields of a case and log what changed; a change that changes nothing is still logged as done."""
        changes = {name: value for name, value in fields.items() if getattr(case, name, None) != value}
        for name, value in changes.items():
            setattr(case, name, value)
        self.session.flush()
        self.record(kind, case.case_id, changes=changes, **more)


class Ledger:
    """A decision store. `read()` gives a session for looking, `change()` one for writing.

    `url`: "sqlite:///desk.db" or "postgresql+psycopg://...". `create` makes the tables in an empty database.
    Raises SchemaUnknown.
    """

    def __init__(self, url: str, create: bool = True) -> None:
        self.engine = _engine(url, create)
        try:
            with self.engine.begin() as connection:
                _prepare(connection, create)
        except DatabaseError as error:
            raise SchemaUnknown(
                f"{self.engine.url.render_as_string()}: this cannot be opened as a decision store ({error.orig}). "
                "Check its name, and that it is readable."
            ) from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session whose changes, if any, are thrown away."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def change(self, who: str, at: datetime) -> Iterator[Change]:
        """Yield a change; all of it is written at the end, or none. Raises CaseChanged."""
        engine = self.engine.execution_options(writes=True)
        with Session(engine, expire_on_commit=False) as session:
            try:
                yield Change(session, who, at)
                session.commit()
            except StaleDataError as error:
                raise CaseChanged(
                    "The case was changed by somebody else at this moment. Nothing was written."
                ) from error

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def address(database: str) -> str:
    """Return the address of a database that a person names by address or as a SQLite file.

    >>> address("desk.db"), address("postgresql+psycopg://host/desk")
    ('sqlite:///desk.db', 'postgresql+psycopg://host/desk')
    """
    return database if "://" in database else f"sqlite:///{database}"


def image(case: Case) -> dict[str, Any]:
    """Return everything the audit log keeps of a case, with its id and version."""
    return {
        "case_id": case.case_id,
        **{name: getattr(case, name) for name in CASE_FIELDS},
        "version": case.version,
    }


def _engine(url: str, create: bool) -> Engine:
    """Return the engine; no statement that fails tells its values, which name people."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    connecting = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=connecting, hide_parameters=True)
    if engine.url.database not in (None, "", ":memory:"):
        _make_private(Path(str(engine.url.database)), create)

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_private(file: Path, create: bool) -> None:
    """Make the file of a SQLite database, and what SQLite puts beside it, readable by its owner alone."""
    if not create and not file.exists():
        raise SchemaUnknown(f"There is no decision store {file}. Check its name.")
    try:
        if create:
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        if file.is_file():  # a device such as /dev/null is not ours to close
            with suppress(PermissionError):  # it is somebody else's, who answers for it
                file.chmod(0o600)
    except OSError as error:
        raise SchemaUnknown(
            f"{file}: the decision store cannot be written there ({error.strerror})."
        ) from error


def _upgrade(connection: Connection, version: int) -> int:
    """Bring the tables of an older version up to date; return the version they have now."""
    while version in UPGRADES:
        for statement in UPGRADES[version].get(connection.dialect.name, ()):
            connection.exec_driver_sql(statement)
        version += 1
        connection.execute(Schema.__table__.update().values(version=version))  # type: ignore[attr-defined]
    return version


def _prepare(connection: Connection, create: bool) -> None:
    """Create the tables in an empty database, bring older ones up to date, refuse one of a later version."""
    if not inspect(connection).has_table(Schema.__tablename__):
        if not create:
            raise SchemaUnknown("There is no decision store in this database. Check its name.")
        Base.metadata.create_all(connection)
        connection.execute(Schema.__table__.insert().values(version=SCHEMA_VERSION))  # type: ignore[attr-defined]
        connection.execute(Head.__table__.insert().values(id=1, seq=0, hash=audit.GENESIS))  # type: ignore[attr-defined]
    found = [row.version for row in connection.execute(Schema.__table__.select())]
    found = [_upgrade(connection, version) for version in found]
    if found != [SCHEMA_VERSION]:
        raise SchemaUnknown(
            f"The decision store has schema version {found}, this program knows {SCHEMA_VERSION}. "
            "Use the version of the program that wrote it."
        )
    for index in Event.__table__.indexes:  # type: ignore[attr-defined]
        index.create(connection, checkfirst=True)  # an older program of this schema had fewer
