"""Stored indexes: used when they are exactly right, otherwise as if they were not there."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import index_cache
from pipelines.demo import demo_job
from pipelines.index_cache import FOLDER, MOST, IndexCache, prepare_index
from pipelines.job.run import run
from screening.matching import NameIndex

NAMES = pl.DataFrame(
    {"party_id": ["EL-1", "SDN-2"], "name": ["Huawei Technologies", "SUKHOI"], "country": ["CN", None]}
)
QUERY = pl.DataFrame({"query_id": ["q"], "name": ["Huawei"]})


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Number of names of each index that was built."""
    built: list[int] = []
    build = NameIndex.build

    class Counting(NameIndex):
        @classmethod
        def build(cls, names: pl.DataFrame) -> NameIndex:
            built.append(len(names))
            return build(names)

    monkeypatch.setattr(index_cache, "NameIndex", Counting)
    return built


def stored(store: Path) -> list[Path]:
    return sorted((store / FOLDER).iterdir())


def test_built_once(tmp_path: Path, builds: list[int]) -> None:
    first, second = IndexCache(tmp_path).index(NAMES), IndexCache(tmp_path).index(NAMES)
    assert builds == [2]
    assert first.match(QUERY).equals(second.match(QUERY))


def test_other_names_are_another_index(tmp_path: Path, builds: list[int]) -> None:
    for names in (
        NAMES,
        NAMES.with_columns(name=pl.Series(["Huawei Technologie", "sSUKHOI"])),  # the same letters in a row
        NAMES.with_columns(country=pl.Series([None, "CN"])),
        NAMES.with_columns(country=pl.Series(["CN", ""])),
    ):
        IndexCache(tmp_path).index(names)
    assert builds == [2, 2, 2, 2]


def test_other_code_builds_again(tmp_path: Path, builds: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    IndexCache(tmp_path).index(NAMES)
    monkeypatch.setattr(index_cache, "code_hash", lambda: "newer")
    index_cache._builder.cache_clear()
    IndexCache(tmp_path).index(NAMES)
    index_cache._builder.cache_clear()
    assert builds == [2, 2]


def test_damaged_is_built_again(tmp_path: Path, builds: list[int]) -> None:
    IndexCache(tmp_path).index(NAMES)
    (path,) = stored(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    IndexCache(tmp_path).index(NAMES)
    IndexCache(tmp_path).index(NAMES)
    assert builds == [2, 2]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_the_index_of_another_user_is_not_used(
    tmp_path: Path, builds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    IndexCache(tmp_path).index(NAMES)
    os.chown(stored(tmp_path)[0], 12345, -1) if os.getuid() == 0 else monkeypatch.setattr(
        os, "getuid", lambda: 1
    )
    IndexCache(tmp_path).index(NAMES)
    assert builds == [2, 2]


def test_where_nothing_can_be_written_it_is_built(tmp_path: Path, builds: list[int]) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder would be")
    IndexCache(tmp_path).index(NAMES)
    assert IndexCache(tmp_path).index(NAMES).match(QUERY).height == 1
    assert builds == [2, 2]


def test_only_the_newest_stay(tmp_path: Path) -> None:
    for rows in range(MOST + 2):
        IndexCache(tmp_path).index(pl.concat([NAMES] * (rows + 1)))
    assert len(stored(tmp_path)) == MOST


def test_a_night_takes_what_refreshing_made_ready(tmp_path: Path, builds: list[int]) -> None:
    job = demo_job(tmp_path, date(2026, 11, 22))
    prepare_index(job.store, job.as_of)
    assert len(builds) == 1
    run(job)
    assert len(builds) == 1
