"""`headwater letter CASE_ID`: the draft of a letter that asks the customer, for an approver to release."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from desk.cli.options import RunFolder, day

DAYS_TO_REPLY = 14


def letter(
    case: Annotated[str, typer.Argument(metavar="CASE_ID", help="Id of the case, or of its customer.")],
    run: RunFolder,
    provider: Annotated[str, typer.Option(help="Who writes: the provider's name.")],
    reply_by: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of reply. Default: in 14 days.")
    ] = None,
) -> None:
    """Draft the letter with the questions of a case. It names no list and no limit, and nothing is ever sent."""
    import polars as pl

    from desk.cli.output import console, emit, is_terminal, safe
    from pipelines.run import find_case, open_run
    from screening.documents import letters

    opened = open_run(run)
    found = find_case(opened, case)
    findings = opened.table("findings").filter(pl.col("customer_id") == found["customer_id"])
    customer = pl.DataFrame({"customer_id": [found["customer_id"]], "name": [found["name"]]})
    due = reply_by.date() if reply_by else day(None) + timedelta(days=DAYS_TO_REPLY)
    draft = letters(findings.with_columns(material=pl.lit(True)), customer, due, provider).row(0, named=True)
    if not is_terminal():
        emit([draft], ())
        return
    console().print(f"Status: {draft['status']}. {safe(draft['why'])}", style="bold")
    if draft["body"]:
        console().print(f"\n{safe(draft['subject'])}\n\n{safe(draft['body'])}", soft_wrap=True)
