"""`headwater match NAME`: look names up on the lists."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from desk.cli.options import AsOf, Store, day


def match(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Names to look up; - reads one a line.")
    ],
    store: Store,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Best so many parties a name.")] = 5,
    why: Annotated[bool, typer.Option("--why", help="Explain the best match of each name.")] = False,
) -> None:
    """Look names up on the lists as known on a day; scores are leads, not answers."""
    import polars as pl

    from desk.cli.output import console, emit, is_terminal
    from lists.store import Store as ListStore
    from pipelines.shelf import Shelf
    from pipelines.stages.hits import active, index_names

    wanted = [line.strip() for line in sys.stdin if line.strip()] if names == ["-"] else names
    today = day(as_of)
    frames = ListStore(store).load(today).frames
    parties = active(frames, pl.lit(today))
    index = Shelf(store).index(index_names(frames, parties))
    queries = pl.DataFrame({"query_id": [str(row) for row in range(len(wanted))], "name": wanted})
    hits = index.match(queries, limit=limit).join(
        parties.select("party_id", "list", pl.col("primary_name").alias("party_name"), "countries", "programs"),
        on="party_id", how="left", maintain_order="left",
    )  # fmt: skip
    emit(
        hits.to_dicts(),
        ("query_name", "score", "matched_name", "list", "party_id", "party_name", "countries"),
        title=f"Best matches as of {today}; a score is a lead, not an answer",
    )
    if why and is_terminal():
        for best in hits.unique("query_id", keep="first", maintain_order=True).to_dicts():
            console().print(str(index.explain(best["query_name"], best["party_id"])))
