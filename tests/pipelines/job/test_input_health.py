"""What is lost of the inputs is told in `run.json`; too much of it stops the job before there is a run."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.errors import ConfigInvalid, InputRejected
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config, load_config
from pipelines.job.definition import Job
from pipelines.job.input_health import file_remarks, file_rows
from pipelines.job.progress import silent
from pipelines.job.run import run
from pipelines.job.start import begin
from pipelines.job.steps import read_inputs
from pipelines.parallel.shards import Share, make_shard, merge
from pipelines.run import open_run

TODAY = date(2026, 11, 22)
HOSTILE = "\x1b[2J<script>alert(1)</script>\u202e" + "x" * 100


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return demo_job(tmp_path_factory.mktemp("health"), TODAY)


@pytest.fixture
def job(sample: Job, tmp_path: Path) -> Job:
    """The sample world, to be run elsewhere."""
    return replace(sample, out=tmp_path / "run")


def respell(file: Path, to: Path, column: str, spelling: Mapping[str, str]) -> Path:
    """Write a table anew with other values in one column."""
    frame = pl.read_csv(file, infer_schema=False)
    frame.with_columns(pl.col(column).replace(spelling)).write_csv(to)
    return to


def write_rows(path: Path, header: str, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as page:
        csv.writer(page).writerows([header.split(","), *rows])
    return path


def book(folder: Path, countries: list[str]) -> BookFiles:
    """Customers K0, K1, ... with these countries."""
    rows = ((f"K{number}", f"Rowan Trading {number}", country) for number, country in enumerate(countries))
    return BookFiles(write_rows(folder / "book.csv", "customer_id,name,country", *rows))


def with_limits(job: Job, **limits: object) -> Job:
    return replace(job, config=Config.model_validate({"limits": limits}))


def read(job: Job) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the inputs as a run does; returns what is said of the files, and the remarks."""
    with begin(job, silent) as running:
        opened, _ = read_inputs(running)
    given = opened.book.accounts, opened.joins
    return file_rows(*given), list(file_remarks(*given))


def health(job: Job, table: str) -> dict[str, Any]:
    return row_of(read(job)[0], table)


def row_of(files: list[dict[str, Any]], table: str) -> dict[str, Any]:
    (row,) = [row for row in files if row["table"] == table]
    return row


def refusal(job: Job) -> str:
    """Return why the inputs are refused."""
    with pytest.raises(InputRejected) as raised:
        read(job)
    return str(raised.value)


def test_each_file_of_the_sample_joins(job: Job) -> None:
    files = run(job).health["files"]
    assert {row["table"] for row in files} == {
        *("customers", "ownership", "entities", "activity", "connections", "transactions", "answers")
    }
    assert all(
        row["joined"]["rows"] or row["joined"]["through"] for row in files if row["table"] != "customers"
    )
    assert not any(row["rows_set_aside"] or row["values_ignored"] for row in files)
    assert open_run(job.out).manifest["health"]["files"] == files


def test_the_book_with_an_unread_country_in_every_row_stops(job: Job, tmp_path: Path) -> None:
    frame = pl.read_csv(job.files.customers, infer_schema=False)
    respelt = tmp_path / "customers.csv"
    frame.with_columns(country=pl.lit("Xyz Populaire")).write_csv(respelt)
    spoiled = replace(job, files=replace(job.files, customers=respelt))
    with pytest.raises(InputRejected) as raised:
        run(spoiled)
    assert not spoiled.out.exists()
    text = str(raised.value)
    assert (
        "customers.csv: 300 of 300 values of country (100%) cannot be read, such as 'Xyz Populaire'" in text
    )
    assert "[limits.values_ignored.customers] country = 1" in text


