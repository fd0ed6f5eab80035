"""`headwater veu CUSTOMER`: what the records say about a customer as a validated end user."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsOf, ConfigFile, Store, day

File = Annotated[Path | None, typer.Option(show_default=False)]

SECTIONS = {
    "eligibility": ("Eligibility and shares", ("rule_id", "outcome", "reason")),
    "checklist": ("Vetting checklist (Supp. 10 to part 748)", ("item", "title", "state", "found", "asks")),
    "owners": (
        "Owners to report (item 3)",
        ("owner_id", "owner_name", "hq_country", "list", "share", "report"),
    ),
    "notices": ("Notices of planned moves", ("site_country", "starts", "notice", "latest_day", "overdue")),
    "storage": ("Places of weights (item 8)", ("model", "country", "state")),
    "calendar": ("Calendar of reports", ("due", "report", "who", "counted_on", "citation")),
}


def veu(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of a customer of the book.")],
    customers: Annotated[Path, typer.Option(help="CSV, Parquet, NDJSON or XLSX of customers.")],
    store: Store,
    ownership: Annotated[list[Path] | None, typer.Option(help="Ownership edges; may be repeated.")] = None,
    entities: File = None,
    activity: File = None,
    connections: File = None,
    transactions: File = None,
    answers: File = None,
    attested: Annotated[
        list[str] | None,
        typer.Option(metavar="ITEM=EVIDENCE", help="What is attested for an item, 1 to 19; may be repeated."),
    ] = None,
    operator_hq: Annotated[
        str | None, typer.Option(help="Headquarters of who operates the places of training: two letters.")
    ] = None,
    as_of: AsOf = None,
    config: ConfigFile = None,
) -> None:
    """Print what is on record of a customer as a validated end user: a start for a person, no permission."""
    from desk.cli.output import emit, note
    from lists.store import Store as ListStore
    from pipelines.index_cache import open_screener
    from pipelines.inputs.book import BookFiles, read_book
    from pipelines.job.config import load_config
    from screening.book import prepare, validated_user

    settings, today, evidence = load_config(config), day(as_of), _attestations(attested or [])
    tables = {
        "entities": entities, "activity": activity, "connections": connections, "transactions": transactions,
        "answers": answers,
    }  # fmt: skip
    book = read_book(BookFiles(customers, tuple(ownership or ()), **tables), settings)
    lists = ListStore(store).load(today, settings.lists or None, settings.optional_lists)
    screener = open_screener(store, lists.frames, today, settings.matching)
    prepared = prepare(book, lists, today, settings, screener)
    operator = operator_hq.upper() if operator_hq else None
    record = validated_user(book, prepared, customer, evidence, operator)
    for warning in prepared.warnings:
        note(warning)
    for name, frame in record.sections().items():
        title, columns = SECTIONS[name]
        rows = [{"section": name, "customer_id": customer, "as_of": today, **row} for row in frame.to_dicts()]
        if rows:
            emit(rows, (*columns, "rule_status"), f"{title}, as of {today}")
        else:
            note(f"{title}: nothing on record")


def _attestations(pairs: list[str]) -> dict[int, str]:
    """Read ITEM=EVIDENCE. Raises typer.BadParameter for another form, and for items that are not in the checklist."""
    items = {str(number): number for number in range(1, 20)}
    split = [pair.partition("=") for pair in pairs]
    wrong = [f"{item}{sign}{text}" for item, sign, text in split if item not in items or not text.strip()]
    if wrong:
        raise typer.BadParameter(
            f"{', '.join(wrong)}: write ITEM=EVIDENCE, items 1 to 19", param_hint="--attested"
        )
    return {items[item]: text for item, _, text in split}
