"""One name, one spelling: the table of cleaning steps, run over a whole column at once."""

from __future__ import annotations

import polars as pl

from screening.names.scripts import latin

Steps = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

SIGNS: Steps = (
    # names that contain this | go through these replacements, in this order
    (
        "['&]",
        (
            ("'", ""),  # xi'an, ka'ban
            ("&", " and "),
        ),
    ),
    (
        "[0-9]",
        (
            (r"\b([0-9]+)(?:st|nd|rd|th)\b", "${1}"),  # 54th
            (r"([a-z])0([0-9]?[a-z])", "${1}o${2}"),  # a digit read for a letter
            (r"([a-z])1([0-9]?[a-z])", "${1}l${2}"),
            (r"([a-z])5([a-z])", "${1}s${2}"),
            (r"([a-z])[68]([a-z])", "${1}b${2}"),
            (r"\b0([a-z]{2,})", "o${1}"),
            (r"\b1([a-z]{4,})", "l${1}"),
            (r"\b5([a-z]{3,})", "s${1}"),
            (r"([a-z]{2,})0\b", "${1}o"),
            (r"([a-z]{4,})5\b", "${1}s"),
            (r"\b6([a-z]{3,})", "b${1}"),
            (r"([a-z]{2,})([0-9])", "${1} ${2}"),  # cetc55
            (r"([0-9])([a-z]{2,})", "${1} ${2}"),
            (r"\b0+([0-9])", "${1}"),
        ),
    ),
)
"""Cleaning after the name is lower-case ASCII."""

WORDS: Steps = (
    (
        "abd",
        (
            (r"\babd (?:al|el|ul|ol|il)\b", "abdal"),  # abd al-rahman, abdul rahman, abdurrahman
            (r"\babd[uei]l\b", "abdal"),
            (r"\babd[aeuio]([lrsntdz])([a-z]{3,})\b", "abdal ${2}"),
            (r"\babdal(?: [lrsntdz])? ", "abdal "),
        ),
    ),
)
"""Cleaning after only words remain."""

UNTIDY = "[^a-z0-9 ]|  |^ | $"
"""What words with one blank between them do not contain."""

_APOSTROPHES = "[’‘ʼʻ′´ʹ`]"


def clean(names: pl.Series) -> pl.Series:
    """Return each name as lower-case ASCII words with one blank between them; null becomes empty.

    >>> clean(pl.Series(["  Xi'an Tech. Co., Ltd", "CETC 54th", "Рособоронэкспорт", None])).to_list()
    ['xian tech co ltd', 'cetc 54', 'rosoboroneksport', '']
    """
    text = _in_ascii(names.fill_null(""))
    for pattern, replacements in SIGNS:
        text = _where(text, pattern, replacements)
    text = _where(text, UNTIDY, ((r"[^a-z0-9]+", " "), ("^ +| +$", "")))
    for pattern, replacements in WORDS:
        text = _where(text, pattern, replacements)
    return text


def _in_ascii(names: pl.Series) -> pl.Series:
    """Write names in lower-case ASCII; most are in ASCII already, and need no reading."""
    beyond = names.str.contains(r"[^\x00-\x7F]")
    text = names.str.replace_all("`", "'", literal=True).str.to_lowercase()
    if not beyond.any():
        return text
    rows = beyond.arg_true()
    foreign = names.gather(rows).str.normalize("NFKC").str.replace_all(_APOSTROPHES, "'").str.to_lowercase()
    return text.scatter(rows, latin(foreign))


def _where(text: pl.Series, pattern: str, replacements: tuple[tuple[str, str], ...]) -> pl.Series:
    """Run the replacements on the names that contain the pattern; most names do not, and cost nothing."""
    contains = text.str.contains(pattern)
    if not contains.any():
        return text
    rows = contains.arg_true()
    expression = pl.col("name")
    for found, becomes in replacements:
        expression = expression.str.replace_all(found, becomes)
    changed = pl.DataFrame({"name": text.gather(rows)}).select(expression)["name"]
    return text.scatter(rows, changed)
