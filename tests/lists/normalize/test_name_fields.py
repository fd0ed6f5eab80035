"""A field that holds more than one name, taken apart."""

from __future__ import annotations

import polars as pl
import pytest

from lists.normalize.name_fields import LEADS, PARTS, split_names
from lists.normalize.name_marks import mark_hints, remark_hints
from lists.normalize.name_numbers import numbers_in_names
from lists.reference import reference

PLACES = frozenset({"shanghai", "korea", "united kingdom"})


def names(text: str, party_type: str | None = None) -> list[tuple[str, str]]:
    found = split_names(pl.Series([text]), pl.Series([party_type], dtype=pl.String), PLACES)
    return found.select("name", "kind").rows()


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Doe Ventures dba Krayinvestbank", "Krayinvestbank", "trading name"),
        ("JOHN DOE DBA KRAYINVESTBANK", "KRAYINVESTBANK", "trading name"),
        ("Doe Ventures, doing business as Krayinvestbank", "Krayinvestbank", "trading name"),
        ("T/A Krayinvestbank", "Krayinvestbank", "trading name"),
        ("Doe Ventures d/b/a \"Krayinvestbank\"", "Krayinvestbank", "trading name"),
        ("Doe Ventures LLC (formerly Rosoboronexport)", "Rosoboronexport", "former name"),
        ("Doe Ventures LLC (formerly Rosoboronexport)", "Doe Ventures LLC", "name"),
        ("Rosoboronexport f/k/a Doe Ventures", "Rosoboronexport", "name"),
        ("Doe Ventures, now known as Roe Ventures", "Roe Ventures", "later name"),
        ("Doe Ventures a.k.a. Roe Ventures", "Roe Ventures", "other name"),
        ("Doe Ventures o/b/o Krayinvestbank", "Krayinvestbank", "on behalf of"),
        ("Doe Ventures for the account of Krayinvestbank", "Krayinvestbank", "for account of"),
        ("LEOBARDO RUELAS AVILA c/o Mrs. Jane Roe", "LEOBARDO RUELAS AVILA", "name"),
        ("LEOBARDO RUELAS AVILA c/o Mrs. Jane Roe", "Mrs. Jane Roe", "care of"),
        ("Rostec (Russian Technologies State Corporation)", "Rostec", "name"),
        ("Rostec (Russian Technologies Corporation)", "Russian Technologies Corporation", "name in brackets"),
        ("Leobardo \"El Tigre\" Ruelas", "Leobardo Ruelas", "name"),
        ("PEREZ, Juan 'El Flaco'", "El Flaco", "nickname"),
        ("Leobardo (El Tigre) Ruelas Avila", "El Tigre", "nickname"),
        ("Jane Roe / Leobardo Ruelas Avila", "Leobardo Ruelas Avila", "name"),
        ("Jane Roe and Leobardo Ruelas Avila JTWROS", "Leobardo Ruelas Avila", "joint holder"),
        ("JSC &quot;ARGUMENT&quot;", 'JSC "ARGUMENT"', "name"),
        ("Leobardo\u200bRuelas Avila", "Leobardo Ruelas Avila", "name"),
        ("Al\u200efa B\u202aank", "Alfa Bank", "name"),
        ("KRAYINVEST\nBANK", "KRAYINVEST BANK", "name"),
        ("LeobardoRuelas Avila", "Leobardo Ruelas Avila", "name"),
        ("So-called Government of Donetsk", "Government of Donetsk", "name"),
        ("Donetsk People's Republic (so-called)", "Donetsk People's Republic", "name"),
        ("Estate of Leobardo Ruelas Avila", "Leobardo Ruelas Avila", "name"),
        ("Mr. Leobardo Ruelas (deceased)", "Mr. Leobardo Ruelas", "name"),
        ("Payment to Rosoboronexport JSC inv 4711", "Rosoboronexport JSC", "name"),
        ("MT ARGO I (IMO 9187667)", "ARGO I", "name"),
        ("M.T. ARK III", "ARK III", "name"),
        ("SISDOO", "SIS DOO", "name"),
        ("SIS D.O.O. TRZIN", "SIS D.O.O.", "name"),
    ],
)  # fmt: skip
def test_each_name_in_a_field_is_found_with_its_kind(text: str, name: str, kind: str) -> None:
    assert (name, kind) in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Maersk A/S", "Vale S/A", "N/A", "Acme P/L", "24/7 Media", "AKA Bank", "DBA Consulting", "Formerly Yours Ltd",
        "Aka, Mehmet", "Alpaka Dba Takahashi", "MEHMET AKA", "Foo (UK) Ltd", "Huawei Technologies (Shanghai)",
        "Acme (Shanghai) Co., Ltd.", "Hyundai (Korea)", '"Whole Name"', "O'Neil & O'Brien Ltd", "D'Angelo Co",
        "Procter & Gamble", "Stavanger Energy Trading AS", 'JSC "ARGUMENT"', "Fund for Care of Families", "MT Bank",
        "Acme GmbH", "Brink's (Private Security Services) Ltd",
    ],
)  # fmt: skip
def test_a_name_that_only_looks_like_two_stays_one(text: str) -> None:
    assert names(text) == []


def test_what_a_party_is_decides_what_is_looked_for() -> None:
    assert ("ARK III", "name") in names("MV ARK III", "vessel")
    assert names("MV ARK III", "organization") == []
    assert names('Doe Ventures "El Tigre"', "organization") == []
    assert names("Jane Roe & John Doe", "organization") == []
    assert {kind for _, kind in names("Jane Roe & John Doe", "person")} == {"joint holder"}


def test_numbers_leave_the_name_and_become_identifiers() -> None:
    texts = pl.Series(["MT ARGO I (IMO 9187667)", "Foo Ltd (Reg. No. 01234567)", "EP-MNB", "Acme 12345"])
    found = numbers_in_names(texts).select("id_type", "id_value").rows()
    assert found == [("imo", "9187667"), ("registration_number", "01234567"), ("tail_number", "EP-MNB")]
    assert ("Foo Ltd", "name") in names(texts[1])
    assert names(texts[3]) == []


def test_hostile_texts_are_read_in_bounds() -> None:
    texts = pl.Series(
        ["(" * 5000, "dba " * 70, '"' * 200, None, "", "a/k/a" * 50, "((((x) dba (y", "&#0;&#x110000;"]
    )
    found = split_names(texts)
    assert found.schema == pl.Schema(PARTS)
    assert found["row"].is_sorted()


def test_every_mark_and_remark_has_a_hint_for_the_first_look() -> None:
    for name in ("name_marks", "name_remarks"):
        rows = reference(name)
        without = rows.filter(pl.col("hints") == "")
        assert set(without["kind"]) <= {"state of the party", "region", "joined"}
    assert all(hint == hint.lower() for hint in (*mark_hints(), *remark_hints()))
    assert set(LEADS) == set(reference("name_marks").filter(own="no")["kind"])
