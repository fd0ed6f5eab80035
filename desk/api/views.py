"""What routes and pages both show, each as one plain value: a case, the lists, the rules, the runs, the users."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.api.day_lists import ListDay
from desk.api.desk import Desk
from desk.api.problems import Problem
from desk.store import audit, cases, people, suppression
from desk.store.ledger import image
from desk.store.past import cases_on
from desk.store.reconciliation import differences
from desk.store.retention import retention
from desk.store.states import moves_from
from desk.store.tables import ImportedRun, User
from lists.schema import TABLES
from pipelines.job.config import Config
from screening.book import OWN_TABLES
from screening.law import policy_figure
from screening.law.tables import periods
from screening.redflags import rules_on
from screening.tables import Book

ROWS_SHOWN = 100
RUN_FIELDS = (
    "counts", "timings", "warnings", "lists", "inputs", "rules", "code_version", "config_sha256", "lists_mode",
)  # fmt: skip
PARTY_COLUMNS = (
    "party_id", "list", "party_type", "primary_name", "countries", "programs", "listed_from", "listed_to", "score",
)  # fmt: skip


@contextmanager
def queue_on(desk: Desk, as_of: date | None) -> Iterator[Session]:
    """Yield a session on the cases of now, or as they stood at the end of a day."""
    with desk.ledger.read() as session:
        if as_of is None or as_of >= desk.settings.clock().date():
            yield session
        else:
            with cases_on(session, as_of) as then:
                yield then


def case_view(session: Session, case_id: str, today: date, as_of: date | None = None) -> dict[str, Any]:
    """Return a case with its content, history and clock; with `as_of` as it stood at the end of that day."""
    case = cases.find(session, case_id)
    lines = cases.history(session, case.case_id)
    fields = image(case)
    if as_of is not None:
        fields = cases.case_on(session, case.case_id, as_of) | {"version": case.version}
        lines = [line for line in lines if line["at"][:10] <= as_of.isoformat()]
    clock = retention(fields, today)
    return fields | {
        "next_states": list(moves_from(fields["state"])),
        "history": [_without_content(line) for line in lines],
        "set_aside": [
            {"party_id": row.party_id, "query_name": row.query_name, "matched_name": row.matched_name, "by": row.by,
             "until": row.until, "ended": row.ended}
            for row in suppression.for_case(session, case.case_id)
        ],
        "keep_until": clock.keep_until,
        "keep_because": clock.because,
        "shown_as_of": as_of,
    }  # fmt: skip


def record_view(book: Book | None, customer_id: str) -> dict[str, Any] | None:
    """Return what the book says of a customer: its own row, and its first `ROWS_SHOWN` rows in each other table.

    None where the server was given no book, or the book has no such customer.
    """
    if book is None:
        return None
    row = book.customers.filter(pl.col("customer_id") == customer_id).head(1).to_dicts()
    if not row:
        return None
    tables = {
        name: rows.filter(pl.col(key) == customer_id).head(ROWS_SHOWN)
        for name, key in OWN_TABLES.items()
        if (rows := getattr(book, name)) is not None
    }
    shown = {name: _without_blank_columns(rows) for name, rows in tables.items() if not rows.is_empty()}
    return {"customer": row[0], "tables": shown}


def _without_blank_columns(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows without the columns that are blank in all of them, or only name the customer."""
    blank = [column.name for column in rows if column.null_count() == len(column)]
    return rows.drop(*blank, "customer_id", "entity_id", strict=False).to_dicts()


def lists_view(day: ListDay) -> dict[str, Any]:
    """Return the lists in use (publisher, day, age in days, counts) and the warnings about them."""
    stale_days = policy_figure("stale_list_days")
    ages = {ref.name: (day.as_of - ref.published).days for ref in day.lists.snapshots}
    return {
        "as_of": day.as_of,
        "lists": [
            {
                "list": ref.list, "publisher": ref.publisher, "published": ref.published, "hash": ref.hash,
                "snapshot": ref.name, "partial": ref.partial, "counts": dict(ref.counts),
                "age_days": ages[ref.name],
                "stale": ages[ref.name] > stale_days,
            }
            for ref in day.lists.snapshots
        ],
        "warnings": list(day.lists.warnings),
    }  # fmt: skip


