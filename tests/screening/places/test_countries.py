"""A country column as people fill it: read where it can be, never guessed, and a reason where it is not read."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.places import read_countries
from screening.places.tables import table


def read(value: str | None) -> dict[str, object]:
    return read_countries(pl.Series([value], dtype=pl.String)).row(0, named=True)


@pytest.mark.parametrize(
    ("value", "iso2", "how"),
    [
        # the values of field case 03, B1 to B12
        ("Iran", "IR", "name"),
        ("IRN", "IR", "alpha3"),
        ("Iran, Islamic Republic of", "IR", "name"),
        ("North Korea", "KP", "name"),
        ("Cuba", "CU", "name"),
        ("ir", "IR", "code"),
        (" IR ", "IR", "code"),
        ("Islamic Republic of Iran", "IR", "name"),
        ("PRK", "KP", "alpha3"),
        ("UK", "GB", "name"),
        # codes
        ("364", "IR", "numeric"),
        ("364.0", "IR", "numeric"),
        ("004", "AF", "numeric"),
        ("EL", "GR", "code"),
        ("US-CA", "US", "code"),
        ("IR-23", "IR", "code"),
        ("CN-HK", "HK", "code"),
        # names in the languages of the table
        ("Иран", "IR", "name"),
        ("Іран", "IR", "name"),
        ("伊朗", "IR", "name"),
        ("敘利亞", "SY", "name"),
        ("إيران", "IR", "name"),
        ("ایران", "IR", "name"),
        ("이란", "IR", "name"),
        ("イラン", "IR", "name"),
        ("Corea del Norte", "KP", "name"),
        ("Corée du Nord", "KP", "name"),
        ("Nordkorea", "KP", "name"),
        ("Kuzey Kore", "KP", "name"),
        ("איראן", "IR", "name"),
        ("Deutschland", "DE", "name"),
        ("U.S.A.", "US", "name"),
        ("D.P.R. Korea", "KP", "name"),
        ("Korea, Democratic People's Republic of", "KP", "name"),
        ("The Bahamas", "BS", "name"),
        ("Cote dIvoire", "CI", "name"),
        # former states and codes, variants, slips
        ("Burma", "MM", "former"),
        ("ZR", "CD", "former"),
        ("DDR", "DE", "former"),
        ("Kazahstan", "KZ", "variant"),
        ("GREMANY", "DE", "variant"),
        ("Iranian", "IR", "variant"),
        ("Scotland", "GB", "variant"),
        # a code beside its name
        ("IR-Iran", "IR", "name"),
        ("Iran (IR)", "IR", "name"),
        ("IRN / Iran", "IR", "alpha3"),
    ],
)
def test_what_people_write_is_read(value: str, iso2: str, how: str) -> None:
    row = read(value)
    assert (row["iso2"], row["how"], row["why"]) == (iso2, how, None)


@pytest.mark.parametrize(
    "value",
    ["Crimea", "CRIMEA", "Krim", "Republic of Crimea", "Крым", "Крим", "UA-43", "UA-CRI", "UA-40", "Crimea (Russia)",
     "Crimea, Ukraine", "Region: Crimea", "Crimea Region of Ukraine", "Sevastopol"],
)  # fmt: skip
def test_crimea_is_a_region_of_ukraine(value: str) -> None:
    row = read(value)
    assert (row["iso2"], row["region"], row["how"]) == ("UA", "UA-43", "region")


@pytest.mark.parametrize(
    ("value", "region"), [("UA-DPR", "UA-14"), ("DNR", "UA-14"), ("ЛНР", "UA-09"), ("UA-LPR", "UA-09")]
)
def test_the_so_called_republics_are_regions(value: str, region: str) -> None:
    assert (read(value)["iso2"], read(value)["region"]) == ("UA", region)


@pytest.mark.parametrize(
    ("value", "candidates"),
    [
        ("Georgia", ["GE", "US"]),
        ("Congo", ["CG", "CD"]),
        ("Korea", ["KR", "KP"]),
        ("Guinea", ["GN", "GQ", "GW", "PG"]),
        ("Nigera", ["NE", "NG"]),
        ("YU", ["RS", "ME"]),
        ("AN", ["CW", "SX", "BQ"]),
        ("Czechoslovakia", ["CZ", "SK"]),
        ("DPR", ["KP", "UA-14"]),
        ("Iran/Iraq", ["IR", "IQ"]),
        ("IR; AE", ["IR", "AE"]),
    ],
)
def test_what_may_be_several_countries_is_never_guessed(value: str, candidates: list[str]) -> None:
    row = read(value)
    assert (row["iso2"], row["candidates"]) == (None, candidates)
    assert row["why"]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("unknown", "no country"),
        ("N/A", "no country"),
        ("European Union", "no country"),
        ("Chine Populaire", "no country that we can read"),
        ("Switzerlandd", "resembles Switzerland (CH)"),
        ("4", "three digits"),
        ("QQ", "no country that we can read"),
        ("12 Main Street", "no country that we can read"),
    ],
)
def test_what_is_no_country_says_why(value: str, word: str) -> None:
    row = read(value)
    assert row["iso2"] is None
    assert word in str(row["why"])


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_blank_is_neither_a_country_nor_a_fault(value: str | None) -> None:
    row = read(value)
    assert (row["iso2"], row["how"], row["why"]) == (None, None, None)


def test_every_code_and_every_name_of_the_table_is_read_as_itself_or_not_at_all() -> None:
    names = table("country_names")
    languages = [name for name in names.columns if name not in ("numeric",)]
    rows = pl.concat([names.select("iso2", value=pl.col(name).str.split("|")) for name in languages]).explode(
        "value"
    )
    found = read_countries(rows["value"])
    wrong = rows.with_columns(found=found["iso2"]).filter(
        pl.col("found").is_not_null() & (pl.col("found") != pl.col("iso2"))
    )
    # French and Spanish call the French and the Dutch part, or two states, by one name; the codes must be exact
    assert wrong.is_empty(), wrong
    codes = read_countries(names["iso2"])
    assert codes["iso2"].to_list() == names["iso2"].to_list()
    assert read_countries(names["iso3"])["iso2"].to_list() == names["iso2"].to_list()


VALUES = [
    "Iran",
    "ir",
    "IRN",
    "North Korea",
    "Côte d'Ivoire",
    "Korea",
    "unknown",
    "Крым",
    "伊朗",
    "Chine Populaire",
    None,
    "",
]


@settings(max_examples=20)
@given(st.lists(st.sampled_from(VALUES), max_size=20))
def test_rows_stay_in_their_order_and_do_not_touch_each_other(values: list[str | None]) -> None:
    whole = read_countries(pl.Series("value", values, dtype=pl.String))
    assert whole["value"].to_list() == values
    assert whole.rows() == [read_countries(pl.Series([value], dtype=pl.String)).row(0) for value in values]


@settings(max_examples=40)
@given(
    st.sampled_from([value for value in VALUES if value]),
    st.integers(0, 2**32),
    st.text(" .,;\t\u200b-", max_size=3),
)
def test_case_and_punctuation_do_not_matter(value: str, seed: int, edge: str) -> None:
    chance = random.Random(seed)
    spoilt = edge + "".join(chance.choice([str.upper, str.lower])(letter) for letter in value) + edge
    assert [read(spoilt)[name] for name in ("iso2", "how", "candidates")] == [
        read(value)[name] for name in ("iso2", "how", "candidates")
    ]
