"""`headwater explain CUSTOMER`: one case in words and numbers; without a case, what was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli.options import RunFolder

if TYPE_CHECKING:
    from pipelines.run import Run


def explain(
    case: Annotated[
        str, typer.Argument(metavar="CASE_ID", help="Id of a case, or of any customer of the run.")
    ],
    run: RunFolder,
) -> None:
    """Say why a customer was flagged; of one who was not, what it was compared with and what was not looked at."""
    from desk.cli.output import console, emit, is_terminal, safe
    from pipelines.errors import CaseNotFound
    from pipelines.run import find_case, open_run

    opened = open_run(run)
    try:
        found = find_case(opened, case)
    except CaseNotFound:
        explain_without_case(opened, case)
        return
    if not is_terminal():
        emit([found], ())
        return
    screen = console()
    for style, line in lines(found, str(opened.manifest["as_of"])):
        screen.print(safe(line), style=style, soft_wrap=True)


def explain_without_case(run: Run, customer_id: str) -> None:
    """Print what was looked at of a customer without a case. Raises CustomerNotFound."""
    from desk.certificate import certificate, short_text
    from desk.cli.output import console, emit, is_terminal, safe

    made = certificate(run, customer_id)
    if not is_terminal():
        brief = {section.key: section.brief or section.lines for section in made.sections}
        emit([{"customer_id": customer_id, "case": None, "title": made.title, "sections": brief}], ())
        return
    for style, line in short_text(made, str(run.path)):
        console().print(safe(line), style=style, soft_wrap=True)


def lines(case: dict[str, Any], as_of: str) -> list[tuple[str | None, str]]:
    """Write a case as (style, line) pairs in reading order."""
    from screening.cases import role_note
    from screening.ownership import format_share
    from screening.text import format_score

    out: list[tuple[str | None, str]] = [
        ("bold", f"{case['name']}  (customer {case['customer_id']}, case {case['case_id']}, as of {as_of})"),
        ("bold", f"Recommendation: {case['recommendation']}   severity {case['severity']}"),
    ]
    out += [(None, ""), ("underline", "Findings")]
    for finding in case["findings"]:
        head = f"{finding['rule_id']}  {finding['outcome']}  rule status: {finding['rule_status']}"
        out += [("bold", f"  {head}  -> {finding['recommendation']}"), (None, f"    {finding['reason']}")]
        if finding["evidence"]:
            out.append(("dim", f"    evidence: {finding['evidence']}"))
    if case["matches"]:
        out += [(None, ""), ("underline", "Names that matched")]
    for match in case["matches"]:
        identity = f" {match['matched_entity_id']}" if match["role"] and not match["counterparty"] else ""
        whose = f" ({role_note(match)}{identity})" if match["role"] else ""
        out.append(
            (None, f"  {format_score(match['score']):5} {match['band']:6} {match['query_name']}{whose} ~ "
                   f"{match['matched_name']} [{match['list']} {match['party_id']}: {match['party_name']}]")
        )  # fmt: skip
        out += [
            (None, f"      {part['weight']:+5.1f}  {part['text']}")
            for part in match["evidence"] or []
            if part["weight"]
        ]
        out += [
            ("dim", f"          ?  {part['text']}") for part in match["evidence"] or [] if not part["weight"]
        ]
    if case["paths"]:
        out += [(None, ""), ("underline", "Ownership paths")]
    for path in case["paths"]:
        share = format_share(path["low"], path["high"])
        whose = f" ({role_note(path)})" if path["role"] else ""
        text = f"  {path['regime']}: {path['status']}, {share} held by listed parties: {path['path']}{whose}"
        out.append((None, text))
    if case["questions"]:
        out += [(None, ""), ("underline", "Questions to ask")]
    out += [(None, f"  - {question}") for question in case["questions"]]
    if case["not_checked"]:
        out += [(None, ""), ("underline", "Not checked (data missing)")]
    out += [("dim", f"  - {text}") for text in case["not_checked"]]
    return out
