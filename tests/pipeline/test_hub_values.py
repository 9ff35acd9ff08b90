"""What the hub keeps of a value, and that no value stops a delivery."""

from __future__ import annotations

import copy
from pathlib import Path

import duckdb
import pytest
from gen3_batch import BATCH_ROWS, PROJECT, write_batch

from harmonize.engine.store import Store
from harmonize.pipeline.hub_values import kept_place, zip3
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        *[(cell, "021") for cell in (
            "021", "02139", "02139.0", "MA 02139", "02139x", "021391", "02139-1234", "02139 12345", "2139", "21.0",
            "Cambridge, MA 02139",
        )],
        ("036", "000"), ("03601", "000"), ("000", "000"),
        *[(cell, None) for cell in ("K1A 0B1", "SW1A 1AA", "1234 AB", "D-80331", "75008 PARIS", "02139 Quux", "", "x")],
    ],
)  # fmt: skip
def test_three_digits_of_a_zip_code(cell: str, kept: str | None) -> None:
    with duckdb.connect() as con:
        assert con.execute(f"SELECT {zip3('z')} FROM (SELECT ? AS z)", [cell]).fetchone() == (kept,)


@pytest.mark.parametrize(("country", "kept"), [(None, "803"), ("USA", "803"), ("united states", "803"), ("DE", None)])
def test_a_postcode_of_another_country_is_dropped(country: str | None, kept: str | None) -> None:
    sql = kept_place(["zip", "country_of_residence"])["zip"]
    with duckdb.connect() as con:
        found = con.execute(f"SELECT {sql} FROM (SELECT '80331' AS zip, ? AS country_of_residence) m", [country])
        assert found.fetchone() == (kept,)


def _load(store: Store, folder: Path, node: str, **values: str) -> LoadResult:
    rows = copy.deepcopy(BATCH_ROWS)
    rows[node][0].update(values)
    return load(store, [write_batch(folder / "batch", rows)], source="gen3", project=PROJECT)


def _values(store: Store, rule: str) -> list[str]:
    rows = store.con.execute(
        "SELECT value FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule = ? ORDER BY 1", [rule]
    )
    return [value for (value,) in rows.fetchall()]


def test_a_long_zip_code_stops_no_delivery(new_store: Store, tmp_path: Path) -> None:
    _load(new_store, tmp_path, "case", zip="02139 12345")
    assert ("021",) in new_store.con.execute('SELECT zip FROM midrc."case"').fetchall()
    assert ("021",) in new_store.con.execute("SELECT zip FROM omop.location").fetchall()
    assert _values(new_store, "phi_zip") == ["***"]


def test_a_number_that_a_column_does_not_hold_is_not_loaded_and_told(new_store: Store, tmp_path: Path) -> None:
    _load(new_store, tmp_path, "condition", days_to_condition_start="99999999999")
    assert "start_day: 99999999999" in _values(new_store, "large_number")


def test_a_day_that_no_calendar_has_stops_no_delivery(new_store: Store, tmp_path: Path) -> None:
    result = _load(new_store, tmp_path, "condition", days_to_condition_start="2147483647")
    assert result.undated["condition"] >= 1


def test_a_text_that_is_longer_than_its_column_is_cut_and_told(new_store: Store, tmp_path: Path) -> None:
    _load(new_store, tmp_path, "case", country_of_residence="x" * 300, residence_state="x" * 300)
    assert _values(new_store, "cut_text") == ["location.country_source_value"]
    assert new_store.con.execute("SELECT max(length(country_source_value)) FROM omop.location").fetchone() == (80,)
