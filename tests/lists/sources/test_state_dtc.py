"""State's debarred parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.fetch import open_file
from lists.sources import state_dtc

CONTENT = """\
Debarred Party Full Name and Alias,Date of Birth,Notice,Notice Date,"Corrected Notice","Corrected Notice Date"
"Hukic, Bajro (a.k.a. Bob Hukic; Bab Hucici)","May, 1984",57 FR 43768,9/22/1992,57 FR 37184,8/18/1992
European Defense Associates,,53 FR 27097,7/18/1988,,
,,53 FR 27097,7/18/1988,,
"""


def test_aliases_birth_and_notices(write: Callable[..., Path]) -> None:
    file = open_file(write("dtc.csv", CONTENT))
    assert state_dtc.recognize(file)
    parsed = state_dtc.read([file], partial=False)
    assert parsed.account.rows() == [("dtc.csv", 3, 2, 1)]
    person = parsed.frames.parties.filter(party_type="person").row(0, named=True)
    assert (person["primary_name"], person["listed_from"]) == ("Hukic, Bajro", date(1992, 9, 22))
    names = parsed.frames.names.filter(pl.col("party_id") == person["party_id"])["name"].to_list()
    assert names == ["Hukic, Bajro", "Bab Hucici", "Bob Hukic"]
    citations = parsed.frames.measures.filter(pl.col("party_id") == person["party_id"])["citations"].item()
    assert citations.to_list() == ["57 FR 43768", "57 FR 37184"]


@pytest.mark.parametrize(("name", "rows"), [("04172017", 516), ("01242018", 515)])
def test_official_files(shared: Path, name: str, rows: int) -> None:
    parsed = state_dtc.read(
        [open_file(shared / f"data/state/itar_debarred_party_list_{name}.csv")], partial=False
    )
    assert parsed.account["parsed"].to_list() == [rows]
    assert parsed.frames.parties.height == rows


def test_delta_pair_keeps_its_ids(shared: Path) -> None:
    old, new = (
        state_dtc.read(
            [open_file(shared / f"data/state/itar_debarred_party_list_{name}.csv")], False
        ).frames.parties
        for name in ("04172017", "01242018")
    )
    assert old.join(new, on="party_id", how="semi").height >= 514
