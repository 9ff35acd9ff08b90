"""Gen3 batches to hub and OMOP: nodes told apart, states, and series that find their study over several loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gen3_batch import BATCH_ROWS, PROJECT, Rows, read_node, write_batch, write_node

from harmonize.engine.store import Store
from harmonize.export.gen3 import export_gen3
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult

STUDIES = {node: BATCH_ROWS[node] for node in ("case", "imaging_study")}
SERIES = {node: BATCH_ROWS[node] for node in ("ct_series", "dx_series")}


class Commons:
    """Writes batches of nodes and loads them."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.batches = 0

    def load(self, rows: Rows) -> LoadResult:
        self.batches += 1
        batch = f"RSNA_2023030{self.batches}"
        path = write_batch(self.folder / batch, rows, batch)
        return load(self.store, [path], source="gen3", project=PROJECT)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.store.con.execute(query).fetchall()

    def states(self) -> dict[str, tuple[str, str | None]]:
        found = self.rows(
            "SELECT record_key, state, reason FROM harmonize.ledger "
            "WHERE state NOT IN ('superseded', 'unchanged', 'deleted') ORDER BY submission_id, line"
        )
        return {key: (state, reason) for key, state, reason in found}

    def images(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT p.person_source_value, i.image_series_uid, i.image_occurrence_date::VARCHAR "
            "FROM omop.image_occurrence i JOIN omop.person p USING (person_id) ORDER BY 2"
        )


@pytest.fixture
def commons(new_store: Store, tmp_path: Path) -> Commons:
    return Commons(new_store, tmp_path)


IMAGES = [("419639-000001", "1.2.1.1", "2020-01-04"), ("419639-000002", "1.2.2.1", "2019-12-30")]


def test_a_whole_batch(commons: Commons) -> None:
    result = commons.load(BATCH_ROWS)
    assert (result.records, result.states["loaded"], result.states["excluded"]) == (19, 18, 1)
    assert result.findings == {"errors": 0, "warnings": 0}
    assert commons.states()["RSNA_20230303"] == ("excluded", "administrative_node")
    assert commons.images() == IMAGES
    assert commons.rows(
        "SELECT person_source_value, gender_concept_id, race_concept_id, race_source_value, ethnicity_concept_id, "
        "year_of_birth FROM omop.person ORDER BY 1"
    ) == [
        ("419639-000001", 8532, 8527, "White", 38003564, 1959),
        ("419639-000002", 8507, 0, "Other", 38003563, 1930),
        ("419639-000003", 0, 0, "Not Reported", 0, 2020),
    ]
    assert commons.rows(
        "SELECT measurement_concept_id, value_as_concept_id, measurement_date::VARCHAR FROM omop.measurement ORDER BY 3"
    ) == [(706170, 45884084, "2020-01-01"), (723477, 45878583, "2020-01-02"), (756055, 0, "2020-01-03")]
    # the stay of V1 with its part in intensive care; V2 says of intensive care only
    assert commons.rows(
        "SELECT visit_concept_id, visit_start_date::VARCHAR, visit_end_date::VARCHAR "
        "FROM omop.visit_occurrence ORDER BY 1"
    ) == [(9201, "2019-12-31", "2020-01-10"), (32037, "2020-01-04", "2020-01-06")]
    assert commons.rows(
        "SELECT visit_detail_concept_id, visit_detail_start_date::VARCHAR, visit_detail_end_date::VARCHAR "
        "FROM omop.visit_detail"
    ) == [(32037, "2020-01-03", "2020-01-05")]


def test_statements_without_a_date_stand_at_day_0(commons: Commons) -> None:
    commons.load({"case": BATCH_ROWS["case"]})
    assert commons.rows(
        "SELECT condition_concept_id, condition_start_date::VARCHAR, condition_type_concept_id "
        "FROM omop.condition_occurrence"
    ) == [(37311061, "2020-01-01", 32882)]
    assert commons.rows("SELECT DISTINCT rule FROM harmonize.imputation WHERE omop_table = 'condition_occurrence'") == [
        ("index_event",)
    ]
    assert commons.rows("SELECT count(*) FROM omop.measurement") == [(0,)]
    said = commons.rows(
        "SELECT p.person_source_value, value_as_string, value_as_concept_id FROM omop.observation "
        "JOIN omop.person p USING (person_id) WHERE observation_source_value = 'covid19_positive' ORDER BY 1"
    )
    # No is an answer, Not Reported another one
    assert [row[:2] for row in said] == [("419639-000002", "No"), ("419639-000003", "Not Reported")]


