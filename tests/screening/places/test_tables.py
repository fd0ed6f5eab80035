"""The tables of places: whole, small, consistent with each other, and derived as they stand here."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from screening.places.find import find_words
from screening.places.fold import key, layout
from screening.places.hits import framed
from screening.places.lexicon import patterns, senses
from screening.places.tables import exploded, place_label, table, watched

FOLDER = Path(__file__).parents[3] / "screening" / "data" / "places"
NAMES = sorted(path.stem for path in FOLDER.glob("*.csv"))


def meanings(word: str, place: str) -> pl.DataFrame:
    """What a word may mean, as far as it is this place."""
    pattern = layout(pl.Series([word])).item()
    return senses().filter((pl.col("place") == place) & (pl.col("pattern") == pattern))


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_described(name: str) -> None:
    assert f"`{name}.csv`" in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert table(name).height


def test_the_tables_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.glob("*.csv")}
    assert sizes["geonames.csv"] + sizes["gazetteer.csv"] < 400_000
    assert sum(sizes.values()) < 650_000


@pytest.mark.parametrize("name", ["gazetteer", "regions", "postcodes", "phones"])
def test_typed_rows_say_how_sure_they_are_and_when_they_were_read(name: str) -> None:
    rows = table(name)
    assert set(rows["certainty"]) <= {"primary", "secondary", "memory", "uncertain", "house"}
    assert rows["last_reviewed"].str.to_date().is_not_null().all()
    assert rows["citation"].null_count() == 0 or name == "gazetteer"


def test_every_place_is_a_country_or_a_region() -> None:
    places = {*table("regions")["place"], *table("country_names")["iso2"]}
    for name in ("gazetteer", "geonames", "postcodes", "phones"):
        assert set(table(name)["place"]) - {"-"} <= places, name
    for place in watched():
        assert place_label(place)


def test_signs_and_kinds_are_the_known_ones() -> None:
    assert set(table("gazetteer")["sign"]) == {"sure", "possible"}
    assert set(table("gazetteer")["kind"]) <= {
        "region",
        "town",
        "zone",
        "area",
        "country",
        "state",
        "adjective",
        "decoy",
    }
    assert set(table("geonames")["kind"]) == {"town", "area"}


def test_every_word_of_every_table_is_found_where_it_stands_alone() -> None:
    rows = senses().filter(
        ~pl.col("kind").is_in(["code", "variant"]) & ~pl.col("pattern").str.starts_with(" ,")
    )
    words = rows["pattern"].unique().sort()
    found = find_words(framed(words))
    assert set(found.filter(pl.col("at") == 3)["pattern"]) == set(words)


def test_derived_words_are_keys() -> None:
    signs = ("sure", "possible", "shared")
    columns = [table("geonames")[sign].drop_nulls().str.split("|").explode() for sign in signs]
    columns.append(exploded("country_variants", "variants")["variants"])
    words = pl.concat([each.alias("word") for each in columns])
    assert key(words).equals(words.alias("value"))


def test_no_pattern_is_a_single_letter() -> None:
    assert [word for word in patterns() if len(word.strip(" ,;")) < 2] == []


def test_longer_words_come_first() -> None:
    sizes = [len(word.encode()) for word in patterns()]
    assert sizes == sorted(sizes, reverse=True)


def test_the_reference_gazetteer_is_here_with_its_signs(shared: Path) -> None:
    reference = pl.read_csv(shared / "regulation" / "region_gazetteer.csv", infer_schema=False)
    labels = dict(table("regions").select("name", "place").iter_rows())
    for region, word, kind, sign in reference.select("region", "word", "kind", "certainty").iter_rows():
        place = labels[region]
        if kind == "phone":
            assert word.lstrip("+") in table("phones").filter(pl.col("place") == place)["prefix"].to_list()
        elif kind == "postcode":
            first = word.split("-")[0]
            rows = table("postcodes").filter(
                (pl.col("place") == place) & pl.col("first").str.starts_with(first)
            )
            assert sign in rows["sign"].to_list(), word
        else:
            assert meanings(word, place)["sign"].to_list() == [sign], word


def test_towns_that_were_held_are_no_mere_area(shared: Path) -> None:
    places = pl.read_csv(
        shared / "data" / "places" / "places-embargoed-regions.derived.csv", infer_schema=False
    )
    occupied = places.filter(pl.col("held_2014_2022") == "yes")
    assert occupied.height > 30
    for name, area in occupied.select("name", "area").iter_rows():
        place = {"dnr_oblast": "UA-14", "lnr_oblast": "UA-09"}[area]
        rows = meanings(name, place)
        assert rows.filter(pl.col("kind") == "town").height, name


def test_the_tables_are_derived_as_they_stand(shared: Path) -> None:
    from benchmarks.places.countries import country_names, country_variants, former_codes
    from benchmarks.places.geonames import spellings

    source = shared / "data" / "places"
    (variants, left_out), (places, dropped) = country_variants(source), spellings(source)
    made = {
        "country_names": country_names(source),
        "former_codes": former_codes(source),
        "country_variants": variants,
        "geonames": places,
    }
    for name, frame in made.items():
        assert frame.write_csv() == (FOLDER / f"{name}.csv").read_text(encoding="utf-8"), name
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for reason, count in {**dropped, **{reason: n for reason, n in left_out.items() if n > 100}}.items():
        assert f"{count:,}" in readme, f"{reason}: {count:,}"
