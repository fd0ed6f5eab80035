"""Leads from connections: people, addresses, domains, accounts and traffic that customers share or use.

A listed entity is one that screening found on a list in the alert band. Sharing something with it is a lead for a
person (Red Flag 24; OFAC FAQ 398), never a match.
"""

from __future__ import annotations

import polars as pl

from screening.compute.results import no_results, results
from screening.law import policy_figure, table
from screening.redflags.facts.age import just_founded_since
from screening.redflags.facts.inputs import Inputs
from screening.redflags.leads.word_patterns import mentions
from screening.text import sorted_words

PEOPLE = ("director", "signatory", "beneficial_owner")


def detect(inputs: Inputs) -> pl.DataFrame:
    """Return the leads RF24, G04, G05, G08, G09, G10, G17 and G21."""
    uses = _current(inputs)
    parts = [_shared_with_listed(uses, inputs), _addresses(inputs, uses)]
    if "connections" in inputs.given:
        parts += [
            _free_mail(uses, inputs),
            _crowded(uses, inputs),
            _shell(uses, inputs),
            _traffic(uses, inputs),
        ]
    return pl.concat(parts)


def ip_country(value: pl.Expr) -> pl.Expr:
    """Return the country code at the end of an ip value, null where none is given.

    >>> pl.DataFrame({"v": ["203.0.113.24 CN", "203.0.113.24"]}).select(ip_country(pl.col("v")))["v"].to_list()
    ['CN', None]
    """
    return value.str.to_uppercase().str.extract(r"(?:^|[\s/,;])([A-Z]{2})$")


def _current(inputs: Inputs) -> pl.DataFrame:
    """Return the connections that have begun, with `key` (alike for equal values) and `own` (no free-mail provider)."""
    value, kind = pl.col("value"), pl.col("kind")
    key = (
        pl.when(kind.is_in(PEOPLE))
        .then(pl.concat_str(pl.lit("person:"), sorted_words(value)))
        .when(kind == "phone")
        .then(pl.concat_str(pl.lit("phone:"), value.str.replace_all(r"\D", "")))
        .when(kind == "address")
        .then(pl.concat_str(pl.lit("address:"), sorted_words(value)))
        .when(kind == "ip")
        .then(pl.concat_str(pl.lit("ip:"), value.str.extract(r"^([0-9a-fA-F.:]{7,})")))
        .otherwise(pl.concat_str(kind, pl.lit(":"), value.str.to_lowercase().str.replace_all(r"\s", "")))
    )
    begun = pl.col("start").is_null() | (pl.col("start") <= inputs.law.as_of)
    own_domain = ~(kind.is_in(["email", "domain"]) & _domain().is_in(table("freemail")["domain"].implode()))
    return inputs.connections.filter(begun, value.is_not_null()).with_columns(key=key, own=own_domain)


def _domain() -> pl.Expr:
    return pl.col("value").str.to_lowercase().str.extract(r"([^@\s]+)$")


