"""The door of the room: an index over the names of listed parties, and the match of customers against it."""

from __future__ import annotations

import os
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.errors import InvalidFrame
from screening.matching.book import (
    CRAFT,
    EITHER,
    ORGANIZATION,
    PERSON,
    PLACE,
    Book,
    Names,
    file_names,
    lay_out,
    word_hashes,
)
from screening.matching.explanation import Explanation, explain_pair
from screening.matching.gather import Cut, Words, count_entries, scratch
from screening.matching.kernel import match_range
from screening.matching.score import models
from screening.names.lexicon import GENERIC, LEGAL, lexicon
from screening.names.neighbours import Neighbours, SpellingIndex
from screening.names.tables import settings
from screening.names.tokens import Tokens, tokenize
from screening.names.vocabulary import Vocabulary, describe

_KINDS = {
    "person": PERSON,
    "organization": ORGANIZATION,
    "vessel": CRAFT,
    "aircraft": CRAFT,
    "address": PLACE,
}
_HITS = {
    "query_id": pl.String,
    "party_id": pl.String,
    "score": pl.Float64,
    "similarity": pl.Float64,
    "query_name": pl.String,
    "matched_name": pl.String,
    "quality": pl.String,
}
_TOGETHER = 1 << 17  # queries that are laid out at a time


