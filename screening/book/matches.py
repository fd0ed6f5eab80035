"""Matches of subjects with listed parties: their bands, the best of several, and the customers they concern."""

from __future__ import annotations

import polars as pl

from lists.schema import ListFrames
from screening.addresses import match_addresses
from screening.book.deals import EMBEDDED_ROLE
from screening.book.limits import Bands, score_limits
from screening.book.name_leads import stated
from screening.matching import Attributes, NameIndex, search
from screening.matching.evidence.text import in_words
from screening.policy import Matching
from screening.redflags.party_effects import OWNER_SUFFIX
from screening.tables import outputs
from screening.tables.outputs import SUBJECT_MATCHES

MEASURE = tuple(column.name for column in outputs.MEASURE)
"""Columns of a party that say what its listing imposes."""
CONTACT = "contact"
"""Band of a match by nothing but how both can be reached; it raises no list rule."""
_BAND_RANK = {"alert": 3, "review": 2, CONTACT: 1}


def active_parties(frames: ListFrames, day: pl.Expr) -> pl.DataFrame:
    """Return the parties whose listing has effect on the day, with their measure.

    An order that ended before the day or begins after it never matches; a missing date counts as open.
    """
    parties = frames.parties.join(
        frames.measures.rename({"start": "measure_start", "end": "measure_end"}),
        on="party_id", how="left", maintain_order="left",
    )  # fmt: skip
    begins = pl.max_horizontal("listed_from", "measure_start")
    ends = pl.min_horizontal("listed_to", "measure_end")
    return parties.filter((begins.is_null() | (begins <= day)) & (ends.is_null() | (ends >= day))).rename(
        {"measure_start": "start", "measure_end": "end"}
    )


