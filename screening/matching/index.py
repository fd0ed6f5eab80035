"""The door of the room: an index over the names of listed parties, and the match of customers against it."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.errors import InvalidFrame
from screening.matching.batch import described, encode
from screening.matching.candidates import count_entries, scratch
from screening.matching.explanation import Explanation, explain_pairs
from screening.matching.kernel import match_batch
from screening.matching.postings import Names, Postings, build_postings, lay_out
from screening.matching.rows import checked, country_codes, party_kinds, persons
from screening.matching.score import gates, models
from screening.matching.words import Words, make_words
from screening.names.lexicon import lexicon
from screening.names.neighbours import SpellingIndex
from screening.names.tokens import Tokens, as_lists, read_words, tokenize
from screening.names.vocabulary import Vocabulary, describe

_HITS = {
    "query_id": pl.String,
    "party_id": pl.String,
    "score": pl.Float64,
    "similarity": pl.Float64,
    "query_name": pl.String,
    "matched_name": pl.String,
    "quality": pl.String,
}


class Found(NamedTuple):
    """Pairs: row of the queries, row of the names, score, similarity; queries in order, best first, ties by party."""

    query: NDArray[np.int64]
    name: NDArray[np.int64]
    score: NDArray[np.float64]
    similarity: NDArray[np.float64]


_TOGETHER = 1 << 16  # queries that a thread lays out at a time
_A_THREAD = 256  # queries that are worth a thread


@dataclass(frozen=True, slots=True)
class NameIndex:
    """An immutable index of party names; build it with `NameIndex.build`, then `match` as often as you like.

    >>> listed = pl.DataFrame({"party_id": ["EL-1", "SDN-2"], "name": ["Huawei Technologies Co., Ltd.", "SUKHOI"]})
    >>> index = NameIndex.build(listed)
    >>> queries = pl.DataFrame({"query_id": ["c1", "c2"], "name": ["华为技术有限公司", "Сухой"]})
    >>> index.match(queries).select("query_id", "party_id", "matched_name").rows()
    [('c1', 'EL-1', 'Huawei Technologies Co., Ltd.'), ('c2', 'SDN-2', 'SUKHOI')]
    """

    rows: pl.DataFrame  # party_id, party_type, quality, country, name: one row a name, persons first
    parties: pl.Series  # sorted
    word_ids: dict[str, int]  # the words of the vocabulary, in order
    vocabulary: Vocabulary
    spellings: SpellingIndex
    words: Words
    names: Names
    postings: Postings
    country_codes: dict[str, int]
    spelled_words: list[str]  # sorted, with the token that each stands for
    spelled_ids: NDArray[np.int32]

    @classmethod
    def build(cls, names: pl.DataFrame) -> NameIndex:
        """Index a list.

        `names` has party_id, name [, party_type, quality strong|weak, country ISO alpha-2]; several rows a party.
        Raises InvalidFrame when a column is missing.
        """
        rows = checked(names, ("party_id", "name"), ("party_type", "quality", "country"))
        rows = rows.filter(pl.col("name").str.strip_chars() != "").unique(
            ["party_id", "name", "party_type"], keep="first", maintain_order=True
        )
        rows = rows.sort((pl.col("party_type") != "person").fill_null(True), "party_id", "name", "party_type")
        tokens, fresh = tokenize(rows["name"], lexicon().ids, persons(rows))
        words = [*lexicon().tokens, *fresh]
        vocabulary = describe(words, of_lexicon=True)
        codes = {code: i for i, code in enumerate(rows["country"].drop_nulls().unique().sort().to_list())}
        kinds = party_kinds(rows, tokens, vocabulary)
        laid_out = lay_out(tokens, vocabulary, kinds, country_codes(rows["country"], codes))
        word, stands_for = _spelled_words(tokens, vocabulary)
        spellings = SpellingIndex.file(vocabulary.folds.take(word), stands_for)
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

    def tokenize_names(self, names: pl.Series) -> tuple[NameIndex, pl.Series]:
        """Read names whose words are wanted more than once: returns the same index, which knows these words as well,
        and the words of each name, a list of ids.

        The returned index, and any that comes of it, takes them as column `words` beside the names and neither reads
        nor compares them again. What is found is the same.

        >>> index = NameIndex.build(pl.DataFrame({"party_id": ["EL-1"], "name": ["Huawei Technologies"]}))
        >>> index, words = index.reading(pl.Series(["Hauwei Co"]))
        >>> index.match(pl.DataFrame({"query_id": ["c1"], "name": ["Hauwei Co"], "words": words}))["party_id"].to_list()
        ['EL-1']
        """
        size = max(1, _size(len(names)))
        slices = [names[first : first + size] for first in range(0, max(1, len(names)), size)]
        with ThreadPoolExecutor(_cores()) as pool:
            read = [*pool.map(lambda each: read_words(each, self.word_ids), slices)]
        with_tokens = self.with_tokens([word for _, _, fresh in read for word in fresh])
        lists = []
        for offsets, words, fresh in read:
            word_ids = len(self.word_ids)
            ids = np.concatenate([np.arange(word_ids, dtype=np.int32), with_tokens.ids(fresh)])
            lists.append(as_lists(offsets, ids[words]))
        return with_tokens, pl.concat(lists)

    def with_tokens(self, words: Iterable[str]) -> NameIndex:
        """Return the same index, which also knows these words: they are compared with those of the list now."""
        fresh = [word for word in dict.fromkeys(words) if word not in self.word_ids]
        if not fresh:
            return self
        vocabulary, told = described(self, fresh)
        ids = {word: i for i, word in enumerate(fresh, len(self.word_ids))}
        return replace(self, word_ids=self.word_ids | ids, vocabulary=vocabulary, words=told)

    def ids(self, words: Sequence[str]) -> NDArray[np.int32]:
        """Return the ids of known words."""
        return np.fromiter(map(self.word_ids.__getitem__, words), np.int32, len(words))

    def match(self, queries: pl.DataFrame, limit: int | None = 10, min_score: float = 0.0) -> pl.DataFrame:
        """Match names against the list.

        `queries` has query_id, name [, party_type, country]. Returns one row per query and party: query_id,
        party_id, score (a probability), similarity (of the words alone), query_name, matched_name (as listed),
        quality; queries in their order, best first, ties by party_id. `limit` None keeps every party that scores
        `min_score` or more. A score depends on the two records only, never on the rest of the list or the batch.
        Raises InvalidFrame when a column is missing.
        """
        rows = checked(queries, ("query_id", "name"), ("party_type", "country"))
        found = self._find(rows, limit, min_score)
        asked, listed = rows[found.query], self.rows[found.name]
        return pl.DataFrame(
            {
                "query_id": asked["query_id"],
                "party_id": listed["party_id"],
                "score": found.score,
                "similarity": found.similarity,
                "query_name": asked["name"],
                "matched_name": listed["name"],
                "quality": listed["quality"],
            }
        )

    def find(self, queries: pl.DataFrame, min_score: float = 0.0) -> Found:
        """Match names against the list as `match` does, all parties that score `min_score` or more, by row numbers.

        Raises InvalidFrame when a column is missing.
        """
        return self._find(checked(queries, ("name",), ("party_type", "country")), None, min_score)

    def explain(
        self,
        query_name: str,
        party_id: str,
        party_type: str | None = None,
        country: str | None = None,
        matched_name: str | None = None,
    ) -> Explanation:
        """Say why a name matches a party word by word: `matched_name`, or the best of its names.

        Raises InvalidFrame when the index holds no such party.
        """
        row = {"query_name": query_name, "party_id": party_id, "party_type": party_type, "country": country}
        row["matched_name"] = matched_name
        (explained,) = self.explain_hits(pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)))
        return explained

    def explain_hits(self, hits: pl.DataFrame) -> list[Explanation]:
        """Say of each row of `hits` (query_name, party_id [, party_type and country of the query, matched_name]) why
        it matches; where the party has no such name, the best of its names.

        Raises InvalidFrame when a column is missing, or the index holds no such party.
        """
        asked = checked(
            hits.rename({"query_name": "name"}, strict=False),
            ("name", "party_id"),
            ("party_type", "country", "matched_name"),
        )
        if asked.is_empty():
            return []
        unknown = asked.filter(~pl.col("party_id").is_in(self.parties.implode()))["party_id"]
        if len(unknown):
            raise InvalidFrame(
                f"no party {unknown[0]!r} in the index: give a party_id of the names it was built from"
            )
        names = self._names_of(asked)
        return explain_pairs(encode(self, asked), asked["name"], names, self.rows, self.names, self.postings)

    def _names_of(self, asked: pl.DataFrame) -> list[NDArray[np.int64]]:
        """Return the rows of each party's names; only of `matched_name` where it is one of them."""
        party = self.parties.search_sorted(asked["party_id"]).to_numpy()
        order = np.argsort(self.postings.party, kind="stable")
        first, last = (np.searchsorted(self.postings.party[order], party, side) for side in ("left", "right"))
        found = []
        for a, b, wanted in zip(first, last, asked["matched_name"], strict=True):
            own = order[a:b]
            same = own[self.rows["name"][own].is_in([wanted]).to_numpy()]
            found.append(same if len(same) else own)
        return found

    def _find(self, rows: pl.DataFrame, limit: int | None, least: float) -> Found:
        """Match in as many threads as are worth it."""
        if rows.is_empty() or self.rows.is_empty():
            rows_of, figures = np.empty(0, dtype=np.int64), np.empty(0)
            return Found(rows_of, rows_of, figures, figures)
        size = _size(len(rows))
        if size >= len(rows):
            return self._search(rows, 0, limit, least)
        firsts = range(0, len(rows), size)
        with ThreadPoolExecutor(_cores()) as pool:
            every = [
                *pool.map(lambda first: self._search(rows[first : first + size], first, limit, least), firsts)
            ]
        return Found(*map(np.concatenate, zip(*every, strict=True)))

    def _search(self, rows: pl.DataFrame, first: int, limit: int | None, least: float) -> Found:
        """Run the kernel over rows of which the first is number `first`; sorted by query, best first."""
        batch, most = encode(self, rows), -1 if limit is None else limit
        entries = max(1, count_entries(batch.names, batch.words, batch.cut, self.postings.most_alike))
        query, name, score, similarity = match_batch(
            batch.names, self.names, batch.words, batch.cut, self.postings,
            scratch(len(self.rows), len(self.postings.posting_persons), entries), models(), gates(), most, least,
        )  # fmt: skip
        order = np.lexsort((self.postings.party[name], -score, query))
        if limit is not None:
            ordered = query[order]
            order = order[np.arange(len(order)) - np.searchsorted(ordered, ordered) < limit]
        return Found(query[order] + np.int64(first), name[order], score[order], similarity[order])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _size(names: int) -> int:
    """Return how many of so many names a thread takes at a time."""
    return math.ceil(names / max(math.ceil(names / _TOGETHER), min(_cores(), 1 + names // _A_THREAD)))


def _spelled_words(tokens: Tokens, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Every word that stands for a token of the list, and that token: words of the list, and known equivalents."""
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
    keep = spelled[words] & spelled[targets]
    return words[keep], targets[keep].astype(np.int32)
