"""The start of a job: output locked, earlier run checked, lists loaded, folder of finished parts opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lists.refusals import refusals_as
from lists.snapshot import ListSet
from lists.system import SYSTEM, System
from pipelines.errors import FileRefused
from pipelines.hashing import value_hash
from pipelines.job.definition import Job
from pipelines.job.progress import Progress, StageTimer
from pipelines.job.record import build_basis
from pipelines.parallel.tasks import Workers, run_locally
from pipelines.run.chain import build_chain
from pipelines.run.folder import Run, open_run, prepare_output
from pipelines.run.manifest import Basis
from pipelines.run.place import real_place
from pipelines.run.staging import Staging, lock_output
from pipelines.run.verify import check_files


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job that has locked its output, with its lists and its folder of finished parts."""

    job: Job
    basis: Basis
    lists: ListSet
    previous: Run | None
    staging: Staging
    timer: StageTimer
    began_at: str
    workers: Workers = run_locally

    @property
    def since_manifest(self) -> Mapping[str, Any] | None:
        """The `run.json` of the previous run that a delta builds on."""
        return self.previous.manifest if self.previous else None

    @property
    def chain(self) -> tuple[Mapping[str, str], ...]:
        """The earlier runs that a delta builds on, the newest first."""
        return build_chain(self.previous, self.job.out)

    @property
    def since(self) -> str | None:
        """Id of the previous run that a delta builds on."""
        return str(self.previous.manifest["run_id"]) if self.previous else None


@contextmanager
def begin(
    job: Job, progress: Progress, workers: Workers = run_locally, system: System = SYSTEM
) -> Iterator[RunningJob]:
    """Lock the output, load the lists, open the staging folder.

    Raises RunInProgress, OutputOccupied, FileRefused; RunNotFound, RunDamaged where the earlier run cannot be used.
    """
    timer = StageTimer(progress, system)
    job = replace(job, out=real_place(job.out))
    with refusals_as(FileRefused), lock_output(job.out, system):
        prepare_output(job.out, system)
        previous = _earlier_run(job.since, timer, system) if job.since else None
        timer.begin("reading lists")
        lists = job.lists(system)
        basis = build_basis(job, lists)
        key = [basis.run_id, job.chunk, previous.content_sha256 if previous else None]
        staging = Staging.open(job.out, value_hash(key), system)
        began_at = system.now().isoformat(timespec="seconds")
        yield RunningJob(job, basis, lists, previous, staging, timer, began_at, workers)


def _earlier_run(path: Path, timer: StageTimer, system: System) -> Run:
    """Open a run to build upon, when all its files are as it wrote them. Raises RunNotFound, RunDamaged."""
    timer.begin("checking the earlier run")
    run = open_run(path, system)
    check_files(run)
    return run
