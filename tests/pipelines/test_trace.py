"""Tracing one entity on the sample world: the path, the picture, and the exports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import orjson
import pytest

from pipelines.demo import demo_job, sample_folder
from pipelines.job.config import Config
from pipelines.trace import Trace, trace_entity
from pipelines.trace_files import write_neighbourhood
from screening.errors import UnknownEntity

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_job(tmp_path_factory.mktemp("demo"), TODAY).store


def trace(entity: str, store: Path | None, connections: Path | None = None) -> Trace:
    sample = sample_folder()
    owners, entities = [sample / "ownership.csv"], sample / "entities.csv"
    return trace_entity(entity, owners, entities, store, TODAY, Config(), connections=connections)


def test_a_chain_of_halves_is_restricted_and_explained(store: Path) -> None:
    found = trace("C056", store)
    (verdict,) = [row for row in found.verdicts if row["regime"] == "bis"]
    assert verdict["status"] == "restricted"
    assert verdict["path"].count("<- 50% -") == 2
    assert (verdict["held"], verdict["look_through"]) == ("50%", "25%")
    assert found.marks["C056"] == "restricted"
    assert "listed" in found.marks.values()


def test_what_to_ask_and_who_is_near(store: Path) -> None:
    asked = trace("C057", store)
    assert {row["regime"] for row in asked.deciding} == {"bis"}
    assert any(row["could_restrict"] for row in asked.deciding)
    assert asked.nearby
    assert all(row["sentence"].endswith(".") for row in asked.nearby)


def test_shared_people_and_addresses_count_for_who_is_near(store: Path, tmp_path: Path) -> None:
    listed = next(id_ for id_, mark in trace("C056", store).marks.items() if mark == "listed")
    path = tmp_path / "connections.csv"
    rows = [
        "entity_id,kind,value,end",
        f"{listed},bank,GB33 1234,",
        "C056,bank,gb331234,",
        "C056,ip,1.1.1.1,2020-01-01",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (near,) = [row for row in trace("C056", store, path).nearby if row["listed_id"] == listed]
    assert (near["distance"], near["kinds"]) == (1, ["bank"])


def test_without_lists_there_is_no_verdict() -> None:
    found = trace("C056", None)
    assert found.owners
    assert found.verdicts == ()
    assert found.marks == {}


def test_an_unknown_entity_is_an_error() -> None:
    with pytest.raises(UnknownEntity, match="no entity of that name"):
        trace("nobody", None)


def test_every_export_is_written(store: Path, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"out.{kind}" for kind in ("svg", "graphml", "bods", "ftm")}
    write_neighbourhood(trace("C055", store), files, 3, TODAY)
    picture = files["svg"].read_text(encoding="utf-8")
    assert ">restricted<" in picture
    assert "<script" not in picture
    assert "<graphml" in files["graphml"].read_text(encoding="utf-8")
    assert {row["recordType"] for row in orjson.loads(files["bods"].read_bytes())} >= {
        "entity",
        "relationship",
    }
    assert all(orjson.loads(line)["schema"] for line in files["ftm"].read_bytes().splitlines())
