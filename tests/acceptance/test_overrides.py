"""A recorded decision on a rule's status reaches the finding and the run, with the person's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.demo import demo_job
from pipelines.job.config import Config
from pipelines.job.run import run
from pipelines.run import open_run
from screening.policy import Override, Rules

TODAY = date(2026, 11, 22)


def test_an_extended_stay_is_a_question_and_says_who_decided(tmp_path: Path) -> None:
    stay = Override(
        rule_id="BIS_AFFILIATES", status="suspended", effective_from=date(2026, 11, 10),
        citation="the notice we read", person="A. Officer", recorded_on=date(2026, 11, 12),
    )  # fmt: skip
    job = replace(demo_job(tmp_path, TODAY), config=Config(rules=Rules(overrides=(stay,))))
    run(job)
    done = open_run(job.out)
    found = done.table("findings").filter(
        (pl.col("rule_id") == "BIS_AFFILIATES") & (pl.col("outcome") == "raised")
    )
    assert set(found["rule_status"]) == {"suspended"}
    assert set(found["recommendation"]) == {"ask"}  # the floor of a stayed rule
    (rule,) = [each for each in done.manifest["rules"] if each["rule_id"] == "BIS_AFFILIATES"]
    assert "A. Officer" in rule["overridden_by"]
    assert not any("BIS_AFFILIATES" in warning for warning in done.manifest["warnings"])
