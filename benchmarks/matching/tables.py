"""Print every table of the benchmark: accuracy by family beside peers, calibration, speed.

    python -m benchmarks.matching.tables [--write] [--quick] [--logic-v2 PYTHON] [--customers 1000000]

`--write` puts them into `docs/method/matching.md`; `--quick` leaves out speed and the slow peer; `--logic-v2` names
an interpreter that has `nomenklatura`. Nothing here is fitted: run it as often as you like, but look at single
cases of the development half only.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.matching import cases, peers, speed
from benchmarks.matching.gate import QUERIES, count_found
from benchmarks.matching.metrics import GROUPS, RATES, Outcome, assess, share
from screening.matching import thresholds

PAGE = Path(__file__).resolve().parents[2] / "docs" / "method" / "matching.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
SAMPLE, CLEAN_SAMPLE = 400, 1200


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay out a Markdown table; shares as percent."""
    lines = [head, ["---", *(["---:"] * (len(head) - 1))], *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return f"{100 * value:.1f}%" if isinstance(value, float) else str(value)


def outcome(made: cases.Cases, half: str, peer: peers.Peer, sampled: bool = False) -> Outcome:
    """Match one half of the cases (dev, test; both), or a sample of it."""
    chosen = pl.col("half").is_in(["dev", "test"] if half == "both" else [half])
    positives, negatives = made.positives.filter(chosen), made.negatives.filter(chosen)
    if sampled:
        positives = positives.sample(SAMPLE, seed=1)
        negatives = negatives.filter(pl.col("family") == "clean").sample(CLEAN_SAMPLE, seed=1)
    queries = pl.concat(
        [
            positives.with_columns(query_id=pl.format("p{}", "query_id")),
            negatives.with_columns(query_id=pl.format("n{}", "query_id")),
        ],
        how="diagonal",
    )
    return assess(made.index, positives, negatives, peer(made.index, queries))


def by_group(outcomes: dict[str, Outcome]) -> str:
    """Recall of groups of families, alerts, rank and AUC: a column a matcher."""
    rows: list[list[object]] = []
    for rate in RATES:
        grouped = {name: each.grouped(rate) for name, each in outcomes.items()}
        for group in GROUPS if rate == RATES[0] else ("all but unlike aliases",):
            rows.append(
                [f"recall at {100 * rate:g}%: {group}", *(shares[group] for shares in grouped.values())]
            )
    alerts = {name: each.alerts(RATES[0]) for name, each in outcomes.items()}
    families = sorted(set.union(*(set(shares) for shares in alerts.values())) - {"clean"})
    for family in families:
        rows.append([f"alerts on: {family}", *(shares[family] for shares in alerts.values())])
    for rank in (1, 5, 10):
        rows.append(
            [f"right party among the best {rank}", *(each.within(rank) for each in outcomes.values())]
        )
    rows.append(["AUC", *(f"{each.auc():.4f}" for each in outcomes.values())])
    return table(["", *outcomes], rows)


def by_family(dev: Outcome, test: Outcome) -> str:
    """Ours by family on both halves."""
    halves = [dev.recall(RATES[0]), test.recall(RATES[0]), test.recall(RATES[1]).drop("cases")]
    joined = halves[0].join(halves[1], on="family", how="full", coalesce=True, suffix="_test")
    joined = joined.join(halves[2], on="family", how="left", suffix="_strict").sort("family")
    head = ["family", "cases dev", "recall dev", "cases test", "recall test", "recall test at 0.1%"]
    return table(head, joined.rows())


def reliability(test: Outcome) -> str:
    """Lay out the share that is right by bins of the score, of best matches."""
    rows = [
        (f"{name}", f"{count:,}", f"{mean:.3f}", right)
        for name, count, mean, right in test.reliability().rows()
    ]
    return table(["score", "best matches", "mean score", "right"], rows)


def by_threshold(test: Outcome) -> str:
    """Lay out what each threshold finds and what it costs, per kind of party."""
    rows: list[list[object]] = []
    for kind in ("organization", "person"):
        bands = {score: band for band, score in thresholds()[kind].items()}
        found = test.found.filter(pl.col("family").str.starts_with(kind))
        like = found.filter(~pl.col("family").str.ends_with("unlike"))["score"]
        false = test.false.filter(pl.col("party_type") == kind)
        clean, hard = (
            false.filter(family="clean")["score"],
            false.filter(pl.col("family") != "clean")["score"],
        )
        for score in sorted({0.3, 0.4, 0.6, 0.9, *bands}):
            shares = [share(each >= score) for each in (like, clean, hard)]
            rows.append([f"{kind} {score:g} {bands.get(score, '')}".strip(), *shares])
    return table(
        ["score from", "recall, all but unlike", "clean names alerted", "hard negatives alerted"], rows
    )


def accuracy(logic_v2: str | None, quick: bool) -> Iterator[str]:
    """Yield all tables about being right."""
    made = cases.make()
    dev = outcome(made, "dev", peers.headwater)
    whole = {name: outcome(made, "test", peer) for name, peer in peers.WHOLE.items()}
    test = whole["Headwater"]
    yield "### Beside peers, test half\n"
    yield (
        f"{test.found.height:,} positives, {len(test.clean_scores()):,} clean names; recall at a share of the clean "
        "names that is alerted.\n"
    )
    yield by_group(whole)
    yield "### By family\n"
    yield "Recall where 0.5% of the clean names of the same half are alerted.\n"
    yield by_family(dev, test)
    yield "### Thresholds, test half\n"
    yield (
        "Customers that do not say their party type. Vessels and aircraft are not in the cases: their thresholds are "
        "judged.\n"
    )
    yield by_threshold(test)
    yield "### Calibration, test half\n"
    yield (
        "The best match of every query, positives and negatives together; right where the party bears a name of the "
        f"one looked for. Mean distance of score and share right: {100 * test.calibration_error():.1f} points.\n"
    )
    yield reliability(test)
    if not quick:
        yield from unhurried(made, logic_v2)


def unhurried(made: cases.Cases, logic_v2: str | None) -> Iterator[str]:
    """Yield the tables that take minutes: the gate against every name, and peers that are slow."""
    yield "### The gate\n"
    yield f"{QUERIES} queries of the test half, scored against every name, compared with what the index finds.\n"
    yield table(
        ["score from", "pairs", "found by the index", ""],
        [(f"{each.score:g}", each.pairs, each.found, each.found / each.pairs) for each in count_found(made)],
    )
    slow = dict(peers.SAMPLED)
    if logic_v2:
        slow["nomenklatura logic-v2"] = peers.logic_v2(logic_v2)
    sampled = {name: outcome(made, "test", peer, sampled=True) for name, peer in slow.items()}
    yield "### Beside slow peers, a sample of the test half\n"
    yield (
        f"{SAMPLE:,} positives and {CLEAN_SAMPLE:,} clean names. logic-v2 is given the party type, and scores the "
        f"right party and the {peers.CANDIDATES} parties nearest by TF-IDF: its ranks are better than they could "
        "be in a search.\n"
    )
    yield by_group(sampled)


def quickness(customers: int) -> str:
    """The table about time and memory."""
    figures = speed.run(customers)
    rows = [(name, f"{value:,.{0 if value >= 100 else 2}f}") for name, value in figures.items()]
    return "### Speed\n\n" + table(["", "measured"], rows)


def _parts(options: argparse.Namespace) -> Iterator[str]:
    yield f"Measured on {date.today()}.\n"
    if options.only != "speed":
        yield from accuracy(options.logic_v2, options.quick)
    if options.only != "accuracy" and not options.quick:
        yield quickness(options.customers)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("accuracy", "speed"))
    parser.add_argument("--logic-v2", metavar="PYTHON")
    parser.add_argument("--customers", type=int, default=1_000_000)
    options = parser.parse_args()
    parts: list[str] = []
    for part in _parts(options):
        parts.append(part)
        print(part, flush=True)
    if options.write:
        text = "\n".join(parts)
        page = PAGE.read_text("utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
