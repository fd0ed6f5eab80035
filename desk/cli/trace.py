"""`headwater trace ENTITY`: who stands above an entity, and which path makes it restricted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsOf, Encodings, MaybeStore, day, settings


def trace(
    entity: Annotated[str, typer.Argument(help="Entity id, or its name where no id matches.")],
    ownership: Annotated[list[Path], typer.Option(help="Ownership edges; may be repeated.")],
    entities: Annotated[Path | None, typer.Option(help="Names and countries of entities.")] = None,
    connections: Annotated[
        Path | None,
        typer.Option(help="People, addresses and accounts that entities share: for who is nearby."),
    ] = None,
    store: MaybeStore = None,
    as_of: AsOf = None,
    hops: Annotated[int, typer.Option(min=1, max=50, help="How far a picture or an export reaches.")] = 3,
    svg: Annotated[Path | None, typer.Option(help="Draw the neighbourhood to this file.")] = None,
    graphml: Annotated[Path | None, typer.Option(help="Write the neighbourhood as GraphML.")] = None,
    bods: Annotated[Path | None, typer.Option(help="Write it as BODS 0.4 statements.")] = None,
    ftm: Annotated[Path | None, typer.Option(help="Write it as FollowTheMoney JSON lines.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="TOML: column names, thresholds for all segments.")
    ] = None,
    encoding: Encodings = None,
) -> None:
    """Print everybody above an entity, its ultimate parent, and, with --store, what the 50 percent rules say."""
    from desk.cli.output import emit
    from pipelines.trace import trace_entity

    chosen = settings(config, encoding)
    found = trace_entity(entity, ownership, entities, store, day(as_of), chosen, hops, connections)
    emit(
        found.summary,
        ("entity_id", "name", "parent_name", "hq_country", "basis", "unknown"),
        "Ultimate parent",
    )
    emit(found.owners, ("hops", "owner", "share", "interest", "owned", "listed_as"), "Owners, nearest first")
    emit(
        found.verdicts,
        ("regime", "status", "held", "look_through", "cause", "root_score", "path"),
        "50 percent rules",
    )
    if found.deciding:
        emit(
            found.deciding,
            ("regime", "holder_name", "holder_status", "share", "needed"),
            "Open shares to ask about",
        )
    if found.nearby:
        emit(found.nearby, ("distance", "sentence"), "Listed or restricted parties nearby")
    files = {"svg": svg, "graphml": graphml, "bods": bods, "ftm": ftm}
    if any(files.values()):
        from pipelines.trace_files import write_neighbourhood

        write_neighbourhood(found, {kind: path for kind, path in files.items() if path}, hops, day(as_of))
