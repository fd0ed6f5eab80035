"""Alerts by band of the score: every pair counts in one step, also those that a person turned down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.bands import KINDS, PAIR_COLUMNS, alerts_by_band
from pipelines.errors import RunOutdated
from pipelines.run import Run
from pipelines.run.manifest import SCHEMA_VERSION


@dataclass(frozen=True)
class RunInMemory(Run):
    """A run whose tables are in memory."""

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        return self.tables[name]


def pairs(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Pairs whose evidence is named after the entity."""
    return pl.DataFrame(rows, schema=list(PAIR_COLUMNS), orient="row").with_columns(
        evidence_hash="matched_entity_id"
    )


def test_every_pair_counts_once_in_the_step_of_its_score() -> None:
    matches = pairs(
        ("a", "p", "EL", "person", "cloud", 1.0, "alert"),
        ("a", "p", "EL", "person", "cloud", 1.0, "alert"),  # the same owner of another customer
        ("b", "p", "EL", "person", "cloud", 0.95, "alert"),
        ("c", "q", "SDN", "person", "cloud", 0.55, "review"),
        ("d", "q", "SDN", "person", "cloud", 0.0, "building"),
    )
    aside = pairs(("e", "q", "SDN", "person", "cloud", 0.57, "review"))
    below = pairs(("f", "q", "SDN", "person", "cloud", 0.49, "below")).drop("band")
    run = RunInMemory(
        Path(),
        {"schema_version": SCHEMA_VERSION},
        tables={"matches": matches, "suppressed": aside, "below_line": below},
    )
    columns = ["from_score", "pairs", "alerts", "reviews", "false_positives", "below_line_sample"]
    assert alerts_by_band(run, ()).select(columns).rows() == [
        (0.45, 0, 0, 0, 0, 1),
        (0.55, 2, 0, 1, 1, 0),
        (0.95, 2, 2, 0, 0, 0),
    ]
    assert alerts_by_band(run).select(*KINDS, "pairs").rows() == [
        ("EL", "person", "cloud", 2),
        ("SDN", "person", "cloud", 0),
        ("SDN", "person", "cloud", 2),
    ]


def test_a_run_of_an_older_version_is_refused_in_words() -> None:
    with pytest.raises(RunOutdated, match="older version"):
        alerts_by_band(RunInMemory(Path("old"), {"schema_version": 2}))


def test_what_people_decided_counts_for_the_evidence_they_saw() -> None:
    scores = [("true", 0.92), ("false", 0.93), ("never", 0.94), ("other", 0.91), ("low", 0.52)]
    matches = pairs(*((entity, "p", "EL", "person", None, score, "alert") for entity, score in scores))
    aside = pairs(("hidden", "p", "EL", "person", None, 0.93, "review"))
    tables = {"matches": matches, "suppressed": aside, "below_line": matches.clear()}
    run = RunInMemory(Path(), {"schema_version": SCHEMA_VERSION}, tables=tables)
    verdicts = pl.DataFrame(
        [
            ("true", "p", "true", True),
            ("false", "p", "false", False),
            ("hidden", "p", "hidden", False),
            ("other", "p", "what it was", True),
        ],
        schema=["matched_entity_id", "party_id", "evidence_hash", "same"],
        orient="row",
    )
    low, high = alerts_by_band(run, (), verdicts).to_dicts()
    assert (high["pairs"], high["called_true"], high["called_false"]) == (5, 1, 2)
    assert high["precision"] == round(1 / 3, 3)
    # the interval of Wilson for 1 of 3, as Brown, Cai and DasGupta (2001) define it
    assert (high["precision_low"], high["precision_high"]) == (0.061, 0.792)
    assert (low["called_true"], low["precision"], low["precision_low"]) == (0, None, None)
    assert "precision" not in alerts_by_band(run, ()).columns
