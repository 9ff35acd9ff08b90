"""`harmonize imaging agreement`: consensus and kappa of a store's readings."""

from __future__ import annotations

import json
from pathlib import Path

import mdai_export
import pytest
from mdai_export import read

from harmonize.cli.main import main
from harmonize.engine.store import open_store
from harmonize.export.publish import publish
from harmonize.pipeline.load import load
from harmonize.pipeline.store_schema import create


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("readings")
    votes = {1: (0, 0, 1), 2: (1, 1, 1), 3: (0, 1, 0), 4: (0, 0, 0)}
    annotations = [
        read(10 * study + place, study, group, label)
        for study, labels in votes.items()
        for place, (group, label) in enumerate(zip(("North", "East", "South"), labels, strict=True))
    ]
    store_path = tmp_path / "store.duckdb"
    with open_store(store_path, create=True, initialise=create) as store:
        load(store, [mdai_export.write_index(tmp_path, 4)], source="idc", project="P")
        export = mdai_export.write(tmp_path, mdai_export.export(annotations, 4))
        load(store, [export], source="ricord", project="P")
    return store_path


def test_text(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imaging", "agreement", "--db", str(path)]) == 0
    # North and East: three of four agree, by chance 3/4 * 2/4 + 1/4 * 2/4 = 0.5
    assert capsys.readouterr().out.splitlines() == [
        "P, class_covid19_pneumonia: 4 studies.",
        "  majority 4: indeterminate 1, typical 3",
        "  kappa (Cohen) of U_1 North and U_2 East: 0.500, 4 studies",
        "  kappa (Cohen) of U_1 North and U_3 South: 0.500, 4 studies",
        "  kappa (Cohen) of U_2 East and U_3 South: 0.000, 4 studies",
        "  kappa (Fleiss) of all groups: 0.314, 4 studies",
    ]


def test_a_published_file_says_the_same(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(path, path.with_name("published.duckdb"))
    told = []
    for file in (path, path.with_name("published.duckdb")):
        assert main(["imaging", "agreement", "--db", str(file), "--json", "--project", "P"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    # readers have other names there, so that of a pair another one may be the first
    for document in told:
        for row in document["kappa"]:
            row.pop("reader_1"), row.pop("reader_2")
        document["kappa"].sort(key=str)
    assert told[0] == told[1]
    assert {row["answer"] for row in told[0]["kappa"]} == {None, "typical", "indeterminate"}


def test_an_unknown_project_is_told(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imaging", "agreement", "--db", str(path), "--project", "Q"]) == 2
    assert "The project 'Q' has no readings of images." in capsys.readouterr().err


def test_no_readings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(tmp_path / "empty.duckdb", create=True, initialise=create):
        pass
    assert main(["imaging", "agreement", "--db", str(tmp_path / "empty.duckdb")]) == 0
    assert capsys.readouterr().out.startswith("No study of a person has been read")
