"""The content of `run.json`: the inputs of a run, the rules it applied, its counts and warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from lists.snapshot import ListSet, SnapshotRef
from pipelines.errors import InputRejected
from pipelines.hashing import file_hash
from pipelines.inputs.identifier_problems import identifier_lines
from pipelines.inputs.problems import problem_remarks
from pipelines.inputs.unused import word_remarks
from pipelines.job.definition import Job
from pipelines.job.input_health import file_remarks, file_rows
from pipelines.job.joins import Join
from pipelines.job.list_account import list_remarks, lists_not_loaded, loaded_lists
from pipelines.job.provenance import build_logic
from pipelines.run.code import code_hash
from pipelines.run.manifest import Basis, Manifest
from screening.book.contacts import contact_remarks
from screening.book.segments import remarks
from screening.redflags import rules_on
from screening.tables.accounts import FileAccount
from screening.tables.book import Book

RULE_COLUMNS = ("rule_id", "status", "overridden_by", "precautionary", "citation")


def build_basis(job: Job, listed: ListSet) -> Basis:
    """Return everything that decides the result of a job, before it is done. Raises InputRejected."""
    settings = job.config.rules
    status = rules_on(job.as_of, frozenset(settings.precautionary), settings.periods).select(RULE_COLUMNS)
    return Basis(
        as_of=job.as_of.isoformat(),
        lists_mode="latest" if job.latest_lists else "as-of",
        code_version=version("headwater"),
        code_sha256=code_hash(),
        config_sha256=job.config.sha256,
        files=tuple({"role": role, "sha256": _input_hash(path)} for role, path in job.files.named()),
        lists=tuple(_snapshot(ref) for ref in listed.snapshots),
        rules=tuple(status.to_dicts()),
    )


def build_manifest(
    basis: Basis,
    job: Job,
    customers: int,
    book: Book,
    joins: Mapping[int, Join],
    tally: Mapping[str, int],
    warnings: tuple[str, ...],
) -> Manifest:
    """Return the manifest of a run before its tables are written.

    customers: how many were screened. joins: how each file joins them. tally: counts of cases, findings and pairs by
    name.
    """
    health = build_health(basis, job, book.accounts, joins)
    unsure = [str(rule["rule_id"]) for rule in basis.rules if rule["status"] == "scheduled_verify"]
    notes = [
        *warnings,
        *list_remarks(health["lists"], job.as_of),
        *problem_remarks(book.problems),
        *identifier_lines(book.problems),
        *word_remarks(book.problems),
        *contact_remarks(book.connections),
        *file_remarks(book.accounts, joins),
        *remarks(tally, job.config.segments),
    ]
    if unsure:
        notes.append(
            f"{', '.join(unsure)}: scheduled to be in force on {job.as_of}; confirm in the Federal Register "
            "before relying on it."
        )
    if job.latest_lists:
        notes.append("The newest lists were used, whatever the as-of date (--lists latest).")
    return Manifest(
        basis=basis,
        inputs=tuple(asdict(source) for source in book.sources),
        config=job.config.model_dump(mode="json"),
        counts={
            "customers": customers,
            "ownership_edges": book.stored.select(pl.len()).collect().item(),
            "activities": book.activity.height if book.activity is not None else 0,
            "rows_set_aside": book.problems.filter(pl.col("consequence") == "row_set_aside").height,
            **tally,
        },
        warnings=tuple(notes),
        health=health,
        logic=build_logic(job),
    )


def build_health(
    basis: Basis, job: Job, accounts: Sequence[FileAccount], joins: Mapping[int, Join]
) -> dict[str, Any]:
    """Return what a run says of the health of what it was given: files, lists, lists_not_loaded."""
    lists = loaded_lists(basis.lists, job.as_of)
    until = None if job.latest_lists else job.as_of
    absent = lists_not_loaded([row["list"] for row in lists], job.config.lists, until)
    return {"files": file_rows(accounts, joins), "lists": lists, "lists_not_loaded": absent}


def _snapshot(ref: SnapshotRef) -> dict[str, object]:
    """Return the fields by which a snapshot is found again."""
    return {
        "list": ref.list,
        "published": ref.published.isoformat(),
        "hash": ref.hash,
        "publisher": ref.publisher,
        "partial": ref.partial,
        "parties": ref.counts["parties"],
    }


def _input_hash(path: Path) -> str:
    if not path.is_file():
        raise InputRejected(f"{path}: no such file. Check the path.")
    return file_hash(path)
