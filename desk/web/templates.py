"""How values look on a page: filters for the templates, and nothing that could be markup passes unescaped."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.store.states import states
from screening.ownership.shares import format_share

HALF_A_POINT = 0.005
MOST_OF_ALL, LEAST_OF_ALL = 99.9, 0.1
"""Percentages beyond which the digits say nothing."""


def templates() -> Jinja2Templates:
    """Return the templates with every value escaped and every misspelt name an error."""
    folder = str(files("desk.web") / "templates")
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "words": words, "share": share, "moment": moment, "number": number, "score": score, "points": points,
        "percent": percent, "sentence": sentence,
    }  # fmt: skip
    env.globals["states"] = states()
    return Jinja2Templates(env=env)


def words(name: Any) -> str:
    """Write a code as words.

    >>> words("stop_confirm")
    'Stop confirm'
    """
    return str(name).replace("_", " ").capitalize() if name else ""


def share(row: dict[str, Any]) -> str:
    """Write the range of a row with `low` and `high`."""
    return format_share(row["low"], row["high"])


def moment(text: str | date | None) -> str:
    """Write a moment to the minute.

    >>> moment("2026-11-22T09:00:00+00:00")
    '2026-11-22 09:00'
    """
    return str(text)[:16].replace("T", " ") if text else ""


def number(value: Any) -> str:
    """Write a whole number with thousands apart.

    >>> number(25921)
    '25,921'
    """
    return f"{value:,}" if isinstance(value, int) else str(value or "")


def score(value: float | None) -> str:
    """Write a score.

    >>> score(0.97109)
    '0.97'
    """
    return "" if value is None else f"{value:.2f}"


def points(log_odds: float) -> str:
    """Write what a step adds, with its sign.

    >>> points(4.6), points(-0.004)
    ('+4.60', '0.00')
    """
    return "0.00" if abs(log_odds) < HALF_A_POINT else f"{log_odds:+.2f}"


def percent(probability: float) -> str:
    """Write a probability as a person reads it; what is all but sure is never written as sure.

    >>> percent(0.9732), percent(0.99993), percent(0.00002), percent(0.005)
    ('97%', '> 99.9%', '< 0.1%', '0.5%')
    """
    share = 100 * probability
    if share > MOST_OF_ALL:
        return f"> {MOST_OF_ALL}%"
    if share < LEAST_OF_ALL:
        return f"< {LEAST_OF_ALL}%"
    return f"{share:.1f}%" if share < 1 or share > 99 else f"{share:.0f}%"


def sentence(text: str) -> str:
    """Begin with a capital, and leave the rest.

    >>> sentence("same country: RU")
    'Same country: RU'
    """
    return text[:1].upper() + text[1:]
