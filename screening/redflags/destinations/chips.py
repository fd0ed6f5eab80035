"""DEST_ADVCHIP: advanced computing items and the destinations for which they need a licence.

15 CFR 742.6(a)(6)(iii), (b)(10)(iii); 740.2(a)(9)(ii) and 740.8 on exceptions. This is apart from the text of 2025 that
reaches the whole world: on no day did that text make one of these destinations free.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.compute.classification import ADVANCED, MEMORY
from screening.law import Law, figure, policy_figure, table
from screening.law.destinations import CHIP_CLASSES
from screening.redflags.destinations.legs import ENDS, NOWHERE
from screening.redflags.rule import ALWAYS, Branches

CASE_BY_CASE = ("CN", "HK", "MO")
"""Places for which 91 FR 1684 knows a review case by case."""
WORLD_TEXT, WORLD_COMPLIANCE = date(2025, 1, 13), date(2025, 5, 12)


def chip_branches(law: Law) -> Branches:
    """Return the branches of DEST_ADVCHIP for one place of a shipment, in order. Legs: as from `with_chip_law`."""
    advanced = pl.col("item_class").is_in([*ADVANCED, MEMORY])
    domestic = pl.col("place").is_in(sorted(law.places.united_states)) | (pl.col("movement") == "import")
    letter = pl.col("letter") & pl.col("item_class").is_in(["none", "unknown"])
    unknown = pl.col("item_class") == "unknown"
    few = pl.col("count") < int(policy_figure("many_unknown_parts"))
    exempt = pl.col("exception_found")
    return {
        "other_role": ~pl.col("place_role").is_in([*ENDS, NOWHERE]),
        "not_chip": pl.col("item_class").is_null()
        | ((pl.col("item_class") == "none") & ~letter & ~_class_differs()),
        "remote": _remote(law),
        "destination_unknown": pl.col("place").is_null(),
        "home": domestic,
        "embargo_first": pl.col("governs_chips") == "yes",
        "informed_letter": letter,
        "before_compliance": ~_in_scope() & (pl.col("item_class") == "3A090.a") & _world_text_alone(),
        "elsewhere": ~_in_scope(),
        "class_differs": _class_differs() & ~advanced,
        "class_unknown_few": unknown & few,
        "class_unknown": unknown,
        "licence_on_record": pl.col("licensed_places")
        .list.set_intersection(pl.concat_list(pl.col("place"), pl.lit("*")))
        .list.len()
        > 0,
        "exception_late": exempt & (pl.col("notice_days") < pl.col("days_needed")) & ~_inside_one_country(),
        "exception_not_open": exempt & exception_closed(),
        "exception_notice_unknown": exempt
        & pl.col("days_needed").is_not_null()
        & pl.col("notice_days").is_null()
        & ~_inside_one_country(),
        "exception_unsettled": exempt & (pl.col("exception_text") == "not enforced"),
        "exception_named": exempt,
        "d5_by_density": pl.col("closed") & (pl.col("class_by") == "density"),
        "d5_case_by_case": pl.col("closed") & _case_by_case(law),
        "d5": pl.col("closed"),
        "exception": _may_have_exception() & ~pl.col("named"),
        "uae": pl.col("named"),
        "licence": ALWAYS,
    }


def with_chip_law(legs: pl.DataFrame) -> pl.DataFrame:
    """Add to legs what their exception and the letters to makers say: columns that `chip_branches` reads."""
    exceptions = table("chip_exceptions").select(
        "exception",
        "survives",
        "closed_to",
        "closed_parts",
        days_needed=pl.col("notice_days").cast(pl.Int64),
        exception_text="text",
        exception_section="section",
        exception_conditions="conditions",
        exception_found=pl.lit(True),
    )
    letters = (
        table("chip_letters")
        .select(
            pl.col("places").str.split(" ").alias("place"),
            part="model",
            since=pl.col("effective_from").str.to_date(),
        )
        .explode("place")
    )
    return (
        legs.join(exceptions, on="exception", how="left", maintain_order="left")
        .join(letters, on=["part", "place"], how="left", maintain_order="left")
        .with_columns(
            pl.col("exception_found").fill_null(False),
            letter=(pl.col("since") <= pl.col("law_day")).fill_null(False),
        )
        .drop("since")
    )


def exception_closed() -> pl.Expr:
    """Return whether the exception that is named is shut for the place, the seat or the part."""
    closed = pl.col("closed") | pl.col("seated")
    # ACA reaches transfers inside Macau and D:5 as well.
    inside = (pl.col("exception") == "ACA") & _inside_one_country() & pl.col("closed")
    return pl.any_horizontal(
        pl.col("closed_to") == "all",
        (pl.col("closed_to") == "d5_macau") & closed & ~inside,
        (pl.col("closed_to") == "other") & ~closed,
        part_closed(),
    ).fill_null(False)


def part_closed() -> pl.Expr:
    """Return whether the exception that is named is shut for the part itself."""
    data_centre = _data_centre_a() & (pl.col("closed_parts") == "data_centre_a")
    return (
        data_centre | ((pl.col("item_class") != MEMORY) & (pl.col("closed_parts") == "not_memory"))
    ).fill_null(False)


def _in_scope() -> pl.Expr:
    """Return whether the item needs a licence to go there: an unknown class, or an open paragraph, as any of them."""
    classes = [pl.when(pl.col("item_class") == name).then(name) for name in CHIP_CLASSES]
    either = pl.any_horizontal(pl.col("3A090.a"), pl.col("3A090.b"))
    return pl.coalesce(*classes, either).fill_null(False)


def _class_differs() -> pl.Expr:
    return pl.col("table_class").is_in(ADVANCED).fill_null(False)


def _remote(law: Law) -> pl.Expr:
    """Return whether nothing is shipped: a service, or the rent of machines that stand where no transfer is shown."""
    at_home = pl.col("site_country").is_null() | pl.col("site_country").is_in(
        sorted(law.places.united_states)
    )
    rent = (pl.col("kind") == "lease") & (pl.col("provision") == "remote_only")
    return (pl.col("movement") == "service") | (rent & (at_home | pl.col("with_evidence")))


def _inside_one_country() -> pl.Expr:
    return (pl.col("movement") == "transfer_in_country").fill_null(False)


def _data_centre_a() -> pl.Expr:
    """Return whether a part is of class .a, or may be, and for data centres, which counts where it is not on record."""
    return pl.col("item_class").is_in(["3A090.a", "3A090"]) & pl.col("data_center").fill_null(True)


def _may_have_exception() -> pl.Expr:
    """Return whether 740.8 is open for a part: all but those for data centres of class .a."""
    return pl.col("item_class").is_in(["3A090.a", "3A090.b"]) & ~_data_centre_a()


def _case_by_case(law: Law) -> pl.Expr:
    """Return whether the review is case by case: exports from the United States below both figures (91 FR 1684)."""
    from_home = pl.col("from_country").is_null() | pl.col("from_country").is_in(
        sorted(law.places.united_states)
    )
    export = pl.col("movement").is_null() | (pl.col("movement") == "export")
    below = (pl.col("tpp") < figure("chip_case_tpp")) & (pl.col("memory") < figure("chip_case_memory"))
    return pl.lit(law.in_force("CN_H200")) & pl.col("place").is_in(CASE_BY_CASE) & below & export & from_home


def _world_text_alone() -> pl.Expr:
    """Return whether the world-wide text of 2025 had taken effect that day and nobody had to comply yet."""
    return pl.col("law_day").is_between(WORLD_TEXT, WORLD_COMPLIANCE)
