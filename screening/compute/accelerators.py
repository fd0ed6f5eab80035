"""Total processing performance (TPP) of chips, and the class that 3A090 gives them.

TPP = 2 x MacTOPS x bit length, the highest over bit lengths, dense; performance density = TPP / die area in mm2 of
non-planar logic (note 2 to 3A090). Figures of common parts are in `screening/data/law/accelerators.csv` with their
certainty; a TPP given with a record counts before that of the table.
"""

from __future__ import annotations

import polars as pl

from screening.law import decimal_figure, figure, table

CLASSES = ("3A090.a", "3A090.b", "none", "unknown")


def tpp(mac_tops: float, bit_length: int) -> float:
    """Return total processing performance from MAC operations (in 10^12 a second) and their bit length.

    >>> round(tpp(989.45, 8))  # an H100-class part: 1,978.9 dense TFLOPS are 989.45 MacTOPS
    15831
    """
    return 2 * mac_tops * bit_length


def chip_class(tpp: pl.Expr, density: pl.Expr, data_center: pl.Expr) -> pl.Expr:
    """Return the class of a chip: 3A090.a, 3A090.b, none, or unknown if the density decides and is not on record.

    `data_center`: designed or marketed for data centres; null counts as yes. Equal to a limit is inside it.

    >>> chips = pl.DataFrame({"tpp": [4800.0, 1600.0, 2400.0, 2000.0, 1599.0], "pd": [None, 5.92, 1.6, None, 9.0]})
    >>> chips.select(c=chip_class(pl.col("tpp"), pl.col("pd"), pl.lit(True)))["c"].to_list()
    ['3A090.a', '3A090.a', '3A090.b', 'unknown', 'none']
    """
    # The text bounds 3A090.b from above by the limits of 3A090.a, which is tested first.
    b = ((tpp >= figure("chip_b_tpp")) & (density >= decimal_figure("chip_b_low_density"))) | (
        (tpp >= figure("chip_tpp")) & (density >= decimal_figure("chip_b_density"))
    )
    return (
        pl.when(tpp >= figure("chip_a_tpp"))
        .then(pl.lit("3A090.a"))
        .when(tpp.is_null())
        .then(pl.lit("unknown"))
        .when(~data_center.fill_null(True) | (tpp < figure("chip_tpp")))
        .then(pl.lit("none"))
        .when(density >= decimal_figure("chip_a_density"))
        .then(pl.lit("3A090.a"))
        .when(density.is_null())
        .then(pl.lit("unknown"))
        .when(b)
        .then(pl.lit("3A090.b"))
        .otherwise(pl.lit("none"))
    )


def parts() -> pl.DataFrame:
    """Return the table of common parts: model, maker, maker_country, tpp, density, dram_gb_s, class, certainty.

    >>> parts().filter(pl.col("model") == "NVIDIA A40")["chip_class"].item()
    '3A090.b'
    """
    rows = table("accelerators").with_columns(
        pl.col("tpp").cast(pl.Float64),
        pl.col("dram_gb_s").cast(pl.Float64),
        (pl.col("tpp").cast(pl.Float64) / pl.col("die_area_mm2").cast(pl.Float64)).alias("density"),
        (pl.col("data_center") == "yes").alias("data_center"),
    )
    return rows.with_columns(chip_class=chip_class(pl.col("tpp"), pl.col("density"), pl.col("data_center")))


def identify(names: pl.Series) -> pl.DataFrame:
    """Return for each distinct name of a part its row of the table: accelerator (the name), model, ...

    The longest alias found in the name counts, so that "H100 SXM5 80GB" is an H100 and "GH200" is no H200. A name that
    contains no alias has null columns.

    >>> identify(pl.Series(["nvidia H100-80GB", "abacus"])).select("accelerator", "model").rows()
    [('abacus', None), ('nvidia H100-80GB', 'NVIDIA H100')]
    """
    asked = pl.DataFrame({"accelerator": names.drop_nulls().unique().cast(pl.String)}).sort("accelerator")
    aliases = (
        parts().with_columns(pl.col("aliases").str.split(" ").alias("alias")).explode("alias").drop("aliases")
    )
    plain = pl.col("accelerator").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
    found = (
        asked.with_columns(plain=plain)
        .join(aliases, how="cross")
        .filter(pl.col("plain").str.contains(pl.col("alias"), literal=True))
        .sort("accelerator", pl.col("alias").str.len_bytes(), "model", descending=[False, True, False])
        .unique("accelerator", keep="first", maintain_order=True)
        .drop("plain", "alias")
    )
    return asked.join(found, on="accelerator", how="left", maintain_order="left")
