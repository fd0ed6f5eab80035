"""From which score a match counts, by what the party is and which list it is on."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import ConfigInvalid
from pipelines.job.config import Config, load_config
from screening.book.limits import score_limits
from screening.matching import thresholds

PARTIES = pl.DataFrame(
    [
        ("SDN-1", "SDN", "person"),
        ("SDN-2", "SDN", "organization"),
        ("EL-3", "EL", "organization"),
        ("EL-4", "EL", "unknown"),
    ],
    schema=["party_id", "list", "party_type"],
    orient="row",
)
MEASURED = thresholds()


def configured(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "headwater.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def limits(config: Config) -> dict[str, tuple[float, float]]:
    rows = score_limits(PARTIES, MEASURED, config.matching).rows()
    return {party: (review, alert) for party, review, alert in rows}


def test_measured_limits_unless_configured_otherwise() -> None:
    person = MEASURED["person"]
    assert limits(Config())["SDN-1"] == (person["review"], person["alert"])
    assert limits(Config()).keys() == set(PARTIES["party_id"])


def test_the_last_that_fits_counts(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        "[matching]\nalert = 0.7\n"
        '[[matching.limits]]\nlist = "SDN"\nreview = 0.3\nalert = 0.6\n'
        '[[matching.limits]]\nlist = "SDN"\nparty_type = "person"\nalert = 0.9\n'
        '[[matching.limits]]\nparty_type = "unknown"\nreview = 0.4\n',
    )
    review = MEASURED["organization"]["review"]
    assert limits(config) == {
        "SDN-1": (0.3, 0.9), "SDN-2": (0.3, 0.6), "EL-3": (review, 0.7), "EL-4": (0.4, 0.7)
    }  # fmt: skip


def test_a_list_or_type_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="unknown list SDM"):
        configured(tmp_path, '[[matching.limits]]\nlist = "SDM"\nalert = 0.6\n')
    with pytest.raises(ConfigInvalid, match="party_type"):
        configured(tmp_path, '[[matching.limits]]\nparty_type = "ship"\nalert = 0.6\n')
