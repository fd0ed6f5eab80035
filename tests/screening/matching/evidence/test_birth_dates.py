"""Dates of birth as they are written on lists and by customers."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.matching.evidence.birth_dates import birth_level, read_births

DAYS = st.dates(date(1900, 1, 2), date(2010, 12, 31))


def read(*texts: str) -> list[tuple[str, str]]:
    found = read_births(pl.DataFrame({"subject_id": ["r"] * len(texts), "born": list(texts)}))
    return [(str(low), str(high)) for low, high in found.select("low", "high").rows()]


def level(ours: str, theirs: str) -> set[str]:
    """The levels at which any reading of one agrees with any of the other."""
    sides = [read_births(pl.DataFrame({"subject_id": ["r"], "born": [text]})) for text in (ours, theirs)]
    other = sides[1].rename({"low": "their_low", "high": "their_high"})
    return set(sides[0].join(other, on="subject_id").select(birth_level())["literal"])


@pytest.mark.parametrize(
    "text",
    ["1972-03-14", "14 Mar 1972", "14.03.1972", "03/14/1972", "March 14, 1972", "19720314", "14th March 1972",
     "1972-03-14T00:00:00", "DOB 14 Mar 1972"],
)  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    assert read(text) == [("1972-03-14", "1972-03-14")]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1954", "1954-01-01", "1954-12-31"),
        ("Mar 1962", "1962-03-01", "1962-03-31"),
        ("1962-02", "1962-02-01", "1962-02-28"),
        ("1951 to 1953", "1951-01-01", "1953-12-31"),
        ("1979-1982", "1979-01-01", "1982-12-31"),
        ("circa 1954", "1952-01-01", "1956-12-31"),
        ("Mar 1962 to Feb 1963", "1962-03-01", "1963-02-28"),
        ("01 Jan 1961", "1961-01-01", "1961-12-31"),
    ],
)
def test_intervals(text: str, low: str, high: str) -> None:
    assert read(text) == [(low, high)]


def test_what_may_be_read_two_ways_is_read_both_ways() -> None:
    assert read("03/04/1972") == [("1972-03-04", "1972-03-04"), ("1972-04-03", "1972-04-03")]


@pytest.mark.parametrize("text", ["n/a", "unknown", "0000", "31 Feb 1960", "3017", "x" * 500, "1972-00-00"])
def test_no_date(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("1972-03-14", "14 Mar 1972", "day"),
        ("1972-05-03", "1972-03-05", "swapped"),
        ("1972-03-14", "1972-03-15", "slip"),
        ("1972-03-14", "1972-07-14", "slip"),
        ("1972-03-14", "1982-03-14", "slip"),
        ("1972", "14 Mar 1972", "overlap"),
        ("1973", "circa 1972", "overlap"),
        ("1972-03-14", "01 Jan 1972", "overlap"),
        ("1972-03-14", "1972-07-20", "year"),
        ("1972-03-14", "1900 to 1999", "year"),
        ("1972-03-14", "1974-07-20", "near"),
        ("1972", "1980", "other"),
    ],
)
def test_levels(ours: str, theirs: str, expected: str) -> None:
    assert level(ours, theirs) == level(theirs, ours) == {expected}


@given(DAYS, DAYS)
def test_levels_are_symmetric(one: date, other: date) -> None:
    def side(ours: date, theirs: date) -> str:
        frame = pl.select(low=ours, high=ours, their_low=theirs, their_high=theirs)
        return str(frame.select(birth_level()).item())

    assert side(one, other) == side(other, one)
    assert side(one, one) == "day"


@given(DAYS, st.integers(0, 2000), DAYS, st.integers(0, 2000))
def test_an_interval_that_holds_the_other_never_contradicts_it(
    one: date, width: int, other: date, span: int
) -> None:
    ends = (one + timedelta(width), other + timedelta(span))
    frame = pl.select(low=one, high=ends[0], their_low=other, their_high=ends[1])
    if one <= ends[1] and other <= ends[0]:
        assert frame.select(birth_level()).item() not in ("near", "other")


def test_the_first_and_last_days_there_are_stop_nobody() -> None:
    texts = ["0001-01-01", "0000-01-01", "9999-12-31", "99999-01-01", "circa 0001", "4 March 1972"]
    births = pl.DataFrame({"subject_id": [str(n) for n in range(len(texts))], "born": texts})
    assert read_births(births)["subject_id"].to_list() == ["5"]
