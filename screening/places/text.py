"""The places that an address names, and how certain it is that the address lies there."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.places.branches import NO, POSSIBLE, SURE
from screening.places.fold import layout
from screening.places.hits import STRETCH, framed, hits, rows_with_news
from screening.places.lexicon import senses
from screening.places.postcodes import may_hold_postcodes, postcode_hits
from screening.places.tables import place_labels, table, watched
from screening.places.weighing import COMBINED, combine, weigh

PLACES = {
    "key": pl.String(),
    "place": pl.String(),
    "certainty": pl.String(),
    "word": pl.String(),
    "start": pl.UInt32(),
    "why": pl.String(),
}


def places_in_text(addresses: pl.DataFrame, *, with_settled: bool = False) -> pl.DataFrame:
    """Return the places that addresses name, one row a key and place, sorted by both.

    In: key; text (one address, any script); country (iso2 of the column beside it, or null); postal (optional).
    Out: key; place (iso2, or the code of a region: UA-43, UA-14, UA-09, UA-65, UA-23); certainty (sure, possible);
    word (what names it, in small plain letters, several with commas); start (how many words of the address come before
    the first of them; null for a postcode of the column); why. An address that names nothing but the country of its
    column gives no row. `with_settled` adds rows of certainty `no`: a word was there, and something settled it.

    >>> frame = pl.DataFrame({"key": ["a", "b"], "text": ["Office 4, Tehran, Iran", "Cuba Street, Wellington"],
    ...                       "country": ["AE", "NZ"]})
    >>> places_in_text(frame).select("key", "place", "certainty", "word").rows()
    [('a', 'IR', 'sure', 'tehran, iran')]
    """
    columns = ["text", "country", "postal"]
    book = (
        addresses if "postal" in addresses.columns else addresses.with_columns(postal=pl.lit(None, pl.String))
    )
    distinct = (
        book.select(columns).cast(pl.String).drop_nulls("text").unique().sort(columns).with_row_index("row")
    )
    found = [_look(part) for part in distinct.iter_slices(STRETCH)]
    places = pl.concat(found) if found else _look(distinct)
    if not with_settled:
        places = places.filter(pl.col("certainty") != NO)
    rows = distinct.join(places.select("row").unique(), on="row", how="semi")
    keyed = book.select("key", *columns).join(rows, on=columns, nulls_equal=True)
    return _keyed(_sentences(places).join(keyed, on="row"))


def _keyed(places: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of `PLACES`, in the order of key and place."""
    return places.select(pl.col(name).cast(kind) for name, kind in PLACES.items()).sort("key", "place")


def _look(rows: pl.DataFrame) -> pl.DataFrame:
    """Return row, place, certainty, words, start, reason for distinct addresses."""
    laid = rows.with_columns(framed(layout(rows["text"])))
    news = rows_with_news(laid.select("row", "text", "country"))
    if news.is_empty() and may_hold_postcodes(laid).is_empty():
        return pl.DataFrame(schema=COMBINED)
    words = hits(news).with_columns(word=_word())
    postcodes = postcode_hits(laid.join(_near(words, laid), on="row", how="left"))
    weighed = weigh(pl.concat([words, _as_hits(postcodes, laid)], how="diagonal_relaxed"))
    return combine(weighed)


def _word() -> pl.Expr:
    """Return a pattern as a word to read."""
    word = pl.col("pattern").str.strip_chars(" ,;").str.replace_all("  ", " ", literal=True)
    return (
        pl.when(word.str.contains(r"\p{Han}"))
        .then(word.str.replace_all(" ", "", literal=True))
        .otherwise(word)
    )


def _near(words: pl.DataFrame, laid: pl.DataFrame) -> pl.DataFrame:
    """Return row and `near`: the address points to Ukraine or Russia by its letters or by a word with one meaning.

    Where it names another country it does not: a namesake beside a number of that country is no second sign.
    """
    local, nation = pl.col("home").is_in(["UA", "RU"]), pl.col("kind").is_in(["country", "state", "code"])
    clear = nation | (pl.col("sign") == SURE) | (pl.col("kind") == "elsewhere")
    pointing = words.filter(local & clear & ~pl.col("street"))["row"]
    other = words.filter(~local & nation & ~pl.col("street"))["row"]
    cyrillic = laid.filter(pl.col("text").str.contains(r"\p{Cyrillic}"))["row"]
    rows = pl.concat([pointing, cyrillic]).unique().sort().to_frame()
    return rows.filter(~pl.col("row").is_in(other.unique().implode())).with_columns(near=pl.lit(True))


