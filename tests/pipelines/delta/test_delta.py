"""A delta is equal to a full run, whatever changed on either side, and lists how each case changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines.delta.changes import changes
from pipelines.demo import demo_job
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import open_run
from screening.book import assess
from screening.book.context import BookContext
from screening.book.screener import Screener
from screening.policy import Limit, Matching, Override, Rules, Segment
from screening.redflags.facts import GroupTotals

TODAY = date(2026, 11, 22)
LISTS = ("EL", "MEU", "UVL", "DPL", "SDN", "SSI", "ISN")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The sample world with a run of last night, for which three pairs had been reviewed.

    Whoever trains means to export; some hold licences, and some names are on watch lists.
    """
    folder = tmp_path_factory.mktemp("delta")
    job = demo_job(folder, TODAY)
    book = pl.read_csv(job.files.customers, infer_schema=False)
    activity = pl.read_csv(job.files.activity or "", infer_schema=False)
    activity.with_columns(intends_export=pl.lit("yes")).write_csv(folder / "activity.csv")
    files = replace(
        job.files,
        activity=folder / "activity.csv",
        licences=licences(book, {34: "", 37: "2026-12-10", 44: "2026-11-01"}, folder / "licences.csv"),
        watchlists=watchlists(book, {3, 120, 250}, folder / "watchlists.csv"),
    )
    job = replace(job, files=files)
    run(job)
    job = replace(
        job, files=replace(job.files, suppressions=reviewed(job, {0, 9, 20}, job.out.parent / "reviewed.csv"))
    )
    run(job)
    return job


def reviewed(job: Job, pairs: set[int], path: Path) -> Path:
    """Write reviews of some pairs of the job's run."""
    matches = open_run(job.out).table("matches").filter(pl.int_range(pl.len()).is_in(list(pairs)))
    review = {"reason": "another", "by": "reviewer", "date": "2026-11-01", "expires": "2026-12-15"}
    matches.select(
        pl.col("matched_entity_id").alias("customer_id"),
        "party_id",
        "evidence_hash",
        **{name: pl.lit(value) for name, value in review.items()},
    ).write_csv(path)
    return path


def licences(book: pl.DataFrame, expiries: Mapping[int, str], path: Path) -> Path:
    """Write a register of licences: of some customers, with the day each runs out."""
    ids = book["customer_id"].to_list()
    rows = [
        (ids[i], f"D{i}", "RF28" if i % 2 else "", "2026-01-15", expires) for i, expires in expiries.items()
    ]
    schema = ["customer_id", "licence_ref", "rule_id", "issued", "expires"]
    pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row").write_csv(path)
    return path


def watchlists(book: pl.DataFrame, named: set[int], path: Path) -> Path:
    """Write watch lists: letters that name some customers, and a register that names a counterparty."""
    names = book["name"].to_list()
    rows = [("bis_letter", names[i].upper(), f"letter {i}") for i in named if names[i]]
    rows += [("tip", "Wholesale Tien Shan LLC", "a register")] if len(named) % 2 else []
    schema = dict.fromkeys(("list", "name", "source"), pl.String)
    pl.DataFrame(rows, schema=schema, orient="row").write_csv(path)
    return path


def outputs(job: Job) -> Mapping[str, Any]:
    return {name: table for name, table in run(job).outputs.items() if name != "changes"}


def changed_customers(
    book: pl.DataFrame, removed: set[int], renamed: dict[int, int], added: set[int]
) -> pl.DataFrame:
    """Remove, rename (each takes another's name) and add customers."""
    names = book["name"]
    row = pl.int_range(pl.len())
    taken = book.with_columns(
        name=pl.Series([names[renamed.get(i, i) % len(names)] for i in range(len(names))], dtype=pl.String)
    )
    new = book.filter(row.is_in(list(added))).with_columns(
        pl.format("N-{}", "customer_id").alias("customer_id")
    )
    return pl.concat([taken.filter(~row.is_in(list(removed))), new])


