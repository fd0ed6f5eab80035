"""The words of names as a run keeps them: nothing is lost on the way, and the numbers depend on the words alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stages.lexis import Lexis, names_of, renumbered, vocabulary
from screening.names.tokens import as_lists

KNOWN = ["", "alpha", "beta", "gamma", "delta", "limited"]
subjects = st.lists(  # of each subject its names, of each name its words
    st.lists(st.lists(st.integers(0, len(KNOWN) - 1), max_size=4), min_size=1, max_size=3), max_size=6
)


def lexis(told: list[list[list[int]]], known: list[str], first: int = 0) -> Lexis:
    rows = [(f"s{first + i:03}", words) for i, names in enumerate(told) for words in names]
    ids = np.array([word for _, words in rows for word in words], np.int32)
    offsets = np.concatenate([[0], np.cumsum([len(words) for _, words in rows])]).astype(np.int64)
    names = pl.DataFrame({"record_id": pl.Series([row[0] for row in rows], dtype=pl.String)})
    return Lexis.of(names.with_columns(as_lists(offsets, ids)), known)


def written(of: Lexis) -> list[list[str]]:
    """Write out every name of every subject."""
    offsets, numbers = names_of(of.subjects["words"])
    words = [of.vocabulary[int(n) - 1] for n in numbers]
    return [words[a:b] for a, b in pairwise(offsets)]


@given(subjects)
def test_every_name_is_read_as_it_was_told(told: list[list[list[int]]]) -> None:
    kept = lexis(told, KNOWN)
    assert written(kept) == [[KNOWN[word] for word in words] for names in told for words in names]
    assert kept.subjects["subject_id"].to_list() == [f"s{i:03}" for i in range(len(told))]
    assert set(kept.vocabulary) == {KNOWN[word] for names in told for words in names for word in words}


@given(subjects, subjects, st.permutations(range(len(KNOWN))))
def test_the_numbers_depend_on_the_words_alone(
    some: list[list[list[int]]], others: list[list[list[int]]], order: list[int]
) -> None:
    """Another index numbers its words otherwise, and a delta takes a part of them from the night before."""
    place = {word: at for at, word in enumerate(order)}
    mixed = [[[place[word] for word in words] for words in names] for names in others]
    parts = [lexis(some, KNOWN), lexis(mixed, [KNOWN[i] for i in order], len(some))]
    whole = lexis([*some, *others], KNOWN)
    every = vocabulary(part.vocabulary for part in parts)
    assert every.equals(vocabulary([whole.vocabulary]))
    told = parts[0].followed_by(parts[1])
    assert written(told) == written(whole)
    numbers = [renumbered(each.subjects["words"], each.vocabulary, every) for each in (told, whole)]
    assert numbers[0].equals(numbers[1])


def test_nobody_has_no_words() -> None:
    nobody = lexis([], KNOWN)
    assert nobody.vocabulary.is_empty()
    assert written(nobody.followed_by(nobody)) == []