def _shared_with_listed(uses: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """RF24: people of an Entity List party. G08: its address. G17: anything of any listed party."""
    listed = inputs.listed.filter(pl.col("band").fill_null("alert") == "alert").select(
        pl.col("matched_entity_id").alias("listed_id"), "list", "party_name"
    )
    used_by_listed = (
        uses.filter(pl.col("own"))
        .select(pl.col("entity_id").alias("listed_id"), "key")
        .join(listed, on="listed_id")
    )
    used_by_customers = uses.filter(pl.col("own")).join(
        inputs.customers.select("customer_id"), left_on="entity_id", right_on="customer_id"
    )
    shared = used_by_customers.join(used_by_listed, on="key").filter(
        pl.col("entity_id") != pl.col("listed_id")
    )
    rows = shared.rename({"entity_id": "customer_id"})
    what = pl.format("{} {}", "kind", "value")
    who = pl.format("{} ({})", "party_name", "list")
    people, places = pl.col("kind").is_in(PEOPLE), pl.col("kind") == "address"
    return pl.concat(
        [
            results(
                rows.filter(people & (pl.col("list") == "EL")), "RF24", "shared", subject=what, figure=who
            ),
            results(
                rows.filter(places & (pl.col("list") == "EL")), "G08", "shared", subject=what, figure=who
            ),
            results(rows, "G17", "shared", subject=what, figure=who),
        ]
    )


def _addresses(inputs: Inputs, uses: pl.DataFrame) -> pl.DataFrame:
    """G04: a virtual office, a post box or a dwelling as address of a firm."""
    used = uses.filter(pl.col("kind") == "address").select(
        pl.col("entity_id").alias("customer_id"), pl.col("value").alias("address")
    )
    own = inputs.customers.filter(pl.col("party_type").fill_null("") != "person")
    rows = pl.concat([own.select("customer_id", "address"), used]).join(
        own.select("customer_id"), on="customer_id"
    )
    address = pl.col("address")
    return pl.concat(
        [
            results(rows.filter(mentions(address, "nominee_address")), "G04", "desk_or_box", subject=address),
            results(
                rows.filter(mentions(address, "residential_address")), "G04", "dwelling", subject=address
            ),
        ]
    )


def _free_mail(uses: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """G05: a firm whose only electronic address is at a free-mail provider."""
    named = uses.filter(pl.col("kind").is_in(["email", "domain"]))
    only = (
        named.group_by(customer_id="entity_id")
        .agg(own=pl.col("own").any(), value=pl.col("value").sort().first())
        .filter(~pl.col("own"))
    )
    firms = inputs.customers.filter(pl.col("party_type").fill_null("") != "person").select("customer_id")
    return results(only.join(firms, on="customer_id"), "G05", "free_mail", subject=pl.col("value"))


def _crowds(uses: pl.DataFrame, kinds: tuple[str, ...], at_least: int) -> pl.DataFrame:
    """Return who shares a value of these kinds with others, `at_least` so many in all: customer_id, value, entities."""
    wanted = (
        uses.filter(pl.col("kind").is_in(kinds))
        .select("entity_id", "key", "value")
        .unique(["entity_id", "key"])
    )
    sizes = wanted.group_by("key").agg(entities=pl.len()).filter(pl.col("entities") >= at_least)
    return wanted.join(sizes, on="key").rename({"entity_id": "customer_id"})


def _crowded(uses: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """G09: many entities at one address."""
    rows = _crowds(uses, ("address",), int(policy_figure("shared_address")))
    rows = rows.join(inputs.customers.select("customer_id"), on="customer_id")
    return results(rows, "G09", "shared", subject=pl.col("value"), figure=pl.col("entities"))


def _shell(uses: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """G10: several signs of a shell company: crowded address, director of many, virtual office, just founded."""
    young = just_founded_since(inputs.law.as_of)
    firms = inputs.customers.filter(pl.col("party_type").fill_null("") != "person")
    signs = pl.concat(
        [
            _crowds(uses, ("address",), int(policy_figure("shared_address"))).select(
                "customer_id", sign=pl.lit("crowded address")
            ),
            _crowds(uses, PEOPLE, int(policy_figure("many_seats"))).select(
                "customer_id", sign=pl.lit("director of many firms")
            ),
            firms.filter(mentions(pl.col("address"), "nominee_address")).select(
                "customer_id", sign=pl.lit("desk or box for an address")
            ),
            firms.filter(pl.col("incorporated_on") > young).select(
                "customer_id", sign=pl.lit("just founded")
            ),
        ]
    )
    counted = (
        signs.unique()
        .group_by("customer_id")
        .agg(number=pl.len(), signs=pl.col("sign").sort().str.join(", "))
    )
    rows = counted.filter(pl.col("number") >= policy_figure("shell_marks")).join(
        firms.select("customer_id"), on="customer_id"
    )
    return results(rows, "G10", "marks", subject=pl.col("signs"), figure=pl.col("number"))


def _traffic(uses: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """G21: traffic from D:5 or Macau while the headquarters are stated elsewhere."""
    there = inputs.law.places.d5_or_macau
    rows = (
        uses.filter(pl.col("kind") == "ip")
        .with_columns(place=ip_country(pl.col("value")))
        .filter(pl.col("place").is_in(there))
        .join(inputs.customers, left_on="entity_id", right_on="customer_id")
        .filter(pl.col("hq_country").is_not_null() & ~pl.col("hq_country").is_in(there))
        .rename({"entity_id": "customer_id"})
    )
    if rows.is_empty():
        return no_results()
    return results(
        rows, "G21", "from_d5", subject=pl.col("value"), place=pl.col("place"), period=pl.col("start")
    )
