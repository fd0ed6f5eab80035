"""From name matches to hits: who met which listed party, with what the listing imposes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lists.schema import ListFrames
from pipelines.config import Limit, Matching
from screening.addresses import match_addresses
from screening.matching import NameIndex, Particulars, search
from screening.matching.wording import in_words

Bands = Mapping[str, Mapping[str, float]]
"""Review and alert score per party type."""

TOLD_FIRST = {"alert": 2, "review": 1}
MEASURE = ("programs", "license_requirement_raw", "license_policy", "footnotes", "ear_744_8", "start", "end")


def active(frames: ListFrames, as_of_day: pl.Expr) -> pl.DataFrame:
    """Return the parties whose listing has effect on the day, with their measure.

    An order that ended before the day, or begins after it, never hits; missing dates count as open.
    """
    parties = frames.parties.join(
        frames.measures.rename({"start": "measure_start", "end": "measure_end"}),
        on="party_id", how="left", maintain_order="left",
    )  # fmt: skip
    begins = pl.max_horizontal("listed_from", "measure_start")
    ends = pl.min_horizontal("listed_to", "measure_end")
    return parties.filter(
        (begins.is_null() | (begins <= as_of_day)) & (ends.is_null() | (ends >= as_of_day))
    ).rename({"measure_start": "start", "measure_end": "end"})


def index_names(frames: ListFrames, parties: pl.DataFrame) -> pl.DataFrame:
    """Return the names to index: every alias of every active party that is not merely an address."""
    return (
        frames.names.join(
            parties.filter(pl.col("party_type") != "address").select("party_id", "party_type"), on="party_id"
        )
        .select("party_id", "name", "party_type", "quality")
        .sort("party_id", "name", "quality")
    )


def match_subjects(
    index: NameIndex,
    subjects: pl.DataFrame,
    told: pl.DataFrame,
    theirs: Particulars,
    parties: pl.DataFrame,
    bands: Bands,
    settings: Matching,
    below: float = 0.0,
) -> pl.DataFrame:
    """Match every name and particular of every subject; keep each (entity, party) at or above review, best name first.

    `told`, `theirs`: what is known of subjects (by record_id) and parties beside their names. `bands`: review and alert
    scores per party type as measured; `settings` may override them, also for the subjects of a segment. Pairs whose
    names reach review but not with what is known beside them are kept in the band `contradicted`, others up to `below`
    under review in the band `below`.
    Out: the columns of `watch.HITS`.
    """
    own = sorted({limit.segment for limit in settings.limits if limit.segment})
    limits = pl.concat(
        limits_of(parties, bands, settings, segment).with_columns(limited_as=pl.lit(segment, pl.String))
        for segment in (None, *own)
    )
    kept = pl.col("review_at") - below
    lowest = limits.select(kept.min().fill_null(1.0)).item()
    queries = subjects.drop("entity_id", "segment")
    found = search(index, queries, told, theirs, lowest)
    entities = subjects.select(
        "record_id",
        "segment",
        matched_entity_id="entity_id",
        limited_as=pl.when(pl.col("segment").is_in(own)).then("segment"),
    ).unique()
    by_name = (pl.col("name_score") >= pl.col("review_at")).fill_null(False)
    return best_of(
        found.join(entities, on="record_id")
        .join(parties.select("party_id", "party_type", "primary_name"), on="party_id")
        .join(limits, on=["party_id", "limited_as"], how="left", nulls_equal=True)
        .filter((pl.col("score") >= kept) | by_name)
        .with_columns(
            band=pl.when(pl.col("score") >= pl.col("alert_at"))
            .then(pl.lit("alert"))
            .when(pl.col("score") >= pl.col("review_at"))
            .then(pl.lit("review"))
            .when(by_name)
            .then(pl.lit("contradicted"))
            .otherwise(pl.lit("below")),
            matched_name=pl.coalesce("matched_name", "primary_name"),
        )
    )


def best_of(found: pl.DataFrame) -> pl.DataFrame:
    """Keep the best hit of each entity and party, sorted; of equal ones the first in the order of the names.

    One that is told goes before one that is not: customers of two segments may be one entity, under other limits.
    """
    keys = ["matched_entity_id", "party_id"]
    ties = ["query_name", "matched_name", "record_id"]
    ranked = [pl.col("band").replace_strict(TOLD_FIRST, default=0, return_dtype=pl.Int8), pl.col("score")]
    descending = [False, False, True, True, *(False for _ in ties)]
    return found.sort(*keys, *ranked, *ties, descending=descending).unique(
        keys, keep="first", maintain_order=True
    )


def limits_of(
    parties: pl.DataFrame, bands: Bands, settings: Matching, segment: str | None = None
) -> pl.DataFrame:
    """Return each party's score limits for the subjects of a segment, or of none: party_id, review_at, alert_at.

    `parties`: party_id, list, party_type. Those measured for the party's type count, then those of the configuration
    for all, then each of its `limits` that fits.
    """
    measured = pl.DataFrame(
        [(kind, limits["review"], limits["alert"]) for kind, limits in sorted(bands.items())],
        schema={"party_type": pl.String, "review_at": pl.Float64, "alert_at": pl.Float64}, orient="row",
    )  # fmt: skip
    limits = parties.select("party_id", "list", "party_type").join(measured, on="party_type", how="left")
    for limit in (Limit(review=settings.review, alert=settings.alert), *settings.limits):
        fits = pl.lit(limit.segment in (None, segment))
        for column in ("list", "party_type"):
            if wanted := getattr(limit, column):
                fits &= pl.col(column) == wanted
        said = {"review_at": limit.review, "alert_at": limit.alert}
        limits = limits.with_columns(
            pl.when(fits).then(pl.lit(score)).otherwise(column).alias(column)
            for column, score in said.items()
            if score is not None
        )
    return limits.select("party_id", "review_at", "alert_at")


def address_hits(
    customers: pl.DataFrame, nodes: pl.DataFrame, frames: ListFrames, parties: pl.DataFrame
) -> pl.DataFrame:
    """Return the customers at a listed address, in the columns of name hits."""
    listed = frames.addresses.join(
        parties.filter(pl.col("party_type") == "address").select("party_id"), on="party_id", how="semi"
    )
    found = match_addresses(customers.select("customer_id", "address", "country"), listed)
    at = found.join(nodes, on="customer_id").rename(
        {"entity_id": "matched_entity_id", "customer_id": "record_id"}
    )
    return best_of(at)


def with_party(found: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Add to each hit what the list says of the party and imposes on it."""
    about = parties.select(
        "party_id", "list", "party_type", pl.col("primary_name").alias("party_name"), *MEASURE
    )
    return found.join(about, on="party_id").sort(
        "matched_entity_id", "score", "party_id", descending=[False, True, False]
    )


