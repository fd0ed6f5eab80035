"""`headwater decisions export`: what people turned down at the desk, for the nightly job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def decisions() -> None:
    """Work with what people decided at the desk."""


@app.command("export")
def export(
    database: Annotated[
        str, typer.Argument(metavar="DATABASE", help="SQLite file, or postgresql+psycopg://...")
    ],
    out: Annotated[Path, typer.Option(help="Parquet file to write.", dir_okay=False)],
) -> None:
    """Write the pairs that false-positive decisions set aside, for --suppressions of `screen` and `delta`."""
    from datetime import UTC, datetime

    import polars as pl

    from desk.cli.output import note
    from desk.store import Ledger, reconciliation, suppression
    from desk.store.ledger import address

    ledger = Ledger(address(database), create=False)
    with ledger.read() as session:
        reconciliation.require_agreement(session)
        rows = suppression.reviews(session, datetime.now(UTC).date())
    ledger.close()
    incoming = out.with_name(f".{out.name}.incoming")
    pl.DataFrame(rows, schema=suppression.REVIEW).write_parquet(incoming)
    incoming.replace(out)
    note(f"{len(rows)} pairs that stay set aside are in {out}.")
