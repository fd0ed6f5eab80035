"""Ultimate parents: where a chain of majorities ends, and where it is unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.ownership import OwnershipNetwork
from screening.ownership.parents import follow_parents


def find_parents(rows: list[tuple[Any, ...]], hq: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    schema = ["owner_id", "owned_id", "share_min", "share_max", "interest", "direct"]
    padded = [(*row, *("equity", True)[len(row) - 4 :]) for row in rows]
    entities = pl.DataFrame(
        list((hq or {}).items()), schema={"entity_id": pl.String, "hq_country": pl.String}, orient="row"
    )
    net = OwnershipNetwork.from_edges(pl.DataFrame(padded, schema=schema, orient="row"), entities)
    return {row["entity_id"]: row for row in net.ultimate_parents().iter_rows(named=True)}


def test_a_majority_chain_ends_where_nobody_is_recorded() -> None:
    found = find_parents([("T", "A", 600_000, 600_000), ("A", "C", 500_001, 500_001)], {"T": "CN"})
    want = {
        "entity_id": "C",
        "parent_id": "T",
        "parent_name": None,
        "hq_country": "CN",
        "incorporation_country": None,
        "basis": "majority_chain",
        "unknown": False,
        "largest_holder_id": None,
        "offshore_caution": False,
    }
    assert found["C"] == want
    assert (found["T"]["parent_id"], found["T"]["basis"], found["T"]["unknown"]) == (
        None,
        "no_owner_on_record",
        True,
    )


def test_exactly_half_is_no_majority() -> None:
    row = find_parents([("A", "C", 500_000, 500_000), ("B", "C", 500_000, 500_000)], {"C": "DE"})["C"]
    assert (row["parent_id"], row["hq_country"]) == ("C", "DE")
    assert (row["basis"], row["unknown"]) == ("joint_half", True)
    assert row["largest_holder_id"] == "A"


def test_an_owner_who_may_have_a_majority_leaves_the_parent_unknown() -> None:
    row = find_parents([("A", "C", 0, 1_000_000)])["C"]
    assert (row["basis"], row["unknown"]) == ("remainder_open", True)
    row = find_parents([("A", "C", 0, 1_000_000), ("B", "C", 500_000, 500_000)])["C"]
    assert (row["basis"], row["unknown"]) == ("remainder_open", True)  # what is not on record may be B's
    full = [("A", "C", 450_000, 450_000), ("B", "C", 300_000, 300_000), ("D", "C", 250_000, 250_000)]
    row = find_parents(full)["C"]
    assert (row["basis"], row["unknown"]) == ("no_majority", False)


def test_an_undisclosed_majority_leaves_the_parent_unknown() -> None:
    row = find_parents([("A", "C", 200_000, 200_000), (None, "C", 700_000, 700_000)])["C"]
    assert (row["basis"], row["unknown"]) == ("remainder_open", True)


def test_declared_control_counts_where_no_majority_is_disclosed() -> None:
    rows = [
        ("direct", "C", 0, 1_000_000, "consolidation", True),
        ("ultimate", "C", 0, 1_000_000, "consolidation", False),
        ("sponsor", "C", 0, 1_000_000, "control", True),
    ]
    row = find_parents(rows, {"ultimate": "JP"})["C"]
    assert (row["parent_id"], row["basis"], row["hq_country"]) == ("ultimate", "declared", "JP")
    assert find_parents([*rows, ("owner", "C", 510_000, 510_000)])["C"]["parent_id"] == "owner"


def test_loops_have_no_known_top() -> None:
    found = find_parents(
        [("A", "B", 600_000, 600_000), ("B", "A", 600_000, 600_000), ("B", "C", 900_000, 900_000)]
    )
    assert {(row["parent_id"], row["basis"], row["unknown"]) for row in found.values()} == {
        ("A", "majority_chain", True)
    }


def test_a_stake_in_oneself_is_no_owner() -> None:
    row = find_parents([("C", "C", 1_000_000, 1_000_000)])["C"]
    assert (row["parent_id"], row["basis"], row["unknown"]) == (None, "no_owner_on_record", True)


def test_a_parent_in_a_place_of_registered_offices_calls_for_caution() -> None:
    edges = [("T", "C", 600_000, 600_000)]
    assert find_parents(edges, {"T": "KY"})["C"]["offshore_caution"] is True
    assert find_parents(edges, {"T": "CN"})["C"]["offshore_caution"] is False
    entities = pl.DataFrame({"entity_id": ["T"], "incorporation_country": ["VG"]})
    table = pl.DataFrame(edges, schema=["owner_id", "owned_id", "share_min", "share_max"], orient="row")
    row = OwnershipNetwork.from_edges(table, entities).ultimate_parents().row(0, named=True)
    assert (row["hq_country"], row["incorporation_country"], row["offshore_caution"]) == (None, "VG", True)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(-1, 14), st.integers(-1, 14)), min_size=15, max_size=15))
def test_climbing_equals_walking(links: list[tuple[int, int]]) -> None:
    """Link by link, by hand: majority before declared, a loop stands for itself by its lowest node."""
    majority = np.array([-1 if m == node else m for node, (m, _) in enumerate(links)])
    declared = np.array([-1 if d == node else d for node, (_, d) in enumerate(links)])
    ends = follow_parents(majority, declared)
    for node in range(len(links)):
        trail, weak, at = [node], False, node
        while (step := majority[at] if majority[at] >= 0 else declared[at]) >= 0:
            weak = weak or majority[at] < 0
            if step in trail:
                break
            trail.append(int(step))
            at = int(step)
        looped = step >= 0
        top = min(trail[trail.index(int(step)) :]) if looped else trail[-1]
        assert (ends.node[node], ends.looped[node], ends.declared[node]) == (top, looped, weak)
        assert ends.has_parent[node] == (len(trail) > 1 or looped)
