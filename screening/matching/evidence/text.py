"""What was compared, in words: what speaks for a match, what against it, what is missing."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from screening.arrays import Numbers
from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.comparison import NOT_GIVEN, Comparisons
from screening.matching.evidence.weights import ANYWHERE, EQUAL, LEVELS, weights
from screening.tables import outputs

EVIDENCE = outputs.EVIDENCE.dtype
"""The column `evidence` of a match: its parts, in the order of the weights."""
FIELDS = tuple(field.name for field in outputs.EVIDENCE.fields)

_TEXTS = {
    "birth": ("births", "born"),
    "address": ("addresses", "written"),
    "equal": ("identifiers", "written"),
    "class": ("classes", "written"),
}
"""Table and column with the texts of a kind; of equal identifiers, and of all of one class."""
_LISTS = {"country": "countries", "nationality": "nationalities"}


def evidence(pairs: Numbers, compared: Comparisons, ours: Attributes, theirs: Attributes) -> pl.Series:
    """Return what was compared of each of these pairs, which are ascending, as a series of `EVIDENCE`."""
    compared = compared.take(np.isin(compared.pair, pairs))
    place = np.searchsorted(pairs, compared.pair)
    our_texts, their_texts = _both_texts(compared, ours, theirs)
    rows = weights()[compared.level].with_columns(
        pl.Series("place", place),
        pl.Series("ours", our_texts, dtype=pl.String),
        pl.Series("theirs", their_texts, dtype=pl.String),
    )
    parts = rows.with_columns(text=_sentence()).sort("place", "order", "text")
    ends = np.cumsum(np.bincount(place, minlength=len(pairs)))
    lists = pa.LargeListArray.from_arrays(
        pa.array(np.append(0, ends)),
        parts.select(FIELDS).to_struct().to_arrow(),
    )
    return pl.Series("evidence", lists, dtype=EVIDENCE)


def in_words(evidence: pl.Expr) -> pl.Expr:
    """Write the parts that speak for or against a match, or of its name, in one sentence; null where none does.

    >>> part = {"kind": "country", "verdict": "agrees", "weight": 0.5, "text": "same country: RU"}
    >>> frame = pl.DataFrame({"e": [[part], []]}, schema={"e": EVIDENCE})
    >>> frame.select(in_words(pl.col("e")))["e"].to_list()
    ['same country: RU', None]
    """
    part = pl.element().struct
    sentence = evidence.list.eval(
        part.field("text").filter(
            part.field("verdict").is_in(["agrees", "contradicts"]) | (part.field("kind") == "name")
        )
    ).list.join("; ")
    return pl.when(sentence != "").then(sentence)


def _sentence() -> pl.Expr:
    """Put the texts of both sides behind the words of a level."""
    ours, theirs = pl.col("ours"), pl.col("theirs")
    both = pl.concat_str(ours.fill_null("not given"), pl.lit(" / "), theirs.fill_null("not given"))
    texts = pl.when(theirs.is_null() | (ours == theirs)).then(ours).otherwise(both)
    return pl.concat_str("text", pl.format(": {}", texts), ignore_nulls=True)


def _both_texts(
    compared: Comparisons, ours: Attributes, theirs: Attributes
) -> tuple[list[str | None], list[str | None]]:
    """Return the texts of our side and of theirs, one each a comparison."""
    texts = np.full((2, len(compared.pair)), None, dtype=np.object_)
    sources = _sources()[compared.level]
    for source in {*sources.tolist()} - {"name"}:
        rows = np.flatnonzero(sources == source)
        read = _country_texts if source in _LISTS else _written_texts
        texts[:, rows] = read(source, compared.take(rows), ours, theirs)
    return texts[0].tolist(), texts[1].tolist()


def _written_texts(
    source: str, compared: Comparisons, ours: Attributes, theirs: Attributes
) -> NDArray[np.object_]:
    """Return the texts as they were given."""
    table, column = _TEXTS[source]
    given = np.flatnonzero(compared.ours != NOT_GIVEN)
    texts = np.full((2, len(compared.pair)), None, dtype=np.object_)
    texts[0, given] = getattr(ours, table).rows[column][compared.ours[given]].to_numpy()
    texts[1] = getattr(theirs, table).rows[column][compared.theirs].to_numpy()
    return texts


def _country_texts(
    source: str, compared: Comparisons, ours: Attributes, theirs: Attributes
) -> NDArray[np.object_]:
    """Return the countries that both sides share, or else those of either."""
    column = _LISTS[source]
    both = pl.DataFrame(
        {"ours": ours.countries[column][compared.ours], "theirs": theirs.countries[column][compared.theirs]}
    )
    shared = pl.col("ours").list.set_intersection("theirs").list.sort()
    same = shared.list.len() > 0
    texts = both.select(
        ours=pl.when(same).then(shared).otherwise("ours").list.join(", "),
        theirs=pl.when(~same).then("theirs").list.join(", "),
    )
    return np.stack([texts["ours"].to_numpy(), texts["theirs"].to_numpy()])


@cache
def _sources() -> NDArray[np.str_]:
    """Return where the texts of each row of the weights come from."""
    rows = weights().select("kind", "level").rows()
    identifiers = {level: "equal" if level in (EQUAL, ANYWHERE) else "class" for level in LEVELS}
    return np.array([identifiers[level] if kind == "identifier" else kind for kind, level in rows])
