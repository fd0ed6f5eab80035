"""The door of the room: an index over the names of listed parties, and the match of customers against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.compiled import threads
from screening.errors import InvalidFrame
from screening.matching.explanation import Explanation, explain_pairs
from screening.matching.index_data import IndexData
from screening.matching.pairs import Pairs, block_size, find_pairs
from screening.matching.rows import checked
from screening.names.tokens import as_lists, read_words


@dataclass(frozen=True, slots=True)
class NameIndex:
    """An immutable index of party names; build it with `NameIndex.build`, then `match` as often as you like.

    >>> listed = pl.DataFrame({"party_id": ["EL-1", "SDN-2"], "name": ["Huawei Technologies Co., Ltd.", "SUKHOI"]})
    >>> index = NameIndex.build(listed)
    >>> queries = pl.DataFrame({"query_id": ["c1", "c2"], "name": ["华为技术有限公司", "Сухой"]})
    >>> index.match(queries).select("query_id", "party_id", "matched_name").rows()
    [('c1', 'EL-1', 'Huawei Technologies Co., Ltd.'), ('c2', 'SDN-2', 'SUKHOI')]
    """

    data: IndexData

    @classmethod
    def build(cls, names: pl.DataFrame) -> NameIndex:
        """Index a list.

        `names` has party_id, name [, party_type, quality strong|weak, country ISO alpha-2]; several rows a party.
        Raises InvalidFrame when a column is missing.
        """
        return cls(IndexData.build(names))

    @property
    def rows(self) -> pl.DataFrame:
        """The names, one row each, in the order of `Pairs.name`: party_id, party_type, quality, country, name."""
        return self.data.rows

    @property
    def words(self) -> list[str]:
        """The words that the index has read, each at the place of its id."""
        return list(self.data.word_ids)

    def tokenize_names(self, names: pl.Series) -> tuple[NameIndex, pl.Series]:
        """Read names whose words are wanted more than once.

        Returns the same index, which has read these words as well, and the words of each name, a list of ids. That
        index, and any that comes of it, takes them as column `words` next to the names and neither reads nor compares
        them again. What is found is the same.

        >>> index = NameIndex.build(pl.DataFrame({"party_id": ["EL-1"], "name": ["Huawei Technologies"]}))
        >>> index, words = index.tokenize_names(pl.Series(["Hauwei Co"]))
        >>> index.match(pl.DataFrame({"query_id": ["c1"], "name": ["Hauwei Co"], "words": words}))["party_id"].to_list()
        ['EL-1']
        """
        own_words = self.data.word_ids
        size = max(1, block_size(len(names)))
        blocks = [names[first : first + size] for first in range(0, max(1, len(names)), size)]
        with ThreadPoolExecutor(threads()) as pool:
            read = [*pool.map(lambda block: read_words(block, own_words), blocks)]
        index = self.with_tokens([word for _, _, fresh in read for word in fresh])
        lists = []
        for offsets, words, fresh in read:
            ids = np.concatenate([np.arange(len(own_words), dtype=np.int32), index.ids(fresh)])
            lists.append(as_lists(offsets, ids[words]))
        return index, pl.concat(lists)

    def with_tokens(self, words: Iterable[str]) -> NameIndex:
        """Return the same index, which has also read these words: they are compared with those of the list now."""
        own_words = self.data.word_ids
        fresh = [word for word in dict.fromkeys(words) if word not in own_words]
        if not fresh:
            return self
        vocabulary, described = self.data.describe_with(fresh)
        ids = {word: i for i, word in enumerate(fresh, len(own_words))}
        return NameIndex(replace(self.data, word_ids=own_words | ids, vocabulary=vocabulary, words=described))

    def ids(self, words: Sequence[str]) -> NDArray[np.int32]:
        """Return the ids of words that the index has read. Raises KeyError for any other."""
        return np.fromiter(map(self.data.word_ids.__getitem__, words), np.int32, len(words))

    def match(self, queries: pl.DataFrame, limit: int | None = 10, min_score: float = 0.0) -> pl.DataFrame:
        """Match names against the list.

        `queries` has query_id, name [, party_type, country]. Returns one row per query and party: query_id,
        party_id, score (a probability), similarity (of the words alone), query_name, matched_name (as listed),
        quality; queries in their order, best first, ties by party_id. `limit` None keeps every party that scores
        `min_score` or more. A score depends on the two records only, never on the rest of the list or the batch.
        Raises InvalidFrame when a column is missing.
        """
        rows = checked(queries, ("query_id", "name"), ("party_type", "country"))
        pairs = find_pairs(self.data, rows, limit, min_score)
        asked, listed = rows[pairs.query], self.rows[pairs.name]
        return pl.DataFrame(
            {
                "query_id": asked["query_id"],
                "party_id": listed["party_id"],
                "score": pairs.score,
                "similarity": pairs.similarity,
                "query_name": asked["name"],
                "matched_name": listed["name"],
                "quality": listed["quality"],
            }
        )

    def find(self, queries: pl.DataFrame, min_score: float = 0.0) -> Pairs:
        """Match names against the list as `match` does, all parties that score `min_score` or more, by row numbers.

        `queries` has name [, party_type, country]. Raises InvalidFrame when a column is missing.
        """
        return find_pairs(self.data, checked(queries, ("name",), ("party_type", "country")), None, min_score)

    def explain(
        self,
        query_name: str,
        party_id: str,
        party_type: str | None = None,
        country: str | None = None,
        matched_name: str | None = None,
    ) -> Explanation:
        """Say why a name matches a party word by word: `matched_name`, or the best of its names.

        Raises InvalidFrame when the index has no such party.
        """
        row = {"query_name": query_name, "party_id": party_id, "party_type": party_type, "country": country}
        row["matched_name"] = matched_name
        (explained,) = self.explain_matches(pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)))
        return explained

    def explain_matches(self, matches: pl.DataFrame) -> list[Explanation]:
        """Say of each match why it is one; where the party has no name `matched_name`, by the best of its names.

        `matches` has query_name, party_id [, party_type and country of the query, matched_name]. Raises InvalidFrame
        when a column is missing, or the index has no such party.
        """
        asked = checked(
            matches.rename({"query_name": "name"}, strict=False),
            ("name", "party_id"),
            ("party_type", "country", "matched_name"),
        )
        if asked.is_empty():
            return []
        unknown = asked.filter(~pl.col("party_id").is_in(self.data.parties.implode()))["party_id"]
        if len(unknown):
            raise InvalidFrame(
                f"no party {unknown[0]!r} in the index: give a party_id of the names it was built from"
            )
        return explain_pairs(self.data, asked)
