"""An index written down and read again."""

from __future__ import annotations

import polars as pl
import pytest

from screening.matching import NameIndex
from screening.matching.kernel import match_batch
from screening.matching.saved import _take_apart, from_bytes, to_bytes

LISTED = pl.DataFrame(
    {
        "party_id": ["EL-1", "EL-1", "SDN-2", "SDN-3"],
        "name": ["Huawei Technologies Co., Ltd.", "华为", "SUKHOI", "PUTIN, Vladimir Vladimirovich"],
        "party_type": ["organization", "organization", None, "person"],
        "quality": ["strong", "weak", "strong", "strong"],
        "country": ["CN", "CN", "RU", "RU"],
    }
)
QUERIES = pl.DataFrame({"query_id": ["a", "b", "c"], "name": ["Хуавэй", "Sukhoi JSC", "Wladimir Putin"]})


def test_every_array_comes_back() -> None:
    index = NameIndex.build(LISTED)
    again = from_bytes(to_bytes(index))
    before, after = dict(_take_apart("", index)), dict(_take_apart("", again))
    assert before.keys() == after.keys()
    for path, array in before.items():
        assert array.dtype == after[path].dtype, path
        assert array.tobytes() == after[path].tobytes(), path
        assert after[path].flags.writeable == array.flags.writeable, path
    assert index.match(QUERIES, limit=None).equals(again.match(QUERIES, limit=None))
    assert str(index.explain("Huawei", "EL-1")) == str(again.explain("Huawei", "EL-1"))


def test_the_same_index_gives_the_same_bytes() -> None:
    assert to_bytes(NameIndex.build(LISTED)) == to_bytes(NameIndex.build(LISTED.reverse()))


def test_an_index_of_nothing() -> None:
    empty = from_bytes(to_bytes(NameIndex.build(LISTED.head(0))))
    assert empty.match(QUERIES).is_empty()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"\x80\x05K\x01.", b"anything"])
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"saved|pickle"):
        from_bytes(content)


def test_half_the_bytes_are_refused() -> None:
    whole = to_bytes(NameIndex.build(LISTED))
    with pytest.raises((ValueError, KeyError)):
        from_bytes(whole[: len(whole) // 2])


def test_whatever_comes_the_kernel_is_compiled_once() -> None:
    for index in (NameIndex.build(LISTED), from_bytes(to_bytes(NameIndex.build(LISTED)))):
        for name in ("Huawei", "Zzyzx Huawei", "H" * 35, ""):  # known words, new ones, a cut name, none
            index.match(pl.DataFrame({"query_id": ["q"], "name": [name], "country": ["CN"]}), limit=None)
    assert len(match_batch.signatures) == 1
