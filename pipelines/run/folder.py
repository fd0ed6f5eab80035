"""Writing and opening a run folder.

A run is staged beside its place and renamed into it, so nobody ever sees half of one. Every table is sorted
by its key and written without anything that varies, so the same run gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from pipelines.errors import OutputOccupied, RunDamaged, RunNotFound
from pipelines.hashing import file_hash
from pipelines.run.manifest import SCHEMA_VERSION, Manifest

MANIFEST = "run.json"

KEYS: Mapping[str, tuple[str, ...]] = {
    "cases": ("case_id",),
    "findings": ("customer_id", "rule_id", "outcome", "reason"),
    "matches": ("customer_id", "matched_entity_id", "role", "party_id"),
    "restricted": ("entity_id", "regime"),
    "coverage": ("rule_id", "outcome", "missing"),
    "problems": ("table", "file", "row", "column", "reason"),
}
"""The tables of a run and the columns they are sorted by."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder and what `run.json` says."""

    path: Path
    manifest: Mapping[str, Any]

    def table(self, name: str) -> pl.DataFrame:
        """Return one table of the run; raises RunDamaged where the file is gone."""
        file = self.path / _table_path(name, str(self.manifest["as_of"]))
        if not file.is_file():
            raise RunDamaged(
                f"{self.path}: {file.relative_to(self.path)} is missing. Run the screening again."
            )
        return pl.read_parquet(file)


def write_run(out: Path, manifest: Manifest, tables: Mapping[str, pl.DataFrame]) -> Manifest:
    """Write all tables and `run.json` to `out` in one step; returns the manifest with output hashes.

    A finished run at `out` is replaced. Raises OutputOccupied where `out` holds anything else.
    """
    _check_free(out)
    staging = out.parent / f".{out.name}.staging"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    outputs = {name: _write_table(staging, name, frame, manifest) for name, frame in sorted(tables.items())}
    final = replace(manifest, outputs=outputs)
    (staging / MANIFEST).write_bytes(final.to_json())
    _swap(staging, out)
    return final


def open_run(path: Path) -> Run:
    """Open a finished run; raises RunNotFound where there is none."""
    file = path / MANIFEST
    if not file.is_file():
        raise RunNotFound(f"{path}: no finished run here (no {MANIFEST}). Name the folder given as --out.")
    return Run(path, orjson.loads(file.read_bytes()))


def _table_path(name: str, as_of: str) -> Path:
    return Path(name) / f"run_date={as_of}" / "part-0.parquet"


def _write_table(staging: Path, name: str, frame: pl.DataFrame, manifest: Manifest) -> dict[str, Any]:
    """Write one table sorted by its key, with schema version and run id in the file's metadata."""
    file = staging / _table_path(name, manifest.as_of)
    file.parent.mkdir(parents=True)
    frame.sort(KEYS[name], maintain_order=True).write_parquet(
        file,
        compression="zstd",
        metadata={"headwater.schema_version": str(SCHEMA_VERSION), "headwater.run_id": manifest.run_id},
    )
    return {"rows": frame.height, "sha256": file_hash(file)}


def _check_free(out: Path) -> None:
    if out.exists() and not (out / MANIFEST).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise OutputOccupied(f"{out}: holds something that is not a run. Name a new or empty folder.")


def _swap(staging: Path, out: Path) -> None:
    """Put the staged folder in its place; an older run there is removed afterwards."""
    old = out.parent / f".{out.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    staging.rename(out)
    shutil.rmtree(old, ignore_errors=True)
