"""`headwater screen`: the nightly job on one's own files."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import AsOf, ConfigFile, Metrics, Store, day

if TYPE_CHECKING:
    from pipelines.job import Job
    from pipelines.run import Manifest

FLAGGED = 10

File = Annotated[Path | None, typer.Option(show_default=False)]


class Lists(StrEnum):
    """Which snapshots to use."""

    as_of = "as-of"
    latest = "latest"


def screen(
    customers: Annotated[Path, typer.Argument(help="CSV, Parquet, NDJSON or XLSX of customers.")],
    store: Store,
    out: Annotated[Path, typer.Option(help="Folder for the run; an older run there is replaced.")],
    ownership: Annotated[list[Path] | None, typer.Option(help="Ownership edges; may be repeated.")] = None,
    entities: File = None,
    activity: File = None,
    connections: File = None,
    transactions: File = None,
    answers: File = None,
    suppressions: File = None,
    renames: File = None,
    as_of: AsOf = None,
    lists: Annotated[
        Lists, typer.Option(help="as-of: lists as known that day; latest: newest.")
    ] = Lists.as_of,
    config: ConfigFile = None,
    metrics: Metrics = None,
    chunk: Annotated[
        int | None, typer.Option(min=1, help="Customers in memory at a time. The result is the same.")
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Do part I (from 0) of N only; merge puts them together."),
    ] = None,
    names: Annotated[
        list[Path] | None,
        typer.Option(help="With --shard: a finished shard; given all of them, do the rules of part I."),
    ] = None,
    ray: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Work on a Ray cluster; local starts one here.")
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 when cases were opened.")
    ] = False,
) -> None:
    """Screen customers, trace their owners, evaluate the rules of the day, and write flagged cases as Parquet."""
    from pipelines.config import load_config
    from pipelines.inputs.book import BookFiles
    from pipelines.job import CHUNK, Job

    edges = tuple(ownership or ())
    files = BookFiles(
        customers, edges, entities, activity, connections, transactions, answers, suppressions, renames
    )
    latest = lists is Lists.latest
    job = Job(files, store, out, day(as_of), latest, load_config(config), chunk or CHUNK)
    if shard:
        run_shard(job, shard, names or [])
        return
    cases = run_and_report(job, metrics, ray)
    if exit_code and cases:
        raise typer.Exit(FLAGGED)


def run_shard(job: Job, share: str, names: list[Path]) -> None:
    """Do one share of a job and say what it holds."""
    from desk.cli.output import emit
    from desk.cli.progress import stages
    from pipelines.scale.shards import Share, make_shard

    try:
        part = Share.parse(share)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--shard") from error
    with stages() as progress:
        told = make_shard(job, part, names, progress).told
    row = {"shard": str(job.out), "stage": told["stage"], "number": part.number, "of": part.of}
    emit([{**row, "parts": len(told["parts"])}], (*row, "parts"), title="Shard")


def run_and_report(job: Job, metrics: Path | None = None, ray: str | None = None) -> int:
    """Run the job with a progress line, print the summary, return the number of cases."""
    from contextlib import nullcontext

    from desk.cli.progress import stages
    from pipelines.nightly import run
    from pipelines.scale.cluster import cluster
    from pipelines.work import here

    with cluster(ray) if ray else nullcontext(here) as workers, stages() as progress:
        manifest = run(job, progress, workers)
    report(job.out, manifest, metrics)
    return manifest.counts["cases"]


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
