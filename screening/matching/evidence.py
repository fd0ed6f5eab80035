"""Everything known beside the name, weighed: log odds added to those of the name, with the parts in words.

`screening/data/names/evidence.toml` holds the weights and where they come from. Of several dates, addresses or numbers
the best pair counts, so what agrees never lowers a score. What one side does not tell weighs nothing and is named.
"""

from __future__ import annotations

import polars as pl

from screening.matching.comparison import compare
from screening.matching.particulars import Particulars
from screening.matching.weights import weights
from screening.names.tables import settings

PART = pl.Struct(
    {
        "kind": pl.String(),  # name, birth, country, nationality, address, identifier
        "verdict": pl.String(),  # agrees, contradicts, open (neither), missing
        "weight": pl.Float64(),
        "text": pl.String(),
    }
)
EVIDENCE = pl.List(PART)
PAIR = ("record_id", "party_id")
_DECIMALS = 12
"""Of a score: the last bits of a sum may depend on the order of rows."""


def weigh(pairs: pl.DataFrame, ours: Particulars, theirs: Particulars) -> pl.DataFrame:
    """Weigh the evidence of pairs: record_id, party_id, name_score (null: found by an identifier), quality.

    Returns the pairs with `score` (a probability, never 0 or 1) and `evidence` (list of `PART`, in the order of the
    table of weights). A name less alike than the floor counts as the floor where an identifier is equal.

    >>> pairs = pl.DataFrame({"record_id": ["c"], "party_id": ["SDN-1"], "name_score": [0.6], "quality": ["strong"]})
    >>> born = pl.DataFrame({"record_id": ["c"], "date_of_birth": ["1972"]})
    >>> numbers = pl.DataFrame([("SDN-1", "date_of_birth", "04 Mar 1972", None)], orient="row",
    ...                        schema=dict.fromkeys(("party_id", "id_type", "id_value", "country"), pl.String))
    >>> places = pl.DataFrame(schema=dict.fromkeys(("party_id", "raw", "street", "city", "country"), pl.String))
    >>> parties = pl.DataFrame({"party_id": ["SDN-1"], "countries": [["RU"]]})
    >>> theirs = Particulars.of_parties(parties, numbers, places)
    >>> weighed = weigh(pairs, Particulars.of_subjects(born), theirs)
    >>> round(weighed["score"][0], 3), weighed["evidence"][0][0]["text"]
    (0.901, 'date of birth as far as it is known: 1972 / 04 Mar 1972')
    """
    ids = pairs.select(PAIR).unique()
    known = compare(ids, ours.of(ids["record_id"]), theirs.of(ids["party_id"]))
    parts = _worded(pl.concat([known, _of_names(pairs)]).lazy())
    favours, slight = pl.col("weight") > 0, pl.col("slight")
    totals = parts.group_by(PAIR).agg(
        sure=pl.col("weight").filter(~(slight & favours)).sort().sum(),
        slight=pl.col("weight").filter(slight & favours).sort().sum(),
        limited=pl.col("limits").any(),
        identified=((pl.col("kind") == "identifier") & favours).any(),
        evidence=pl.struct("kind", "verdict", "weight", "text").sort_by("order", "text"),
    )
    return (
        pairs.lazy()
        .join(totals, on=PAIR, how="left", maintain_order="left")
        .with_columns(_score(), pl.col("evidence").fill_null([]))
        .drop("sure", "slight", "limited", "identified")
        .collect()
    )


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


def _score() -> pl.Expr:
    """Add the weights to the log odds of the name, as `evidence.toml` says."""
    name = settings("evidence")["name"]
    limited = pl.col("limited").fill_null(False)
    least = pl.when(pl.col("identified").fill_null(False)).then(name["floor"]).otherwise(1e-12)
    probability = pl.col("name_score").fill_null(name["floor"]).clip(upper_bound=1 - 1e-12)
    odds = pl.max_horizontal(probability, least)
    alone = (odds / (1 - odds)).log()
    beyond = (alone - name["knee"]).clip(lower_bound=0.0)
    of_name = pl.when(limited).then(alone - (1 - name["slope"]) * beyond).otherwise(alone)
    counts = ~limited & (pl.col("quality") != "weak").fill_null(True)
    total = of_name + pl.col("sure").fill_null(0.0) + pl.when(counts).then(pl.col("slight")).fill_null(0.0)
    return (1 / (1 + (-total).exp())).round(_DECIMALS).clip(1e-12, 1 - 1e-12).alias("score")


def _of_names(pairs: pl.DataFrame) -> pl.DataFrame:
    """Say of a pair whose names do not resemble, or of a weak alias, what it is."""
    level = (
        pl.when(pl.col("name_score").is_null()).then(pl.lit("differs"))
        .when(pl.col("quality") == "weak").then(pl.lit("weak"))
    )  # fmt: skip
    blank = pl.lit(None, pl.String)
    return pairs.select(
        *PAIR, kind=pl.lit("name"), level=level, subject=pl.lit(""), ours=blank, theirs=blank
    ).drop_nulls("level")


def _worded(found: pl.LazyFrame) -> pl.LazyFrame:
    """Give each comparison its weight and its words; of several of one subject the weightiest counts."""
    both = pl.concat_str(
        pl.col("ours").fill_null("not given"), pl.lit(" / "), pl.col("theirs").fill_null("not given")
    )
    told = (
        pl.when(pl.col("theirs").is_null())
        .then("ours")
        .when(pl.col("ours") == pl.col("theirs"))
        .then("ours")
        .otherwise(both)
    )
    return (
        found.join(weights().lazy(), on=["kind", "subject", "level"])
        .sort(
            *PAIR,
            "kind",
            "subject",
            "weight",
            "ours",
            "theirs",
            descending=[False] * 4 + [True, False, False],
        )
        .unique([*PAIR, "kind", "subject"], keep="first", maintain_order=True)
        .with_columns(text=pl.concat_str("text", pl.format(": {}", told), ignore_nulls=True))
    )
