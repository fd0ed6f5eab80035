"""`headwater delta`: tonight's run with the help of an earlier one; equal to a full run, and what changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.screen_options import FLAGGED, Order, takes_order


@takes_order
def delta(
    order: Order,
    since: Annotated[
        Path, typer.Option(help="Folder of an earlier run; --out may be the same.", file_okay=False)
    ],
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 when a case is new or worse.")
    ] = False,
) -> None:
    """Screen again, comparing only names that changed on either side; tell new, worse, better and gone cases."""
    if order.carry_out(since) and tell_changes(order.out) and exit_code:
        raise typer.Exit(FLAGGED)


def tell_changes(out: Path) -> bool:
    """Count the changes of a delta by kind; returns whether any case is new or worse."""
    from desk.cli.output import emit
    from pipelines.run import open_run

    changes = open_run(out).table("changes")
    counted = changes["change"].value_counts(sort=True).sort("change")
    emit(counted.to_dicts(), ("change", "count"), title="Cases since the earlier run")
    return bool(changes["change"].is_in(["new", "worse"]).any())
