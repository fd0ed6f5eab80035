"""BODS 0.4: each statement about a relationship counts until the next one; hidden persons are undisclosed owners."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from pipelines.inputs.ownership import OwnershipReading, read_ownership
from screening.ownership import OwnershipNetwork

SHARES = ("owner_id", "owned_id", "share_min", "share_max", "interest", "direct")


def statement(kind: str, record: str, details: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "statementId": f"s-{record}-{more.get('statementDate', '2024-01-01')}",
        "statementDate": "2024-01-01",
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new",
        "recordDetails": details,
        **more,
    }


def relationship(
    record: str, owned: str, owner: Any, *interests: dict[str, Any], **more: Any
) -> dict[str, Any]:
    details = {"subject": owned, "interestedParty": owner, "interests": list(interests)}
    return statement("relationship", record, details, **more)


def interest(
    share: dict[str, Any] | None = None, kind: str = "shareholding", way: str = "direct"
) -> dict[str, Any]:
    return {"type": kind, "directOrIndirect": way, **({"share": share} if share else {})}


def read_bods(path: Path, *statements: Any, lines: bool = False) -> OwnershipReading:
    if lines:
        path.write_bytes(b"\n".join(orjson.dumps(each) for each in statements))
    else:
        path.write_bytes(orjson.dumps(statements))
    return read_ownership([path])


@pytest.mark.parametrize("lines", [False, True])
def test_bods_shares_and_interests(tmp_path: Path, lines: bool) -> None:
    company = {"entityType": {"type": "registeredEntity"}, "name": "C", "jurisdiction": {"code": "US-DE"}}
    read = read_bods(
        tmp_path / "bods.json",
        statement("entity", "c", company | {"identifiers": [{"scheme": "US-DE", "id": "1"}]}),
        statement("person", "p", {"personType": "knownPerson", "names": [{"fullName": "Pat"}]}),
        statement(
            "entity", "s", {"entityType": {"type": "state"}, "name": "S", "jurisdiction": {"code": "FI"}}
        ),
        statement("person", "x", {"personType": "anonymousPerson"}),
        relationship("r1", "c", "p", interest({"exact": 33.333}), interest({"exact": 60}, "votingRights")),
        relationship("r2", "c", "s", interest({"minimum": 25, "exclusiveMaximum": 50}, way="indirect")),
        relationship("r3", "c", "x", interest({"exclusiveMinimum": 5, "maximum": 10})),
        relationship("r4", "c", {"reason": "noBeneficialOwners"}),
        relationship("r5", "c", "q", {"directOrIndirect": "unknown"}, interest({"exact": 140})),
        lines=lines,
    )
    assert read.edges.select(SHARES).rows() == [
        ("p", "c", 333_330, 333_330, "equity", None),
        ("p", "c", 600_000, 600_000, "votes", None),
        ("s", "c", 250_000, 499_999, "equity", False),
        (None, "c", 50_001, 100_000, "equity", None),
        (None, "c", 0, 1_000_000, "equity", False),
        ("q", "c", 0, 1_000_000, "equity", False),
        ("q", "c", 0, 1_000_000, "equity", None),
    ]
    assert read.entities.select(
        "entity_id", "name", "kind", "incorporation_country", "identifiers"
    ).rows() == [
        ("c", "C", "organization", "US", ["US-DE:1"]),
        ("p", "Pat", "person", None, None),
        ("s", "S", "state", "FI", None),
    ]
    assert read.problems["reason"].to_list() == [
        "not a share from 0 to 100 percent; taken as undisclosed",
    ]


def test_bods_statements_supersede_each_other_and_end(tmp_path: Path) -> None:
    read = read_bods(
        tmp_path / "bods.json",
        relationship("r", "c", "p", interest({"exact": 100}), statementDate="2020-01-01"),
        relationship(
            "r", "c", "p", interest({"exact": 40}), statementDate="2022-01-01", recordStatus="updated"
        ),
        relationship(
            "r", "c", "p", interest({"exact": 40}), statementDate="2023-01-01", recordStatus="closed"
        ),
        {"statementId": "?", "recordType": "relationship"},
    )
    assert read.edges.select("share_min", "end").rows() == [
        (1_000_000, date(2021, 12, 31)),
        (400_000, date(2022, 12, 31)),
    ]
    assert read.problems["row"].to_list() == [4]
    net = OwnershipNetwork.from_edges(read.edges, as_of=date(2022, 6, 1))
    assert net.cascade({"p"})["low"].to_list() == [400_000, 0]


def test_bods_examples(shared: Path) -> None:
    folder = shared / "data" / "ownership" / "bods"
    paths = sorted(folder.glob("*.json"))
    assert len(paths) == 22
    for path in paths:
        assert read_ownership([path]).problems.is_empty(), path.name
    loop = OwnershipNetwork.from_edges(read_ownership([folder / "fixture-10-circular-ownership.json"]).edges)
    assert loop.cascade({"rec-alpha-corp"})["status"].to_list() == ["restricted", "restricted"]
    state = read_ownership([folder / "example-bods-package-fi-soe.json"])
    parents = OwnershipNetwork.from_edges(state.edges, state.entities).ultimate_parents()
    assert parents.filter(pl.col("entity_id") == "19f1c5afe9d7")["parent_name"].item() == "Suomen tasavalta"
    unnamed = read_ownership([folder / "fixture-11-anonymous-person.json"]).edges
    assert unnamed["owner_id"].to_list() == [None]


def test_countries_are_read_or_told_and_regions_stay(tmp_path: Path) -> None:
    def company(number: int, code: str, home: str) -> dict[str, object]:
        details = {
            "entityType": {"type": "registeredEntity"}, "name": f"Lion {number}",
            "jurisdiction": {"code": code}, "addresses": [{"country": {"code": home}}],
        }  # fmt: skip
        return {"statementId": f"s{number}", "recordId": f"e{number}", "recordType": "entity",
                "recordDetails": details}  # fmt: skip

    path = tmp_path / "bods.json"
    statements = [company(1, "GB", "us-de"), company(2, "Crimea", "Narnia"), company(3, "ZZ", "PA")]
    path.write_bytes(orjson.dumps(statements))
    reading = read_ownership([path])
    columns = ("country", "incorporation_country", "country_remarks")
    assert reading.entities.select(columns).rows() == [
        ("US", "GB", None), (None, "UA", ["incorporation_country=UA-43"]), ("PA", None, None),
    ]  # fmt: skip
    assert reading.problems.select("row", "column", "value").rows() == [
        (2, "country", "Narnia"), (3, "incorporation_country", "ZZ"),
    ]  # fmt: skip
