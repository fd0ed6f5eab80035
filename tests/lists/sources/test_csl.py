"""The Consolidated Screening List as CSV, in each of its layouts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.assembly import Parsed
from lists.fetch import open_file
from lists.sources import csl

EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
HUAWEI = {
    "source": EL,
    "name": "Huawei Technologies Co., Ltd.",
    "addresses": "Bantian Huawei Base, Longgang District, Shenzhen, 518129, CN; New Rd. 1, Chicago, IL, 60601, US",
    "alt_names": "Shenzhen Huawei; and Huawei Jishu",
    "federal_register_notice": "84 FR 22961; 85 FR 51596",
    "start_date": "2019-05-16",
    "license_requirement": "For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2",
    "license_policy": "Presumption for denial",
}


@pytest.fixture
def read(write: Callable[..., Path], make_csl: Callable[..., str]) -> Callable[..., Parsed]:
    def reader(*rows: dict[str, str]) -> Parsed:
        file = open_file(write("consolidated.csv", make_csl(*rows)))
        assert csl.recognize(file)
        return csl.read([file], partial=False)

    return reader


def test_an_entity_list_entry(read: Callable[..., Parsed]) -> None:
    frames = read(HUAWEI).frames
    party = frames.parties.row(0, named=True)
    assert (party["list"], party["countries"], party["listed_from"]) == (
        "EL",
        ["CN", "US"],
        date(2019, 5, 16),
    )
    assert frames.names["name"].to_list() == [
        "Huawei Technologies Co., Ltd.", "Huawei Jishu", "Shenzhen Huawei",
    ]  # fmt: skip
    measure = frames.measures.row(0, named=True)
    assert (measure["license_policy"], measure["footnotes"]) == ("presumption_of_denial", [1])
    assert measure["citations"] == ["84 FR 22961", "85 FR 51596"]
    assert frames.addresses.drop("party_id", "raw").rows() == [
        ("Bantian Huawei Base, Longgang District", "Shenzhen", None, "518129", "CN"),
        ("New Rd. 1", "Chicago", "IL", "60601", "US"),
    ]


def test_aliases_joined_without_a_blank_are_several(read: Callable[..., Parsed]) -> None:
    entry = HUAWEI | {
        "name": "CETC Chip",
        "alt_names": "CETC 24;Sichuan Institute;CETC 44;\u00a0DJEL; and CETC 26;",
    }
    aliases = read(entry).frames.names.filter(name_kind="aka")["name"]
    assert set(aliases) == {"CETC 24", "Sichuan Institute", "CETC 44", "DJEL", "CETC 26"}


def test_address_entries_are_parties_keyed_by_country_and_label(read: Callable[..., Parsed]) -> None:
    entry = HUAWEI | {"name": "Address 01", "alt_names": "[]"}
    parties = read(
        entry | {"addresses": "1 Rd, Hong Kong, HK"}, entry | {"addresses": "2 Rd, Izmir, TR"}
    ).frames.parties
    assert parties["party_type"].to_list() == ["address", "address"]
    assert parties["party_id"].n_unique() == 2
    assert not parties["party_id"].str.ends_with("-2").any()


def test_ofac_rows_keep_their_number_and_give_their_facts(read: Callable[..., Parsed]) -> None:
    row = {
        "source": SDN, "entity_number": "36", "type": "Individual", "programs": "SDGT; CUBA", "name": "X, Y",
        "ids": "Cedula No., 42895110, CO; Gender, Male", "remarks": "(Linked To: ACME)", "dates_of_birth": "1962; 1963",
    }  # fmt: skip
    frames = read(row).frames
    assert frames.parties.select("party_id", "party_type", "programs").rows() == [
        ("SDN-36", "person", ["CUBA", "SDGT"])
    ]
    assert frames.identifiers.drop("party_id").rows() == [
        ("date_of_birth", "1962", None), ("date_of_birth", "1963", None), ("gender", "Male", None),
        ("national_id", "42895110", "CO"),
    ]  # fmt: skip
    assert frames.relations["other_name"].to_list() == ["ACME"]
    assert frames.measures["ear_744_8"].to_list() == [True]


def test_744_8_tag_does_not_count_on_other_lists(read: Callable[..., Parsed]) -> None:
    row = {"source": "Sectoral Sanctions Identifications List (SSI) - Treasury Department", "name": "A",
           "programs": "UKRAINE-EO13662", "entity_number": "17013"}  # fmt: skip
    assert read(row).frames.measures["ear_744_8"].to_list() == [False]


def test_rows_of_an_unknown_list_are_quarantined_not_dropped(read: Callable[..., Parsed]) -> None:
    parsed = read(HUAWEI, HUAWEI | {"source": "New List (NEW) - Somebody"}, HUAWEI | {"name": ""})
    assert parsed.quarantine.select("row", "list", "reason").rows() == [
        (2, None, "names a list that is not known"), (3, "EL", "has no name"),
    ]  # fmt: skip
    assert parsed.account.rows() == [("consolidated.csv", 3, 1, 2)]


def test_whole_list_of_2026_07_31(shared: Path) -> None:
    parsed = csl.read([open_file(shared / "data/csl/consolidated.rebuilt-2026-07-31.csv.gz")], partial=False)
    frames = parsed.frames
    assert dict(frames.parties["list"].value_counts().iter_rows()) == {
        "SDN": 19_181, "EL": 3_420, "DPL": 1_596, "DTC": 787, "SSI": 286, "UVL": 222, "ISN": 161, "PLC": 78,
        "MEU": 70, "CMIC": 68, "MBS": 51, "CAPTA": 1,
    }  # fmt: skip
    footnotes = frames.measures.explode("footnotes")["footnotes"].drop_nulls()
    assert dict(footnotes.value_counts().iter_rows()) == {1: 156, 3: 771, 4: 96, 5: 16}
    assert frames.measures["ear_744_8"].sum() == 13_588
    assert frames.parties.filter(party_type="address").height == 19
    assert frames.parties["party_id"].is_unique().all()
    assert parsed.defects.group_by("field").len().sort("field").rows() == [
        ("country", 1), ("footnotes", 1), ("license_policy", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rows", "quarantined"),
    [
        ("consolidated.partial-2023-11", 4_228, 2),
        ("consolidated.sample-2025-06", 13, 0),
        ("csl.sample-2019-12", 115, 0),
    ],
)
def test_official_samples_in_each_layout(shared: Path, name: str, rows: int, quarantined: int) -> None:
    parsed = csl.read([open_file(shared / f"data/csl/{name}.csv")], partial=True)
    assert parsed.account.rows() == [(f"{name}.csv", rows, rows - quarantined, quarantined)]
    assert parsed.frames.parties.height == rows - quarantined


def test_a_party_keeps_its_id_across_publications(shared: Path) -> None:
    old = csl.read(
        [open_file(shared / "data/csl/consolidated.partial-2023-11.csv")], partial=True
    ).frames.parties
    new = csl.read(
        [open_file(shared / "data/csl/consolidated.rebuilt-2026-07-31.csv.gz")], partial=False
    ).frames.parties
    for code, least in {
        "SDN": 0.82,
        "EL": 0.96,
        "DPL": 0.99,
        "UVL": 0.87,
        "MEU": 0.98,
        "ISN": 0.88,
        "DTC": 0.99,
    }.items():
        mine = old.filter(pl.col("list") == code)
        same_id = mine.join(new, on="party_id", how="semi").height
        assert same_id >= least * mine.height, f"{code}: {same_id} of {mine.height}"
