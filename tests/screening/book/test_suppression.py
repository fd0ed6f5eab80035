"""A reviewed pair stays set aside while nothing changes, is shown again by itself, and never hides another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo import demo_job
from pipelines.job.run import run
from pipelines.run import Run, open_run
from screening.book.suppression import follow_renames, set_aside

DAY = date(2026, 11, 22)
KEYS = ["matched_entity_id", "party_id", "evidence_hash"]
OTHERS = {
    "list": pl.String(),
    "party_type": pl.String(),
    "segment": pl.String(),
    "score": pl.Float64(),
    "band": pl.String(),
}
NAMES = {name: pl.String() for name in ("query_name", "matched_name", "party_name")}


def matches(*pairs: tuple[str, str, str]) -> pl.DataFrame:
    """Matches with evidence, of which only the pair counts in these tests."""
    empty = [pl.lit(None, dtype).alias(name) for name, dtype in {**OTHERS, **NAMES}.items()]
    return pl.DataFrame(pairs, schema=dict.fromkeys(KEYS, pl.String), orient="row").with_columns(empty)


FOUND = matches(("c", "EL-1", "aa"), ("c", "EL-2", "bb"), ("d", "EL-1", "cc"))


def review(
    customer: str, party: str, evidence: str, on: date = date(2026, 1, 1), until: date = date(2027, 1, 1)
) -> pl.DataFrame:
    row = {
        "matched_entity_id": customer,
        "reviewed_as": customer,
        "party_id": party,
        "evidence_hash": evidence,
        "reason": "other",
        "by": "ann",
    }
    return pl.DataFrame([{**row, "date": on, "expires": until}])


@pytest.mark.parametrize(
    ("reviewed", "hidden"),
    [
        (review("c", "EL-1", "aa"), [("c", "EL-1")]),
        (review("c", "EL-1", "other evidence"), []),
        (review("c", "EL-3", "aa"), []),
        (review("d", "EL-1", "aa"), []),
        (review("c", "EL-1", "aa", until=date(2026, 11, 21)), []),
        (review("c", "EL-1", "aa", until=DAY), [("c", "EL-1")]),
        (review("c", "EL-1", "aa", on=date(2026, 11, 23)), []),
    ],
)
def test_only_the_reviewed_pair_and_only_while_the_review_holds(
    reviewed: pl.DataFrame, hidden: list[tuple[str, str]]
) -> None:
    standing, silent = set_aside(FOUND, reviewed, DAY)
    assert silent.select("matched_entity_id", "party_id").rows() == hidden
    assert standing.height + silent.height == FOUND.height


def test_two_reviews_of_one_pair_hide_it_once() -> None:
    twice = pl.concat([review("c", "EL-1", "aa"), review("c", "EL-1", "aa", until=date(2028, 1, 1))])
    standing, silent = set_aside(FOUND, twice, DAY)
    assert (standing.height, silent["expires"].to_list()) == (2, [date(2028, 1, 1)])


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The sample world before and after one of its pairs was reviewed."""
    folder: Path = tmp_path_factory.mktemp("suppressed")
    job = demo_job(folder, DAY)
    run(job)
    plain = open_run(job.out)
    own = plain.table("matches").filter(pl.col("role").is_null(), pl.col("list") == "EL").head(1)
    own.select(
        "customer_id", "party_id", "evidence_hash", reason=pl.lit("another firm"), by=pl.lit("ann"),
        date=pl.lit("2026-11-01"), expires=pl.lit("2027-11-01"),
    ).write_csv(folder / "reviewed.csv")  # fmt: skip
    run(replace(job, files=replace(job.files, suppressions=folder / "reviewed.csv"), out=folder / "after"))
    return plain, open_run(folder / "after")


def test_a_suppressed_pair_raises_nothing_and_is_counted(before: tuple[Run, Run]) -> None:
    plain, after = before
    hidden = after.table("suppressed")
    assert after.manifest["counts"]["pairs_suppressed"] == hidden.height == 1
    assert hidden.select("reason", "by").row(0) == ("another firm", "ann")
    pair = hidden.select("matched_entity_id", "party_id")
    assert after.table("matches").join(pair, on=["matched_entity_id", "party_id"], how="semi").is_empty()
    assert after.table("matches").height < plain.table("matches").height
    assert plain.manifest["counts"]["pairs_suppressed"] == 0


