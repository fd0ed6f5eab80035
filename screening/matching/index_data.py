"""What an index holds of the names of a list: tables and arrays, built once and never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.postings import Names, Postings, build_postings, lay_out
from screening.matching.rows import checked, country_codes, party_kinds, persons
from screening.matching.words import Words, followed_by, make_words
from screening.names.lexicon import lexicon
from screening.names.neighbours import SpellingIndex
from screening.names.tokens import Tokens, tokenize
from screening.names.vocabulary import Vocabulary, describe

_TWO_THREADS = 10_000
"""New words that are worth a second thread."""


@dataclass(frozen=True, slots=True)
class IndexData:
    """The names of a list, as the kernel reads them and as they are reported."""

    rows: pl.DataFrame  # party_id, party_type, quality, country, name: one row a name, persons first
    parties: pl.Series  # sorted
    word_ids: dict[str, int]  # the words of the vocabulary, in order
    vocabulary: Vocabulary
    spellings: SpellingIndex
    words: Words
    names: Names
    postings: Postings
    country_codes: dict[str, int]
    spelled_words: list[str]  # sorted; word i stands for the token `spelled_ids[i]`
    spelled_ids: NDArray[np.int32]

    @classmethod
    def build(cls, names: pl.DataFrame) -> IndexData:
        """Index names; columns and errors as in `NameIndex.build`."""
        rows = checked(names, ("party_id", "name"), ("party_type", "quality", "country"))
        rows = rows.filter(pl.col("name").str.strip_chars() != "").unique(
            ["party_id", "name", "party_type"], keep="first", maintain_order=True
        )
        rows = rows.sort((pl.col("party_type") != "person").fill_null(True), "party_id", "name", "party_type")
        tokens, fresh = tokenize(rows["name"], lexicon().ids, persons(rows))
        words = [*lexicon().tokens, *fresh]
        vocabulary = describe(words, with_lexicon=True)
        codes = {code: i for i, code in enumerate(rows["country"].drop_nulls().unique().sort().to_list())}
        kinds = party_kinds(rows, tokens, vocabulary)
        laid_out = lay_out(tokens, vocabulary, kinds, country_codes(rows["country"], codes))
        word, stands_for = _spelled_words(tokens, vocabulary)
        spellings = SpellingIndex.build(vocabulary.folds.take(word), stands_for)
        parties = rows["party_id"].unique().sort()
        postings = build_postings(
            laid_out,
            len(words),
            party=parties.search_sorted(rows["party_id"]).to_numpy().astype(np.int32),
            weak=(rows["quality"] == "weak").fill_null(False).to_numpy(),
            spelled=(vocabulary.hash[word], stands_for),
        )
        by_letters = sorted(range(len(word)), key=lambda i: words[word[i]])
        return cls(
            rows=rows,
            parties=parties,
            word_ids={token: i for i, token in enumerate(words)},
            vocabulary=vocabulary,
            spellings=spellings,
            words=make_words(
                vocabulary, spellings.search(vocabulary.folds), postings.join_keys, postings.size
            ),
            names=laid_out,
            postings=postings,
            country_codes=codes,
            spelled_words=[words[word[i]] for i in by_letters],
            spelled_ids=stands_for[by_letters],
        )

    def describe_with(self, fresh: list[str]) -> tuple[Vocabulary, Words]:
        """Describe the words of the index and, after them, new ones, each compared with those of the list."""
        if not fresh:
            return self.vocabulary, self.words
        if len(fresh) < _TWO_THREADS:
            described = [_describe_new(self, fresh)]
        else:
            half = len(fresh) // 2
            with ThreadPoolExecutor(2) as pool:
                described = [*pool.map(partial(_describe_new, self), (fresh[:half], fresh[half:]))]
        vocabulary, words = self.vocabulary, self.words
        for new_vocabulary, new_words in described:
            vocabulary, words = vocabulary.followed_by(new_vocabulary), followed_by(words, new_words)
        return vocabulary, words


def _describe_new(data: IndexData, fresh: list[str]) -> tuple[Vocabulary, Words]:
    new = describe(fresh)
    near = data.spellings.search(new.folds)
    return new, make_words(new, near, data.postings.join_keys, data.postings.size)


def _spelled_words(tokens: Tokens, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return every word that stands for a token of the list, and that token: words of the list, and equivalents."""
    one_word = tokens.spelling >= 0
    trie = lexicon().words
    word_ids = np.flatnonzero(trie.root >= 0)
    standing = trie.stands_for[trie.root[word_ids]]
    on_list = np.zeros(len(vocabulary), dtype=np.bool_)
    on_list[tokens.ids] = True
    useful = (standing >= 0) & on_list[standing]
    words = np.concatenate([tokens.spelling[one_word], word_ids[useful]])
    targets = np.concatenate([tokens.ids[one_word], standing[useful]])
    pairs = np.unique(words * np.int64(len(vocabulary)) + targets)
    words, targets = pairs // len(vocabulary), pairs % len(vocabulary)
    spelled = vocabulary.spelled()
    useful = spelled[words] & spelled[targets]
    return words[useful], targets[useful].astype(np.int32)