@dataclass(frozen=True, slots=True)
class NameIndex:
    """An immutable index of party names; build it with `NameIndex.build`, then `match` as often as you like.

    >>> listed = pl.DataFrame({"party_id": ["EL-1", "SDN-2"], "name": ["Huawei Technologies Co., Ltd.", "SUKHOI"]})
    >>> index = NameIndex.build(listed)
    >>> queries = pl.DataFrame({"query_id": ["c1", "c2"], "name": ["华为技术有限公司", "Сухой"]})
    >>> index.match(queries).select("query_id", "party_id", "matched_name").rows()
    [('c1', 'EL-1', 'Huawei Technologies Co., Ltd.'), ('c2', 'SDN-2', 'SUKHOI')]
    """

    rows: pl.DataFrame
    parties: pl.Series
    known: dict[str, int]
    vocabulary: Vocabulary
    spellings: SpellingIndex
    near: Neighbours
    names: Names
    book: Book
    country_codes: dict[str, int]
    beginnings: tuple[list[str], NDArray[np.int32]]

    @classmethod
    def build(cls, names: pl.DataFrame) -> NameIndex:
        """Index a list.

        `names` has party_id, name [, party_type, quality strong|weak, country ISO alpha-2]; several rows a party.
        Raises InvalidFrame when a column is missing.
        """
        rows = _checked(names, ("party_id", "name"), ("party_type", "quality", "country"))
        rows = rows.filter(pl.col("name").str.strip_chars() != "").unique(
            ["party_id", "name", "party_type"], keep="first", maintain_order=True
        )
        rows = rows.sort((pl.col("party_type") != "person").fill_null(True), "party_id", "name", "party_type")
        tokens, fresh = tokenize(rows["name"], lexicon().ids)
        words = [*lexicon().tokens, *fresh]
        vocabulary = describe(words, of_lexicon=True)
        codes = {code: i for i, code in enumerate(rows["country"].drop_nulls().unique().sort().to_list())}
        laid_out = lay_out(tokens, vocabulary, _party_kind(rows, tokens, vocabulary), _country(rows, codes))
        word, stands_for = _spelled_words(tokens, vocabulary)
        spellings = SpellingIndex.file(vocabulary.folds.take(word), stands_for)
        hashes = word_hashes(vocabulary)[word]
        parties = rows["party_id"].unique().sort()
        book = file_names(
            laid_out,
            len(words),
            party=parties.search_sorted(rows["party_id"]).to_numpy().astype(np.int32),
            weak=(rows["quality"] == "weak").fill_null(False).to_numpy(),
            spelled=(hashes[hashes != 0], stands_for[hashes != 0]),
        )
        by_letters = sorted(range(len(word)), key=lambda i: words[word[i]])
        return cls(
            rows=rows,
            parties=parties,
            known={token: i for i, token in enumerate(words)},
            vocabulary=vocabulary,
            spellings=spellings,
            near=spellings.search(vocabulary.folds),
            names=laid_out,
            book=book,
            country_codes=codes,
            beginnings=([words[word[i]] for i in by_letters], stands_for[by_letters]),
        )

    def match(self, queries: pl.DataFrame, limit: int | None = 10, min_score: float = 0.0) -> pl.DataFrame:
        """Match names against the list.

        `queries` has query_id, name [, party_type, country]. Returns one row per query and party: query_id,
        party_id, score (a probability), similarity (of the words alone), query_name, matched_name (as listed),
        quality; queries in their order, best first, ties by party_id. `limit` None keeps every party that scores
        `min_score` or more. A score depends on the two records only, never on the rest of the list or the batch.
        Raises InvalidFrame when a column is missing.
        """
        rows = _checked(queries, ("query_id", "name"), ("party_type", "country"))
        if rows.is_empty() or self.rows.is_empty():
            return pl.DataFrame(schema=_HITS)
        slices = rows.iter_slices(_TOGETHER)
        return pl.concat([self._match(part, limit, min_score) for part in slices])

    def explain(
        self, query_name: str, party_id: str, party_type: str | None = None, country: str | None = None
    ) -> Explanation:
        """Say why a name matches a party: the best of its names, word by word.

        Raises InvalidFrame when the index holds no such party.
        """
        mine = self.rows.filter(pl.col("party_id") == party_id)
        if mine.is_empty():
            raise InvalidFrame(
                f"no party {party_id!r} in the index: give a party_id of the names it was built from"
            )
        query = pl.DataFrame(
            {"query_id": ["query"], "name": [query_name], "party_type": [party_type], "country": [country]},
            schema_overrides={"party_type": pl.String, "country": pl.String},
        )
        alone = NameIndex.build(mine)
        batch, words, cut, written = alone._encode(query)
        return explain_pair(query_name, alone.rows, batch, alone.names, words, cut, alone.book, written)

    def _match(self, rows: pl.DataFrame, limit: int | None, min_score: float) -> pl.DataFrame:
        batch, words, cut, _ = self._encode(rows)
        query, name, score, similarity = self._search(
            batch, words, cut, -1 if limit is None else limit, min_score
        )
        party = self.book.party[name]
        order = np.lexsort((party, -score, query))
        query, name, party = query[order], name[order], party[order]
        hits = pl.DataFrame({"query": query, "score": score[order], "similarity": similarity[order]})
        if limit is not None:
            starts = np.searchsorted(query, query, side="left")
            keep = np.arange(len(query)) - starts < limit
            hits, name, party = hits.filter(keep), name[keep], party[keep]
        return hits.select(
            query_id=rows["query_id"].gather(hits["query"]),
            party_id=self.parties.gather(party),
            score="score",
            similarity="similarity",
            query_name=rows["name"].gather(hits["query"]),
            matched_name=self.rows["name"].gather(name),
            quality=self.rows["quality"].gather(name),
        )

    def _encode(self, rows: pl.DataFrame) -> tuple[Names, Words, Cut, list[str]]:
        """Write a batch in the vocabulary of the index, followed by the batch's own new words."""
        tokens, fresh = tokenize(rows["name"], self.known)
        new = describe(fresh)
        found = self.spellings.search(new.folds)
        vocabulary = self.vocabulary.followed_by(new)
        batch = lay_out(
            tokens, vocabulary, _party_kind(rows, tokens, vocabulary), _country(rows, self.country_codes)
        )
        keys, hashes = self.book.join_keys, word_hashes(vocabulary)
        place = np.minimum(np.searchsorted(keys, hashes), max(len(keys) - 1, 0))
        is_join = (
            (keys[place] == hashes) & (hashes != 0) if len(keys) else np.zeros(len(hashes), dtype=np.bool_)
        )
        words = Words(
            kind=vocabulary.kind,
            legal_class=vocabulary.legal_class,
            organization=vocabulary.organization,
            person=vocabulary.person,
            letter=vocabulary.letter,
            length=vocabulary.length,
            fold_offsets=vocabulary.folds.offsets,
            folds=vocabulary.folds.letters,
            join_unit=np.where(is_join, place + self.book.size, -1).astype(np.int32),
            near_offsets=np.concatenate([self.near.offsets, found.offsets[1:] + self.near.offsets[-1]]),
            near_ids=np.concatenate([self.near.ids, found.ids]),
            near_similarity=np.concatenate([self.near.similarity, found.similarity]),
        )
        return batch, words, self._cut(rows, tokens, fresh), fresh

    def _cut(self, rows: pl.DataFrame, tokens: Tokens, fresh: list[str]) -> Cut:
        """Find the words that the last word of a cut query may begin."""
        is_cut = np.isin(rows["name"].str.len_chars().to_numpy(), settings("weights")["field_lengths"])
        written, stands_for = self.beginnings
        words = list(self.known) if is_cut.any() else []
        ids, lengths = [], np.zeros(len(rows), dtype=np.int64)
        for row in np.flatnonzero(is_cut):
            last = tokens.words[tokens.begin[tokens.offsets[row + 1]] - 1]
            word = words[last] if last < len(words) else fresh[last - len(words)]
            first, end = bisect_left(written, word), bisect_left(written, word + "~")
            longer = np.unique(stands_for[first:end])
            if len(word) > 2:
                ids.append(longer)
                lengths[row] = len(longer)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Cut(is_cut, offsets, np.concatenate([*ids, np.empty(0, np.int32)]).astype(np.int32))

    def _search(
        self, batch: Names, words: Words, cut: Cut, limit: int, least: float
    ) -> tuple[NDArray[Any], ...]:
        """Run the kernel over the batch, in as many threads as there are cores; the order is that of the batch."""
        count = len(batch.offsets) - 1
        gate = settings("calibration")["gate"]
        gates = np.array([[gate[kind]["query"], gate[kind]["name"]] for kind in ("person", "organization")])
        cores = min(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, max(1, count // 64)
        )
        bounds = np.linspace(0, count, cores + 1).astype(np.int64)
        entries = max(1, count_entries(batch, words, cut, _most_alike(self.book.word_keys)))

        def part(i: int) -> tuple[NDArray[Any], ...]:
            work = scratch(len(self.rows), len(self.book.posting_persons), entries)
            found: tuple[NDArray[Any], ...] = match_range(
                batch, self.names, words, cut, self.book, work, models(), gates,
                bounds[i], bounds[i + 1], limit, least,
            )  # fmt: skip
            return found

        if cores == 1:
            return part(0)
        with ThreadPoolExecutor(cores) as pool:
            parts = list(pool.map(part, range(cores)))
        return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True))


