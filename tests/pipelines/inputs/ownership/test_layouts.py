"""A layout is recognized by its content, and one of no known layout is refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputRejected
from pipelines.inputs.ownership import read_ownership


def test_shares_written_behind_names(tmp_path: Path) -> None:
    path = tmp_path / "plants.csv"
    path.write_text(
        "plant,owners\np1,A [55.0%]; B [45.0%]\np2,C (nan%); D (30%)\np3,E [7.000000000000001%];\np4,F; G\n"
        "p5,unknown [60%]; H [40%]\n"
    )
    edges = read_ownership([path], columns={"owned_id": "plant", "owner_id": "owners"}).edges
    assert edges.select("owner_id", "owned_id", "share_min", "share_max").rows() == [
        ("A", "p1", 550_000, 550_000),
        ("B", "p1", 450_000, 450_000),
        ("C", "p2", 0, 1_000_000),
        ("D", "p2", 300_000, 300_000),
        ("E", "p3", 70_000, 70_000),
        ("F", "p4", 0, 1_000_000),
        ("G", "p4", 0, 1_000_000),
        (None, "p5", 600_000, 600_000),
        ("H", "p5", 400_000, 400_000),
    ]


def test_global_energy_monitor_maps(shared: Path) -> None:
    folder = shared / "data" / "ownership" / "gem"
    maps = {
        "Iron-Steel-map-file-2025-03-25.csv": ("owner-gem-id", "parent-gem-id", 700),
        "nuclear-map-file-2024-07-17.csv": ("project-name", "owner", 1_300),
        "Oil-Gas-Extraction-map-file-2025-02-26.csv.gz": ("unit-id", "owner", 6_000),
        "LNG-terminals-map-file-2024-10-08.csv.gz": ("id", "owner", 4_500),
    }
    for name, (owned, owner, exact) in maps.items():
        edges = read_ownership([folder / name], columns={"owned_id": owned, "owner_id": owner}).edges
        assert edges.filter(pl.col("share_min") == pl.col("share_max")).height > exact, name


@pytest.mark.parametrize("text", ['[{"a": 1}]', "[1, 2", ""])
def test_json_of_another_layout_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "some.json"
    path.write_text(text)
    with pytest.raises(InputRejected):
        read_ownership([path])
