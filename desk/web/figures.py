"""Numbers turned into lengths for the small drawings of the pages; no page has a style of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from screening.law.tables import table

LIFE_FROM, LIFE_TO = date(2021, 1, 1), date(2028, 1, 1)
LIFE_WIDTH = 420
BAR_WIDTH = 320
_CODED = re.compile(r"(?P<rule>[A-Z][A-Z0-9_]+): (?:(?P<what>.+?): )?(?P<tail>.+?)\.?")


def case_counts(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return every recommendation, strictest first, with its number of cases, the width of its bar and its meaning."""
    ranked = sorted(table("recommendations").to_dicts(), key=lambda row: -int(row["rank"]))
    most = max(counts.values(), default=0) or 1
    return [
        {
            "recommendation": row["recommendation"],
            "cases": counts.get(row["recommendation"], 0),
            "bar": round(BAR_WIDTH * counts.get(row["recommendation"], 0) / most),
            "meaning": row["meaning"],
        }
        for row in ranked
    ]


def by_reason(not_checked: Sequence[str]) -> list[dict[str, Any]]:
    """Gather lines `RULE: reason`, the reason that most rules share first; `RULE: what: reason` by reason, too.

    >>> lines = ["G01: No table.", "G02: No table.", "RF01: Haste: not asked.", "RF02: Cash: not asked.", "Judge: G24"]
    >>> [line["why"] + ": " + ", ".join(line["rules"]) for line in by_reason(lines)]
    ['No table: G01, G02', 'Not asked: RF01 Haste, RF02 Cash', 'Judge: G24']
    """
    found = [_CODED.fullmatch(line) for line in not_checked]
    tails = Counter(match["tail"] for match in found if match)
    rules: dict[str, list[str]] = {}
    for line, match in zip(not_checked, found, strict=True):
        if match is None:  # rules without code, all in one line
            why, _, named = line.partition(": ")
            rules.setdefault(why, []).extend(named.split(", "))
        elif match["what"] and tails[match["tail"]] > 1:
            rules.setdefault(match["tail"], []).append(f"{match['rule']} {match['what']}")
        else:
            rules.setdefault(line.split(": ", 1)[1].rstrip("."), []).append(match["rule"])
    ranked = sorted(rules, key=lambda why: (-len(rules[why]), why))
    return [{"why": why[:1].upper() + why[1:], "rules": rules[why]} for why in ranked]


def life_lines(rules: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """Give each rule the bars of its periods and the place of the day."""
    return [
        {
            **rule,
            "bars": [bar for period in rule["periods"] if (bar := _bar(period)) is not None],
            "now": _place(today),
        }
        for rule in rules
    ]


def trend(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the points of a line of cases over the runs, oldest first."""
    counts = [int((run["counts"] or {}).get("cases", 0)) for run in reversed(runs)]
    if len(counts) < 2:
        return {"points": "", "counts": counts}
    low, high = min(counts), max(counts)
    step = BAR_WIDTH / (len(counts) - 1)
    heights = [60 - 50 * (count - low) / ((high - low) or 1) for count in counts]
    return {
        "points": " ".join(f"{i * step:.0f},{height:.0f}" for i, height in enumerate(heights)),
        "counts": counts,
    }


def timings(seconds: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the stages of a run with the width of each bar, the longest first."""
    longest = max(seconds.values(), default=0) or 1
    return [
        {"stage": k, "seconds": v, "bar": max(1, round(BAR_WIDTH * v / longest))}
        for k, v in sorted(seconds.items(), key=lambda stage: -stage[1])
    ]


def _bar(period: Mapping[str, Any]) -> dict[str, Any] | None:
    begin = _place(period["effective_from"] or LIFE_FROM)
    end = _place(period["effective_to"] or LIFE_TO)
    if end <= 0 or begin >= LIFE_WIDTH:
        return None
    what = f"{period['status']} from {period['effective_from'] or '?'} to {period['effective_to'] or 'further notice'}"
    return {
        "x": begin,
        "width": max(2, end - begin),
        "status": period["status"],
        "title": f"{what}: {period['citation']}",
    }


def _place(day: date) -> int:
    share = (day - LIFE_FROM).days / (LIFE_TO - LIFE_FROM).days
    return round(LIFE_WIDTH * min(1.0, max(0.0, share)))
