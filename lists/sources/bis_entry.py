"""One entity cell of BIS's supplements to part 744: name, aliases, addresses, cross-references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lists.reference import reference

_ALIASES = re.compile(
    r",?\s*(?:a\.\s?k\.\s?a\.?),?\s*(?:the following (?:[\w-]+ )?alias(?:es)?)?\s*:?\s*(?=—|$)", re.I
)
_DASH = re.compile(r"(?:^|(?<=[:;.\s]))—\s*")
_SEE = re.compile(r"\(?\bSee (?:also )?(?:alternate|additional|other)? ?address(?:es)?[^()]*\)?\.?", re.I)
_BETWEEN = re.compile(r";\s*(?:and\s+)?", re.I)
_ADDRESS_START = re.compile(r"\.\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one cell says."""

    name: str
    aliases: tuple[str, ...]
    addresses: tuple[str, ...]
    notes: tuple[str, ...]


def read_entry(lines: Sequence[str]) -> Entry:
    """Read the lines of a cell.

    >>> entry = read_entry(["CPUNTO Inc., a.k.a., the following one alias:", "—CPUNTO.", "5929 Route, Quebec Canada."])
    >>> entry.name, entry.aliases, entry.addresses
    ('CPUNTO Inc.', ('CPUNTO',), ('5929 Route, Quebec Canada',))
    >>> entry = read_entry(["Ghoura Co., Ltd., 501, 5th Floor; and 12 Rd. (See alternate addresses under Pakistan)."])
    >>> entry.name, entry.addresses, entry.notes
    ('Ghoura Co., Ltd.', ('501, 5th Floor', '12 Rd'), ('See alternate addresses under Pakistan',))
    """
    whole = "\n".join(lines)
    notes = tuple(note.strip("(). ") for note in _SEE.findall(whole))
    first, *rest = [line for line in _SEE.sub("", whole).split("\n") if line.strip(" .")] or [""]
    marker = _ALIASES.search(first)
    if marker is None:
        name, place = _name_and_place(first)
        return Entry(name, (), _places([place, *rest]), notes)
    name, inline = first[: marker.start()], first[marker.end() :]
    aliases: list[str] = []
    places: list[str] = []
    for line in [inline, *rest]:
        before, *dashed = _DASH.split(line)
        if before.strip():
            places.append(before)
        if dashed and not rest:  # all in one line: the address follows the last alias
            dashed[-1], place = _alias_and_place(dashed[-1])
            places.append(place)
        aliases += map(_alias, dashed)
    return Entry(_stripped(name), tuple(filter(None, aliases)), _places(places), notes)


def _name_and_place(line: str) -> tuple[str, str]:
    """Part a name from the address that follows it: at the first comma that no legal form follows."""
    name, *parts = line.split(", ")
    tails = set(reference("name_tails")["tail"])
    while parts and parts[0].strip(" .;") + "." in {tail.rstrip(".") + "." for tail in tails}:
        name += ", " + parts.pop(0)
    return _stripped(name), ", ".join(parts)


def _alias_and_place(line: str) -> tuple[str, str]:
    """Part the last alias of a one-line entry from the address after its full stop."""
    for stop in _ADDRESS_START.finditer(line):
        if line[stop.end()].isdigit() or len(line[: stop.start()]) > 4:
            return line[: stop.start()], line[stop.end() :]
    return line, ""


def _alias(text: str) -> str:
    return _stripped(re.sub(r"[;,]?\s*(?:and)?\s*$", "", text.strip()))


def _places(lines: Sequence[str]) -> tuple[str, ...]:
    places = (_stripped(place) for line in lines for place in _BETWEEN.split(line))
    return tuple(place for place in places if place)


def _stripped(text: str) -> str:
    """Drop outer commas and the full stop that ends a sentence, not the one that ends `Ltd.`."""
    bare = text.strip(" ,;")
    last = bare.rsplit(" ", 1)[-1]
    return bare if last in set(reference("name_tails")["tail"]) else bare.removesuffix(".").strip(" ,;")
