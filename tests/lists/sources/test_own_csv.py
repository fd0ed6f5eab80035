"""Lists of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.errors import MalformedList
from lists.fetch import open_file
from lists.refresh import RefreshReport
from lists.sources import own_csv
from lists.store import Store

TOML = """\
list = "WATCH"
published = 2026-01-05
delimiter = ";"
separator = "|"
[columns]
name = "Company"
other_names = "Also"
country = "Land"
listed_from = "Since"
lei = "LEI"
address = "Street"
"""
CSV = """\
Company;Also;Land;Since;LEI;Street
Acme LLC;Acme|Akme OOO;Russia|CN;2020-02-01;5493001KJTIIGC8Y1R12;1 Arbat
;x;;;;
Late Ltd;;Atlantis;never;;
"""


def test_mapped_columns(write: Callable[..., Path]) -> None:
    write("watch.toml", TOML)
    file = open_file(write("watch.csv.gz", CSV))
    assert own_csv.recognize(file)
    parsed = own_csv.read([file], partial=False)
    assert parsed.account.rows() == [("watch.csv", 3, 1, 2)]
    assert parsed.published == date(2026, 1, 5)
    frames = parsed.frames
    assert frames.parties.select("list", "primary_name", "countries", "listed_from").rows() == [
        ("WATCH", "Acme LLC", ["CN", "RU"], date(2020, 2, 1))
    ]
    assert frames.names["name"].to_list() == ["Acme LLC", "Acme", "Akme OOO"]
    assert frames.identifiers.drop("party_id").rows() == [("lei", "5493001KJTIIGC8Y1R12", None)]
    assert frames.addresses["country"].to_list() == ["RU"]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("list = 'SDN'\n[columns]\nname = 'Company'", "code of your own"),
        ("list = '../../x'\n[columns]\nname = 'Company'", "code of your own"),
        ("list = 'WATCH'", "which column is the name"),
        ("list = 'WATCH'\n[columns]\nname = 'Firm'", "has no column Firm"),
        ("list = ", "not readable"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(write: Callable[..., Path], toml: str, message: str) -> None:
    write("watch.toml", toml)
    with pytest.raises(MalformedList, match=message):
        own_csv.read([open_file(write("watch.csv", "Company\nAcme\n"))], partial=False)


def test_without_a_mapping_a_csv_is_no_list(write: Callable[..., Path]) -> None:
    assert not own_csv.recognize(open_file(write("watch.csv", CSV)))


def test_an_own_list_stands_in_the_store_like_any_other(
    store: Store, take: Callable[..., RefreshReport], write: Callable[..., Path]
) -> None:
    write("watch.toml", TOML.replace('delimiter = ";"', 'delimiter = ","'))
    report = take(write("watch.csv", "Company,Also,Land,Since,LEI,Street\nAcme,,,,,\n"), partial=False)
    assert not report.failed
    assert [ref.name[:16] for ref in store.load().snapshots] == ["WATCH/2026-01-05"]
