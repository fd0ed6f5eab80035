"""One customer, screened while somebody waits.

The request is a book of one customer; it is completed from the server's book, and screened by the same function as a
whole book, against the lists that the server has ready.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from desk.api.day_lists import ListDay
from desk.api.matching import lists_used
from desk.api.screen_body import ScreenBody
from pipelines.inputs.request import read_request, strangers
from pipelines.job.config import Config
from screening.book import BookLookup, CompletedRequest, Screened, complete_request, screen
from screening.cases import case_id
from screening.tables import REQUEST_TABLES, Book

SHOWN = (
    "matched_entity_id", "party_id", "list", "party_name", "matched_name", "query_name", "score", "similarity", "band",
    "name_score", "evidence",
)  # fmt: skip

NIGHT_ONLY = (
    "Only the night compares with what other customers ordered (RF25, G18) and adds up chips over a country "
    "(COUNTRY_CAP)."
)


def screen_one(
    body: ScreenBody,
    day: ListDay,
    config: Config,
    watchlists: pl.DataFrame | None = None,
    lookup: BookLookup | None = None,
) -> dict[str, Any]:
    """Screen one customer with its owners and activity; `lookup`: the book that completes what was sent.

    Raises InputRejected with every fault of what was sent.
    """
    rows = {name: getattr(body, name) for name in REQUEST_TABLES}
    customer = body.customer.model_dump(mode="json")
    sent = replace(read_request({"customers": [customer], **rows}, config), watchlists=watchlists)
    completed = complete_request(sent, lookup, day.as_of) if lookup else CompletedRequest(sent)
    customer_id = str(sent.customers["customer_id"][0])
    screened = screen(completed.book, day.lists, day.as_of, config, day.screener, only=customer_id)
    inputs = {
        "book": lookup is not None,
        "customer_in_book": completed.same_as,
        "filled_from_book": completed.filled,
        "tables": _count_rows(sent, completed.book),
        "alike_in_book": completed.namesakes,
    }
    warnings = [*sent.problems["reason"], *strangers(sent, completed.book), *_doubts(completed)]
    return _answer(body, day, screened, warnings) | {"inputs": inputs}


def _count_rows(sent: Book, book: Book) -> list[dict[str, Any]]:
    """Count the rows of each table: those that were sent, and those that the server's book added."""
    rows = {
        name: [0 if (frame := getattr(each, name)) is None else frame.height for each in (sent, book)]
        for name in ("edges" if name == "ownership" else name for name in REQUEST_TABLES)
    }
    return [
        {"table": "ownership" if name == "edges" else name, "sent": given, "from_book": max(0, whole - given)}
        for name, (given, whole) in rows.items()
    ]


def _doubts(completed: CompletedRequest) -> list[str]:
    """Say what only the nightly job compares, and who of the book is called like somebody sent but may be another."""
    book = completed.book
    uses = any(rows is not None and rows.height for rows in (book.activity, book.transactions))
    return [NIGHT_ONLY] * uses + [
        f"The book holds {row['name']!r} ({row['entity_id']}, {row['country'] or 'country unknown'}), which was not "
        f"taken for the one that was sent. If it is, send its id {row['entity_id']!r} in the ownership, or a common "
        "identifier."
        for row in completed.namesakes
    ]


def _answer(body: ScreenBody, day: ListDay, screened: Screened, warnings: list[str]) -> dict[str, Any]:
    customer_id = body.customer.customer_id
    cases = screened.tables["cases"].to_dicts()
    case = cases[0] if cases else None
    matches = (
        screened.tables["matches"]
        .select(SHOWN)
        .sort("score", "party_id", descending=[True, False])
        .to_dicts()
    )
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
        "restricted": screened.tables["restricted_customers"].rename({"customer_id": "entity_id"}).to_dicts(),
        "questions": case["questions"] if case else [],
        "not_checked": unchecked,
        "lists": lists,
        "warnings": [*screened.warnings, *warnings],
    }


def _not_checked(coverage: pl.DataFrame) -> list[str]:
    """Name the rules that could not be evaluated, and the fact that was missing."""
    unable = coverage.filter(pl.col("outcome") == "not_evaluable").sort("rule_id")
    return [
        f"{row['rule_id']}: {'missing ' + row['missing'] if row['missing'] else 'for a person to judge'}"
        for row in unable.to_dicts()
    ]


def _statement(flagged: bool, lists: dict[str, Any], unchecked: int, day: ListDay) -> str:
    """Say under which rules and lists the customer was screened; nothing found is never a clearance."""
    published = ", ".join(f"{code} of {on}" for code, on in sorted(lists.items()))
    found = "Findings are below" if flagged else "No rule was raised"
    return (
        f"{found}, under the rules of {day.as_of} with the lists {published}; not checked: {unchecked} rules."
    )
