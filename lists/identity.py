"""Party ids: the same party keeps its id across publications and publishers (docs/decisions/0101)."""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from lists.normalize.notices import first_notice

_ID_BYTES = 6
_BY_NOTICE = ("DPL", "DTC")
_BY_NAME_ALONE = ("ISN",)


def party_ids(entries: pl.DataFrame) -> pl.Series:
    """Return a party id for each entry, in the order of the entries.

    entries: list, number (the publisher's own id, or null), name, key (what tells namesakes apart: countries or
    the notice), tiebreak (text that orders what is left). With a number the id is `SDN-36`; without, the list
    code and a hash of name and key; entries that still collide get `-2`, `-3` ... in the order of `tiebreak`.

    >>> frame = pl.DataFrame({"list": ["SDN", "EL", "EL"], "number": ["36", None, None],
    ...     "name": ["A", "Address 01", "ADDRESS 01."], "key": [None, "HK", "HK"], "tiebreak": ["", "b", "a"]})
    >>> party_ids(frame).to_list()
    ['SDN-36', 'EL-bdd5a0893227-2', 'EL-bdd5a0893227']
    """
    plain = normalized(pl.col("name"))
    base = entries.select(
        "list",
        "number",
        "tiebreak",
        text=pl.concat_str("list", plain, pl.col("key").fill_null(""), separator="|"),
    ).with_row_index("at")
    digests = pl.Series("digest", [_digest(text) for text in base["text"]], dtype=pl.String)
    stem = pl.concat_str("list", pl.col("number").fill_null(digests), separator="-")
    ranked = base.with_columns(stem=stem).with_columns(
        ordinal=pl.struct(pl.col("tiebreak").fill_null(""), "at").rank("ordinal").over("stem")
    )
    suffix = (
        pl.when(pl.col("ordinal") > 1).then("-" + pl.col("ordinal").cast(pl.String)).otherwise(pl.lit(""))
    )
    return ranked.sort("at").select(party_id=pl.col("stem") + suffix).to_series()


def normalized(name: pl.Expr) -> pl.Expr:
    """Fold a name to the letters and digits that identify it: no case, accents, signs or double blanks."""
    folded = name.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    return folded.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def namesake_key(list_code: pl.Expr, countries: pl.Expr, notice: pl.Expr) -> pl.Expr:
    """Return what tells namesakes apart: the order on DPL and DTC, nothing on ISN, elsewhere the countries.

    countries: list of alpha-2 codes; notice: text of the Federal Register notices, of which the first counts. ISN
    gives a country in one layout only, and spells the date of a notice in several ways.
    """
    by_country = countries.list.drop_nulls().list.unique().list.sort().list.join(" ")
    key = pl.when(list_code.is_in(_BY_NOTICE)).then(first_notice(notice)).otherwise(by_country)
    return pl.when(~list_code.is_in(_BY_NAME_ALONE)).then(key)


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=_ID_BYTES).hexdigest()
