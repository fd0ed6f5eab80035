"""The package's own tables in `lists/data`: judgement and vocabulary, kept out of the code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl


@cache
def reference(name: str) -> pl.DataFrame:
    """Return the table `lists/data/<name>.csv`, all columns text, blanks as empty text.

    >>> reference("ear_744_8_tags").height
    14
    """
    content = files("lists").joinpath(f"data/{name}.csv").read_bytes()
    return pl.read_csv(content, infer_schema=False).fill_null("")


@cache
def settings(name: str) -> dict[str, Any]:
    """Return the settings in `lists/data/<name>.toml`."""
    return tomllib.loads(files("lists").joinpath(f"data/{name}.toml").read_text("utf-8"))
