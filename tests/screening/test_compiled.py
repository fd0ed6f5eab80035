"""What numba keeps on disk: used again, never when any source has changed, never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAF = """
from screening.compiled import compiled

@compiled
def step(number):
    return number + {step}
"""
PAIR = """
from typing import NamedTuple

class Pair(NamedTuple):
    left: int
    right: int
"""
ROOT = """
from screening.compiled import compiled
from kept.leaf import step
from kept.{home} import Pair

@compiled
def total(pair):
    return step(pair.left) + pair.right
"""
CALL = """
import screening.compiled
screening.compiled.PACKAGES = ("kept",)
from kept.root import Pair, total
print(total(Pair(1, 10)), sum(total.stats.cache_hits.values()))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    package = tmp_path / "kept"
    package.mkdir()
    for name, text in (
        ("__init__", ""),
        ("leaf", LEAF.format(step=1)),
        ("pairs", PAIR),
        ("root", ROOT.format(home="pairs")),
    ):
        (package / f"{name}.py").write_text(text)
    return tmp_path


def call(root: Path, home: Path) -> tuple[int, int]:
    """Call `total` in a process of its own; its result, and how many compilations came from the disk."""
    paths = os.pathsep.join([str(home), str(root)])
    result = subprocess.run(
        [sys.executable, "-c", CALL],
        env=os.environ | {"PYTHONPATH": paths, "XDG_CACHE_HOME": str(home / "of-user")},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    total, hits = result.stdout.split()
    return int(total), int(hits)


def test_compiled_once_and_again_after_any_change(root: Path, home: Path) -> None:
    assert call(root, home) == (12, 0)
    assert call(root, home) == (12, 1)
    (home / "kept" / "leaf.py").write_text(LEAF.format(step=5))  # numba alone looks at root.py only: still 12
    assert call(root, home) == (16, 0)
    (home / "kept" / "pairs.py").rename(
        home / "kept" / "shapes.py"
    )  # the type that the old cache names is gone
    (home / "kept" / "root.py").write_text(ROOT.format(home="shapes"))
    assert call(root, home) == (16, 0)
    assert call(root, home) == (16, 1)
    assert len(list((home / "kept" / "__pycache__").glob("compiled-*"))) == 1


def test_damaged_files_are_replaced(root: Path, home: Path) -> None:
    call(root, home)
    for file in (home / "kept" / "__pycache__").glob("compiled-*/*"):
        file.write_bytes(file.read_bytes()[:40])
    assert call(root, home) == (12, 0)
    assert call(root, home) == (12, 1)


def test_nowhere_to_write(root: Path, home: Path) -> None:
    (home / "kept" / "__pycache__").write_text("a file where the folder would be")
    (home / "of-user").write_text("likewise")
    assert call(root, home) == (12, 0)


def test_read_only_beside_the_sources(root: Path, home: Path) -> None:
    (home / "kept" / "__pycache__").write_text("a file where the folder would be")
    assert call(root, home) == (12, 0)
    assert call(root, home) == (12, 1)
    assert list((home / "of-user").rglob("compiled-*"))


def test_any_module_may_be_imported_first(root: Path) -> None:
    modules = [
        f"screening.{path.parent.name}.{path.stem}"
        for package in ("names", "matching")
        for path in sorted((root / "screening" / package).glob("*.py"))
    ]
    code = (
        "import sys, importlib\n"
        "for name in sys.argv[1:]:\n"
        "    for loaded in [each for each in sys.modules if each.split('.')[0] == 'screening']:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", code, *modules], cwd=root, check=True)