def of_customers(
    found: pl.DataFrame, above: pl.DataFrame, related: pl.DataFrame, nodes: pl.DataFrame
) -> pl.DataFrame:
    """Give each customer its own hits, those of everybody above it, and those of the people around it.

    `above`: entity_id, ancestor_id. `related`: as `subjects.related_people`. `nodes`: customer_id, entity_id.
    Out: customer_id, role (null for the customer itself, owner, director ...), matched_entity_id and the columns of
    the hits.
    """
    own = nodes.select(
        "customer_id",
        pl.lit(None, dtype=pl.String).alias("role"),
        pl.col("entity_id").alias("matched_entity_id"),
    )
    owners = nodes.join(above, on="entity_id").select(
        "customer_id", pl.lit("owner").alias("role"), pl.col("ancestor_id").alias("matched_entity_id")
    )
    people = related.select("customer_id", "role", pl.col("entity_id").alias("matched_entity_id"))
    ties = pl.concat([own, owners, people.join(own, on="customer_id", how="semi")])
    return ties.join(found, on="matched_entity_id").sort(
        "customer_id", "score", "matched_entity_id", "party_id", descending=[False, True, False, False]
    )


def speaking(matches: pl.DataFrame, restricted: pl.DataFrame) -> pl.DataFrame:
    """Return the hits that list rules judge: the customer's own, and of those around it the ones that no ownership
    rule tells already. A listed owner by control alone is no holding, but nobody may overlook it.

    `restricted`: customer_id and root_entities of the regimes' results.
    """
    told = restricted.select("customer_id", pl.col("root_entities").alias("matched_entity_id"))
    told = told.explode("matched_entity_id").unique().with_columns(pl.lit("owner").alias("role"))
    untold = matches.join(
        told, on=["customer_id", "role", "matched_entity_id"], how="anti", maintain_order="left"
    )
    return untold.with_columns(beside_name=in_words(pl.col("evidence")))
