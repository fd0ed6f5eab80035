"""Name fields of customers: further names and numbers are screened, what is not theirs is left out."""

from __future__ import annotations

import polars as pl

from screening.book.subjects import customer_attributes, customer_names, entity_names
from screening.names.fields import place_words, with_second_names
from screening.tables.inputs import CUSTOMERS


def customers(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CUSTOMERS.schema())


def test_a_customer_is_screened_under_each_name_in_its_field() -> None:
    book = customers({"customer_id": "c", "name": "Doe dba Roe Bank", "other_names": ["Poe Ltd | Foe Ltd"]})
    found = customer_names(book)
    assert found["name"].to_list() == [
        "Doe dba Roe Bank",
        "Doe",
        "Roe Bank",
        "Poe Ltd | Foe Ltd",
        "Poe Ltd",
        "Foe Ltd",
    ]
    assert found["subject_id"].unique().to_list() == ["c"]


def test_who_stands_behind_a_customer_is_not_the_customer() -> None:
    book = customers({"customer_id": "c", "name": "Doe Ventures c/o Roe Bank"})
    assert customer_names(book)["name"].to_list() == ["Doe Ventures c/o Roe Bank", "Doe Ventures"]
    frame = pl.DataFrame({"name": ["Doe Ventures c/o Roe Bank"], "party_type": [None]})
    assert with_second_names(frame, without=())["name_kind"].to_list() == ["as written", "name", "care of"]


def test_a_number_inside_a_name_is_an_identifier() -> None:
    book = customers(
        {"customer_id": "c", "name": "MT Argo I (IMO 9187667)"}, {"customer_id": "d", "name": "Roe"}
    )
    found = customer_attributes(book)["identifiers"]
    assert found[0].to_list() == ["imo:9187667"]
    assert found[1] is None


def test_brackets_after_a_counterparty_stay_a_lead() -> None:
    rows = [("counterparty:x@?", "Doe Ventures (Almaz Shield LLC)"), ("e", "Doe Ventures (Almaz Shield LLC)")]
    entities = pl.DataFrame(rows, schema=["entity_id", "name"], orient="row").with_columns(
        kind=pl.lit(None, pl.String)
    )
    named = entity_names(entities).filter(name_kind="name in brackets")
    assert named["entity_id"].to_list() == ["e"]


def test_a_town_in_brackets_is_no_name() -> None:
    assert {"shanghai", "dubai", "germany"} <= place_words()
    frame = pl.DataFrame(
        {"name": ["Doe Technologies (Shanghai)", "Doe (Germany) GmbH"], "party_type": [None, None]}
    )
    assert with_second_names(frame)["name_kind"].unique().to_list() == ["as written"]
