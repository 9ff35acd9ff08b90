"""RICORD 1C as it is published: its readings meet its images; its answers and disagreements have the known counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from counted import Readings, Row, series_of
from same_database import differences, snapshot
from test_ricord import PROJECT, rows, rules

from harmonize.engine.store import open_store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create


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


@pytest.fixture(scope="session")
def series(shared: Path) -> list[Row]:
    return series_of(
        shared / "imaging" / "idc_covid_series.parquet", *(f"midrc_ricord_1{release}" for release in "abc")
    )


@pytest.fixture(scope="session")
def sent(shared: Path, series: list[Row]) -> Readings:
    """The readings as sent: the numbers below are counted there, by plain Python."""
    return Readings(shared / "ricord_1c" / "annotations_mdai.json", [row["StudyInstanceUID"] for row in series])


@pytest.mark.realdata
def test_the_export_is_the_one_that_is_known(sent: Readings) -> None:
    assert (len(sent.all), len(sent.with_images), sent.studies, sent.groups) == (5440, 5424, 1000, 6)


@pytest.mark.realdata
def test_ricord_1c_meets_its_images(ricord: Path, series: list[Row], sent: Readings) -> None:
    # a patient has one number in all three releases: MIDRC-RICORD-1A-419639-000082 is ...-1C-419639-000082
    patients = {tuple(row["PatientID"].split("-")[-2:]) for row in series}
    loaded = len(sent.with_images)
    with open_store(ricord, read_only=True) as store:
        assert rows(store, "SELECT count(*) FROM omop.person") == [(len(patients),)]
        states = rows(
            store,
            (
                "SELECT record_type, state, coalesce(reason, ''), count(*) FROM harmonize.ledger WHERE "
                "submission_id = 2 GROUP BY ALL ORDER BY ALL"
            ),
        )
        assert states == [
            ("ricord.annotation", "loaded", "", loaded),
            ("ricord.annotation", "quarantined", "no_person", len(sent.all) - loaded),
            ("ricord.label_group", "context", "", sent.groups),
            ("ricord.study", "context", "", sent.studies),
        ]
        assert rules(store, 2) == {"same_content": sent.repeated, "unlisted_study": len(sent.unlisted)}
        assert sent.repeated > 0 < len(sent.unlisted)
        studies = {study for study, *_ in sent.with_images}
        assert rows(store, "SELECT count(DISTINCT study_uid), count(*) FROM linked.annotation_read") == [
            (len(studies), loaded)
        ]
        features = rows(store, "SELECT count(*), count(DISTINCT image_feature_event_id) FROM omop.image_feature")
        assert features == [(loaded, loaded)]


@pytest.mark.realdata
def test_ricord_1c_consensus(ricord: Path, sent: Readings) -> None:
    """The view and a plain count by the rules of docs/ricord.md, where the table of these numbers stands."""
    asked = "FROM linked.annotation_consensus WHERE question = 'class_covid19_pneumonia' GROUP BY ALL"
    with open_store(ricord, read_only=True) as store:
        found = rows(store, f"SELECT status, coalesce(answer, ''), count(*) {asked}")
        unanimity = rows(store, f"SELECT unanimity, coalesce(unanimous_answer, ''), count(*) {asked}")
    status, together = sent.consensus()
    assert {(name, answer): count for name, answer, count in found} == status
    assert {(name, answer): count for name, answer, count in unanimity} == together
    assert (status["adjudicated", "typical"], status["majority", "typical"]) == (64, 134)
    assert (together["unanimous", "typical"], together["disagreement", ""]) == (31, 597)


@pytest.mark.realdata
def test_ricord_1c_again_and_withdrawn(
    ricord: Path, shared: Path, copy_of: Callable[[Path], Path], sent: Readings
) -> None:
    path = copy_of(ricord)
    before = snapshot(path)
    with open_store(path) as store:
        again = load(store, [shared / "ricord_1c" / "annotations_mdai.json"], source="ricord", project=PROJECT)
        waiting = again.states["quarantined"]  # of studies outside the index: tried again, in rows of new records
        assert waiting == 16
        assert again.states["unchanged"] + waiting == len(sent.all) + sent.groups + sent.studies
    found = differences(before, snapshot(path))  # and metadata names the third submission, which holds them
    assert {table: rows for table, rows in found.items() if table != 'omop."metadata"'} == {'midrc."annotation"': 32}
    with open_store(path) as store:
        withdraw(store, 2)
        withdraw(store, 3)  # which repeats the second
        assert rows(store, "SELECT count(*) FROM omop.image_feature") == [(0,)]
        load(store, [shared / "ricord_1c" / "annotations_mdai.json"], source="ricord", project=PROJECT)
    after = snapshot(path)
    assert (
        differences(
            {t: r for t, r in before.items() if "linked" in t}, {t: r for t, r in after.items() if "linked" in t}
        )
        == {}
    )
