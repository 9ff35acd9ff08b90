"""Exports of MD.ai as three tables: every key a column, labels beside the annotations, broken JSON told."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import mdai_export
import pytest

from harmonize.engine.errors import InputError
from harmonize.intake.discover import discover
from harmonize.intake.table.stage import stage_file
from harmonize.intake.table.staged import Staged


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        yield connection


def staged(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Staged]:
    files = discover([path])
    assert [file.name for file in files] == [
        f"{path.name}#{part}" for part in ("labelGroups", "studies", "annotations")
    ]
    return {str(file.sheet): stage_file(con, file, number) for number, file in enumerate(files, start=1)}


def test_labels_stand_beside_annotations(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    document = mdai_export.export(
        [mdai_export.read(1, 1, "East", 2, data={"vertices": [[1, 2], [3.5, 4]]}, **{"a/b ~\"c'": "kept"}),
         mdai_export.read(2, 9, "North", 99)],
        studies=2,
    )  # fmt: skip
    document["labelGroups"][1]["labels"][2]["parentId"] = "L_East_0"
    tables = staged(con, mdai_export.write(tmp_path, document))
    assert [(name, table.records, table.bad_lines) for name, table in tables.items()] == [
        ("labelGroups", 4, 0), ("studies", 2, 0), ("annotations", 2, 0)]  # fmt: skip
    annotations = tables["annotations"]
    assert "a/b ~\"c'" in annotations.headers
    found = con.execute(
        "SELECT line_, id, label_name, label_parent, label_scope, labelGroup_name, dataset_id, json(data), note, "
        f"a_b___c_ FROM {annotations.table} ORDER BY line_"
    ).fetchall()
    assert found == [
        (1, "A_1", "Atypical Appearance", "Typical Appearance", "STUDY", "East", "D_1",
         '{"vertices":[[1,2],[3.5,4]]}', None, "kept"),
        (2, "A_2", None, None, None, None, "D_1", None, None, None),
    ]  # fmt: skip


def test_annotations_of_several_datasets_count_on(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    document = mdai_export.random_export(1, 3)
    document["datasets"].append({**document["datasets"][0], "id": "D_2", "annotations": [None, {"id": "A_x"}, "text"]})
    first = len(document["datasets"][0]["annotations"])
    tables = staged(con, mdai_export.write(tmp_path, document, indent=1))
    assert (tables["annotations"].records, tables["annotations"].bad_lines) == (first + 3, 2)
    assert con.execute("SELECT line, rule, text FROM stage.bad_line ORDER BY line").fetchall() == [
        (first + 1, "broken_entry", "null"), (first + 3, "broken_entry", '"text"')]  # fmt: skip
    last = f"SELECT line_, id, dataset_id FROM {tables['annotations'].table} ORDER BY line_ DESC LIMIT 1"
    assert con.execute(last).fetchall() == [(first + 2, "A_x", "D_2")]
    assert tables["studies"].records == 6


def test_an_export_without_annotations_has_its_columns(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    tables = staged(con, mdai_export.write(tmp_path, mdai_export.export([], 0)))
    assert tables["annotations"].records == 0
    assert {"id", "labelId", "label.name", "StudyInstanceUID"} <= set(tables["annotations"].headers)
    assert [finding.rule for finding in tables["annotations"].findings] == ["no_records"]


def test_broken_json_is_told_with_its_line(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = json.dumps(mdai_export.random_export(2, 2), indent=1)
    broken = tmp_path / "broken.json"
    broken.write_text(text.replace('"dataset', '"dataset', 1)[: len(text) // 2], encoding="utf-8")
    lines = broken.read_text(encoding="utf-8").count("\n") + 1
    with pytest.raises(InputError, match=rf"broken\.json#labelGroups, line {lines}, column \d+: the JSON is broken"):
        stage_file(con, discover([broken])[0], 1)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{"labelGroups": [], "datasets": {"id": "D", "annotations": [{}]}}', "datasets must be a list"),
        ('{"labelGroups": [], "datasets": [[{"id": "A"}]]}', "an entry of datasets must be an object"),
        ('{"labelGroups": [], "datasets": [{"annotations": []}, {"annotations": {"A": {}}}]}',
         "annotations of a dataset must be a list"),
        ('{"labelGroups": {"G": {}}, "datasets": []}', "labelGroups must be a list"),
        ('{"labelGroups": [{"labels": {"L": {}}}], "datasets": []}', "labels of a label group must be a list"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_and_not_read_as_nothing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, text: str, wrong: str
) -> None:
    path = tmp_path / "export.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=wrong):
        stage_file(con, discover([path])[-1], 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(con: duckdb.DuckDBPyConnection, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(mdai_export.random_export(3, 2)), encoding=encoding)
    assert staged(con, path)["studies"].records == 2


def test_other_json_is_none(tmp_path: Path) -> None:
    for text in ('{"resourceType": "Bundle", "labelGroups": []}', '{"datasets": [1]}', "[1, 2]"):
        path = tmp_path / "other.json"
        path.write_text(text, encoding="utf-8")
        assert [file.format for file in discover([path])] == ["json"]
