"""The invented study: the same for the same seed, in the shape of its schemas, wrong only where that was planted."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmonize.demo.invent import Study, invent, recipe
from harmonize.mapping.compiler.compile import load_mapping
from harmonize.schema.load import load_schema


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    return recipe()


@pytest.fixture(scope="module")
def study(plan: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Study:
    return invent(tmp_path_factory.mktemp("study"), plan)


@pytest.fixture(scope="module")
def lines(study: Study) -> list[list[str]]:
    with study.clinical.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rows(study: Study, query: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(query.replace("series", f"'{study.images}'")).fetchall()


def test_the_same_seed_gives_the_same_bytes(plan: dict[str, Any], study: Study, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    again, other = invent(tmp_path, plan), invent(tmp_path / "other", plan | {"seed": 1})
    assert again.clinical.read_bytes() == study.clinical.read_bytes()
    assert again.planted == study.planted
    assert rows(again, "FROM series") == rows(study, "FROM series")
    assert other.clinical.read_bytes() != study.clinical.read_bytes()


def test_the_table_has_the_shape_of_its_schema(plan: dict[str, Any], study: Study, lines: list[list[str]]) -> None:
    cls = load_schema(load_mapping(plan["clinical"]["mapping"]).source_schema).classes["clinical"]
    slots = list(cls.slots.values())
    assert lines[0] == [slot.header for slot in slots]
    assert len(lines[0]) == 131
    assert len(lines) == 1 + study.patients + 2  # a repeated and a conflicting line
    wrong = {error.line for error in study.planted}
    for number, line in enumerate(lines[1:], start=2):
        if number in wrong:
            continue
        for slot, cell in zip(slots, line, strict=True):
            if cell == "NA":
                continue
            assert slot.permissible_values is None or cell in slot.permissible_values, (number, slot.header)
            if slot.range in ("integer", "double"):
                assert float(cell) >= (slot.minimum or 0), (number, slot.header)


def test_columns_that_restate_a_number_agree_with_it(plan: dict[str, Any], lines: list[list[str]]) -> None:
    header = lines[0]
    bmi = next(i for i, name in enumerate(header) if name.startswith("39156-5"))
    over, restated = header.index("BMI.over30"), 0
    for line in lines[1:]:
        if len(line) == len(header) and line[bmi] != "NA":
            assert line[over] == ("TRUE" if float(line[bmi]) > 30 else "FALSE")
            restated += 1
    assert restated > 100


def test_each_planted_error_stands_on_its_line(study: Study, lines: list[list[str]]) -> None:
    header = lines[0]
    at = {error.what.split(" is ")[0]: error.line for error in study.planted if " is " in error.what}
    assert lines[at["gender_concept_name"] - 1][header.index("gender_concept_name")] == "FEMLE"
    assert lines[at["visit_start_datetime"] - 1][header.index("visit_start_datetime")] == "13/45/1901"
    assert lines[at["to_patient_id"] - 1][0] == ""
    [ragged] = [error.line for error in study.planted if "ends after" in error.what]
    assert len(lines[ragged - 1]) == 40
    repeated, conflicting = lines[-2], lines[-1]
    assert lines.count(repeated) == 2
    assert [line[0] for line in lines].count(conflicting[0]) == 2
    assert lines.count(conflicting) == 1
    assert len({error.line for error in study.planted}) == len(study.planted) == 7


def test_the_index_has_the_shape_of_its_schema(plan: dict[str, Any], study: Study) -> None:
    cls = load_schema("sources/idc").classes["series"]
    described = rows(study, "SELECT column_name, column_type FROM (DESCRIBE FROM series)")
    assert [name for name, _ in described] == [slot.header for slot in cls.slots.values()]
    assert dict(described)["instanceCount"] == "BIGINT"
    assert rows(study, "SELECT DISTINCT collection_id FROM series") == [("invented_study",)]
    assert {row[0] for row in rows(study, "SELECT DISTINCT Modality FROM series")} == {"CR", "DX", "CT", "MR", "SR"}
    [(total, distinct, longest)] = rows(
        study, "SELECT count(*), count(DISTINCT SeriesInstanceUID), max(length(SeriesInstanceUID)) FROM series"
    )
    assert total == distinct
    assert longest <= 64


def test_images_are_dated_a_day_early_and_some_patients_have_images_only(
    plan: dict[str, Any], study: Study, lines: list[list[str]]
) -> None:
    header = lines[0]
    start, stay = header.index("visit_start_datetime"), header.index("length_of_stay")
    wrong = {error.line for error in study.planted}
    visits = [
        (line[0], line[start], int(line[stay])) for number, line in enumerate(lines[1:], 2) if number not in wrong
    ]
    with duckdb.connect() as con:
        con.execute("CREATE TABLE visit (id VARCHAR, first VARCHAR, stay INTEGER)")
        con.executemany("INSERT INTO visit VALUES (?, ?, ?)", visits)
        inside = con.execute(
            "SELECT list(n ORDER BY days) FROM (SELECT days, count(DISTINCT id) AS n FROM range(-2, 3) t(days), visit "
            f"JOIN '{study.images}' s ON s.PatientID = id WHERE s.StudyDate::DATE + days::INTEGER "
            "BETWEEN strptime(first, '%m/%d/%Y')::DATE AND strptime(first, '%m/%d/%Y')::DATE + stay - 1 GROUP BY days)"
        ).fetchone()
    assert inside is not None
    assert max(range(5), key=lambda place: inside[0][place]) == 3  # days -2, -1, 0, +1, +2
    clinical = {line[0] for line in lines[1:]}
    only = {row[0] for row in rows(study, "SELECT DISTINCT PatientID FROM series")} - clinical
    assert len({patient for patient in only if patient.startswith("X9")}) == plan["imaging_only"] == 5