def test_days_before_birth_are_told(commons: Commons) -> None:
    """An age at the index event leaves a year open: who is 61 has lived for less than 62 years of 366 days."""
    condition = BATCH_ROWS["condition"][0]
    days = {"C1": -62 * 366, "C2": -62 * 366 - 1}
    rows = [condition | {"submitter_id": key, "days_to_condition_start": str(day)} for key, day in days.items()]
    commons.load({"case": BATCH_ROWS["case"], "condition": rows})
    told = commons.rows(
        "SELECT rule, name, line FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
        "JOIN harmonize.source_file USING (file_id) WHERE rule = 'before_birth'"
    )
    assert [(rule, line) for rule, _, line in told] == [("before_birth", 3)]


def test_the_columns_of_a_link_are_numbered(commons: Commons) -> None:
    """As Gen3's form writes them: cases.submitter_id#1, and #2 for a second record; they may be of one record only."""

    def numbered(record: dict[str, str]) -> dict[str, str]:
        links = {name: value.split(",") for name, value in record.items() if name.endswith("s.submitter_id")}
        plain = {f"*{name}": value for name, value in record.items() if name not in links}
        return plain | {f"{name}#{n}": one for name, some in links.items() for n, one in enumerate(some, start=1)}

    rows = {node: BATCH_ROWS[node] for node in ("case", "condition", "imaging_study")}
    assert commons.load({node: list(map(numbered, records)) for node, records in rows.items()}).findings["errors"] == 0
    assert commons.rows("SELECT rule FROM harmonize.finding JOIN harmonize.rule USING (rule_id)") == []
    datasets = dict(commons.rows("SELECT submitter_id, datasets FROM midrc.case"))
    assert datasets["419639-000001"] == ["RSNA_20230303", "RSNA_20240101"]
    assert commons.rows("SELECT datasets FROM midrc.imaging_study LIMIT 1") == [(["RSNA_20230303"],)]
    assert commons.rows(
        "SELECT count(*) FROM midrc.condition WHERE starts_with(submitter_id, 'C') AND case_key IS NOT NULL"
    ) == [(2,)]


def test_a_second_delivery_is_unchanged(commons: Commons) -> None:
    commons.load(BATCH_ROWS)
    result = commons.load(BATCH_ROWS)
    assert result.states["unchanged"] == 19
    assert {change[what] for change in result.rows.values() for what in ("inserted", "replaced", "deleted")} == {0}


def test_series_after_their_studies(commons: Commons) -> None:
    commons.load(STUDIES)
    assert commons.states()["1.2.1"] == ("loaded", None)  # a study was made, whether its series come or not
    result = commons.load(SERIES)
    assert result.states["loaded"] == 2
    assert commons.images() == IMAGES
    assert commons.rows("SELECT count(*) FROM omop.procedure_occurrence") == [(2,)]


def test_series_wait_for_their_studies(commons: Commons) -> None:
    result = commons.load(SERIES)
    assert result.states["quarantined"] == 2
    assert commons.states() == {"1.2.1.1": ("quarantined", "no_person"), "1.2.2.1": ("quarantined", "no_person")}
    assert commons.rows("SELECT count(*) FROM omop.person") == [(0,)]
    commons.load(STUDIES)
    assert commons.states()["1.2.1.1"] == ("loaded", None)
    assert commons.images() == IMAGES


ANNOTATION = {
    "type": "annotation", "submitter_id": "N1", "annotator_id": "R1", "annotation_method": "Clinically_derived",
    "class_covid19_pneumonia": "typical",
}  # fmt: skip


def test_an_annotation_of_a_series_waits_for_it(commons: Commons) -> None:
    read = "SELECT case_key, study_uid, series_uid FROM midrc.annotation"
    commons.load({"annotation": [ANNOTATION | {"ct_series_files.submitter_id": "1.2.1.1"}]})
    assert commons.states() == {"N1": ("quarantined", "no_person")}
    commons.load(STUDIES)
    assert commons.states()["N1"] == ("quarantined", "no_person")
    commons.load(SERIES)
    assert commons.states()["N1"] == ("loaded", None)
    assert commons.rows(read) == [("419639-000001", "1.2.1", "1.2.1.1")]
    assert commons.rows("SELECT count(*) FROM omop.image_feature") == [(1,)]
    withdraw(commons.store, 3)
    assert commons.states()["N1"] == ("quarantined", "no_person")
    assert commons.rows(read) == [(None, "1.2.1.1", None)]


