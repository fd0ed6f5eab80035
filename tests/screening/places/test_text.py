"""Places in addresses: what must be found, what must not, and that the way of writing does not matter."""

from __future__ import annotations

import random
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.places import lead_in_name, phone_places, places_in_text
from screening.places.find import WALKED, automaton, possible_patterns, walk
from screening.places.fold import layout
from screening.places.hits import framed, hits
from screening.places.lexicon import patterns
from screening.places.tables import watched
from screening.places.text import PLACES
from tests.screening.places.cases import ALL, SURE, Case


def frame(cases: list[Case]) -> pl.DataFrame:
    rows = [(f"{index:03}", case.text, case.country) for index, case in enumerate(cases)]
    schema = {"key": pl.String, "text": pl.String, "country": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def found(case: Case) -> dict[str, str]:
    """The places found for one address, without those that only differ from nothing: a blank column's own country."""
    rows = places_in_text(frame([case]))
    watch = rows.filter(pl.col("place").is_in(watched()) | pl.lit(case.country in watched()))
    return dict(watch.select("place", "certainty").iter_rows())


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_an_address_names_its_places_and_no_others(case: Case) -> None:
    assert found(case) == case.places


def test_all_at_once_is_as_each_alone() -> None:
    whole = places_in_text(frame(ALL))
    alone = [places_in_text(row) for row in frame(ALL).iter_slices(1)]
    assert whole.equals(pl.concat(alone).sort("key", "place"))
    assert whole.schema == pl.Schema(PLACES)


def test_many_addresses_are_read_as_few_are() -> None:
    few = places_in_text(frame(ALL))
    rows = range(2 * WALKED)
    filler = pl.DataFrame({"key": [f"z{i}" for i in rows], "text": [f"{i} Hauptstr., Berlin" for i in rows]})
    many = places_in_text(pl.concat([frame(ALL), filler.with_columns(country=pl.lit("DE"))]))
    assert many.equals(few)


def test_the_two_ways_to_find_words_agree() -> None:
    texts = framed(layout(pl.Series([case.text for case in ALL] + ["", "," * 5, "the the Crimea"])))
    assert walk(texts).equals(automaton(texts))
    assert not walk(texts).is_empty()


def mixed_texts(count: int) -> pl.Series:
    """Texts of whole words of the lexicon, single tokens of them and other words, in no order."""
    chance = random.Random(7)
    words = list(patterns())
    tokens = sorted({token for word in words for token in word.split()} - {",", ";"})

    def piece() -> str:
        word, token = chance.choice(words), chance.choice(tokens)
        return chance.choice([word, token, token, "harbour", "12", ",", "Office"])

    return pl.Series([" ".join(piece() for _ in range(chance.randrange(8))) for _ in range(count)])


def test_an_automaton_of_the_possible_words_finds_what_one_of_all_words_finds() -> None:
    texts = framed(layout(mixed_texts(600)))
    every = texts.str.extract_many(list(patterns()), leftmost=True)
    long_way = pl.DataFrame({"pattern": every}).with_row_index().filter(pl.col("pattern").list.len() > 0)
    assert automaton(texts).select("index", "pattern").equals(long_way.explode("pattern"))
    assert automaton(texts).equals(walk(texts))
    assert 0 < len(possible_patterns(texts)) < len(patterns())
    assert possible_patterns(pl.Series([""])) == []
    assert automaton(pl.Series(["", " ,  office  ; "])).is_empty()


def test_names_passed_over_unread_bear_no_embargoed_place() -> None:
    names = pl.concat([mixed_texts(600), pl.Series([case.text for case in ALL])])
    rows = pl.DataFrame({"key": [f"{index:04}" for index in range(len(names))], "text": names})
    laid = rows.select(row="key", text=framed(layout(names)), country=pl.lit(None, pl.String))
    every = hits(laid).filter(
        pl.col("place").is_in(watched()) & (pl.col("kind") != "code") & ~pl.col("street"),
        (pl.col("sign") == "sure") | (pl.col("kind") == "country"),
    )
    long_way = every.select(key="row", place="place").unique().sort("key", "place")
    assert lead_in_name(rows).select("key", "place").equals(long_way)
    assert 0 < long_way.height < len(names)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(ALL), max_size=8, unique_by=lambda case: case.name),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(cases: list[Case], chance: random.Random) -> None:
    rows = frame(cases)
    mixed = rows.sample(fraction=1, shuffle=True, seed=chance.randrange(2**32))
    assert places_in_text(mixed).equals(places_in_text(rows))


def outcome(texts: list[str]) -> list[tuple[str, str, str]]:
    """Key, place and certainty for the cases with other texts in place of their own."""
    spoilt = [Case(case.name, case.country, text) for case, text in zip(ALL, texts, strict=True)]
    return places_in_text(frame(spoilt)).select("key", "place", "certainty").rows()


TEXTS = [case.text for case in ALL]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]), st.randoms(use_true_random=False))
def test_case_does_not_matter(spoil: Callable[[str], str], chance: random.Random) -> None:
    assert outcome([spoil(text) if chance.random() < 0.7 else text for text in TEXTS]) == outcome(TEXTS)


