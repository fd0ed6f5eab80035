"""`headwater thresholds`: what the review and alert scores cost and catch, by band of the score."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.options import RunFolder


def thresholds(
    run: RunFolder,
    by_list: Annotated[bool, typer.Option("--by-list", help="A row for each list.")] = False,
    by_party_type: Annotated[
        bool, typer.Option("--by-party-type", help="A row for each party type.")
    ] = False,
    by_segment: Annotated[bool, typer.Option("--by-segment", help="A row for each segment.")] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="Show the day's sample of pairs under the review score instead.")
    ] = False,
) -> None:
    """Count alerts by band of the score, with what people turned down and the sample below the line."""
    from desk.cli.output import emit
    from pipelines.bands import KINDS, alerts_by_band
    from pipelines.run import open_run

    opened = open_run(run)
    if sample:
        rows = opened.table("below_line").sort("score", descending=True)
        shown = ("score", "query_name", "matched_name", "list", "party_type", "customer_id", "party_id")
        emit(
            rows.to_dicts(),
            shown,
            title=f"Pairs just under the review score, drawn on {opened.manifest['as_of']}",
        )
        return
    wanted = [kind for kind, asked in zip(KINDS, (by_list, by_party_type, by_segment), strict=True) if asked]
    counted = alerts_by_band(opened, wanted)
    emit(counted.to_dicts(), counted.columns, title="Pairs of names by score")
