"""The Consolidated Screening List as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lists.errors import MalformedList
from lists.fetch import open_file
from lists.sources import csl_json
from lists.sources.registry import recognize_source

RECORD = {
    "source_list_url": "http://x",
    "source": "Specially Designated Nationals (SDN) - Treasury Department",
    "name": "BANCO NACIONAL DE CUBA",
    "entity_number": "306",
    "type": "Entity",
    "programs": ["CUBA", "SDGT"],
    "alt_names": ["BNC"],
    "addresses": [
        {"address": "Zweierstrasse 35", "city": "Zurich", "postal_code": "CH-8022", "country": "CH"}
    ],
    "ids": [{"type": "SWIFT/BIC", "number": "BNACCUHH", "country": None}],
    "nationalities": [],
}


@pytest.mark.parametrize("wrap", [lambda records: records, lambda records: {"total": 1, "results": records}])
def test_a_record_by_parts(write: Callable[..., Path], wrap: Callable[[list[object]], object]) -> None:
    file = open_file(write("sdn.json", json.dumps(wrap([RECORD, RECORD | {"source": "?"}, 7]))))
    source = recognize_source(file)
    assert source is not None and source.name == "csl_json"
    parsed = source.read([file], False)
    assert parsed.account.rows() == [("sdn.json", 3, 1, 2)]
    assert parsed.frames.parties.select("party_id", "programs", "countries").rows() == [
        ("SDN-306", ["CUBA", "SDGT"], ["CH"])
    ]
    assert parsed.frames.addresses.row(0)[2:] == ("Zweierstrasse 35", "Zurich", None, "CH-8022", "CH")
    assert parsed.frames.identifiers.rows() == [("SDN-306", "swift_bic", "BNACCUHH", None)]


def test_a_text_where_a_list_is_usual_is_a_list_of_one(write: Callable[..., Path]) -> None:
    """Field case 17: copies of the file made by other programs; the value was dropped."""
    lists = {
        "dates_of_birth": ["1960-01-02"],
        "alt_names": ["BNC"],
        "programs": ["CUBA"],
        "citizenships": ["CU"],
    }
    alone = {
        **{name: values[0] for name, values in lists.items()},
        "addresses": {"address": "Zweierstrasse 35", "city": "Zurich"},
        "ids": {"type": "SWIFT/BIC", "number": "BNACCUHH"},
    }
    usual = lists | {"addresses": [alone["addresses"]], "ids": [alone["ids"]]}
    read = [
        csl_json.read([open_file(write("one.json", json.dumps([RECORD | more])))], True).frames
        for more in (usual, alone)
    ]
    for table in ("parties", "names", "addresses", "identifiers"):
        assert getattr(read[0], table).equals(getattr(read[1], table)), table
    assert "1960" in str(read[1].identifiers.to_dicts())
    raw = csl_json.read(
        [open_file(write("raw.json", json.dumps([RECORD | {"addresses": "Calle 5, Havana"}])))], True
    )
    assert raw.frames.addresses["street"].to_list() == ["Calle 5, Havana"]


@pytest.mark.parametrize(
    "content",
    [
        '[{"source_list_url": "x", "source": "y", "name": "z"',
        '{"source": 1, "source_list_url": 2, "name": 3}',
    ],
)
def test_broken_documents_are_refused(write: Callable[..., Path], content: str) -> None:
    with pytest.raises(MalformedList):
        csl_json.read([open_file(write("x.json", content))], partial=True)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("dpl", 9),
        ("dtc", 4),
        ("el", 7),
        ("fse", 3),
        ("isn", 3),
        ("plc", 6),
        ("sdn", 4),
        ("ssi", 4),
        ("uvl", 13),
    ],
)
def test_official_samples(shared: Path, name: str, rows: int) -> None:
    parsed = csl_json.read([open_file(shared / f"data/csl/api-v2-samples/{name}.json")], partial=True)
    assert parsed.account.rows() == [(f"{name}.json", rows, rows, 0)]
    assert set(parsed.frames.parties["list"]) == {name.upper()}
