"""`headwater merge`: shards of one job, made by `headwater screen --shard`, put together to a run."""

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
    metrics: Metrics = None,
) -> None:
    """Put shards together: the run that one machine would have written, byte for byte."""
    from desk.cli.progress import stages
    from desk.cli.screen import report
    from pipelines.run import Run
    from pipelines.scale.shards import merge as put_together
    from pipelines.scale.shards import open_shard
    from pipelines.verify import find_inputs

    opened = [open_shard(path) for path in shards]
    moved: dict[str, Any] = {"store": store} if store else {}
    if inputs:
        moved["files"] = find_inputs(Run(opened[0].path, opened[0].told["basis"]), inputs)
    with stages() as progress:
        manifest = put_together(opened, out, moved, progress)
    report(out, manifest, metrics)