@pytest.mark.parametrize(
    "around", ["<p>{}</p>", "<b>{}</b>", "{}<br>", "&nbsp;{}&nbsp;", "\ufeff{}", "  {}\r\n"]
)
def test_markup_around_does_not_matter(around: str) -> None:
    assert outcome([around.format(text) for text in TEXTS]) == outcome(TEXTS)


@pytest.mark.parametrize("line", ["<br>", "<br/>\n", "</p><p>", "\n", ";", " | ", "&#44; ", "， "])
def test_how_parts_are_parted_does_not_matter(line: str) -> None:
    assert outcome([text.replace(", ", line) for text in TEXTS]) == outcome(TEXTS)


@pytest.mark.parametrize(
    "around",
    ["Attn. Mr. Smith, {}", "2nd floor, Room 7, {}", "{}, tel. 123456", "c/o Jones; {}", "{} (rear)"],
)
def test_text_around_does_not_hide_a_certain_place(around: str) -> None:
    codes = {
        f"{index:03}" for index, case in enumerate(ALL) if case.name in ("code at the end", "three letters")
    }
    sure = {
        (key, place) for key, place, certainty in outcome(TEXTS) if certainty == SURE and place in watched()
    }
    sure = {(key, place) for key, place in sure if key not in codes}
    still = {(key, place) for key, place, _ in outcome([around.format(text) for text in TEXTS])}
    assert sure <= still


def test_the_answer_says_what_and_why() -> None:
    row = places_in_text(frame([Case("", "AE", "Office 4, Tehran, Iran")])).row(0, named=True)
    assert row == {
        "key": "000", "place": "IR", "certainty": "sure", "word": "tehran, iran", "start": 2,
        "why": '"tehran" and "iran" name Iran',
    }  # fmt: skip


def test_what_was_settled_is_told_on_request() -> None:
    rows = frame([Case("", "RU", "Donetsk, Rostovskaya obl. 346330")])
    assert places_in_text(rows).is_empty()
    row = places_in_text(rows, with_settled=True).row(0, named=True)
    assert (row["place"], row["certainty"]) == ("UA-14", "no")
    assert "does not name" in row["why"]


def test_a_postcode_of_its_own_column_counts() -> None:
    rows = frame([Case("", "UA", "vul. Kirova 28")]).with_columns(postal=pl.lit("98 312"))
    assert places_in_text(rows).select("place", "certainty", "start").row(0) == ("UA-43", "sure", None)


def test_blank_and_missing_addresses_give_nothing() -> None:
    assert places_in_text(frame([Case("", None, ""), Case("", "IR", " , ")])).is_empty()
    assert places_in_text(frame([]).with_columns(text=pl.lit(None, pl.String))).is_empty()


def test_the_same_address_of_two_customers_is_told_of_both() -> None:
    rows = frame([Case("", "AE", "Tehran, Iran"), Case("", "AE", "Tehran, Iran")])
    assert places_in_text(rows)["key"].to_list() == ["000", "001"]


def test_another_country_than_the_column_s_is_certain_only_when_it_stands_for_itself() -> None:
    plain = ["Paris, France", "London Road 5, Berlin", "Hotel France, Berlin"]
    texts = [*plain, "Paris, France; Berlin, Germany", "Genova, GE"]
    rows = places_in_text(frame([Case("", "DE", text) for text in texts]))
    assert rows.select("key", "place", "certainty").rows() == [
        ("000", "FR", "sure"),
        ("003", "FR", "possible"),
        ("004", "GE", "sure"),
    ]


def test_a_name_is_a_lead_and_never_more() -> None:
    names = pl.DataFrame(
        {
            "key": ["a", "b", "c", "d", "e"],
            "text": ["Krym LLC", "Iran Carpets", "Krymsk Wines", "DNR Holdings", None],
        }
    )
    leads = lead_in_name(names)
    assert leads.select("key", "place", "certainty").rows() == [
        ("a", "UA-43", "possible"),
        ("b", "IR", "possible"),
    ]
    assert "no address" in leads["why"][0]


@pytest.mark.parametrize(
    ("number", "country", "places"),
    [
        ("+7 978 123 45 67", "DE", ["UA-43"]),
        ("+7978...", "DE", ["UA-43"]),
        ("007 (365) 12-34-56", None, ["UA-43"]),
        ("8 (978) 123-45-67", "RU", ["UA-43"]),
        ("8 (978) 123-45-67", "DE", []),
        ("0652 12 34 56 7", "UA", []),
        ("0652123456", "UA", ["UA-43"]),
        ("+380 692 12 34 56", "UA", ["UA-43"]),
        ("+7 949 123 45 67", "RU", ["UA-14"]),
        ("+7 959 123 45 67", "RU", ["UA-09"]),
        ("+7 495 123 45 67", "RU", []),
        ("978 123 45 67", "RU", []),
        (None, "RU", []),
    ],
)
def test_a_telephone_range_is_a_lead(number: str | None, country: str | None, places: list[str]) -> None:
    schema = {"key": pl.String, "text": pl.String, "country": pl.String}
    rows = phone_places(pl.DataFrame([("c", number, country)], schema=schema, orient="row"))
    assert rows["place"].to_list() == places
    assert set(rows["certainty"]) <= {"possible"}
    assert rows.schema == pl.Schema(PLACES)
