"""Evidence other than the name: its algebra, and persons and companies made up in the shape of the lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.matching import Attributes, NameIndex, search
from screening.matching.evidence.identifier_matches import named_by_number
from screening.matching.evidence.text import EVIDENCE, in_words
from screening.matching.evidence.weighing import weigh
from screening.matching.evidence.weights import weights
from screening.matching.search import MATCHES
from screening.matching.thresholds import thresholds
from screening.names.tables import settings as evidence_settings

TEXT = pl.String()
IDENTIFIERS = dict.fromkeys(("party_id", "id_type", "id_value", "country"), TEXT)
ADDRESSES = dict.fromkeys(("party_id", "raw", "street", "city", "postal_code", "country"), TEXT)
RECORDED = {
    "subject_id": TEXT, "country": TEXT, "address": TEXT, "date_of_birth": TEXT, "identifiers": pl.List(TEXT),
}  # fmt: skip


def customer(**recorded: Any) -> Attributes:
    row = {"subject_id": "c", "identifiers": [], **recorded}
    return Attributes.from_subjects(pl.DataFrame([row], schema=RECORDED))


def party(
    numbers: Sequence[tuple[str, str, str | None]] = (),
    countries: Sequence[str] = (),
    address: str | None = None,
) -> Attributes:
    schema = {"party_id": TEXT, "countries": pl.List(TEXT)}
    parties = pl.DataFrame([("P", list(countries))], schema=schema, orient="row")
    identifiers = pl.DataFrame([("P", *each) for each in numbers], schema=IDENTIFIERS, orient="row")
    places = [("P", address, None, None, None, countries[0] if countries else None)] if address else []
    return Attributes.from_parties(parties, identifiers, pl.DataFrame(places, schema=ADDRESSES, orient="row"))


def weighed(
    ours: Attributes, theirs: Attributes, name: float | None = 0.9, quality: str = "strong"
) -> dict[str, Any]:
    pair = {"subject_id": "c", "party_id": "P", "name_score": name, "quality": quality}
    schema = {"subject_id": TEXT, "party_id": TEXT, "name_score": pl.Float64(), "quality": TEXT}
    return weigh(pl.DataFrame([pair], schema=schema), ours, theirs).row(0, named=True)


def score(*args: Any, **more: Any) -> float:
    return float(weighed(*args, **more)["score"])


NOBODY = customer()
BORN = [("date_of_birth", "04 Mar 1972", None)]


@given(st.floats(0.0001, 0.9999))
def test_without_evidence_the_score_is_that_of_the_name(name: float) -> None:
    assert score(NOBODY, party(), name=name) == pytest.approx(name, abs=1e-9)


def test_the_levels_of_a_date_of_birth_stand_in_order() -> None:
    theirs = party(BORN)
    dates = ["1972-03-04", "04/03/1972", "1972", "1972-03-05", "1972-09-20", "1974-11-11", "1980-01-20"]
    found = [score(customer(date_of_birth=date), theirs) for date in dates]
    assert found == sorted(found, reverse=True)
    assert found[0] > score(NOBODY, theirs) > found[-2] > found[-1]


@pytest.mark.parametrize("name", [0.95, 0.999, 0.9999])
def test_another_year_of_birth_pushes_an_exact_name_under_review_and_is_named(name: float) -> None:
    found = weighed(customer(date_of_birth="1980-06-20", country="RU"), party(BORN, ["RU"]), name=name)
    assert found["score"] < 0.5
    assert [(part["kind"], part["verdict"]) for part in found["evidence"]] == [
        ("birth", "contradicts"),
        ("country", "agrees"),
    ]


def test_of_several_dates_the_best_counts() -> None:
    theirs = party([*BORN, ("date_of_birth", "1960", None)])
    assert score(customer(date_of_birth="1972-03-04"), theirs) == score(
        customer(date_of_birth="1972-03-04"), party(BORN)
    )


def test_a_weak_alias_needs_more_than_a_country() -> None:
    theirs = party(BORN, ["RU"], "12 Lenina Street, Moscow")
    near = customer(country="RU", identifiers=["nationality:RU"])
    assert score(near, theirs, name=0.48, quality="weak") == pytest.approx(0.48)
    assert score(near, theirs, name=0.48) > 0.5
    recorded = customer(country="RU", date_of_birth="1972-03-04")
    assert score(recorded, theirs, name=0.48, quality="weak") > 0.9


def test_an_equal_number_carries_a_name_that_differs_and_a_different_one_speaks_against() -> None:
    theirs = party([("registration", "506700GE1G29325QX363", None)], ["DE"])
    same = weighed(customer(identifiers=["lei:506700GE1G29325QX363"], country="DE"), theirs, name=None)
    assert same["score"] > 0.9
    assert "same LEI: 506700GE1G29325QX363" in [part["text"] for part in same["evidence"]]
    other = weighed(customer(identifiers=["lei:549300EKQFUDEPZTLV86"]), theirs, name=0.999)
    assert other["score"] < 0.5


def test_a_national_number_is_of_its_country() -> None:
    theirs = party([("passport", "751234567", "RU")], ["RU"])
    same = score(customer(identifiers=["passport:75 1234567"], country="RU"), theirs, name=None)
    anywhere = score(customer(identifiers=["passport:75 1234567"]), theirs, name=None)
    elsewhere = weighed(customer(identifiers=["passport:75 1234567 (FR)"]), theirs, name=0.5)
    assert same > anywhere > 0.5
    assert elsewhere["score"] == pytest.approx(0.5)


def test_one_number_counts_once_whatever_it_is_called() -> None:
    theirs = party([("identification_number", "771940411812", "RU")], ["RU"])
    once = score(customer(identifiers=["passport:771940411812"], country="RU"), theirs)
    assert score(customer(identifiers=["id:771940411812"], country="RU"), theirs) == once


def test_an_address_supports_a_name() -> None:
    theirs = party([], ["HK"], "Room 805, Lee House, 20 Luard Road, Hong Kong")
    same = score(customer(country="HK", address="Rm 805, 20 Luard Rd"), theirs)
    alike = score(customer(country="HK", address="Rm 806, 20 Luard Rd"), theirs)
    assert same > alike > score(customer(country="HK", address="1 Hennessy Rd"), theirs)


PARTY_NUMBERS = [
    ("date_of_birth", "04 Mar 1972", None), ("nationality", "Russia", "RU"), ("passport", "751234567", "RU"),
    ("tax_id", "7719404118", "RU"), ("imo", "9074729", None),
]  # fmt: skip
PARTY = party(PARTY_NUMBERS, ["RU"], "12 Lenina Street, Moscow 119034")
DATES = st.sampled_from([None, "1972-03-04", "1972", "1972-05-05", "1974", "1950", "n/a"])
NUMBERS = st.lists(
    st.sampled_from(
        ["passport:751234567", "inn:7719404118", "imo:9074729", "imo:9187629", "nationality:RU", "nationality:FR",
         "passport:0000000", "phone:1234", "passport:998877665"]
    ),
    max_size=4, unique=True,
)  # fmt: skip
PLACES = st.sampled_from([None, "RU", "FR"])
STREETS = st.sampled_from([None, "12 Lenina Str., Moscow", "1 Rue Royale, Paris", "Moscow"])
AGREEING = st.sampled_from(["passport:751234567", "inn:7719404118", "imo:9074729", "nationality:RU"])
NAMES = st.floats(0.011, 0.999)


@pytest.mark.slow
@settings(max_examples=60)
@given(DATES, NUMBERS, PLACES, STREETS, AGREEING, NAMES, st.sampled_from(["strong", "weak"]))
def test_what_agrees_never_lowers_a_score(
    born: str | None,
    numbers: list[str],
    country: str | None,
    street: str | None,
    more: str,
    name: float,
    quality: str,
) -> None:
    recorded = {"date_of_birth": born, "identifiers": numbers, "country": country, "address": street}
    before = score(customer(**recorded), PARTY, name=name, quality=quality)
    assert 0 < before < 1
    better: list[dict[str, Any]] = [
        {"identifiers": [*numbers, more]}, {"date_of_birth": "1972-03-04"}, {"country": "RU"},
        {"country": "RU", "address": "12 Lenina Street, Moscow 119034"},
    ]  # fmt: skip
    for change in better:
        assert score(customer(**(recorded | change)), PARTY, name=name, quality=quality) >= before - 1e-9


@settings(max_examples=40)
@given(DATES, NUMBERS, PLACES, NAMES)
def test_a_score_depends_on_the_two_records_alone(
    born: str | None, numbers: list[str], country: str | None, name: float
) -> None:
    recorded = {"date_of_birth": born, "identifiers": numbers, "country": country}
    alone = weighed(customer(**recorded), PARTY, name=name)
    rows = [{"subject_id": key, "identifiers": numbers[:1] if key == "z" else numbers, "date_of_birth": born,
             "country": country, "address": None} for key in ("z", "c", "a")]  # fmt: skip
    pairs = pl.DataFrame(
        {
            "subject_id": ["z", "c", "a"],
            "party_id": ["P"] * 3,
            "name_score": [name] * 3,
            "quality": ["strong"] * 3,
        }
    )
    together = weigh(pairs, Attributes.from_subjects(pl.DataFrame(rows, schema=RECORDED)), PARTY)
    assert together.filter(pl.col("subject_id") == "c").row(0, named=True) == alone


def test_ties_at_the_top_are_only_for_equal_evidence() -> None:
    born = customer(date_of_birth="1972-03-04", country="RU")
    more = customer(date_of_birth="1972-03-04", country="RU", identifiers=["passport:751234567"])
    most = customer(
        date_of_birth="1972-03-04", country="RU", identifiers=["passport:751234567", "inn:7719404118"]
    )
    found = [score(ours, PARTY, name=0.99998) for ours in (NOBODY, born, more, most)]
    assert sorted(set(found)) == found
    assert found[-1] < 1


def test_slight_weights_alone_never_carry_a_weak_alias() -> None:
    assert weights().filter("slight", pl.col("weight") >= 1).is_empty()


def test_in_words() -> None:
    parts = weighed(customer(date_of_birth="1972", country="FR"), PARTY)["evidence"]
    sentence = pl.DataFrame({"e": [parts, None]}, schema={"e": EVIDENCE}).select(in_words(pl.col("e")))["e"]
    assert sentence.to_list() == [
        "date of birth as far as it is known: 1972 / 04 Mar 1972; another country: FR / RU",
        None,
    ]


LISTED = pl.DataFrame(
    [("SDN-1", "PETROV, Ivan", "person"), ("SDN-2", "PETROV, Ivan", "person"), ("SDN-3", "OOO RASSVET", "organization"),
     ("SDN-4", "OCEAN PEARL", "vessel")],
    schema=["party_id", "name", "party_type"], orient="row",
)  # fmt: skip
NUMBERED = pl.DataFrame(
    [("SDN-1", "date_of_birth", "04 Mar 1972", None), ("SDN-1", "passport", "751234567", "RU"),
     ("SDN-2", "date_of_birth", "19 Sep 1955", None), ("SDN-3", "tax_id", "7719404118", "RU"),
     ("SDN-4", "imo", "9074729", None)],
    schema=IDENTIFIERS, orient="row",
)  # fmt: skip
INDEX = NameIndex.build(LISTED)
THEIRS = Attributes.from_parties(
    LISTED.select("party_id", countries=pl.lit(["RU"], pl.List(TEXT))),
    NUMBERED,
    pl.DataFrame(schema=ADDRESSES),
)


def found(name: str, kind: str, **recorded: Any) -> dict[str, float]:
    queries = pl.DataFrame({"query_id": ["q"], "subject_id": ["c"], "name": [name], "party_type": [kind]})
    rows = search(
        INDEX,
        queries,
        pl.DataFrame([{"subject_id": "c", "identifiers": [], **recorded}], schema=RECORDED),
        THEIRS,
        0.5,
    )
    return dict(rows.select("party_id", "score").iter_rows())


def test_the_investigators_ivan_petrov() -> None:
    identified = found(
        "Ivan Petrov", "person", date_of_birth="1972-03-04", identifiers=["passport:75 1234567"], country="RU"
    )
    assert identified["SDN-1"] > 0.999
    assert identified["SDN-2"] < 0.5, "shown, though contradicted"
    unknown = found("Ivan Petrov", "person", country="RU")
    assert unknown["SDN-1"] == pytest.approx(unknown["SDN-2"])


def test_a_company_and_a_ship_are_found_by_their_numbers() -> None:
    assert found("Sunny Trading GmbH", "organization", identifiers=["ru-inn:7719404118"])["SDN-3"] > 0.75
    assert found("Lucky Star", "vessel", identifiers=["imo:IMO 9074729"])["SDN-4"] > 0.85
    assert found("Sunny Trading GmbH", "organization", identifiers=["inn:77194"]) == {}


@pytest.mark.parametrize("kind", sorted(thresholds()))
def test_an_equal_number_is_a_question_for_every_type_of_party(kind: str) -> None:
    bands = thresholds()[kind]
    assert bands["review"] <= evidence_settings("evidence")["name"]["question"] < bands["alert"]


def test_an_equal_number_stays_a_question_whatever_else_differs() -> None:
    contradicted = {"identifiers": ["passport:751234567"], "country": "FR", "date_of_birth": "1990-01-01"}
    assert found("Somebody Else", "person", **contradicted) == {"SDN-1": 0.7}


def test_the_bic_of_a_listed_bank_is_a_question() -> None:
    theirs = party([("swift_bic", "KRRIRU22", None)], ["RU"])
    for recorded in ("bic:KRRIRU22XXX", "KRRIRU22"):
        ours = customer(identifiers=[recorded], country="CY")
        assert named_by_number(ours, theirs).rows() == [("c", "P")]


def test_who_resembles_nobody_yields_the_same_empty_columns() -> None:
    queries = pl.DataFrame(
        {"query_id": ["0"], "subject_id": ["r"], "name": ["Zzyzx Quirk"], "party_type": [None]},
        schema_overrides={"party_type": pl.String},
    )
    nobody = pl.DataFrame({"subject_id": ["r"]})
    index = NameIndex.build(pl.DataFrame({"party_id": ["P"], "name": ["Rosneft"]}))
    found = search(index, queries, nobody, party(), 0.5)
    assert dict(found.schema) == MATCHES and found.is_empty()
