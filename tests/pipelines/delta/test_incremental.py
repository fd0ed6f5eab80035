"""Reusing the matches of a previous run loses nothing: every pair that comparing all with all finds is found."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from threading import Barrier

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lists.schema import ListFrames, empty
from pipelines.delta.incremental import IncrementalScreener
from pipelines.delta.previous_matches import PreviousMatches, as_hits, party_hashes
from pipelines.delta.vocabulary import merge_vocabularies, renumber
from pipelines.errors import RunDamaged
from pipelines.hashing import file_hash
from pipelines.parallel.tasks import Tables
from pipelines.parallel.threads import run_threads
from pipelines.run.folder import Run
from screening.book.matches import join_parties
from screening.book.screener import Screener
from screening.policy import Matching
from screening.tables.inputs import CUSTOMERS

DAY = date(2026, 11, 22)
NAMES = [
    "Huawei Technologies Co., Ltd.", "Hauwei Technolgies", "华为技术有限公司", "Hua Wei", "CETC 55", "CETC 54",
    "China Electronics Technology Group Corporation 55th Research Institute", "CHINA ELECTRONICS TECHNOLOGY GROUP CO",
    "China Electronics Technology Group ", "Vladimir Putin", "PUTIN, Vladimir", "Putin V.", "Mohammed Ali Ltd",
    "MUHAMMAD, Ali", "Rosoboron Export", "ROSOBORONEXPORT", "Rosoboroneksport OAO", "General Trading Company",
    "Global Trading Limited", "Trading Co", "Sukhoi Civil Aircraft", "Suk hoi Civil Air craft", "SUKHOI", "SCAC",
    "Hebei Semiconductor Research Institute (HSRI)", "HSRI", "Bank Melli Iran", "BankMelli", "Bank", "", "...", "x",
    "International International Group", "Peoples Republic of China", "Vexora Zorblax", "Limited Liability Company",
    "Lirnited Orion Tech nology", "Orion Technology Limited",
]  # fmt: skip
name = st.sampled_from(NAMES)
kind = st.sampled_from([None, "person", "organization"])
street = st.none() | st.just("20 Luard Road, Hong Kong")
party = st.tuples(
    st.sampled_from(["person", "organization", "vessel", "address"]), st.lists(name, min_size=1, max_size=3)
)
customer = st.tuples(
    name,
    st.none() | st.lists(name, max_size=3),
    kind,
    st.none() | st.lists(st.sampled_from(["imo:9187629", "registration:12345678"]), max_size=2),
    street,
)
entity = st.tuples(st.integers(0, 5), st.none() | name, kind, street)
Entity = tuple[int, str | None, str | None, str | None]


def listed(parties: dict[int, tuple[str, list[str]]]) -> Screener:
    """Return a screener over parties: their type and names. Some have a number, or a street."""
    rows = [
        {"party_id": f"P{i}", "list": "SDN", "party_type": kind, "primary_name": names[0]}
        for i, (kind, names) in parties.items()
    ]
    names = [
        {"party_id": f"P{i}", "name": each, "quality": "strong"}
        for i, (_, every) in parties.items()
        for each in every
    ]
    numbers = [{"party_id": f"P{i}", "id_type": "imo", "id_value": "9187629"} for i in parties if i % 4 == 1]
    streets = [
        {"party_id": f"P{i}", "raw": "20 Luard Rd, Hong Kong", "country": "HK"} for i in parties if i % 3 == 1
    ]
    tables = {"parties": rows, "names": names, "identifiers": numbers, "addresses": streets}
    frames = ListFrames(**{t: pl.DataFrame(each, schema=empty(t).schema) for t, each in tables.items()})
    return Screener.on_day(frames, DAY, Matching(), Matching().below)


def book(customers: dict[int, tuple[object, ...]]) -> pl.DataFrame:
    columns = ("name", "other_names", "party_type", "identifiers", "address")
    rows = [
        {"customer_id": f"c{i:02}", "country": "HK", **dict(zip(columns, values, strict=True))}
        for i, values in sorted(customers.items())
    ]
    return pl.DataFrame(rows, schema=CUSTOMERS.schema())


def owners(rows: list[Entity]) -> pl.DataFrame:
    columns = ("name", "kind", "address", "country", "hq_country", "incorporation_country")
    text = dict.fromkeys(columns, pl.String())
    owners = [
        {"entity_id": f"e{i}", "name": each, "kind": kind, "address": place, "country": "HK"}
        for i, each, kind, place in rows
    ]
    schema = {"entity_id": pl.String(), **text, "identifiers": pl.List(pl.String())}
    return pl.DataFrame(owners, schema=schema).sort("entity_id", "name")


def compare(screener: IncrementalScreener, customers: pl.DataFrame, entities: pl.DataFrame) -> list[Tables]:
    nodes = customers.select("customer_id", entity_id="customer_id")
    return [screener.customers(customers, nodes), screener.entities(entities)]


def put_together(tables: list[Tables], screener: Screener) -> dict[str, pl.DataFrame]:
    """Put parts together as a run does."""
    every = merge_vocabularies(part["words"]["word"] for part in tables)
    fingerprints = [
        part["fingerprints"].with_columns(
            renumber(part["fingerprints"]["words"], part["words"]["word"], every)
        )
        for part in tables
    ]
    return {
        "hits": as_hits(join_parties([part["hits"] for part in tables], screener.parties)),
        "fingerprints": pl.concat(fingerprints),
        "words": every.to_frame(),
        "parties": party_hashes(screener.frames, screener.parties),
    }


def write_run(tables: dict[str, pl.DataFrame], folder: Path) -> Run:
    outputs = {}
    for table, rows in tables.items():
        file = folder / f"{table}.parquet"
        rows.write_parquet(file)
        outputs[table] = {"files": {file.name: file_hash(file)}}
    return Run(folder, {"outputs": outputs})


@pytest.mark.slow
@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.generate],  # a smaller example takes minutes to find
)
@given(
    parties=st.dictionaries(st.integers(0, 12), party, min_size=1, max_size=10),
    changed=st.dictionaries(st.integers(0, 12), st.none() | party, max_size=6),
    customers=st.dictionaries(st.integers(0, 30), customer, min_size=1, max_size=25),
    moved=st.dictionaries(st.integers(0, 30), st.none() | customer, max_size=4),
    entities=st.lists(entity, max_size=12),
    others=st.lists(entity, max_size=3),
)
def test_every_pair_is_found(
    tmp_path: Path,
    parties: dict[int, tuple[str, list[str]]],
    changed: dict[int, tuple[str, list[str]] | None],
    customers: dict[int, tuple[object, ...]],
    moved: dict[int, tuple[object, ...] | None],
    entities: list[Entity],
    others: list[Entity],
) -> None:
    """Twice: the second delta builds on the first."""
    before = listed(parties)
    run = write_run(
        put_together(compare(IncrementalScreener(before, None), book(customers), owners(entities)), before),
        tmp_path,
    )
    after = listed({i: each for i, each in {**parties, **changed}.items() if each})
    tonight = book({i: each for i, each in {**customers, **moved}.items() if each})
    around = owners([*entities, *others])
    whole = put_together(compare(IncrementalScreener(after, None), tonight, around), after)
    for _ in range(2):
        delta = put_together(
            compare(IncrementalScreener(after, PreviousMatches.read(run, after)), tonight, around), after
        )
        for table, rows in whole.items():
            assert delta[table].equals(rows), table
        run = write_run(delta, tmp_path)


def test_a_new_listing_finds_an_old_customer_and_a_nameless_owner_by_their_number(tmp_path: Path) -> None:
    before = listed({0: ("organization", ["SUKHOI"])})
    after = listed({0: ("organization", ["SUKHOI"]), 1: ("vessel", ["OCEAN PEARL"])})
    customers = book(
        {0: ("Vexora Zorblax", None, None, ["imo:9187629"], None), 1: ("Orion", None, None, None, None)}
    )
    nameless = owners([(0, None, None, None)]).with_columns(identifiers=pl.lit(["IMO 9187629"]))
    run = write_run(
        put_together(compare(IncrementalScreener(before, None), customers, nameless), before), tmp_path
    )
    previous = PreviousMatches.read(run, after)
    delta = put_together(compare(IncrementalScreener(after, previous), customers, nameless), after)
    assert delta["hits"].select("record_id", "party_id").rows() == [("c00", "P1"), ("e0", "P1")]
    whole = put_together(compare(IncrementalScreener(after, None), customers, nameless), after)
    assert delta["hits"].equals(whole["hits"])


def test_parts_made_at_the_same_time_use_their_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    screener = listed({0: ("organization", ["SUKHOI"]), 1: ("organization", ["ROSOBORONEXPORT"])})
    parts = [
        book({i: (each, None, None, None, None) for i, each in enumerate(names)})
        for names in (["Vexora Zorblax", "Sukhoy"], ["Orion", "Rosoboron Export", "Suk hoi"])
    ]

    def compare_part(screener: IncrementalScreener, part: pl.DataFrame) -> Tables:
        return screener.customers(part, part.select("customer_id", entity_id="customer_id"))

    alone = [compare_part(IncrementalScreener(screener, None), part) for part in parts]
    both_tokenized, tokenize = Barrier(2), IncrementalScreener._tokenize

    def waits(self: IncrementalScreener, names: pl.DataFrame) -> tuple[Screener, pl.DataFrame]:
        read = tokenize(self, names)
        both_tokenized.wait(timeout=60)
        return read

    monkeypatch.setattr(IncrementalScreener, "_tokenize", waits)
    incremental = IncrementalScreener(screener, None)
    for part, found in zip(
        alone, run_threads(partial(compare_part, incremental, part) for part in parts), strict=True
    ):
        for table, rows in part.items():
            assert found[table].equals(rows), table


def test_missing_words_are_an_error(tmp_path: Path) -> None:
    screener, rows = listed({0: ("organization", ["SUKHOI"])}), book({0: ("Sukhoi", None, None, None, None)})
    tables = put_together(compare(IncrementalScreener(screener, None), rows, owners([])), screener)
    no_words = pl.col("words").list.head(0)
    run = write_run({**tables, "fingerprints": tables["fingerprints"].with_columns(no_words)}, tmp_path)
    with pytest.raises(RunDamaged, match="words"):
        compare(IncrementalScreener(screener, PreviousMatches.read(run, screener)), rows, owners([]))


def test_no_name_is_tokenized_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of unchanged names come from the run, also where all parties are new."""
    screener, rows = listed({0: ("organization", ["SUKHOI"])}), book({0: ("Sukhoi", None, None, None, None)})
    run = write_run(
        put_together(compare(IncrementalScreener(screener, None), rows, owners([])), screener), tmp_path
    )
    changed = listed({1: ("organization", ["SUKHOY"])})
    previous = PreviousMatches.read(run, changed)
    monkeypatch.setattr(
        "screening.names.tokens.clean", lambda names: pl.Series([""] * len(names), dtype=pl.String)
    )
    found = compare(IncrementalScreener(changed, previous), rows, owners([]))[0]["hits"]
    assert found["party_id"].to_list() == ["P1"]
