"""The lists of a day: when the index of another day is used again, and that another process builds the same."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from desk.api import Settings, day_lists
from desk.api.day_lists import BuildLost, Source, build, reuse_or_build
from desk.api.matching import match_queries
from desk.api.schemas import EntityQuery
from screening.policy import Limit, Matching
from tests.desk.conftest import NOW

QUERY = pl.DataFrame({"query_id": ["q"], "name": ["Huawei Jishu Youxian Gongsi"]})


@pytest.fixture(scope="module")
def source(sample: Settings) -> Source:
    return Source(sample.store, None, latest=True)


@pytest.fixture(scope="module")
def today(source: Source) -> day_lists.ListDay:
    return build(source, NOW.date())


def test_another_day_with_the_same_parties_takes_the_same_index(
    source: Source, today: day_lists.ListDay
) -> None:
    tomorrow = reuse_or_build(source, NOW.date() + timedelta(days=1), today)
    assert tomorrow.screener.index is today.screener.index
    assert tomorrow.as_of == date(2026, 11, 23)


def test_another_day_with_other_parties_is_built_anew(source: Source, today: day_lists.ListDay) -> None:
    early = reuse_or_build(source, date(2000, 1, 1), today)
    assert early.screener.parties.height < today.screener.parties.height
    assert set(early.screener.index.rows["party_id"]) <= set(early.screener.parties["party_id"])


def without_parties(day: day_lists.ListDay) -> day_lists.ListDay:
    """The same day with a screener that no other day can take over."""
    return replace(day, screener=replace(day.screener, parties=day.screener.parties.clear()))


@pytest.mark.slow
def test_build_in_another_process_gives_the_same(
    source: Source, today: day_lists.ListDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_lists, "FEW_NAMES", 0)
    other = reuse_or_build(source, NOW.date(), without_parties(today))
    assert other.screener.parties.equals(today.screener.parties)
    assert other.screener.index.match(QUERY).equals(today.screener.index.match(QUERY))


def test_what_is_an_alert_is_as_configured_for_the_night(source: Source, today: day_lists.ListDay) -> None:
    stricter = Matching(limits=(Limit(list="EL", alert=0.999999),))
    day = build(replace(source, matching=stricter), NOW.date())
    asked = {
        "q": EntityQuery.model_validate(
            {"schema": "Company", "properties": {"name": ["Huawei Technologies"]}}
        )
    }

    def best(day: day_lists.ListDay, threshold: float | None = None) -> dict[str, Any]:
        found: dict[str, Any] = match_queries(day, asked, threshold=threshold)["q"]["results"][0]
        return found

    assert best(today)["datasets"] == ["EL"]
    assert best(today)["match"]
    assert not best(day)["match"]
    assert best(day, threshold=0.5)["match"]
    assert best(day)["score"] == best(today)["score"]


def die(*_: object) -> None:
    """What the other process does in place of a build."""
    os._exit(9)


def test_process_that_dies_is_an_error_with_advice(
    source: Source, today: day_lists.ListDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_lists, "FEW_NAMES", 0)
    monkeypatch.setattr(day_lists, "build", die)
    with pytest.raises(BuildLost, match="memory"):
        reuse_or_build(source, NOW.date(), without_parties(today))
