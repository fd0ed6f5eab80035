"""A neighbourhood as one SVG file: owners above, what they own below; no script, no font, nothing from outside."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from screening.ownership.shares import format_share
from screening.ownership.views.layered_layout import Layout, layered

if TYPE_CHECKING:
    import networkx as nx

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 190, 66, 26, 96, 24
LETTERS = 27
ALONG = (0.5, 0.66, 0.82)
"""Where along the last stretch of a line its label is; neighbours take turns, so that labels do not overlap."""
COLOURS = {
    "listed": ("#7f1d1d", "#fee2e2"),
    "restricted": ("#9a3412", "#ffedd5"),
    "indeterminate": ("#854d0e", "#fef9c3"),
    "minority": ("#334155", "#e2e8f0"),
    "undisclosed": ("#64748b", "#f8fafc"),
}
"""Line and fill of a box by the mark of the entity; the word is written in the box as well."""
PLAIN = ("#334155", "#ffffff")
Point = tuple[float, float]
MOST = 250
"""Boxes that a person can still read; larger graphs are drawn in part, by the caller's `fan` and `hops`."""


def svg(graph: nx.MultiDiGraph[str], focus: str, marks: Mapping[str, str] | None = None) -> str:
    """Return a drawing of the graph. `focus` gets a heavy border.

    `marks`: entity id -> listed, restricted, indeterminate or minority. The same graph gives the same bytes. Names are
    escaped and cut to fit; the whole name is the box's tooltip. Raises ValueError for more than MOST nodes.
    """
    if graph.number_of_nodes() > MOST:
        raise ValueError(
            f"{graph.number_of_nodes()} boxes are too many to read; draw fewer hops or a smaller fan (most: {MOST})."
        )
    layout = layered(graph.nodes, ((owner, owned) for owner, owned, _ in graph.edges))
    boxes = {node: _corner(place) for node, place in layout.place.items()}
    right = max((x + WIDTH for x, _ in boxes.values()), default=0) + MARGIN
    bottom = max((y + HEIGHT for _, y in boxes.values()), default=0) + MARGIN
    title = graph.nodes[focus].get("name") or focus
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{right:.0f}" height="{bottom:.0f}" '
        f'viewBox="0 0 {right:.0f} {bottom:.0f}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>Ownership around {escape(_clean(title))}</title>",
        f'<rect width="{right:.0f}" height="{bottom:.0f}" fill="#ffffff"/>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#475569"/></marker></defs>',
    ]
    parts += _edges(graph, layout, boxes)
    parts += [
        _box(node, graph.nodes[node], boxes[node], (marks or {}).get(node), focus=node == focus)
        for node in sorted(boxes)
    ]
    return "\n".join([*parts, "</svg>", ""])


def _corner(place: tuple[int, float]) -> Point:
    layer, column = place
    return MARGIN + (column - 0.5) * (WIDTH + GAP_X) + GAP_X / 2, MARGIN + layer * (HEIGHT + GAP_Y)


def _edges(graph: nx.MultiDiGraph[str], layout: Layout, boxes: Mapping[str, Point]) -> list[str]:
    """Draw one line a pair with all its interests as the label; dashed where none of them is equity."""
    by_pair: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for owner, owned, data in sorted(
        graph.edges(data=True), key=lambda edge: (edge[0], edge[1], _label(edge[2]))
    ):
        by_pair.setdefault((owner, owned), []).append(data)
    lines = {pair: _line(pair, layout, boxes) for pair in by_pair if pair[0] != pair[1]}
    leaving = _ports({pair: points[1] for pair, points in lines.items()}, 0)
    arriving = _ports({pair: points[-2] for pair, points in lines.items()}, 1)
    parts = []
    for (owner, owned), interests in by_pair.items():
        x, y = boxes[owned]
        if owner == owned:
            path, middle = f"M{x + WIDTH:.1f} {y + 14:.1f}c26 -10 26 34 0 24", (x + WIDTH + 20, y + 8)
        else:
            points = lines[owner, owned]
            turn, share = arriving[owner, owned]
            points[0] = (boxes[owner][0] + WIDTH * leaving[owner, owned][1], points[0][1])
            points[-1] = (x + WIDTH * share, points[-1][1])
            path, middle = _curve(points), _on_curve(points[-2], points[-1], ALONG[turn % len(ALONG)])
        parts += _drawn(path, middle, interests)
    return parts


def _line(pair: tuple[str, str], layout: Layout, boxes: Mapping[str, Point]) -> list[Point]:
    """Return the points of a line from the owner's box to the owned one's, through its bends."""
    (x0, y0), (x1, y1) = boxes[pair[0]], boxes[pair[1]]
    up = pair in layout.backward
    bends = [_corner(bend) for bend in layout.bends[pair]]
    return [
        (x0 + WIDTH / 2, y0 if up else y0 + HEIGHT),
        *((x + WIDTH / 2, y + HEIGHT / 2) for x, y in bends),
        (x1 + WIDTH / 2, y1 + HEIGHT if up else y1),
    ]


