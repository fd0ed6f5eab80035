"""A score as steps that add up: where every pair starts, what the names add, and what the other evidence adds.

The steps are log odds; their sum is the log odds of the score that `screening.matching.evidence.weighing` gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import exp, log
from typing import Any

import polars as pl

from screening.matching.evidence.weights import weights
from screening.matching.explanation import Explanation
from screening.matching.feature_table import SENTENCES, TOPICS
from screening.names.tables import settings


@dataclass(frozen=True, slots=True)
class Detail:
    """A feature of the names: what it is, its value, and the log odds that it adds."""

    text: str
    value: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `kind`: start, names, limit, or that of a part of the evidence. `probability`: after the step."""

    kind: str
    verdict: str  # agrees, contradicts, open (neither), missing
    text: str
    log_odds: float
    probability: float = 0.0
    details: tuple[Detail, ...] = ()


def waterfall(explained: Explanation | None, evidence: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps from the start to the score of a pair.

    `explained`: its names; None where they do not resemble. `evidence`: the parts that `evidence.weighing.weigh` gave.

    >>> number = {"kind": "identifier", "verdict": "agrees", "weight": 8.0, "text": "same LEI: 5493001KJTIIGC8Y1R12"}
    >>> [(step.kind, round(step.log_odds, 2), round(step.probability, 3)) for step in waterfall(None, [number])]
    [('start', -4.6, 0.01), ('identifier', 8.0, 0.968)]
    """
    levels = [_level(part) for part in evidence]
    limited = any(level.get("limits") for level in levels)
    weak = any(
        (part["kind"], level.get("level")) == ("name", "weak")
        for part, level in zip(evidence, levels, strict=True)
    )
    names = _name_steps(explained) if explained else [_unlike()]
    limit = _limit(sum(step.log_odds for step in names), limited, _identified(evidence))
    others = [
        _evidence_step(part, counts=not (level.get("slight") and part["weight"] > 0 and (limited or weak)))
        for part, level in zip(evidence, levels, strict=True)
        if part["kind"] != "name"
    ]
    steps = [*names, *limit, *others]
    if any((level.get("kind"), level.get("level")) == ("name", "numbered") for level in levels):
        steps.append(_question(sum(step.log_odds for step in steps)))
    sums = accumulate(step.log_odds for step in steps)
    return tuple(
        replace(step, probability=1 / (1 + exp(-total))) for step, total in zip(steps, sums, strict=True)
    )


def _name_steps(explained: Explanation) -> list[Step]:
    """Return the start, then the contributions of the features by topic, the weightiest topic first."""
    topics: dict[str, list[Detail]] = {}
    for feature, added in explained.contributions.items():
        if added:
            detail = Detail(SENTENCES[feature], explained.features[feature], added)
            topics.setdefault(TOPICS[feature], []).append(detail)
    steps = [_topic_step(topic, details) for topic, details in topics.items()]
    start = Step("start", "open", "any two names on which words agree", explained.start)
    return [start, *sorted(steps, key=lambda step: (-abs(step.log_odds), step.text))]


def _topic_step(topic: str, details: Sequence[Detail]) -> Step:
    ranked = tuple(sorted(details, key=lambda detail: (-abs(detail.log_odds), detail.text)))
    added = sum(detail.log_odds for detail in ranked)
    return Step("names", "agrees" if added > 0 else "contradicts", topic, added, details=ranked)


def _unlike() -> Step:
    floor = settings("evidence")["name"]["floor"]
    return Step("start", "open", settings("evidence")["name"]["differs"]["text"], log(floor / (1 - floor)))


def _limit(names: float, limited: bool, identified: bool) -> list[Step]:
    """Say how far the names count: less where a contradiction points to a namesake, more with an equal number."""
    name = settings("evidence")["name"]
    floor = log(name["floor"] / (1 - name["floor"]))
    lifted = max(names, floor) if identified else names
    counted = lifted - (1 - name["slope"]) * max(0.0, lifted - name["knee"]) if limited else lifted
    added = counted - names
    if not added:
        return []
    text = (
        "the best of names is borne by namesakes: against a contradiction it counts only so far"
        if added < 0
        else "an equal number: the names count as a little alike at least"
    )
    return [Step("limit", "contradicts" if added < 0 else "agrees", text, added)]


def _question(total: float) -> Step:
    """Lift the sum to where a pair is a question at least."""
    name = settings("evidence")["name"]
    least = log(name["question"] / (1 - name["question"]))
    return Step("limit", "agrees", name["numbered"]["text"], least - total)


def _identified(evidence: Sequence[Mapping[str, Any]]) -> bool:
    return any(part["kind"] == "identifier" and part["weight"] > 0 for part in evidence)


def _evidence_step(part: Mapping[str, Any], counts: bool) -> Step:
    if counts:
        return Step(part["kind"], part["verdict"], part["text"], part["weight"])
    return Step(part["kind"], "open", f"{part['text']} (namesakes share it: not counted here)", 0.0)


def _level(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row of the table of weights from which a part comes; empty where there is none any more."""
    text = pl.lit(part["text"])
    head = pl.concat_str("text", pl.lit(": "))
    fits = weights().filter(
        pl.col("kind") == part["kind"], (text == pl.col("text")) | text.str.starts_with(head)
    )
    longest = fits.sort(pl.col("text").str.len_chars(), descending=True).head(1).to_dicts()
    return longest[0] if longest else {}
