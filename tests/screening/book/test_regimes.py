"""The 50 percent test per regime: whose holdings count, and how sure we are of the holders."""

from __future__ import annotations

import polars as pl

from screening.book.regimes import restricted_entities
from screening.ownership import OwnershipNetwork

FLOOR = 100_000


def network(*edges: tuple[str, str, int]) -> OwnershipNetwork:
    frame = pl.DataFrame(edges, schema=["owner_id", "owned_id", "share_min"], orient="row")
    return OwnershipNetwork.from_edges(frame.with_columns(share_max=pl.col("share_min")))


def hits(*rows: tuple[str, str, bool, str]) -> pl.DataFrame:
    """Rows of entity, list, carries a 744.8 tag, band."""
    frame = pl.DataFrame(rows, schema=["matched_entity_id", "list", "ear_744_8", "band"], orient="row")
    frame = frame.with_columns(license_policy=pl.lit("case_by_case"))
    score = pl.when(pl.col("band") == "alert").then(0.97).otherwise(0.7)
    return frame.with_columns(
        pl.concat_str("list", pl.lit("-"), "matched_entity_id").alias("party_id"), score=score
    )


def verdicts(net: OwnershipNetwork, found: pl.DataFrame) -> dict[tuple[str, str], dict[str, object]]:
    table = restricted_entities(net, found, FLOOR)
    return {(row["entity_id"], row["regime"]): row for row in table.to_dicts()}


def test_entity_list_and_meu_holders_add_up_but_not_for_ofac() -> None:
    net = network(("x", "c", 300_000), ("y", "c", 200_000))
    found = verdicts(net, hits(("x", "EL", False, "alert"), ("y", "MEU", False, "alert")))
    assert found["c", "bis"]["status"] == "restricted"
    assert found["c", "bis"]["root_lists"] == ["EL", "MEU"]
    assert found["c", "bis"]["license_policies"] == ["case_by_case"]
    assert ("c", "ofac") not in found


def test_an_sdn_without_a_tag_counts_for_ofac_alone() -> None:
    found = verdicts(network(("x", "c", 500_000)), hits(("x", "SDN", False, "alert")))
    assert found["c", "ofac"]["status"] == "restricted"
    assert ("c", "bis") not in found
    tagged = verdicts(network(("x", "c", 500_000)), hits(("x", "SDN", True, "alert")))
    assert {regime for _, regime in tagged} == {"bis", "ofac"}


def test_a_doubtful_owner_makes_a_doubtful_result_with_its_probability() -> None:
    found = verdicts(network(("x", "c", 600_000)), hits(("x", "EL", False, "review")))
    row = found["c", "bis"]
    assert (row["status"], row["root_band"], row["root_score"]) == ("restricted", "review", 0.7)


def test_a_doubtful_further_owner_does_not_weaken_a_sure_result() -> None:
    net = network(("x", "c", 600_000), ("y", "c", 100_000))
    found = verdicts(net, hits(("x", "EL", False, "alert"), ("y", "EL", False, "review")))
    assert (found["c", "bis"]["status"], found["c", "bis"]["root_band"]) == ("restricted", "alert")


def test_unlisted_lists_restrict_nobody() -> None:
    assert (
        verdicts(
            network(("x", "c", 900_000)), hits(("x", "UVL", False, "alert"), ("x", "DPL", False, "alert"))
        )
        == {}
    )
