"""OFAC's remarks, broken into facts."""

from __future__ import annotations

import polars as pl
import pytest

from lists.normalize.remarks import Facts, read_remarks
from lists.reference import reference

E13662, E14024 = "Executive Order 13662", "Executive Order 14024"


def read(text: str) -> Facts:
    return read_remarks(pl.DataFrame({"entry": [1], "remarks": [text]}))


@pytest.mark.parametrize(
    ("text", "id_type", "id_value", "country"),
    [
        ("DOB 18 Aug 1969.", "date_of_birth", "18 Aug 1969", None),
        ("alt. DOB circa 1962", "date_of_birth", "circa 1962", None),
        ("POB Moscow, Russia.", "place_of_birth", "Moscow, Russia", None),
        ("nationality Korea, North", "nationality", "Korea, North", "Korea, North"),
        ("Passport A7 (Iran) expires 12 Jan 2015", "passport", "A7", "Iran"),
        ("Passport A7 (no such land)", "passport", "A7 (no such land)", None),
        ("Vessel Registration Identification IMO 9187655", "imo", "9187655", None),
        ("Unified Social Credit Code (USCC) 91440300 (China)", "registration", "91440300", "China"),
        ("Digital Currency Address - XBT 34kWCK", "crypto_address", "XBT 34kWCK", None),
        (f"{E13662} Directive Determination - Subject to Directive 1", "directive", "EO 13662 Directive 1", None),
        (f"{E14024} Directive Information Subject to Directive 1A - X", "directive", "EO 14024 Directive 1a", None),
    ],
)  # fmt: skip
def test_identifiers(text: str, id_type: str, id_value: str, country: str | None) -> None:
    assert (1, id_type, id_value, country) in read(text).identifiers.rows()


def test_the_date_of_a_directive_is_no_directive() -> None:
    facts = read("Listing Date (EO 14024 Directive 2): 24 Feb 2022")
    assert facts.identifiers["id_type"].to_list() == ["listing_date"]


def test_relations_and_notes() -> None:
    facts = read("Linked To: PETROLEOS DE VENEZUELA, S.A.; (Linked To: ACME); all offices worldwide.")
    assert facts.relations.select("relation", "other_name", "text").rows() == [
        ("linked_to", "PETROLEOS DE VENEZUELA, S.A.", "Linked To: PETROLEOS DE VENEZUELA, S.A."),
        ("linked_to", "ACME", "Linked To: ACME"),
        ("note", None, "all offices worldwide"),
    ]


def test_no_part_of_the_remarks_is_lost() -> None:
    text = "DOB 1962; a.k.a. 'BNC'; Linked To: X; odd words; Gender Male"
    facts = read(text)
    assert facts.names.height + facts.identifiers.height + facts.relations.height == len(text.split(";"))


def test_the_longest_label_wins() -> None:
    labels = reference("remark_labels")["label"]
    assert labels.is_unique().all()
    assert read("Company Number IMO 4").identifiers.rows() == [(1, "imo_company", "4", None)]
