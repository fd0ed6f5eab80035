"""Numbers that name a party, and texts that only fill the field."""

from __future__ import annotations

import polars as pl
import pytest

from screening.matching.evidence.identifier_types import split_identifiers
from screening.matching.evidence.identifiers import classes, read_identifiers

# GLEIF's own LEI, and an IMO number with a sound check digit (7*9 + 6*0 + 5*7 + 4*4 + 3*7 + 2*2 = 139).
LEI, IMO = "506700GE1G29325QX363", "9074729"


def keys(*texts: str) -> set[tuple[str, str, str | None]]:
    rows = read_identifiers(
        split_identifiers(pl.DataFrame({"subject_id": ["r"] * len(texts), "text": list(texts)}))
    )
    return set(rows.select("class", "value", "country").rows())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"LEI: {LEI.lower()}", ("lei", LEI, None)),
        (f"imo:IMO {IMO}", ("imo", IMO, None)),
        ("passport:75 1234567", ("passport", "751234567", None)),
        ("Passport No.: 75-1234567 (ru)", ("passport", "751234567", "RU")),
        ("ru-inn:7719404118", ("number", "7719404118", "RU")),
        ("GB-COH:01234568", ("number", "1234568", "GB")),
        ("ogrn:1157746933299", ("number", "1157746933299", "RU")),
        ("swift_bic:SABRRUMM012", ("bic", "SABRRUMM", None)),
        (
            "wallet:XBT 3Lpoy53K625zVeE47ZasiG5jGkAxJ27kh1",
            ("crypto", "3LPOY53K625ZVEE47ZASIG5JGKAXJ27KH1", None),
        ),
    ],
)
def test_one_number_in_one_shape(text: str, key: tuple[str, str, str | None]) -> None:
    assert key in keys(text)


def test_a_number_of_another_type_may_be_a_passport_or_any_number() -> None:
    assert keys("77194041") == {("passport", "77194041", None), ("number", "77194041", None)}


def test_an_lei_filed_as_a_registration_number_is_an_lei_too() -> None:
    assert ("lei", LEI, None) in keys(f"registration:{LEI}")


def test_a_ships_number_with_a_wrong_check_digit_is_a_companys() -> None:
    assert keys("imo:9074728") == {("imo_company", "9074728", None)}


@pytest.mark.parametrize(
    "text",
    ["passport:N/A", "tax_id:0", "registration:1234567", "passport:0000000000", "tax_id:9876543210", "id:121212121",
     "registration:12", "lei:506700GE1G29325QX364", "lei:" + "0" * 20, "tax_id:" + "A" * 12, "imo:123",
     "nationality:RU", "phone:+7 495 1234567", "email:a@b.example", "passport:", ":", "date_of_birth:1972-03-14"],
)  # fmt: skip
def test_junk_is_no_identifier(text: str) -> None:
    assert keys(text) == set()


def test_words_after_a_number_are_not_of_it() -> None:
    listed = pl.DataFrame(
        [("p", "passport", "C17459871 (Russia) issued 30 Dec 2015 expires 30 Dec 2025", None)],
        schema=dict.fromkeys(("subject_id", "id_type", "id_value", "country"), pl.String),
        orient="row",
    )
    assert read_identifiers(listed)["value"].to_list() == ["C17459871"]


def test_every_type_has_its_class() -> None:
    from screening.names.tables import table

    assert set(table("identifier_types")["class"]) - {""} == set(classes()["class"])


WALLET = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("IMO 9074729", "imo", "9074729"),
        ("Passport No. C1940147", "passport", "C1940147"),
        ("9074729", "imo", "9074729"),
        (LEI, "lei", LEI),
        ("SABRRUMM", "bic", "SABRRUMM"),
        ("EP-MNG", "tail", "EPMNG"),
        ("N200VR", "tail", "N200VR"),
        (WALLET, "crypto", WALLET.upper()),
        (f"eth:{WALLET}", "crypto", WALLET.upper()),
        (f"my coin:{WALLET}", "crypto", WALLET.upper()),
        ("3Lpoy53K625zVeE47ZasiG5jGkAxJ27kh1", "crypto", "3LPOY53K625ZVEE47ZASIG5JGKAXJ27KH1"),
        ("id:V-5892464", "number", "5892464"),
        ("cedula:V5892464", "number", "5892464"),
    ],
)
def test_a_number_alone_is_what_its_form_says(text: str, kind: str, value: str) -> None:
    assert (kind, value, None) in keys(text)


def test_the_country_behind_a_number_may_be_a_name() -> None:
    assert keys("passport:C 1940147 (Venezuela)") == {("passport", "C1940147", "VE")}


@pytest.mark.parametrize("text", ["9074728", "COMPANY1", "T-1000", "506700GE1G29325QX364", "0x1234567890"])
def test_a_form_that_decides_nothing_is_not_read(text: str) -> None:
    assert {kind for kind, _, _ in keys(text)} <= {"passport", "number"}