def test_the_bound_that_the_message_names_lets_the_job_go_on(job: Job, tmp_path: Path) -> None:
    files = book(tmp_path, ["Narnia"] * 5 + ["FR"] * 8)
    text = refusal(replace(job, files=files))
    table, _, setting = text.partition("[limits.")[2].partition("] ")
    (tmp_path / "headwater.toml").write_text(f"[limits.{table}]\n{setting}\n")
    config = load_config(tmp_path / "headwater.toml")
    assert health(replace(job, files=files, config=config), "customers")["values_ignored"] == [
        {"column": "country", "values": 5, "filled": 13, "share": 0.384615, "examples": ["Narnia"]}
    ]


@pytest.mark.parametrize(
    ("countries", "stops"),
    [
        (["Narnia", "FR", "FR"], False),  # one slip in a small file
        (["Narnia"], False),
        (["Narnia", "Narnia"], True),  # nothing of the column was read
        (["Narnia"] * 7, True),
        (["Narnia"] * 3 + ["FR"] * 5, False),
        (["Narnia"] * 4 + ["FR"] * 5, True),
        (["Narnia"] * 4 + ["FR"] * 76, False),  # exactly 5 percent
        (["Narnia"] * 4 + ["FR"] * 75, True),
    ],
)
def test_a_few_values_stop_no_job(job: Job, tmp_path: Path, countries: list[str], stops: bool) -> None:
    small = replace(job, files=book(tmp_path, countries))
    if stops:
        assert "values of country" in refusal(small)
    else:
        lost = health(small, "customers")["values_ignored"]
        assert [(row["values"], row["filled"]) for row in lost] == [
            (countries.count("Narnia"), len(countries))
        ]


def test_a_bound_of_zero_allows_none_and_of_one_all(job: Job, tmp_path: Path) -> None:
    one = replace(job, files=book(tmp_path, ["Narnia", "FR", "FR"]))
    assert "1 of 3 values of country (33.3%)" in refusal(with_limits(one, max_values_ignored=0))
    every = replace(job, files=book(tmp_path, ["Narnia"] * 9))
    assert health(with_limits(every, max_values_ignored=1), "customers")["values_ignored"][0]["share"] == 1


def test_a_file_that_joins_no_customer_stops(job: Job, tmp_path: Path) -> None:
    rows = [(f"GB-COH:0{number}", f"GB-COH:9{number}", "50") for number in range(7)]
    edges = write_rows(tmp_path / "psc.csv", "owner_id,owned_id,share_percent", *rows)
    files = replace(book(tmp_path, ["GB"] * 7), ownership=(edges,))
    text = refusal(replace(job, files=files))
    assert "psc.csv: none of 7 rows of ownership are of a customer of the book" in text
    assert "'GB-COH:90'" in text
    assert "[limits.joined] ownership = 0" in text
    shown, remarks = read(with_limits(replace(job, files=files), joined={"ownership": 0}))
    assert row_of(shown, "ownership")["joined"] == {"rows": 0, "customers": 0, "through": None}
    assert remarks == ["psc.csv: none of its 7 rows of ownership is of a customer of the book."]


FURTHER = {
    "activity": ("customer_id,activity_id,kind", ("{}", "a1", "training")),
    "connections": ("entity_id,kind,value", ("{}", "phone", "+44 20 7946 0018")),
    "transactions": ("customer_id,date", ("{}", "2026-01-05")),
    "answers": ("customer_id,rule_id,answer", ("{}", "RF01", "no")),
    "licences": ("customer_id,licence_ref", ("{}", "D123456")),
    "entities": ("entity_id,name", ("{}", "Rowan Holding")),
}


@pytest.mark.parametrize("table", FURTHER)
def test_every_further_file_has_to_join(job: Job, tmp_path: Path, table: str) -> None:
    header, row = FURTHER[table]
    for id_, joins in (("X9", False), ("K1", True)):
        file = write_rows(tmp_path / f"{table}.csv", header, tuple(cell.format(id_) for cell in row))
        files = replace(book(tmp_path, ["GB"] * 3), **{table: file})  # type: ignore[arg-type]
        if joins:
            assert health(replace(job, files=files), table)["joined"] == {
                "rows": 1, "customers": 1, "through": None,
            }  # fmt: skip
        else:
            assert f"{table}.csv: none of 1 rows" in refusal(replace(job, files=files))


