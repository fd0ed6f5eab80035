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
    born: Annotated[str | None, typer.Option(help="Date or year of birth of the person.")] = None,
    country: Annotated[str | None, typer.Option(help="Country, two letters.")] = None,
    address: Annotated[str | None, typer.Option(help="Address.")] = None,
    number: Annotated[
        list[str] | None,
        typer.Option("--id", help="Identifier as type:value, such as lei:... or passport:..."),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Explain the best match of each name.")] = False,
) -> None:
    """Look names up on the lists as published by a day; scores are leads, not answers."""
    import polars as pl

    from desk.cli.output import console, emit, is_terminal
    from lists.store import Store as ListStore
    from pipelines.index_cache import open_screener
    from screening.matching import in_words, search, with_numbers, with_second_names
    from screening.policy import Matching

    wanted = [line.strip() for line in sys.stdin if line.strip()] if names == ["-"] else names
    today = day(as_of)
    screener = open_screener(store, ListStore(store).load(today).frames, today, Matching())
    subjects = pl.DataFrame({"subject_id": [f"{row:09}" for row in range(len(wanted))], "name": wanted})
    attributes = subjects.select(
        "subject_id",
        "name",
        country=pl.lit(country.upper() if country else None, pl.String),
        date_of_birth=pl.lit(born, pl.String),
        address=pl.lit(address, pl.String),
        identifiers=pl.lit(number or [], pl.List(pl.String)),
    )
    fields = with_second_names(subjects.with_columns(party_type=pl.lit(None, pl.String)), without=())
    queries = fields.with_row_index("query_id").cast({"query_id": pl.String})
    found = search(screener.index, queries, with_numbers(attributes), screener.attributes, 0.0)
    kinds = queries.select("subject_id", "name_kind", query_name="name").join(
        subjects.rename({"name": "name_field"}), on="subject_id", maintain_order="left"
    )
    matches = (
        found.group_by("subject_id", maintain_order=True)
        .head(limit)
        .join(kinds, on=["subject_id", "query_name"], how="left", maintain_order="left")
        .join(
            screener.parties.select(
                "party_id", "list", "countries", "programs", pl.col("primary_name").alias("party_name")
            ),
            on="party_id", how="left", maintain_order="left",
        )
        .with_columns(
            pl.coalesce("matched_name", "party_name").alias("matched_name"),
            in_words(pl.col("evidence")).alias("beside_name"),
        )
    )  # fmt: skip
    emit(
        matches.to_dicts(),
        (
            "query_name",
            "name_kind",
            "score",
            "matched_name",
            "list",
            "party_id",
            "party_name",
            "countries",
            "beside_name",
        ),
        title=f"Best matches as of {today}; a score is a lead, not an answer",
    )
    if why and is_terminal():
        for best in matches.unique("subject_id", keep="first", maintain_order=True).to_dicts():
            pair = (best["query_name"], best["party_id"])
            console().print(str(screener.index.explain(*pair, matched_name=best["matched_name"])))
