"""Filling in `run.json`: what went in, under which rules, what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from importlib.metadata import version

import polars as pl

from lists.snapshot import SnapshotRef
from lists.store import ListSet
from pipelines.config import Config
from pipelines.inputs.book import Book
from pipelines.run.manifest import Manifest
from screening.redflags import rules

TOLD = ("rule_id", "status", "precautionary", "citation")


def describe(
    book: Book,
    listed: ListSet,
    as_of: date,
    latest_lists: bool,
    config: Config,
    tables: Mapping[str, pl.DataFrame],
    warnings: tuple[str, ...],
    timings: Mapping[str, float],
) -> Manifest:
    """Return the manifest of a screening before its tables are written."""
    status = rules(as_of, frozenset(config.rules.precautionary)).select(TOLD)
    unsure = status.filter(pl.col("status") == "scheduled_verify")["rule_id"].to_list()
    said = list(warnings)
    if unsure:
        said.append(
            f"{', '.join(unsure)}: scheduled to be in force on {as_of}; confirm in the Federal Register "
            "before relying on it."
        )
    if latest_lists:
        said.append("The newest lists were used, whatever the as-of date (--lists latest).")
    return Manifest(
        as_of=as_of.isoformat(),
        lists_mode="latest" if latest_lists else "as-of",
        code_version=version("headwater"),
        config_sha256=config.sha256,
        inputs=tuple(asdict(source) for source in book.sources),
        lists=tuple(_snapshot(ref) for ref in listed.snapshots),
        rules=tuple(status.to_dicts()),
        counts=_counts(book, tables),
        warnings=tuple(said),
        timings=timings,
    )


def _snapshot(ref: SnapshotRef) -> dict[str, object]:
    """Name a snapshot so that it can be found again."""
    return {
        "list": ref.list,
        "published": ref.published.isoformat(),
        "hash": ref.hash,
        "publisher": ref.publisher,
        "partial": ref.partial,
        "parties": ref.counts["parties"],
    }


def _counts(book: Book, tables: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """Count what was screened, set aside and found."""
    by_recommendation = dict(
        tables["cases"]["recommendation"].value_counts().sort("recommendation").iter_rows()
    )
    return {
        "customers": book.customers.height,
        "ownership_edges": book.edges.height,
        "activities": book.activity.height if book.activity is not None else 0,
        "rows_set_aside": book.problems.filter(pl.col("consequence") == "row_set_aside").height,
        "cases": tables["cases"].height,
        "findings": tables["findings"].height,
        **{f"cases_{name}": count for name, count in by_recommendation.items()},
    }
