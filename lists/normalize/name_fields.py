"""A field that holds more than one name, taken apart: `Doe Ventures dba Krayinvestbank`, `Rostec (State Corporation)`.

One splitter for what the publishers print and for what customers write. Its words are in `lists/data/name_marks.csv`
(between two names), `name_remarks.csv` (what is no part of a name) and `name_tails.csv` (legal forms).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

import polars as pl

from lists.normalize.name_looks import Looks, likely, looks_of
from lists.normalize.name_marks import at_start, forms, legal_forms, marks, remarks
from lists.normalize.name_numbers import cut_numbers
from lists.normalize.name_tidying import as_meant, tidy, words_apart

LEADS = ("on behalf of", "for account of", "care of")
"""Kinds of names that are not the party's own: somebody stands behind it, or gets its mail."""
BRACKETS, NICKNAME, JOINT, NAME = "name in brackets", "nickname", "joint holder", "name"
PERSON, ORGANIZATION, VESSEL = "person", "organization", "vessel"
PARTS = {
    "row": pl.UInt32(),
    "name": pl.String(),
    "kind": pl.String(),
    "party_type": pl.String(),  # what a party is that bears such a name; null where any may
}
LONGEST = 300
"""Letters of a text that is read; what is longer is no name."""

_BRACKET = re.compile(r"\s*[(\[{（]([^()\[\]{}（）]*)[)\]}）]?")
_QUOTED = re.compile(
    r"\s*(?:[\"“”„«]|(?:(?<=^)|(?<=[\s(,]))['‘])([^\"“”„«»]{2,60}?)(?:[\"”“»]|['’](?=$|[\s,);]))(?:\s+|$|(?=[,;]))"
)
_WHOLE_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"”“»]")
_BETWEEN = re.compile(r"\s+//?\s+|\s*[;|]\s*|\s*//\s*")
_TIGHT = re.compile(r"(?<=\w{3})/(?=\w{3})")
_AND = re.compile(r"\s+(?:&|and|or|und|et|y|e)\s+", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN_WORD = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:['’.-][^\W\d_]*)*\.?")
_INITIALS = re.compile(r"(?:[A-Z]\.?){1,3}")
_PAIR = 2


class Part(NamedTuple):
    """A name in a field."""

    name: str
    kind: str
    party_type: str | None = None


def split_names(
    texts: pl.Series,
    party_types: pl.Series | None = None,
    places: Collection[str] = (),
    *,
    certain: bool = False,
) -> pl.DataFrame:
    """Return the further names in texts: columns of `PARTS`, in the order of the texts; `row` counts from 0.

    The text as it stands is a name too and not among them. `party_types`: what the party of each text is; a person's
    nickname is not looked for in the name of a company, and if `certain` only in that of a person. `places`: words in
    small letters that name places, so that `Foo (Shanghai)` is one name. A text without a mark costs one look.

    >>> texts = pl.Series(["Doe dba Krayinvestbank", "Aka, Mehmet", "Volga c/o Almaz", "Rostec (Russian Tech)"])
    >>> for row in split_names(texts).rows():
    ...     print(*row[:3], sep="; ")
    0; Doe; name
    0; Krayinvestbank; trading name
    2; Volga; name
    2; Almaz; care of
    3; Russian Tech; name in brackets
    3; Rostec; name
    """
    near = texts.str.contains(likely()).fill_null(False)
    if party_types is None:
        party_types = pl.repeat(None, len(texts), dtype=pl.String, eager=True)
    settled = party_types.is_not_null() & (party_types != "unknown")
    person = ~settled | (party_types == PERSON)
    near |= person & texts.str.contains(looks_of()["joint"]).fill_null(False) if person.any() else near
    rows = near.arg_true()
    looks = pl.DataFrame(
        {
            "row": rows,
            "text": texts.gather(rows),
            "settled": settled.gather(rows),
            "type": party_types.gather(rows),
        }
    ).with_columns(pl.col("text").str.contains(look).alias(name) for name, look in looks_of().items())
    looks = looks.with_columns(joint=pl.col("joint") & (~pl.col("settled") | (pl.col("type") == PERSON)))
    short = pl.col("text").str.len_chars() <= LONGEST
    worth = looks.filter(short & pl.any_horizontal(list(looks_of()))).select("row", "text", *looks_of())
    found = [
        (row, *part)
        for row, text, *flags in worth.iter_rows()
        for part in read_field(text, places, Looks(*flags))
    ]
    parts = pl.DataFrame(found, schema=PARTS, orient="row")
    own = party_types.gather(parts["row"]).replace("unknown", None)
    fits = (own == parts["party_type"]).fill_null(not certain)
    return parts.filter(fits | parts["party_type"].is_null())


def read_field(text: str, places: Collection[str] = (), looks: Looks | None = None) -> list[Part]:
    """Return the names in a text besides the text itself, each once; `looks`: what there may be, all unless given."""
    looks = looks or Looks()
    plain = tidy(text) if looks.spelling else text
    bare = cut_numbers(plain)[0] if looks.number else plain
    found = [*_variants(text, looks), *_names(bare, places, looks)]
    if bare and bare != plain:
        found.append(Part(bare, NAME))
    once = {part.name.casefold(): part for part in reversed(found)}
    for written in (text, _stripped(text)):
        once.pop(written.casefold(), None)
    return list(reversed(once.values()))


def _names(text: str, places: Collection[str], looks: Looks) -> Iterator[Part]:
    """Yield what stands in brackets, then the rest cut at its marks."""
    outside = text
    removed = False
    for bracket in _BRACKET.finditer(text) if looks.bracket else ():
        inside = bracket.group(1).strip(" ,;:.\"'")
        before, after = text[: bracket.start()].strip(), text[bracket.end() :].strip(" ,;")
        kind = at_start(inside)
        if kind:
            yield from _cut(inside, looks, whole=False)
        elif not _is_second_name(inside, before, after, places):
            if not remarks("bracket").fullmatch(inside):
                continue
        elif after and not _is_form(after):
            yield Part(inside, NICKNAME, PERSON)
        else:
            company = " " in inside or forms().search(before)
            yield Part(inside, BRACKETS, None if company else ORGANIZATION)
        outside = outside.replace(bracket.group(0), " ", 1)
        removed = True
    rest = " ".join(outside.split()).replace(" ,", ",")
    if rest.count("(") != rest.count(")"):  # brackets inside brackets
        rest = _BRACKET.split(text)[0]
    if removed and not at_start(rest):
        yield from _own(rest, NAME, looks)
    yield from _cut(rest, looks)


def _cut(text: str, looks: Looks, whole: bool = True) -> Iterator[Part]:
    """Yield the names between the marks of a text, each with the kind that the mark before it gives.

    A `whole` text may begin with the word of a mark and mean it as a word: `Formerly Yours Ltd`.
    """
    found = [mark for mark in marks().finditer(text) if _is_mark(mark, text, whole)] if looks.mark else []
    ends = [*(mark.start() for mark in found[1:]), len(text)]
    head = text[: found[0].start()] if found else text
    yield from _own(head, NAME, looks)
    for mark, end in zip(found, ends, strict=False):
        kind = at_start(mark.group("mark")) or NAME
        name = text[mark.end() : end]
        if kind not in LEADS:
            yield from _own(name, kind, looks)
        elif _is_name(name) and not _AND.fullmatch(f" {_stripped(name)} "):
            yield Part(_stripped(name), kind)


def _is_mark(mark: re.Match[str], text: str, whole: bool) -> bool:
    """Say whether a mark is meant as one: `dba` in a name in capitals may be a surname."""
    before, after = text[: mark.start()], text[mark.end() :]
    word = mark.group("word")
    if not _LETTER.search(after):
        return False
    if not _LETTER.search(before):
        return not whole or not mark.group("mark").isalpha()
    if word is None or re.search(r"[,;(]\s*$", before + mark.group(0)[: mark.start("mark") - mark.start()]):
        return True
    if word.islower():
        return not text.islower() or len(before.split()) >= _PAIR
    return word.isupper() and text.isupper() and len(before.split()) >= _PAIR


def _own(text: str, kind: str, looks: Looks) -> Iterator[Part]:
    """Yield a name of the party, and the names into which slashes, quotes and prefixes divide it."""
    name = _stripped(text)
    if not _is_name(name):
        return
    yield Part(name, kind)
    plain = _without_remarks(name) if looks.remark else name
    if looks.sign or looks.joint:
        yield from _divided(name, kind)
    if plain != name:
        yield Part(plain, kind)
    ship = _stripped(remarks("vessel").sub("", plain)) if looks.ship else plain
    if ship != plain and _is_name(ship) and not forms().search(ship):
        yield Part(ship, kind, VESSEL)
    if looks.sign:
        yield from _quoted(plain)
    if looks.joint:
        yield from _joint(plain)


def _without_remarks(name: str) -> str:
    """Return a name without what is written around names: `so-called`, `Estate of`, `JTWROS`, `inv 4711`."""
    for where in ("end", "any", "start"):
        shorter = _stripped(" ".join(remarks(where).sub(" ", name).split()))
        name = shorter if _is_name(shorter) else name
    return name


def _divided(name: str, kind: str) -> Iterator[Part]:
    """Yield the names on both sides of a slash or bar."""
    sides, party_type = _BETWEEN.split(name), None
    if len(sides) == 1:
        sides, party_type = _TIGHT.split(name), PERSON
        if any(len(side.split()) < _PAIR for side in sides):
            return
    if len(sides) > 1 and all(_is_name(side) and not _is_form(side) for side in sides):
        for side in sides:
            yield Part(_stripped(side), kind, party_type)
            yield from _quoted(_stripped(side))


def _quoted(name: str) -> Iterator[Part]:
    """Yield the name without a nickname in quotes, and the nickname; companies quote their proper name."""
    quote = _QUOTED.search(name)
    if quote is None:
        return
    rest = " ".join((name[: quote.start()] + " " + name[quote.end() :]).split()).strip(" ,")
    words = rest.replace(",", "").split()
    if len(words) >= _PAIR and not forms().search(rest) and all(map(_PLAIN_WORD.fullmatch, words)):
        yield Part(rest, NAME, PERSON)
        if _is_name(quote.group(1)):
            yield Part(_stripped(quote.group(1)), NICKNAME, PERSON)


def _joint(name: str) -> Iterator[Part]:
    """Yield the holders of a joint account: persons with first and last name, joined by `and`."""
    sides = _AND.split(name)
    if len(sides) < _PAIR or forms().search(name):
        return
    sides = [side.strip(" ,") for side in sides]
    if all(
        _PAIR <= len(side.split()) <= 4 and all(map(_PLAIN_WORD.fullmatch, side.split())) for side in sides
    ):
        yield from (Part(side, JOINT, PERSON) for side in sides)


def _variants(text: str, looks: Looks) -> Iterator[Part]:
    """Yield the same name as it was meant: escapes undone, words apart, without the seat after the legal form."""
    if looks.spelling:
        yield from (Part(each, NAME) for each in as_meant(text))
        glued = remarks("glued").fullmatch(text) if text.isalpha() else None
        if glued:
            yield Part(f"{glued.group(1)} {glued.group(2)}", NAME)
    apart = words_apart(text) if looks.joint else text
    if apart != text:
        yield Part(apart, NAME, PERSON)
    seat = remarks("form").search(text) if looks.seat else None
    if seat:
        yield Part(_stripped(text[: seat.end()]), NAME)


def _is_second_name(inside: str, before: str, after: str, places: Collection[str]) -> bool:
    """Say whether what stands in brackets is a name, and not a place, a remark or a legal form."""
    words = [word.strip(".,'’-").casefold() for word in re.split(r"[\s,/&-]+", inside) if word]
    if not _is_name(inside) or not before or not words or inside[0].islower():
        return False
    if remarks("bracket").fullmatch(inside) or remarks("any").fullmatch(inside) or _is_form(inside):
        return False
    if (
        remarks("place").fullmatch(inside)
        or inside.casefold() in places
        or all(word in places or word in ("and", "of", "the") for word in words)
    ):
        return False
    inside_a_name = bool(after) and not _ends_with_form(inside)
    if inside_a_name and (len(words) == 1 or _is_form(after)):
        return False
    return not _INITIALS.fullmatch(inside)


def _is_form(text: str) -> bool:
    """Say whether a text is nothing but legal forms."""
    return not _LETTER.search(forms().sub("", text))


def _ends_with_form(text: str) -> bool:
    return any(form.end() == len(text) for form in legal_forms().finditer(text))


def _is_name(text: str) -> bool:
    """Say whether a text may be a name: three letters, or two where none is Latin."""
    letters = _LETTER.findall(text)
    return len(letters) >= (3 if any(letter < "ɐ" for letter in letters) else 2)


def _stripped(text: str) -> str:
    plain = text.strip(" ,;:-–—/|")
    quoted = _WHOLE_QUOTED.fullmatch(plain)
    return quoted.group(1).strip() if quoted else plain
