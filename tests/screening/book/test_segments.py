"""What differs by segment: score limits for customers' own names, precautionary rules, what is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.bands import alerts_by_band
from pipelines.demo import demo_job
from pipelines.errors import ConfigInvalid
from pipelines.job.config import Config, load_config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import open_run
from screening.book.matches import best_matches
from screening.book.segments import remarks
from screening.policy import Limit, Matching, Segment

TODAY = date(2026, 11, 22)
MAKERS = "model developer"
PRIVATE = "private client"


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return demo_job(tmp_path_factory.mktemp("segments"), TODAY)


def test_every_error_of_a_segment_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text(
        '[[segments]]\nname = "cloud"\n[[segments]]\nprecautionary = []\nname = "cloud"\n'
        '[[matching.limits]]\nreview = 0.4\n[[matching.limits]]\nalert = 0.7\nsegment = "clowd"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigInvalid) as failed:
        load_config(path)
    assert failed.value.problems == (
        "headwater.toml:5: segments.1.name: named twice",
        "headwater.toml:10: matching.limits.1.segment: not among [[segments]]: cloud",
    )
    path.write_text('[[segments]]\nname = "a"\nprecautionary = ["RF00"]\n[[segments]]\n', encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=r"headwater.toml:3: segments.0.*RF00(.|\n)*:4: segments.1.name"):
        load_config(path)


def test_a_segment_has_its_own_limits_and_owners_have_those_for_all(job: Job, tmp_path: Path) -> None:
    """With alerts for all out of reach, only customers of the segment have any, and those have what they had."""
    limits = (Limit(review=0.5, alert=1.0), Limit(segment=PRIVATE, alert=0.5))
    config = Config(segments=(Segment(name=PRIVATE),), matching=Matching(limits=limits))
    tonight = replace(job, out=tmp_path / "run", config=config)
    run(tonight)
    matches = (
        open_run(tonight.out).table("hits").filter(pl.col("score") < 1.0, pl.col("name_score").is_not_null())
    )
    alerts = matches.filter(pl.col("band") == "alert")
    assert set(alerts["segment"]) == {PRIVATE}
    private = matches.filter(pl.col("segment") == PRIVATE, pl.col("score") >= 0.5)
    assert set(private["band"]) == {"alert"}
    assert "review" in set(matches.filter(pl.col("segment").is_null())["band"]), (
        "owners, at the limits for all"
    )


def test_one_entity_of_two_segments_is_shown_where_either_shows_it() -> None:
    """The higher score may stand under the stricter limit; nobody may overlook the other."""
    found = pl.DataFrame(
        {
            "matched_entity_id": ["e", "e"],
            "party_id": ["p", "p"],
            "score": [0.6, 0.5],
            "band": ["below", "review"],
            "query_name": ["A", "B"],
            "matched_name": ["A", "A"],
            "subject_id": ["c1", "c2"],
        }
    )
    assert best_matches(found)["subject_id"].to_list() == ["c2"]


def test_a_segment_lifts_rules_for_its_own_customers_only(job: Job, tmp_path: Path) -> None:
    plain, lifted = replace(job, out=tmp_path / "plain"), replace(job, out=tmp_path / "lifted")
    run(plain)
    run(replace(lifted, config=Config(segments=(Segment(name=MAKERS, precautionary=("RF28",)),))))
    book = pl.read_csv(job.files.customers, infer_schema=False).select("customer_id", "segment")
    before, after = (
        open_run(each.out)
        .table("findings")
        .filter(pl.col("rule_id") == "RF28", pl.col("outcome") == "raised")
        .join(book, on="customer_id")
        .select("customer_id", "segment", "severity")
        for each in (plain, lifted)
    )
    both = before.join(after, on=["customer_id", "segment"])
    assert both.height == before.height
    more = both.filter(pl.col("severity_right") > pl.col("severity"))
    assert set(more["segment"]) == {MAKERS}
    assert both.filter(pl.col("segment") != MAKERS).height, "there are others whom the rule concerns"
    assert open_run(plain.out).table("coverage").equals(open_run(lifted.out).table("coverage"))


def test_counts_by_segment(job: Job, tmp_path: Path) -> None:
    config = Config(segments=(Segment(name=PRIVATE), Segment(name="retail")))
    tonight = replace(job, out=tmp_path / "run", config=config, chunk=70)
    manifest = run(tonight)
    book = pl.read_csv(job.files.customers, infer_schema=False)
    cases = open_run(tonight.out).table("cases")
    private = book.filter(pl.col("segment") == PRIVATE)
    assert manifest.counts[f"customers_segment_{PRIVATE}"] == private.height
    assert (
        manifest.counts[f"cases_segment_{PRIVATE}"]
        == cases.join(private, on="customer_id", how="semi").height
    )
    groups = (f"segment_{PRIVATE}", "no_segment", "unknown_segment")
    for what, whole in (("customers", manifest.counts["customers"]), ("cases", manifest.counts["cases"])):
        assert sum(manifest.counts.get(f"{what}_{group}", 0) for group in groups) == whole
    assert any("of a segment that the configuration does not name" in each for each in manifest.warnings)
    assert any("No customer is of the segment retail" in each for each in manifest.warnings)
    bands = alerts_by_band(open_run(tonight.out), ["segment"])
    assert bands["pairs"].sum() == alerts_by_band(open_run(tonight.out), [])["pairs"].sum()
    assert PRIVATE in set(bands["segment"])


def test_no_remark_on_segments_that_agree_or_are_not_named() -> None:
    assert list(remarks({"customers_segment_a": 3, "customers_no_segment": 1}, [Segment(name="a")])) == []
    assert list(remarks({}, [])) == []
