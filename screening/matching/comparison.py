"""Pairs of records compared kind by kind: at which level each particular agrees, and what was compared."""

from __future__ import annotations

import polars as pl

from screening.matching.births import birth_level
from screening.matching.identifiers import classes
from screening.matching.particulars import Particulars
from screening.matching.places import address_level

COMPARED = {
    "record_id": pl.String(),
    "party_id": pl.String(),
    "kind": pl.String(),
    "level": pl.String(),
    "subject": pl.String(),  # class of identifier, else blank
    "ours": pl.String(),
    "theirs": pl.String(),
}
PAIR = ("record_id", "party_id")
_SHOWN = 3


def compare(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    """Compare the pairs `ids` (record_id, party_id): columns of `COMPARED`, several rows a pair and kind."""
    parts = (_births, _countries, _addresses, _identifiers)
    return pl.concat(
        [part(ids, ours, theirs).select(list(COMPARED)).cast(pl.Schema(COMPARED)) for part in parts]
    )


def named_by_number(ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    """Return the pairs with an equal identifier that names a party by itself: record_id, party_id; sorted."""
    alone = pl.when(pl.col("level") == "equal").then("alone").otherwise("anywhere")
    enough = _equal(ours, theirs).filter(pl.col("value").str.len_chars() >= alone)
    return enough.select(PAIR).unique().sort(PAIR)


def _equal(ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    """Return the equal identifiers of all pairs. A national number must be of one country as far as that is known."""
    known = ours.identifiers.join(
        theirs.identifiers.select("class", "value").unique(), on=["class", "value"], how="semi"
    )
    both = (
        _placed(known, ours)
        .join(_placed(theirs.identifiers, theirs), on=["class", "value"], suffix="_theirs")
        .rename({"record_id_theirs": "party_id"})
        .join(classes(), on="class")
    )
    of_issue = pl.col("country") == pl.col("country_theirs")
    here = pl.col("countries").list.set_intersection("countries_theirs").list.len() > 0
    return both.filter(~pl.col("national") | of_issue.fill_null(True)).with_columns(
        level=pl.when(~pl.col("national") | here.fill_null(False))
        .then(pl.lit("equal"))
        .otherwise(pl.lit("anywhere"))
    )


def _placed(identifiers: pl.DataFrame, whose: Particulars) -> pl.DataFrame:
    """Add `countries`: that of issue, else all that are known of the bearer."""
    issued = pl.when(pl.col("country").is_not_null()).then(pl.concat_list("country"))
    bearer = whose.countries.select("record_id", "countries")
    return identifiers.join(bearer, on="record_id", how="left").with_columns(
        countries=issued.otherwise("countries")
    )


def _identifiers(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    """Compare class by class; one number counts once, whatever it is called."""
    equal = (
        _equal(ours, theirs)
        .join(ids, on=PAIR, how="semi")
        .sort(*PAIR, "value", "equal", "class", descending=[False, False, False, True, False])
        .unique([*PAIR, "value"], keep="first", maintain_order=True)
        .select(*PAIR, "level", subject="class", ours="written", theirs="written_theirs")
    )
    mine, listed = (_gathered(side.identifiers) for side in (ours, theirs))
    both = (
        ids.join(listed, left_on="party_id", right_on="record_id")
        .join(mine, on=["record_id", "class"], how="left", suffix="_ours")
        .join(equal, left_on=[*PAIR, "class"], right_on=[*PAIR, "subject"], how="anti")
    )
    level = pl.when(pl.col("written_ours").is_null()).then(pl.lit("missing")).otherwise(pl.lit("other"))
    rest = both.select(*PAIR, level=level, subject="class", ours="written_ours", theirs="written")
    return pl.concat([equal, rest], how="vertical_relaxed").with_columns(kind=pl.lit("identifier"))


def _gathered(identifiers: pl.DataFrame) -> pl.DataFrame:
    """Write the identifiers of one class and bearer in one text: record_id, class, written."""
    texts = pl.col("written").unique().sort()
    return identifiers.group_by("record_id", "class").agg(texts.head(_SHOWN).str.join(", "))


def _births(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    listed = {"record_id": "party_id", "born": "theirs", "low": "their_low", "high": "their_high"}
    named = theirs.births.rename(listed)
    pairs = ids.join(named, on="party_id").join(ours.births, on="record_id", how="left")
    level = pl.when(pl.col("low").is_null()).then(pl.lit("missing")).otherwise(birth_level())
    return pairs.select(*PAIR, "theirs", kind=pl.lit("birth"), level=level, subject=pl.lit(""), ours="born")


def _countries(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    listed = theirs.countries.rename({"record_id": "party_id"})
    pairs = ids.join(ours.countries, on="record_id").join(listed, on="party_id", suffix="_theirs")
    return pl.concat(
        pairs.filter(pl.col(column).list.len() > 0, pl.col(f"{column}_theirs").list.len() > 0)
        .with_columns(shared=pl.col(column).list.set_intersection(f"{column}_theirs").list.sort())
        .with_columns(same=pl.col("shared").list.len() > 0)
        .select(
            *PAIR,
            kind=pl.lit(kind),
            level=pl.when("same").then(pl.lit("same")).otherwise(pl.lit("other")),
            subject=pl.lit(""),
            ours=pl.when("same").then("shared").otherwise(column).list.join(", "),
            theirs=pl.when(~pl.col("same")).then(f"{column}_theirs").list.join(", "),
        )
        for kind, column in (("country", "countries"), ("nationality", "nationalities"))
    )


def _addresses(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    listed = theirs.addresses
    named = listed.rename(
        {column: f"their_{column}" for column in listed.columns} | {"record_id": "party_id"}
    )
    pairs = ids.join(ours.addresses, on="record_id").join(named, on="party_id")
    return (
        pairs.with_columns(level=address_level(pairs))
        .drop_nulls("level")
        .select(
            *PAIR, "level", kind=pl.lit("address"), subject=pl.lit(""), ours="written", theirs="their_written"
        )
    )
