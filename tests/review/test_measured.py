"""By which parts tests of one name differ: from the vocabulary's relationships, else from the name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.cli.stores import opened
from harmonize.engine.paths import root, sql
from harmonize.review.concepts import Concept, by_code
from harmonize.review.measured import measured, units
from harmonize.review.usage import LEAST_ROWS, unmapped_values


def a_test(name: str, domain: str = "Measurement") -> Concept:
    return Concept(1, "LOINC:1", name, domain, "LOINC", standard=True, valid=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "Protein [Mass/volume] in Urine by Test strip",
            {"component": "Protein", "property": "Mass/volume", "specimen": "Urine", "method": "Test strip"},
        ),
        (
            "Cholesterol in HDL [Moles/volume] in Serum or Plasma",
            {"component": "Cholesterol in HDL", "property": "Moles/volume", "specimen": "Serum or Plasma"},
        ),
        ("Hematocrit [Volume Fraction] of Blood", {"component": "Hematocrit", "property": "Volume Fraction"}),
        ("Oxygen saturation in Arterial blood by Pulse oximetry", {"method": "Pulse oximetry"}),
        ("SARS-CoV-2 RNA panel - Respiratory specimen by NAA", {"specimen": "Respiratory specimen", "method": "NAA"}),
        ("Body mass index (BMI) [Ratio]", {"property": "Ratio"}),
    ],
)
def test_the_name_tells(name, expected):
    assert measured(a_test(name)).items() >= expected.items()


@pytest.mark.parametrize("one", [a_test("Heart rate"), a_test("Pain in chest by touch", domain="Condition")])
def test_nothing_is_made_up(one):
    assert measured(one) == {}


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("store") / "store.duckdb"
    with opened(file, create=True) as store:
        store.con.execute(
            "INSERT INTO omop.concept BY NAME SELECT unnest([900000001, 900000002]) AS concept_id,"
            " unnest(['Ser/Plas', 'Jaffe']) AS concept_name, 'Observation' AS domain_id, 'LOINC' AS vocabulary_id,"
            " 'LOINC Component' AS concept_class_id, unnest(['LP1', 'LP2']) AS concept_code,"
            " DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date;"
            "INSERT INTO omop.concept_relationship BY NAME SELECT (SELECT concept_id FROM omop.concept WHERE"
            " vocabulary_id = 'LOINC' AND concept_code = '2160-0') AS concept_id_1,"
            " unnest([900000001, 900000002]) AS concept_id_2, unnest(['Has system', 'Has method']) AS relationship_id,"
            " DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date;"
            "INSERT INTO omop.concept BY NAME SELECT 2000000001 AS concept_id, 'x' AS concept_name,"
            " 'Measurement' AS domain_id, 'SITE' AS vocabulary_id, 'c' AS concept_class_id, 'creat' AS concept_code,"
            " DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date;"
            "INSERT INTO omop.measurement BY NAME SELECT i AS measurement_id, 1 AS person_id,"
            " 0 AS measurement_concept_id, 2000000001 AS measurement_source_concept_id, i AS value_as_number,"
            " DATE '2020-01-01' AS measurement_date, 32856 AS measurement_type_concept_id,"
            " CASE WHEN i < 21 THEN 'mg/dL' WHEN i < 31 THEN 'umol/L' WHEN i < 42 THEN 'g/L' END AS unit_source_value"
            " FROM range(56) AS r(i)"
        )
    return file


def test_the_vocabulary_s_parts_come_before_the_name(db):
    with opened(db, read_only=True) as store:
        concept = by_code(["LOINC:2160-0"], store.con)["LOINC:2160-0"]
        assert measured(concept, store.con) == {
            "component": "Creatinine",
            "property": "Mass/volume",
            "specimen": "Ser/Plas",
            "method": "Jaffe",
        }


def test_units_of_loaded_results_rare_ones_left_out(db):
    with opened(db, read_only=True) as store:
        assert units(store.con, "SITE:creat") == [
            "mg/dL: 21 results, nine of ten from 1 to 19",
            "no unit: 14 results, nine of ten from 42.65 to 54.35",
            "g/L: 11 results, nine of ten from 31.5 to 40.5",  # of umol/L there are ten, one too few
        ]


def test_what_fewer_rows_have_is_never_shown(db):
    """As values, as examples and as units: with eleven rows it is shown, with ten it may tell of a person."""
    with opened(db) as store, store.transaction() as con:
        con.execute("INSERT INTO harmonize.mapping VALUES (7, 'site', '1', 'measurement', 'lab', 'lab', NULL, false)")
        con.execute(
            "INSERT INTO midrc.measurement BY NAME SELECT 'measurement' AS type, 'm' || i AS submitter_id,"
            " 'P' AS project_id, 'c' AS case_key, 1 AS record_id, 7 AS mapping_id, uuid() AS row_key,"
            " 'SITE:lab#' || CASE WHEN i < 11 THEN 'eleven' WHEN i < 21 THEN 'ten' ELSE 'known' END AS coding"
            " FROM range(40) AS r(i)"
        )
        assert unmapped_values(con, "SITE:lab", ["SITE:lab#known"]) == {"SITE:lab#eleven": LEAST_ROWS}
        query = sql("review/example").format(table="measurement", slot="coding", shown="coding")
        assert con.execute(query, {"mapping": "site", "least": LEAST_ROWS, "most": 9}).fetchall() == [
            ("lab", "SITE:lab#known", 19), ("lab", "SITE:lab#eleven", 11)
        ]  # fmt: skip
        assert len(con.execute(query, {"mapping": "site", "least": LEAST_ROWS, "most": 1}).fetchall()) == 1
        con.execute("DELETE FROM midrc.measurement; DELETE FROM harmonize.mapping WHERE mapping_id = 7")


def test_show_sets_what_others_measure_beside_it(tmp_path, capsys):
    folder = Path(shutil.copytree(root("mappings") / "ehr" / "site_302028", tmp_path / "site"))
    file, subject = folder / "tests.sssom.tsv", "MIDRC_302028:test_method#RT-PCR"
    line = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(f"{subject}\t"))
    other = line.replace(subject, "MIDRC_302028:swab").replace("LOINC:94309-2", "LOINC:94759-8")
    file.write_text(f"{file.read_text(encoding='utf-8')}{other}\n", encoding="utf-8")
    assert main(["mapping", "review", "show", str(folder), "MIDRC_302028:swab", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["measured"]["specimen"], shown["measured"]["method"]) == ("Nasopharynx", "NAA with probe detection")
    assert shown["concept"]["valid"], "the starter's concept, without a store"
    beside = next(one for one in shown["elsewhere"] if one.startswith(f"ehr/site_302028: {subject} → LOINC:94309-2"))
    assert "; specimen Unspecified specimen; method NAA with probe detection" in beside
