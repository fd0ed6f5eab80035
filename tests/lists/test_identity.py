"""Party ids stay the same across publications and publishers."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lists.identity import namesake_key, party_ids

SCHEMA = dict.fromkeys(("list", "number", "name", "key", "tiebreak"), pl.String)
entries = st.lists(
    st.tuples(
        st.sampled_from(["EL", "DPL"]), st.none(), st.sampled_from(["A", "a.", "B"]), st.sampled_from(["HK", "TR"]),
        st.sampled_from(["1", "2", "3"]),
    ),
    unique=True, min_size=1,
)  # fmt: skip


def ids(rows: list[tuple[str | None, ...]]) -> dict[tuple[str | None, ...], str]:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return dict(zip(rows, party_ids(frame), strict=True))


@given(entries, st.randoms())
def test_ids_are_unique_and_do_not_depend_on_the_order(
    rows: list[tuple[str | None, ...]], random: object
) -> None:
    rows = list({(*row[:2], row[2].strip(".").lower(), *row[3:]): row for row in rows if row[2]}.values())
    first = ids(rows)
    assert len(set(first.values())) == len(rows)
    shuffled = sorted(rows, key=lambda row: row[::-1], reverse=True)
    assert ids(shuffled) == first


def test_a_newcomer_that_sorts_later_leaves_the_ids_alone() -> None:
    before = ids([("EL", None, "A", "HK", "1"), ("EL", None, "B", "HK", "1")])
    after = ids([("EL", None, "A", "HK", "1"), ("EL", None, "B", "HK", "1"), ("EL", None, "A", "HK", "2")])
    assert before.items() <= after.items()


def test_the_publishers_number_is_the_id() -> None:
    assert ids([("SDN", "36", "A", None, None)]) == {("SDN", "36", "A", None, None): "SDN-36"}


def test_the_first_notice_identifies_an_order_and_countries_a_party() -> None:
    frame = pl.DataFrame({"c": [["TR", "HK", "TR"]], "n": ["68 F.R. 38290 6/27/03 71 F.R. 38843"]})
    keys = frame.select(
        dpl=namesake_key(pl.lit("DPL"), pl.col("c"), pl.col("n")),
        el=namesake_key(pl.lit("EL"), pl.col("c"), pl.col("n")),
    )
    assert keys.rows() == [("68 FR 38290", "HK TR")]
