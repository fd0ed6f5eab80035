"""Pairs of records compared kind by kind: at which level each particular agrees, and what was compared."""

from __future__ import annotations

from collections.abc import Iterator

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
    parts = [_births(ids, ours, theirs), *_identifiers(ids, ours, theirs)]
    if not ours.countries.is_empty():
        parts += _countries(ids, ours, theirs)
    if not ours.addresses.is_empty():
        parts.append(_addresses(ids, ours, theirs))
    return pl.concat([part.select(list(COMPARED)).cast(pl.Schema(COMPARED)) for part in parts]).collect()


def named_by_number(ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    """Return the pairs with an equal identifier that names a party by itself: record_id, party_id; sorted."""
    if ours.identifiers.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(PAIR, pl.String))
    alone = pl.when(pl.col("level") == "equal").then("alone").otherwise("anywhere")
    enough = _equal(ours, theirs).filter(pl.col("value").str.len_chars() >= alone)
    return enough.select(PAIR).unique().sort(PAIR).collect()


def _equal(ours: Particulars, theirs: Particulars) -> pl.LazyFrame:
    """Return the equal identifiers of all pairs. A national number must be of one country as far as that is known."""
    keys = ["class", "value"]
    known = theirs.identifiers.join(ours.identifiers, on=keys, how="semi")
    both = (
        _placed(ours.identifiers, ours)
        .join(_placed(known, theirs), on=keys, suffix="_theirs")
        .rename({"record_id_theirs": "party_id"})
        .join(classes().lazy(), on="class")
    )
    of_issue = pl.col("country") == pl.col("country_theirs")
    here = pl.col("countries").list.set_intersection("countries_theirs").list.len() > 0
    anywhere = pl.col("national") & ~here.fill_null(False)
    return both.filter(~pl.col("national") | of_issue.fill_null(True)).with_columns(
        level=pl.when(anywhere).then(pl.lit("anywhere")).otherwise(pl.lit("equal"))
    )


def _placed(identifiers: pl.DataFrame, whose: Particulars) -> pl.LazyFrame:
    """Add `countries`: that of issue, else all that are known of the bearer."""
    issued = pl.when(pl.col("country").is_not_null()).then(pl.concat_list("country"))
    bearer = whose.countries.lazy().select("record_id", "countries")
    return (
        identifiers.lazy()
        .join(bearer, on="record_id", how="left")
        .with_columns(countries=issued.otherwise("countries"))
    )


def _identifiers(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> Iterator[pl.LazyFrame]:
    """Compare class by class; one number counts once, whatever it is called."""
    listed = ids.lazy().join(_gathered(theirs.identifiers), left_on="party_id", right_on="record_id")
    rest = {"kind": pl.lit("identifier"), "subject": pl.col("class"), "theirs": pl.col("written")}
    if ours.identifiers.is_empty():
        yield listed.select(*PAIR, level=pl.lit("missing"), ours=pl.lit(None, pl.String), **rest)
        return
    equal = (
        _equal(ours, theirs)
        .join(ids.lazy(), on=PAIR, how="semi")
        .sort(*PAIR, "value", "equal", "class", descending=[False, False, False, True, False])
        .unique([*PAIR, "value"], keep="first", maintain_order=True)
        .select(
            *PAIR,
            "level",
            kind=pl.lit("identifier"),
            subject="class",
            ours="written",
            theirs="written_theirs",
        )
    )
    others = listed.join(
        _gathered(ours.identifiers), on=["record_id", "class"], how="left", suffix="_ours"
    ).join(equal, left_on=[*PAIR, "class"], right_on=[*PAIR, "subject"], how="anti")
    level = pl.when(pl.col("written_ours").is_null()).then(pl.lit("missing")).otherwise(pl.lit("other"))
    yield equal
    yield others.select(*PAIR, level=level, ours="written_ours", **rest)


def _gathered(identifiers: pl.DataFrame) -> pl.LazyFrame:
    """Write the identifiers of one class and bearer in one text: record_id, class, written."""
    texts = pl.col("written").unique().sort()
    return identifiers.lazy().group_by("record_id", "class").agg(texts.head(_SHOWN).str.join(", "))


def _births(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.LazyFrame:
    listed = {"record_id": "party_id", "born": "theirs", "low": "their_low", "high": "their_high"}
    named = theirs.births.lazy().rename(listed)
    pairs = ids.lazy().join(named, on="party_id").join(ours.births.lazy(), on="record_id", how="left")
    level = pl.when(pl.col("low").is_null()).then(pl.lit("missing")).otherwise(birth_level())
    return pairs.select(*PAIR, "theirs", kind=pl.lit("birth"), level=level, subject=pl.lit(""), ours="born")


def _countries(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> Iterator[pl.LazyFrame]:
    listed = theirs.countries.lazy().rename({"record_id": "party_id"})
    pairs = (
        ids.lazy().join(ours.countries.lazy(), on="record_id").join(listed, on="party_id", suffix="_theirs")
    )
    for kind, column in (("country", "countries"), ("nationality", "nationalities")):
        yield (
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
        )


def _addresses(ids: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.LazyFrame:
    listed = theirs.addresses
    named = listed.rename(
        {column: f"their_{column}" for column in listed.columns} | {"record_id": "party_id"}
    )
    pairs = ids.join(ours.addresses, on="record_id").join(named, on="party_id")
    levels = pairs.with_columns(level=address_level(pairs)).drop_nulls("level").lazy()
    return levels.select(
        *PAIR, "level", kind=pl.lit("address"), subject=pl.lit(""), ours="written", theirs="their_written"
    )
