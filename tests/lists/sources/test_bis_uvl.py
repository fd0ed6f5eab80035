"""The Unverified List as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lists.fetch import open_file
from lists.sources import bis_uvl

CONTENT = """\
COUNTRY,NAME,ADDRESS,,,
Hong Kong,Brilliance Technology Ltd,"114–116 Austin Road",,,
Hong Kong,Brilliance Technology Ltd,"38 Pitt Street",,,
Russia,"Training 2, a.k.a. T2BA, a.k.a. Academy of Training","Moscow, Russia",,,
"""


def test_addresses_of_one_party_are_grouped_and_aliases_stay(write: Callable[..., Path]) -> None:
    file = open_file(write("uvl.csv", CONTENT.encode("cp1252")))
    assert bis_uvl.recognize(file)
    parsed = bis_uvl.read([file], partial=False)
    frames = parsed.frames
    assert sorted(frames.parties["primary_name"]) == ["Brilliance Technology Ltd", "Training 2"]
    assert sorted(frames.names.filter(name_kind="aka")["name"]) == ["Academy of Training", "T2BA"]
    assert "114–116 Austin Road" in frames.addresses["raw"].to_list(), "curly signs of cp1252 arrive"
    assert parsed.warnings == ("uvl.csv: 1 lines are not UTF-8, read as cp1252",)


def test_official_sample(shared: Path) -> None:
    parsed = bis_uvl.read([open_file(shared / "data/bis/ita-source-samples/uvl.csv")], partial=False)
    assert parsed.account.rows() == [("uvl.csv", 19, 19, 0)]
    assert (parsed.frames.parties.height, parsed.frames.addresses.height) == (13, 19)
