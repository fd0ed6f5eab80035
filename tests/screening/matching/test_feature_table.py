"""The features are declared once: each has a constant, words and a direction, and the fit asks for no other."""

from __future__ import annotations

import polars as pl

from screening.matching import feature_table
from screening.matching.feature_table import DIRECTIONS, FEATURES, position
from screening.names.tables import settings, table


def test_every_feature_has_its_constant() -> None:
    constants = {name.upper(): place for place, name in enumerate(FEATURES)}
    assert constants
    assert {name: getattr(feature_table, name) for name in constants} == constants


def test_every_cell_is_filled_and_every_feature_once() -> None:
    rows = table("features")
    assert rows["name"].is_unique().all()
    assert not rows.select(pl.any_horizontal(pl.all() == "")).to_series().any()
    assert set(DIRECTIONS) == {-1, 0, 1}


def test_the_fit_asks_for_these_features_alone() -> None:
    asked = set(table("trees")["asks"]) - {""}
    assert asked and asked <= set(FEATURES)
    for kind in ("person", "organization"):
        assert set(settings("calibration")[kind]["linear"]) == {*FEATURES, "constant"}


def test_an_unknown_name_has_no_position() -> None:
    assert position(FEATURES[-1]) == len(FEATURES) - 1
