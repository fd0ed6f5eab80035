"""The door: what must match, what must differ, and that a score depends on two records only."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.errors import InvalidFrame
from screening.matching import NameIndex, thresholds

LISTED = pl.DataFrame(
    [
        ("EL-1", "Huawei Technologies Co., Ltd.", "organization", "CN"),
        ("EL-2", "China Electronics Technology Group Corporation 55th Research Institute", None, "CN"),
        ("EL-2", "CETC 55", None, "CN"),
        ("EL-3", "CETC 54", None, "CN"),
        ("SDN-1", "SUKHOI", "organization", "RU"),
        ("SDN-2", "PUTIN, Vladimir Vladimirovich", "person", "RU"),
        ("SDN-3", "MUHAMMAD, Ali", "person", None),
        ("SDN-4", "GLOBAL TECHNOLOGY FZE", "organization", "AE"),
        ("SDN-5", "ZAFAR", "vessel", "IR"),
        ("SDN-6", "ROSOBORONEXPORT", "organization", "RU"),
    ],
    schema=["party_id", "name", "party_type", "country"],
    orient="row",
)


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex.build(LISTED)


def scores(index: NameIndex, name: str, party_type: str | None = None) -> dict[str, float]:
    queries = pl.DataFrame({"query_id": ["q"], "name": [name], "party_type": [party_type]})
    matches = index.match(queries, limit=None)
    return dict(zip(matches["party_id"].to_list(), matches["score"].to_list(), strict=True))


def test_the_same_legal_form_written_out_does_not_hide_a_name() -> None:
    index = NameIndex.build(pl.DataFrame({"party_id": ["P"], "name": ["Siemens AG"]}))
    assert scores(index, "Siemens Aktiengesellschaft")["P"] >= thresholds()["organization"]["alert"]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("A.B.C. Company", "ABC Company"),
        ("A B C Company", "ABC Company"),
        ("ABC Company", "A. B. C. Company"),
        ("Q.T. Company", "QT Company"),
        ("K.B.X. S.A.", "KBX SA"),  # S.A. is the legal form,
        ("IRISL", "I.R.I.S.L."),  # S.L. is none
        ("C.E.T.C. 54", "China Electronics Technology Group 54"),
        ("China Electronics Technology Group 54", "C.E.T.C. 54"),
        ("Z.A.O. Vektor", "Vektor ZAO"),
    ],
)
def test_letters_in_a_row_are_a_word(query: str, listed: str) -> None:
    index = NameIndex.build(pl.DataFrame({"party_id": ["P"], "name": [listed]}))
    assert scores(index, query).get("P", 0.0) >= thresholds()["organization"]["alert"]


@pytest.mark.parametrize("query", ["A.G. Vysokinsky", "Vysokinsky A.G.", "Высокинский А.Г."])
def test_letters_in_a_row_stay_initials_of_a_person(query: str) -> None:
    named = {"party_id": ["P"], "name": ["VYSOKINSKY, Alexander Grigorievich"], "party_type": ["person"]}
    assert scores(NameIndex.build(pl.DataFrame(named)), query, "person").get("P", 0.0) > 0.9


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("حسن نصر الله", "NASRALLAH, Hasan"),
        ("حسن نصرالله", "NASRALLAH, Hasan"),
        ("عبد الله أحمد", "ABDULLAH, Ahmad"),
        ("نعمة الله", "NEMATOLLAH"),
        ("يحيى السنوار", "SINWAR, Yahya"),
        ("علي", "ALI"),
        ("حزب الله", "HIZBALLAH"),
        ("أنصار الله", "ANSAR ALLAH"),
        ("بنیاد مستضعفان", "BONYAD MOSTAZAFAN"),  # letters of Iran
        ("بانک سپه", "BANK SEPAH"),
    ],
)
def test_arabic_script_as_it_is_written(query: str, listed: str) -> None:
    index = NameIndex.build(pl.DataFrame({"party_id": ["P"], "name": [listed]}))
    assert scores(index, query).get("P", 0.0) >= thresholds()["person"]["review"]


@pytest.mark.parametrize(("given", "same_as"), [("cn", "CN"), (" CN ", "CN"), ("", None), ("  ", None)])
def test_a_country_counts_whatever_its_case_and_a_blank_one_is_unknown(
    index: NameIndex, given: str, same_as: str | None
) -> None:
    queries = pl.DataFrame(
        {"query_id": ["a", "b"], "name": ["Huawei Technology"] * 2, "country": [given, same_as]}
    )
    first, second = index.match(queries, limit=None).partition_by("query_id")
    assert first["score"].to_list() == second["score"].to_list()


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Huawei Technologies Co., Ltd.", "EL-1"),
        ("HUAWEI TECHNOLOGY LIMITED", "EL-1"),
        ("华为技术有限公司", "EL-1"),
        ("華為技術有限公司", "EL-1"),
        ("Huawei Jishu Youxian Gongsi", "EL-1"),
        ("Hua Wei Technologies", "EL-1"),
        ("CETC 55th Research Institute", "EL-2"),
        ("Сухой", "SDN-1"),
        ("Sukhoy", "SDN-1"),
        ("Vladimir Putin", "SDN-2"),
        ("Mohammed Ali", "SDN-3"),
        ("Рособоронэкспорт", "SDN-6"),
        ("Rosoboron Export JSC", "SDN-6"),
    ],
)
def test_must_match(index: NameIndex, name: str, party: str) -> None:
    found = scores(index, name)
    assert max(found, key=lambda party_id: found[party_id]) == party
    assert found[party] > 0.5


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("CETC 55", "EL-3"),
        ("CETC 54", "EL-2"),
        ("Global Trading LLC", "SDN-4"),
        ("Orion Technology FZE", "SDN-4"),
        ("Zafar Trading Company", "SDN-5"),
        ("Vladimir Ivanov", "SDN-2"),
        ("Technology Co., Ltd.", "EL-1"),
    ],
)
def test_must_differ(index: NameIndex, name: str, party: str) -> None:
    assert scores(index, name).get(party, 0.0) < 0.3


def test_columns_and_order(index: NameIndex) -> None:
    queries = pl.DataFrame({"query_id": ["b", "a"], "name": ["CETC", "Huawei"]})
    matches = index.match(queries, limit=1)
    assert matches.columns == [
        "query_id",
        "party_id",
        "score",
        "similarity",
        "query_name",
        "matched_name",
        "quality",
    ]
    assert matches["query_id"].to_list() == ["b", "a"]
    assert matches["score"].is_between(0, 1).all()


def test_empty_frames(index: NameIndex) -> None:
    nothing = pl.DataFrame({"query_id": [], "name": []}, schema={"query_id": pl.String, "name": pl.String})
    assert index.match(nothing).height == 0
    assert NameIndex.build(LISTED.head(0)).match(pl.DataFrame({"query_id": ["q"], "name": ["x"]})).height == 0
    blank = pl.DataFrame(
        {"query_id": ["q", "r"], "name": [None, " ,. "]}, schema_overrides={"name": pl.String}
    )
    assert index.match(blank).height == 0


def test_missing_columns_are_named() -> None:
    with pytest.raises(InvalidFrame, match="party_id"):
        NameIndex.build(pl.DataFrame({"name": ["x"]}))


def test_min_score_and_no_limit_keep_every_pair_above(index: NameIndex) -> None:
    queries = pl.DataFrame({"query_id": ["q"], "name": ["CETC Technology"]})
    every = index.match(queries, limit=None)
    some = index.match(queries, limit=None, min_score=0.01)
    assert some.equals(every.filter(pl.col("score") >= 0.01))


WORDS = ["huawei", "hua", "wei", "cetc", "55", "ali", "ltd", "putin", "sukhoi", "global", "x"]
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(names, min_size=2, max_size=6))
def test_a_score_does_not_depend_on_the_rest(queries: list[str]) -> None:
    index = NameIndex.build(LISTED)
    frame = pl.DataFrame({"query_id": [str(i) for i in range(len(queries))], "name": queries})
    together = index.match(frame, limit=None)
    for row in frame.iter_slices(1):
        alone = index.match(row, limit=None)
        assert alone.equals(together.filter(pl.col("query_id") == row["query_id"][0]))
    for (party,), part in LISTED.group_by("party_id", maintain_order=True):
        smaller = NameIndex.build(part).match(frame, limit=None)
        expected = together.filter(pl.col("party_id") == party)
        assert smaller.equals(expected)


def test_explanation_agrees_with_the_match(index: NameIndex) -> None:
    explained = index.explain("Hua Wei Technologies", "EL-1")
    assert explained.score == pytest.approx(scores(index, "Hua Wei Technologies")["EL-1"], abs=1e-12)
    assert explained.parts[0].query == "hua wei"
    assert "EL-1" in str(explained)


def test_thresholds() -> None:
    for values in thresholds().values():
        assert 0 < values["review"] < values["alert"] < 1


def test_matches_are_explained_together_as_alone(index: NameIndex) -> None:
    names = ["Hua Wei Technologies", "CETC 55", "Vladimir Putin", "Muhammed Ali Ltd", "Sukhoy"]
    matches = index.match(pl.DataFrame({"query_id": names, "name": names, "country": ["RU"] * 5}), limit=None)
    together = index.explain_matches(matches.with_columns(country=pl.lit("RU")))
    assert [each.score for each in together] == matches["score"].to_list()
    assert [each.matched_name for each in together] == matches["matched_name"].to_list()
    for each in together:
        assert str(each) == str(index.explain(each.query_name, each.party_id, country="RU"))
    with pytest.raises(InvalidFrame, match="EL-99"):
        index.explain("x", "EL-99")
