"""Screen every owner of two real networks against the full lists and print who is caught or indeterminate.

    python -m benchmarks.ownership.real FOLDER STORE

FOLDER holds `ownership/gleif` and `ownership/gem`; STORE holds snapshots of the lists (`headwater refresh`).
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import polars as pl

from lists.store import Store
from pipelines.inputs.ownership import OwnershipReading, read_ownership
from screening.book.below_line import above_line
from screening.book.matches import join_parties
from screening.book.regimes import restricted_entities
from screening.book.screener import Screener
from screening.ownership import OwnershipNetwork
from screening.policy import Matching

AS_OF = date(2026, 11, 15)
STEEL = {
    "owned_id": "owner_id",
    "owned_name": "owner",
    "owner_id": "parent_id",
    "owner_name": "parent",
    "share_percent": "share_pct",
}


def main(folder: Path, store: Path) -> None:
    screener = Screener.on_day(Store(store).load(AS_OF).frames, AS_OF, Matching())
    gleif = folder / "ownership" / "gleif"
    worlds = {
        "GLEIF, the small subset": read_ownership(
            sorted(gleif.glob("*rr-golden-copy-subset-small.csv")), next(gleif.glob("*lei2-subset*"))
        ),
        "Steel plant owners": read_ownership(
            [folder / "ownership" / "gem" / "gist-owner-parent-edges.derived.csv"], columns=STEEL
        ),
    }
    for name, reading in worlds.items():
        print(f"\n## {name}")
        show(reading, screener)


def show(reading: OwnershipReading, screener: Screener) -> None:
    network = OwnershipNetwork.from_edges(reading.edges, reading.entities, AS_OF)
    ends = pl.concat([reading.edges["owner_id"], reading.edges["owned_id"]]).drop_nulls().unique()
    inside = network.entities.filter(pl.col("entity_id").is_in(ends.implode()))
    person = pl.col("kind") == "person"
    people = inside.with_columns(kind=pl.when(person).then("kind").otherwise(pl.lit("organization")))
    found = above_line(join_parties([screener.match_entities(people)], screener.parties))
    alerts = found.filter(pl.col("band") == "alert")
    print(
        f"{inside.height:,} entities, {reading.edges.height:,} edges, {reading.set_aside} rows set aside; "
        f"{alerts['matched_entity_id'].n_unique()} entities match a party in the alert band, "
        f"{found['matched_entity_id'].n_unique()} at review or above"
    )
    restricted = restricted_entities(network, found, 100_000).join(inside, on="entity_id", how="semi")
    print(
        restricted.group_by("regime", "root_band", "status", "cause")
        .len()
        .sort("regime", "root_band", "status")
    )
    pl.Config.set_tbl_rows(200).set_fmt_str_lengths(150).set_tbl_width_chars(
        260
    ).set_tbl_hide_dataframe_shape(True)
    worst = restricted.filter(
        pl.col("status").is_in(["restricted", "indeterminate"]) & (pl.col("root_band") == "alert")
    )
    print(
        worst.select(
            "regime", "status", "low", "high", "root_score", pl.col("root_lists").list.join("+"), "path"
        )
    )
    best = alerts.unique("matched_entity_id", keep="first", maintain_order=True)
    print(
        best.select("query_name", "matched_name", "list", pl.col("score").round(3)).sort(
            "score", descending=True
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
