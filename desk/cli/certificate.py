"""`headwater certificate CUSTOMER`: the proof that a customer was screened, with a case or without."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from desk.cli.options import RunFolder


class Form(StrEnum):
    """How a certificate is written."""

    text = "text"
    json = "json"
    html = "html"


def certificate(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of a customer of the run.")],
    run: RunFolder,
    desk: Annotated[
        str | None,
        typer.Option(
            "--desk", metavar="DATABASE", help="The desk's database, for decisions and the audit chain."
        ),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="text; json; or html, one file to print.")
    ] = Form.text,
) -> None:
    """Say who was screened with which lists, what was found, what was not looked at, and who decided what."""
    from contextlib import nullcontext

    import orjson

    from desk.certificate import as_page, full_text
    from desk.certificate import certificate as make
    from desk.cli.output import as_json, console, safe
    from desk.store import Ledger
    from desk.store.ledger import address
    from pipelines.run import open_run

    opened = open_run(run)
    ledger = Ledger(address(desk), create=False) if desk else None
    with ledger.read() if ledger else nullcontext(None) as session:
        made = make(opened, customer, session)
    if ledger:
        ledger.close()
    if form is Form.json:
        options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
        sys.stdout.write(as_json(made.to_dict(), options) + "\n")
    elif form is Form.html:
        sys.stdout.write(as_page(made))
    else:
        for style, line in full_text(made):
            console().print(safe(line), style=style, soft_wrap=True)