def _checked(frame: pl.DataFrame, required: tuple[str, ...], optional: tuple[str, ...]) -> pl.DataFrame:
    """Return the known columns as text, absent optional ones as nulls."""
    missing = [column for column in required if column not in frame.columns]
    if missing:
        raise InvalidFrame(
            f"the frame of names lacks {', '.join(missing)}: it has {', '.join(frame.columns) or 'no columns'}"
        )
    return frame.select(
        *(pl.col(column).cast(pl.String) for column in required),
        *(
            (pl.col(column) if column in frame.columns else pl.lit(None)).cast(pl.String).alias(column)
            for column in optional
        ),
    ).with_columns(pl.col("name").fill_null(""))


def _spelled_words(tokens: Tokens, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Every word that stands for a token of the list, and that token: words of the list, and known equivalents."""
    one_word = tokens.spelling >= 0
    trie = lexicon().words
    state = trie.root
    known = np.flatnonzero(state >= 0)
    standing = trie.stands_for[state[known]]
    on_list = np.zeros(len(vocabulary), dtype=np.bool_)
    on_list[tokens.ids] = True
    useful = (standing >= 0) & on_list[standing]
    pairs = np.concatenate([
        np.stack([tokens.spelling[one_word], tokens.ids[one_word]]),
        np.stack([known[useful], standing[useful]]),
    ], axis=1)  # fmt: skip
    pairs = np.unique(pairs, axis=1)
    spelled = vocabulary.spelled()
    pairs = pairs[:, spelled[pairs[0]] & spelled[pairs[1]]]
    return pairs[0].astype(np.int64), pairs[1].astype(np.int32)


def _most_alike(sorted_keys: NDArray[np.uint64]) -> int:
    """Length of the longest run of equal keys."""
    if not len(sorted_keys):
        return 1
    starts = np.flatnonzero(np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]]))
    return int(np.diff(np.append(starts, len(sorted_keys))).max())


def _party_kind(rows: pl.DataFrame, tokens: Tokens, vocabulary: Vocabulary) -> NDArray[np.uint8]:
    """Code of each name's party type; without one, a legal form or a business word makes it an organization."""
    stated = (
        rows["party_type"].replace_strict(_KINDS, default=EITHER, return_dtype=pl.UInt8).to_numpy().copy()
    )
    business = np.isin(vocabulary.kind[tokens.ids], (LEGAL, GENERIC))
    totals = np.concatenate([[0], np.cumsum(business)])
    has_business = totals[tokens.offsets[1:]] > totals[tokens.offsets[:-1]]
    stated[(stated == EITHER) & has_business] = ORGANIZATION
    return stated


def _country(rows: pl.DataFrame, codes: dict[str, int]) -> NDArray[np.int32]:
    """Code of each row's country; -1 unknown, one past the codes of the list for a country it does not have."""
    column = rows["country"]
    if column.null_count() == len(column):
        return np.full(len(column), -1, dtype=np.int32)
    coded = column.replace_strict(codes, default=len(codes), return_dtype=pl.Int32)
    return (
        pl.select(pl.when(column.is_null()).then(-1).otherwise(coded)).to_series().to_numpy().astype(np.int32)
    )
