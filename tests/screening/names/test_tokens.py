"""Tokens: phrases of the lexicon become the one word that stands for them."""

from __future__ import annotations

import polars as pl
import pytest

from screening.names.lexicon import lexicon
from screening.names.tokens import tokenize

CASES = [
    ("Huawei Technologies Co., Ltd.", ["huawei", "technology", "limited~"]),
    ("Huawei Jishu Youxian Gongsi", ["huawei", "technology", "limited~"]),
    ("华为技术有限公司", ["hua", "wei", "technology", "limited~"]),
    ("華為技術有限公司", ["hua", "wei", "technology", "limited~"]),
    (
        "中国电子科技集团公司第五十五研究所",
        ["china", "electronics", "technology", "group", "55", "institute"],
    ),
    ("Fifty-Fourth Research Institute", ["54", "institute"]),
    ("ООО Сухой", ["limited~", "sukhoy"]),
    ("Obshchestvo s Ogranichennoi Otvetstvennostyu Vektor", ["limited~", "vektor"]),
    ("Norsi Trans PJSC", ["norsi", "trans", "joint_stock~"]),
    ("삼성전자 주식회사", ["sam", "song", "electronics", "joint_stock~"]),
    ("ABC TICARET LTD. STI.", ["abc", "trading", "limited~"]),
]


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_tokens(name: str, expected: list[str]) -> None:
    words = list(lexicon().tokens)
    tokens, fresh = tokenize(pl.Series([name]), {token: i for i, token in enumerate(words)})
    assert [[*words, *fresh][i] for i in tokens.ids] == expected


def test_every_name_has_its_tokens() -> None:
    words = list(lexicon().tokens)
    tokens, fresh = tokenize(
        pl.Series(["a1 b2", "", "limited liability company x"]), {token: i for i, token in enumerate(words)}
    )
    assert len(tokens) == 3
    assert tokens.offsets[-1] == len(tokens.ids)
    assert len(set(fresh)) == len(fresh)
