"""What the classification of an item says: its ECCN, and whether that is one of the advanced computing classes.

ECCNs 3A090 and 4A090, and the paragraphs `.z` of those entries whose items hold such chips (15 CFR 742.6(a)(6)(iii)).
Paragraph letters decide: an entry without one may be either class.
"""

from __future__ import annotations

import polars as pl

ADVANCED = ("3A090.a", "3A090.b", "3A090")
"""The classes of advanced computing items; the last is that of an entry whose paragraph is not given."""
MEMORY = "3A090.c"
"""High-bandwidth memory."""
_CHIPS = r"^[34]A090(?:\.([A-Z]))?"
_HOLDING = r"^(?:3A001|4A003|4A004|4A005|5A002|5A004|5A992|5D002|5D992)\.Z(?:.*\.([AB])$|.*)"
_ENTRY = r"^([0-9][A-E][0-9]{3})"


def entry(eccn: pl.Expr) -> pl.Expr:
    """Return the entry of the Commerce Control List that a classification names, `EAR99`, or null for neither.

    >>> pl.DataFrame({"e": ["5a002.a.1", "EAR 99", "?"]}).select(entry(pl.col("e"))).to_series().to_list()
    ['5A002', 'EAR99', None]
    """
    plain = _plain(eccn)
    return pl.when(plain.str.starts_with("EAR99")).then(pl.lit("EAR99")).otherwise(plain.str.extract(_ENTRY))


def class_by_eccn(eccn: pl.Expr) -> pl.Expr:
    """Return the class that a classification states: one of `ADVANCED`, `MEMORY`, none, or null where none can be read.

    >>> codes = ["3A090.a", "4a090", "5A002.z.1.b", "3A090.c", "5A992.c", "EAR99", "chips"]
    >>> pl.DataFrame({"e": codes}).select(class_by_eccn(pl.col("e"))).to_series().to_list()
    ['3A090.a', '3A090', '3A090.b', '3A090.c', 'none', 'none', None]
    """
    plain = _plain(eccn)
    letter = pl.coalesce(plain.str.extract(_CHIPS), plain.str.extract(_HOLDING)).str.to_lowercase()
    classified = plain.str.contains(_CHIPS) | plain.str.contains(_HOLDING)
    return (
        pl.when(classified & letter.is_in(["a", "b", "c"]).fill_null(False))
        .then(pl.format("3A090.{}", letter))
        .when(classified)
        .then(pl.lit("3A090"))
        .when(entry(eccn).is_not_null())
        .then(pl.lit("none"))
    )


def _plain(eccn: pl.Expr) -> pl.Expr:
    return eccn.str.to_uppercase().str.replace_all(r"[^A-Z0-9.]", "")
