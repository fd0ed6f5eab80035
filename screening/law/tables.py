"""The tables of `screening/data/law` and `screening/data/policy`, read once.

What the law says and what a compliance team chooses are CSV and TOML files beside the package, so that a lawyer can
read them and a test can check them. The folders' READMEs say what each file is and how to change it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import polars as pl

_DATA = files("screening").joinpath("data")
_FOLDERS = ("law", "policy", ".")
"""Where a table may stand; the names are unique across them."""


@cache
def table(name: str) -> pl.DataFrame:
    """Return the table `<name>.csv` of the law or of our policy; all columns are text, empty cells are null.

    >>> table("recommendations").columns
    ['recommendation', 'rank', 'severity_ceiling', 'meaning']
    """
    pages = [_DATA.joinpath(folder, f"{name}.csv") for folder in _FOLDERS]
    page = next((page for page in pages if page.is_file()), pages[0])
    return pl.read_csv(page.read_bytes(), infer_schema=False)


@cache
def table_names(folder: str = "law") -> tuple[str, ...]:
    """Return the names of the tables in a folder of `screening/data`, sorted.

    >>> "rules" in table_names(), "rules" in table_names("policy")
    (True, False)
    """
    names = [page.name for page in _DATA.joinpath(folder).iterdir()]
    return tuple(sorted(name.removesuffix(".csv") for name in names if name.endswith(".csv")))


@cache
def texts(family: str) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return `law/texts/<family>.toml`: rule id (or `_` for all) -> branch -> outcome, texts and weight.

    Empty for a family none of whose rules is computed.
    """
    page = _DATA.joinpath("law", "texts", f"{family}.toml")
    return tomllib.loads(page.read_text(encoding="utf-8")) if page.is_file() else {}


@cache
def policy(name: str) -> Mapping[str, Any]:
    """Return the settings of `policy/<name>.toml`.

    >>> policy("proximity")["budget"]
    4
    """
    page = _DATA.joinpath("policy", f"{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(page))


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
    """Return the dated periods of the rules, one row each.

    Columns: rule_id, effective_from, effective_to (dates; null = open), status, citation, certainty, last_reviewed,
    note.
    """
    return table("rule_periods").with_columns(pl.col("effective_from", "effective_to").str.to_date())


@cache
def figure(name: str) -> int:
    """Return a whole figure of the law, exactly, from `law/figures.csv`. Raises KeyError for an unknown name.

    >>> figure("controlled_training_ops") == 10**26
    True
    """
    value = _figures()[name]
    if value != int(value):
        raise ValueError(f"{name} is {value}: read it with decimal_figure")
    return int(value)


@cache
def decimal_figure(name: str) -> float:
    """Return a figure of the law that is no whole number.

    >>> decimal_figure("chip_a_density")
    5.92
    """
    return float(_figures()[name])


@cache
def _figures() -> Mapping[str, Decimal]:
    rows = table("figures").select("name", "value").iter_rows()
    return MappingProxyType({name: Decimal(value) for name, value in rows})


def policy_figure(name: str) -> float:
    """Return a figure that is our choice and not the law's, from `policy/figures.toml`.

    >>> policy_figure("jump_factor")
    3
    """
    value: float = policy("figures")[name]
    return value
