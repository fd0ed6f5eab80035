"""The words of the data files: what kind each is, and the one word for all its spellings and translations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from string import ascii_lowercase

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.clean import clean
from screening.names.tables import table

KINDS = ("word", "generic", "place", "number", "stop", "title", "legal")
WORD, GENERIC, PLACE, NUMBER, STOP, TITLE, LEGAL = range(len(KINDS))
LEGAL_CLASSES = (
    "limited",
    "joint_stock",
    "partnership",
    "state_enterprise",
    "proprietor",
    "association",
    "company",
)
DOTTED = range(3, 6)
"""Letters of a form or place that is also read letter by letter: Z.A.O., U.S.A."""


@dataclass(frozen=True, slots=True)
class Trie:
    """Phrases of token ids, compiled: `root[token]` is the state after a first token; `keys` (sorted, state *
    number of tokens + token) lead to `states`; `stands_for[state]` is what a complete phrase becomes, or -1.
    """

    root: NDArray[np.int32]
    keys: NDArray[np.int64]
    states: NDArray[np.int32]
    stands_for: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and phrases of the data files; ids are places in `tokens`, kinds places in `KINDS`.

    `words` merges phrases of words (`joint stock company`), `names` then whole names of what these words name
    (`china electronics technology group` is cetc). `formal` marks words that occur only as parts of legal forms.
    """

    tokens: tuple[str, ...]
    ids: dict[str, int]
    kind: NDArray[np.uint8]
    legal_class: NDArray[np.int8]  # -1 where not a legal form
    formal: NDArray[np.bool_]
    words: Trie
    names: Trie


@dataclass(slots=True)
class _Phrases:
    """Phrases gathered before they are compiled; where two claim the same words, the first wins."""

    children: list[dict[int, int]] = field(default_factory=lambda: [{}])
    stands_for: list[int] = field(default_factory=lambda: [-1])

    def add(self, words: Iterable[int], target: int) -> None:
        state = 0
        for token in words:
            if token not in self.children[state]:
                self.children[state][token] = len(self.children)
                self.children.append({})
                self.stands_for.append(-1)
            state = self.children[state][token]
        if self.stands_for[state] < 0:
            self.stands_for[state] = target

    def match(self, words: list[int]) -> list[int]:
        """Merge phrases as `merge_phrases` does, for the few names of the data files."""
        merged, at = [], 0
        while at < len(words):
            token, length, state = words[at], 1, 0
            for ahead in range(at, len(words)):
                following = self.children[state].get(words[ahead])
                if following is None:
                    break
                state = following
                if self.stands_for[state] >= 0:
                    token, length = self.stands_for[state], ahead - at + 1
            merged.append(token)
            at += length
        return merged

    def trie(self, count: int) -> Trie:
        """Compile the phrases of `count` tokens."""
        root = np.full(count, -1, dtype=np.int32)
        for token, state in self.children[0].items():
            root[token] = state
        edges = sorted(
            (state * count + token, child)
            for state, below in enumerate(self.children)
            if state
            for token, child in below.items()
        )
        return Trie(
            root=root,
            keys=np.array([key for key, _ in edges], dtype=np.int64),
            states=np.array([child for _, child in edges], dtype=np.int32),
            stands_for=np.array(self.stands_for, dtype=np.int32),
        )


@cache
def lexicon() -> Lexicon:
    """Compile the data files."""
    ids: dict[str, int] = {letter: i for i, letter in enumerate(ascii_lowercase)}
    kinds: dict[int, int] = {}
    classes: dict[int, int] = {}
    in_forms: set[int] = set()
    words, names = _Phrases(), _Phrases()
    spelled = _spelled()
    for phrase, standing, kind, legal_class in _all_phrases(spelled):
        target = ids.setdefault(standing, len(ids))
        kinds.setdefault(target, kind)
        classes.setdefault(target, legal_class)
        parts = [ids.setdefault(word, len(ids)) for word in phrase]
        words.add(parts, target)
        if kind == LEGAL:
            in_forms.update(parts)
        if kind in (LEGAL, PLACE) and len(phrase) == 1 and len(phrase[0]) in DOTTED:
            words.add([ids[letter] for letter in phrase[0]], target)
    legal = {token for token, kind in kinds.items() if kind == LEGAL}
    for short, forms in table("short_names").rows():
        target = ids.setdefault(short, len(ids))
        for phrase in _phrases(forms.split("|"), spelled):
            merged = words.match([ids.setdefault(word, len(ids)) for word in phrase])
            merged = [token for token in merged if token not in legal] or merged
            if len(merged) > 1:
                names.add(merged, target)
    count = len(ids)
    alone = {token: words.stands_for[state] for token, state in words.children[0].items()}
    for token, target in alone.items():
        if target >= 0:
            kinds.setdefault(token, kinds[target])
            classes.setdefault(token, classes[target])
    return Lexicon(
        tokens=tuple(ids),
        ids=ids,
        kind=np.array([kinds.get(i, WORD) for i in range(count)], dtype=np.uint8),
        legal_class=np.array([classes.get(i, -1) for i in range(count)], dtype=np.int8),
        formal=np.array([i in in_forms and alone.get(i, -1) < 0 for i in range(count)]),
        words=words.trie(count),
        names=names.trie(count),
    )


def _spelled() -> dict[str, str]:
    """Every form of the data files, cleaned: all at once, because a call costs as much as a thousand forms."""
    forms: dict[str, None] = {}
    for name in ("legal_forms", "short_names", "places", "words"):
        cells = (cell for row in table(name).rows() for cell in row)
        forms.update(dict.fromkeys(form for cell in cells for form in cell.split("|")))
    return dict(zip(forms, clean(pl.Series(list(forms), dtype=pl.String)).to_list(), strict=True))


def _all_phrases(spelled: dict[str, str]) -> Iterator[tuple[list[str], str, int, int]]:
    """Yield every phrase of the data files: its words, the token it becomes, the kind, the class of a legal form."""
    for legal_class, forms in table("legal_forms").select("class", "forms").rows():
        code = LEGAL_CLASSES.index(legal_class)
        for words in _phrases(forms.split("|"), spelled):
            yield words, f"{legal_class}~", LEGAL, code
    for words, value in _numbers(spelled):
        yield words, value, NUMBER, -1
    for word, variants in table("places").select("word", "variants").rows():
        for words in _phrases([word, *variants.split("|")], spelled):
            yield words, word.replace(" ", ""), PLACE, -1
    for kind, word, variants in table("words").filter(pl.col("kind") != "number").rows():
        for words in _phrases([word, *variants.split("|")], spelled):
            standing = words if kind == "title" else word.split(" ")
            yield words, "".join(standing), KINDS.index(kind), -1


def _numbers(spelled: dict[str, str]) -> Iterator[tuple[list[str], str]]:
    """Numbers in words up to 99; `fifty fourth` is built from `fifty` and `fourth`."""
    named: dict[int, list[list[str]]] = {}
    rows = table("words").filter(pl.col("kind") == "number").select("word", "variants").rows()
    for value, variants in rows:
        named[int(value)] = list(_phrases(variants.split("|"), spelled))
    for tens, units in product(range(20, 100, 10), range(1, 10)):
        named[tens + units] = [[*a, *b] for a, b in product(named[tens], named[units])]
    for value, forms in sorted(named.items()):
        for words in forms:
            yield words, str(value)


def _phrases(forms: Iterable[str], spelled: dict[str, str]) -> Iterator[list[str]]:
    """Yield the words of each form, those that are cleaned to the same once."""
    for form in dict.fromkeys(spelled[form] for form in forms):
        if form:
            yield form.split(" ")
