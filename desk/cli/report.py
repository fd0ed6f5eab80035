"""`headwater report CASE_ID block|reject|training`: the draft of a report, for a person to complete and file."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from desk.cli.options import RunFolder


class Kind(StrEnum):
    """What is reported: to OFAC (31 CFR 501.603, 501.604), or under the proposed rule on training (89 FR 5698)."""

    block = "block"
    reject = "reject"
    training = "training"


def report(
    case: Annotated[str, typer.Argument(metavar="CASE_ID", help="Id of the case, or of its customer.")],
    kind: Annotated[
        Kind,
        typer.Argument(help="Property was blocked, a transaction rejected, or a large model is trained."),
    ],
    run: RunFolder,
    on: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day on which a person blocked, rejected, or knew of the training."
        ),
    ],
    fact: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=TEXT", help="What the run does not know; may be repeated."),
    ] = None,
) -> None:
    """Draft a report of blocked property, of a rejected transaction or of training. Nothing is filed."""
    import polars as pl

    from desk.cli.output import console, emit, is_terminal, safe
    from pipelines.run import find_case, open_run
    from screening.documents import case_fields, draft_report
    from screening.law.tables import texts

    given = _facts(kind, fact or [])
    opened = open_run(run)
    found = find_case(opened, case)
    matches = opened.table("matches").filter(pl.col("customer_id") == found["customer_id"])
    reference = f"case {found['case_id']}, run {opened.manifest['run_id']}"
    facts = {"reference": reference, **case_fields(kind, found, matches), **given}
    draft = draft_report(kind, facts, on.date())
    why = str(texts("reports")["words"]["founded" if facts["basis"] else "unfounded"])
    if not is_terminal():
        row = {
            "case_id": found["case_id"], "customer_id": found["customer_id"], "kind": draft.kind, "status": "draft",
            "why": why, "due": draft.due, "missing": draft.missing, "text": draft.text,
        }  # fmt: skip
        emit([row], ())
        return
    console().print(f"Status: draft, not filed. {safe(why)}\n", style="bold")
    console().print(safe(draft.text), soft_wrap=True)
    if draft.missing:
        console().print(f"Give what is missing with --fact: {', '.join(draft.missing)}")


def _facts(kind: Kind, pairs: list[str]) -> dict[str, str]:
    """Read FIELD=TEXT. Raises typer.BadParameter for what is none, and for fields that the report does not have."""
    from screening.documents import report_fields

    fields = [name for name in report_fields(kind) if name != "acted_on"]
    facts = {name: text for name, _, text in (pair.partition("=") for pair in pairs)}
    wrong = [pair for pair in pairs if pair.partition("=")[0] not in fields or "=" not in pair]
    if wrong:
        raise typer.BadParameter(
            f"{', '.join(wrong)}: write FIELD=TEXT with one of {', '.join(fields)}", param_hint="--fact"
        )
    return facts
