"""`headwater match NAME`: look names up on the lists."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from desk.cli.options import AsOf, Store, day


def match(
    store: Store,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME...]", help="Names to look up; - reads one a line. None: --id alone."),
    ] = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Best so many parties a name.")] = 5,
    born: Annotated[str | None, typer.Option(help="Date or year of birth of the person.")] = None,
    country: Annotated[str | None, typer.Option(help="Country, by code or name.")] = None,
    address: Annotated[str | None, typer.Option(help="Address.")] = None,
    number: Annotated[
        list[str] | None,
        typer.Option(
            "--id", help="Identifier as type:value, such as lei:... or passport:...; needs no name."
        ),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Explain the best match of each name.")] = False,
) -> None:
    """Look names and numbers up on the lists as published by a day; scores are leads, not answers."""
    import polars as pl

    from desk.cli.output import console, emit, is_terminal, note, safe
    from lists.store import Store as ListStore
    from pipelines.index_cache import open_screener
    from screening.matching import in_words, search, with_numbers, with_second_names
    from screening.policy import Matching

    wanted = [line.strip() for line in sys.stdin if line.strip()] if names == ["-"] else list(names or [])
    today = day(as_of)
    code, birth = _read_country(country), _read_birth(born)
    numbered = _say_of_numbers(number or [], code is not None)
    if not numbered and not any(map(str.isalnum, "".join(wanted))):
        raise typer.BadParameter("Nothing to look at: give a name, or a number with --id type:value.")
    list_store = ListStore(store)
    lists = list_store.load(today, optional=list_store.optional(today))
    screener = open_screener(store, lists.frames, today, Matching())
    called = wanted or [""]
    subjects = pl.DataFrame({"subject_id": [f"{row:09}" for row in range(len(called))], "name": called})
    attributes = subjects.select(
        "subject_id",
        "name",
        country=pl.lit(code, pl.String),
        date_of_birth=pl.lit(birth, pl.String),
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
            pl.col("query_name").replace("", ", ".join(number or [])),
            in_words(pl.col("evidence")).alias("beside_name"),
        )
    )  # fmt: skip
    if matches.is_empty():
        looked = ", ".join(f"{ref.list} of {ref.published}" for ref in lists.snapshots)
        note(f"Nothing found on the lists {looked}. Other lists were not looked at.")
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
        named = matches.filter(pl.col("name_score").is_not_null())
        for best in named.unique("subject_id", keep="first", maintain_order=True).to_dicts():
            pair = (best["query_name"], best["party_id"])
            explained = screener.index.explain(*pair, matched_name=best["matched_name"])
            console().print(safe(str(explained)), soft_wrap=True)


def _read_country(written: str | None) -> str | None:
    """Return the code of a country; say so where it cannot be read."""
    import polars as pl

    from desk.cli.output import note
    from screening.places import read_countries

    if not written:
        return None
    row = read_countries(pl.Series([written])).row(0, named=True)
    if row["iso2"] is None or row["region"]:
        note(f"--country {written!r} {row['why'] or 'names a region: give it in --address'}: not compared.")
        return None
    return str(row["iso2"])


def _read_birth(written: str | None) -> str | None:
    """Return a date of birth; say so where it cannot be read."""
    import polars as pl

    from desk.cli.output import note
    from screening.matching import birth_date_readable

    if not written or birth_date_readable(pl.Series([written]))[0]:
        return written
    note(f"--born {written!r} is no date that we can read: not compared. Write YYYY-MM-DD.")
    return None


def _say_of_numbers(numbers: list[str], placed: bool) -> bool:
    """Say which identifiers are not looked up as they are written; return whether any can be looked up."""
    import polars as pl

    from desk.cli.output import note
    from screening.matching import identifier_remarks

    given = pl.DataFrame({"subject_id": numbers, "text": numbers, "placed": [placed] * len(numbers)})
    remarks = identifier_remarks(
        given.cast({"subject_id": pl.String, "text": pl.String, "placed": pl.Boolean})
    )
    for text, remark in remarks.select("text", "remark").iter_rows():
        note(f"--id {text!r} {remark}.")
    useless = remarks.filter(~pl.col("usable"))["text"]
    national = ("nationality", "citizenship")
    return any(text.partition(":")[0].lower() not in national for text in {*numbers} - {*useless})
