"""The figures of a run for Prometheus: every count once, ages as points in time, written whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.demo import demo_job
from pipelines.errors import PipelineError
from pipelines.input_figures import input_figures
from pipelines.job.config import Config
from pipelines.job.run import run
from pipelines.metrics import write_metrics
from pipelines.run import Manifest
from screening.policy import Segment

MOMENT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return run(demo_job(tmp_path_factory.mktemp("metrics"), date(2026, 11, 22)))


def figures(path: Path) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(path.read_text(encoding="utf-8"))
    return {
        (sample.name.removeprefix("headwater_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_run(manifest: Manifest, tmp_path: Path) -> None:
    write_metrics(tmp_path / "headwater.prom", manifest, MOMENT)
    found = figures(tmp_path / "headwater.prom")
    assert found["last_run_timestamp_seconds",] == MOMENT.timestamp()
    assert found["customers",] == 300
    cases = {name[1]: value for name, value in found.items() if name[0] == "cases"}
    assert sum(cases.values()) == manifest.counts["cases"]
    assert {"stop_confirm", "hold", "note"} <= set(cases), (
        "a recommendation without a case is a zero, not absent"
    )
    assert found["list_published_timestamp_seconds", "SDN"] == datetime(2026, 11, 20, tzinfo=UTC).timestamp()
    assert found["rows_set_aside",] == manifest.counts["rows_set_aside"]
    assert [path.name for path in tmp_path.iterdir()] == ["headwater.prom"]


def test_files_and_lists_have_figures_of_their_own(manifest: Manifest, tmp_path: Path) -> None:
    lost = {"column": "country", "values": 3, "filled": 60, "share": 0.05, "examples": ["<b>"]}
    odd = {"table": "customers", "file": 'a "b" \\ {c}\nd', "rows": 9, "rows_set_aside": 2, "reasons": {}}
    twice = [{**odd, "joined": None, "values_ignored": [lost]}] * 2
    files = [*manifest.health["files"], *twice]
    write_metrics(tmp_path / "h.prom", replace(manifest, health={**manifest.health, "files": files}), MOMENT)
    found = figures(tmp_path / "h.prom")
    for row in manifest.health["files"]:
        assert found["input_rows", row["file"], row["table"]] == row["rows"]
    (ownership,) = [row["joined"] for row in manifest.health["files"] if row["table"] == "ownership"]
    assert found["input_rows_joined", "ownership.csv", "ownership"] == ownership["rows"] > 0
    assert found["input_customers_joined", "ownership.csv", "ownership"] == ownership["customers"] > 0
    name = str(odd["file"])
    assert (found["input_rows", name, "customers"], found["input_rows_set_aside", name, "customers"]) == (
        18,
        4,
    )
    assert found["input_values_ignored", "country", name, "customers"] == 6
    assert found["input_values_filled", "country", name, "customers"] == 120
    assert (found["list_loaded", "SDN"], found["list_loaded", "EU"]) == (1, 0)
    assert found["list_age_business_days", "SDN"] == 0


def test_every_figure_of_the_inputs_is_on_the_page(manifest: Manifest, root: Path) -> None:
    page = (root / "docs/operations/nightly.md").read_text(encoding="utf-8")
    lost = {"column": "country", "values": 1, "filled": 2, "share": 0.5, "examples": []}
    files = [{**row, "values_ignored": [lost]} for row in manifest.health["files"]]
    shown = {name: labels for name, _, _, labels in input_figures({**manifest.health, "files": files})}
    assert len(shown) == 8
    for name, labels in shown.items():
        assert f"`headwater_{name}{{{','.join(labels)}}}`" in page


def test_segments_are_labels_whatever_their_names(tmp_path: Path) -> None:
    odd = 'a "b" \\ {c}\nd,e'
    job = demo_job(tmp_path, date(2026, 11, 22))
    book = pl.read_csv(job.files.customers, infer_schema=False)
    place = pl.int_range(pl.len())
    segment = pl.when(place < 40).then(pl.lit(odd)).when(place < 45).then(pl.lit("other"))
    book.with_columns(segment=segment).write_csv(tmp_path / "customers.csv")
    files = replace(job.files, customers=tmp_path / "customers.csv")
    config = Config(segments=(Segment(name=odd), Segment(name="nobody")))
    manifest = run(replace(job, files=files, config=config))
    write_metrics(tmp_path / "headwater.prom", manifest, MOMENT)
    found = figures(tmp_path / "headwater.prom")
    customers = {name[1]: count for name, count in found.items() if name[0] == "segment_customers"}
    assert customers == {odd: 40, "nobody": 0, "(none)": 255, "(unknown)": 5}
    cases = [count for name, count in found.items() if name[0] == "segment_cases"]
    assert sum(cases) == manifest.counts["cases"]
    assert found["segment_alerts", odd] > 0


def test_without_segments_there_are_no_figures_of_them(manifest: Manifest, tmp_path: Path) -> None:
    write_metrics(tmp_path / "headwater.prom", manifest, MOMENT)
    assert not [name for name in figures(tmp_path / "headwater.prom") if name[0].startswith("segment")]


def test_a_place_that_cannot_be_written_is_one_message(manifest: Manifest, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="the run stands"):
        write_metrics(tmp_path / "absent" / "headwater.prom", manifest, MOMENT)
