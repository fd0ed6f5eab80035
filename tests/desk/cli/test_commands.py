"""The command line as its users type it: exit codes, messages, JSON lines in a pipe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from pipelines.demo import sample_folder

HEADWATER = [sys.executable, "-c", "from desk.cli import main; main()"]


def headwater(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HEADWATER, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    done = headwater("demo", "--out", out, "--as-of", "2026-11-22")
    assert done.returncode == 0, done.stderr
    return out


@pytest.mark.slow
@pytest.mark.parametrize(
    "verb",
    [
        "demo",
        "refresh",
        "screen",
        "explain",
        "letter",
        "report",
        "trace",
        "veu",
        "match",
        "rules",
        "diff",
        "doctor",
        "config",
    ],
)
def test_every_verb_has_help(verb: str) -> None:
    done = headwater(verb, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; import desk.cli; print([m for m in ('polars', 'numpy', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_bad_usage_is_two() -> None:
    assert headwater("screen").returncode == 2


def test_failure_is_one_with_a_message(tmp_path: Path) -> None:
    done = headwater("explain", "C-1", "--run", tmp_path)
    assert done.returncode == 1
    assert "no finished run here" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_refresh_screen_explain(demo: Path, tmp_path: Path) -> None:
    sample = sample_folder()
    store = tmp_path / "store"
    dated = ("--partial", "--published", "2026-11-20")
    refreshed = headwater(
        "refresh", "--store", store, *dated, "--from", *sorted((sample / "lists").iterdir())
    )
    assert refreshed.returncode == 0, refreshed.stderr
    assert {"SDN", "EL", "DPL"} <= {orjson.loads(line)["list"] for line in refreshed.stdout.splitlines()}
    screened = headwater(
        "screen", sample / "customers.csv", "--store", store, "--out", tmp_path / "run",
        "--ownership", sample / "ownership.csv", "--as-of", "2026-11-22", "--exit-code",
    )  # fmt: skip
    assert screened.returncode == 10, screened.stderr
    summary = orjson.loads(screened.stdout)
    assert summary["customers"] == 300
    assert summary["cases"] > 0


def test_explain_shows_the_whole_case(demo: Path) -> None:
    from pipelines.run import open_run

    case = open_run(demo / "run").table("cases").row(0, named=True)
    done = headwater("explain", case["case_id"], "--run", demo / "run")
    assert orjson.loads(done.stdout)["customer_id"] == case["customer_id"]
    assert headwater("explain", "C-nobody", "--run", demo / "run").returncode == 1


def test_as_of_before_the_lists_fails(demo: Path, tmp_path: Path) -> None:
    done = headwater(
        "screen", sample_folder() / "customers.csv", "--store", demo / "store", "--out", tmp_path / "run",
        "--as-of", "2020-01-01",
    )  # fmt: skip
    assert done.returncode == 1
    assert "--lists latest" in done.stderr
    assert not (tmp_path / "run").exists()


def test_match_and_rules_speak_json_lines(demo: Path) -> None:
    done = headwater("match", "Huawei Technologies", "--store", demo / "store", "--as-of", "2026-11-22")
    best = orjson.loads(done.stdout.splitlines()[0])
    assert best["list"] == "EL"
    rows = [orjson.loads(line) for line in headwater("rules", "--as-of", "2026-01-15").stdout.splitlines()]
    status = {row["rule_id"]: row["status"] for row in rows}
    assert status["BIS_AFFILIATES"] == "suspended"
    assert status["RF28"] == "codified_not_enforced"


def test_match_looks_a_number_up_without_a_name_and_refuses_nothing(demo: Path) -> None:
    store = ("--store", demo / "store", "--as-of", "2026-11-22")
    done = headwater("match", "--id", "imo:9116412", "--id", "foo:1", "--country", "Atlantis", *store)
    assert orjson.loads(done.stdout.splitlines()[0])["party_id"] == "SDN-27304"
    assert "'foo:1' is of no known type" in done.stderr
    assert "Atlantis" in done.stderr
    for empty in ((), ("...",), ("--id", "lei:123")):
        refused = headwater("match", *empty, *store)
        assert refused.returncode == 2
        assert "Nothing to look at" in refused.stderr


def test_doctor_names_rules_that_wait_for_confirmation() -> None:
    done = headwater("doctor", "--as-of", "2026-11-22")
    rows = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert {"rule BIS_AFFILIATES", "rule RF29"} <= {row["check"] for row in rows if row["state"] == "failed"}
    assert done.returncode == 1
    assert headwater("doctor", "--as-of", "2026-01-15").returncode == 0


def test_a_recorded_override_settles_what_doctor_asks(tmp_path: Path) -> None:
    config = tmp_path / "headwater.toml"
    config.write_text(
        "".join(
            f"""[[rules.overrides]]
