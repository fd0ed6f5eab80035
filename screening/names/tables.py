"""The one door to the package's data files about names."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import polars as pl

_FOLDER = resources.files("screening").joinpath("data", "names")


@cache
def table(name: str) -> pl.DataFrame:
    """Read `screening/data/names/<name>.csv` with every column as text; blank fields are empty strings.

    >>> table("folding").columns
    ['pass', 'from', 'to']
    """
    source = _FOLDER.joinpath(f"{name}.csv").read_bytes()
    return pl.read_csv(source, infer_schema=False).fill_null("")


@cache
def measures() -> dict[str, str]:
    """Return the text of every file of weights and thresholds by its name: all by which names and evidence count.

    >>> "evidence.toml" in measures()
    True
    """
    files = sorted((each for each in _FOLDER.iterdir() if each.name.endswith((".toml", ".csv"))), key=str)
    return {file.name: file.read_text("utf-8") for file in files}


@cache
def settings(name: str) -> dict[str, Any]:
    """Read `screening/data/names/<name>.toml`; do not change what it returns."""
    return tomllib.loads(_FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))
