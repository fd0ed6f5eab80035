"""The mappings of columns that docs/method/ownership.md shows read the files they are for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import polars as pl

from pipelines.inputs.ownership import read_ownership
from pipelines.job.config import Config

FILES = (
    "gem/Iron-Steel-map-file-2025-03-25.csv",
    "gem/Oil-Gas-Extraction-map-file-2025-02-26.csv.gz",
    "sec-ex21/ex21_labels.csv",
)
"""The files that the mappings of the method note are for, in its order."""


def test_the_mappings_of_the_method_note_read_the_files_they_are_for(root: Path, shared: Path) -> None:
    note = (root / "docs" / "method" / "ownership.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", note, flags=re.DOTALL)
    assert len(blocks) == len(FILES)
    exact = []
    for block, file in zip(blocks, FILES, strict=True):
        columns = Config.model_validate(tomllib.loads(block)).columns.ownership
        edges = read_ownership([shared / "data" / "ownership" / file], columns=columns).edges
        exact.append(edges.filter(pl.col("share_min") == pl.col("share_max")).height)
    assert exact[0] > 700
    assert exact[1] > 6_000
    assert exact[2] == 300
