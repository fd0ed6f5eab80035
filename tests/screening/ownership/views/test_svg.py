"""The picture of an ownership graph."""

from __future__ import annotations

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from screening.ownership import OwnershipNetwork
from screening.ownership.views.layered_layout import layered
from screening.ownership.views.svg import MOST, svg
from tests.screening.ownership.test_cascade import parse

NODES = "abcdefgh"
SVG = "{http://www.w3.org/2000/svg}"


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=20))
def test_every_owner_stands_above_but_where_a_loop_closes(edges: list[tuple[str, str]]) -> None:
    layout = layered(NODES, edges)
    assert set(layout.place) == set(NODES)
    assert len(set(layout.place.values())) == len(NODES)
    for a, b in {edge for edge in edges if edge[0] != edge[1]}:
        down = layout.place[a][0] < layout.place[b][0]
        assert down == ((a, b) not in layout.backward)
        assert len(layout.bends[a, b]) == abs(layout.place[a][0] - layout.place[b][0]) - 1
    if nx.is_directed_acyclic_graph(nx.DiGraph([edge for edge in edges if edge[0] != edge[1]])):
        assert not layout.backward
    assert layout == layered(reversed(NODES), list(reversed(edges)))


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(picture.encode()).iter(f"{SVG}text")]


def test_the_picture_shows_shares_marks_and_whole_names() -> None:
    names = pl.DataFrame(
        {
            "entity_id": ["X", "C"],
            "name": ['Evil <script>alert("x")</script> & Sons\x00\u202e', "华为技术有限公司" * 4],
        }
    )
    net = OwnershipNetwork.from_edges(parse("X>A 50; A>C 25-50; C>A 10; C>C 5"), names)
    picture = svg(net.graph("C"), "C", {"X": "listed", "A": "restricted"})
    shown = texts(picture)
    assert {"50%", "25-50%", "10%", "5%"} <= set(shown)
    assert any(text.startswith("listed") for text in shown)
    assert "<script" not in picture
    assert picture == svg(net.graph("C"), "C", {"A": "restricted", "X": "listed"})
    titles = [element.text for element in etree.fromstring(picture.encode()).iter(f"{SVG}title")]
    assert "华为技术有限公司" * 4 + " (C)" in titles


def test_boxes_do_not_overlap() -> None:
    text = "; ".join(f"o{n}>C {n + 1}" for n in range(9)) + "; o1>B 60; B>C 3; X>o1 60; X>C 5"
    root = etree.fromstring(svg(OwnershipNetwork.from_edges(parse(text)).graph("C"), "C").encode())
    boxes = [
        (float(box.get("x", "0")), float(box.get("y", "0")))
        for box in root.iter(f"{SVG}rect")
        if box.get("rx")
    ]
    assert len(boxes) == 12
    for number, (x, y) in enumerate(boxes):
        assert all(abs(x - a) >= 190 or abs(y - b) >= 66 for a, b in boxes[number + 1 :])


def test_too_many_boxes_are_refused_with_the_way_out() -> None:
    edges = parse("; ".join(f"o{n}>C 1" for n in range(MOST + 1)))
    with pytest.raises(ValueError, match="smaller fan"):
        svg(OwnershipNetwork.from_edges(edges).graph("C"), "C")