def test_what_is_suppressed_is_in_the_table_a_delta_reads(before: tuple[Run, Run]) -> None:
    plain, after = before
    assert after.table("hits").equals(plain.table("hits"))


ids = st.sampled_from("abcd")
days = st.integers(1, 9).map(lambda day: date(2026, 1, day))


def followed(given_as: str, on: date, moves: list[tuple[str, str, date]], day: date) -> str | None:
    """Where a review ends up, followed one step after the other: the reference."""
    while True:
        later = [move for move in moves if move[0] == given_as and on < move[2] <= day]
        if not later:
            return given_as
        on = min(move[2] for move in later)
        targets = {new for _, new, moved in later if moved == on}
        if len(targets) > 1:
            return None
        (given_as,) = targets


@given(st.lists(st.tuples(ids, days), max_size=6), st.lists(st.tuples(ids, ids, days), max_size=8), days)
def test_a_review_follows_the_given_changes_of_ids_and_no_other(
    reviewed: list[tuple[str, date]], moves: list[tuple[str, str, date]], day: date
) -> None:
    given_rows = pl.DataFrame(
        [(number, entity, on) for number, (entity, on) in enumerate(reviewed)],
        schema={"review": pl.Int64, "entity": pl.String, "date": pl.Date}, orient="row",
    )  # fmt: skip
    table = pl.DataFrame(
        moves, schema={"old_id": pl.String, "new_id": pl.String, "date": pl.Date}, orient="row"
    )
    found = dict(follow_renames(given_rows, table, day).select("review", "entity").rows())
    wanted = {number: followed(entity, on, moves, day) for number, (entity, on) in enumerate(reviewed)}
    assert found == {number: entity for number, entity in wanted.items() if entity is not None}


pairs = st.tuples(ids, st.sampled_from(["EL-1", "EL-2"]), st.sampled_from(["aa", "bb"]))


@given(st.sets(pairs, max_size=8), st.lists(st.tuples(pairs, days, days), max_size=8), days)
def test_nothing_is_hidden_that_was_not_reviewed_and_nothing_is_lost(
    found: set[tuple[str, str, str]], reviewed: list[tuple[tuple[str, str, str], date, date]], day: date
) -> None:
    rows = [review(*pair, on=on, until=until) for pair, on, until in reviewed]
    standing, silent = set_aside(matches(*sorted(found)), pl.concat(rows) if rows else None, day)
    hidden = {row[:3] for row in silent.select(KEYS).rows()}
    assert hidden == {pair for pair, on, until in reviewed if on <= day <= until and pair in found}
    assert {row[:3] for row in standing.select(KEYS).rows()} == found - hidden
    assert standing.height + silent.height == len(found)


def test_a_review_follows_a_renamed_customer_through_a_run(tmp_path: Path) -> None:
    """Under its new id the customer keeps silent; a stranger that gets the old id does not."""
    job = demo_job(tmp_path, DAY)
    run(job)
    own = open_run(job.out).table("matches").filter(pl.col("role").is_null(), pl.col("list") == "EL").head(1)
    old = own["customer_id"][0]
    own.select(
        "customer_id", "party_id", "evidence_hash", reason=pl.lit("another firm"), by=pl.lit("ann"),
        date=pl.lit("2026-11-01"), expires=pl.lit("2027-11-01"),
    ).write_csv(tmp_path / "reviewed.csv")  # fmt: skip
    book = pl.read_csv(job.files.customers, infer_schema=False)
    newcomer = book.filter(pl.col("customer_id") == old)
    moved = book.with_columns(pl.col("customer_id").replace(old, "moved"))
    pl.concat([moved, newcomer]).write_csv(tmp_path / "customers.csv")
    (tmp_path / "renames.csv").write_text(f"old_id,new_id,date\n{old},moved,2026-11-10\n", encoding="utf-8")
    files = replace(
        job.files,
        customers=tmp_path / "customers.csv",
        suppressions=tmp_path / "reviewed.csv",
        renames=tmp_path / "renames.csv",
    )
    run(replace(job, files=files, out=tmp_path / "after"))
    after = open_run(tmp_path / "after")
    assert after.table("suppressed").select("matched_entity_id", "reviewed_as").rows() == [("moved", old)]
    assert old in after.table("matches").filter(pl.col("role").is_null())["customer_id"]
