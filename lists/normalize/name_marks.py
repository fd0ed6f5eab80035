"""The words that stand between two names, and those that are no part of a name, as patterns."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

import polars as pl

from lists.reference import reference


@cache
def marks() -> re.Pattern[str]:
    """Return a pattern of all marks: group `mark`, and `word` where it may be a word of a name too.

    >>> [mark.group("mark") for mark in marks().finditer("Doe dba Roe, f/k/a Roe & Sons")]
    ['dba', 'f/k/a']
    """
    sure = _alternatives(("between", "any"))
    words = _alternatives(("word",))
    return re.compile(
        rf"[\s,;:(-]*(?<![\w/.])(?P<mark>(?:{sure})|(?P<word>{words}))(?:[\s:.,]+|(?=[\"“«]))", re.IGNORECASE
    )


def printed_marks(where: str) -> str:
    """Return the marks that the publishers print between names, as one pattern without regard to capitals."""
    rows = reference("name_marks").filter(printed="yes", where=where)
    return "|".join(rows["pattern"])


def patterns_of(kinds: Collection[str]) -> tuple[str, ...]:
    """Return the pattern of each mark of these kinds.

    >>> "o/b/o" in patterns_of(["on behalf of"])
    True
    """
    rows = reference("name_marks").filter(pl.col("kind").is_in(list(kinds)))
    return tuple(pattern for cell in rows["pattern"] for pattern in cell.split("|"))


def at_start(text: str) -> str | None:
    """Return the kind of the mark with which a text begins; None where it begins with none.

    >>> at_start("formerly Rosoboronexport"), at_start("Formerlyn")
    ('former name', None)
    """
    for kind, pattern in _kinds():
        if pattern.match(text):
            return kind
    return None


@cache
def remarks(where: str) -> re.Pattern[str]:
    """Return the pattern of what is no part of a name: at its `start` or `end`, at `any` place, in a `bracket`.
    `place`: what stands in brackets and belongs to the name.

    `vessel`: what stands before the name of a ship. `form`: a legal form with a short seat after it. `glued`: a word
    that ends with a legal form, in two groups.
    """
    rows = reference("name_remarks")
    if where == "vessel":
        words = "|".join(rows.filter(kind="vessel")["pattern"])
        return re.compile(rf"^\W*(?:{words})(?<=[\w.])[\s.]+(?=\S)", re.IGNORECASE)
    words = "|".join(rows.filter((pl.col("where") == where) & (pl.col("kind") != "vessel"))["pattern"])
    shapes = {
        "any": rf"[(\[\"“']?(?<!\w)(?:{words})(?!\w)[)\]\"”']?",
        "start": rf"^\W*(?:{words})(?!\w)[\s:.,]*",
        "end": rf"[\s,;(-]+(?:{words})\W*$",
        "bracket": rf"(?:{words})\.?",
        "place": rf"(?:{words})\.?",
        "form": rf"(?<=\w)[\s,]+(?:{words})(?=[\s,-]+[^\W\d_]+(?:[\s-]+[^\W\d_]+)?$)",
        "glued": rf"([^\W\d_]{{3,}})({words})",
    }
    return re.compile(shapes[where], re.IGNORECASE)


@cache
def mark_hints() -> tuple[str, ...]:
    """Return texts in small letters of which every text with a mark contains one."""
    return _hints(reference("name_marks"))


@cache
def remark_hints(where: str | None = None) -> tuple[str, ...]:
    """Return the same of remarks, of all or of those in one place."""
    rows = reference("name_remarks")
    if where == "vessel":
        return _hints(rows.filter(kind="vessel"))
    chosen = pl.lit(True) if where is None else (pl.col("where") == where) & (pl.col("kind") != "vessel")
    return _hints(rows.filter(chosen))


def _hints(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(hint for cell in rows["hints"] for hint in cell.split("|") if hint)


@cache
def legal_forms() -> re.Pattern[str]:
    """Return a pattern of the legal forms: Ltd, GmbH, S.A."""
    return _words_pattern(())


@cache
def forms() -> re.Pattern[str]:
    """Return a pattern of the legal forms, and of words that companies have in their names and persons have not."""
    return _words_pattern(_COMPANY)


def _words_pattern(further: tuple[str, ...]) -> re.Pattern[str]:
    tails = sorted(reference("name_tails")["tail"], key=lambda tail: (-len(tail), tail))
    words = [re.escape(tail.rstrip(".")) for tail in tails]
    return re.compile(rf"(?<![\w.])(?:{'|'.join([*words, *further])})(?!\w)\.?", re.IGNORECASE)


_COMPANY = (
    "sons", "brothers", "bros", "partners", "associates", "services", "bank", "group", "trust", "fund", "holdings?",
    "university", "institute", "school", "society", "church", "foundation", "ministry", "department", "sdn bhd", "bhd",
    "systems", "solutions", "technologies", "technology", "industries", "trading", "engineering", "consulting",
    "international", "company", "enterprises?", "agency", "association", "club", "union", "hotel", "law", "office",
    "obshchestvo", "aktsionernoe", r"institut\w*", "plant", "factory", "concern", "enterprise", "bureau", "corporation",
    "joint stock", "limited", "centre", "center", "directorate", "committee", "council", "authority", "airlines?",
)  # fmt: skip


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = reference("name_marks").select("kind", "pattern").iter_rows()
    return tuple((kind, re.compile(rf"\W*(?:{words})(?!\w)", re.IGNORECASE)) for kind, words in rows)


def _alternatives(where: tuple[str, ...]) -> str:
    rows = reference("name_marks").filter(pl.col("where").is_in(where))
    words = "|".join(rows["pattern"]).split("|")
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
