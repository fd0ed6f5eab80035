"""Options that several verbs share."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

Store = Annotated[Path, typer.Option("--store", help="Folder of the list snapshots.", file_okay=False)]
MaybeStore = Annotated[
    Path | None, typer.Option("--store", help="Folder of the list snapshots.", file_okay=False)
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="TOML: column names, thresholds, rules.")]
RunFolder = Annotated[Path, typer.Option("--run", help="Folder of a finished run.", file_okay=False)]
Metrics = Annotated[
    Path | None, typer.Option("--metrics", help="Write figures for Prometheus here (textfile collector).")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help="Day whose lists, edges and rules count. Default: today."
    ),
]


def day(moment: datetime | None) -> date:
    """Return the day asked for, or today: the only place where the command line looks at the clock."""
    return (moment or datetime.now()).date()
