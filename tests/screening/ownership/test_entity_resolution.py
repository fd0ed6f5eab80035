"""Records of one entity from several sources become one node."""

from __future__ import annotations

import polars as pl

from screening.ownership import OwnershipNetwork
from screening.ownership.edges import check_edges, check_entities
from screening.ownership.entity_resolution import merge
from screening.ownership.identity_keys import BEARERS


def entities(*rows: tuple[str, str | None, str | None, list[str]]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=["entity_id", "name", "country", "identifiers"], orient="row")
    return check_entities(frame)


def edges(*rows: tuple[str | None, str, int, int]) -> pl.DataFrame:
    columns = ["owner_id", "owned_id", "share_min", "share_max"]
    return check_edges(pl.DataFrame(list(rows), schema=columns, orient="row"))


def pairs(aliases: pl.DataFrame) -> list[tuple[str, str]]:
    return aliases.select("alias_id", "entity_id").rows()


def test_an_lei_and_a_register_number_join_records_of_three_sources() -> None:
    given = entities(
        ("customer-1", "Acme", None, ["registration:x", "LEI: 5493 0000 AAAA"]),
        ("54930000AAAA", "ACME LTD", "GB", ["lei:54930000AAAA", "RA000585:00000077"]),
        ("GB-COH:00000077", None, None, ["GB-COH:00000077"]),
        ("other", "Other", "GB", ["RA000585:00000078"]),
    )
    table = edges(("listed", "GB-COH:00000077", 600_000, 600_000), ("54930000AAAA", "sub", 500_000, 500_000))
    merged = merge(table, given, keep=["customer-1"])
    assert pairs(merged.aliases) == [("54930000AAAA", "customer-1"), ("GB-COH:00000077", "customer-1")]
    assert set(merged.aliases["confidence"]) == {1.0}
    row = merged.entities.filter(pl.col("entity_id") == "customer-1").row(0, named=True)
    assert (row["name"], row["country"]) == ("Acme", "GB")
    found = OwnershipNetwork.from_edges(merged.stored, merged.entities).cascade({"listed"})
    assert found.filter(pl.col("status") == "restricted")["entity_id"].to_list() == ["customer-1", "sub"]


def test_a_share_in_two_registers_counts_once() -> None:
    given = entities(("a", None, None, ["lei:LEIA"]), ("A2", None, None, ["lei:LEIA"]))
    table = edges(("a", "c", 300_000, 300_000), ("A2", "c", 300_000, 300_000))
    net = OwnershipNetwork.from_edges(merge(table, given).stored)
    assert net.cascade({"A2"}).filter(pl.col("entity_id") == "c")["low"].item() == 300_000


def test_weak_and_crowded_identifiers_join_nobody() -> None:
    crowd = entities(
        *((f"e{n:02}", None, None, ["registration:0000000"]) for n in range(BEARERS + 1)),
        ("p", None, None, ["date_of_birth:1970-01-01", "registration:7"]),
        ("q", None, None, ["date_of_birth:1970-01-01", "registration:7"]),
    )
    merged = merge(edges(), crowd)
    assert merged.aliases.is_empty()
    assert merged.shared.rows() == [("registration:0000000", BEARERS + 1)]


def test_names_join_only_on_request_and_with_a_stated_confidence() -> None:
    given = entities(
        ("a", "Acme Co., Ltd.", "CN", []), ("b", "ACME CO LTD", "CN", []), ("c", "Acme Co Ltd", "HK", [])
    )
    assert merge(edges(), given).aliases.is_empty()
    assert merge(edges(), given, by_name=True).aliases.rows() == [
        ("b", "a", "name_and_country", "acme co ltd @ CN", 0.9)
    ]


def test_a_merged_pair_owns_nothing_of_itself() -> None:
    given = entities(("a", None, None, ["lei:LEIA"]), ("b", None, None, ["lei:LEIA"]))
    merged = merge(edges(("a", "b", 1_000_000, 1_000_000), ("c", "c", 200_000, 200_000)), given)
    assert merged.stored.collect().select("owner_id", "owned_id").rows() == [("c", "c")]
