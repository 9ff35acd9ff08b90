"""What a page of a store says it is of."""

from __future__ import annotations

import pytest
from duckdb import DuckDBPyConnection

from harmonize.report import store_facts as module
from harmonize.report.blocks import SentFile
from harmonize.report.store_facts import store_facts


@pytest.fixture
def loaded(hand: DuckDBPyConnection) -> DuckDBPyConnection:
    """Two projects of three loads, one of which was withdrawn."""
    loads = (
        (1, "A", "loaded", "ehr/x", "aaaaaaaaaaaaaaaa"),
        (2, "A", "withdrawn", "ehr/y", "bbbbbbbbbbbbbbbb"),
        (3, "B", "loaded", "dicom/idc", "cccccccccccccccc"),
        (4, "A", "loaded", "ehr/x", "dddddddddddddddd"),
    )
    for number, project, state, mapping, version in loads:
        hand.execute(
            "INSERT INTO harmonize.submission BY NAME SELECT $n AS submission_id, $project AS project_id, "
            "'ehr' AS source, $mapping AS mapping, $version AS mapping_version, 'upsert' AS mode, $state AS state, "
            "TIMESTAMP '2026-01-05' AS loaded_at, '1' AS software_version",
            {"n": number, "project": project, "mapping": mapping, "version": version, "state": state},
        )
        hand.execute(
            "INSERT INTO harmonize.source_file BY NAME SELECT $n AS file_id, $n AS submission_id, $name AS name, "
            "10 * $n AS size, $sum AS sha256, 'x.t' AS record_type, $n AS records, $n AS loaded",
            {"n": number, "name": f"{number}.csv", "sum": f"{number}" * 64},
        )
    return hand


def test_files_and_versions_of_the_loads_that_stand(loaded: DuckDBPyConnection) -> None:
    told = store_facts(loaded, ["A"])
    assert told.facts == (
        ("Project", "A"),
        ("Mapping", "ehr/x (version aaaaaaaaaaaa, dddddddddddd)"),
        ("Vocabulary", "v5.0 29-FEB-24"),
    )
    assert told.files == (
        SentFile("1.csv", 10, "1" * 64, "x.t", 1),
        SentFile("4.csv", 40, "4" * 64, "x.t", 4),
    )
    assert told.more == 0


def test_of_several_projects(loaded: DuckDBPyConnection) -> None:
    told = store_facts(loaded, ["A", "B"])
    assert told.facts[0] == ("Projects", "A, B")
    assert told.facts[1][1] == "dicom/idc (version cccccccccccc); ehr/x (version aaaaaaaaaaaa, dddddddddddd)"
    assert [file.name for file in told.files] == ["1.csv", "3.csv", "4.csv"]


def test_of_many_files_the_latest_are_listed(loaded: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 2)
    told = store_facts(loaded, ["A", "B"])
    assert [file.name for file in told.files] == ["3.csv", "4.csv"]
    assert told.more == 1


def test_of_a_project_without_loads_only_the_vocabulary_is_known(loaded: DuckDBPyConnection) -> None:
    told = store_facts(loaded, ["C"])
    assert [name for name, _ in told.facts] == ["Project", "Vocabulary"]
    assert (told.files, told.more) == ((), 0)
