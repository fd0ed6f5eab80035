"""A record gives the same rows alone as among others: found names, evidence and score, however the batch is made."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from screening.matching import Attributes, NameIndex, search
from screening.matching.evidence.weighing import lowest_name_score
from screening.names.tables import settings

TEXT = pl.String()
FLOOR = settings("evidence")["name"]["floor"]
LISTED = pl.DataFrame(
    [
        ("P1", "PETROV, Ivan", "person", "strong"),
        ("P2", "PETROV, Ivan", "person", "strong"),
        ("P2", "IVAN THE BAKER", "person", "weak"),
        ("P3", "OOO RASSVET", "organization", "strong"),
        ("P4", "OCEAN PEARL", "vessel", "strong"),
        ("P5", "RASSVET TRADING", "organization", "strong"),
    ],
    schema=["party_id", "name", "party_type", "quality"],
    orient="row",
)
INDEX = NameIndex.build(LISTED)
THEIRS = Attributes.from_parties(
    pl.DataFrame(
        {"party_id": ["P1", "P2", "P3", "P4", "P5"], "countries": [["RU"], ["RU", "FR"], [], None, ["RU"]]},
        schema={"party_id": TEXT, "countries": pl.List(TEXT)},
    ),
    pl.DataFrame(
        [
            ("P1", "date_of_birth", "04 Mar 1972", None),
            ("P1", "date_of_birth", "1973", None),
            ("P1", "passport", "751234567", "RU"),
            ("P2", "date_of_birth", "19 Sep 1955", None),
            ("P2", "nationality", "Russia", "RU"),
            ("P3", "tax_id", "7719404118", "RU"),
            ("P3", "registration", "7719404118", None),
            ("P4", "imo", "9074729", None),
            ("P5", "tax_id", "7719404118", "RU"),
        ],
        schema=dict.fromkeys(("party_id", "id_type", "id_value", "country"), TEXT),
        orient="row",
    ),
    pl.DataFrame(
        [("P1", "12 Lenina Street, Moscow 119034", "RU"), ("P3", "5 Mira Street, Moscow", None)],
        schema=dict.fromkeys(("party_id", "raw", "country"), TEXT),
        orient="row",
    ).with_columns(street=pl.lit(None, TEXT), city=pl.lit("Moscow")),
)
ATTRIBUTES = {
    "subject_id": TEXT,
    "date_of_birth": TEXT,
    "country": TEXT,
    "address": TEXT,
    "identifiers": pl.List(TEXT),
}
subjects = st.tuples(
    st.lists(
        st.sampled_from(
            ["Ivan Petrov", "Petrov I.", "Ivan Baker", "Rassvet", "Ocean Pearl", "Zzyzx Ltd", "PETROV, Ivan"]
        ),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    st.sampled_from([None, "person", "organization", "vessel"]),
    st.sampled_from([None, "1972-03-04", "1972", "04/03/1972", "1990-01-20"]),
    st.sampled_from([None, "RU", "FR"]),
    st.sampled_from([None, "12 Lenina Str., Moscow", "Moscow"]),
    st.none()
    | st.lists(
        st.sampled_from(
            ["passport:75 1234567", "inn:7719404118", "imo:9074729", "nationality:RU", "passport:998877665"]
        ),
        max_size=3,
        unique=True,
    ),
)
Record = tuple[list[str], str | None, str | None, str | None, str | None, list[str] | None]


def frames(batch: list[Record]) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = [(f"r{number}", name, kind) for number, (names, kind, *_) in enumerate(batch) for name in names]
    queries = pl.DataFrame(
        rows, schema=dict.fromkeys(("subject_id", "name", "party_type"), TEXT), orient="row"
    )
    attributes = [(f"r{number}", *rest) for number, (_, _, *rest) in enumerate(batch)]
    return queries.with_row_index("query_id"), pl.DataFrame(attributes, schema=ATTRIBUTES, orient="row")


@pytest.mark.slow
@examples(max_examples=40)
@given(
    batch=st.lists(subjects, min_size=1, max_size=6), least=st.sampled_from([0.0, 0.3, 0.5]), data=st.data()
)
def test_a_record_gives_the_same_alone_and_in_any_order(
    batch: list[Record], least: float, data: st.DataObject
) -> None:
    queries, attributes = frames(batch)
    whole = search(INDEX, queries, attributes, THEIRS, least)
    own = pl.col("subject_id") == data.draw(st.sampled_from(attributes["subject_id"].to_list()))
    alone = search(INDEX, queries.filter(own), attributes.filter(own), THEIRS, least)
    assert alone.equals(whole.filter(own))
    order = data.draw(st.permutations(range(len(batch))))
    again = [queries.filter(subject_id=f"r{number}") for number in order]
    assert search(INDEX, pl.concat(again), attributes[order], THEIRS, least).equals(whole)


@examples(max_examples=40)
@given(batch=st.lists(subjects, min_size=1, max_size=4), least=st.sampled_from([0.3, 0.5, 0.9]))
def test_names_that_no_evidence_can_lift_are_all_that_is_left_out(batch: list[Record], least: float) -> None:
    queries, attributes = frames(batch)
    every = search(INDEX, queries, attributes, THEIRS, FLOOR)  # names less alike are not compared
    reached = (pl.col("score") >= least) | (pl.col("name_score") >= least).fill_null(value=False)
    assert search(INDEX, queries, attributes, THEIRS, least).equals(every.filter(reached))


def test_attributes_decide_how_little_a_name_may_resemble() -> None:
    def attributes(**row: Any) -> pl.DataFrame:
        return pl.DataFrame([{"subject_id": "r", **row}], schema=ATTRIBUTES)

    assert lowest_name_score(attributes(), 0.5) == lowest_name_score(pl.DataFrame({"subject_id": ["r"]}), 0.5)
    rising = [
        attributes(identifiers=["imo:1"]),
        attributes(address="Moscow", country="RU"),
        attributes(address="Moscow"),
        attributes(country="RU"),
        attributes(),
    ]
    found = [lowest_name_score(one, 0.5) for one in rising]
    assert found == sorted(set(found))
    assert found[0] == lowest_name_score(attributes(date_of_birth="1972"), 0.5) == 0.01
    assert 0.49 < found[-1] <= 0.5
