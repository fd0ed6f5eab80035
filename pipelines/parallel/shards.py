"""One job divided among machines that do not talk to each other: making shards, and merging them.

Every shard reads all inputs and makes its own share of the parts. A shard is a folder: its parts, and `shard.json`
with everything that decides the result and the hash of each file. A merge takes over the parts as a job that was killed
takes over its own, and goes on from there; so the run has the bytes of a run on one machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from lists.system import SYSTEM, System
from pipelines.errors import InputsDiffer, ShardsDiffer
from pipelines.hashing import file_hash
from pipelines.job.definition import Job
from pipelines.job.progress import Progress, silent
from pipelines.job.run import complete
from pipelines.job.start import RunningJob, begin
from pipelines.job.steps import (
    assess_all,
    compare_names,
    gather_matches,
    plan_assessment,
    prepare_assessment,
    read_inputs,
)
from pipelines.parallel.job_json import from_dict, to_dict
from pipelines.parallel.tasks import LocalWorkers, WorkUnit
from pipelines.run.folder import SHARD, move_in
from pipelines.run.manifest import CONTENT, Manifest, content_hash
from pipelines.run.staging import Staging

NAMES, RULES = "names", "rules"


@dataclass(frozen=True, slots=True)
class Share:
    """Share `number` (from 0) of `total` shares."""

    number: int
    total: int

    @classmethod
    def parse(cls, text: str) -> Share:
        """Read "0/4". Raises ValueError.

        >>> Share.parse("3/4").total
        4
        """
        number, _, total = text.partition("/")
        digits = all(part.isascii() and part.isdigit() for part in (number, total))
        if not digits or int(number) >= int(total):
            raise ValueError(f"{text!r} is no shard: write number/count, the number from 0, as in 0/4")
        return cls(int(number), int(total))

    def units(self, units: Sequence[WorkUnit]) -> Sequence[WorkUnit]:
        """Return the units of this share: one in `total`, so that every share gets some of every kind."""
        return units[self.number :: self.total]


@dataclass(frozen=True, slots=True)
class Shard:
    """A finished shard: its folder and what `shard.json` says."""

    path: Path
    content: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.path} ({self.content['stage']} {self.content['number']}/{self.content['of']})"


def make_shard(
    job: Job, share: Share, names: Sequence[Path] = (), progress: Progress = silent, system: System = SYSTEM
) -> Shard:
    """Compare the names of one share; with all shards of `names` given, evaluate the rules of one share instead.

    The shard is written to `job.out`. Raises ShardsDiffer, InputsDiffer and whatever a run raises.
    """
    stage = RULES if names else NAMES
    done = f"shard-{stage}-{share.number}-{share.total}"
    with begin(job, progress, LocalWorkers(system), system) as running:
        if not running.staging.is_finished(done):
            adopt(running, [open_shard(path) for path in names])
            mine, count = _make_share(running, share, stage)
            with running.staging.new_part(done) as folder:
                _write_shard(
                    running,
                    folder,
                    mine,
                    {"stage": stage, "number": share.number, "of": share.total, "count": count},
                )
        move_in(running.staging, done, job.out)
    return open_shard(job.out)


def merge(
    shards: Sequence[Shard],
    out: Path,
    moved: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    system: System = SYSTEM,
) -> Manifest:
    """Merge shards into the run that one machine would have written, doing the steps that no shard has done.

    moved: fields of the job that differ here from where the shards were made (`files`, `store`, `since`).

    Raises ShardsDiffer where a shard is missing, given twice or made of something else, InputsDiffer where the inputs
    here are not those that the shards were made of.
    """
    _check(shards)
    job = replace(from_dict(shards[0].content["job"]), out=out, **(moved or {}))
    with begin(job, progress, LocalWorkers(system), system) as running:
        adopt(running, shards)
        return complete(running)


def open_shard(path: Path) -> Shard:
    """Open a finished shard. Raises ShardsDiffer where there is none, or its `shard.json` is not as written."""
    file = path / SHARD
    if not file.is_file():
        raise ShardsDiffer(f"{path}: no finished shard here (no {SHARD}).")
    try:
        content = orjson.loads(file.read_bytes())
        whole = content.get(CONTENT) == content_hash(content)
    except (AttributeError, ValueError):
        whole = False
    if not whole:
        raise ShardsDiffer(f"{file}: not as it was written. Make the shard again.")
    return Shard(path, content)


def adopt(running: RunningJob, shards: Sequence[Shard]) -> None:
    """Take over the parts of shards. Raises ShardsDiffer, InputsDiffer."""
    _check(shards)
    for shard in shards:
        _same_basis(running, shard)
        for name, files in shard.content["parts"].items():
            if not running.staging.is_finished(name):
                _take_over(running.staging, shard, name, files)


def _make_share(running: RunningJob, share: Share, stage: str) -> tuple[Sequence[WorkUnit], int]:
    """Do one share of a stage; returns the share's units and how many the stage has."""
    opened, network = read_inputs(running)
    units = opened.name_units()
    if stage == NAMES:
        mine = share.units(units)
        compare_names(running, opened, mine)
        return mine, len(units)
    gathered = gather_matches(running, opened, units)
    task, _ = prepare_assessment(running, opened, network, gathered.combined.standing)
    del network
    due = plan_assessment(running, opened, task, gathered.parts).units(running.job.chunk)
    mine = share.units(due)
    assess_all(running, task, mine)
    return mine, len(due)