def _ports(toward: Mapping[tuple[str, str], Point], end: int) -> dict[tuple[str, str], tuple[int, float]]:
    """Spread the lines of each box along its side, in the order of where they come from: number and place
    from 0 to 1."""
    found = {}
    for box in sorted({pair[end] for pair in toward}):
        own = sorted((pair for pair in toward if pair[end] == box), key=lambda pair: (toward[pair], pair))
        found.update({pair: (turn, (turn + 1) / (len(own) + 1)) for turn, pair in enumerate(own)})
    return found


def _drawn(path: str, middle: Point, data: list[Mapping[str, Any]]) -> list[str]:
    label = ", ".join(dict.fromkeys(_label(each) for each in data))
    dashed = "" if any(each["interest"] == "equity" for each in data) else ' stroke-dasharray="5 4"'
    return [
        f'<path d="{path}" fill="none" stroke="#475569" stroke-width="1.3"{dashed} marker-end="url(#tip)"/>',
        f'<text x="{middle[0]:.1f}" y="{middle[1]:.1f}" text-anchor="middle" fill="#0f172a" stroke="#ffffff" '
        f'stroke-width="4" paint-order="stroke">{escape(_cut(label, 34))}</text>',
    ]


def _on_curve(start: Point, end: Point, along: float) -> Point:
    """Return a point of the curve that `_curve` draws between two points."""
    rest = 1 - along
    a, b, c, d = rest**3, 3 * rest**2 * along, 3 * rest * along**2, along**3
    half = (start[1] + end[1]) / 2
    return (a + b) * start[0] + (c + d) * end[0], a * start[1] + (b + c) * half + d * end[1]


def _curve(points: list[Point]) -> str:
    """Join points with curves that leave and arrive upright."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        half = (y0 + y1) / 2
        path += f"C{x0:.1f} {half:.1f} {x1:.1f} {half:.1f} {x1:.1f} {y1:.1f}"
    return path


def _label(data: Mapping[str, Any]) -> str:
    """Say what an edge is: the share, and the interest where it is no equity."""
    share = format_share(data["share_min"], data["share_max"])
    way = "" if data["direct"] else " indirect"
    if data["interest"] == "equity":
        return share + way
    return f"{data['interest']} {share}".removesuffix(" undisclosed") + way


def _box(node: str, data: Mapping[str, Any], corner: Point, mark: str | None, *, focus: bool) -> str:
    """Return one entity's box: its name, and below it its mark, kind and country."""
    x, y = corner
    name = _clean(str(data.get("name") or node))
    mark = mark or ("undisclosed" if data.get("kind") == "undisclosed" else None)
    line, fill = COLOURS.get(mark or "", PLAIN)
    place = data.get("hq_country") or data.get("country") or data.get("incorporation_country")
    hidden = int(data.get("hidden_owners") or 0) + int(data.get("hidden_holdings") or 0)
    below = [
        mark,
        data.get("kind") if mark != "undisclosed" else None,
        place,
        f"+{hidden} not shown" if hidden else None,
    ]
    caption = " · ".join(_clean(str(part)) for part in below if part)
    kind = ' stroke-dasharray="4 3"' if mark == "undisclosed" else ""
    middle = x + WIDTH / 2
    lines = _lines(name)
    top = y + (20 if len(lines) > 1 else 30)
    shown = "".join(
        f'<text x="{middle:.1f}" y="{top + 15 * number:.1f}" text-anchor="middle" fill="#0f172a">{escape(text)}</text>'
        for number, text in enumerate(lines)
    )
    return (
        f"<g><title>{escape(name)} ({escape(_clean(node))})</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill={quoteattr(fill)} '
        f'stroke={quoteattr(line)} stroke-width="{3 if focus else 1.2}"{kind}/>{shown}'
        f'<text x="{middle:.1f}" y="{y + 54:.1f}" text-anchor="middle" font-size="10.5" fill={quoteattr(line)}>'
        f"{escape(_cut(caption, LETTERS + 6))}</text></g>"
    )


def _lines(name: str) -> list[str]:
    """Break a name into at most two lines, at a space where there is one."""
    if _cut(name, LETTERS) == name:
        return [name]
    head = _cut(name, LETTERS).removesuffix("…")
    space = head.rfind(" ")
    head = head[:space] if space > 0 and name[len(head) : len(head) + 1] != " " else head
    return [head, _cut(name[len(head) :].strip(), LETTERS)]


def _clean(text: str) -> str:
    """Drop what XML cannot hold and what would turn the reading direction."""
    return "".join(
        letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _cut(text: str, letters: int) -> str:
    """Cut text to a width in letters; a Han or Kana sign is as wide as two."""
    width = 0.0
    for place, letter in enumerate(text):
        width += 1.8 if unicodedata.east_asian_width(letter) in "WF" else 1.0
        if width > letters:
            return text[: max(1, place - 1)].rstrip() + "…"
    return text
