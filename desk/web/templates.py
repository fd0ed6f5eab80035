"""How values look on a page: filters for the templates, and nothing that could be markup passes unescaped."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from typing import Any

from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from desk.store.states import states
from screening.cases import role_note
from screening.ownership import format_share
from screening.ownership.views import ARROW, split_paths
from screening.text import format_score

HALF_A_POINT = 0.005
LEFT_TO_RIGHT = "\u200e"
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates of text direction: no name needs them."""


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
        "words": words, "share": share, "moment": moment, "number": number, "score": score, "weight": weight,
        "points": points, "role_note": role_note,
        "sentence": sentence, "name": name, "ways": split_paths,
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
    """Write a score; nothing where there is none.

    >>> score(0.97109)
    '0.97'
    """
    return "" if value is None else format_score(value)


def weight(value: float) -> str:
    """Write what a word or a measure counts.

    >>> weight(1.0)
    '1.00'
    """
    return f"{value:.2f}"


def points(log_odds: float) -> str:
    """Write what a step adds, with its sign.

    >>> points(4.6), points(-0.004)
    ('+4.60', '0.00')
    """
    return "0.00" if abs(log_odds) < HALF_A_POINT else f"{log_odds:+.2f}"


def sentence(text: str) -> str:
    """Begin with a capital, and leave the rest.

    >>> sentence("same country: RU")
    'Same country: RU'
    """
    return text[:1].upper() + text[1:]


def name(text: Any) -> Markup:
    """Set a name, or a sentence with names, apart from the text around it, whatever its direction; characters that turn
    the direction of others are shown, because they hide what a name says. A path of ownership reads from left to right
    in any script.

    >>> name("<b>\u202eevil")
    Markup('<bdi>&lt;b&gt;<span class="turn">U+202E</span>evil</bdi>')
    """
    straight = ARROW.sub(rf"{LEFT_TO_RIGHT}\1{LEFT_TO_RIGHT}", str(text))
    shown = TURNING.sub(
        lambda found: f'<span class="turn">U+{ord(found[0]):04X}</span>', str(escape(straight))
    )
    return Markup(f"<bdi>{shown}</bdi>")  # noqa: S704 - escaped above
