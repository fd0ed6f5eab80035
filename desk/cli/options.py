"""Options that several verbs share."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.job.config import Config

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

Encodings = Annotated[
    list[str] | None,
    typer.Option(
        "--encoding",
        metavar="[TABLE=]ENCODING",
        help="Encoding of the customers, or of another table, where it is not UTF-8: ownership=cp1251.",
    ),
]


def settings(config: Path | None, encodings: list[str] | None) -> Config:
    """Read the configuration; `--encoding` goes before its section `[encoding]`. Raises typer.BadParameter."""
    from pipelines.job.config import load_config

    loaded = load_config(config)
    pairs = (text.rpartition("=") for text in encodings or [])
    named = {table or "customers": encoding for table, _, encoding in pairs}
    _check(named)
    return loaded.model_copy(update={"encoding": {**loaded.encoding, **named}}) if named else loaded


def check_encoding(encoding: str) -> None:
    """Raise typer.BadParameter for an encoding that there is not."""
    _check({"customers": encoding})


def _check(encodings: dict[str, str]) -> None:
    from pipelines.job.config import check_encodings

    try:
        check_encodings(encodings)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--encoding") from error


def day(moment: datetime | None) -> date:
    """Return the day asked for, or today: the only place where the command line looks at the clock."""
    return (moment or datetime.now()).date()
