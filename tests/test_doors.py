"""The desk enters the floors below by their doors: what a room's `__init__` names, and the modules listed here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

FLOORS = ("lists", "screening", "pipelines")

MODULES = {
    "lists.diff": "what changed between two snapshots",
    "lists.download": "lists from the agencies",
    "lists.errors": "what can go wrong with lists",
    "lists.health": "age and oddities of the lists in a store",
    "lists.refresh": "list files into a store",
    "lists.refusals": "what the machine refuses, in words",
    "lists.schema": "codes and tables of the lists",
    "lists.snapshot": "the lists of a day",
    "lists.store": "the folder of snapshots",
    "screening.errors": "what can go wrong with frames",
    "screening.law.tables": "tables and texts of the law",
    "screening.policy": "the settings of a screening",
    "screening.text": "how names, addresses and scores are written",
    "pipelines.bands": "pairs of names by band of the score",
    "pipelines.demo": "the job on the sample world",
    "pipelines.errors": "what can go wrong with a job",
    "pipelines.health": "is the last run fit to be relied on",
    "pipelines.index_cache": "the screener of a day",
    "pipelines.inputs.book": "files into a book",
    "pipelines.inputs.request": "rows of a request into a book",
    "pipelines.job.config": "the configuration file",
    "pipelines.job.definition": "what a job is made of",
    "pipelines.job.list_account": "which lists a job takes, and which are not there",
    "pipelines.job.progress": "who is told of the stages",
    "pipelines.job.recompute": "a run computed again",
    "pipelines.job.run": "the job itself",
    "pipelines.metrics": "figures of a run for Prometheus",
    "pipelines.parallel.ray_cluster": "workers on a cluster",
    "pipelines.parallel.shards": "shares of a job",
    "pipelines.parallel.tasks": "workers in this process",
    "pipelines.run.chain": "the runs that a run was built upon",
    "pipelines.run.verify": "a run against its hashes",
    "pipelines.trace": "who is above an entity",
    "pipelines.trace_files": "a neighbourhood into files",
}
"""Modules that are doors themselves: rooms of one module, and parts of `pipelines` that a verb loads only when it needs
them. A package needs no line here: its door is its `__init__`."""


def lower_imports(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (file, module, name) for every import of the desk from a lower floor, wherever in a module."""
    for path in sorted((root / "desk").rglob("*.py")):
        file = str(path.relative_to(root))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FLOORS:
                yield from ((file, str(node.module), alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (
                    (file, alias.name, "") for alias in node.names if alias.name.split(".")[0] in FLOORS
                )


def test_the_desk_enters_by_the_doors(root: Path) -> None:
    found = list(lower_imports(root))
    assert len(found) > 50
    wrong = []
    for file, module, name in found:
        door = import_module(module)
        exported = getattr(door, "__all__", ()) if hasattr(door, "__path__") else None
        if exported is None and module not in MODULES:
            wrong.append(f"{file}: {module} is no door; name {name} in the __init__ of its room")
        if name.startswith("_") or (exported is not None and name not in exported):
            wrong.append(f"{file}: {module} does not export {name}")
    assert not wrong


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_door_is_used(root: Path, module: str) -> None:
    assert module in {found for _, found, _ in lower_imports(root)}
