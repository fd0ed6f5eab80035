"""OFAC's legacy CSV sets."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lists.assembly import Parsed
from lists.errors import MalformedList
from lists.fetch import open_file
from lists.sources import ofac_legacy


def read(folder: Path, partial: bool = False) -> Parsed:
    files = [open_file(path) for path in sorted(folder.iterdir())]
    assert all(ofac_legacy.recognize(file) for file in files)
    return ofac_legacy.read(files, partial)


def test_parties_with_type_programs_and_number(ofac: Path) -> None:
    parties = read(ofac).frames.parties
    assert parties.select("party_id", "party_type", "programs").rows() == [
        ("SDN-15037", "vessel", ["IRAN"]),
        ("SDN-306", "organization", ["CUBA"]),
        ("SDN-36", "organization", ["CUBA"]),
        ("SDN-7772", "person", ["BALKANS", "SDGT"]),
    ]
    assert parties.filter(party_id="SDN-306")["countries"].item().to_list() == ["CH"]


def test_names_are_strong_from_alt_and_weak_from_remarks(ofac: Path) -> None:
    names = read(ofac).frames.names.filter(party_id="SDN-306").drop("party_id", "script")
    assert names.rows() == [
        ("BANCO NACIONAL DE CUBA", "primary", "strong"),
        ("BNC", "aka", "weak"),
        ("NATIONAL BANK OF CUBA", "fka", "strong"),
    ]


def test_every_address_row_stays_even_an_empty_one(ofac: Path) -> None:
    street = "Zweierstrasse 35"
    rows = read(ofac).frames.addresses.filter(party_id="SDN-306").rows()
    assert rows == [
        ("SDN-306", f"{street}, Zurich CH-8022, Switzerland", street, "Zurich", None, "CH-8022", "CH"),
        ("SDN-306", None, None, None, None, None, None),
    ]


def test_comments_go_on_where_remarks_were_cut(ofac: Path) -> None:
    read_set = read(ofac)
    remarks = read_set.frames.parties.filter(party_id="SDN-7772")["remarks"].item()
    assert remarks.endswith("cut off at a thousand.")
    assert read_set.quarantine.select("file", "row", "reason").rows() == [
        ("sdn_comments.csv", 2, "no row with this ent_num in sdn.csv")
    ]
    assert (
        read_set.account.select(pl.col("parsed") + pl.col("quarantined") == pl.col("rows")).to_series().all()
    )


def test_facts_of_the_remarks_and_the_vessel(ofac: Path) -> None:
    frames = read(ofac).frames
    assert ("SDN-7772", "passport", "A7", "RS") in frames.identifiers.rows()
    assert ("SDN-7772", "date_of_birth", "18 Jul 1937", None) in frames.identifiers.rows()
    assert ("SDN-15037", "vessel_flag", "Iran", "IR") in frames.identifiers.rows()
    linked = frames.relations.select("party_id", "relation", "other_name").rows()
    assert ("SDN-7772", "linked_to", "BANCO NACIONAL DE CUBA") in linked
    assert ("SDN-15037", "vessel_owner", "NITC") in linked


def test_744_8_tag_counts_on_the_sdn_list(ofac: Path) -> None:
    tagged = read(ofac).frames.measures.filter("ear_744_8")["party_id"].to_list()
    assert tagged == ["SDN-7772"]


def test_cut_off_set_is_refused(ofac: Path) -> None:
    path = ofac / "alt.csv"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(MalformedList, match="cut off"):
        read(ofac)


def test_aliases_without_their_parties_are_refused(ofac: Path) -> None:
    (ofac / "sdn.csv").unlink()
    with pytest.raises(MalformedList, match=r"sdn\.csv is missing"):
        read(ofac)
    sample = read(ofac, partial=True)
    assert sample.account.select("file", "parsed", "quarantined").rows() == [
        ("add.csv", 0, 3), ("alt.csv", 0, 2), ("sdn_comments.csv", 0, 2),
    ]  # fmt: skip


def test_whole_set_of_2023_12_28(shared: Path) -> None:
    frames = read(shared / "data/ofac/2023-12-28").frames
    strong = frames.names.filter((pl.col("name_kind") != "primary") & (pl.col("quality") == "strong"))
    assert (frames.parties.height, strong.height, frames.addresses.height) == (13_821, 17_152, 18_990)
    assert frames.addresses["raw"].null_count() == 2_652
    assert frames.names.filter(quality="weak").height == 3_403


def test_non_sdn_set_is_split_by_list(shared: Path) -> None:
    frames = read(shared / "data/ofac/consolidated-non-sdn-2025-12").frames
    parties = frames.parties
    assert dict(parties["list"].value_counts().iter_rows()) == {
        "SSI": 286, "PLC": 78, "CMIC": 68, "MBS": 9, "CAPTA": 1,
    }  # fmt: skip
    assert parties.filter(list="CMIC")["listed_from"].null_count() == 0, "listing dates stand in the remarks"
    assert frames.identifiers.filter(id_type="directive", id_value="EO 13662 Directive 4").height == 86
