"""`headwater refresh`: list files in, an immutable snapshot a list out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import Store


def refresh(
    store: Store,
    sources: Annotated[
        list[Path] | None,
        typer.Option("--from", help="A list file, or a folder of them; may be repeated. Plain or gzipped."),
    ] = None,
    published: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of publication, where the file does not tell it."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="The files are samples: size bounds off, stamped as such.")
    ] = False,
    more: Annotated[
        list[Path] | None,
        typer.Argument(help="Further files or folders, as after --from.", show_default=False),
    ] = None,
) -> None:
    """Read list files as the agencies publish them into the store. A broken file leaves the last snapshot in place."""
    from dataclasses import asdict

    from desk.cli.output import emit, note
    from lists.refresh import refresh as refresh_lists
    from lists.store import Store as ListStore

    paths = [*(sources or []), *(more or [])]
    if not paths:
        raise typer.BadParameter("name at least one file or folder", param_hint="--from")
    report = refresh_lists(
        paths, ListStore(store), published=published.date() if published else None, partial=partial
    )
    emit(
        [asdict(outcome) for outcome in report.outcomes],
        ("list", "publisher", "published", "outcome", "rows", "parties", "names", "addresses", "quarantined"),
        title="Lists refreshed",
    )
    for message in (
        *report.messages,
        *(outcome.message for outcome in report.outcomes if outcome.outcome == "failed"),
    ):
        note(message)
    if report.failed:
        raise typer.Exit(1)