def _write_shard(
    running: RunningJob, folder: Path, mine: Sequence[WorkUnit], share: Mapping[str, Any]
) -> None:
    """Write the folder of a shard: the files of its parts and `shard.json`."""
    parts = {unit.name: _link_part(running.staging, unit.name, folder / unit.name) for unit in mine}
    body = {**share, "basis": _basis(running), "job": to_dict(running.job), "parts": parts}
    body[CONTENT] = content_hash(body)
    content = orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    running.staging.system.write(folder / SHARD, content)


def _link_part(staging: Staging, name: str, target: Path) -> dict[str, str]:
    """Link the files of a finished part into `target`; returns their hashes."""
    staging.system.make_folder(target)
    for file in (staging.root / name).iterdir():
        staging.system.link(file, target / file.name)
    return {file.name: file_hash(file, staging.system) for file in sorted(target.iterdir())}


def _basis(running: RunningJob) -> dict[str, Any]:
    """Return everything that must be equal for all shards of a job."""
    since = running.previous.content_sha256 if running.previous else None
    return {**running.basis.to_dict(), "chunk": running.job.chunk, "since": since}


def _same_basis(running: RunningJob, shard: Shard) -> None:
    mine = orjson.loads(orjson.dumps(_basis(running)))
    other = sorted(name for name in mine if mine[name] != shard.content["basis"].get(name))
    if other:
        raise InputsDiffer(
            f"{shard}: made with other {', '.join(other)} than what is here now. Make it again."
        )


def _check(shards: Sequence[Shard]) -> None:
    """Refuse shards of several jobs, missing shards, and shards given twice."""
    for shard in shards[1:]:
        first = shards[0].content["basis"]
        other = sorted(name for name in first if first[name] != shard.content["basis"].get(name))
        if other:
            raise ShardsDiffer(f"{shard} and {shards[0]} were made with different {', '.join(other)}.")
    by_stage = {
        stage: [shard for shard in shards if shard.content["stage"] == stage] for stage in (NAMES, RULES)
    }
    for stage, in_stage in by_stage.items():
        if in_stage or (shards and stage == NAMES):
            _check_complete(stage, in_stage)


def _check_complete(stage: str, shards: Sequence[Shard]) -> None:
    """Refuse shards of a stage that are not all its shards."""
    counts = sorted({shard.content["of"] for shard in shards}) or [1]
    numbers = [shard.content["number"] for shard in shards]
    missing = sorted(set(range(counts[-1])) - set(numbers))
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    problems = [f"some are out of {counts[0]}, some out of {counts[-1]}"] if len(counts) > 1 else []
    problems += [f"missing: {', '.join(map(str, missing))}"] if missing else []
    problems += [f"given twice: {', '.join(map(str, twice))}"] if twice else []
    if problems:
        raise ShardsDiffer(
            f"Shards of {stage}: {'; '.join(problems)}. Give every shard of one division once."
        )


def _take_over(staging: Staging, shard: Shard, name: str, files: Mapping[str, str]) -> None:
    """Take over one part. Raises ShardsDiffer where it is not as the shard wrote it."""
    source = shard.path / name
    wrong = [
        file
        for file, sha256 in files.items()
        if not (source / file).is_file() or file_hash(source / file, staging.system) != sha256
    ]
    if wrong:
        raise ShardsDiffer(
            f"{shard}: not as it was written: {', '.join(f'{name}/{file}' for file in wrong)}. Make it again."
        )
    with staging.new_part(name) as folder:
        for file in files:
            staging.system.link(source / file, folder / file)