def parties_view(day: ListDay, words: str, code: str | None, offset: int, limit: int) -> dict[str, Any]:
    """Return the parties whose name matches the words, best match first, or whose id they are; without words all
    parties, by list and name."""
    rows = day.lists.frames.parties
    if code:
        rows = rows.filter(pl.col("list") == code)
    score: dict[str, float] = {}
    if words.strip():
        query = pl.DataFrame({"query_id": ["q"], "name": [words]})
        found = day.screener.index.match(query, limit=200, min_score=0.2)
        score = dict(found.select("party_id", "score").iter_rows())
        matched = pl.col("party_id").is_in(list(score))
        spelt = pl.col("primary_name").str.to_lowercase().str.contains(words.lower(), literal=True)
        rows = rows.filter(matched | spelt | (pl.col("party_id").str.to_lowercase() == words.lower()))
    ranked = rows.with_columns(
        score=pl.col("party_id").replace_strict(score, default=None, return_dtype=pl.Float64)
    ).sort(
        "score", "list", "primary_name", "party_id", descending=[True, False, False, False], nulls_last=True
    )
    page = ranked.slice(offset, limit).select(PARTY_COLUMNS)
    return {"as_of": day.as_of, "total": ranked.height, "offset": offset, "parties": page.to_dicts()}


def party_view(desk: Desk, day: ListDay, party_id: str) -> dict[str, Any]:
    """Return everything a list says of a party, and in which publications it stands. Raises Problem 404."""
    tables = {
        name: frame.filter(pl.col("party_id") == party_id).to_dicts()
        for name, frame in day.lists.frames.tables().items()
    }
    if not tables["parties"]:
        raise Problem(404, f"No party {party_id[:100]!r} on the lists of that day.")
    party = tables.pop("parties")[0]
    measure = (tables.pop("measures") or [dict.fromkeys(TABLES["measures"])])[0]
    snapshots = [
        {"snapshot": ref.name, "published": ref.published, "publisher": ref.publisher}
        for ref in desk.data.store.snapshots(party["list"])
    ]
    return {"as_of": day.as_of, "party": party, "measure": measure, **tables, "publications": snapshots}


def rules_view(as_of: date, config: Config) -> dict[str, Any]:
    """Return every rule with its status on a day (recorded overrides included), the periods of its life, and the
    segments of customers for which it has another weight."""
    lives: dict[str, list[dict[str, Any]]] = {}
    for row in periods().sort("rule_id", "effective_from", nulls_last=False).to_dicts():
        lives.setdefault(row["rule_id"], []).append(row)
    own, for_all = config.rules, frozenset(config.rules.precautionary)
    table = rules_on(as_of, for_all, own.periods).drop("inputs").to_dicts()
    by_segment: dict[str, list[dict[str, Any]]] = {}
    for segment in config.segments:
        lifted = rules_on(as_of, for_all | frozenset(segment.precautionary), own.periods)
        for row in lifted.filter(pl.col("rule_id").is_in(set(segment.precautionary) - for_all)).to_dicts():
            weight = {
                "segment": segment.name,
                "recommendation": row["recommendation"],
                "severity": row["severity"],
            }
            by_segment.setdefault(row["rule_id"], []).append(weight)
    return {
        "as_of": as_of,
        "rules": [
            row | {"periods": lives.get(row["rule_id"], []), "segments": by_segment.get(row["rule_id"], [])}
            for row in table
        ],
    }


def runs_view(session: Session, as_of: date | None = None) -> dict[str, Any]:
    """Return the runs imported by the end of a day (default: all), newest first, with what each import did."""
    newest = select(ImportedRun).order_by(ImportedRun.seq.desc()).limit(60)
    rows = session.scalars(
        newest if as_of is None else newest.where(ImportedRun.imported_at < cases.day_end(as_of))
    )
    return {
        "runs": [
            {
                "run_id": row.run_id, "as_of": row.as_of, "imported_at": row.imported_at, "report": row.report,
                **{name: row.manifest.get(name) for name in RUN_FIELDS},
            }
            for row in rows
        ]
    }  # fmt: skip


def users_view(session: Session) -> list[dict[str, Any]]:
    """Return every user by name, without secrets."""
    return [user_view(user) for user in people.users(session)]


def user_view(user: User) -> dict[str, Any]:
    """Return a user without secrets: name, role, active."""
    return {"name": user.name, "role": user.role, "active": user.active}


def audit_view(session: Session, head: str | None = None) -> dict[str, Any]:
    """Check the chain of the audit log and return the verdict; `head`: as `audit.check`."""
    return asdict(audit.check(session, head))


def log_and_tables_view(session: Session, head: str | None = None) -> dict[str, Any]:
    """Return the verdict on the chain, and `differences`: what in the tables the log does not bear."""
    return audit_view(session, head) | {"differences": differences(session)}


def _without_content(line: dict[str, Any]) -> dict[str, Any]:
    """Drop the image of the run's findings from a line of history; it stays in the log."""
    changes = {
        name: value for name, value in line.get("changes", {}).items() if name not in ("content", "settled")
    }
    return line | {"changes": changes}
