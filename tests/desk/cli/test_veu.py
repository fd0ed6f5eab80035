"""`headwater veu`: sections in the order of reading, each line with the status of the day, and wrong words refused."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from desk.cli.app import app
from pipelines.demo import demo_job, sample_folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from datetime import date

    return demo_job(tmp_path_factory.mktemp("veu"), date(2026, 11, 22)).store


def veu(store: Path, *words: str) -> Result:
    sample = sample_folder()
    files = {name: str(sample / f"{name}.csv") for name in ("customers", "ownership", "entities", "activity")}
    options = [word for name, path in files.items() for word in (f"--{name}", path)]
    return CliRunner().invoke(app, ["veu", *words, *options, "--store", str(store), "--as-of", "2026-11-22"])


def test_what_is_on_record_of_a_sample_customer(store: Path) -> None:
    done = veu(store, "C104", "--attested", "14=letter of 2026-05-01")
    assert done.exit_code == 0, done.output
    rows = [orjson.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    sections = [row["section"] for row in rows]
    assert list(dict.fromkeys(sections)) == ["eligibility", "checklist", "calendar"]
    assert {row["rule_status"] for row in rows if row["section"] == "checklist"} == {"codified_not_enforced"}
    fourteen = next(row for row in rows if row.get("item") == 14)
    assert (fourteen["state"], fourteen["found"]) == ("nothing_found", "letter of 2026-05-01")
    eligible = next(row for row in rows if row.get("rule_id") == "VEU_ELIGIBILITY")
    assert "universal form is open" in eligible["reason"]


@pytest.mark.parametrize("words", ["20=letter", "fourteen=letter", "14", "14= "])
def test_an_attestation_of_another_form_is_refused(store: Path, words: str) -> None:
    done = veu(store, "C104", "--attested", words)
    assert done.exit_code == 2
    assert "ITEM=EVIDENCE" in done.output
