"""`headwater screen`: the nightly job on one's own files."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.screen_options import FLAGGED, ScreenOptions, with_screen_options


@with_screen_options
def screen(
    options: ScreenOptions,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 10 when cases were opened.")
    ] = False,
) -> None:
    """Screen customers, trace their owners, evaluate the rules of the day, and write flagged cases as Parquet."""
    manifest = options.run()
    if exit_code and manifest and manifest.counts["cases"]:
        raise typer.Exit(FLAGGED)
