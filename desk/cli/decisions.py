"""`headwater decisions`: what people turned down, for the nightly job; backups; erasure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.erasure import erase

if TYPE_CHECKING:
    from desk.store.restoration import Restored

app = typer.Typer(no_args_is_help=True)
Database = Annotated[str, typer.Argument(metavar="DATABASE", help="SQLite file, or postgresql+psycopg://...")]
DO_AGAIN = {
    "erased": "what was erased is back; erase it again.",
    "user_retired": "whoever was shut out may sign in again; retire them again.",
    "hold_set": "cases lack a hold; set it again.",
}
"""Kinds of lines whose loss does harm until somebody repeats the act."""


@app.callback()
def decisions() -> None:
    """Work with what people decided at the desk."""


@app.command("export")
def export(
    database: Database,
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


app.command("erase")(erase)


@app.command("backup")
def backup(
    database: Database,
    to: Annotated[Path, typer.Argument(metavar="TO", help="File to write; must not exist.", dir_okay=False)],
) -> None:
    """Copy a SQLite database while people work at it, and check the copy as `verify --audit` does."""
    from desk.cli.output import emit
    from desk.store.backup import back_up

    made = back_up(database, to)
    row = {"file": str(made.file), "bytes": made.size, "events": made.events, "head": made.head}
    emit([row], tuple(row), title="Backup, checked")


@app.command("restore")
def restore(
    backup: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="File that `backup` wrote.", dir_okay=False)
    ],
    database: Database,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="[LINES:]HASH", help="Head of the log noted elsewhere, with its length if you have it."
        ),
    ] = None,
    lose_lines: Annotated[
        bool, typer.Option("--lose-lines", help="Restore though the log goes on after the backup ended.")
    ] = False,
) -> None:
    """Put a backup in a database's place, and say which lines of the log that takes back. Nobody may have it open."""
    from datetime import UTC, datetime

    from desk.store.restoration import restore as put_back

    lines, _, digest = (head or "").rpartition(":")
    if lines and not lines.isdecimal():
        raise typer.BadParameter(
            "give a hash, or the number of lines, a colon and a hash", param_hint="--head"
        )
    done = put_back(backup, database, datetime.now(UTC), digest or None, lose_lines)
    _print_restored(database, done, int(lines or 0))


def _print_restored(database: str, done: Restored, lines: int) -> None:
    """Print what was put in place, the lines that are lost, and which acts must be repeated."""
    from dataclasses import asdict

    from desk.cli.output import emit, note

    ends = f"line {done.last.seq} of {done.last.at}" if done.last else "its beginning"
    former = done.former and str(done.former)
    row = {"database": database, "log_ends_at": ends, "lost_lines": len(done.lost), "former": former}
    emit([row], tuple(row), title="Restored")
    if done.lost:
        columns = ("seq", "at", "kind", "who", "case_id")
        emit(map(asdict, done.lost), columns, title="Lines that are lost")
    for kind in sorted({line.kind for line in done.lost} & DO_AGAIN.keys()):
        note(f"Among the lost lines are {kind!r}: {DO_AGAIN[kind]}")
    if done.head_missing:
        events = done.backup.events
        span = f"lines {events + 1} to {lines} are" if lines > events else "whatever was recorded after it is"
        note(f"The head noted elsewhere is not in the restored log, which ends at {ends}: {span} lost.")
