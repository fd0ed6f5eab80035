"""Contrast of the colours that the stylesheets name (WCAG 2.2 AA: 4.5 for text, 3 for graphics and outlines).

What a browser makes of them, page by page, is measured in `test_browser`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from desk.api.app import static_folder

SHEETS = {
    name: static_folder().joinpath(name).read_text("utf-8") for name in ("desk.css", "graph.css", "print.css")
}
VARIABLES = dict(re.findall(r"--([\w-]+): (#\w+)", SHEETS["desk.css"]))
INKS = ("ink", "muted", "accent", "stop", "hold", "licence", "ask", "review", "good")
GROUNDS = ("paper", "ground")
TEXT, GRAPHIC = 4.5, 3.0
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOUR = r"(#\w{3,6}|var\(--[\w-]+\))"


def colour(text: str) -> str:
    named = re.fullmatch(r"var\(--([\w-]+)\)", text)
    return VARIABLES[named[1]] if named else text


def luminance(text: str) -> float:
    digits = colour(text).lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def rules() -> Iterator[tuple[str, str]]:
    for text in SHEETS.values():
        yield from _RULE.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_inks_on_the_grounds(ink: str, ground: str) -> None:
    assert contrast(f"var(--{ink})", f"var(--{ground})") >= TEXT


def test_text_on_the_background_of_the_same_rule() -> None:
    pairs = [
        (selector.strip(), text[1], ground[1])
        for selector, body in rules()
        if (text := re.search(rf"(?:^|[\s;])color: {_COLOUR}", body))
        and (ground := re.search(rf"background(?:-color)?: {_COLOUR}", body))
    ]
    assert len(pairs) > 20
    assert [pair for pair in pairs if contrast(pair[1], pair[2]) < TEXT] == []


def test_graphics_and_outlines_on_paper() -> None:
    """Tracks are ground only, and a button or a banner is known by its words."""
    telling = rf"(?:fill|stroke): {_COLOUR}|(?:outline|border): [23]px solid {_COLOUR}"
    drawn = [
        (selector.strip(), "".join(found))
        for selector, body in rules()
        for found in re.findall(telling, body)
        if ".track" not in selector
    ]
    fields = next(body for selector, body in rules() if selector.strip() == "input, select, textarea")
    drawn += [("fields", found) for found in re.findall(rf"border: 1px solid {_COLOUR}", fields)]
    assert len(drawn) > 20
    assert [pair for pair in drawn if contrast(pair[1], "#fff") < GRAPHIC] == []
