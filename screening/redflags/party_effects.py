"""What a listed party means in a role: which branch of a list rule applies to a match of somebody but the customer.

The roles are in `roles.csv`, what each list does to each class of them in `party_effects.csv`. 15 CFR 748.5(c)-(f) says
who is a party to a transaction; a forwarder, bank or other agent is one only where it takes the goods abroad.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl

from screening.law import table
from screening.law.tables import rules
from screening.redflags.rule import read_branch, rule_family
from screening.redflags.weights import strictness

OWNER_SUFFIX = "_owner"
"""Ends the role of whoever stands above a counterparty: `end_user_owner`."""
RELATED_CLASSES = ("director", "signatory", "owner")
ITEM_LISTS = ("EL_LISTING", "EL_ADDRESS", "MEU_LIST", "UVL")
"""Rules on items: where nothing but a service passes, they ask what else does."""
NAMED_IN_ITEM = ("EL_LISTING", "MEU_LIST")
"""Rules that ask whether a name inside the text of an item is that of the end user."""
_LISTED = "party_listed"


def role_class(role: pl.Expr) -> pl.Expr:
    """Return the class of a role in `party_effects.csv`; null for the customer itself.

    >>> frame = pl.DataFrame({"role": ["end_user", "end_user_owner", "neighbour", None]})
    >>> frame.select(role_class(pl.col("role"))).to_series().to_list()
    ['party', 'owner', 'agent', None]
    """
    classes = dict(table("roles").select("role", "class").iter_rows())
    own = role.replace_strict(classes, default="agent", return_dtype=pl.String)
    above = role.str.ends_with(OWNER_SUFFIX)
    return pl.when(above).then(pl.lit("owner")).when(role.is_not_null()).then(own)


def role_words(role: pl.Expr) -> pl.Expr:
    """Return a role as it is written in a sentence.

    >>> pl.select(role_words(pl.lit("ultimate_consignee_owner"))).item()
    'owner of the ultimate consignee'
    >>> pl.select(role_words(pl.lit("beneficial_owner"))).item()
    'beneficial owner'
    """
    words = dict(table("roles").select("role", "words").iter_rows())
    above = role.str.ends_with(OWNER_SUFFIX) & ~role.is_in(list(words))
    below = pl.when(above).then(role.str.strip_suffix(OWNER_SUFFIX)).otherwise(role)
    plain = below.replace_strict(words, default=below.str.replace_all("_", " "), return_dtype=pl.String)
    owner = pl.when(above).then(pl.format("owner of the {}", plain))
    return pl.coalesce(owner, pl.when(role.is_not_null()).then(plain))


def with_effect(matches: pl.DataFrame) -> pl.DataFrame:
    """Add `effect`, the branch of the rule that applies to a match in a role, and its `consequence`, `role_citation`.

    `matches`: rule_id, role, strength (2: alert), inner_band, field, possession, service, licensed, first_day,
    last_day, start, end. The effect of a match of the customer itself is null.
    """
    effects = table("party_effects").select(
        "rule_id",
        "class",
        "possession",
        branch="branch",
        branch_consequence="consequence",
        branch_citation="citation",
    )
    rows = matches.with_columns(role_class=role_class(pl.col("role"))).with_row_index("_place")
    wanted = pl.col("possession").fill_null("")
    answers = pl.DataFrame({"class_rank": [0, 1, 2]})
    tried = (
        rows.select("_place", "rule_id", "role_class", wanted.alias("given"))
        .filter(pl.col("role_class").is_not_null())
        .join(answers, how="cross")
        .with_columns(
            pl.when(pl.col("class_rank") == 2).then(pl.lit("any")).otherwise("role_class").alias("class"),
            pl.when(pl.col("class_rank") == 0).then("given").otherwise(pl.lit("")).alias("possession"),
        )
        .filter((pl.col("class_rank") < 2) | ~pl.col("role_class").is_in(RELATED_CLASSES))
        .join(effects.with_columns(pl.col("possession").fill_null("")), on=["rule_id", "class", "possession"])
        .sort("_place", "class_rank")
        .unique("_place", keep="first", maintain_order=True)
        .select("_place", "branch", "branch_consequence", "branch_citation")
    )
    licence = effects.filter(pl.col("class") == "licence").select(
        "rule_id", licensed_consequence="branch_consequence"
    )
    found = rows.join(tried, on="_place", how="left", maintain_order="left").join(
        licence, on="rule_id", how="left", maintain_order="left"
    )
    effect = found.with_columns(effect=_effect())
    licensed = pl.col("effect") == "licensed"
    return effect.with_columns(
        consequence=pl.when(licensed).then("licensed_consequence").otherwise("branch_consequence"),
        role_citation=pl.coalesce("branch_citation", _role_citation()),
    ).drop("_place", "branch", "branch_consequence", "branch_citation", "licensed_consequence")


def _effect() -> pl.Expr:
    rule, kind = pl.col("rule_id"), pl.col("role_class")
    related = kind.is_in(RELATED_CLASSES)
    default = pl.when(related).then(pl.lit("related")).otherwise(pl.lit(_LISTED))
    branch = pl.coalesce("branch", default)
    before = (pl.col("last_day") < pl.col("start")) | (pl.col("first_day") > pl.col("end"))
    return (
        pl.when(kind.is_null() | (kind == "own"))
        .then(None)
        .when((kind == "embedded") & (pl.col("inner_band") == "alert"))
        .then(
            pl.when((pl.col("field") == "item") & rule.is_in(NAMED_IN_ITEM))
            .then(pl.lit("embedded_item"))
            .otherwise(pl.lit("embedded"))
        )
        .when((pl.col("strength") < 2) | (kind == "embedded"))
        .then(pl.lit("role_possible"))
        .when(branch != _LISTED)
        .then(branch)
        .when(before.fill_null(False))
        .then(pl.lit("closed"))
        .when(pl.col("service").fill_null(False) & rule.is_in(ITEM_LISTS))
        .then(pl.lit("remote_only"))
        .when(pl.col("licensed").fill_null(False) & pl.col("licensed_consequence").is_not_null())
        .then(pl.lit("licensed"))
        .otherwise(branch)
    )


def _role_citation() -> pl.Expr:
    citations = dict(table("roles").select("role", "citation").iter_rows())
    return pl.col("role").replace_strict(citations, default=None, return_dtype=pl.String)


@cache
def role_branches(rule_id: str) -> tuple[str, ...]:
    """Return the branches of a list rule that a match in a role may take, and `possible`; the strictest first.

    >>> role_branches("EL_LISTING")[:4]
    ('party_listed', 'owner', 'remote_only', 'role_unsettled')
    """
    rows = table("party_effects").filter(pl.col("rule_id") == rule_id)
    names = {_LISTED, *rows["branch"], "role_possible", "closed", "possible"}
    if not set(RELATED_CLASSES) <= set(rows["class"]):
        names.add("related")
    if rule_id != "EL_ADDRESS":
        names.add("embedded")
    if rule_id in ITEM_LISTS:
        names.add("remote_only")
    if rule_id in NAMED_IN_ITEM:
        names.add("embedded_item")
    return strictest_first(rule_id, sorted(names))


def strictest_first(rule_id: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return branches of a rule by what they recommend and how severe they are, the strictest first.

    Those that weigh the same stay in the order given.
    """
    row = rules().row(by_predicate=pl.col("rule_id") == rule_id, named=True)
    full, family = (row["recommendation"], row["severity"]), rule_family(rule_id)
    weighed = {name: strictness(read_branch(rule_id, family, name), *full) for name in names}
    return tuple(sorted(weighed, key=lambda name: weighed[name], reverse=True))
