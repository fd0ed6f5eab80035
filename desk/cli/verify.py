"""`headwater verify RUN`: does the run hold what it wrote, and does it come out again from the same inputs?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import MaybeStore


def verify(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    inputs: Annotated[
        list[Path] | None,
        typer.Option("--from", help="The inputs of the run, or folders that hold them; known by their hash."),
    ] = None,
    store: MaybeStore = None,
    config: Annotated[Path | None, typer.Option(help="The TOML of the run, where it had one.")] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Compare so many cases only; default: every row of every table.")
    ] = None,
) -> None:
    """Check a run's files against their hashes; with --from and --store compute it again and say what differs."""
    from dataclasses import asdict

    from desk.cli.output import emit
    from desk.cli.progress import stages
    from pipelines.config import load_config
    from pipelines.run import open_run
    from pipelines.verify import Verdict, check_files, find_inputs, recompute

    opened = open_run(run)
    verdicts = [Verdict("files", "equal", f"{check_files(opened)} files as written")]
    if inputs and store:
        files = find_inputs(opened, inputs)
        with stages() as progress:
            verdicts += recompute(opened, files, store, load_config(config), sample, progress)
    elif inputs or store:
        raise typer.BadParameter("to compute the run again, give both --from and --store")
    emit(
        [asdict(verdict) for verdict in verdicts],
        ("table", "state", "detail"),
        title=f"Verification of {run}",
    )
    if any(verdict.state == "differs" for verdict in verdicts):
        raise typer.Exit(1)
