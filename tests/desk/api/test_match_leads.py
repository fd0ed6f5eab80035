"""A name behind c/o in a query is shown with its kind, and is never a match."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from desk.api.day_lists import ListDay
from desk.api.matching import match_queries
from desk.api.schemas import EntityQuery
from screening.book.screener import Screener
from screening.policy import Policy
from tests.screening.book import parties

LISTED = "Almaz Shield LLC"


@pytest.fixture(scope="module")
def list_day() -> ListDay:
    screener = Screener.on_day(parties.lists().frames, date(2026, 12, 1), Policy().matching)
    rows = {row["party_id"]: {**row, "programs": []} for row in screener.parties.to_dicts()}
    day = SimpleNamespace(screener=screener, party=rows.get, is_alert=lambda _, score: score >= 0.75)
    return cast(ListDay, day)


def best(day: ListDay, name: str, threshold: float | None) -> dict[str, Any]:
    query = EntityQuery.model_validate({"schema": "LegalEntity", "properties": {"name": [name]}})
    results: list[dict[str, Any]] = match_queries(day, {"q": query}, threshold=threshold)["q"]["results"]
    assert [result["id"] for result in results] == ["SDN-3"]
    return results[0]


@pytest.mark.parametrize(
    ("name", "kind", "match"),
    [
        (f"Quiet Ventures c/o {LISTED}", "care of", False),
        (f"Quiet Ventures o/b/o {LISTED}", "on behalf of", False),
        (f"Quiet Ventures dba {LISTED}", "trading name", True),
        (f"{LISTED} c/o {LISTED}", "name", True),
        (LISTED, "as written", True),
    ],
)
@pytest.mark.parametrize("threshold", [None, 0.5])
def test_a_lead_says_its_kind_and_is_no_match(
    list_day: ListDay, name: str, kind: str, match: bool, threshold: float | None
) -> None:
    found = best(list_day, name, threshold)
    assert (found["name_kind"], found["match"]) == (kind, match)
