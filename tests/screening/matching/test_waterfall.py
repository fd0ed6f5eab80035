"""The steps of a score add up to it, whatever the names and the other evidence."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from screening.matching import Attributes, NameIndex, search
from screening.matching.contributions import contributions
from screening.matching.evidence.weights import weights
from screening.matching.feature_table import COUNT
from screening.matching.score import models, score_pair
from screening.matching.waterfall import Step, waterfall

TEXT = pl.String()
LISTED = [
    ("P-1", "PETROV, Ivan Sergeevich", "person", "strong", ["RU"]),
    ("P-1", "VANYA", "person", "weak", ["RU"]),
    ("O-1", "Huawei Technologies Co., Ltd.", "organization", "strong", ["CN"]),
    ("O-2", "Sberbank Kapital OOO", "organization", "strong", ["RU"]),
]
NUMBERS = [
    ("P-1", "date_of_birth", "04 Mar 1972", None),
    ("P-1", "passport", "4510 123456", "RU"),
    ("O-2", "lei", "5493001KJTIIGC8Y1R12", None),
]
PLACES = [("O-1", "Bantian, Longgang District, Shenzhen", None, "Shenzhen", None, "CN")]
SUBJECTS: list[tuple[str, str, dict[str, Any]]] = [
    ("Ivan Petrov", "person", {}),
    ("Ivan Petrov", "person", {"date_of_birth": "1972-03-04", "country": "RU"}),
    ("Petrov Ivan Sergeevich", "person", {"date_of_birth": "1990-01-15", "country": "RU"}),
    ("Petrov Ivan Sergeevich", "person", {"date_of_birth": "1974-02-03", "country": "DE"}),
    ("Vanya", "person", {"country": "RU"}),
    ("Nobody at all", "person", {"identifiers": ["passport:4510123456"], "country": "RU"}),
    ("Hua Wei Technology", "organization", {"country": "CN", "address": "Bantian, Longgang District, Shenzhen"}),
    ("Huawei", "organization", {"country": "US"}),
    ("Sberbank Capital", "organization", {"identifiers": ["lei:5493001KJTIIGC8Y1R12"]}),
    ("Sberbank Kapital", "organization", {"identifiers": ["lei:529900T8BM49AURSDO55"], "country": "RU"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> NameIndex:
    columns = ["party_id", "name", "party_type", "quality"]
    return NameIndex.build(pl.DataFrame([row[:4] for row in LISTED], schema=columns, orient="row"))


@pytest.fixture(scope="module")
def theirs() -> Attributes:
    parties = pl.DataFrame(
        [(row[0], row[4]) for row in LISTED], schema={"party_id": TEXT, "countries": pl.List(TEXT)}, orient="row"
    ).unique("party_id")  # fmt: skip
    numbers = dict.fromkeys(("party_id", "id_type", "id_value", "country"), TEXT)
    places = dict.fromkeys(("party_id", "raw", "street", "city", "postal_code", "country"), TEXT)
    return Attributes.from_parties(
        parties, pl.DataFrame(NUMBERS, schema=numbers, orient="row"), pl.DataFrame(PLACES, schema=places, orient="row")
    )  # fmt: skip


def found(index: NameIndex, theirs: Attributes, row: int) -> dict[str, Any]:
    name, kind, attributes = SUBJECTS[row]
    queries = pl.DataFrame({"query_id": ["q"], "subject_id": ["c"], "name": [name], "party_type": [kind]})
    schema = {
        "subject_id": TEXT,
        "country": TEXT,
        "address": TEXT,
        "date_of_birth": TEXT,
        "identifiers": pl.List(TEXT),
    }
    about = pl.DataFrame([{"subject_id": "c", "identifiers": [], **attributes}], schema=schema)
    return search(index, queries, about, theirs, 0.0001).row(0, named=True)


def match_steps(index: NameIndex, match: dict[str, Any], kind: str) -> tuple[Step, ...]:
    named = match["name_score"] is not None
    return waterfall(
        index.explain(match["query_name"], match["party_id"], kind) if named else None, match["evidence"]
    )


@pytest.mark.parametrize("row", range(len(SUBJECTS)))
def test_the_steps_end_in_the_score(index: NameIndex, theirs: Attributes, row: int) -> None:
    match = found(index, theirs, row)
    steps = match_steps(index, match, SUBJECTS[row][1])
    assert steps[-1].probability == pytest.approx(match["score"], abs=1e-9)
    assert 1 / (1 + exp(-sum(step.log_odds for step in steps))) == pytest.approx(match["score"], abs=1e-9)
    for step in steps:
        if step.details:
            assert sum(detail.log_odds for detail in step.details) == pytest.approx(step.log_odds)
        assert step.text


def test_the_cases_have_every_kind_of_step(index: NameIndex, theirs: Attributes) -> None:
    matches = [found(index, theirs, row) for row in range(len(SUBJECTS))]
    kinds = {
        step.kind
        for match, (_, kind, _) in zip(matches, SUBJECTS, strict=True)
        for step in match_steps(index, match, kind)
    }
    assert kinds >= {"start", "names", "limit", "birth", "country", "address", "identifier"}
    assert any(match["name_score"] is None for match in matches)
    assert any(
        part["kind"] == "name" and "weak" in part["text"] for match in matches for part in match["evidence"]
    )


def test_what_namesakes_share_is_named_and_not_counted(index: NameIndex, theirs: Attributes) -> None:
    steps = waterfall(None, found(index, theirs, 2)["evidence"])
    country = next(step for step in steps if step.kind == "country")
    assert (country.log_odds, country.verdict) == (0.0, "open")
    assert "not counted" in country.text


VALUES = st.lists(st.floats(-1.0, 40.0) | st.sampled_from([0.0, 1.0, -1.0]), min_size=COUNT, max_size=COUNT)


@given(VALUES, st.sampled_from([0, 1]))
def test_contributions_of_any_features_add_up(values: list[float], kind: int) -> None:
    features, model = np.array(values), models()[kind]
    total = contributions(features, model).sum()
    assert expit(total) == pytest.approx(score_pair(features, model)[1], abs=1e-12)


def test_the_words_of_a_level_belong_to_it_alone() -> None:
    for (_,), rows in weights().group_by("kind"):
        texts = rows["text"].to_list()
        assert len(set(texts)) == len(texts)
        assert not any(a != b and a.startswith(f"{b}: ") for a in texts for b in texts)
