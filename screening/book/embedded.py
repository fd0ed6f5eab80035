"""Names inside other fields: `Volga Trade c/o Almaz LLC`, `servers for Phytium`. Each is a lead and nothing more.

The cues are in `screening/data/names/embedding_cues.csv`, which takes the words between two names from
`lists/data/name_marks.csv`. The inner name is compared by itself; what is found says
nothing of the party that the field names first, and never counts for more than a review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import polars as pl

from lists.normalize.name_fields import BRACKETS, split_names
from lists.normalize.name_marks import patterns_of
from screening.names.disguise import PART, readings
from screening.names.fields import place_words
from screening.names.first_look import perhaps_long
from screening.names.tables import table

INNER = {"field": pl.String(), "text": pl.String(), "name": pl.String()}
NAME_FIELDS = ("counterparty", "name")
"""Fields that are names, and are also taken apart as names are."""
LONGEST = 100
"""Letters of an inner name; what is longer is no name."""
GROUPS = (("early", "after", "no"), ("late", "after", "yes"), ("capitals", "capitals", "no"))
"""Groups of cues in a pattern: its name there, and their `kind` and `after_words` in the table."""
_STOP = r"[;|()\[\]{}\"“”\n]|\s[-–—/]\s"
_CAPITALS = re.compile(r"^(?:the\s+)?((?:[^\W\d_a-z][^\s,;()]*|[&+]|of|and|de|\d[\w-]*)(?:\s+|$))+")
_LETTERS = re.compile(r"[^\W\d_]")
_LOOKING_BACK = re.compile(r"\(\?<!.*?\)")


def inner_names(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the names inside texts: columns of `INNER`, sorted.

    `texts`: field (counterparty, name, address or item), text; distinct.

    >>> given = pl.DataFrame({"field": ["counterparty", "item"],
    ...                       "text": ["Volga c/o Almaz LLC", "rack for Phytium CPUs"]})
    >>> inner_names(given).rows()
    [('counterparty', 'Volga c/o Almaz LLC', 'Almaz LLC'), ('item', 'rack for Phytium CPUs', 'Phytium CPUs')]
    """
    found = [pl.DataFrame(schema=INNER)]
    for (field,), rows in texts.drop_nulls("text").group_by("field"):
        pattern = _cue_pattern(str(field))
        likely = rows.filter(pl.col("text").str.contains(likely_pattern(str(field))))["text"].unique().sort()
        names = [(field, text, name) for text in likely for name in _read(text, pattern)]
        found.append(pl.DataFrame(names, schema=INNER, orient="row"))
        if field in NAME_FIELDS:
            found += [_parted(str(field), likely), _of_long_names(str(field), rows["text"])]
    return pl.concat(found).unique().sort(*INNER)


def lead_kinds(field: str) -> tuple[str, ...]:
    """Return the kinds of names, as of `split_names`, that are leads in a field; the others are names of the party.

    >>> lead_kinds("name")
    ('care of', 'on behalf of', 'for account of')
    """
    rows = table("embedding_cues").filter(_concerns(field))
    marked = tuple(mark for cell in rows["marks"] for mark in cell.split("|") if mark)
    return (*marked, BRACKETS) if _has_brackets(field) else marked


def _parted(field: str, texts: pl.Series) -> pl.DataFrame:
    parts = split_names(texts, places=place_words())
    leads = parts.filter(pl.col("kind").is_in(lead_kinds(field)))
    return pl.DataFrame(
        {
            "field": pl.repeat(field, leads.height, dtype=pl.String, eager=True),
            "text": texts.gather(leads["row"]),
            "name": leads["name"],
        },
        schema=INNER,
    )


def _of_long_names(field: str, texts: pl.Series) -> pl.DataFrame:
    """Return the parts of names that are too long to be compared as one: a listed name may stand among the words."""
    long = texts.filter(perhaps_long(texts))
    found = readings(long).filter(pl.col("kind") == PART)
    return found.select(field=pl.lit(field), text=long.gather(found["row"]), name="name")


def _read(text: str, cues: re.Pattern[str]) -> Iterator[str]:
    """Yield the names behind each cue of a text and inside its brackets; a name with a comma also without the rest."""
    marks = list(cues.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=False):
        kind = mark.lastgroup or ""
        inside = mark.group("inside")
        rest = inside if inside is not None else text[mark.end() : end]
        if inside is not None:
            yield from _read(inside, cues)
        if kind == "late" and not _LETTERS.search(text[: mark.start()]):
            continue
        whole = re.split(_STOP, rest.strip(' :.,-"“”«'), maxsplit=1)[0]
        if kind == "capitals":
            run = _CAPITALS.match(whole)
            whole = run.group(0) if run else ""
        for name in dict.fromkeys((whole, whole.split(",")[0])):
            cleaned = name.strip(" ,.;:-–\"'")
            if _is_name(cleaned):
                yield cleaned


def _is_name(text: str) -> bool:
    """Say whether a text may be a name: four letters, or two where none is Latin."""
    letters = _LETTERS.findall(text)
    return len(text) <= LONGEST and len(letters) >= (4 if any(letter < "ɐ" for letter in letters) else 2)


@cache
def _cue_pattern(field: str) -> re.Pattern[str]:
    """Return one pattern of all cues of a field.

    Its groups: `early` cues may stand first, `late` ones only after words, `capitals` are followed by a name in
    capital letters, and `inside` is the text of a bracket.
    """
    groups = []
    for name, kind, late in GROUPS:
        words = _cues(field, kind, late)
        if words:
            groups.append(rf"(?P<{name}>(?<![\w/])(?:{'|'.join(words)})(?=[\s:.,“«\"]))")
    brackets = r"[(\[](?P<inside>[^()\[\]]+)[)\]]" if _has_brackets(field) else r"(?P<inside>(?!))"
    return re.compile("|".join([*groups, brackets]), re.IGNORECASE)


@cache
def likely_pattern(field: str) -> str:
    """Return a pattern that every text with a cue of a field fits; it passes over the others quickly."""
    words = [_LOOKING_BACK.sub("", cue) for _, kind, late in GROUPS for cue in _cues(field, kind, late)]
    cues = rf"(?i)(?:^|[^a-z0-9/])(?:{'|'.join(words)})[\s:.,\"“«]"
    return rf"{cues}|[(\[]" if _has_brackets(field) else cues


@cache
def _cues(field: str, kind: str, late: str) -> tuple[str, ...]:
    rows = table("embedding_cues").filter(
        pl.col("kind") == kind, pl.col("after_words") == late, _concerns(field)
    )
    marked = [mark for cell in rows["marks"] for mark in cell.split("|")]
    words = {*patterns_of(marked), *(word for pattern in rows["pattern"] for word in pattern.split("|"))} - {
        ""
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _has_brackets(field: str) -> bool:
    return not table("embedding_cues").filter(pl.col("kind") == "inside", _concerns(field)).is_empty()


def _concerns(field: str) -> pl.Expr:
    return pl.col("fields").str.split("|").list.contains(field)
