"""What the pages quote of the repository itself: the tree with its captions, the index of the decisions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from docs.quote import ROOT

FLOORS = ("lists", "screening", "pipelines", "desk")

TOPICS = {
    "00": "The house",
    "01": "Lists",
    "02": "Names and evidence",
    "03": "Ownership",
    "04": "Rules and facts",
    "05": "Jobs, deltas, runs",
    "06": "The desk",
    "07": "How we work",
}
"""The first two digits of a decision's number name its topic."""


def tree() -> str:
    """Return the folders of the four packages, each with the first sentence of its docstring or of its README."""
    lines = []
    for floor in FLOORS:
        for folder in _folders(ROOT / floor):
            depth = len(folder.relative_to(ROOT).parts) - 1
            lines.append((f"{'  ' * depth}{folder.name}/", caption(folder)))
    width = max(len(name) for name, _ in lines) + 2
    return "\n".join(["```text", *(f"{name:{width}}{text}" for name, text in lines), "```"])


def floors() -> str:
    """Return the four packages, from the top floor down, each with its caption."""
    return "\n".join(f"- `{floor}`: {caption(ROOT / floor)}" for floor in reversed(FLOORS))


def _folders(top: Path) -> Iterator[Path]:
    """Yield a folder and those below that hold modules or a README, in the order of their names."""
    if (top / "__init__.py").is_file() or (top / "README.md").is_file():
        yield top
    for below in sorted(top.iterdir()):
        if below.is_dir() and below.name != "__pycache__":
            yield from _folders(below)


def caption(folder: Path) -> str:
    """Return what a folder is for in one sentence: its package's docstring, else the heading of its README."""
    package = folder / "__init__.py"
    if package.is_file():
        text = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))) or ""
    else:
        text = (folder / "README.md").read_text(encoding="utf-8").lstrip("# ")
    return text.strip().split("\n\n")[0].replace("\n", " ")


def decisions() -> str:
    """Return the index of the decisions by topic, a line each."""
    found = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    out = []
    for digits, topic in TOPICS.items():
        files = [file for file in found if file.name.startswith(digits)]
        if files:
            out += ["", f"## {topic}", "", *map(_entry, files)]
    lost = [file.name for file in found if file.name[:2] not in TOPICS]
    assert not lost, f"no topic for {lost}: give its first two digits one in TOPICS"
    return "\n".join(out)


def _entry(file: Path) -> str:
    title = file.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ")
    number = file.name[:4]
    return f"- [{number}]({file.name}) {title.removeprefix(number).lstrip(': ')}"
