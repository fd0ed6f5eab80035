"""`headwater config check FILE`: every error of a configuration at once, with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Look at a configuration file.", no_args_is_help=True)


@app.callback()
def config() -> None:
    """Look at a configuration file."""


@app.command("check")
def check(file: Annotated[Path, typer.Argument(help="The TOML file to check.")]) -> None:
    """Say that a configuration file can be used, or list everything that is wrong with it."""
    from pipelines.job.config import load_config

    settings = load_config(file)
    typer.echo(f"{file.name}: usable (sha256 {settings.sha256[:12]}).")
