"""Reasons, questions and evidence: templates of text turned into Polars expressions.

A template names columns in braces, as in `{party_name}`; `screening/data/facts.csv` says in which format a column is
written. A null is written as "unknown". Text is never evaluated as code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType

import polars as pl

from screening.law.tables import table
from screening.text import format_scores

_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


def placeholders(template: str) -> list[str]:
    """Return the names in braces, in order.

    >>> placeholders("{low} to {high}")
    ['low', 'high']
    """
    return _PLACEHOLDER.findall(template)


def sentence(template: str, constants: Mapping[str, str]) -> pl.Expr:
    """Return an expression that fills the template; a name in `constants` is fixed, any other is a column.

    >>> pl.DataFrame({"low": [500_000]}).select(s=sentence("{who} holds {low}", {"who": "X"}))["s"].item()
    'X holds 50%'
    """
    parts: list[pl.Expr] = []
    for position, piece in enumerate(_PLACEHOLDER.split(template)):
        if position % 2 == 0:
            parts.append(pl.lit(piece))
        elif piece in constants:
            parts.append(pl.lit(constants[piece]))
        else:
            parts.append(shown(piece).fill_null("unknown"))
    return pl.concat_str(parts)


def open_template(template: str, constants: Mapping[str, str]) -> str:
    """Fill in what is fixed, and leave the name of each fact of a customer in brackets.

    >>> open_template("{who} holds {low}", {"who": "X"})
    'X holds [low]'
    """
    return _PLACEHOLDER.sub(
        lambda found: constants.get(found[1], f"[{found[1].replace('_', ' ')}]"), template
    )


def evidence(columns: Iterable[str]) -> pl.Expr:
    """Return an expression `column=value; column=value` of the columns that are not null.

    >>> pl.DataFrame({"low": [0], "path": [None]}).select(e=evidence(["low", "path"]))["e"].item()
    'low=0%'
    """
    pieces = [pl.lit(f"{c}=") + shown(c).str.replace_all(";", ",", literal=True) for c in columns]
    return pl.concat_str(pieces, separator="; ", ignore_nulls=True) if pieces else pl.lit("")


def shown(column: str) -> pl.Expr:
    """Return a column as text for a person, in the format that `facts.csv` gives it."""
    return _FORMATS[_formats().get(column, "")](pl.col(column))


@cache
def _formats() -> Mapping[str, str]:
    rows = table("facts").select(pl.col("column").str.split(".").list.last(), pl.col("format").fill_null(""))
    return MappingProxyType(dict(rows.iter_rows()))


@cache
def country_names() -> Mapping[str, str]:
    """Return each country code with its name, as in `Iran (IR)`."""
    return MappingProxyType(
        dict(table("countries").select("iso2", pl.format("{} ({})", "name", "iso2")).iter_rows())
    )


def _percent(ppm: pl.Expr) -> pl.Expr:
    number = (ppm.cast(pl.Float64) / 10_000).round(4).cast(pl.String)
    return number.str.strip_suffix(".0") + "%"


def _operations(count: pl.Expr) -> pl.Expr:
    return count.cast(pl.Float64).cast(pl.String).str.replace("e+", "e", literal=True)


def _estimate(count: pl.Expr) -> pl.Expr:
    """Return a positive number with three figures, as in 1.03e26; what is no finite number is unknown."""
    count = pl.when(count.is_finite()).then(count)
    power = count.log10().floor()
    power = pl.when(power.is_finite()).then(power)
    figures = (count / pl.lit(10.0).pow(power)).round(2).cast(pl.String).str.strip_suffix(".0")
    written = (
        pl.when(count > 0).then(pl.format("{}e{}", figures, power.cast(pl.Int64))).otherwise(pl.lit("0"))
    )
    return pl.when(count.is_not_null()).then(written)


def _country(code: pl.Expr) -> pl.Expr:
    return code.replace(dict(country_names()))


_FORMATS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = MappingProxyType(
    {
        "": lambda value: value.cast(pl.String),
        "percent": _percent,
        "operations": _operations,
        "estimate": _estimate,
        "score": format_scores,
        "country": _country,
        "list": lambda values: values.list.join(", ").replace("", None),
    }
)
