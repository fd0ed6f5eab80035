"""What the records of a book say about a customer as a validated end user (15 CFR 748.15; Supp. 10 to part 748).

Eligibility, the vetting checklist, owners to report, notices, places of weights and the calendar of reports. Every line
carries the status that its rule has on the day. Nothing here grants or denies a status: a person starts from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from screening.book.rows import customer_nodes
from screening.book.screen import Prepared
from screening.compute.deployments import deployments
from screening.compute.validated import notices
from screening.compute.vetting import checklist, reportable_owners
from screening.compute.weights import storage
from screening.documents.deadlines import next_reports
from screening.errors import UnknownEntity
from screening.law import Law, law_on
from screening.ownership.shares import WHOLE
from screening.redflags import evaluate
from screening.redflags.facts import customer_groups
from screening.redflags.facts.jobs import training_jobs
from screening.tables.book import Book

ELIGIBILITY = "VEU_ELIGIBILITY"
RULES = (ELIGIBILITY, "UVEU_25", "UVEU_7", "UVEU_50", "NVEU_CAP", "IAAS_FINE_TUNE_25")
SECURITY_ITEMS = (14, 15, 18)
"""Items that a place outside the 19 destinations must meet to store controlled weights (item 8)."""


@dataclass(frozen=True, slots=True)
class ValidatedUser:
    """The record of one customer. Each frame has `rule_status`: what the rule behind it is worth on the day."""

    eligibility: pl.DataFrame  # rule_id, outcome, reason, rule_status
    checklist: pl.DataFrame  # item, title, state, found, asks, rule_status
    owners: (
        pl.DataFrame
    )  # owner_id, owner_name, hq_country, list, share, report, rule_status; those of concern
    notices: pl.DataFrame  # site_country, starts, notice, latest_day, overdue, rule_status
    storage: pl.DataFrame  # model, country, state, rule_status
    calendar: pl.DataFrame  # due, report, who, counted_on, citation, rule_status

    def sections(self) -> Mapping[str, pl.DataFrame]:
        """Return the frames by name, in the order of reading."""
        names = ("eligibility", "checklist", "owners", "notices", "storage", "calendar")
        return {name: getattr(self, name) for name in names}


def validated_user(
    book: Book,
    prepared: Prepared,
    customer_id: str,
    attestations: Mapping[int, str] = MappingProxyType({}),
    operator_hq: str | None = None,
) -> ValidatedUser:
    """Return the record of a customer of a book.

    `prepared`: as from `screen.prepare` of the book. `attestations`: evidence for items of the checklist, by item.
    `operator_hq`: country of the headquarters of who operates the places of training. Raises UnknownEntity for a
    customer that is not in the book.
    """
    context = prepared.context
    law = law_on(context.as_of, context.overrides)
    customer = book.customers.filter(pl.col("customer_id") == customer_id)
    if customer.is_empty():
        raise UnknownEntity(f"no customer {customer_id} in the book; give an id of the customers file")
    facts = context.facts(customer, context.customer_matches(customer), prepared.totals)
    findings = evaluate(facts, context.as_of, context.precautionary, overrides=context.overrides)
    statuses = pl.DataFrame(list(law.statuses.items()), schema=["rule_id", "rule_status"], orient="row")
    direct = _direct_owners(book, prepared, customer)
    owners = reportable_owners(direct, law)
    used = context.adding_activities()
    groups = _groups(book, prepared, customer, used)
    group = groups.row(by_predicate=pl.col("customer_id") == customer_id, named=True)["group"]
    in_group = groups.filter(pl.col("group") == group)
    moves = notices(deployments(used, in_group, law).filter(pl.col("group") == group), law)
    sites = _training_sites(used, in_group, attestations, operator_hq)

    def with_status(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(rule_status=pl.lit(law.statuses[ELIGIBILITY]))

    return ValidatedUser(
        eligibility=findings.filter(pl.col("rule_id").is_in(RULES)).select(
            "rule_id", "outcome", "reason", "rule_status"
        ),
        checklist=with_status(checklist(customer_id, findings, attestations, owners)),
        owners=with_status(
            owners.filter("concerned")
            .join(direct, left_on="acts_with", right_on="owner_id", maintain_order="left")
            .select("owner_name", "hq_country", "list", "share", "report", owner_id="acts_with")
        ),
        notices=with_status(moves.drop("group")),
        storage=with_status(storage(sites, law).select("model", "country", "state")),
        calendar=_calendar(moves, law).join(statuses, on="rule_id", how="left", maintain_order="left"),
    )


def _groups(book: Book, prepared: Prepared, customer: pl.DataFrame, activity: pl.DataFrame) -> pl.DataFrame:
    """Return the groups of the customer and of all whose activities may count together with its own."""
    ids = pl.concat([activity["customer_id"], customer["customer_id"]]).unique()
    users = book.customers.filter(pl.col("customer_id").is_in(ids.implode()))
    return customer_groups(users, prepared.context.ultimate_parents(users))


def _direct_owners(book: Book, prepared: Prepared, customer: pl.DataFrame) -> pl.DataFrame:
    """Return who owns shares of the customer on the day, in the columns that `reportable_owners` takes.

    The largest share that the record allows counts; one without any figure is unknown. Value and market of the shares
    are never on record, so they are unknown.
    """
    day = pl.lit(prepared.context.as_of)
    nodes = customer_nodes(customer, prepared.context.nodes)
    ids = pl.concat([nodes["customer_id"], nodes["entity_id"]]).unique()
    edges = book.stored.filter(
        pl.col("owned_id").is_in(ids.implode()),
        pl.col("interest").fill_null("equity") == "equity",
        pl.col("start").is_null() | (pl.col("start") <= day),
        pl.col("end").is_null() | (pl.col("end") >= day),
    ).collect()
    stated = (pl.col("share_min") > 0) | (pl.col("share_max") < WHOLE)
    shares = edges.group_by("owner_id", maintain_order=True).agg(
        pl.col("owner_name").drop_nulls().first(),
        share_ppm=pl.when(stated.any()).then(pl.col("share_max").max()),
    )
    alerts = prepared.combined.standing.filter(pl.col("band") == "alert", pl.col("list").is_in(["EL", "SDN"]))
    listed = alerts.group_by(owner_id="matched_entity_id").agg(pl.col("list").sort().first())
    places = book.entities.select("hq_country", owner_id="entity_id").unique("owner_id", keep="first")
    return (
        shares.join(listed, on="owner_id", how="left", maintain_order="left")
        .join(places, on="owner_id", how="left", maintain_order="left")
        .with_columns(
            value_usd=pl.lit(None, pl.Int64),
            acts_with=pl.lit(None, pl.String),
            traded_in=pl.lit(None, pl.String),
        )
    )


def _training_sites(
    activity: pl.DataFrame, groups: pl.DataFrame, attestations: Mapping[int, str], operator_hq: str | None
) -> pl.DataFrame:
    """Return where models of the group are trained: model, country, operator_hq_country, secured.

    Where weights are stored afterwards is not on record; they were at least in these places.
    """
    ids = groups["customer_id"].implode()
    jobs = training_jobs(
        activity.filter(pl.col("customer_id").is_in(ids)), groups.select("customer_id", "group")
    )
    secured = True if all(item in attestations for item in SECURITY_ITEMS) else None
    sites = jobs.select("model", country="site_country").unique().sort("model", "country", nulls_last=True)
    return sites.with_columns(
        operator_hq_country=pl.lit(operator_hq, pl.String), secured=pl.lit(secured, pl.Boolean)
    )


def _calendar(moves: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return the reports of fixed days and the notices of planned moves, by day."""
    due = moves.select(
        due="latest_day",
        report=pl.format("Notice of a {}: {}", "notice", "site_country"),
        who=pl.lit("validated end users"),
        counted_on="starts",
        rule_id=pl.lit(ELIGIBILITY),
        citation=pl.lit("15 CFR 748.15(a)(2)(ii)(A); Supp. 10 to part 748, item 5"),
    )
    fixed = next_reports(law.as_of).drop("certainty")
    return pl.concat([fixed, due]).sort("due", "report")
