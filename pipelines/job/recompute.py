"""Is a run what it says: its files as written, and its tables as the same inputs give them again?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipelines.errors import InputsDiffer, RunDamaged
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
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found for one table: `equal` or `differs`, and the first rows that do."""

    table: str
    state: str
    detail: str


def check_files(run: Run) -> int:
    """Hash every file of a run; returns how many there are. Raises RunDamaged naming those that are not as written."""
    files = {
        name: sha256 for told in run.manifest["outputs"].values() for name, sha256 in told["files"].items()
    }
    wrong = sorted(
        name
        for name, sha256 in files.items()
        if not (run.path / name).is_file() or file_hash(run.path / name) != sha256
    )
    if wrong:
        raise RunDamaged(f"{run.path}: not as the run wrote it: {', '.join(wrong)}. Run the screening again.")
    return len(files)


def find_inputs(run: Run, given: Sequence[Path]) -> BookFiles:
    """Find the inputs of a run among files and folders, by their hashes. Raises InputsDiffer."""
    known = {file_hash(path): path for path in _files(given)}
    wanted = [(told["role"], told["sha256"]) for told in run.manifest["files"]]
    absent = [f"{role} (sha256 {sha256[:12]})" for role, sha256 in wanted if sha256 not in known]
    if absent:
        raise InputsDiffer(f"{run.path}: not among the files given: {', '.join(absent)}.")
    by_role = {role: known[sha256] for role, sha256 in wanted if role != "ownership"}
    ownership = tuple(known[sha256] for role, sha256 in wanted if role == "ownership")
    return BookFiles(ownership=ownership, **by_role)


def recompute(
    run: Run,
    files: BookFiles,
    store: Path,
    config: Config,
    sample: int | None = None,
    progress: Progress = silent,
) -> list[Verdict]:
    """Compute a run again from its inputs and compare; `sample`: only so many cases, the same ones each time.

    Raises InputsDiffer where lists, rules, configuration or code are not those of the run.
    """
    told = run.manifest
    with TemporaryDirectory(prefix="headwater-verify-") as folder:
        as_of = date.fromisoformat(told["as_of"])
        job = Job(files, store, Path(folder) / "run", as_of, told["lists_mode"] == "latest", config)
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


def _compare(name: str, before: pl.DataFrame, after: pl.DataFrame) -> Verdict:
    """Compare two frames row by row."""
    if before.equals(after):
        return Verdict(name, "equal", f"{before.height} rows")
    texts = [frame.select(pl.struct(pl.all()).struct.json_encode().alias("row")) for frame in (before, after)]
    lost = texts[0].join(texts[1], on="row", how="anti")
    new = texts[1].join(texts[0], on="row", how="anti")
    first = (lost if lost.height else new)["row"][0] if lost.height or new.height else "order of rows"
    return Verdict(
        name, "differs", f"{lost.height} rows not found again, {new.height} new; first: {first[:300]}"
    )
