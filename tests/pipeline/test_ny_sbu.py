"""COVID-19-NY-SBU, the real extract with its real images: every number that the project promises for it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from same_database import PROJECT, differences, snapshot

from harmonize.engine.store import open_store
from harmonize.pipeline.link import link
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.pipeline.withdraw import withdraw

pytestmark = pytest.mark.realdata

UNCONFIRMED = {
    "76282-3", "76536-2", "33256-9", "1744-2", "2524-7", "6598-7", "75241-0", "48058-2", "1963-8", "62238-1", "33254-4",
    "30341-2", "13457-7", "13458-5",
}  # fmt: skip


@pytest.fixture(scope="module")
def con(ny_sbu: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(ny_sbu), read_only=True) as connection:
        yield connection


def one(con: duckdb.DuckDBPyConnection, query: str) -> object:
    row = con.execute(query).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def test_persons(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, "SELECT count(*), count(*) FILTER (gender_concept_id = 0) FROM omop.person") == (1384, 32)
    assert one(con, "SELECT count(*) FROM omop.visit_occurrence") == 1384


def test_measurements(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, "SELECT count(value_as_number), count(*) - count(value_as_number) FROM omop.measurement") == (
        33397,
        1305,
    )
    urine = con.execute(
        "SELECT measurement_source_value, count(*) FROM omop.measurement WHERE value_as_number IS NULL GROUP BY 1"
    )
    assert dict(urine.fetchall()) == {
        "Urine.protein": 550,
        "Microscopic_hematuria.above2": 541,
        "Proteinuria.above80": 214,
    }


def test_concept_zero_is_counted_per_code(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT measurement_source_value, count(*) FILTER (measurement_concept_id = 0), count(*) FROM omop.measurement "
        "WHERE measurement_source_value SIMILAR TO '[0-9]+-[0-9]' GROUP BY 1"
    ).fetchall()
    assert len(rows) == 35
    assert {code for code, zero, count in rows if zero == count} == UNCONFIRMED
    assert sum(zero for _code, zero, _count in rows) == 12641
    assert all(zero == 0 for code, zero, _count in rows if code not in UNCONFIRMED)


def test_outcomes(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, "SELECT count(*) FROM omop.death WHERE death_type_concept_id = 32817") == 183
    assert one(con, "SELECT count(*) FROM omop.visit_detail WHERE visit_detail_concept_id = 32037") == 260
    assert one(con, "SELECT count(*) FROM omop.procedure_occurrence WHERE procedure_concept_id = 4230167") == 213
    assert one(con, "SELECT count(*) FROM omop.procedure_occurrence WHERE procedure_concept_id = 4146536") == 70
    not_in_icu = (
        "SELECT count(*) FROM omop.observation WHERE observation_source_value = 'is_icu' AND value_as_string = 'FALSE'"
    )
    assert one(con, not_in_icu) == 1124
    # a death at the end of a visit has the visit's end as its date
    assert one(con, "SELECT count(*) FROM omop.death d JOIN omop.visit_occurrence v USING (person_id) "
                    "WHERE d.death_date = v.visit_end_date") == 183  # fmt: skip


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [("htn_v", 495, 614), ("dm_v", 278, 833), ("cad_v", 162, 945), ("ckd_v", 82, 1026), ("malignancies_v", 95, 1003),
     ("copd_v", 64, 1043), ("other_lung_disease_v", 162, 945), ("cough_v", 861, 191), ("fever_v", 849, 219),
     ("diarrhea_v", 348, 688), ("vomiting_v", 149, 879), ("dyspnea_admission_v", 770, 296)],
)  # fmt: skip
def test_yes_no_and_unknown_are_kept_apart(con: duckdb.DuckDBPyConnection, column: str, yes: int, no: int) -> None:
    assert one(con, f"SELECT count(*) FROM omop.condition_occurrence WHERE condition_source_value = '{column}'") == yes
    said_no = (
        f"SELECT count(*) FROM omop.observation WHERE observation_source_value = '{column}' AND value_as_string = 'No' "
        "AND observation_concept_id = 0 AND observation_source_concept_id >= 2000000000"
    )
    assert one(con, said_no) == no
    cells = f"SELECT records, empty, loaded, excluded FROM harmonize.ledger_column WHERE column_name = '{column}'"
    assert one(con, cells) == (1384, 1384 - yes - no, yes + no, 0)


def test_rows_in_all(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, "SELECT count(*) FROM omop.condition_occurrence") == 6441
    assert one(con, "SELECT count(*) FROM omop.drug_exposure") == 636
    assert one(con, "SELECT count(*) FROM omop.condition_occurrence WHERE condition_concept_id = 37311061") == 1384


def test_dates_are_offset_and_imputed_ones_are_marked(con: duckdb.DuckDBPyConnection) -> None:
    span = one(con, "SELECT min(visit_start_date)::VARCHAR, max(visit_end_date)::VARCHAR FROM omop.visit_occurrence")
    assert span == ("2019-12-16", "2020-10-11")
    assert one(con, "SELECT count(*) FROM omop.measurement WHERE measurement_type_concept_id <> 32882") == 0
    unmarked = (
        "SELECT count(*) FROM omop.measurement m WHERE NOT EXISTS (FROM harmonize.imputation i WHERE "
        "i.omop_table = 'measurement' AND i.omop_id = m.measurement_id AND i.rule = 'visit_start')"
    )
    assert one(con, unmarked) == 0


def test_images(con: duckdb.DuckDBPyConnection) -> None:
    images = "SELECT count(*), count(DISTINCT image_study_uid), count(DISTINCT person_id) FROM omop.image_occurrence"
    assert one(con, images) == (17950, 7361, 1384)
    assert one(con, "SELECT count(DISTINCT procedure_occurrence_id) FROM omop.image_occurrence") == 7361
    assert one(con, "SELECT count(*) FROM linked.imaging_timeline") == 7361
    assert one(con, "SELECT count(*) FROM omop.image_occurrence WHERE modality_concept_id = 4300757") == 3730


def test_columns_of_the_mapping(con: duckdb.DuckDBPyConnection) -> None:
    columns = "SELECT count(*), count(reason) FROM harmonize.ledger_column JOIN harmonize.source_file USING (file_id) "
    assert one(con, columns + "WHERE record_type = 'covid_19_ny_sbu.clinical'") == (131, 54)


def test_ledger_laws(con: duckdb.DuckDBPyConnection) -> None:
    files = con.execute("SELECT record_type, records, loaded FROM harmonize.source_file ORDER BY file_id").fetchall()
    assert files == [("covid_19_ny_sbu.clinical", 1384, 1384), ("idc.series", 17950, 17950)]
    law = (
        "SELECT count(*) FROM harmonize.ledger_column "
        "WHERE records <> empty + loaded + context + excluded + quarantined"
    )
    assert one(con, law) == 0


def test_every_row_has_exactly_one_primary_source(con: duckdb.DuckDBPyConnection) -> None:
    for table in (
        "measurement",
        "condition_occurrence",
        "observation",
        "image_occurrence",
        "visit_occurrence",
        "person",
    ):
        orphans = (
            f"SELECT count(*) FROM omop.{table} t LEFT JOIN (SELECT omop_id, count(*) AS n FROM harmonize.row_source "
            f"WHERE omop_table = '{table}' AND role = 'primary' GROUP BY omop_id) s ON s.omop_id = t.{table}_id "
            "WHERE s.n IS DISTINCT FROM 1"
        )
        assert one(con, orphans) == 0, table


def test_link_reports_coverage(ny_sbu: Path, copy_of: Callable[[Path], Path]) -> None:
    path = copy_of(ny_sbu)
    before = snapshot(path)
    with open_store(path) as store:
        dated = link(store).to_json()
    assert differences(before, snapshot(path)) == {}
    assert (dated["image_occurrences"], dated["studies"], dated["patients_linked_to_person"]) == (
        17950,
        7361,
        1384,
    )
    assert dated["patients_with_visit"] == 634
    assert dated["projects"][0]["containment"] == {"-2": 471, "-1": 516, "+0": 634, "+1": 1341, "+2": 1055}
    with open_store(path) as store:
        set_project(store, PROJECT, imaging_date_offset_days=1)
        moved = link(store).to_json()
    assert moved["patients_with_visit"] == 1341
    assert set(moved["projects"][0]["tiers"]) == {"contained_offset", "no_visit_that_day"}


def test_the_same_load_again_changes_nothing(ny_sbu: Path, copy_of: Callable[[Path], Path], shared: Path) -> None:
    path = copy_of(ny_sbu)
    before = snapshot(path)
    with open_store(path) as store:
        csv_file = shared / "ehr_covid_19_ny_sbu" / "clinical.csv"
        clinical = load(store, [csv_file], source="ehr", mapping="covid_19_ny_sbu", project=PROJECT)
        images = load(store, [shared / "imaging" / "idc_covid_series.parquet"], source="idc", project=PROJECT,
                      collections=["covid_19_ny_sbu"])  # fmt: skip
    assert (clinical.states["unchanged"], clinical.records) == (1384, 1384)
    assert (images.states["unchanged"], images.records) == (17950, 17950)
    assert differences(before, snapshot(path)) == {}


def test_withdrawing_gives_the_database_before(
    ny_sbu_clinical: Path, copy_of: Callable[[Path], Path], shared: Path
) -> None:
    path = copy_of(ny_sbu_clinical)
    before = snapshot(path)
    with open_store(path) as store:
        loaded = load(store, [shared / "imaging" / "idc_covid_series.parquet"], source="idc", project=PROJECT,
                      collections=["covid_19_ny_sbu"])  # fmt: skip
        result = withdraw(store, loaded.submission)
    assert result.withdrawn == 17950
    assert differences(before, snapshot(path)) == {}


def test_one_changed_cell_changes_exactly_its_rows(
    ny_sbu: Path, copy_of: Callable[[Path], Path], shared: Path, tmp_path: Path
) -> None:
    path = copy_of(ny_sbu)
    before = snapshot(path)
    with (shared / "ehr_covid_19_ny_sbu" / "clinical.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    position = rows[0].index("htn_v")
    next(row for row in rows[1:] if row[position] == "Yes")[position] = "No"
    changed = tmp_path / "clinical.csv"
    with changed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with open_store(path) as store:
        result = load(store, [changed], source="ehr", mapping="covid_19_ny_sbu", project=PROJECT)
        assert (result.states["unchanged"], result.states["loaded"]) == (1383, 1)
        moved = {table: (c["inserted"], c["replaced"], c["deleted"]) for table, c in result.rows.items()
                 if c["inserted"] or c["replaced"] or c["deleted"]}  # fmt: skip
        assert moved == {"condition_occurrence": (0, 0, 1), "observation": (1, 0, 0)}
        withdraw(store, result.submission)
    assert differences(before, snapshot(path)) == {}
