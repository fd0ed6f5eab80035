"""What all OFAC layouts share: the list that a row belongs to, party types, the order of a person's names."""

from __future__ import annotations

import polars as pl

from lists.reference import reference

PARTY_TYPES = {
    "individual": "person",
    "entity": "organization",
    "vessel": "vessel",
    "aircraft": "aircraft",
}


def non_sdn_list(programs: pl.Expr) -> pl.Expr:
    """Return the list a non-SDN row stands on; the file does not say, its programs do (menu-based where none does).

    >>> pl.select(non_sdn_list(pl.lit([["UKRAINE-EO13662", "RUSSIA-EO14024"]]).explode())).item()
    'SSI'
    """
    rules = reference("program_lists").iter_rows()
    found = pl.coalesce(
        pl.when(programs.list.contains(program)).then(pl.lit(code)) for program, code in rules
    )
    return found.fill_null("MBS")


def full_name(last: str | None, first: str | None) -> str | None:
    """Join the parts of a name as the legacy files do.

    >>> full_name("SAEED", "Muhammad"), full_name("VTB BANK", None)
    ('SAEED, Muhammad', 'VTB BANK')
    """
    return ", ".join(part for part in (last, first) if part) or None