def test_an_annotation_of_a_study_goes_in_and_out(commons: Commons, tmp_path: Path) -> None:
    sent = ANNOTATION | {"imaging_studies.submitter_id": "1.2.1", "midrc_mRALE_score": "12"}
    commons.load(BATCH_ROWS | {"annotation": [sent]})
    # the reader's second answer is a row of the hub, and says again what the annotation says
    assert commons.rows("SELECT submitter_id FROM midrc.annotation ORDER BY 1") == [("N1",), ("N1_midrc_mRALE_score",)]
    export_gen3(commons.store, tmp_path / "out")
    (written,) = read_node(tmp_path / "out" / f"annotation_{PROJECT}.tsv")
    assert written == sent | {"cases.submitter_id": "419639-000001"}


def test_the_order_of_loads_does_not_matter(commons: Commons) -> None:
    commons.load(SERIES)
    commons.load(STUDIES)
    timeline = "SELECT * EXCLUDE (person_id, procedure_occurrence_id) FROM linked.imaging_timeline ORDER BY study_uid"
    first = commons.rows(timeline)
    withdraw(commons.store, 1)
    withdraw(commons.store, 2)
    commons.load(STUDIES)
    commons.load(SERIES)
    assert commons.rows(timeline) == first


def test_a_corrected_study_takes_its_series_along(commons: Commons) -> None:
    commons.load(STUDIES)
    commons.load(SERIES)
    moved = {**BATCH_ROWS["imaging_study"][1], "cases.submitter_id": "419639-000003", "days_to_study": "7.0"}
    commons.load({"imaging_study": [moved]})
    assert commons.images() == [IMAGES[0], ("419639-000003", "1.2.2.1", "2020-01-08")]


def test_series_of_a_withdrawn_study_wait_again(commons: Commons) -> None:
    commons.load({"case": BATCH_ROWS["case"]})
    commons.load({"imaging_study": BATCH_ROWS["imaging_study"]})
    commons.load(SERIES)
    withdraw(commons.store, 2)
    assert commons.images() == []
    assert commons.states()["1.2.1.1"] == ("quarantined", "no_person")


def test_a_series_without_study_is_told(commons: Commons) -> None:
    lost = {key: value for key, value in BATCH_ROWS["ct_series"][0].items() if key != "imaging_studies.submitter_id"}
    result = commons.load({"ct_series": [lost]})
    assert result.states["quarantined"] == 1
    assert commons.states()["1.2.1.1"] == ("quarantined", "no_case_key")


def test_type_names_the_node(commons: Commons, tmp_path: Path) -> None:
    """A portal's file name says nothing; submitter_id, type and a case fit six nodes."""
    bare = {"type": "observation", "submitter_id": "O9", "cases.submitter_id": "419639-000001"}
    write_node(
        tmp_path / "download.tsv",
        [bare, {**bare, "submitter_id": "O10", "type": "condition"}, bare | {"submitter_id": "O11"}],
    )
    load(commons.store, [tmp_path / "download.tsv"], source="gen3", project=PROJECT)
    assert commons.rows("SELECT DISTINCT record_type FROM harmonize.ledger") == [("gen3.observation",)]
    assert commons.states()["O10"] == ("quarantined", "constant")


def test_values_of_earlier_releases(commons: Commons) -> None:
    old = {"type": "case", "submitter_id": "A1", "race": "American Indian or Alaskan Native", "sex": "Unknown",
           "index_event": "First COVID test", "country_of_origin": "US"}  # fmt: skip
    commons.load({"case": [old]})
    assert commons.rows(
        'SELECT race, race_source, sex, sex_source, index_event, country_of_residence FROM midrc."case"'
    ) == [("American Indian or Alaska Native", old["race"], "Not Reported", "Unknown", "COVID-19 Test", "US")]
    assert commons.rows("SELECT race_concept_id, race_source_value, gender_source_value FROM omop.person") == [
        (8657, "American Indian or Alaskan Native", "Unknown")
    ]
