"""One customer, screened while somebody waits: the nightly job on a book of one, with the index that stands ready."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import polars as pl

from desk.api.bodies import ScreenBody
from desk.api.listday import ListDay
from desk.api.matching import lists_used
from pipelines.config import Config
from pipelines.inputs.book import FACTS, Book, BookFiles, read_book
from pipelines.nightly import Screened, screen
from screening.cases import case_id

TABLES = tuple(name for name in FACTS if name != "watchlists")  # those are the house's, not the customer's
SHOWN = (
    "matched_entity_id", "party_id", "list", "party_name", "matched_name", "query_name", "score", "similarity", "band",
    "name_score", "evidence",
)  # fmt: skip


def screen_one(
    body: ScreenBody, day: ListDay, config: Config, watchlists: pl.DataFrame | None
) -> dict[str, Any]:
    """Screen one customer with its owners and activity. Raises InputRejected with every fault of what was sent."""
    book = replace(_book(body, config), watchlists=watchlists)
    screened = screen(book, day.listed, day.as_of, config, watch=day.watch(config.matching))
    return _answer(body, day, screened, book.problems)


def _book(body: ScreenBody, config: Config) -> Book:
    """Read the request as the nightly job reads its files, so that both understand a value alike."""
    with TemporaryDirectory(prefix="headwater-") as folder:
        customers = _write(Path(folder), "customers", [body.customer.model_dump(mode="json")])
        ownership = _write(Path(folder), "ownership", body.ownership)
        tables = {name: _write(Path(folder), name, getattr(body, name)) for name in TABLES}
        assert customers is not None
        return read_book(BookFiles(customers, (ownership,) if ownership else (), **tables), config)


def _write(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path | None:
    if not rows:
        return None
    path = folder / f"{name}.ndjson"
    columns = dict.fromkeys(column for row in rows for column in row)
    whole = [{column: _text(row.get(column)) for column in columns} for row in rows]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in whole))
    return path


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return "; ".join(value) or None
    return None if value is None else str(value)


def _answer(body: ScreenBody, day: ListDay, screened: Screened, problems: pl.DataFrame) -> dict[str, Any]:
    customer_id = body.customer.customer_id
    cases = screened.tables["cases"].to_dicts()
    case = cases[0] if cases else None
    matches = (
        screened.tables["matches"]
        .select(SHOWN)
        .sort("score", "party_id", descending=[True, False])
        .to_dicts()
    )
    restricted = screened.tables["restricted"].filter(pl.col("entity_id") == customer_id)
    unchecked = case["not_checked"] if case else _not_checked(screened.tables["coverage"])
    lists = lists_used(day)
    return {
        "customer_id": customer_id,
        "case_id": case_id(customer_id),
        "as_of": day.as_of,
        "recommendation": case["recommendation"] if case else None,
        "severity": case["severity"] if case else 0,
        "statement": _statement(case is not None, lists, len(unchecked), day),
        "findings": case["findings"] if case else [],
        "matches": matches,
        "restricted": restricted.to_dicts(),
        "questions": case["questions"] if case else [],
        "not_checked": unchecked,
        "lists": lists,
        "warnings": [*screened.warnings, *problems["reason"].to_list()],
    }


def _not_checked(coverage: pl.DataFrame) -> list[str]:
    """Name the rules that could not be evaluated, and the fact that was missing."""
    unable = coverage.filter(pl.col("outcome") == "not_evaluable").sort("rule_id")
    return [
        f"{row['rule_id']}: {'missing ' + row['missing'] if row['missing'] else 'for a person to judge'}"
        for row in unable.to_dicts()
    ]


def _statement(flagged: bool, lists: dict[str, Any], unchecked: int, day: ListDay) -> str:
    """Say what was looked at; nothing found is never a clearance."""
    known = ", ".join(f"{code} of {published}" for code, published in sorted(lists.items()))
    found = "Findings are below" if flagged else "No rule was raised"
    return f"{found}, under the rules of {day.as_of} with the lists {known}; not checked: {unchecked} rules."
