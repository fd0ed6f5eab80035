"""Names as the agencies print them: several in one text, joined by a.k.a. and its kin, or wrapped in scope text.

What holds for names that anybody writes is in `name_fields`: brackets, slashes, quotes, marks of machines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from lists.normalize.countries import country_names
from lists.normalize.name_fields import JOINT, LEADS, NICKNAME, split_names
from lists.normalize.name_marks import printed_marks
from lists.reference import reference

_WORDS, _SHORT = printed_marks("between"), printed_marks("word")  # short: only after a comma or bracket
_BREAK = rf"(?:[,;(]\s*(?:{_SHORT})|[,;]?\s*\(?\s*\b(?:{_WORDS}))(?:[,:]\s*|\s+)"
_BRACKET = rf"\s*\((?:{_WORDS}|{_SHORT})(?:[,:]\s*|\s+)[^()]*\)"
_LEADING = rf"^(?:{_WORDS}|{_SHORT})[,:]?\s+"
_SCOPE = r"[,;]?\s+and\s+(?:any|its)\s+(?:sub-?units?|successors?|subsidiar)[\s\S]*$"
_PART = r"^(.+?)[,.;]?\s+(?:and\s+)?(subordinate|affiliated)\s+(?:entity|institution|unit)s?\s*[:–-]?\s+(\S[\s\S]*)$"
_NATION = r"\s*\((?:[\p{L}. ]+) (?:entity|individual|national)\)"
_NUMBERED = r"^(?:\d|(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth)\b)"
_CUT, _JOIN = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True)
class PrintedNames:
    """The names in printed texts.

    name: the first name of each text, in order. further: entry, name, name_kind, quality. relations: entry, relation,
    other_name, text.
    """

    name: pl.Series
    further: pl.DataFrame
    relations: pl.DataFrame


def split_printed_names(names: pl.DataFrame) -> PrintedNames:
    """Split printed names (frame: entry, name) into aliases, former names, the body a party is part of, scope text.

    A sub-unit is named together with the body it belongs to; its own name is an alias (weak where it is a mere number:
    `206th Research Institute`). An affiliate has a name of its own. Wherever the name is not the whole printed text,
    that text becomes a relation `printed_name`.

    >>> got = split_printed_names(pl.DataFrame({"entry": [1, 2], "name": [
    ...     "Huawei Co., Ltd. Affiliated Entity: Longshine Co. (f.k.a. Old Longshine)",
    ...     "EuroAsia and any successor, sub-unit, or subsidiary thereof"]}))
    >>> got.name.to_list(), got.further.rows()
    (['Longshine Co.', 'EuroAsia'], [(1, 'Old Longshine', 'fka', 'strong')])
    >>> got.relations.select("entry", "relation", "other_name").rows()[:3]
    [(1, 'affiliate_of', 'Huawei Co., Ltd'), (2, 'scope', None), (1, 'printed_name', None)]
    """
    printed = pl.col("name").str.replace_all("[", "(", literal=True).str.replace_all("]", ")", literal=True)
    parts = names.with_columns(
        whole=printed.str.extract(f"(?i){_PART}", 1),
        bond=printed.str.extract(f"(?i){_PART}", 2).str.to_lowercase(),
        part=pl.coalesce(printed.str.extract(f"(?i){_PART}", 3), printed)
        .str.replace(f"(?i){_SCOPE}", "")
        .str.replace(f"(?i){_NATION}", ""),
        scope=printed.str.extract(f"(?i)({_SCOPE})", 1).str.strip_chars(" ,;"),
    ).with_columns(first=first_name(pl.col("part")))
    unit = parts.filter(bond="subordinate")
    first = pl.when(pl.col("bond") == "subordinate").then(pl.col("whole") + ", " + pl.col("first"))
    parts = parts.with_columns(own=first.otherwise(pl.col("first")))
    units = unit.select(
        "entry",
        name="first",
        name_kind=pl.lit("aka"),
        quality=pl.when(pl.col("first").str.contains(_NUMBERED))
        .then(pl.lit("weak"))
        .otherwise(pl.lit("strong")),
    )
    further = pl.concat([units, further_names(parts.select("entry", name="part"))])
    return PrintedNames(parts["own"], further, _bonds(parts))


def _bonds(parts: pl.DataFrame) -> pl.DataFrame:
    nobody = pl.lit(None, pl.String)
    affiliated = pl.col("bond") == "affiliated"
    part_of = parts.drop_nulls("whole").select(
        "entry",
        relation=pl.when(affiliated).then(pl.lit("affiliate_of")).otherwise(pl.lit("sub_unit_of")),
        other_name="whole",
        text="name",
    )
    scope = parts.drop_nulls("scope").select(
        "entry", relation=pl.lit("scope"), other_name=nobody, text="scope"
    )
    changed = parts.filter(pl.col("own") != pl.col("name")).select(
        "entry", relation=pl.lit("printed_name"), other_name=nobody, text="name"
    )
    return pl.concat([part_of, scope, changed])


def first_name(name: pl.Expr) -> pl.Expr:
    """Return the first name of a text that joins several.

    >>> frame = pl.DataFrame({"n": ["Training 2, a.k.a. T2BA", "PEARL (A.K.A. NEI-CHIEN CHU) LI", "Aka, Mehmet"]})
    >>> frame.select(first_name(pl.col("n"))).to_series().to_list()
    ['Training 2', 'PEARL LI', 'Aka, Mehmet']
    """
    alone = (
        name.str.replace_all(f"(?i){_BRACKET}", "")
        .str.replace(rf"(?i){_BREAK}[\s\S]*", "")
        .str.strip_chars(" ,;")
    )
    return pl.when(alone != "").then(alone).otherwise(name)


def further_names(names: pl.DataFrame) -> pl.DataFrame:
    """Return every name but the first of a text (frame: entry, name): entry, name, name_kind, quality.

    >>> frame = pl.DataFrame({"entry": [1], "name": ["Hukic, Bajro (a.k.a. Bob Hukic; Bab Hucici)"]})
    >>> further_names(frame)["name"].to_list()
    ['Bob Hukic', 'Bab Hucici']
    """
    in_brackets = (
        pl.col("name").str.extract_all(f"(?i){_BRACKET}").list.eval(pl.element().str.strip_chars(" ()"))
    )
    after = (
        pl.col("name").str.replace_all(f"(?i){_BRACKET}", "").str.replace_all(f"(?i){_BREAK}", f"{_CUT}$0")
    )
    loose = after.str.split(_CUT).list.slice(1).list.eval(pl.element().str.strip_chars(" ,;("))
    parts = names.drop_nulls("name").select("entry", part=pl.concat_list(in_brackets, loose))
    parts = parts.explode("part", empty_as_null=False).with_columns(marker=pl.col("part").str.slice(0, 1))
    again = rf"(?i)[,;]\s*(?:{_WORDS}|{_SHORT})[,:]?\s+"
    bare = pl.col("part").str.replace(f"(?i){_LEADING}", "").str.replace_all(again, ";").str.split(";")
    return _clean(parts.select("entry", name=bare, name_kind=_kind(pl.col("marker"))).explode("name"))


def listed_names(names: pl.DataFrame) -> pl.DataFrame:
    """Return the names of comma-separated texts (frame: entry, name); `, Ltd.` belongs to the name before it.

    >>> frame = pl.DataFrame({"entry": [1], "name": ["LIMMT, Rainstar Co., Ltd., F.K.A. Old Office"]})
    >>> listed_names(frame).select("name", "name_kind").rows()
    [('LIMMT', 'aka'), ('Rainstar Co., Ltd.', 'aka'), ('Old Office', 'fka')]
    """
    joined = pl.col("name").str.replace_all(_tails(), f"{_JOIN}$1")
    parts = (
        names.drop_nulls("name")
        .select("entry", name=joined.str.split(","))
        .explode("name", empty_as_null=False)
    )
    parts = parts.with_columns(pl.col("name").str.replace_all(_JOIN, ", ", literal=True).str.strip_chars())
    marker = pl.col("name").str.extract(f"(?i)({_LEADING})", 1).str.slice(0, 1)
    return _clean(
        parts.select("entry", pl.col("name").str.replace(f"(?i){_LEADING}", ""), name_kind=_kind(marker))
    )


def second_names(names: pl.DataFrame, towns: pl.Series) -> pl.DataFrame:
    """Return the names that stand inside printed names: entry, name, name_kind, quality, and `printed`, the whole.

    `names`: entry, name, quality, party_type. `towns`: those of the addresses, which are no names in brackets. A
    nickname, and letters that stand for a name, are weak.

    >>> frame = pl.DataFrame({"entry": [1], "name": ["Rostec (Russian Technologies Corporation)"],
    ...                       "quality": ["strong"], "party_type": ["organization"]})
    >>> second_names(frame, pl.Series(dtype=pl.String)).select("name", "name_kind", "quality").rows()
    [('Russian Technologies Corporation', 'aka', 'strong'), ('Rostec', 'aka', 'strong')]
    """
    places = country_names() | frozenset(towns.drop_nulls().str.to_lowercase().unique())
    parts = split_names(names["name"], names["party_type"], places, certain=True)
    whole = names.select("entry", "quality", printed="name")[parts["row"]]
    kinds = {"former name": "fka", "later name": "nka"}
    letters = pl.col("name").str.contains(r"^[\p{Lu}\d.& -]{1,7}$")
    return (
        pl.concat([parts, whole], how="horizontal")
        .filter(~pl.col("kind").is_in([*LEADS, JOINT]))
        .select(
            "entry",
            "name",
            name_kind=pl.col("kind").replace_strict(kinds, default="aka"),
            quality=pl.when((pl.col("kind") == NICKNAME) | letters).then(pl.lit("weak")).otherwise("quality"),
            printed="printed",
        )
    )


def _kind(marker: pl.Expr) -> pl.Expr:
    letter = marker.str.to_lowercase()
    return (
        pl.when(letter == "f")
        .then(pl.lit("fka"))
        .when(letter == "n")
        .then(pl.lit("nka"))
        .otherwise(pl.lit("aka"))
    )


def _clean(names: pl.DataFrame) -> pl.DataFrame:
    name = (
        pl.col("name")
        .str.strip_chars(" ,;\"'“”—")
        .str.replace(r"^and\s+", "")
        .str.replace(r"[.;]\s*and$", "")
    )
    unpaired = name.str.contains(r"\)$") & ~name.str.contains(r"\(")
    closed = pl.when(unpaired).then(name.str.replace(r"\)$", "")).otherwise(name)
    cleaned = names.with_columns(closed.alias("name"), quality=pl.lit("strong"))
    return cleaned.filter(pl.col("name") != "").select("entry", "name", "name_kind", "quality")


@cache
def _tails() -> str:
    tails = sorted(reference("name_tails")["tail"], key=lambda tail: (-len(tail), tail))
    return rf",\s*((?:{'|'.join(re.escape(tail.rstrip('.')) for tail in tails)})\b\.?)"
