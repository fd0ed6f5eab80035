"""The line of each setting in a TOML file, which the standard library's reader does not give."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Place = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_SETTING = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def setting_lines(text: str) -> Mapping[Place, int]:
    """Return the line, from 1, of every table and setting; the tables of an array are numbered from 0.

    >>> setting_lines('lists = ["EL"]\\n[[rules.overrides]]\\nstatus = "x"')[("rules", "overrides", 0, "status")]
    3
    """
    found: dict[Place, int] = {}
    inside: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            inside = _keys(header[2])
            if header[1] == "[[":
                counts[inside] = counts.get(inside, -1) + 1
                inside = (*inside, counts[inside])
            _record(found, inside, number)
        elif setting := _SETTING.match(line):
            _record(found, (*inside, *_keys(setting[1])), number)
    return found


def _record(found: dict[Place, int], place: Place, number: int) -> None:
    """Record the line of a place, and of the tables around it that have no line of their own yet."""
    for end in range(1, len(place) + 1):
        found.setdefault(place[:end], number)


def _keys(text: str) -> Place:
    """Split a dotted key as TOML does; an invalid one gives no keys."""
    try:
        table = tomllib.loads(f"{text} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(table, dict):
        ((key, table),) = table.items()
        keys.append(key)
    return tuple(keys)
