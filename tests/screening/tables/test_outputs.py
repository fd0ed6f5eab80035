"""The tables of a run are those declared: names, columns, types, and rows in the order of their key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.hashing import HASH
from pipelines.job.run import run
from pipelines.run import Run, open_run
from screening.tables.kinds import DTYPES
from screening.tables.outputs import OUTPUTS
from screening.tables.table import Table


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The run of the sample world, and a delta after one customer went."""
    folder = tmp_path_factory.mktemp("tables")
    job = demo_job(folder, date(2026, 11, 22))
    run(job)
    fewer = folder / "customers.csv"
    pl.read_csv(job.files.customers, infer_schema=False).filter(pl.col("customer_id") != "C035").write_csv(
        fewer
    )
    run(replace(job, files=replace(job.files, customers=fewer), out=folder / "delta", since=job.out))
    return open_run(job.out), open_run(folder / "delta")


def test_a_run_has_the_declared_tables(runs: tuple[Run, Run]) -> None:
    full, delta = (set(each.manifest["outputs"]) for each in runs)
    assert full == set(OUTPUTS) - {"changes"}
    assert delta == set(OUTPUTS)


@pytest.mark.parametrize("table", OUTPUTS.values(), ids=lambda table: table.name)
def test_types_and_order_are_those_declared(runs: tuple[Run, Run], table: Table) -> None:
    for each in runs:
        if table.name in each.manifest["outputs"]:
            frame = each.table(table.name)
            assert dict(frame.schema) == table.schema()
            assert frame.select(table.key).equals(frame.select(table.key).sort(table.key))
            assert frame.select(table.key).is_unique().all()
    assert runs[1].table("changes").height


def test_the_two_types_of_a_fingerprint_are_one() -> None:
    assert DTYPES["hash128"] == HASH
