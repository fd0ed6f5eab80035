"""`headwater refresh`: list files in, an immutable snapshot a list out."""

from __future__ import annotations

from datetime import UTC, datetime
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
    download: Annotated[
        bool,
        typer.Option("--download", help="Fetch from the agencies; name lists after it, or none for all."),
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="With --download: use what was fetched last.")
    ] = False,
    forget: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Miss a list no more that its publisher has given up, and end."),
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Argument(help="Further files as after --from, or lists to download.", show_default=False),
    ] = None,
) -> None:
    """Read list files as the agencies publish them into the store. A broken file leaves the last snapshot in place."""
    from contextlib import suppress
    from dataclasses import asdict

    from desk.cli.output import emit, note
    from lists.download import list_addresses, refresh_by_download
    from lists.errors import MalformedList, SnapshotNotFound
    from lists.refresh import refresh as refresh_lists
    from lists.schema import OPTIONAL_LISTS
    from lists.store import Store as ListStore
    from pipelines.index_cache import prepare_index

    if forget is not None:
        note(f"{forget}: {ListStore(store).forget(forget)} snapshots are no longer expected in {store}.")
        return
    paths = [*(sources or []), *map(Path, [] if download else more or [])]
    if download == bool(paths):
        raise typer.BadParameter("name files after --from, or use --download", param_hint="--from")
    if download:
        names = more or sorted(list_addresses())
        report = refresh_by_download(names, ListStore(store), partial=partial, offline=offline)
    else:
        day = published.date() if published else None
        report = refresh_lists(paths, ListStore(store), published=day, partial=partial)
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
    stored = {outcome.list for outcome in report.outcomes if outcome.outcome != "failed"}
    if optional := [code for code in OPTIONAL_LISTS if code in stored]:
        codes = ", ".join(f'"{code}"' for code in optional)
        note(f"Optional lists are screened only where the configuration says so: optional_lists = [{codes}]")
    if not report.outcomes and not report.messages:
        raise MalformedList(
            f"{', '.join(map(str, paths)) or store}: no list is there, so nothing was read. Check the path."
        )
    with suppress(SnapshotNotFound):
        prepare_index(store, datetime.now(UTC).date())
    if report.failed:
        raise typer.Exit(1)
