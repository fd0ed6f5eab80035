"""`headwater merge`: shards of one job, made by `screen` or `delta` with --shard, put together to a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.options import MaybeStore, Metrics


def merge(
    shards: Annotated[
        list[Path], typer.Argument(metavar="SHARD...", help="Folders of the shards, all of them.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the run; an older run there is replaced.")],
    inputs: Annotated[
        list[Path] | None,
        typer.Option("--from", help="The inputs, or folders that hold them, where they lie elsewhere here."),
    ] = None,
    store: MaybeStore = None,
    since: Annotated[
        Path | None,
        typer.Option(help="The earlier run of a delta, where it lies elsewhere here.", file_okay=False),
    ] = None,
    metrics: Metrics = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 as screen or delta would.")
    ] = False,
) -> None:
    """Put shards together: the run that one machine would have written, byte for byte."""
    from desk.cli.delta import print_changes
    from desk.cli.progress import stages
    from desk.cli.screen_options import FLAGGED, report
    from pipelines.job.recompute import find_inputs
    from pipelines.parallel.shards import merge as put_together
    from pipelines.parallel.shards import open_shard
    from pipelines.run import Run

    opened = [open_shard(path) for path in shards]
    elsewhere = {"store": store, "since": since}
    moved: dict[str, Any] = {name: path for name, path in elsewhere.items() if path}
    if inputs:
        moved["files"] = find_inputs(Run(opened[0].path, opened[0].content["basis"]), inputs)
    with stages() as progress:
        manifest = put_together(opened, out, moved, progress)
    report(out, manifest, metrics)
    flagged = print_changes(out) if manifest.since else manifest.counts["cases"]
    if exit_code and flagged:
        raise typer.Exit(FLAGGED)
