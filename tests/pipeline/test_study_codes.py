"""LOINC codes of the studies of a store: parser, the store's table, what a source states; and back again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harmonize.engine.store import Store
from harmonize.imaging.code_studies import store_table
from harmonize.imaging.study_table import StudyTable, TableRow
from harmonize.pipeline.acts.link import link
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project

HEADER = "collection_id,PatientID,SeriesInstanceUID,StudyInstanceUID,StudyDate,StudyDescription,Modality\n"
CODES = "SELECT study_uid, loinc_code, loinc_source, loinc_confidence FROM midrc.imaging_study ORDER BY study_uid"


@pytest.fixture
def images(new_store: Store, tmp_path: Path) -> Callable[..., Any]:
    set_project(new_store, "H", time="as_is")

    def run(*lines: str, **options: Any) -> Any:
        path = tmp_path / "index.csv"
        path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
        return load(new_store, [path], source="idc", project="H", **options)

    return run


def test_a_load_codes_its_studies(new_store: Store, images: Callable[..., Any]) -> None:
    images("c,p1,1.1,1,2021-03-05,thorax unenhanced,CT", "c,p1,2.1,2,2021-03-05,,CT", "c,p1,3.1,3,2021-03-05,x,OT")
    assert new_store.con.execute(CODES).fetchall() == [
        ("1", "29252-4", "parser", 0.95), ("2", "25045-6", "parser", 0.55), ("3", None, None, 0.0)
    ]  # fmt: skip
    parts = (
        "SELECT loinc_long_common_name, loinc_method, loinc_system, loinc_contrast "
        "FROM midrc.imaging_study WHERE study_uid = '1'"
    )
    assert new_store.con.execute(parts).fetchone() == ("CT Chest WO contrast", "CT", "Chest", "WO")


def test_the_stores_table_goes_first_and_a_link_codes_anew(new_store: Store, images: Callable[..., Any]) -> None:
    images("c,p1,1.1,1,2021-03-05,thorax unenhanced,CT")
    with new_store.transaction() as con:
        store_table(con, StudyTable([TableRow("CT", "THORAX UNENHANCED", "24627-2", "CT Chest", 2)]))
    link(new_store)
    assert new_store.con.execute(CODES).fetchall() == [("1", "24627-2", "table", 1.0)]
    with new_store.transaction() as con:
        store_table(con, StudyTable())
    link(new_store)
    assert new_store.con.execute(CODES).fetchall() == [("1", "29252-4", "parser", 0.95)]


def test_the_procedure_has_the_code_where_the_vocabulary_knows_it(new_store: Store, images: Callable[..., Any]) -> None:
    new_store.con.execute(
        "INSERT INTO omop.concept SELECT 2999, 'CT Chest WO contrast', 'Procedure', 'LOINC', 'Lab Test', 'S', "
        "'29252-4', DATE '1970-01-01', DATE '2099-12-31', NULL"
    )
    new_store.con.execute(
        "INSERT INTO omop.concept_relationship SELECT 2999, 2999, 'Maps to', DATE '1970-01-01', DATE '2099-12-31', NULL"
    )
    images("c,p1,1.1,1,2021-03-05,thorax unenhanced,CT", "c,p1,2.1,2,2021-03-05,thorax,CT")
    assert new_store.con.execute(
        "SELECT procedure_concept_id, procedure_source_concept_id, procedure_source_value "
        "FROM omop.procedure_occurrence ORDER BY procedure_source_value"
    ).fetchall() == [(0, 0, "CT|thorax"), (2999, 2999, "CT|thorax unenhanced")]


def test_a_code_that_the_source_states_stays(new_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    (folder / "case_H.tsv").write_text("type\tsubmitter_id\tdatasets.submitter_id\ncase\tc1\td\n", encoding="utf-8")
    (folder / "imaging_study_H.tsv").write_text(
        "type\tsubmitter_id\tcases.submitter_id\tstudy_uid\tstudy_modality\tstudy_description\tdays_to_study\tloinc_code\n"
        "imaging_study\ts1\tc1\t1.2\tCT\tchest wo\t1\t24627-2\nimaging_study\ts2\tc1\t1.3\tCT\tchest wo\t1\t\n",
        encoding="utf-8",
    )
    load(new_store, [folder], source="gen3", project="H")
    assert new_store.con.execute(CODES).fetchall() == [
        ("1.2", "24627-2", None, None), ("1.3", "29252-4", "parser", 0.95)
    ]  # fmt: skip
