"""Federal Register citations: `81 FR 61601`, in whatever spelling the publisher chose."""

from __future__ import annotations

import polars as pl

from lists.normalize import dates

_CITATION = r"\d+\s*F\.?\s?R\.?\s*(?:No\.?\s*)?\d+"


def citations(text: pl.Expr) -> pl.Expr:
    """Return every citation in a text as `81 FR 61601`; a text without one is kept as it is.

    >>> frame = pl.DataFrame({"t": ["68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06", "Vol. 81, No. 128, 07/05/16"]})
    >>> frame.select(citations(pl.col("t")))["t"].to_list()
    [['68 FR 38290', '71 FR 38843'], ['Vol. 81, No. 128, 07/05/16']]
    """
    found = text.str.extract_all(_CITATION).list.eval(
        pl.element().str.replace(r"^(\d+)[^\d]*(\d+)$", "$1 FR $2"), parallel=False
    )
    return pl.when(found.list.len() > 0).then(found).when(text.is_not_null()).then(pl.concat_list(text))


def first_notice_date(text: pl.Expr) -> pl.Expr:
    """Return the day of the first notice of a text, where it gives one.

    >>> pl.select(first_notice_date(pl.lit("76 FR 71869, 11/21/11; 81 FR 61601, 9/7/16"))).item()
    datetime.date(2011, 11, 21)
    """
    return dates.parse(text.str.extract(r"(\d{1,2}/\d{1,2}/(?:\d{4}|\d{2}))\b"))


def first_notice(text: pl.Expr) -> pl.Expr:
    """Return the first citation of a text, the one that made the listing; later amendments are appended to it."""
    return citations(text).list.first()
