"""Computing a run again from the same inputs, and comparing the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipelines.errors import InputsDiffer
from pipelines.hashing import file_hash
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.progress import Progress, silent
from pipelines.job.run import run as run_job
from pipelines.run import Run, open_run
from pipelines.run.code import code_hash

COMPARED = (
    "cases",
    "findings",
    "matches",
    "restricted",
    "coverage",
    "suppressed",
    "below_line",
    "contradicted",
    "problems",
    "relations",
    "recorded_ownership",
    "branches",
    "judgements",
    "patterns",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table of the run, compared: state `equal` or `differs`, and the detail names the first row that does."""

    table: str
    state: str
    detail: str


def find_inputs(run: Run, given: Sequence[Path]) -> BookFiles:
    """Find the inputs of a run among files and folders, by their hashes. Raises InputsDiffer."""
    by_hash = {file_hash(path): path for path in _files(given)}
    wanted = [(file["role"], file["sha256"]) for file in run.manifest["files"]]
    absent = [f"{role} (sha256 {sha256[:12]})" for role, sha256 in wanted if sha256 not in by_hash]
    if absent:
        raise InputsDiffer(f"{run.path}: not among the files given: {', '.join(absent)}.")
    by_role = {role: by_hash[sha256] for role, sha256 in wanted if role != "ownership"}
    ownership = tuple(by_hash[sha256] for role, sha256 in wanted if role == "ownership")
    return BookFiles(ownership=ownership, **by_role)


def recompute(
    run: Run,
    files: BookFiles,
    store: Path,
    config: Config,
    sample: int | None = None,
    progress: Progress = silent,
) -> list[Comparison]:
    """Compute a run again from its inputs and compare; `sample`: only so many cases, the same ones each time.

    Raises InputsDiffer where lists, rules, configuration or code are not those of the run.
    """
    manifest = run.manifest
    with TemporaryDirectory(prefix="headwater-verify-") as folder:
        as_of = date.fromisoformat(manifest["as_of"])
        job = Job(files, store, Path(folder) / "run", as_of, manifest["lists_mode"] == "latest", config)
        run_job(job, progress)
        again = open_run(job.out)
        _same_basis(run, again)
        if sample is not None:
            return [_compare("cases", *(_sampled(each.table("cases"), sample) for each in (run, again)))]
        return [_compare(name, run.table(name), again.table(name)) for name in COMPARED]


def _files(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        yield from (each for each in sorted(path.rglob("*")) if each.is_file()) if path.is_dir() else (path,)


def _same_basis(run: Run, again: Run) -> None:
    """Refuse to compare a run with one made of something else."""
    parts = {
        "lists": "list snapshots", "rules": "status of the rules", "config_sha256": "configuration",
        "code_sha256": f"code (this is {code_hash()[:12]})", "files": "input files",
    }  # fmt: skip
    other = [text for key, text in parts.items() if run.manifest[key] != again.manifest[key]]
    if other:
        raise InputsDiffer(
            f"{run.path}: made with other {', '.join(other)}; nothing can be said of its result."
        )


def _sampled(cases: pl.DataFrame, count: int) -> pl.DataFrame:
    """Keep the cases whose ids come first; an id is a hash, so that is a fair sample."""
    return cases.sort("case_id").head(count)


def _compare(name: str, before: pl.DataFrame, after: pl.DataFrame) -> Comparison:
    """Compare two frames row by row."""
    if before.equals(after):
        return Comparison(name, "equal", f"{before.height} rows")
    texts = [frame.select(pl.struct(pl.all()).struct.json_encode().alias("row")) for frame in (before, after)]
    lost = texts[0].join(texts[1], on="row", how="anti")
    new = texts[1].join(texts[0], on="row", how="anti")
    first = (lost if lost.height else new)["row"][0] if lost.height or new.height else "order of rows"
    return Comparison(
        name, "differs", f"{lost.height} rows not found again, {new.height} new; first: {first[:300]}"
    )