def _as_hits(postcodes: pl.DataFrame, laid: pl.DataFrame) -> pl.DataFrame:
    """Give postcodes the columns of words that were found."""
    regions = table("regions").select("place", home="country", neighbours=pl.col("neighbours").str.split(" "))
    placed = postcodes.join(laid.select("row", "text", "country"), on="row").join(regions, on="place")
    no = pl.lit(False)
    return placed.with_columns(
        name=pl.lit("postcode"), within=no, region=pl.lit(True), street=no, mission=no, building=no, ending=no,
        numbered=no, whole=pl.lit(True),
        friends=pl.concat_list("home", "neighbours"),
    ).drop("neighbours")  # fmt: skip


def _sentences(places: pl.DataFrame) -> pl.DataFrame:
    """Add `word` and `why`: the words, the place, and the reason where it is not certain."""
    words = pl.col("words").list.eval(pl.format('"{}"', pl.element())).list.join(" and ")
    several = pl.col("words").list.len() > 1
    verb = (
        pl.when(pl.col("certainty") == SURE)
        .then(pl.when(several).then(pl.lit("name")).otherwise(pl.lit("names")))
        .when(pl.col("certainty") == NO)
        .then(pl.when(several).then(pl.lit("do not name")).otherwise(pl.lit("does not name")))
        .otherwise(pl.lit("may name"))
    )
    sentence = pl.format("{} {} {}", words, verb, "label")
    reason = pl.when(pl.col("reason") != "").then(pl.format(": {}", "reason")).otherwise(pl.lit(""))
    labelled = places.join(place_labels(), on="place", how="left", maintain_order="left")
    return labelled.with_columns(word=pl.col("words").list.join(", "), why=pl.concat_str(sentence, reason))


def _tells() -> pl.Expr:
    """Whether a word surely names an embargoed place, or is the name of an embargoed country."""
    telling = (pl.col("sign") == SURE) | (pl.col("kind") == "country")
    return pl.col("place").is_in(watched()) & telling & (pl.col("kind") != "code")


@cache
def _telling_words() -> tuple[str, ...]:
    """Return the words that `lead_in_name` looks for, as they look in a layout."""
    return tuple(senses().filter(_tells())["pattern"].unique().sort())


@cache
def _telling_parts() -> tuple[str, ...]:
    """Return of each of those words the longest part in plain letters, between blanks."""
    parts = {max(word.split(), key=len) for word in _telling_words() if word.isascii()}
    return tuple(sorted(f" {part} " for part in parts))


def _may_bear_a_place(name: pl.Expr) -> pl.Expr:
    """Return whether a name is worth reading: in plain letters it must hold a part of one of the words."""
    plain = name.str.contains(r"^[A-Za-z0-9 .,()/-]*$")
    words = pl.format(" {} ", name.str.to_lowercase().str.replace_all("[.,()/-]", " "))
    return ~plain | words.str.contains_any(list(_telling_parts()))


def lead_in_name(names: pl.DataFrame) -> pl.DataFrame:
    """Return the embargoed places that names of companies bear: a lead of low weight, since a name is no address.

    In: key, text (one name). Out: as `places_in_text`, certainty always `possible`; only words that surely name the
    place, and the names of the embargoed countries.

    >>> lead_in_name(pl.DataFrame({"key": ["c"], "text": ["Krym LLC"]})).select("place", "why").row(0)
    ('UA-43', '"krym" may name Crimea: in a name, which is no address')
    """
    given = names.select("key", pl.col("text").cast(pl.String)).drop_nulls("text")
    rows = given.filter(_may_bear_a_place(pl.col("text"))).with_row_index("row")
    laid = rows.select("row", text=framed(layout(rows["text"])), country=pl.lit(None, pl.String))
    bearing = laid.filter(pl.col("text").str.contains_any(list(_telling_words())))
    found = hits(bearing).filter(_tells() & ~pl.col("street"))
    signs = found.with_columns(word=_word()).sort("row", "place", "start")
    groups = signs.group_by("row", "place", maintain_order=True).agg(
        pl.col("word").unique(maintain_order=True).alias("words"), pl.col("start").first()
    )
    leads = groups.with_columns(certainty=pl.lit(POSSIBLE), reason=pl.lit("in a name, which is no address"))
    return _keyed(_sentences(leads).join(rows, on="row"))