def test_reviews_and_renamings_of_nobody_stop_no_job(job: Job, tmp_path: Path) -> None:
    renames = write_rows(tmp_path / "renames.csv", "old_id,new_id,date", ("X1", "X2", "2026-01-05"))
    job = replace(job, files=replace(book(tmp_path, ["GB"]), renames=renames))
    assert health(job, "renames")["joined"]["rows"] == 0


def test_an_empty_file_is_told_and_stops_no_job(job: Job, tmp_path: Path) -> None:
    empty = write_rows(tmp_path / "transactions.csv", "customer_id,date")
    _, remarks = read(replace(job, files=replace(book(tmp_path, ["GB"]), transactions=empty)))
    assert remarks == ["transactions.csv: holds no rows of transactions."]


def test_customers_are_joined_by_identifiers_too(job: Job, tmp_path: Path) -> None:
    customers = write_rows(
        tmp_path / "book.csv",
        "customer_id,name,identifiers",
        ("K1", "Rowan Trading", "lei:5493001KJTIIGC8Y1R12"),
    )
    entities = write_rows(
        tmp_path / "entities.csv",
        "entity_id,name,identifiers",
        ("E1", "Rowan Trading", "lei:5493001KJTIIGC8Y1R12"),
    )
    edges = write_rows(
        tmp_path / "edges.csv", "owner_id,owned_id,share_percent", ("T", "E1", "60"), ("A", "B", "9")
    )
    files = BookFiles(customers, ownership=(edges,), entities=entities)
    rows, _ = read(replace(job, files=files))
    assert row_of(rows, "ownership")["joined"] == {"rows": 1, "customers": 1, "through": None}
    assert row_of(rows, "entities")["joined"] == {"rows": 1, "customers": 1, "through": None}


def test_owners_of_owners_join_through_the_file_below(job: Job, tmp_path: Path) -> None:
    header = "owner_id,owned_id,share_percent"
    chain = [("C", "B", "60"), ("B", "A", "60"), ("A", "K0", "60")]
    names = ("top.csv", "middle.csv", "bottom.csv")
    edges = tuple(write_rows(tmp_path / name, header, row) for name, row in zip(names, chain, strict=True))
    stray = write_rows(tmp_path / "stray.csv", header, ("Y", "Z", "60"))
    files = replace(book(tmp_path, ["GB"]), ownership=(*edges, stray))
    text = refusal(replace(job, files=files))
    assert "stray.csv" in text
    assert not [name for name in names if name in text]
    rows, _ = read(replace(job, files=replace(files, ownership=edges)))
    through = [row["joined"]["through"] for row in rows if row["table"] == "ownership"]
    assert through == ["middle.csv", "bottom.csv", None]


def test_all_that_exceeds_a_bound_is_told_at_once(job: Job, tmp_path: Path) -> None:
    rows = [("K0", f"a{number}", "training", "when?") for number in range(9)]
    activity = write_rows(tmp_path / "activity.csv", "customer_id,activity_id,kind,start", *rows)
    answers = write_rows(tmp_path / "answers.csv", "customer_id,rule_id,answer", ("X1", "RF01", "no"))
    aside = write_rows(tmp_path / "licences.csv", "customer_id,licence_ref", ("K0", ""), ("K0", "D1"))
    files = replace(book(tmp_path, ["Narnia"] * 9), activity=activity, answers=answers, licences=aside)
    text = refusal(replace(job, files=files))
    for shown in (
        "values of country",
        "values of start",
        "answers.csv: none of",
        "limits.max_other_rows_set_aside",
    ):
        assert shown in text


