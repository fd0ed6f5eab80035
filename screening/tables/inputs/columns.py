"""Columns that several input tables have."""

from __future__ import annotations

from screening.tables.table import Column

YES_NO = ("yes", "no", "unknown")


def country(name: str, meaning: str) -> Column:
    """Return a column of a country."""
    return Column(name, meaning, "country", holds=("country",))


def country_remarks() -> Column:
    """Return the column in which the reader notes what the country columns of a row hold besides codes."""
    return Column(
        "country_remarks",
        "Written by the reader: `column=UA-43` where a country value names a region of Ukraine, `column?value` where "
        "it could not be read; leave it blank",
        "texts",
    )


def identifiers(meaning: str) -> Column:
    """Return the column of identifiers."""
    return Column("identifiers", meaning, "texts", holds=("identifier",))
