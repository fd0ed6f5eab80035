"""`headwater delta`: a run with the help of an earlier one, equal to a full run, and what changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.screen_options import FLAGGED, ScreenOptions, with_screen_options


@with_screen_options
def delta(
    options: ScreenOptions,
    since: Annotated[
        Path, typer.Option(help="Folder of an earlier run; --out may be the same.", file_okay=False)
    ],
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 when a case is new or worse.")
    ] = False,
) -> None:
    """Screen again, comparing only names that changed on either side; count new, worse, better and gone cases."""
    if options.run(since) and print_changes(options.out) and exit_code:
        raise typer.Exit(FLAGGED)


def print_changes(out: Path) -> bool:
    """Print the number of changes of a delta by kind; returns whether any case is new or worse."""
    from desk.cli.output import emit
    from pipelines.run import open_run

    changes = open_run(out).table("changes")
    counted = changes["change"].value_counts(sort=True).sort("change")
    emit(counted.to_dicts(), ("change", "count"), title="Cases since the earlier run")
    return bool(changes["change"].is_in(["new", "worse"]).any())