def test_values_are_cut_and_steer_no_terminal(job: Job, tmp_path: Path) -> None:
    text = refusal(replace(job, files=book(tmp_path, [HOSTILE] * 9)))
    assert "<script>" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "x" * 50 not in text


@pytest.mark.slow
def test_shards_and_their_merge_tell_what_a_whole_run_tells(job: Job, tmp_path: Path) -> None:
    spoiled = respell(job.files.customers, tmp_path / "customers.csv", "party_type", {"vessel": "boat"})
    whole = replace(job, files=replace(job.files, customers=spoiled), chunk=60)
    shown = run(whole)
    names = [make_shard(replace(whole, out=tmp_path / f"n{n}"), Share(n, 2)) for n in range(2)]
    merged = merge(names, tmp_path / "merged")
    assert merged.health == shown.health
    assert merged.warnings == shown.warnings
    lost = row_of(shown.health["files"], "customers")["values_ignored"]
    assert lost[0]["column"] == "party_type"
    delta = run(replace(whole, out=tmp_path / "delta", since=whole.out))
    assert delta.health == shown.health


def test_a_shard_stops_where_a_whole_run_does(job: Job, tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="values of country"):
        make_shard(replace(job, files=book(tmp_path, ["Narnia"] * 9)), Share(0, 2))
    assert not job.out.exists()


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("max_values_ignored = 2", "less than or equal to 1"),
        ("[limits.values_ignored.customer]\ncountry = 0.1", "no such table 'customer'"),
        ("[limits.values_ignored.customers]\nland = 0.1", "customers has no column land"),
        ("[limits.joined]\nfiles = 1", "no such table 'files'"),
        ("min_joined = -1", "greater than or equal to 0"),
    ],
)
def test_bounds_that_cannot_be_meant_are_refused(tmp_path: Path, setting: str, shown: str) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text(setting if setting.startswith("[") else f"[limits]\n{setting}\n")
    with pytest.raises(ConfigInvalid, match=shown):
        load_config(path)


STRANGERS = {
    "activity": ("customer_id,activity_id,kind", ("{}", "a{}", "training")),
    "transactions": ("customer_id,date", ("{}", "2026-01-05")),
    "answers": ("customer_id,rule_id,answer", ("{}", "RF01", "no")),
    "licences": ("customer_id,licence_ref", ("{}", "D123456")),
    "connections": ("entity_id,kind,value", ("{}", "phone", "+44 20 7946 0018")),
}


def with_strangers(job: Job, folder: Path, strange: int) -> Job:
    """A book of three customers, and in each further table 40 rows of theirs and some of nobody."""
    files = book(folder, ["GB"] * 3)
    edges = write_rows(folder / "edges.csv", "owner_id,owned_id,share_percent", ("H1", "K0", "60"))
    ids = [*(f"K{number % 3}" for number in range(40)), *(f"X{number}" for number in range(strange))]
    made = {}
    for table, (header, row) in STRANGERS.items():
        rows = (
            tuple(cell.format(f"{id_}{n}" if cell[0] == "a" else id_) for cell in row)
            for n, id_ in enumerate(ids)
        )
        made[table] = write_rows(folder / f"{table}.csv", header, *rows)
    return replace(job, files=replace(files, ownership=(edges,), **made))


def test_rows_of_nobody_are_problems_with_their_row(job: Job, tmp_path: Path) -> None:
    job = with_strangers(job, tmp_path, 2)
    with (tmp_path / "connections.csv").open("a") as page:
        page.write("H1,director,Wren Sparrow\n")
    manifest = run(job)
    problems = open_run(job.out).table("problems")
    found = {(row["table"], row["row"], row["column"], row["value"]) for row in problems.to_dicts()}
    assert found == {
        (table, row, "entity_id" if table == "connections" else "customer_id", value)
        for table in STRANGERS
        for row, value in ((42, "X0"), (43, "X1"))
    }
    assert set(problems["consequence"]) == {"value_ignored"}
    for table in STRANGERS:
        (lost,) = row_of(manifest.health["files"], table)["values_ignored"]
        rows = 43 if table == "connections" else 42
        assert (lost["values"], lost["filled"], lost["examples"]) == (2, rows, ["X0", "X1"])
    shown = [text for text in manifest.warnings if "nothing comes of them" in text]
    assert len(shown) == len(STRANGERS)
    assert (
        "activity.csv: 2 of 42 of customer_id name no customer of the book; nothing comes of them." in shown
    )


