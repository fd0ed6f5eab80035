"""The words of names as a run stores them: nothing is lost on the way, and the numbers depend on the words alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.delta.vocabulary import SubjectWords, merge_vocabularies, renumber, split_names
from screening.names.tokens import as_lists

WORDS = ["", "alpha", "beta", "gamma", "delta", "limited"]
subjects = st.lists(  # of each subject its names, of each name its words
    st.lists(st.lists(st.integers(0, len(WORDS) - 1), max_size=4), min_size=1, max_size=3), max_size=6
)


def subject_words(given: list[list[list[int]]], words: list[str], first: int = 0) -> SubjectWords:
    rows = [(f"s{first + i:03}", words) for i, names in enumerate(given) for words in names]
    ids = np.array([word for _, words in rows for word in words], np.int32)
    offsets = np.concatenate([[0], np.cumsum([len(words) for _, words in rows])]).astype(np.int64)
    names = pl.DataFrame({"subject_id": pl.Series([row[0] for row in rows], dtype=pl.String)})
    return SubjectWords.from_names(names.with_columns(as_lists(offsets, ids)), words)


def written(subjects: SubjectWords) -> list[list[str]]:
    """Write out every name of every subject."""
    offsets, numbers = split_names(subjects.subjects["words"])
    words = [subjects.vocabulary[int(n) - 1] for n in numbers]
    return [words[a:b] for a, b in pairwise(offsets)]


@given(subjects)
def test_every_name_is_read_as_it_was_written(given: list[list[list[int]]]) -> None:
    gathered = subject_words(given, WORDS)
    assert written(gathered) == [[WORDS[word] for word in words] for names in given for words in names]
    assert gathered.subjects["subject_id"].to_list() == [f"s{i:03}" for i in range(len(given))]
    assert set(gathered.vocabulary) == {WORDS[word] for names in given for words in names for word in words}


@given(subjects, subjects, st.permutations(range(len(WORDS))))
def test_the_numbers_depend_on_the_words_alone(
    some: list[list[list[int]]], others: list[list[list[int]]], order: list[int]
) -> None:
    """Another index numbers its words otherwise, and a delta takes a part of them from the night before."""
    place = {word: at for at, word in enumerate(order)}
    mixed = [[[place[word] for word in words] for words in names] for names in others]
    parts = [subject_words(some, WORDS), subject_words(mixed, [WORDS[i] for i in order], len(some))]
    whole = subject_words([*some, *others], WORDS)
    every = merge_vocabularies(part.vocabulary for part in parts)
    assert every.equals(merge_vocabularies([whole.vocabulary]))
    given = parts[0].followed_by(parts[1])
    assert written(given) == written(whole)
    numbers = [renumber(each.subjects["words"], each.vocabulary, every) for each in (given, whole)]
    assert numbers[0].equals(numbers[1])


def test_nobody_has_no_words() -> None:
    nobody = subject_words([], WORDS)
    assert nobody.vocabulary.is_empty()
    assert written(nobody.followed_by(nobody)) == []
