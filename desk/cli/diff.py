"""`headwater diff SNAPSHOT SNAPSHOT`: what an agency changed between two publications."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import MaybeStore

SHOWN = 40


def diff(
    before: Annotated[str, typer.Argument(help="Snapshot folder; with --store also SDN@2023-12-28.")],
    after: Annotated[str, typer.Argument(help="Snapshot folder; with --store also SDN@2024-05-03.")],
    store: MaybeStore = None,
) -> None:
    """List the parties added, removed and changed, field by field."""
    from desk.cli.output import console, emit, is_terminal, note
    from lists.diff import diff as compare
    from lists.store import Store

    (first_root, first), (second_root, second) = (_named(each, store) for each in (before, after))
    if first_root != second_root:
        raise typer.BadParameter("both snapshots must lie in one store", param_hint="SNAPSHOT")
    found = compare(Store(first_root), first, second)
    tables = {"added": found.added, "removed": found.removed, "changed": found.changed}
    rows = [{"change": change, **row} for change, table in tables.items() for row in table.to_dicts()]
    columns = ("change", "party_id", "primary_name", "field", "before", "after")
    emit(rows[:SHOWN] if is_terminal() else rows, columns, title=f"{first} -> {second}")
    if found.uncompared:
        note(
            f"Not compared, because one of the two came without the file that holds them: {', '.join(found.uncompared)}"
        )
    if is_terminal():
        added, removed, changed = found.counts
        more = f" The first {SHOWN} rows are shown; pipe the command for all." if len(rows) > SHOWN else ""
        console().print(f"{added} added, {removed} removed, {changed} changed.{more}")


def _named(snapshot: str, store: Path | None) -> tuple[Path, str]:
    """Return the store and the name in it of a snapshot, given as a folder or by name."""
    folder = Path(os.path.realpath(snapshot))  # not `resolve`: that raises RuntimeError for a link to itself
    if (folder / "manifest.json").is_file():
        return folder.parents[1], f"{folder.parent.name}/{folder.name}"
    if store is None:
        raise typer.BadParameter(f"{snapshot}: no snapshot folder; or give --store", param_hint="SNAPSHOT")
    return store.resolve(), snapshot
