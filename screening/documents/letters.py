"""Letters to customers with the questions a case raises, in words that give nothing away.

A letter names no match, no list, no limit and no answer that would settle the matter. It waits for a person to release
it. No letter is drafted to a customer that may be blocked or denied, however weak the match.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.law.tables import texts

DRAFT, WITHHELD, NOTHING = "draft", "withheld", "nothing_to_ask"


def letters(findings: pl.DataFrame, customers: pl.DataFrame, reply_by: date, provider: str) -> pl.DataFrame:
    """Return one row for each customer with a case: customer_id, status, why, subject, body, rules.

    `findings`: customer_id, rule_id, material. `customers`: customer_id, name. `status`: `draft` (waits for an
    approver), `withheld` (possibly blocked or denied: a person decides what to say) or `nothing_to_ask`. `rules` is
    for the file, never for the letter.

    >>> found = pl.DataFrame({"customer_id": ["c"], "rule_id": ["RF28"], "material": [True]})
    >>> book = pl.DataFrame({"customer_id": ["c"], "name": ["Acme"]})
    >>> letters(found, book, date(2026, 12, 6), "Cloud Inc.").select("customer_id", "status").row(0)
    ('c', 'draft')
    """
    page = texts("letters")
    asked = findings.filter("material").select("customer_id", "rule_id").unique()
    blocked = asked.filter(pl.col("rule_id").is_in(_topic_rules("withheld"))).select("customer_id").unique()
    order = {topic: place for place, topic in enumerate(page["topics"])}
    topics = pl.DataFrame(
        [
            {"topic": topic, "rule_id": rule_id, "place": order[topic], "section": _section(topic)}
            for topic in order
            for rule_id in _topic_rules(topic)
        ]
    )
    sections = (
        asked.join(topics, on="rule_id")
        .select("customer_id", "place", "section")
        .unique()
        .sort("customer_id", "place")
        .group_by("customer_id", maintain_order=True)
        .agg(sections=pl.col("section").str.join("\n\n"))
    )
    rules = (
        asked.sort("customer_id", "rule_id").group_by("customer_id", maintain_order=True).agg(rules="rule_id")
    )
    opening = _fixed("opening", reply_by=f"{reply_by:%d %B %Y}")
    closing = _fixed("closing", provider=provider)
    body = pl.concat_str(
        _opening(opening), pl.lit("\n\n"), pl.col("sections"), pl.lit("\n\n"), pl.lit(closing), pl.lit("\n")
    )
    withheld = pl.col("customer_id").is_in(blocked["customer_id"].implode())
    status = (
        pl.when(withheld)
        .then(pl.lit(WITHHELD))
        .when(pl.col("sections").is_null())
        .then(pl.lit(NOTHING))
        .otherwise(pl.lit(DRAFT))
    )
    why = (
        pl.when(withheld)
        .then(pl.lit("The customer may be blocked or denied: nothing is sent from here."))
        .when(pl.col("sections").is_not_null())
        .then(pl.lit("Waits for an approver."))
        .otherwise(pl.lit("No question for the customer."))
    )
    return (
        rules.join(sections, on="customer_id", how="left")
        .join(customers.select("customer_id", "name"), on="customer_id", how="left")
        .with_columns(status=status, why=why)
        .with_columns(
            subject=pl.when(pl.col("status") == DRAFT).then(pl.lit(str(page["subject"]))),
            body=pl.when(pl.col("status") == DRAFT).then(body),
        )
        .select("customer_id", "status", "why", "subject", "body", "rules")
        .sort("customer_id")
    )


def _topic_rules(topic: str) -> list[str]:
    listed: list[str] = texts("letters")["rules"].get(topic, [])  # type: ignore[assignment]
    return list(listed)


def _section(topic: str) -> str:
    words = texts("letters")["topics"][topic]
    questions = "\n".join(f"{number}. {text}" for number, text in enumerate(words["questions"], 1))
    return f"{words['heading']}\n{questions}"


def _fixed(part: str, **words: str) -> str:
    text = str(texts("letters")[part])
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return text


def _opening(text: str) -> pl.Expr:
    """Put the customer's name into the text, as one line whatever it contains."""
    before, after = text.split("{name}")
    name = pl.col("name").fill_null("customer").str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.concat_str(pl.lit(before), name, pl.lit(after))
