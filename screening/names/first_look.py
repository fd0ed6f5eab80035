"""A first look at names: which may be written to be misread. It must cost next to nothing for all others."""

from __future__ import annotations

from itertools import chain
from string import ascii_lowercase, ascii_uppercase

import polars as pl

PLAIN = (
    r"[\x00-\x08\x0B-\x1F\x7F]"
    # digits and signs among letters
    r"|[a-zA-Z][0-9@$|!][0-9@$|!]?[0-9@$|!]?[a-zA-Z]|(?:^|[ ])[0-9@$|!][a-zA-Z][a-zA-Z][a-zA-Z]"
    # five letters that each stand alone
    r"|[a-zA-Z][ .*_-][ .*_-]?[a-zA-Z][ .*_-][ .*_-]?[a-zA-Z][ .*_-][ .*_-]?[a-zA-Z][ .*_-][ .*_-]?[a-zA-Z]"
    r"(?:[^a-zA-Z]|$)"
    # escapes of web pages and programs
    r"|</?[a-zA-Z]|&#|&[a-z]+;|%[0-9A-Fa-f][0-9A-Fa-f]|\\[ux][0-9a-fA-F][0-9a-fA-F]|"
    + "|".join(3 * letter for letter in chain(ascii_lowercase, ascii_uppercase))
)
"""Without classes of Unicode, so that one pass over the bytes decides."""
FOREIGN = (
    r"[\u{80}-\u{9F}\u{AD}\u{334}-\u{338}\u{34F}\u{489}\u{61C}\u{115F}\u{1160}\u{180B}-\u{180F}\u{200B}-\u{200F}\u{202A}-\u{202E}"
    r"\u{2060}-\u{206F}\u{20D0}-\u{20F0}\u{AB30}-\u{ABBF}\u{13A0}-\u{13FF}\u{1D00}-\u{1D7F}\u{2460}-\u{24FF}"
    r"\u{2500}-\u{2BFF}\u{3164}\u{FE00}-\u{FE0F}\u{FEFF}\u{FFA0}\u{FFF0}-\u{FFFF}\u{E000}-\u{F8FF}"
    r"\u{1D400}-\u{1D7FF}\u{1F000}-\u{1FAFF}\u{E0000}-\u{10FFFF}]"
    # letters of two scripts side by side, marks on marks, UTF-8 read as Latin-1
    r"|[a-zA-Z][\u{300}-\u{36F}]*[\u{370}-\u{58F}]|[\u{370}-\u{58F}][\u{300}-\u{36F}]*[a-zA-Z]"
    r"|[\u{300}-\u{36F}][\u{300}-\u{36F}]|[\u{C2}-\u{F4}][\u{80}-\u{BF}]"
    # letters that each stand alone
    r"|[ .*_·•-][\u{370}-\u{52F}][ .*_·•-]{1,2}[\u{370}-\u{52F}][ .*_·•-]{1,2}[\u{370}-\u{52F}][ .*_·•-]|"
    + "|".join(3 * chr(letter) for letter in range(0x410, 0x450))
)
"""Further signs in names that are not of ASCII alone."""
SEPARATORS = r"[ \t\n.,;:/_|\u{A0}-]+"
WORDS, LONG_BYTES, LONG_WORD = 24, 48, 60
"""From so many words on a name is long; a shorter text has fewer; and from so many letters on a word is none."""


def suspicious(names: pl.Series) -> pl.Series:
    """Say which names may be written to be misread, or are too long to be compared as one.

    >>> suspicious(pl.Series(["Acme Trading Ltd", "V1kt0r", "H u a w e i", None])).to_list()
    [False, True, True, False]
    """
    found = names.str.contains(PLAIN)
    foreign = names.str.contains(r"[^\x00-\x7F]").fill_null(value=False).arg_true()
    rows = [foreign.filter(names.gather(foreign).str.contains(FOREIGN))]
    rows.append(perhaps_long(names).arg_true())
    marked = pl.concat(rows).unique()
    return (
        found.fill_null(value=False).scatter(marked, values=True)
        if len(marked)
        else found.fill_null(value=False)
    )


def perhaps_long(names: pl.Series) -> pl.Series:
    """Say which names may have too many words to be compared as one, or words that are too long.

    >>> perhaps_long(pl.Series(["x " * 30 + "Acme", "Acme", "z" * 60, None])).to_list()
    [True, False, True, False]
    """
    large = (names.str.len_bytes() > LONG_BYTES).fill_null(value=False)
    rows = large.arg_true()
    texts = names.gather(rows)
    found = (texts.str.count_matches(SEPARATORS) >= WORDS) | texts.str.contains(f"[^ ]{{{LONG_WORD}}}")
    return large.scatter(rows, found) if len(rows) else large
