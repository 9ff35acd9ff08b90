"""RICORD 1C as it is published: its readings meet its images; its answers and disagreements have the known counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from same_database import differences, snapshot
from test_ricord import PROJECT, rows, rules

from harmonize.engine.store import open_store
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create
from harmonize.pipeline.withdraw import withdraw


@pytest.fixture(scope="session")
def ricord(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with all three releases' series and the annotations of 1C."""
    path = tmp_path_factory.mktemp("ricord") / "ricord.duckdb"
    with open_store(path, create=True, initialise=create) as store:
        load(
            store,
            [shared / "imaging" / "idc_covid_series.parquet"],
            source="idc",
            project=PROJECT,
            collections=[f"midrc_ricord_1{release}" for release in "abc"],
        )
        load(store, [shared / "ricord_1c" / "annotations_mdai.json"], source="ricord", project=PROJECT)
    return path


@pytest.mark.realdata
def test_ricord_1c_meets_its_images(ricord: Path) -> None:
    with open_store(ricord, read_only=True) as store:
        assert rows(store, "SELECT count(*) FROM omop.person") == [(524,)]
        states = rows(
            store,
            (
                "SELECT record_type, state, coalesce(reason, ''), count(*) FROM harmonize.ledger WHERE "
                "submission_id = 2 GROUP BY ALL ORDER BY ALL"
            ),
        )
        assert states == [
            ("ricord.annotation", "loaded", "", 5424),
            ("ricord.annotation", "quarantined", "no_person", 16),
            ("ricord.label_group", "context", "", 6),
            ("ricord.study", "context", "", 1000),
        ]
        assert rules(store, 2) == {"same_content": 12, "unlisted_study": 1}
        assert rows(store, "SELECT count(DISTINCT study_uid), count(*) FROM linked.annotation_read") == [(998, 5424)]
        features = rows(store, "SELECT count(*), count(DISTINCT image_feature_event_id) FROM omop.image_feature")
        assert features == [(5424, 5424)]


@pytest.mark.realdata
def test_ricord_1c_consensus(ricord: Path) -> None:
    asked = "FROM linked.annotation_consensus WHERE question = 'class_covid19_pneumonia' GROUP BY ALL"
    with open_store(ricord, read_only=True) as store:
        found = rows(store, f"SELECT status, coalesce(answer, ''), count(*) {asked}")
        unanimity = rows(store, f"SELECT unanimity, coalesce(unanimous_answer, ''), count(*) {asked}")
    assert sorted(found) == [
        ("adjudicated", "atypical", 7), ("adjudicated", "indeterminate", 51), ("adjudicated", "negative", 6),
        ("adjudicated", "typical", 64), ("disagreement", "", 1), ("insufficient", "", 16), ("invalid", "", 15),
        ("majority", "atypical", 206), ("majority", "indeterminate", 280), ("majority", "negative", 218),
        ("majority", "typical", 134),
    ]  # fmt: skip
    assert sorted(unanimity) == [
        ("conflict", "", 3), ("disagreement", "", 597), ("missing", "", 70), ("unanimous", "atypical", 65),
        ("unanimous", "indeterminate", 86), ("unanimous", "negative", 146), ("unanimous", "typical", 31),
    ]  # fmt: skip


@pytest.mark.realdata
def test_ricord_1c_again_and_withdrawn(ricord: Path, shared: Path, copy_of: Callable[[Path], Path]) -> None:
    path = copy_of(ricord)
    before = snapshot(path)
    with open_store(path) as store:
        again = load(store, [shared / "ricord_1c" / "annotations_mdai.json"], source="ricord", project=PROJECT)
        assert again.states["unchanged"] == 6446
    assert differences(before, snapshot(path)) == {}
    with open_store(path) as store:
        withdraw(store, 2)
        assert rows(store, "SELECT count(*) FROM omop.image_feature") == [(0,)]
        load(store, [shared / "ricord_1c" / "annotations_mdai.json"], source="ricord", project=PROJECT)
    after = snapshot(path)
    assert (
        differences(
            {t: r for t, r in before.items() if "linked" in t}, {t: r for t, r in after.items() if "linked" in t}
        )
        == {}
    )
