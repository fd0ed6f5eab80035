"""`headwater delta`: tonight's run with the help of an earlier one; equal to a full run, and what changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsOf, ConfigFile, Metrics, Store, day
from desk.cli.screen import FLAGGED, File, Lists


def delta(
    customers: Annotated[Path, typer.Argument(help="CSV, Parquet, NDJSON or XLSX of customers.")],
    since: Annotated[Path, typer.Option(help="Folder of an earlier run.", file_okay=False)],
    store: Store,
    out: Annotated[Path, typer.Option(help="Folder for the run; may be that of --since.")],
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
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 when a case is new or worse.")
    ] = False,
) -> None:
    """Screen again, comparing only names that changed on either side; tell new, worse, better and gone cases."""
    from desk.cli.output import emit
    from desk.cli.screen import run_and_report
    from pipelines.config import load_config
    from pipelines.inputs.book import BookFiles
    from pipelines.job import Job
    from pipelines.run import open_run

    edges = tuple(ownership or ())
    files = BookFiles(
        customers, edges, entities, activity, connections, transactions, answers, suppressions, renames
    )
    settings = load_config(config)
    run_and_report(Job(files, store, out, day(as_of), lists is Lists.latest, settings, since=since), metrics)
    changes = open_run(out).table("changes")
    counted = changes["change"].value_counts(sort=True).sort("change")
    emit(counted.to_dicts(), ("change", "count"), title="Cases since the earlier run")
    if exit_code and changes["change"].is_in(["new", "worse"]).any():
        raise typer.Exit(FLAGGED)
