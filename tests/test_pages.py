"""The front room says what is there: every module, function and decision that its pages name exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from lists.sources.registry import REGISTRY

PLACE = re.compile(r"`((?:lists|screening|pipelines|desk|docs|tests|benchmarks)/[\w/.*-]+?)(?:::([\w.]+))?`")
"""A path of the repository in backticks, and a function of the module behind `::`."""

PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/glossary.md")


@cache
def names_in(path: Path) -> frozenset[str]:
    """Functions and classes of a module; methods and fields as `Class.name`."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return frozenset(names)


def places(page: Path) -> list[tuple[str, str]]:
    found = PLACE.findall(page.read_text(encoding="utf-8"))
    assert found, f"{page.name} names no place"
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_place_that_a_page_names_exists(root: Path, page: str) -> None:
    lost = []
    for path, function in places(root / page):
        if not any(root.glob(path.rstrip("/"))):
            lost.append(path)
        elif function and function not in names_in(root / path):
            lost.append(f"{path}::{function}")
    assert not lost


def test_the_glossary_has_a_sentence_and_a_place_a_word(root: Path) -> None:
    lines = (root / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    words = [row for row in rows if row[0] not in ("word", "---")]
    assert len(words) >= 40
    for word, meaning, *where in words:
        assert len(where) == 1 and PLACE.fullmatch(where[0]), f"{word}: one module"
        assert re.fullmatch(r"[A-Z][^|]+\.", meaning), f"{word}: a sentence"
        assert ". " not in meaning.removesuffix("."), f"{word}: one sentence"
    names = [name for word, *_ in words for name in word.split(", ")]
    assert len(names) == len(set(names)), "a word stands twice"


def test_every_decision_is_in_the_index(root: Path) -> None:
    index = (root / "docs/decisions/README.md").read_text(encoding="utf-8")
    decisions = [path.name for path in (root / "docs/decisions").glob("[0-9]*.md")]
    assert decisions
    assert not [name for name in decisions if f"]({name})" not in index], "write the index anew: make docs"


def test_every_source_of_lists_is_on_its_page(root: Path) -> None:
    page = (root / "docs/method/lists.md").read_text(encoding="utf-8")
    assert REGISTRY
    assert not [source.name for source in REGISTRY if f"`{source.name}`" not in page]


def test_a_trip_enters_no_room_twice_without_a_reason(root: Path) -> None:
    """Where a trip comes back to a module, the row says why."""
    page = (root / "docs/architecture.md").read_text(encoding="utf-8")
    trips = page.split("\n## Trip: ")[1:]
    assert len(trips) == 4
    for trip in trips:
        rows = [line for line in trip.splitlines() if re.match(r"\| \d+ \|", line)]
        assert len(rows) >= 8, "a trip of few steps tells little"
        rooms = [PLACE.findall(row)[0][0] for row in rows]
        unexplained = [
            row for number, row in enumerate(rows) if rooms[number] in rooms[:number] and "Again" not in row
        ]
        assert not unexplained
