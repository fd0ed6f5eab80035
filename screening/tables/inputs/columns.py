"""Columns that several input tables have."""

from __future__ import annotations

from screening.tables.table import Column

YES_NO = ("yes", "no", "unknown")


def country(name: str, meaning: str) -> Column:
    """Return a column of a country."""
    return Column(name, meaning, "country", holds=("country",))


def identifiers(meaning: str) -> Column:
    """Return the column of identifiers."""
    return Column("identifiers", meaning, "texts", holds=("identifier",))
