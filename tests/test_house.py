"""The plan of the house: imports run downward only, and nothing strange is in the wheel."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FLOORS = ("lists", "screening", "pipelines", "desk")
"""From the ground up; a floor imports only from floors below it."""

EDGE_ONLY = {"time", "socket", "httpx", "urllib", "subprocess", "tempfile", "shutil"}
"""Modules that reach for files, clocks, environment or network: not for the pure core."""


def imports_of(path: Path) -> set[str]:
    """Top-level names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names


def modules(root: Path, package: str) -> list[Path]:
    found = sorted((root / package).rglob("*.py"))
    assert found, f"{package} has no modules"
    return found


@pytest.mark.parametrize("floor", range(len(FLOORS)))
def test_imports_run_downward(root: Path, floor: int) -> None:
    above = set(FLOORS[floor + 1 :])
    wrong = {
        str(path.relative_to(root)): sorted(up)
        for path in modules(root, FLOORS[floor])
        if (up := imports_of(path) & above)
    }
    assert not wrong


def test_screening_is_pure(root: Path) -> None:
    wrong = {
        str(path.relative_to(root)): sorted(reached)
        for path in modules(root, "screening")
        if (reached := imports_of(path) & EDGE_ONLY)
    }
    assert not wrong
    assert not [path for path in modules(root, "screening") if "environ" in path.read_text(encoding="utf-8")]


def test_lower_floors_work_without_the_desk(root: Path) -> None:
    code = (
        "import sys; sys.modules['desk'] = None\n"
        "import pipelines.job.run, screening.matching, screening.ownership, screening.redflags, lists.store"
    )
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_wheel_holds_the_four_packages_and_nothing_else(root: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(root)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == set(FLOORS)
    for package in FLOORS:
        assert f"{package}/py.typed" in names
    for data in ("lists/data/", "screening/data/", "pipelines/sample/customers.csv"):
        assert any(name.startswith(data) for name in names), data
    assert not [name for name in names if name.startswith("tests") or "__pycache__" in name]


def test_no_module_over_400_lines(root: Path) -> None:
    sizes = {
        str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines())
        for package in (*FLOORS, "benchmarks")
        for path in modules(root, package)
    }
    assert not {path: lines for path, lines in sizes.items() if lines > 400}


def test_numba_is_reached_through_one_door(root: Path) -> None:
    users = {path.name for path in modules(root, "screening") if "numba" in imports_of(path)}
    assert users == {"compiled.py"}
