"""`headwater thresholds`: how many pairs of names each band of the score holds, and how people decided on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli.options import RunFolder

if TYPE_CHECKING:
    import polars as pl

PARQUET = ".parquet"
COUNTED = (
    "pairs", "alerts", "reviews", "false_positives", "below_line_sample", "called_true", "called_false",
)  # fmt: skip
SHORT = {
    "false_positives": "aside", "below_line_sample": "sample", "called_true": "true", "called_false": "false",
}  # fmt: skip
TRUE_ONLY = ("called_true", "precision", "precision_low", "precision_high")
"""Columns that need true matches too: left out where only the pairs that were set aside are given."""


def thresholds(
    run: RunFolder,
    by_list: Annotated[bool, typer.Option("--by-list", help="A row for each list.")] = False,
    by_party_type: Annotated[
        bool, typer.Option("--by-party-type", help="A row for each party type.")
    ] = False,
    by_segment: Annotated[bool, typer.Option("--by-segment", help="A row for each segment.")] = False,
    decisions: Annotated[
        str | None,
        typer.Option(
            metavar="DATABASE",
            help="Count what was decided at the desk; or reviewed.parquet, false positives only.",
        ),
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Show the day's sample of pairs under the review score instead.")
    ] = False,
) -> None:
    """Count alerts by band of the score, with what people decided and the sample below the line."""
    from desk.cli.output import emit, is_terminal
    from pipelines.bands import KINDS, alerts_by_band
    from pipelines.run import open_run

    opened = open_run(run)
    if sample:
        pairs = opened.table("below_line").sort("score", descending=True)
        shown = ("score", "query_name", "matched_name", "list", "party_type", "customer_id", "party_id")
        emit(
            pairs.to_dicts(),
            shown,
            title=f"Pairs just under the review score, drawn on {opened.manifest['as_of']}",
        )
        return
    options = (by_list, by_party_type, by_segment)
    wanted = [kind for kind, each in zip(KINDS, options, strict=True) if each]
    verdicts = None if decisions is None else decided(decisions)
    counted = alerts_by_band(opened, wanted, verdicts)
    if decisions and decisions.endswith(PARQUET):
        counted = counted.drop(TRUE_ONLY)
    bands = counted.to_dicts()
    rows = [brief(band) for band in bands] if is_terminal() else bands
    emit(rows, tuple(rows[0]) if rows else (), title="Pairs of names by score")


def brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write a row for a terminal of eighty columns.

    >>> brief({"from_score": 0.9, "to_score": 0.95, "pairs": 3, "false_positives": 1, "below_line_sample": 0,
    ...     "called_true": 1, "called_false": 2, "precision": 0.333, "precision_low": 0.061, "precision_high": 0.792})
    {'score': '0.90-0.95', 'pairs': 3, 'aside': 1, 'sample': 0, 'true': 1, 'false': 2, 'precision': '0.33 (0.06-0.79)'}
    """
    shown = {"score": f"{row['from_score']:.2f}-{row['to_score']:.2f}"}
    kinds = {name: row[name] for name in ("list", "party_type", "segment") if name in row}
    shown |= {SHORT.get(name, name): row[name] for name in row if name in COUNTED}
    if row.get("precision") is not None:
        share, *bounds = (f"{row[name]:.2f}" for name in ("precision", "precision_low", "precision_high"))
        shown["precision"] = f"{share} ({'-'.join(bounds)})"
    elif "precision" in row:
        shown["precision"] = ""
    return kinds | shown


def decided(source: str) -> pl.DataFrame:
    """Return what people called the pairs: columns of `bands.REVIEWED` and `same`. Raises StoreError, InputRejected."""
    import polars as pl

    from desk.store import Ledger
    from desk.store.ledger import address
    from desk.store.verdicts import verdicts
    from pipelines.bands import REVIEWED
    from pipelines.errors import InputRejected

    if source.endswith(PARQUET):
        try:
            reviewed = pl.read_parquet(Path(source), columns=["customer_id", *REVIEWED[1:]])
        except (OSError, pl.exceptions.PolarsError) as error:
            raise InputRejected(
                f"{source}: cannot be read as reviews ({error}). Give what `decisions export` wrote."
            ) from error
        return reviewed.rename({"customer_id": REVIEWED[0]}).unique().with_columns(same=False)
    ledger = Ledger(address(source), create=False)
    with ledger.read() as session:
        rows = [(*pair, same) for pair, same in verdicts(session).items()]
    ledger.close()
    return pl.DataFrame(rows, schema=[*REVIEWED, "same"], orient="row")
