"""TPP, density and the classes of 3A090, at their limits."""

from __future__ import annotations

import polars as pl
import pytest

from screening.compute.accelerators import CLASSES, chip_class, identify, parts, tpp


@pytest.mark.parametrize(
    ("performance", "density", "data_center", "wanted"),
    [
        (4800.0, None, True, "3A090.a"),
        (4799.999, 5.91, True, "3A090.b"),
        (4799.999, None, True, "unknown"),
        (4800.0, None, False, "3A090.a"),
        (4799.999, 9.0, False, "none"),
        (1600.0, 5.92, True, "3A090.a"),
        (1600.0, 5.919, True, "3A090.b"),
        (1600.0, 3.2, True, "3A090.b"),
        (1600.0, 3.199, True, "none"),
        (2400.0, 1.6, True, "3A090.b"),
        (2399.999, 1.6, True, "none"),
        (2400.0, 1.599, True, "none"),
        (1599.999, 50.0, True, "none"),
        (None, None, True, "unknown"),
        (2000.0, 4.0, None, "3A090.b"),
    ],
)
def test_class_at_its_limits(
    performance: float | None, density: float | None, data_center: bool | None, wanted: str
) -> None:
    chip = pl.DataFrame(
        {"t": [performance], "d": [density], "c": [data_center]},
        schema={"t": pl.Float64, "d": pl.Float64, "c": pl.Boolean},
    )
    assert chip.select(chip_class(pl.col("t"), pl.col("d"), pl.col("c"))).item() == wanted


def test_an_h100_by_the_formula_is_near_the_figure_that_bis_counts_imply() -> None:
    assert abs(tpp(989.45, 8) - 15825) < 15
    assert 5_064_000_000 / 320_000 == 15825


def test_every_part_of_the_table_has_a_class_and_a_certainty() -> None:
    frame = parts()
    assert set(frame["chip_class"]) <= set(CLASSES)
    assert set(frame["certainty"]) <= {"datasheet", "secondary", "uncertain"}
    assert frame["model"].is_unique().all()


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("NVIDIA H100 SXM5 80GB", "NVIDIA H100"),
        ("GH200", "NVIDIA GH200"),
        ("L40S", "NVIDIA L40S"),
        ("l40", "NVIDIA L40"),
        ("Ascend 910B", "Huawei Ascend 910B"),
        ("Ascend-910", "Huawei Ascend 910"),
        ("A100-PCIE", "NVIDIA A100"),
        ("RTX 4090 D", "NVIDIA RTX 4090 D"),
        ("home made", None),
    ],
)
def test_parts_are_recognized_by_their_names(name: str, model: str | None) -> None:
    assert identify(pl.Series([name]))["model"].item() == model
