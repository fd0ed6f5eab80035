"""What routes and pages both show: a case, the lists, the rules, the runs, each as one plain value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.api.day_lists import ListDay
from desk.api.desk import Desk
from desk.api.problems import Problem
from desk.store import cases, suppression
from desk.store.ledger import image
from desk.store.past import cases_on
from desk.store.retention import retention
from desk.store.states import moves_from
from desk.store.tables import ImportedRun
from lists.schema import TABLES
from pipelines.inputs.book import OWN
from pipelines.job.config import Config
from screening.law.tables import periods
from screening.redflags import rules_on
from screening.tables.book import Book

STALE_DAYS = 7
RUN_FIELDS = (
    "counts", "timings", "warnings", "lists", "inputs", "rules", "code_version", "config_sha256", "lists_mode",
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
        fields = cases.as_it_stood(session, case.case_id, as_of) | {"version": case.version}
        lines = [line for line in lines if line["at"][:10] <= as_of.isoformat()]
    clock = retention(fields, today)
    return fields | {
        "next_states": list(moves_from(fields["state"])),
        "history": [_without_content(line) for line in lines],
        "set_aside": [
            {"party_id": row.party_id, "query_name": row.query_name, "matched_name": row.matched_name, "by": row.by,
             "until": row.until, "ended": row.ended}
            for row in suppression.of_case(session, case.case_id)
        ],
        "keep_until": clock.keep_until,
        "keep_because": clock.because,
        "shown_as_of": as_of,
    }  # fmt: skip


def record_view(book: Book | None, customer_id: str) -> dict[str, Any] | None:
    """Return what the book says of a customer: its own row, and its rows in the other tables, of each the first 100.

    None where the server was given no book, or the book has no such customer.
    """
    if book is None:
        return None
    row = book.customers.filter(pl.col("customer_id") == customer_id).head(1).to_dicts()
    if not row:
        return None
    tables = {
        name: rows.filter(
            pl.col("entity_id" if name == "connections" else "customer_id") == customer_id
        ).head(100)
        for name in OWN
        if (rows := getattr(book, name)) is not None
    }
    told = {name: _told_columns(rows) for name, rows in tables.items() if not rows.is_empty()}
    return {"customer": row[0], "tables": told}


def _told_columns(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows without the columns that say nothing, or only whose they are."""
    blank = [column.name for column in rows if column.null_count() == len(column)]
    return rows.drop(*blank, "customer_id", "entity_id", strict=False).to_dicts()


def lists_view(day: ListDay) -> dict[str, Any]:
    """Return the lists in use: publisher, day, age, counts, and what to know of them."""
    return {
        "as_of": day.as_of,
        "lists": [
            {
                "list": ref.list, "publisher": ref.publisher, "published": ref.published, "hash": ref.hash,
                "snapshot": ref.name, "partial": ref.partial, "counts": dict(ref.counts),
                "age_days": (day.as_of - ref.published).days,
                "stale": (day.as_of - ref.published).days > STALE_DAYS,
            }
            for ref in day.listed.snapshots
        ],
        "warnings": list(day.listed.warnings),
    }  # fmt: skip


def parties_view(day: ListDay, words: str, code: str | None, offset: int, limit: int) -> dict[str, Any]:
    """Return parties whose name or id holds the words, by list and name; with words of a name, best match first."""
    rows = day.listed.frames.parties
    if code:
        rows = rows.filter(pl.col("list") == code)
    score: dict[str, float] = {}
    if words.strip():
        query = pl.DataFrame({"query_id": ["q"], "name": [words]})
        found = day.index.match(query, limit=200, min_score=0.2)
        score = dict(found.select("party_id", "score").iter_rows())
        near = pl.col("party_id").is_in(list(score))
        spelt = pl.col("primary_name").str.to_lowercase().str.contains(words.lower(), literal=True)
        rows = rows.filter(near | spelt | (pl.col("party_id").str.to_lowercase() == words.lower()))
    ranked = rows.with_columns(
        score=pl.col("party_id").replace_strict(score, default=None, return_dtype=pl.Float64)
    ).sort(
        "score", "list", "primary_name", "party_id", descending=[True, False, False, False], nulls_last=True
    )
    columns = [
        "party_id",
        "list",
        "party_type",
        "primary_name",
        "countries",
        "programs",
        "listed_from",
        "listed_to",
        "score",
    ]
    page = ranked.slice(offset, limit).select(columns)
    return {"as_of": day.as_of, "total": ranked.height, "offset": offset, "parties": page.to_dicts()}


def party_view(desk: Desk, day: ListDay, party_id: str) -> dict[str, Any]:
    """Return everything a list says of a party, and in which publications it stands. Raises Problem 404."""
    tables = {
        name: frame.filter(pl.col("party_id") == party_id).to_dicts()
        for name, frame in day.listed.frames.tables().items()
    }
    if not tables["parties"]:
        raise Problem(404, f"No party {party_id[:100]!r} on the lists of that day.")
    party = tables.pop("parties")[0]
    measure = (tables.pop("measures") or [dict.fromkeys(TABLES["measures"])])[0]
    snapshots = [
        {"snapshot": ref.name, "published": ref.published, "publisher": ref.publisher}
        for ref in desk.world.store.snapshots(party["list"])
    ]
    return {"as_of": day.as_of, "party": party, "measure": measure, **tables, "publications": snapshots}


def rules_view(as_of: date, config: Config) -> dict[str, Any]:
    """Return every rule with its status on a day, recorded overrides included, the periods of its life, and for which
    segments of the customers it weighs otherwise than for all."""
    lives: dict[str, list[dict[str, Any]]] = {}
    for row in periods().sort("rule_id", "effective_from", nulls_last=False).to_dicts():
        lives.setdefault(row["rule_id"], []).append(row)
    own, for_all = config.rules, frozenset(config.rules.precautionary)
    table = rules_on(as_of, for_all, own.periods).drop("inputs").to_dicts()
    of_segments: dict[str, list[dict[str, Any]]] = {}
    for segment in config.segments:
        lifted = rules_on(as_of, for_all | frozenset(segment.precautionary), own.periods)
        for row in lifted.filter(pl.col("rule_id").is_in(set(segment.precautionary) - for_all)).to_dicts():
            told = {
                "segment": segment.name,
                "recommendation": row["recommendation"],
                "severity": row["severity"],
            }
            of_segments.setdefault(row["rule_id"], []).append(told)
    return {
        "as_of": as_of,
        "rules": [
            row | {"periods": lives.get(row["rule_id"], []), "segments": of_segments.get(row["rule_id"], [])}
            for row in table
        ],
    }


def runs_view(session: Session, as_of: date | None = None) -> dict[str, Any]:
    """Return the runs imported by the end of a day (default: all), newest first, with what each import did."""
    known = select(ImportedRun).order_by(ImportedRun.seq.desc()).limit(60)
    rows = session.scalars(
        known if as_of is None else known.where(ImportedRun.imported_at < cases.end_of(as_of))
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


def _without_content(line: dict[str, Any]) -> dict[str, Any]:
    """Drop the image of the run's findings from a line of history; it stays in the log."""
    changes = {
        name: value for name, value in line.get("changes", {}).items() if name not in ("content", "settled")
    }
    return line | {"changes": changes}
