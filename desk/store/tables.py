"""The tables of the decision store.

`audit` is the truth: every change of a case stands in it with who and when, and the row in `cases` is only its
latest state. No row of `audit` is ever deleted, and none updated but to erase its content; triggers in the database
refuse it (`guards`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from desk.store.guards import GUARDS

SCHEMA_VERSION = 4

CASE_FIELDS = (
    "customer_id", "name", "recommendation", "severity", "content", "run_id", "as_of", "in_run", "state", "assignee",
    "due_on", "proposed", "proposed_by", "closed_on", "settled", "legal_hold", "blocked_property", "unblocked_on",
)  # fmt: skip
"""What the audit log keeps of a case. Moments and days are ISO text, so that a replay equals the row."""


class Base(DeclarativeBase):
    """Root of the mapped tables."""


class Schema(Base):
    """One row: the version of the tables."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(Integer, primary_key=True)


class Case(Base):
    """A flagged customer as it stands now. `version` grows with each change, so that no update is lost."""

    __tablename__ = "cases"
    case_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    customer_id: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str] = mapped_column(Text)
    recommendation: Mapped[str] = mapped_column(String(20))
    severity: Mapped[int] = mapped_column(Integer, index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # findings, matches, paths, questions, not_checked
    run_id: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[str] = mapped_column(String(10))
    in_run: Mapped[bool] = mapped_column(Boolean)  # whether the newest run still flags the customer
    state: Mapped[str] = mapped_column(String(30), index=True)
    assignee: Mapped[str | None] = mapped_column(String(80))
    due_on: Mapped[str | None] = mapped_column(String(10))
    proposed: Mapped[str | None] = mapped_column(String(30))  # state that waits for a second signature
    proposed_by: Mapped[str | None] = mapped_column(String(80))
    closed_on: Mapped[str | None] = mapped_column(String(10))
    settled: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # concerns at the last decision
    legal_hold: Mapped[bool] = mapped_column(Boolean, default=False)
    blocked_property: Mapped[bool] = mapped_column(Boolean, default=False)
    unblocked_on: Mapped[str | None] = mapped_column(String(10))
    search: Mapped[str] = mapped_column(Text)  # names and ids in lower case
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy when the class is made


class Event(Base):
    """One line of the audit log. `body` is JSON text; the line's hash covers its `commitment`.

    That is SHA-256 over `salt` and body: without the salt nobody confirms a guess of what an erased body was. Lines of
    older programs have neither, and their hash covers the body itself.
    """

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    case_id: Mapped[str | None] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    who: Mapped[str] = mapped_column(String(80))
    at: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str | None] = mapped_column(String(64))
    salt: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (Index("audit_by_kind", "kind", "case_id", "at", "seq"),)


class Head(Base):
    """One row: the end of the audit chain. Whoever appends locks it first."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class ImportedRun(Base):
    """A run that was imported, with its manifest."""

    __tablename__ = "runs"
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(String(64), unique=True)
    as_of: Mapped[str] = mapped_column(String(10))
    imported_at: Mapped[str] = mapped_column(String(40))
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class Suppression(Base):
    """A pair of names that a false-positive decision set aside, until a day."""

    __tablename__ = "suppressions"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    entity_id: Mapped[str] = mapped_column(
        Text
    )  # whose name was compared: the customer, an owner, a director
    party_id: Mapped[str] = mapped_column(Text)
    evidence_hash: Mapped[str] = mapped_column(
        String(64)
    )  # as the run wrote it: changed evidence is a new pair
    query_name: Mapped[str] = mapped_column(Text)
    matched_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(200))
    on: Mapped[date] = mapped_column("decided_on", Date)
    until: Mapped[date] = mapped_column(Date)
    ended: Mapped[bool] = mapped_column(Boolean, default=False)


class User(Base):
    """Somebody who may sign in."""

    __tablename__ = "users"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str] = mapped_column(String(200))  # argon2id
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Token(Base):
    """A token for programs; only its hash is stored."""

    __tablename__ = "tokens"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    expires: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str | None] = mapped_column(String(80))  # null: before this was recorded


class SignedIn(Base):
    """A browser session; only the hash of its cookie is stored."""

    __tablename__ = "sessions"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    expires: Mapped[str] = mapped_column(String(40))
    ends: Mapped[str] = mapped_column(String(40))


@event.listens_for(Event.__table__, "after_create")
def _guard_audit(target: Any, connection: Connection, **_: Any) -> None:
    """Let the database itself refuse to change what was recorded."""
    for statement in GUARDS.get(connection.dialect.name, ()):
        connection.exec_driver_sql(statement)
