"""Every benchmark still runs, on small inputs; its figures mean something on a quiet machine alone: none is tested."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from lists.refresh import refresh
from lists.store import Store
from pipelines.demo import demo_job, sample_folder
from pipelines.job.definition import Job
from pipelines.job.run import run

pytestmark = pytest.mark.slow  # processes, and the real reference data

PAIRS = """name1,name2,is_match,schema
Huawei Technologies,Huawei Tech Co Ltd,true,Company
Acme Ltd,Somebody Else GmbH,false,Company
John Smith,Jane Doe,false,Person
"""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The sample world with a finished run."""
    job = demo_job(tmp_path_factory.mktemp("demo"), date(2026, 11, 21))
    run(job)
    return job


def output(root: Path, module: str, *words: object) -> str:
    """Run `python -m benchmarks.MODULE`; return what it prints."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def module(name: str) -> ModuleType:
    """Import a module of the matching benchmarks."""
    return import_module(f"benchmarks.matching.{name}")


def test_memory_of_a_run_and_of_a_delta(root: Path, job: Job, tmp_path: Path) -> None:
    words = ("nightly.memory", sample_folder(), job.store)
    for more in ((tmp_path / "run",), (tmp_path / "delta", tmp_path / "run")):
        stages = [line.split("  ")[0] for line in output(root, *words, *more).splitlines()[1:]]
        assert stages[0] == "start"
        assert {"reading lists", "evaluating rules", "writing the run"} <= set(stages)
        assert stages[-1] == "all"


def test_ownership_of_a_made_up_world(root: Path, tmp_path: Path) -> None:
    edges = tmp_path / "edges.parquet"
    output(root, "ownership.generate", 20_000, edges)
    assert "a neighbourhood" in output(root, "ownership.run", edges)
    assert "in all" in output(root, "ownership.run", edges, "--networkx")


def test_rules_over_a_made_up_book(root: Path) -> None:
    assert "findings" in output(root, "redflags.million", 500)


def test_labelled_pairs(root: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(PAIRS, encoding="utf-8")
    printed = output(root, "matching.labelled", tmp_path / "pairs.csv")
    assert "organization: 2 pairs, 1 the same\n  Headwater " in printed
    assert "person: 1 pairs, 0 the same" in printed
    assert "nan" not in printed


def test_load_on_a_desk(root: Path, job: Job) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ("--store", job.store, "--run", job.out, "--rate", 5, "--seconds", 1, "--port", port)
    assert "/match" in output(root, "desk", *words)


def test_a_book_and_its_change(root: Path, shared: Path, job: Job, tmp_path: Path) -> None:
    output(root, "nightly.book", 300, tmp_path / "book")
    output(root, "nightly.change", tmp_path / "book", tmp_path / "changed", job.store, tmp_path / "store")
    before, after = (pl.read_csv(tmp_path / name / "customers.csv") for name in ("book", "changed"))
    assert before.height == 300
    assert not before.equals(after)
    snapshots = [len(list(store.glob("[A-Z]*/*-*"))) for store in (job.store, tmp_path / "store")]
    assert snapshots[1] > snapshots[0] > 0


def test_two_real_networks(root: Path, shared: Path, tmp_path: Path) -> None:
    lists = sample_folder() / "lists"
    refresh([lists], Store(tmp_path), published=date(2026, 11, 10), partial=True)
    printed = output(root, "ownership.real", shared / "data", tmp_path)
    assert "## Steel plant owners" in printed
    assert "entities match a party in the alert band" in printed


def test_questions_answers_and_the_gate(shared: Path) -> None:
    benchmark, cases, gate = map(module, ("benchmark", "cases", "gate"))
    made = cases.make(per_family=2, clean_names=300)
    assert benchmark.summary(benchmark.run(made, "both")).height > 2
    few = cases.Cases(made.index.head(2_000), made.positives, made.negatives)
    counts = gate.count_found(few, 12)
    assert counts and all(each.pairs >= each.found for each in counts)


def test_measures_of_speed(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, speed = map(module, ("corpus", "speed"))
    listed = corpus.listed().head(1_000)
    monkeypatch.setattr(corpus, "listed", lambda: listed)
    for name, few in (("LOOKUPS", 20), ("CALLS", 2), ("A_CALL", 20)):
        monkeypatch.setattr(speed, name, few)
    for measure in ("index", "batch", "lookup", "calls"):
        assert all(figure >= 0 for figure in speed.MEASUREMENTS[measure](200).values())
