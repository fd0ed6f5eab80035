"""What numba caches on disk: used again, never when any source has changed, never in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from screening import compiled
from screening.matching import NameIndex

pytestmark = pytest.mark.slow  # processes

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
from cached.leaf import step
from cached.{home} import Pair

@compiled
def total(pair):
    return step(pair.left) + pair.right
"""
CALL = """
import screening.compiled
screening.compiled.PACKAGES = ("cached",)
from cached.root import Pair, total
print(total(Pair(1, 10)), sum(total.stats.cache_hits.values()))
"""
READ_ONLY = """
from numba.core import caching

def refuse(locator):
    raise PermissionError(locator.get_cache_path())

caching._CacheLocator.ensure_cache_path = refuse
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    package = tmp_path / "cached"
    package.mkdir()
    for name, text in (
        ("__init__", ""),
        ("leaf", LEAF.format(step=1)),
        ("pairs", PAIR),
        ("root", ROOT.format(home="pairs")),
    ):
        (package / f"{name}.py").write_text(text)
    return tmp_path


def call(root: Path, home: Path, code: str = CALL) -> tuple[int, int]:
    """Call `total` in a process of its own; its result, and how many compilations came from the disk."""
    paths = os.pathsep.join([str(home), str(root)])
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": paths, "XDG_CACHE_HOME": str(home / "user")},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    total, loaded = result.stdout.split()
    return int(total), int(loaded)


def test_compiled_once_and_again_after_any_change(root: Path, home: Path) -> None:
    assert call(root, home) == (12, 0)
    assert call(root, home) == (12, 1)
    (home / "cached" / "leaf.py").write_text(
        LEAF.format(step=5)
    )  # numba alone looks at root.py only: still 12
    assert call(root, home) == (16, 0)
    (home / "cached" / "pairs.py").rename(
        home / "cached" / "shapes.py"
    )  # the old cache names a type that is gone
    (home / "cached" / "root.py").write_text(ROOT.format(home="shapes"))
    assert call(root, home) == (16, 0)
    assert call(root, home) == (16, 1)
    assert len(list((home / "cached" / "__pycache__").glob("compiled-*"))) == 3, "nothing is deleted here"


def test_a_table_of_constants_counts_like_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = set()
    for tables in (compiled.TABLES, ()):
        monkeypatch.setattr(compiled, "TABLES", tables)
        compiled.version.cache_clear()
        versions.add(compiled.version())
    compiled.version.cache_clear()
    assert len(versions) == 2


def test_damaged_files_are_replaced(root: Path, home: Path) -> None:
    call(root, home)
    for file in (home / "cached" / "__pycache__").glob("compiled-*/*"):
        file.write_bytes(file.read_bytes()[:40])
    assert call(root, home) == (12, 0)
    assert call(root, home) == (12, 1)


def test_nowhere_to_write(root: Path, home: Path) -> None:
    (home / "cached" / "__pycache__").write_text("a file where the folder would be")
    (home / "user").write_text("likewise")
    assert call(root, home) == (12, 0)


def test_in_the_users_cache_where_the_sources_are_read_only(root: Path, home: Path) -> None:
    (home / "cached" / "__pycache__").write_text("a file where the folder would be")
    assert call(root, home) == (12, 0)
    assert call(root, home) == (12, 1)
    assert list((home / "user").rglob("compiled-*"))


def test_a_read_only_installation_brings_its_cache(root: Path, home: Path) -> None:
    assert call(root, home, READ_ONLY + CALL) == (12, 0), "nothing cached yet"
    assert call(root, home) == (12, 0)
    assert call(root, home, READ_ONLY + CALL) == (12, 1)


PLAIN = """
import json, sys
import polars as pl
from screening.matching import NameIndex, kernel
assert not hasattr(kernel.match_batch, "signatures"), "compiled after all"
rows = json.loads(sys.argv[1])
index = NameIndex.build(pl.DataFrame(rows))
found = index.match(pl.DataFrame({"query_id": ["a", "b"], "name": ["Huawai Technologies", "Vladimir Putin"]}))
print(json.dumps([found["party_id"].to_list(), found["score"].to_list(), index.explain("Hua Wei", "EL-1").score]))
"""


def test_everything_runs_as_plain_python(root: Path) -> None:
    rows = {"party_id": ["EL-1", "SDN-2"], "name": ["Huawei Technologies Co., Ltd.", "PUTIN, Vladimir"]}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", PLAIN, json.dumps(rows)],
        cwd=root, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    parties, scores, explained = json.loads(result.stdout)
    index = NameIndex.build(pl.DataFrame(rows))
    queries = pl.DataFrame({"query_id": ["a", "b"], "name": ["Huawai Technologies", "Vladimir Putin"]})
    found = index.match(queries)
    assert found["party_id"].to_list() == parties == ["EL-1", "SDN-2"]
    assert found["score"].to_list() == pytest.approx(scores, abs=1e-4)  # sums of 32-bit weights
    assert index.explain("Hua Wei", "EL-1").score == pytest.approx(explained, abs=1e-4)


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
