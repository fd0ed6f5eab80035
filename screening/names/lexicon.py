"""The words we know: what kind each is, and the one word that stands for all its spellings and translations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.clean import clean
from screening.names.tables import table

KINDS = ("word", "generic", "place", "number", "stop", "title", "legal")
WORD, GENERIC, PLACE, NUMBER, STOP, TITLE, LEGAL = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Known words and phrases, compiled for whole columns.

    `tokens` are the words that known phrases are made of, and the words that stand for them; ids are their
    positions. The phrases form a trie: `root[token]` is the state after a first token, `keys` (sorted,
    state * number of tokens + token) lead to `states`; `stands_for[state]` is the token that a complete
    phrase becomes, or -1.
    """

    tokens: tuple[str, ...]
    kind: NDArray[np.uint8]
    legal_class: NDArray[np.int8]  # -1 where not a legal form
    root: NDArray[np.int32]
    keys: NDArray[np.int64]
    states: NDArray[np.int32]
    stands_for: NDArray[np.int32]


LEGAL_CLASSES = (
    "limited",
    "joint_stock",
    "partnership",
    "state_enterprise",
    "proprietor",
    "association",
    "company",
)


@cache
def lexicon() -> Lexicon:
    """Compile the data files; where two files claim one phrase, the first in the order of `_phrases` wins."""
    ids: dict[str, int] = {}
    kinds: dict[int, int] = {}
    classes: dict[int, int] = {}
    children: list[dict[int, int]] = [{}]
    stands_for = [-1]
    for words, standing, kind, legal_class in _phrases():
        target = ids.setdefault(standing, len(ids))
        kinds.setdefault(target, kind)
        classes.setdefault(target, legal_class)
        state = 0
        for word in words:
            token = ids.setdefault(word, len(ids))
            if token not in children[state]:
                children[state][token] = len(children)
                children.append({})
                stands_for.append(-1)
            state = children[state][token]
        if stands_for[state] < 0:
            stands_for[state] = target
    count = len(ids)
    root = np.full(count, -1, dtype=np.int32)
    for token, state in children[0].items():
        root[token] = state
    edges = sorted(
        (state * count + token, child)
        for state, below in enumerate(children)
        if state
        for token, child in below.items()
    )
    return Lexicon(
        tokens=tuple(ids),
        kind=np.array([kinds.get(i, WORD) for i in range(count)], dtype=np.uint8),
        legal_class=np.array([classes.get(i, -1) for i in range(count)], dtype=np.int8),
        root=root,
        keys=np.array([key for key, _ in edges], dtype=np.int64),
        states=np.array([child for _, child in edges], dtype=np.int32),
        stands_for=np.array(stands_for, dtype=np.int32),
    )


def _phrases() -> Iterator[tuple[list[str], str, int, int]]:
    """Yield every known phrase: its words, the token it becomes, the kind, the class of a legal form."""
    for legal_class, forms in table("legal_forms").select("class", "forms").rows():
        code = LEGAL_CLASSES.index(legal_class)
        for words in _cleaned(forms.split("|")):
            yield words, f"{legal_class}~", LEGAL, code
    for words, value in _numbers():
        yield words, value, NUMBER, -1
    for word, variants in table("places").select("word", "variants").rows():
        for words in _cleaned([word, *variants.split("|")]):
            yield words, word.replace(" ", ""), PLACE, -1
    for kind, word, variants in table("words").filter(pl.col("kind") != "number").rows():
        for words in _cleaned([word, *variants.split("|")]):
            standing = words[0] if kind in {"stop", "title"} and len(words) == 1 else word.replace(" ", "")
            yield words, standing, KINDS.index(kind), -1


def _numbers() -> Iterator[tuple[list[str], str]]:
    """Numbers in words up to 99; `fifty fourth` is built from `fifty` and `fourth`."""
    spelled: dict[int, list[list[str]]] = {}
    for value, variants in (
        table("words").filter(pl.col("kind") == "number").select("word", "variants").rows()
    ):
        spelled[int(value)] = list(_cleaned(variants.split("|")))
    for tens, units in product(range(20, 100, 10), range(1, 10)):
        spelled[tens + units] = [[*a, *b] for a, b in product(spelled[tens], spelled[units])]
    for value, forms in sorted(spelled.items()):
        for words in forms:
            yield words, str(value)


def _cleaned(forms: Iterable[str]) -> Iterator[list[str]]:
    for form in clean(pl.Series(list(forms), dtype=pl.String)).unique(maintain_order=True).to_list():
        if form:
            yield form.split(" ")
