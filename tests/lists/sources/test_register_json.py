"""Registers as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.fetch import open_file
from lists.sources import register_json

ENTITY: dict[str, object] = {
    "name": "Address 01", "aliases": [], "country": "China", "address": "1 Luard Rd, Hong Kong; and 2 Rd, Kowloon.",
    "effective_date": None, "federal_register": "89 FR 51652, 6/18/24",
    "notes": "For all items (See §§ 734.9(e)(1) and 744.11 of the EAR)",
}  # fmt: skip


def test_entities_of_a_register(write: Callable[..., Path]) -> None:
    content = {
        "list_id": "bis-entity-list",
        "extracted": "2026-07-09",
        "entities": [ENTITY, ENTITY | {"name": " "}],
    }
    file = open_file(write("el.json", json.dumps(content)))
    assert register_json.recognize(file)
    parsed = register_json.read([file], partial=False)
    assert parsed.account.rows() == [("el.json", 2, 1, 1)]
    assert parsed.published == date(2026, 7, 9)
    assert parsed.frames.parties.select("party_type", "listed_from").rows() == [
        ("address", date(2024, 6, 18))
    ]
    assert parsed.frames.addresses["raw"].to_list() == ["1 Luard Rd, Hong Kong", "2 Rd, Kowloon"]
    assert parsed.frames.measures["footnotes"].to_list() == [[1]]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("bis/bis_entity_list.2026-07-09", 3_409),
        ("bis/bis_meu.2026-07-09", 70),
        ("bis/bis_dpl.2026-07-09", 564),
        ("state/isn_nonproliferation.2025-05", 528),
        ("state/ddtc_aeca_debarred_statutory.2026-07-09", 779),
    ],
)
def test_derived_files(shared: Path, name: str, rows: int) -> None:
    parsed = register_json.read([open_file(shared / f"data/{name}.json")], partial=True)
    assert parsed.account.rows()[0][1:] == (rows, rows, 0)
    assert parsed.frames.parties.height == rows
