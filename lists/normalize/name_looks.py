"""A first look at a text: whether it may hold a second name, and of which kind. It must cost next to nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from lists.normalize.name_marks import mark_hints, remark_hints
from lists.normalize.name_numbers import LIKELY
from lists.normalize.name_tidying import INVISIBLE


class Looks(NamedTuple):
    """What may be in a text, by a look at its letters."""

    mark: bool = True
    remark: bool = True
    ship: bool = True
    bracket: bool = True
    sign: bool = True  # quotes, slashes, bars
    joint: bool = True  # several persons, or words run together
    number: bool = True
    spelling: bool = True
    seat: bool = True  # a town after the legal form


_OPEN = r"(\[{（"
_SIGNS = '"“”„«;|‘'


@cache
def likely() -> str:
    """Return a pattern that every text with a further name fits; it passes over the others quickly.

    It has no Unicode classes and begins with no literal: so one pass over the letters decides.
    """
    each = looks_of()
    return "|".join(
        [
            _hinted((*mark_hints(), *remark_hints("any"), *remark_hints("start"), *remark_hints("end"))),
            each["ship"],
            each["seat"],
            f"[{_SIGNS}{INVISIBLE}\n]|[{_OPEN}]|&#|&[a-zA-Z]+;| //? |(?:^|[ (,])'",
            "[0-9][0-9][0-9][0-9][0-9]|^[A-Za-z]+$",
            "^[A-Z][A-Z]?-[A-Z0-9]+$",
        ]
    )


@cache
def looks_of() -> dict[str, str]:
    """Return the pattern of each of `Looks`."""
    inside = "[^)\\]}）]*"
    return {
        "mark": _hinted(mark_hints()),
        "remark": _hinted((*remark_hints("any"), *remark_hints("start"), *remark_hints("end"))),
        "ship": f"^[^a-zA-Z]?{_hinted(remark_hints('vessel'))}",
        "bracket": f"[{_OPEN}]{inside}(?:[ /&-]{inside}|[)\\]}}）]?[^a-zA-Z0-9]*$)",
        "sign": f"[{_SIGNS}]| //? |(?:^|[ (,])'",
        "joint": (
            " (?:&|[aA][nN][dD]|[oO][rR]|[uU][nN][dD]|[eE][tT]|[yY]|[eE]) "
            "|[^ ][^ ]/[^ ][^ ]|[a-z][a-z][a-z][A-Z][a-z][a-z][a-z]"
        ),
        "number": LIKELY,
        "spelling": f"[{INVISIBLE}\n]|&#|&[a-zA-Z]+;|^[A-Za-z]+$",
        "seat": rf"[ ,](?i-u:(?:{'|'.join(map(re.escape, remark_hints('form')))})[.o]*,? [a-z][a-z-]+(?: [a-z]+)?$)",
    }


def _hinted(hints: tuple[str, ...]) -> str:
    words = "|".join(re.escape(hint) for hint in sorted(set(hints)))
    return rf"(?:^|[ (,;:])(?i-u:(?:{words})(?:[ ,:.)]|$))"
