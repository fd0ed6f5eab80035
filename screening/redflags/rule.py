"""What a computed rule is made of.

A rule is an ordered table of branches: each has a condition over the facts, the first that holds is the rule's
answer, and the last one always holds. What a branch means (outcome, weight, missing column, reason, question) is
data, in `screening/data/law/texts/<family>.toml`. So code says *when*, and text says *what*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Protocol

import polars as pl

from screening.law import Law, policy_figure
from screening.law.tables import rules, table, texts

OUTCOMES = ("raised", "not_raised", "not_applicable", "not_evaluable")

ALWAYS = pl.lit(True)

Branches = Mapping[str, pl.Expr]
"""Name of each branch with its condition, in order: the first that is true applies. A null condition is not true."""

Rule = Callable[[Law], Branches]
"""The code of a computed rule: its branches under the law of a day."""


class SignalSource(Protocol):
    """Turns a nested column of the facts into flat columns: few and narrow ones for conditions, wide ones for texts.

    Most customers have nothing in such a column, so both frames hold only the rows that have.
    """

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules whose texts may quote the text columns."""

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return the columns that conditions read, keyed by the column `row` of the facts."""

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the columns that reason, question and evidence of one branch may quote, keyed by `row`."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The data of one branch of one rule.

    `outcome`: one of `OUTCOMES`. `reason`, `question`: templates of text. `missing`: the fact that was not there.
    `material` says whether the branch opens a case although its outcome is not_evaluable: "always", "when_switched_on"
    (only with the rule's precautionary switch), or "never". `recommendation`, `severity`: where they differ from the
    rule's. `lead`: the branch applies when a detector or a ledger reports it. `banner`: the reason ends with what the
    status of the rule means; off where that would be read as a word on another rule.
    """

    name: str
    outcome: str
    reason: str
    question: str | None = None
    material: str = "never"
    missing: str | None = None
    recommendation: str | None = None
    severity: int | None = None
    lead: bool = False
    banner: bool = True


def read_branch(rule_id: str, family: str, name: str) -> Branch:
    """Return the data of a branch: the rule's own words over its family's (`_`) over the common ones.

    Recommendation and severity of a branch on a role are those of `party_effects.csv`.

    >>> read_branch("RF28", "training", "below").outcome
    'not_raised'
    """
    page = texts(family)
    layers = (texts("common")["_"], page.get("_", {}), page.get(rule_id, {}))
    fields = {key: value for layer in layers for key, value in layer.get(name, {}).items()}
    return Branch(name=name, **{**fields, **_role_weights().get((rule_id, name), {})})


@cache
def _role_weights() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return recommendation and severity of each rule and branch that the effects of roles name."""
    rows = table("party_effects").select(
        "rule_id", "branch", "recommendation", pl.col("severity").cast(pl.Int64)
    )
    return MappingProxyType(
        {
            (rule_id, branch): {"recommendation": recommendation, "severity": severity}
            for rule_id, branch, recommendation, severity in rows.iter_rows()
        }
    )


@cache
def rule_family(rule_id: str) -> str:
    """Return the family of a rule: the name of its module in `rules` and of its page of texts.

    >>> rule_family("RF29")
    'ownership'
    """
    return str(rules().row(by_predicate=pl.col("rule_id") == rule_id, named=True)["family"])


@cache
def lead_branches(rule_id: str) -> tuple[str, ...]:
    """Return the branches of a rule that detectors and ledgers may report, in the order of its page.

    >>> lead_branches("RF21")
    ('party_not_named', 'user_not_named', 'owner_unknown', 'stale_ownership')
    """
    page = texts(rule_family(rule_id)).get(rule_id, {})
    return tuple(name for name, fields in page.items() if fields.get("lead"))


@cache
def rule_constants(rule_id: str) -> Mapping[str, str]:
    """Return the words that templates may name besides columns: those of the rule and of the list it is about."""
    row = rules().row(by_predicate=pl.col("rule_id") == rule_id, named=True)
    words = {"title": row["title"], "citation": row["citation"], **_policy_words()}
    lists = table("lists").filter(pl.col("rule_id") == rule_id)
    if len(lists):
        first = lists.row(0, named=True)
        words |= {"list_name": first["name"], "effect": first["effect"], "ask": first["question"]}
    return MappingProxyType(words)


def _policy_words() -> Mapping[str, str]:
    """Return the figures of our policy that texts name, as texts write them."""
    return {
        "capacity_utilisation": f"{100 * policy_figure('capacity_utilisation'):g} percent",
        "d5_training_ops": f"{policy_figure('d5_training_ops'):g}".replace("e+", "e"),
    }


def choose(branches: Branches) -> pl.Expr:
    """Return the position of the first branch whose condition holds, as a small integer."""
    *conditional, last = enumerate(branches.values())
    chain: pl.Expr = pl.lit(last[0], pl.UInt8)
    for position, condition in reversed(conditional):
        chain = pl.when(condition).then(pl.lit(position, pl.UInt8)).otherwise(chain)
    return chain
