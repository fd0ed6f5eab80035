"""The door of the room: an index over the names of listed parties, and the match of customers against it."""

from __future__ import annotations

import os
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
    fold_hashes,
    joins,
    make_book,
)
from screening.matching.explanation import Explanation, explain_pair
from screening.matching.kernel import Queries, Words, match_range, scratch
from screening.matching.neighbours import Neighbours, SpellingIndex, file_spellings, neighbours
from screening.matching.score import parameters
from screening.names.lexicon import GENERIC, LEGAL, lexicon
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


@dataclass(frozen=True, slots=True)
class NameIndex:
    """An immutable index of party names; build it with `NameIndex.build`, then `match` as often as you like.

    >>> listed = pl.DataFrame({"party_id": ["EL-1", "SDN-2"], "name": ["Huawei Technologies Co., Ltd.", "SUKHOI"]})
    >>> index = NameIndex.build(listed)
    >>> queries = pl.DataFrame({"query_id": ["c1", "c2"], "name": ["华为技术有限公司", "Сухой"]})
    >>> index.match(queries).select("query_id", "party_id", "matched_name").rows()
    [('c1', 'EL-1', 'Huawei Technologies Co., Ltd.'), ('c2', 'SDN-2', 'SUKHOI')]
    """

    names: pl.DataFrame
    parties: pl.Series
    known: dict[str, int]
    vocabulary: Vocabulary
    spellings: SpellingIndex
    near: Neighbours
    book: Book
    country_codes: dict[str, int]

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
        words = list(lexicon().tokens)
        known = {token: i for i, token in enumerate(words)}
        tokens, fresh = tokenize(rows["name"], known)
        known.update((token, len(words) + i) for i, token in enumerate(fresh))
        vocabulary = describe([*words, *fresh], of_lexicon=True)
        spellings = file_spellings(vocabulary, tokens)
        codes = {code: i for i, code in enumerate(rows["country"].drop_nulls().unique().sort().to_list())}
        parties = rows["party_id"].unique().sort()
        book = make_book(
            tokens,
            vocabulary,
            party=parties.search_sorted(rows["party_id"]).to_numpy().astype(np.int32),
            party_kind=_party_kind(rows, tokens, vocabulary),
            weak=(rows["quality"] == "weak").fill_null(False).to_numpy(),
            country=_country(rows, codes),
        )
        near = neighbours(vocabulary, spellings, vocabulary)
        return cls(rows, parties, known, vocabulary, spellings, near, book, codes)

    def match(self, queries: pl.DataFrame, limit: int | None = 10, min_score: float = 0.0) -> pl.DataFrame:
        """Match names against the list.

        `queries` has query_id, name [, party_type, country]. Returns one row per query and party: query_id,
        party_id, score (a probability), similarity (of the words alone), query_name, matched_name (as listed),
        quality; queries in their order, best first, ties by party_id. `limit` None keeps every party that scores
        `min_score` or more. A score depends on the two records only, never on the rest of the list or the batch.
        Raises InvalidFrame when a column is missing.
        """
        rows = _checked(queries, ("query_id", "name"), ("party_type", "country"))
        if rows.is_empty() or self.names.is_empty():
            return pl.DataFrame(schema=_HITS)
        batch, words = self._encode(rows)
        query, name, score, similarity = self._search(batch, words, -1 if limit is None else limit, min_score)
        hits = pl.DataFrame({"query": query, "name": name, "score": score, "similarity": similarity})
        hits = hits.with_columns(party=pl.Series(self.book.party).gather(hits["name"])).sort(
            "query", "score", "party", descending=[False, True, False]
        )
        if limit is not None:
            hits = hits.filter(pl.int_range(pl.len()).over("query") < limit)
        return hits.select(
            query_id=rows["query_id"].gather(hits["query"]),
            party_id=self.parties.gather(hits["party"]),
            score="score",
            similarity="similarity",
            query_name=rows["name"].gather(hits["query"]),
            matched_name=self.names["name"].gather(hits["name"]),
            quality=self.names["quality"].gather(hits["name"]),
        )

    def explain(
        self, query_name: str, party_id: str, party_type: str | None = None, country: str | None = None
    ) -> Explanation:
        """Say why a name matches a party: the best of its names, word by word.

        Raises InvalidFrame when the index holds no such party.
        """
        mine = self.names.filter(pl.col("party_id") == party_id)
        if mine.is_empty():
            raise InvalidFrame(
                f"no party {party_id!r} in the index: give a party_id of the names it was built from"
            )
        query = pl.DataFrame(
            {"query_id": ["query"], "name": [query_name], "party_type": [party_type], "country": [country]},
            schema_overrides={"party_type": pl.String, "country": pl.String},
        )
        alone = NameIndex.build(mine)
        batch, words = alone._encode(query)
        return explain_pair(query_name, alone.names, batch, words, alone.book, len(alone.vocabulary))

    def _encode(self, rows: pl.DataFrame) -> tuple[Queries, Words]:
        """Write a batch in the vocabulary of the index, followed by the batch's own new words."""
        tokens, fresh = tokenize(rows["name"], self.known)
        new = describe(fresh)
        found = neighbours(new, self.spellings, self.vocabulary)
        vocabulary = self.vocabulary.followed_by(new)
        joined = joins(tokens, vocabulary)
        batch = Queries(
            tokens.offsets, tokens.ids, joined.offsets, joined.hashes, joined.first,
            _party_kind(rows, tokens, vocabulary), _country(rows, self.country_codes),
        )  # fmt: skip
        keys, hashes = self.book.join_keys, fold_hashes(vocabulary)
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
            join_unit=np.where(is_join, place + len(self.vocabulary), -1).astype(np.int32),
            near_offsets=np.concatenate([self.near.offsets, found.offsets[1:] + self.near.offsets[-1]]),
            near_ids=np.concatenate([self.near.ids, found.ids]),
            near_similarity=np.concatenate([self.near.similarity, found.similarity]),
        )
        return batch, words

    def _search(self, batch: Queries, words: Words, limit: int, least: float) -> tuple[NDArray[Any], ...]:
        """Run the kernel over the batch, in as many threads as there are cores; the order is that of the batch."""
        count = len(batch.offsets) - 1
        gate = settings("calibration")["gate"]
        gates = np.array([gate["person"], gate["organization"]])
        cores = min(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, max(1, count // 64)
        )
        bounds = np.linspace(0, count, cores + 1).astype(np.int64)

        def part(i: int) -> tuple[NDArray[Any], ...]:
            work = scratch(len(self.names), len(self.book.posting_persons))
            found: tuple[NDArray[Any], ...] = match_range(
                batch, words, self.book, len(self.vocabulary), work, parameters(), gates,
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
