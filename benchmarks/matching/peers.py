"""Other ways to match the same names: rapidfuzz against every name, char n-grams by TF-IDF, nomenklatura's logic-v2.

Each takes the names of the list and the queries, and returns query_id, party_id, score. logic-v2 needs libraries
that we keep out (PyICU); it runs under an interpreter of its own that has `nomenklatura` installed.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils

from screening.matching import NameIndex

MOST = 50  # best names a query
BLOCK = 512
CANDIDATES = 10  # names of a clean query that logic-v2 is given
Matches = pl.DataFrame
Peer = Callable[[pl.DataFrame, pl.DataFrame], Matches]


def headwater(listed: pl.DataFrame, queries: pl.DataFrame) -> Matches:
    """Ours, without party types and countries."""
    found = NameIndex.build(listed).match(queries.select("query_id", "name"), limit=None)
    return found.select("query_id", "party_id", "score")


def headwater_typed(listed: pl.DataFrame, queries: pl.DataFrame) -> Matches:
    """Ours, with the customer's party type."""
    found = NameIndex.build(listed).match(queries.select("query_id", "name", "party_type"), limit=None)
    return found.select("query_id", "party_id", "score")


def rapidfuzz(scorer: Callable[..., float]) -> Callable[[pl.DataFrame, pl.DataFrame], Matches]:
    """Every query against every name, both lower-cased and without punctuation."""

    def match(listed: pl.DataFrame, queries: pl.DataFrame) -> Matches:
        names = [utils.default_process(name) for name in listed["name"]]
        asked = [utils.default_process(name) for name in queries["name"]]
        rows, columns, scores = [], [], []
        for start in range(0, len(asked), BLOCK):
            block = process.cdist(
                asked[start : start + BLOCK], names, scorer=scorer, workers=-1, dtype=np.float32
            )
            top = np.argpartition(-block, MOST, axis=1)[:, :MOST]
            rows.append(np.repeat(np.arange(start, start + len(block)), MOST))
            columns.append(top.ravel())
            scores.append(np.take_along_axis(block, top, axis=1).ravel() / 100)
        return _matches(
            listed, queries, np.concatenate(rows), np.concatenate(columns), np.concatenate(scores)
        )

    return match


def tfidf(listed: pl.DataFrame, queries: pl.DataFrame) -> Matches:
    """Cosine of letter 3- and 4-grams within words, weighted by TF-IDF."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), dtype=np.float32, preprocessor=_plain)
    names = csr_matrix(grams.fit_transform(listed["name"].to_list()))
    asked = csr_matrix(grams.transform(queries["name"].to_list()))
    found = sp_matmul_topn(asked, names.T.tocsr(), top_n=MOST, n_threads=2).tocoo()
    return _matches(listed, queries, found.row, found.col, found.data)


def logic_v2(interpreter: str) -> Callable[[pl.DataFrame, pl.DataFrame], Matches]:
    """nomenklatura's matcher on whole records, given the party type, and the right party where there is one."""

    def match(listed: pl.DataFrame, queries: pl.DataFrame) -> Matches:
        near = tfidf(listed, queries).sort("score", descending=True).group_by("query_id").head(CANDIDATES)
        given = queries.filter(pl.col("party_id").is_not_null()).select("query_id", "party_id")
        pairs = pl.concat([near.select("query_id", "party_id"), given]).unique()
        parties = listed.group_by("party_id").agg("name", listed_type=pl.col("party_type").first())
        pairs = pairs.join(queries.select("query_id", "name", "party_type"), on="query_id").join(
            parties.rename({"name": "names"}), on="party_id"
        )
        script = Path(__file__).with_name("logic_v2.py")
        lines = "\n".join(map(json.dumps, pairs.to_dicts()))
        result = subprocess.run(
            [interpreter, str(script)], input=lines, capture_output=True, text=True, check=True
        )
        scores = [float(line) for line in result.stdout.split()]
        return pairs.select("query_id", "party_id", score=pl.Series(scores))

    return match


def _plain(name: str) -> str:
    return utils.default_process(name)


def _matches(
    listed: pl.DataFrame,
    queries: pl.DataFrame,
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    score: NDArray[np.floating],
) -> Matches:
    matches = pl.DataFrame(
        {"query_id": queries["query_id"][row], "party_id": listed["party_id"][column], "score": score}
    )
    return matches.group_by("query_id", "party_id").agg(pl.col("score").max().cast(pl.Float64))


WHOLE = {
    "Headwater": headwater,
    "Headwater, party type given": headwater_typed,
    "rapidfuzz token_sort_ratio": rapidfuzz(fuzz.token_sort_ratio),
    "char TF-IDF": tfidf,
}
SAMPLED = {"Headwater": headwater, "rapidfuzz WRatio": rapidfuzz(fuzz.WRatio)}
"""WRatio does a million pairs a second: 57,000 names allow 18 queries a second and core."""