def test_too_many_rows_of_nobody_stop(job: Job, tmp_path: Path) -> None:
    text = refusal(with_strangers(job, tmp_path, 5))
    for table in STRANGERS:
        assert f"{table}.csv: 5 of 45 values of" in text
    assert "name no customer of the book, such as 'X0'" in text
    assert "[limits.values_ignored.answers] customer_id = 0.12" in text


def test_a_file_of_nobody_at_all_is_told_once(job: Job, tmp_path: Path) -> None:
    rows = [("X9", "RF01", "no")] * 9
    answers = write_rows(tmp_path / "answers.csv", "customer_id,rule_id,answer", *rows)
    job = replace(job, files=replace(book(tmp_path, ["GB"]), answers=answers))
    text = refusal(job)
    assert "none of 9 rows of answers" in text
    assert "values of customer_id" not in text
    _, remarks = read(with_limits(job, joined={"answers": 0}))
    assert remarks == ["answers.csv: none of its 9 rows of answers is of a customer of the book."]


def test_answers_that_say_nothing_and_rules_that_there_are_not(job: Job, tmp_path: Path) -> None:
    fine = [("K0", "RF28", "no")] * 20
    answers = write_rows(
        tmp_path / "answers.csv",
        "customer_id,rule_id,answer",
        *(*fine, ("K0", "RF28", "perhaps"), ("K0", "RF99", "no"), ("K0", "CERT_I", "true")),
    )
    licences = write_rows(
        tmp_path / "licences.csv", "customer_id,licence_ref,rule_id",
        *[("K0", "D1", "RF28")] * 20, ("K0", "D2", "XX"), ("K0", "D3", ""),
    )  # fmt: skip
    files = replace(book(tmp_path, ["GB"]), answers=answers, licences=licences)
    with begin(replace(job, files=files), silent) as running:
        opened, _ = read_inputs(running)
    given = opened.book
    assert given.problems.select("table", "row", "column", "value", "consequence").rows() == [
        ("answers", 22, "answer", "perhaps", "row_set_aside"),
        ("answers", 23, "rule_id", "RF99", "value_ignored"),
        ("licences", 22, "rule_id", "XX", "value_ignored"),
    ]
    assert given.answers is not None
    assert given.licences is not None
    assert given.answers["answer"][-1] == "yes"
    assert given.licences["rule_id"].to_list()[-2:] == ["XX", None]  # never as if it were for any rule
    shown = row_of(file_rows(given.accounts, opened.joins), "licences")["values_ignored"]
    assert [(lost["values"], lost["filled"]) for lost in shown] == [(1, 21)]


def test_words_that_no_rule_knows_are_told_once_each(job: Job, tmp_path: Path) -> None:
    paid = [
        ("K0", "2026-01-05", "End User", word) for word in ("wire", "Letter of credit", "barter", "barter")
    ]
    transactions = write_rows(tmp_path / "deals.csv", "customer_id,date,role,payment_method", *paid)
    job = replace(job, files=replace(book(tmp_path, ["GB"]), transactions=transactions))
    manifest = run(job)
    (problem,) = open_run(job.out).table("problems").to_dicts()
    assert (problem["row"], problem["value"], problem["consequence"]) == (4, "barter", "value_cleaned")
    assert (
        "deals.csv: 2 values of payment_method are words that no rule knows: 'barter'." in manifest.warnings
    )