def less(frame: pl.DataFrame, removed: set[int]) -> pl.DataFrame:
    return frame.filter(~pl.int_range(pl.len()).is_in(list(removed)))


def moved_customers(book: pl.DataFrame, moved: dict[int, int]) -> pl.DataFrame:
    """Give customers the segment of others."""
    segments = book["segment"].to_list()
    return book.with_columns(segment=pl.Series([segments[moved.get(i, i)] for i in range(len(segments))]))


rows = st.integers(0, 299)
SEGMENTS = (Segment(name="private client"), Segment(name="model developer", precautionary=("RF28",)))
MATCHING = Matching(alert=1.0, limits=(Limit(segment="private client", review=0.4, alert=0.6),))


OVERRIDE = Override(
    rule_id="RF28",
    status="in_force",
    effective_from=date(2026, 12, 1),
    citation="a letter",
    person="counsel",
    recorded_on=date(2026, 11, 20),
)


@pytest.mark.slow
@settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],  # an example takes seconds; nobody waits for a smaller one
)
@given(
    removed=st.sets(rows, max_size=20),
    renamed=st.dictionaries(rows, rows, max_size=20),
    added=st.sets(rows, max_size=20),
    edges=st.sets(st.integers(0, 217), max_size=60),
    entities=st.dictionaries(st.integers(0, 207), st.integers(0, 207), max_size=20),
    activities=st.sets(st.integers(0, 39), max_size=10),
    lists=st.one_of(
        st.just(()), st.sets(st.sampled_from(LISTS), min_size=1).map(lambda each: tuple(sorted(each)))
    ),
    day=st.sampled_from([TODAY, *(TODAY + timedelta(days=n) for n in (1, 30, 400)), date(2026, 1, 15)]),
    rule=st.sampled_from([Rules(), Rules(), Rules(precautionary=("RF28",)), Rules(overrides=(OVERRIDE,))]),
    segments=st.sampled_from([(), (), SEGMENTS]),
    moved=st.dictionaries(rows, rows, max_size=20),
    reviews=st.sets(st.integers(0, 60), max_size=6),
    expiries=st.dictionaries(
        st.integers(34, 53), st.sampled_from(["", "2026-11-01", "2026-11-22", "2026-12-10"]), max_size=12
    ),
    watched=st.sets(rows, max_size=12),
    chunk=st.sampled_from([50, 1_000]),
)
def test_a_delta_equals_a_full_run(
    job: Job,
    tmp_path_factory: pytest.TempPathFactory,
    removed: set[int],
    renamed: dict[int, int],
    added: set[int],
    edges: set[int],
    entities: dict[int, int],
    activities: set[int],
    lists: tuple[str, ...],
    day: date,
    rule: Rules,
    segments: tuple[Segment, ...],
    moved: dict[int, int],
    reviews: set[int],
    expiries: dict[int, str],
    watched: set[int],
    chunk: int,
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    files = job.files
    assert files.entities and files.activity

    def written(path: Path, frame: pl.DataFrame) -> Path:
        frame.write_csv(folder / path.name)
        return folder / path.name

    def read(path: Path) -> pl.DataFrame:
        return pl.read_csv(path, infer_schema=False)

    people = read(files.entities)
    names = people["name"].to_list()
    files = replace(
        files,
        customers=written(
            files.customers, changed_customers(moved_customers(read(files.customers), moved), removed, renamed, added)
        ),
        ownership=(written(files.ownership[0], less(read(files.ownership[0]), edges)),),
        entities=written(
            files.entities,
            people.with_columns(pl.Series("name", [names[entities.get(i, i)] for i in range(len(names))])),
        ),
        activity=written(files.activity, less(read(files.activity), activities)),
        suppressions=reviewed(job, reviews, folder / "reviewed.csv"),
        licences=licences(read(files.customers), expiries, folder / "licences.csv"),
        watchlists=watchlists(read(files.customers), watched, folder / "watchlists.csv"),
    )  # fmt: skip
    config = Config(lists=lists, rules=rule, segments=segments, matching=MATCHING if segments else Matching())
    tonight = replace(job, files=files, as_of=day, latest_lists=True, config=config, chunk=chunk)
    full = outputs(replace(tonight, out=folder / "full"))
    delta = outputs(replace(tonight, out=folder / "delta", since=job.out))
    assert delta == full
    again = outputs(replace(tonight, out=folder / "again", since=folder / "delta"))
    assert again == full


def test_unchanged_names_are_not_compared_again(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    match = Screener._match

    def counting(self: Screener, subjects: pl.DataFrame, attributes: pl.DataFrame) -> pl.DataFrame:
        compared.append(subjects.height * self.parties.height)
        return match(self, subjects, attributes)

    monkeypatch.setattr(Screener, "_match", counting)
    run(replace(job, out=tmp_path / "run", since=job.out))
    assert sum(compared) == 0
    assert open_run(tmp_path / "run").table("changes").is_empty()
    assert open_run(tmp_path / "run").manifest["since"] == open_run(job.out).manifest["run_id"]


@pytest.fixture
def assessed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whoever is assessed from here on."""
    assessed: list[str] = []
    assess_customers = assess.assess_customers

    def noting(
        context: BookContext, customers: pl.DataFrame, matches: pl.DataFrame, totals: GroupTotals
    ) -> Mapping[str, pl.DataFrame]:
        assessed.extend(customers["customer_id"])
        return assess_customers(context, customers, matches, totals)

    monkeypatch.setattr(assess, "assess_customers", noting)
    return assessed


def named(tables: Iterable[Path | None]) -> set[str]:
    """Whoever has a row in one of the tables."""
    return {row[0] for path in tables if path for row in pl.read_csv(path, infer_schema=False).iter_rows()}


@pytest.mark.parametrize(
    ("days", "changed"), [(0, 1), (1, 1), (30, 4)], ids=["again", "the next day", "three reviews expired"]
)
def test_only_changed_customers_are_assessed_again(
    job: Job, tmp_path: Path, assessed: list[str], days: int, changed: int
) -> None:
    """One customer is renamed; nobody else is assessed again whom neither the day nor an edge concerns."""
    book = pl.read_csv(job.files.customers, infer_schema=False)
    # who shares something, was asked or holds a licence is always due
    always_assessed = (job.files.connections, job.files.answers, job.files.licences)
    growing = (job.files.activity, job.files.transactions)  # a forecast moves with the day
    due = named(always_assessed) | (named(growing) if days else set())
    others = ~pl.col("customer_id").is_in(list(named((*always_assessed, *growing))))
    quiet = book.filter(others, pl.col("parent_name").is_null())["customer_id"][-1]
    renamed = pl.when(pl.col("customer_id") == quiet).then(pl.lit("Somebody Else GmbH")).otherwise("name")
    book.with_columns(name=renamed).write_csv(tmp_path / "customers.csv")
    files = replace(job.files, customers=tmp_path / "customers.csv")
    tonight = replace(
        job, files=files, out=tmp_path / "run", since=job.out, as_of=TODAY + timedelta(days=days)
    )
    run(replace(tonight, latest_lists=True))
    assert len(set(assessed) - due) == changed
    assert quiet in assessed


def test_after_a_change_of_watch_lists_only_those_named_are_assessed_again(
    job: Job, tmp_path: Path, assessed: list[str]
) -> None:
    """Two names less and one more on letters, and none of a counterparty: these, and who is due every night."""
    book = pl.read_csv(job.files.customers, infer_schema=False)
    files = replace(job.files, watchlists=watchlists(book, {3, 251}, tmp_path / "watchlists.csv"))
    tonight = replace(job, files=files, out=tmp_path / "delta", since=job.out)
    full = outputs(replace(tonight, out=tmp_path / "full", since=None))
    assessed.clear()
    assert outputs(tonight) == full
    due = named((job.files.connections, job.files.answers, job.files.licences))
    assert set(assessed) - due == {"C094", "C121", "C251", "C252"}
    letters = open_run(tonight.out).table("findings").filter(pl.col("rule_id") == "G16")
    assert {"C004", "C252"} <= set(letters["customer_id"])
    assert not {"C121", "C251"} & set(letters["customer_id"])


def test_with_other_score_bands_nothing_is_reused(job: Job, tmp_path: Path) -> None:
    stricter = replace(job, config=Config(matching=Matching(review=0.9, alert=0.95)))
    full = outputs(replace(stricter, out=tmp_path / "full"))
    assert outputs(replace(stricter, out=tmp_path / "delta", since=job.out)) == full


def test_a_customer_that_changed_its_segment_is_compared_under_its_limits(job: Job, tmp_path: Path) -> None:
    """The settings are those of last night; only the book changed."""
    config = Config(segments=SEGMENTS, matching=MATCHING)
    before = replace(job, config=config, out=tmp_path / "before")
    run(before)
    book = pl.read_csv(job.files.customers, infer_schema=False)
    moved_customers(book, {i: len(book) - 1 - i for i in range(len(book))}).write_csv(tmp_path / "moved.csv")
    tonight = replace(before, files=replace(before.files, customers=tmp_path / "moved.csv"))
    full = outputs(replace(tonight, out=tmp_path / "full"))
    assert outputs(replace(tonight, out=tmp_path / "delta", since=before.out)) == full
    bands = [open_run(tmp_path / name).table("hits")["band"].to_list() for name in ("before", "full")]
    assert bands[0] != bands[1]


def test_the_day_before_may_be_replaced_by_the_day(job: Job, tmp_path: Path) -> None:
    first = replace(job, out=tmp_path / "run", as_of=date(2026, 1, 15))
    run(first)
    run(replace(first, as_of=TODAY, since=first.out))
    replaced = open_run(first.out)
    assert replaced.manifest["as_of"] == "2026-11-22"
    assert "worse" in set(replaced.table("changes")["change"])


def test_every_kind_of_change() -> None:
    columns = ["customer_id", "case_id", "recommendation", "severity", "rules"]
    before = [("a", "A", "ask", 40, ["X"]), ("b", "B", "hold", 65, ["X"]), ("c", "C", "ask", 40, ["X"]),
              ("d", "D", "ask", 40, ["X"]), ("e", "E", "ask", 40, ["X"])]  # fmt: skip
    after = [("a", "A", "hold", 65, ["X", "Y"]), ("b", "B", "ask", 40, ["X"]), ("c", "C", "ask", 40, ["Y"]),
             ("d", "D", "ask", 40, ["X"]), ("f", "F", "note", 5, ["Z"])]  # fmt: skip
    frames = [pl.DataFrame(rows, schema=columns, orient="row") for rows in (before, after)]
    found = {row["customer_id"]: row for row in changes(*frames).to_dicts()}
    kinds = {customer: row["change"] for customer, row in found.items()}
    assert kinds == {"a": "worse", "b": "better", "c": "other", "e": "gone", "f": "new"}
    assert (found["c"]["rules_added"], found["c"]["rules_removed"]) == (["Y"], ["X"])
    assert (found["e"]["recommendation_before"], found["e"]["recommendation"]) == ("ask", None)


@pytest.mark.slow
def test_the_country_of_an_owner_assesses_the_customer_again(job: Job, tmp_path: Path) -> None:
    files = job.files
    assert files.entities
    people = pl.read_csv(files.entities, infer_schema=False)
    owners = pl.read_csv(files.ownership[0], infer_schema=False)["owner_id"].drop_nulls().unique()
    moved = pl.when(pl.col("entity_id").is_in(owners.implode())).then(pl.lit("IR")).otherwise("country")
    people.with_columns(country=moved).write_csv(tmp_path / "entities.csv")
    tonight = replace(job, files=replace(files, entities=tmp_path / "entities.csv"))
    full = outputs(replace(tonight, out=tmp_path / "full"))
    assert outputs(replace(tonight, out=tmp_path / "delta", since=job.out)) == full
    findings = open_run(tmp_path / "delta").table("findings")
    assert findings.filter(pl.col("reason").str.contains("owner, .*says Iran")).height
