"""Names as the agencies print them, split into one each."""

from __future__ import annotations

import polars as pl
import pytest

from lists.normalize.names import PrintedNames, listed_names, split_printed_names


def read(text: str) -> PrintedNames:
    return split_printed_names(pl.DataFrame({"entry": [1], "name": [text]}))


@pytest.mark.parametrize(
    ("text", "name", "further"),
    [
        ("Acme Ltd", "Acme Ltd", []),
        ("Chitron Ltd., a.k.a. Chi-Chung (Shenzhen)", "Chitron Ltd.", ["Chi-Chung (Shenzhen)"]),
        ("SIBERIAN AIRLINES D/B/A S7 AIRLINES", "SIBERIAN AIRLINES", ["S7 AIRLINES"]),
        ("KOLOKOL (AKA: ALDRICH AMES)", "KOLOKOL", ["ALDRICH AMES"]),
        ("Kreig; a.k.a. Cow Craig; a.k.a. Hall", "Kreig", ["Cow Craig", "Hall"]),
        ("A [aka B, aka C] (Hong Kong Entity)", "A", ["B", "C"]),
        ("OAO X (f.k.a. Old Y)", "OAO X", ["Old Y"]),
        ("Cory (a.k.a Jason Wilson) Wilson", "Cory Wilson", ["Jason Wilson"]),
        ("UTAIR AVIATION JSC,", "UTAIR AVIATION JSC", []),
        ("AKA, Mehmet", "AKA, Mehmet", []),
        ("Alpaka Dba Takahashi", "Alpaka Dba Takahashi", []),
        (", a.k.a. Alone", ", a.k.a. Alone", ["Alone"]),
    ],
)  # fmt: skip
def test_names_in_a_name(text: str, name: str, further: list[str]) -> None:
    unfolded = read(text)
    assert unfolded.name.to_list() == [name]
    assert unfolded.further["name"].to_list() == further


def test_a_numbered_sub_unit_is_weak_and_a_named_one_strong() -> None:
    numbered = read("Second Academy. Subordinate Institution - 206th Research Institute")
    assert numbered.name.to_list() == ["Second Academy, 206th Research Institute"]
    assert numbered.further.rows() == [(1, "206th Research Institute", "aka", "weak")]
    named = read("CETC 13. Subordinate Institution - Envoltek")
    assert named.further.rows() == [(1, "Envoltek", "aka", "strong")]
    assert named.relations["relation"].to_list() == ["sub_unit_of", "printed_name"]


def test_the_printed_text_is_a_relation_wherever_it_is_not_the_name() -> None:
    text = "EuroAsia and any successor, sub-unit, or subsidiary thereof"
    assert read(text).relations.rows() == [
        (1, "scope", None, "and any successor, sub-unit, or subsidiary thereof"), (1, "printed_name", None, text),
    ]  # fmt: skip
    assert read("EuroAsia").relations.is_empty()


def test_legal_forms_stay_with_the_name_before_them() -> None:
    frame = pl.DataFrame({"entry": [1], "name": ['DIO, Saseman, "Sasadja", Eyvaz Co., Ltd.']})
    assert listed_names(frame)["name"].to_list() == ["DIO", "Saseman", "Sasadja", "Eyvaz Co., Ltd."]
