"""FollowTheMoney: edges of ownership and office, and the entities between them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import orjson

from pipelines.inputs.ownership import read_ownership

SHARES = ("owner_id", "owned_id", "share_min", "share_max", "interest", "direct")


def test_ftm(tmp_path: Path) -> None:
    def entity(key: str, schema: str, **properties: list[str]) -> bytes:
        return orjson.dumps({"id": key, "schema": schema, "properties": properties})

    path = tmp_path / "entities.ftm.json"
    path.write_bytes(
        b"\n".join(
            [
                entity("c", "Company", name=["C"], jurisdiction=["us"], leiCode=["LEI1"]),
                entity("s", "PublicBody", name=["State"], country=["fi"]),
                entity(
                    "o", "Ownership", owner=["a"], asset=["c"], percentage=["25-50"], endDate=["2020-05-05"]
                ),
                entity("d", "Directorship", director=["p"], organization=["c"]),
                entity("f", "Family", person=["p"], relative=["q"]),
                entity("x", "Ownership", owner=["a"]),
                entity("e", "Event", name=["?"]),
            ]
        )
    )
    read = read_ownership([path])
    assert read.edges.select(*SHARES[:5], "end").rows() == [
        ("a", "c", 250_000, 500_000, "equity", date(2020, 5, 5)),
        ("p", "c", 0, 1_000_000, "board", None),
        ("p", "q", 0, 1_000_000, "family", None),
    ]
    assert read.entities.select(
        "entity_id", "kind", "country", "incorporation_country", "identifiers"
    ).rows() == [
        ("c", "organization", None, "US", ["lei:LEI1"]),
        ("s", "state", "FI", None, None),
    ]
    assert read.problems["row"].to_list() == [6]
