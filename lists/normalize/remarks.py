"""OFAC remarks broken into facts: `DOB 18 Aug 1969; POB Moscow, Russia; a.k.a. 'BNC'; Linked To: X.`

Facts are parted by semicolons and begin with a label from `lists/data/remark_labels.csv`. What carries no known
label becomes a `note`, so nothing of the remarks is lost; the raw text stays with the party.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from lists.normalize.countries import country_code
from lists.reference import reference

_DIRECTIVE = (
    r"(?:Executive Order |EO |Sanction: (?:Executive Order )?)(1\d{4})\b.*?\bDirective (\d[a-zA-Z]?)\b"
)
_DATES = ("listing_date", "effective_date")
_COUNTRY_TYPES = ("nationality", "citizenship", "vessel_flag", "former_vessel_flag")


@dataclass(frozen=True, slots=True)
class Facts:
    """names: entry, name, name_kind, quality. identifiers: entry, id_type, id_value, country. relations: entry,
    relation, other_name, text."""

    names: pl.DataFrame
    identifiers: pl.DataFrame
    relations: pl.DataFrame


def read_remarks(remarks: pl.DataFrame) -> Facts:
    """Break remarks (frame: entry, remarks) into names, identifiers and relations.

    Names in quotes are OFAC's weak aliases: the legacy files carry them nowhere else.

    >>> facts = read_remarks(pl.DataFrame({"entry": [1], "remarks": ["Passport A1 (Iran); a.k.a. 'BNC'; on hold."]}))
    >>> facts.identifiers.rows(), facts.names.rows()
    ([(1, 'passport', 'A1', 'Iran')], [(1, 'BNC', 'aka', 'weak')])
    >>> facts.relations.rows()
    [(1, 'note', None, 'on hold')]
    """
    text = pl.col("remarks").str.strip_chars().str.replace(r"\.$", "").str.split(";")
    return read_facts(
        remarks.drop_nulls("remarks").select("entry", text=text).explode("text", empty_as_null=False)
    )


def read_facts(facts: pl.DataFrame) -> Facts:
    """Read labelled facts (frame: entry, text), one a row, as `read_remarks` does after it has parted them."""
    labels, pattern = _labels()
    parts = (
        facts.with_columns(pl.col("text").str.strip_chars().str.replace(r"^\((.*)\)$", "$1"))
        .filter(pl.col("text").str.contains(r"[^.\s]"))
        .with_columns(
            label=pl.col("text").str.extract(pattern, 1), value=pl.col("text").str.extract(pattern, 2)
        )
        .join(labels, on="label", how="left", maintain_order="left")
    )
    return Facts(_names(parts), pl.concat([_identifiers(parts), _directives(parts)]), _relations(parts))


def _names(parts: pl.DataFrame) -> pl.DataFrame:
    names = parts.filter(pl.col("target") == "name")
    return names.select(
        "entry",
        name=pl.col("value").str.strip_chars(" '\""),
        name_kind="kind",
        quality=pl.lit("weak"),
    ).filter(pl.col("name") != "")


def _identifiers(parts: pl.DataFrame) -> pl.DataFrame:
    found = parts.filter((pl.col("target") == "identifier") & (pl.col("value") != ""))
    in_brackets = pl.col("value").str.extract(r"\(([^()]+)\)[^()]*$")
    bracketed = country_code(in_brackets).is_not_null()
    number = pl.when(bracketed).then(pl.col("value").str.replace(r"\s*\([^()]+\)[^()]*$", ""))
    own_country = pl.when(pl.col("kind").is_in(_COUNTRY_TYPES)).then(pl.col("value"))
    return found.select(
        "entry",
        id_type="kind",
        id_value=pl.coalesce(number, pl.col("value")),
        country=pl.coalesce(pl.when(bracketed).then(in_brackets), own_country),
    )


def _directives(parts: pl.DataFrame) -> pl.DataFrame:
    """Sectoral directives, in the words of OFAC's several layouts, as `EO 13662 Directive 1`."""
    order, number = (pl.col("text").str.extract(_DIRECTIVE, group) for group in (1, 2))
    found = parts.filter(
        pl.col("text").str.contains(_DIRECTIVE) & ~pl.col("kind").is_in(_DATES).fill_null(False)
    )
    return found.select(
        "entry",
        id_type=pl.lit("directive"),
        id_value=pl.format("EO {} Directive {}", order, number.str.to_lowercase()),
        country=pl.lit(None, pl.String),
    ).unique()


def _relations(parts: pl.DataFrame) -> pl.DataFrame:
    others = parts.filter(pl.col("target").is_null() | (pl.col("target") == "relation"))
    names_another = pl.col("kind").is_in(["linked_to", "operator", "vessel_owner"])
    return others.select(
        "entry",
        relation=pl.col("kind").fill_null("note"),
        other_name=pl.when(names_another).then(pl.col("value")),
        text="text",
    )


@cache
def _labels() -> tuple[pl.DataFrame, str]:
    labels = reference("remark_labels")
    longest_first = sorted(labels["label"], key=lambda label: (-len(label), label))
    alternatives = "|".join(re.escape(label).replace("'", "['’]") for label in longest_first)
    return labels, rf"^(?:alt\. )?({alternatives})(?:[\s:]+(.*)|)$"
