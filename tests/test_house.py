"""The plan of the house (docs/architecture.md): floors, circles, purity, names, sizes, and the content of the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.house import FLOORS, House, Module, circles

EDGE_LIBRARIES = {
    *(
        "glob",
        "httpx",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "shutil",
        "signal",
        "socket",
        "subprocess",
    ),
    *("tempfile", "time", "urllib"),
}
"""Libraries for files, clocks, environment, processes or the network: not for the pure floor."""
CLOCKS_AND_FILES = {"environ", "getenv", "now", "open", "perf_counter", "today", "utcnow"}
"""Functions, called or taken from an object, that reach for the same."""
RETIRED = {
    *(
        "beside",
        "caught",
        "crossed",
        "dealt",
        "held",
        "here",
        "kept",
        "known",
        "looking",
        "met",
        "of",
        "said",
    ),
    *("seen", "speaking", "told", "tops"),
}
"""Words that say how something came about and not what it is (docs/glossary.md)."""
NUMBA_DOOR = "screening.compiled"
LONGEST = 300
"""Lines of a module."""


@pytest.fixture(scope="session")
def everything(root: Path) -> House:
    return House.read(root, *FLOORS, "benchmarks", "docs", "tests")


@pytest.fixture(scope="session")
def house(everything: House) -> House:
    return everything.part(*FLOORS)


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_run_downward(house: House, floor: str) -> None:
    above = set(FLOORS[FLOORS.index(floor) + 1 :]) | {"benchmarks", "tests"}
    wrong = {module.name: sorted(up) for module in house.on(floor) if (up := module.roots() & above)}
    assert not wrong


def test_there_is_no_circle(house: House) -> None:
    """Also none that only type checking sees, and none through the `__init__` of a package."""
    assert circles(house.edges()) == []


def test_screening_is_pure(house: House) -> None:
    """But for the door to numba, which marks the folder of the code that it has compiled."""
    wrong = {
        module.name: sorted(reached)
        for module in house.on("screening")
        if (reached := module.roots() & EDGE_LIBRARIES | used(module) & CLOCKS_AND_FILES)
    }
    assert wrong == {NUMBA_DOOR: ["open"]}


def used(module: Module) -> set[str]:
    """Return the names that are called, and those that are taken from an object."""
    called = {
        node.func.id
        for node in module.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return called | {node.attr for node in module.nodes if isinstance(node, ast.Attribute)}


def test_no_name_is_a_retired_word(everything: House) -> None:
    wrong = [
        f"{module.name}:{line} {name}"
        for module in everything.modules.values()
        for line, name in every_name(module)
        if name.lower().strip("_") in RETIRED
    ]
    assert not wrong


def every_name(module: Module) -> Iterator[tuple[int, str]]:
    yield 0, module.name.rpartition(".")[2]
    yield from module.names()


def test_everything_is_reached_from_the_desk(root: Path, everything: House) -> None:
    """What no verb, page, job or generated page of the documentation reaches is gone, or gets a door."""
    pages = [path.read_text(encoding="utf-8") for path in (root / "docs").rglob("*.md")]
    makers = {name for page in pages for name in re.findall(r"<!-- made by: [\w.]+\.(\w+) -->", page)}
    assert makers
    assert everything.part(*FLOORS, "docs").unreached(("desk", "docs"), makers) == []


def test_every_module_says_what_it_is_for(everything: House) -> None:
    modules = [module for module in everything.modules.values() if module.tree.body]
    assert not [module.name for module in modules if not ast.get_docstring(module.tree)]


def test_no_test_runs_over_files_that_may_be_absent(everything: House) -> None:
    """A loop over what a folder has is a loop over a list, of which it is asserted that there is something."""
    loops = [
        f"{module.name}:{loop.lineno}"
        for module in everything.on("tests")
        for loop in module.nodes
        if isinstance(loop, ast.For) and any(isinstance(each, ast.Assert) for each in walk(*loop.body))
        if {each.attr for each in walk(loop.iter) if isinstance(each, ast.Attribute)}
        & {"glob", "rglob", "iterdir"}
    ]
    assert not loops


def walk(*nodes: ast.AST) -> Iterator[ast.AST]:
    for node in nodes:
        yield from ast.walk(node)


def test_no_module_is_long(everything: House) -> None:
    modules = everything.on(*FLOORS, "benchmarks", "docs")
    sizes = {module.name: len(module.text.splitlines()) for module in modules}
    assert not {name: lines for name, lines in sizes.items() if lines > LONGEST}


def test_numba_is_reached_through_one_door(house: House) -> None:
    users = {module.name for module in house.modules.values() if "numba" in module.roots()}
    assert users == {NUMBA_DOOR}


def test_lower_floors_work_without_the_desk(root: Path) -> None:
    code = (
        "import sys; sys.modules['desk'] = None\n"
        "import pipelines.job.run, screening.matching, screening.ownership, screening.redflags, lists.store"
    )
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


@pytest.mark.slow
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


def test_the_hooks_before_a_commit_are_the_tools_of_make_check(root: Path) -> None:
    """So nothing is fetched for them, and they find what the check finds."""
    (repository,) = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert repository["repo"] == "local"
    hooks = {
        hook["entry"].removeprefix(".venv/bin/").removesuffix(" --force-exclude")
        for hook in repository["hooks"]
    }
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    check = makefile.partition("\ncheck:")[2].partition("\n\n")[0].splitlines()[1:]
    assert hooks == {line.strip().removeprefix("$(BIN)/").removesuffix(" .") for line in check}


SKETCH = {
    "low.py": """
import high
def used(): return inner()
def inner(): return 1
def unused(): return only_from_unused()
def only_from_unused(): return 2
class Thing:
    def method(self): return self.another()
    def another(self): return 3
    def uncalled(self): return 4
""",
    "high.py": "import low\ndef page(): return low.used(), low.Thing().method()\n",
}


def test_the_test_of_the_house_finds_what_it_looks_for(tmp_path: Path) -> None:
    modules = {}
    for file, text in SKETCH.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
        name = file.removesuffix(".py")
        modules[name] = Module(name, tmp_path / file)
    sketch = House(modules)
    assert circles(sketch.edges()) == [["high", "low"]]
    assert sketch.unreached(["high"]) == ["low.Thing.uncalled", "low.only_from_unused", "low.unused"]
    assert (7, "Thing") in set(modules["low"].names())
