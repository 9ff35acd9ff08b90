"""COVID-19-NY-SBU, the real extract with its real images: every number that the project promises for it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from counted import Clinical, Row, on_our_calendar, series_of, within_visit
from same_database import PROJECT, differences, snapshot

from harmonize.engine.store import open_store
from harmonize.pipeline.acts.link import link
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project

pytestmark = pytest.mark.realdata

YES_NO = (
    "htn_v", "dm_v", "cad_v", "ckd_v", "malignancies_v", "copd_v", "other_lung_disease_v", "cough_v", "fever_v",
    "diarrhea_v", "vomiting_v", "dyspnea_admission_v", "nausea_v", "abdominal_pain_v",
    "Acute.Hepatic.Injury..during.hospitalization.", "Acute.Kidney.Injury..during.hospitalization.",
)  # fmt: skip
FLAGS = ("Urine.protein", "Microscopic_hematuria.above2", "Proteinuria.above80")
"""What the laboratory tells without a number."""


@pytest.fixture(scope="module")
def sent(shared: Path) -> Clinical:
    """The clinical table as sent: the numbers below are counted there, by plain Python."""
    return Clinical(shared / "ehr_covid_19_ny_sbu" / "clinical.csv")


@pytest.fixture(scope="module")
def series(shared: Path) -> list[Row]:
    return series_of(shared / "imaging" / "idc_covid_series.parquet", "covid_19_ny_sbu")


@pytest.fixture(scope="module")
def unknown(shared: Path, sent: Clinical) -> dict[str, str]:
    """Code → header of the numbers whose LOINC code the vocabulary that is loaded does not have."""
    with (shared / "athena" / "CONCEPT.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        known = {row["concept_code"] for row in rows if row["vocabulary_id"] == "LOINC"}
    codes = {header.partition("_")[0]: header for header in sent.numbers}
    return {code: header for code, header in codes.items() if code not in known}


@pytest.fixture(scope="module")
def con(ny_sbu: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(ny_sbu), read_only=True) as connection:
        yield connection


def one(con: duckdb.DuckDBPyConnection, query: str) -> object:
    row = con.execute(query).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def test_the_files_are_those_that_are_known(sent: Clinical, series: list[Row], unknown: dict[str, str]) -> None:
    """What is counted is not nothing: the sizes for which the project speaks."""
    assert (len(sent.rows), len(sent.headers), len(sent.numbers), len(unknown)) == (1384, 131, 35, 14)
    assert len(series) == 17950


def test_persons(con: duckdb.DuckDBPyConnection, sent: Clinical) -> None:
    persons = one(con, "SELECT count(*), count(*) FILTER (gender_concept_id = 0) FROM omop.person")
    assert persons == (len(sent.rows), sent.values("gender_concept_name")["NA"])
    assert one(con, "SELECT count(*) FROM omop.visit_occurrence") == len(sent.rows)


def test_measurements(con: duckdb.DuckDBPyConnection, sent: Clinical) -> None:
    with_number = one(con, "SELECT count(value_as_number) FROM omop.measurement")
    assert with_number == sum(sent.told(header) for header in sent.numbers)
    without = con.execute(
        "SELECT measurement_source_value, count(*) FROM omop.measurement WHERE value_as_number IS NULL GROUP BY 1"
    )
    assert dict(without.fetchall()) == {header: sent.told(header) for header in FLAGS}


def test_concept_zero_is_counted_per_code(
    con: duckdb.DuckDBPyConnection, sent: Clinical, unknown: dict[str, str]
) -> None:
    rows = con.execute(
        "SELECT measurement_source_value, count(*) FILTER (measurement_concept_id = 0), count(*) FROM omop.measurement "
        "WHERE measurement_source_value SIMILAR TO '[0-9]+-[0-9]' GROUP BY 1"
    ).fetchall()
    told = {header.partition("_")[0]: sent.told(header) for header in sent.numbers}
    assert {code: (zero, count) for code, zero, count in rows} == {
        code: (count if code in unknown else 0, count) for code, count in told.items()
    }


def test_outcomes(con: duckdb.DuckDBPyConnection, sent: Clinical) -> None:
    died = sent.values("last.status")["deceased"]
    assert one(con, "SELECT count(*) FROM omop.death WHERE death_type_concept_id = 32817") == died > 0
    # a death at the end of a visit has the visit's end as its date
    assert one(con, "SELECT count(*) FROM omop.death d JOIN omop.visit_occurrence v USING (person_id) "
                    "WHERE d.death_date = v.visit_end_date") == died  # fmt: skip
    in_icu = one(con, "SELECT count(*) FROM omop.visit_detail WHERE visit_detail_concept_id = 32037")
    assert in_icu == sent.values("is_icu")["TRUE"] > 0
    not_in_icu = (
        "SELECT count(*) FROM omop.observation WHERE observation_source_value = 'is_icu' "
        "AND value_source_value = 'FALSE' AND value_as_string = 'No'"
    )
    assert one(con, not_in_icu) == sent.values("is_icu")["FALSE"]
    done = "SELECT count(*) FROM omop.procedure_occurrence WHERE procedure_concept_id = "
    assert one(con, f"{done} 4230167") == sent.values("was_ventilated")["Yes"] > 0
    assert one(con, f"{done} 4146536") == sent.values("kidney_replacement_therapy")["Yes"] > 0


@pytest.mark.parametrize("column", YES_NO)
def test_yes_no_and_unknown_are_kept_apart(con: duckdb.DuckDBPyConnection, sent: Clinical, column: str) -> None:
    said = sent.values(column)
    assert said.keys() == {"Yes", "No", "NA"} - ({"NA"} if "Kidney" in column else set())
    yes = one(con, f"SELECT count(*) FROM omop.condition_occurrence WHERE condition_source_value = '{column}'")
    assert yes == said["Yes"]
    said_no = (
        f"SELECT count(*) FROM omop.observation WHERE observation_source_value = '{column}' AND value_as_string = 'No' "
        "AND observation_concept_id = 0 AND observation_source_concept_id >= 2000000000"
    )
    assert one(con, said_no) == said["No"]
    cells = f"SELECT records, empty, loaded, excluded FROM harmonize.ledger_column WHERE column_name = '{column}'"
    assert one(con, cells) == (len(sent.rows), said["NA"], said["Yes"] + said["No"], 0)


def test_rows_in_all(con: duckdb.DuckDBPyConnection, sent: Clinical) -> None:
    """Conditions are what was affirmed; drugs the anticoagulants, of which `not documented` is none."""
    positive, heart = sent.values("covid19_statuses")["positive"], sent.values("hf_ef_v")
    conditions = positive + sum(sent.values(column)["Yes"] for column in YES_NO) + heart["HFpEF"] + heart["HFrEF"]
    assert one(con, "SELECT count(*) FROM omop.condition_occurrence") == conditions
    covid = "SELECT count(*) FROM omop.condition_occurrence WHERE condition_concept_id = 37311061"
    assert one(con, covid) == positive == len(sent.rows)
    other = sent.told("Other.anticoagulation.therapy") - sent.values("Other.anticoagulation.therapy")["not documented"]
    heparins = sum(sent.values(f"therapeutic.{drug}.Boolean")["TRUE"] for drug in ("exnox", "heparin"))
    assert one(con, "SELECT count(*) FROM omop.drug_exposure") == heparins + other > other > 0


def test_dates_are_offset_and_imputed_ones_are_marked(con: duckdb.DuckDBPyConnection, sent: Clinical) -> None:
    span = one(con, "SELECT min(visit_start_date)::VARCHAR, max(visit_end_date)::VARCHAR FROM omop.visit_occurrence")
    starts, ends = zip(*sent.visits.values(), strict=True)
    assert span == (on_our_calendar(min(starts)), on_our_calendar(max(ends)))
    assert one(con, "SELECT count(*) FROM omop.measurement WHERE measurement_type_concept_id <> 32882") == 0
    unmarked = (
        "SELECT count(*) FROM omop.measurement m WHERE NOT EXISTS (FROM harmonize.imputation i WHERE "
        "i.omop_table = 'measurement' AND i.omop_id = m.measurement_id AND i.rule = 'visit_start')"
    )
    assert one(con, unmarked) == 0


def test_images(con: duckdb.DuckDBPyConnection, series: list[Row]) -> None:
    images = "SELECT count(*), count(DISTINCT image_study_uid), count(DISTINCT person_id) FROM omop.image_occurrence"
    studies = len({row["StudyInstanceUID"] for row in series})
    assert one(con, images) == (len(series), studies, len({row["PatientID"] for row in series}))
    assert one(con, "SELECT count(DISTINCT procedure_occurrence_id) FROM omop.image_occurrence") == studies
    assert one(con, "SELECT count(*) FROM linked.imaging_timeline") == studies
    tomographies = "SELECT count(*) FROM omop.image_occurrence WHERE modality_concept_id = 4300757"
    assert one(con, tomographies) == sum(row["Modality"] == "CT" for row in series) > 0


def test_columns_of_the_mapping(con: duckdb.DuckDBPyConnection, sent: Clinical) -> None:
    columns = "SELECT count(*), count(reason) FROM harmonize.ledger_column JOIN harmonize.source_file USING (file_id) "
    where = "WHERE record_type = 'covid_19_ny_sbu.clinical'"
    assert one(con, columns + where) == (len(sent.headers), len(sent.restated))
    excluded = con.execute(
        f"SELECT column_name FROM harmonize.ledger_column JOIN harmonize.source_file USING (file_id) {where} "
        "AND reason IS NOT NULL"
    ).fetchall()
    assert {name for (name,) in excluded} == set(sent.restated)


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


def test_link_reports_coverage(
    ny_sbu: Path, copy_of: Callable[[Path], Path], sent: Clinical, series: list[Row]
) -> None:
    within = {offset: within_visit(series, sent.visits, offset) for offset in range(-2, 3)}
    path = copy_of(ny_sbu)
    before = snapshot(path)
    with open_store(path) as store:
        dated = link(store).to_json()
    assert differences(before, snapshot(path)) == {}
    studies = {row["StudyInstanceUID"] for row in series}
    linked = dated["image_occurrences"], dated["studies"], dated["patients_linked_to_person"]
    assert linked == (len(series), len(studies), len(sent.rows))
    assert dated["patients_with_visit"] == within[0] > 0
    assert dated["projects"][0]["containment"] == {f"{offset:+}": count for offset, count in within.items()}
    with open_store(path) as store:
        set_project(store, PROJECT, imaging_date_offset_days=1)
        moved = link(store).to_json()
    assert moved["patients_with_visit"] == within[1] > within[0]
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
        assert moved == {"condition_occurrence": (0, 0, 1), "condition_era": (0, 0, 1), "observation": (1, 0, 0)}
        withdraw(store, result.submission)
    assert differences(before, snapshot(path)) == {}
