"""What was compared, in words: which particulars speak for a match, which against it, which are missing."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from screening.arrays import Numbers
from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.comparison import NOT_GIVEN, Parts
from screening.matching.evidence.weights import ANYWHERE, EQUAL, LEVELS, weights
from screening.tables import outputs

EVIDENCE = outputs.EVIDENCE.dtype
FIELDS = tuple(field.name for field in outputs.EVIDENCE.fields)

_TEXTS = {
    "birth": ("births", "born"),
    "address": ("addresses", "written"),
    "equal": ("identifiers", "written"),
    "class": ("numbers", "written"),
}
"""Where the texts of a kind stand; of equal identifiers, and of all of one class."""
_LISTS = {"country": "countries", "nationality": "nationalities"}


def evidence(pairs: Numbers, parts: Parts, ours: Attributes, theirs: Attributes) -> pl.Series:
    """Return what was compared of each of these pairs, which are ascending: `EVIDENCE`, in the order of the weights."""
    parts = parts.at(np.isin(parts.pair, pairs))
    place = np.searchsorted(pairs, parts.pair)
    told, listed = _told(parts, ours, theirs)
    found = weights()[parts.said].with_columns(
        pl.Series("place", place),
        pl.Series("ours", told, dtype=pl.String),
        pl.Series("theirs", listed, dtype=pl.String),
    )
    said = found.with_columns(text=_sentence()).sort("place", "order", "text")
    ends = np.cumsum(np.bincount(place, minlength=len(pairs)))
    lists = pa.LargeListArray.from_arrays(
        pa.array(np.append(0, ends)), said.select(FIELDS).to_struct().to_arrow()
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
    spoken = evidence.list.eval(
        part.field("text").filter(
            part.field("verdict").is_in(["agrees", "contradicts"]) | (part.field("kind") == "name")
        )
    ).list.join("; ")
    return pl.when(spoken != "").then(spoken)


def _sentence() -> pl.Expr:
    """Put what both sides tell behind the words of a weight."""
    ours, theirs = pl.col("ours"), pl.col("theirs")
    both = pl.concat_str(ours.fill_null("not given"), pl.lit(" / "), theirs.fill_null("not given"))
    told = pl.when(theirs.is_null() | (ours == theirs)).then(ours).otherwise(both)
    return pl.concat_str("text", pl.format(": {}", told), ignore_nulls=True)


def _told(parts: Parts, ours: Attributes, theirs: Attributes) -> tuple[list[str | None], list[str | None]]:
    """Return what each side tells, a text a part."""
    texts = np.full((2, len(parts.pair)), None, dtype=np.object_)
    sources = _sources()[parts.said]
    for source in {*sources.tolist()} - {"name"}:
        rows = np.flatnonzero(sources == source)
        written = _listed if source in _LISTS else _written
        texts[:, rows] = written(source, parts.at(rows), ours, theirs)
    return texts[0].tolist(), texts[1].tolist()


def _written(source: str, parts: Parts, ours: Attributes, theirs: Attributes) -> NDArray[np.object_]:
    """Return the texts as they were given."""
    table, column = _TEXTS[source]
    given = np.flatnonzero(parts.ours != NOT_GIVEN)
    texts = np.full((2, len(parts.pair)), None, dtype=np.object_)
    texts[0, given] = getattr(ours, table).rows[column][parts.ours[given]].to_numpy()
    texts[1] = getattr(theirs, table).rows[column][parts.theirs].to_numpy()
    return texts


def _listed(source: str, parts: Parts, ours: Attributes, theirs: Attributes) -> NDArray[np.object_]:
    """Return the countries that both sides share, or else those of either."""
    column = _LISTS[source]
    both = pl.DataFrame(
        {"ours": ours.countries[column][parts.ours], "theirs": theirs.countries[column][parts.theirs]}
    )
    shared = pl.col("ours").list.set_intersection("theirs").list.sort()
    same = shared.list.len() > 0
    told = both.select(
        ours=pl.when(same).then(shared).otherwise("ours").list.join(", "),
        theirs=pl.when(~same).then("theirs").list.join(", "),
    )
    return np.stack([told["ours"].to_numpy(), told["theirs"].to_numpy()])


@cache
def _sources() -> NDArray[np.str_]:
    """Return where the texts of each row of the weights come from."""
    told = weights().select("kind", "level").rows()
    of_identifiers = {level: "equal" if level in (EQUAL, ANYWHERE) else "class" for level in LEVELS}
    return np.array([of_identifiers[level] if kind == "identifier" else kind for kind, level in told])
