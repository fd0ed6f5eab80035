"""FollowTheMoney datasets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.errors import MalformedList
from lists.fetch import open_file
from lists.sources import ftm

ACME = {
    "id": "NK-1", "caption": "Acme LLC", "schema": "Company", "datasets": ["xx_watch"],
    "properties": {"name": ["Acme LLC", "ООО Акме"], "weakAlias": ["ACM"], "previousName": ["Zenith"],
                   "country": ["ru"], "leiCode": ["5493001KJTIIGC8Y1R12"], "addressEntity": ["addr-1"]},
}  # fmt: skip
BOSS = {
    "id": "NK-2",
    "caption": "Jane Roe",
    "schema": "Person",
    "properties": {"name": ["Jane Roe"], "nationality": ["ir"]},
}
LINKED = [
    {
        "id": "s-1",
        "schema": "Sanction",
        "properties": {"entity": ["NK-1"], "program": ["P1"], "startDate": ["2020-02-01"]},
    },
    {
        "id": "o-1",
        "schema": "Ownership",
        "properties": {"owner": ["NK-2"], "asset": ["NK-1"], "percentage": ["60"]},
    },
    {
        "id": "addr-1",
        "schema": "Address",
        "caption": "1 Arbat, Moscow",
        "properties": {"city": ["Moscow"], "country": ["ru"]},
    },
]


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def test_a_dataset_is_a_list(write: Callable[..., Path]) -> None:
    file = open_file(write("entities.ftm.json", lines(ACME, BOSS, *LINKED)))
    assert ftm.recognize(file)
    parsed = ftm.read([file], partial=False)
    frames = parsed.frames
    assert frames.parties.select(
        "party_id", "list", "party_type", "countries", "programs", "listed_from"
    ).rows() == [
        ("XX_WATCH-NK-1", "XX_WATCH", "organization", ["RU"], ["P1"], date(2020, 2, 1)),
        ("XX_WATCH-NK-2", "XX_WATCH", "person", ["IR"], [], None),
    ]
    assert frames.names.filter(party_id="XX_WATCH-NK-1").drop("party_id").rows() == [
        ("Acme LLC", "primary", "strong", "Latn"), ("ACM", "aka", "weak", "Latn"), ("Zenith", "fka", "strong", "Latn"),
        ("ООО Акме", "aka", "strong", "Cyrl"),
    ]  # fmt: skip
    assert ("XX_WATCH-NK-1", "lei", "5493001KJTIIGC8Y1R12", None) in frames.identifiers.rows()
    assert frames.relations.rows() == [("XX_WATCH-NK-1", "owned_by", "Jane Roe", "XX_WATCH-NK-2", "60")]
    assert frames.addresses.rows() == [("XX_WATCH-NK-1", "1 Arbat, Moscow", None, "Moscow", None, None, "RU")]
    assert parsed.account.rows() == [("entities.ftm.json", 5, 5, 0)]


def test_bad_lines_are_quarantined(write: Callable[..., Path]) -> None:
    nameless = BOSS | {"id": "NK-3", "properties": {}}
    content = lines(ACME, nameless, ACME, {"id": 5}) + "{broken\n" + lines(BOSS)
    parsed = ftm.read([open_file(write("x.json", content))], partial=False)
    assert parsed.account.rows() == [("x.json", 6, 2, 4)]


def test_a_last_line_that_breaks_off_is_a_cut_off_file(write: Callable[..., Path]) -> None:
    path = write("x.json", lines(ACME) + lines(BOSS)[:40])
    with pytest.raises(MalformedList, match="cut off"):
        ftm.read([open_file(path)], partial=False)
    assert ftm.read([open_file(path)], partial=True).frames.parties.height == 1
