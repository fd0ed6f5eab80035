"""The mappings of columns that docs/method/ownership.md shows read the files they are for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import polars as pl

from pipelines.inputs.ownership import read_ownership
from pipelines.job.config import Config, Located

FILES = (
    "gem/Iron-Steel-map-file-2025-03-25.csv",
    "gem/Oil-Gas-Extraction-map-file-2025-02-26.csv.gz",
    "sec-ex21/ex21_labels.csv",
)
"""The files that the mappings of the method note are for, in its order."""


ROWS = (
    """owner-gem-id,owner,parent,parent-gem-id
E1,Works,Group One [55.0%]; Group Two [45.0%],E100000123737 [55.0%]; E100000132388 [45.0%]
""",
    """unit-id,owner
OG0000002,Shell Brasil (50%);ONGC Campos (27%);Qatarenergy (23%)
""",
    """Filename,Subsidiary,Location of Incorporation,Ownership Percentage
38079-0001558370-16-004332,Sabine South Texas LLC,,
1000045-0001193125-16-624397,Nicholas Data Services,Florida,100
""",
)
"""A few rows of each, in the columns that the mapping names."""


def mappings(root: Path) -> list[dict[str, Located]]:
    note = (root / "docs" / "method" / "ownership.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", note, flags=re.DOTALL)
    assert len(blocks) == len(FILES) == len(ROWS)
    return [Config.model_validate(tomllib.loads(block)).columns.ownership for block in blocks]


def test_the_mappings_of_the_method_note_fit_the_columns_they_are_for(root: Path, tmp_path: Path) -> None:
    shares = []
    for number, (columns, rows) in enumerate(zip(mappings(root), ROWS, strict=True)):
        path = tmp_path / f"{number}.csv"
        path.write_text(rows, encoding="utf-8")
        edges = read_ownership([path], columns=columns).edges
        shares.append(edges.select("owned_id", "share_min", "share_max").sort(pl.all()).rows())
    assert shares == [
        [("E1", 450_000, 450_000), ("E1", 550_000, 550_000)],
        [("OG0000002", 230_000, 230_000), ("OG0000002", 270_000, 270_000), ("OG0000002", 500_000, 500_000)],
        [("Nicholas Data Services", 1_000_000, 1_000_000), ("Sabine South Texas LLC", 0, 1_000_000)],
    ]


def test_the_mappings_of_the_method_note_read_the_files_they_are_for(root: Path, shared: Path) -> None:
    exact = []
    for columns, file in zip(mappings(root), FILES, strict=True):
        edges = read_ownership([shared / "data" / "ownership" / file], columns=columns).edges
        exact.append(edges.filter(pl.col("share_min") == pl.col("share_max")).height)
    assert exact[0] > 700
    assert exact[1] > 6_000
    assert exact[2] == 300
