"""The law as data: the tables under `screening/data`, read once and typed.

Every table is a CSV or TOML file beside the package, so that a lawyer can read and a test can check it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import polars as pl

_DATA = files("screening").joinpath("data")


@cache
def table(name: str) -> pl.DataFrame:
    """Return the table `screening/data/<name>.csv` as text columns; empty cells are null.

    >>> table("recommendations").columns
    ['recommendation', 'rank', 'severity_ceiling', 'meaning']
    """
    content = _DATA.joinpath(f"{name}.csv").read_bytes()
    return pl.read_csv(content, infer_schema=False)


@cache
def texts(family: str) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the branches of a family: rule id (or `_` for all) -> branch -> outcome, texts and weight.

    Empty for a family none of whose rules is computed.
    """
    page = _DATA.joinpath("texts", f"{family}.toml")
    return tomllib.loads(page.read_text(encoding="utf-8")) if page.is_file() else {}


@cache
def rules() -> pl.DataFrame:
    """Return the rule table: one row a rule, in the order of the file.

    Columns: rule_id, family, title, citation, degree (computed, partial, human, context), recommendation and
    severity (0-100) at full weight, inputs (columns of the facts frame).

    >>> rules().filter(pl.col("rule_id") == "RF28")["family"].item()
    'training'
    """
    return table("rules").with_columns(
        pl.col("severity").cast(pl.Int64), pl.col("inputs").fill_null("").str.split(" ").list.drop_nulls()
    )


@cache
def periods() -> pl.DataFrame:
    """Return the dated periods of the rules: rule_id, effective_from, effective_to, status, citation, ..."""
    return table("rule_periods").with_columns(pl.col("effective_from", "effective_to").str.to_date())


def figure(name: str) -> float:
    """Return a figure that is our choice and not the law's, from `screening/data/policy.toml`.

    >>> figure("jump_factor")
    3
    """
    return _policy()[name]


@cache
def _policy() -> Mapping[str, float]:
    return MappingProxyType(tomllib.loads(_DATA.joinpath("policy.toml").read_text(encoding="utf-8")))