def index_names(frames: ListFrames, parties: pl.DataFrame) -> pl.DataFrame:
    """Return the names to index: every alias of every active party, except of mere addresses.

    Columns: party_id, name, party_type, quality; sorted.
    """
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
    attributes: pl.DataFrame,
    listed_attributes: Attributes,
    parties: pl.DataFrame,
    bands: Bands,
    settings: Matching,
    below: float = 0.0,
) -> pl.DataFrame:
    """Match every name and attribute of every subject; return the best match of each entity and party.

    `attributes`: what is recorded of the subjects besides their names, by subject_id; `listed_attributes`: the same of
    the parties. `bands`: review and alert scores for each party type as measured; `settings` may override them, also
    for the subjects of a segment. Pairs at or above the review score are in the bands `alert` and `review`. Those whose
    names alone reach it, but not with the other evidence, are in the band `contradicted`; others, as far as `below`
    under the review score, in the band `below`. Returns the columns of `SUBJECT_MATCHES`.
    """
    segments = sorted({limit.segment for limit in settings.limits if limit.segment})
    limits = pl.concat(
        score_limits(parties, bands, settings, segment).with_columns(limited_as=pl.lit(segment, pl.String))
        for segment in (None, *segments)
    )
    lowest_score = pl.col("review_at") - below
    lowest = limits.select(lowest_score.min().fill_null(1.0)).item()
    queries = subjects.drop("entity_id", "segment")
    found = search(index, queries, attributes, listed_attributes, lowest)
    entities = subjects.select(
        "subject_id",
        "segment",
        matched_entity_id="entity_id",
        limited_as=pl.when(pl.col("segment").is_in(segments)).then("segment"),
    ).unique()
    by_name = (pl.col("name_score") >= pl.col("review_at")).fill_null(False)
    return best_matches(
        found.join(entities, on="subject_id")
        .join(parties.select("party_id", "party_type", "primary_name"), on="party_id")
        .join(limits, on=["party_id", "limited_as"], how="left", nulls_equal=True)
        .filter((pl.col("score") >= lowest_score) | by_name)
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


def best_matches(found: pl.DataFrame) -> pl.DataFrame:
    """Return the best match of each entity and party, sorted; of equal ones the first in the order of the names.

    An alert is better than a review, that than a contact, and that than any other band, whatever the score: one entity
    may be a customer of two segments, each with its own limits.
    """
    keys = ["matched_entity_id", "party_id"]
    names = ["query_name", "matched_name", "subject_id"]
    ranked = [pl.col("band").replace_strict(_BAND_RANK, default=0, return_dtype=pl.Int8), pl.col("score")]
    descending = [False, False, True, True, *(False for _ in names)]
    return found.sort(*keys, *ranked, *names, descending=descending).unique(
        keys, keep="first", maintain_order=True
    )


def address_matches(
    customers: pl.DataFrame, nodes: pl.DataFrame, frames: ListFrames, parties: pl.DataFrame
) -> pl.DataFrame:
    """Return the customers at a listed address (15 CFR 744.16(f)), in the columns of name matches."""
    listed = frames.addresses.join(
        parties.filter(pl.col("party_type") == "address").select("party_id"), on="party_id", how="semi"
    )
    found = match_addresses(customers.select("customer_id", "address", "country"), listed)
    by_node = found.join(nodes, on="customer_id").rename(
        {"entity_id": "matched_entity_id", "customer_id": "subject_id"}
    )
    return best_matches(by_node)


def join_parties(found: list[pl.DataFrame], parties: pl.DataFrame) -> pl.DataFrame:
    """Put matches together: the best of each entity and party, with what the list says of the party and its measure.

    `parties`: as from `active_parties`. Returns the columns of `SUBJECT_MATCHES`, then list, party_type, party_name and
    `MEASURE`; sorted by entity, the best first.
    """
    every = pl.concat([SUBJECT_MATCHES.empty(), *found], how="diagonal")
    about = parties.select(
        "party_id", "list", "party_type", pl.col("primary_name").alias("party_name"), *MEASURE
    )
    return (
        best_matches(every)
        .join(about, on="party_id")
        .sort("matched_entity_id", "score", "party_id", descending=[False, True, False])
    )


def matches_by_customer(
    found: pl.DataFrame, ancestors: pl.DataFrame, related: pl.DataFrame, nodes: pl.DataFrame
) -> pl.DataFrame:
    """Return for each customer its own matches, those of everybody above it, and those of its related people.

    `ancestors`: entity_id, ancestor_id. `related`: as `subjects.related_people`. `nodes`: customer_id, entity_id.
    Returns customer_id, role (null: the customer itself; owner, director, ...), matched_entity_id and the columns of
    the matches, where `subject_id` is called `record_id` as in the run's table `matches`.
    """
    own = nodes.select(
        "customer_id",
        pl.lit(None, dtype=pl.String).alias("role"),
        pl.col("entity_id").alias("matched_entity_id"),
    )
    owners = nodes.join(ancestors, on="entity_id").select(
        "customer_id", pl.lit("owner").alias("role"), pl.col("ancestor_id").alias("matched_entity_id")
    )
    people = related.select("customer_id", "role", *stated(related), matched_entity_id="entity_id")
    subjects = pl.concat([own, owners, people.join(own, on="customer_id", how="semi")], how="diagonal")
    return _lowered(subjects.join(found, on="matched_entity_id"))


def matches_in_deals(found: pl.DataFrame, dealings: pl.DataFrame) -> pl.DataFrame:
    """Return the matches of everybody with whom customers deal, as of `matches_by_customer`, with the dealing.

    `dealings`: as from `deals.matched_as`. A name inside another field is a review at most; `inner_band` says how well
    it matches by itself.
    """
    return _lowered(dealings.join(found, on="matched_entity_id", maintain_order="left"))


def _lowered(matches: pl.DataFrame) -> pl.DataFrame:
    """Let names inside other fields be a review at most; `inner_band`: their own band.

    A text that resembles a party less than the name inside it does is matched through that name:
    it is left out, unless a number or the like agrees.
    """
    embedded = pl.col("role") == EMBEDDED_ROLE
    lowered = pl.when(embedded & (pl.col("band") == "alert")).then(pl.lit("review")).otherwise("band")
    found = matches.with_columns(band=lowered, inner_band=pl.when(embedded).then("band")).rename(
        {"subject_id": "record_id"}
    )
    if "counterparty" not in found.columns:
        return found
    inner = found.filter(embedded).group_by("customer_id", "party_id", query_name="counterparty")
    through = found.join(
        inner.agg(inner_score=pl.col("score").max()),
        on=["customer_id", "party_id", "query_name"],
        how="left",
        maintain_order="left",
    )
    part = pl.element().struct
    by_more = (part.field("verdict") == "agrees") & ~part.field("kind").is_in(["name", "country"])
    alone = ~pl.col("evidence").list.eval(by_more).list.any().fill_null(value=False)
    less = (pl.col("inner_score") > pl.col("score")) & alone
    less &= ~embedded.fill_null(value=False)
    return through.filter(~less.fill_null(value=False)).drop("inner_score")


def best_first(*matches: pl.DataFrame) -> pl.DataFrame:
    """Put matches of customers together, the best of each customer first."""
    every = pl.concat(matches, how="diagonal")
    order = ["customer_id", "score", "matched_entity_id", "party_id", "role", "counterparty", "field"]
    return every.sort(order, descending=[False, True, *5 * [False]])


def unexplained(matches: pl.DataFrame, restricted: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Return the matches that the list rules assess, with their evidence in words as `beside_name`.

    These are the customer's own, and those of others that no ownership rule counts already: a listed party that
    controls a customer without owning a share must not be overlooked, nor that an owner stands on a further list.
    `restricted`: customer_id, role, counterparty, root_entities and root_lists of the ownership results. `ties`: the
    first four of ties to blocked persons.
    """
    role = pl.coalesce(pl.col("role") + OWNER_SUFFIX, pl.lit("owner"))
    both = pl.concat([restricted, ties.with_columns(root_lists=pl.lit(["SDN"]))], how="diagonal_relaxed")
    explained = both.select(
        "customer_id",
        "counterparty",
        role.alias("role"),
        matched_entity_id="root_entities",
        list="root_lists",
    )
    explained = explained.explode("matched_entity_id").explode("list").unique()
    others = matches.join(
        explained, on=explained.columns, how="anti", nulls_equal=True, maintain_order="left"
    )
    return others.with_columns(beside_name=in_words(pl.col("evidence")))