rule_id = "{rule}"
status = "in_force"
effective_from = 2026-11-10
citation = "Federal Register, read by us"
person = "A. Officer"
recorded_on = 2026-11-12
"""
            for rule in ("BIS_AFFILIATES", "RF29")
        )
    )
    assert headwater("doctor", "--as-of", "2026-11-22", "--config", config).returncode == 0
    rows = map(
        orjson.loads, headwater("rules", "--as-of", "2026-11-22", "--config", config).stdout.splitlines()
    )
    statuses = {row["rule_id"]: (row["status"], row["overridden_by"]) for row in rows}
    assert statuses["BIS_AFFILIATES"][0] == "in_force"
    assert "A. Officer" in statuses["BIS_AFFILIATES"][1]


@pytest.mark.slow
def test_diff_takes_folders_or_names(tmp_path: Path) -> None:
    ofac = sample_folder() / "lists" / "ofac"
    shorter = tmp_path / "ofac"
    shorter.mkdir()
    for file in ofac.iterdir():
        text = file.read_bytes()
        gone = b"12345678901234567890" if file.name != "sdn.csv" else text.splitlines(keepends=True)[0]
        (shorter / file.name).write_bytes(text.replace(gone, b""))
    store = tmp_path / "store"
    for folder, day in ((ofac, "2026-11-20"), (shorter, "2026-11-21")):
        headwater("refresh", "--store", store, "--partial", "--published", day, "--from", folder)
    by_name = headwater("diff", "SDN@2026-11-20", "SDN@2026-11-21", "--store", store)
    by_folder = headwater("diff", *sorted((store / "SDN").iterdir()))
    assert by_name.returncode == 0, by_name.stderr
    assert by_name.stdout == by_folder.stdout
    assert [orjson.loads(line)["change"] for line in by_name.stdout.splitlines()].count("removed") == 1
    assert headwater("diff", "SDN@2026-11-20", "nowhere").returncode == 2


def test_a_letter_asks_and_reveals_nothing(demo: Path) -> None:
    words = ("--run", demo / "run", "--provider", "Cloud Inc.", "--reply-by", "2026-12-06")
    asked = orjson.loads(headwater("letter", "C035", *words).stdout)
    assert asked["status"] == "draft"
    assert "Cloud Inc." in asked["body"]
    assert not {"list", "10^26", "1e26", "score", "Red Flag"} & set(asked["body"].replace(",", " ").split())
    blocked = orjson.loads(headwater("letter", "C011", *words).stdout)
    assert blocked["status"] == "withheld"
    assert not blocked["body"]


def test_a_report_is_a_draft_with_its_gaps(demo: Path) -> None:
    words = ("report", "C011", "block", "--run", demo / "run", "--on", "2026-11-20")
    done = headwater(*words, "--fact", "filer=Cloud Inc.", "--fact", "property=account 7 = all of it")
    draft = orjson.loads(done.stdout)
    assert (draft["status"], draft["due"]) == ("draft", "2026-12-07")
    assert "Listed party: ZSERVERS (SDN-52830)\n" in draft["text"]
    assert "Property: account 7 = all of it\n" in draft["text"]
    assert "Value and currency: (not on record: to be filled)" in draft["text"]
    assert {"value", "location", "contact"} <= set(draft["missing"])
    assert not {"filer", "property", "party", "programs", "basis"} & set(draft["missing"])
    assert "nothing was filed or sent" in draft["text"]
    wrong = headwater(*words, "--fact", "colour=red")
    assert wrong.returncode == 2
    assert "colour" in wrong.stderr
    assert "location" in wrong.stderr


def test_a_report_without_a_reason_says_so(demo: Path) -> None:
    words = ("report", "C035", "reject", "--run", demo / "run", "--on", "2026-11-20")
    draft = orjson.loads(headwater(*words).stdout)
    assert "No finding of this case" in draft["why"]
    assert {"basis", "party"} <= set(draft["missing"])
    draft = orjson.loads(headwater(*words, "--fact", "basis=E.O. 14071").stdout)
    assert "No finding of this case" not in draft["why"]


def test_thresholds_count_what_was_decided(demo: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from desk.api.desk import cases_with_evidence
    from desk.store import Ledger, decisions, import_run
    from pipelines.run import open_run

    run, now = open_run(demo / "run"), datetime(2026, 11, 22, 9, tzinfo=UTC)
    cases = [dict(case) for case in cases_with_evidence(run)]
    named = [case for case in cases if any(match["band"] == "alert" for match in case["matches"])]
    ledger = Ledger(f"sqlite:///{tmp_path / 'desk.db'}")
    with ledger.change("nightly", now) as change:
        import_run(change, run.manifest, cases)
        for case, to in zip(named, ("false_positive", "true_match"), strict=False):
            decisions.move(change, case["case_id"], 1, to, "compared", four_eyes_from=101)
    ledger.close()

    def bands(decided: str | Path) -> list[dict[str, float | None]]:
        done = headwater("thresholds", "--run", demo / "run", "--decisions", decided)
        assert done.returncode == 0, done.stderr
        return [orjson.loads(line) for line in done.stdout.splitlines()]

    rows = bands(tmp_path / "desk.db")
    assert sum(row["called_true"] or 0 for row in rows) == 1
    false = sum(row["called_false"] or 0 for row in rows)
    assert false == len(named[0]["matches"])
    headwater("decisions", "export", tmp_path / "desk.db", "--out", tmp_path / "reviewed.parquet")
    reviewed = bands(tmp_path / "reviewed.parquet")
    assert sum(row["called_false"] or 0 for row in reviewed) == false
    assert "precision" not in reviewed[0]
