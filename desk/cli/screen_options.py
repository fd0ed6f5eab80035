"""The options that `screen` and `delta` share: what to screen and who does the work; and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli.options import AsOf, ConfigFile, Encodings, Metrics, Store, day, settings

if TYPE_CHECKING:
    from pipelines.job.definition import Job
    from pipelines.run import Manifest

FLAGGED = 10

File = Annotated[Path | None, typer.Option(show_default=False)]


class Lists(StrEnum):
    """Which snapshots to use."""

    as_of = "as-of"
    latest = "latest"


@dataclass(frozen=True, kw_only=True)
class ScreenOptions:
    """A job as the command line describes it; every field is an option of the verbs that take it."""

    customers: Annotated[Path, typer.Argument(help="CSV, Parquet, NDJSON or XLSX of customers.")]
    store: Store
    out: Annotated[Path, typer.Option(help="Folder for the run; an older run there is replaced.")]
    ownership: Annotated[list[Path] | None, typer.Option(help="Ownership edges; may be repeated.")] = None
    entities: File = None
    activity: File = None
    connections: File = None
    transactions: File = None
    answers: File = None
    licences: File = None
    watchlists: File = None
    suppressions: File = None
    renames: File = None
    as_of: AsOf = None
    lists: Annotated[Lists, typer.Option(help="as-of: lists as known that day; latest: newest.")] = (
        Lists.as_of
    )
    config: ConfigFile = None
    encoding: Encodings = None
    metrics: Metrics = None
    chunk: Annotated[
        int | None, typer.Option(min=1, help="Customers in memory at a time. The result is the same.")
    ] = None
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Do part I (from 0) of N only; merge puts them together."),
    ] = None
    names: Annotated[
        list[Path] | None,
        typer.Option(help="With --shard: a finished shard; given all of them, do the rules of part I."),
    ] = None
    ray: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Work on a Ray cluster; local starts one here.")
    ] = None

    trigger: Annotated[
        str | None,
        typer.Option(metavar="EVENT", help="Why the run is made, as in 'order 77'; run.json keeps it."),
    ] = None

    def run(self, since: Path | None = None) -> Manifest | None:
        """Run the job; or make one share of it and return None. Raises typer.BadParameter for a share that is none."""
        if self.shard and self.ray:
            raise typer.BadParameter(
                "a shard is work for one machine: give either", param_hint="--shard, --ray"
            )
        if self.shard:
            make_share(self._job(since), self.shard, self.names or [])
            return None
        if self.names:
            raise typer.BadParameter(
                "goes with --shard; merge takes shards as arguments", param_hint="--names"
            )
        return run_and_report(self._job(since), self.metrics, self.ray)

    def _job(self, since: Path | None) -> Job:
        from pipelines.inputs.book import SINGLE_FILES, BookFiles
        from pipelines.job.definition import CHUNK, Job

        given = {table: getattr(self, table) for table in SINGLE_FILES}
        return Job(
            files=BookFiles(self.customers, tuple(self.ownership or ()), **given),
            store=self.store,
            out=self.out,
            as_of=day(self.as_of),
            latest_lists=self.lists is Lists.latest,
            config=settings(self.config, self.encoding),
            chunk=self.chunk or CHUNK,
            since=since,
            trigger=self.trigger,
        )


def with_screen_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the fields of `ScreenOptions` as options before its own; typer reads them from the signature."""
    own = list(signature(verb, eval_str=True).parameters.values())[1:]
    fields = signature(ScreenOptions, eval_str=True).parameters.values()

    def command(**given: Any) -> None:
        options = ScreenOptions(**{field.name: given.pop(field.name) for field in fields})
        verb(options, **given)

    both = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in (*fields, *own)]
    command.__signature__ = Signature(both)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in both}
    command.__doc__ = verb.__doc__
    return command


def make_share(job: Job, share: str, names: list[Path]) -> None:
    """Make one share of a job and print what it holds."""
    from desk.cli.output import emit
    from desk.cli.progress import stages
    from pipelines.parallel.shards import Share, make_shard

    try:
        part = Share.parse(share)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--shard") from error
    with stages() as progress:
        content = make_shard(job, part, names, progress).content
    row = {"shard": str(job.out), "stage": content["stage"], "number": part.number, "of": part.total}
    emit([{**row, "parts": len(content["parts"])}], (*row, "parts"), title="Shard")


def run_and_report(job: Job, metrics: Path | None = None, ray: str | None = None) -> Manifest:
    """Run the job with a progress line and print the summary."""
    from contextlib import nullcontext

    from desk.cli.progress import stages
    from pipelines.job.run import run
    from pipelines.parallel.ray_cluster import cluster
    from pipelines.parallel.tasks import run_locally

    with cluster(ray) if ray else nullcontext(run_locally) as workers, stages() as progress:
        manifest = run(job, progress, workers)
    report(job.out, manifest, metrics)
    return manifest


def report(out: Path, manifest: Manifest, metrics: Path | None) -> None:
    """Print the summary of a finished run, log its counts, and write its metrics where they are wanted."""
    from desk.cli import logs
    from desk.cli.summary import print_summary

    print_summary(out, manifest)
    if logs.asked():
        seconds = round(sum(manifest.timings.values()), 3)
        logs.log("info", "finished", run_id=manifest.run_id, seconds=seconds, **manifest.counts)
    if metrics:
        from pipelines.metrics import write_metrics

        write_metrics(metrics, manifest, datetime.now(tz=UTC))
