"""The Denied Persons List."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.assembly import Parsed
from lists.errors import MalformedList
from lists.fetch import open_file
from lists.sources import bis_dpl

ROW = (" I. ASH", "FCI SEAGOVILLE", "SEAGOVILLE", "TX", "", "75159", "06/19/2003", "06/29/2056", "y", "3017-08-22",
       "NEW", "68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06")  # fmt: skip


@pytest.fixture
def read(write: Callable[..., Path], make_dpl: Callable[..., str]) -> Callable[..., Parsed]:
    def reader(*rows: tuple[str, ...]) -> Parsed:
        file = open_file(write("dpl.txt", make_dpl(*rows)))
        assert bis_dpl.recognize(file)
        return bis_dpl.read([file], partial=False)

    return reader


def test_a_party_with_its_order(read: Callable[..., Parsed]) -> None:
    frames = read(ROW).frames
    party = frames.parties.row(0, named=True)
    assert party["primary_name"] == "I. ASH"
    assert (party["listed_from"], party["listed_to"]) == (date(2003, 6, 19), date(2056, 6, 29))
    assert party["countries"] == ["US"], "a US state names the country that the file leaves blank"
    assert frames.measures["citations"].item().to_list() == ["68 FR 38290", "71 FR 38843"]
    assert frames.measures["end"].item() == date(2056, 6, 29)


def test_expired_and_endless_orders_stay(read: Callable[..., Parsed]) -> None:
    expired = (*ROW[:7], "06/29/2010", *ROW[8:])
    endless = (*ROW[:7], "", *ROW[8:])
    ends = read(expired, endless).frames.parties["listed_to"].to_list()
    assert sorted(ends, key=str) == [date(2010, 6, 29), None]


def test_a_row_that_leaves_out_its_last_fields_is_still_a_denied_person(write: Callable[..., Path]) -> None:
    header = "\t".join([*bis_dpl.COLUMNS, *bis_dpl.SINCE_2018])
    short, shorter = "\t".join(ROW[:10]), "\t".join(ROW[:4])
    file = open_file(write("dpl.txt", f"{header}\n{short}\n{shorter}\n"))
    parsed = bis_dpl.read([file], partial=False)
    assert parsed.account.rows() == [("dpl.txt", 2, 1, 1)]
    with pytest.raises(MalformedList, match="cut off"):
        bis_dpl.read([open_file(write("dpl.txt", f"{header}\n{short}\n{short}"))], partial=False)


def test_unreadable_dates_and_nameless_rows_are_quarantined(read: Callable[..., Parsed]) -> None:
    parsed = read(ROW, ("", *ROW[1:]), (*ROW[:7], "soon", *ROW[8:]))
    assert parsed.frames.parties.height == 1
    assert parsed.quarantine.select("row", "list", "reason").rows() == [
        (2, "DPL", "has no name"), (3, "DPL", "expiration_date is no date"),
    ]  # fmt: skip


def test_one_order_at_two_addresses_is_one_party_and_a_second_order_another(
    read: Callable[..., Parsed],
) -> None:
    elsewhere = (ROW[0], "1 OTHER STREET", *ROW[2:])
    again = (*ROW[:6], "01/01/2020", *ROW[7:11], "85 FR 100")
    frames = read(ROW, elsewhere, again).frames
    assert frames.parties["source_ref"].to_list() == ["dpl.txt row 1, 2", "dpl.txt row 3"]
    assert frames.addresses["party_id"].n_unique() == 2
    assert set(frames.parties["party_id"]) == set(read(again, elsewhere, ROW).frames.parties["party_id"])


@pytest.mark.parametrize(
    ("name", "rows", "parties"),
    [("2014", 474, 377), ("2018", 539, 409), ("2019", 546, 416), ("2022", 581, 460)],
)
def test_every_row_of_the_official_files(shared: Path, name: str, rows: int, parties: int) -> None:
    parsed = bis_dpl.read([open_file(shared / f"data/bis/dpl-{name}.txt")], partial=False)
    assert parsed.account.rows() == [(f"dpl-{name}.txt", rows, rows, 0)]
    assert (parsed.frames.parties.height, parsed.frames.addresses.height) == (parties, rows)
    assert parsed.frames.parties["listed_from"].null_count() == 0
