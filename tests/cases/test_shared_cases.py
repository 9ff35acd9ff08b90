"""Small inputs that once failed (../shared/cases/2026-11), by what is right: exit codes of validate and load, the rules
that are told, and what stands in the store. Each folder says it in words (expected.txt)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from harmonize.cli.main import main

pytestmark = pytest.mark.realdata
SERIES = "SELECT count(*) FROM omop.image_occurrence"


class Right(NamedTuple):
    """What is right of one delivery of a folder: `code` of validate and load alike."""

    folder: str
    delivery: str
    source: str
    code: int
    rules: set[str]
    query: str
    rows: list[tuple[Any, ...]]
    mapping: str = ""


RIGHT = [
    Right("csv-header-blanks", "labs.csv", "ehr", 0, set(),
          "SELECT value_as_number, unit_source_value FROM omop.measurement", [(5.0, "mg/L")], "site"),
    Right("dicom-modality-uid-unchecked", "in", "dicom", 0, {"header_oddity"}, SERIES, [(4,)]),
    Right("dicom-numbers-validate-differs", "in", "dicom", 1, {"mapping_error"}, SERIES, [(2,)]),
    Right("dicom-old-date-blocks-load", "in", "dicom", 0, {"implausible_year"}, SERIES, [(2,)]),
    Right("dicom-python-warnings-leak", "in", "dicom", 0, {"header_oddity"}, SERIES, [(3,)]),
    Right("fhir-error-cells-loaded", "in", "fhir", 1,
          {"fhir_value", "fhir_end_before_start", "fhir_before_birth", "no_date", "us_core_missing"},
          "SELECT (SELECT count(*) FROM omop.visit_occurrence), (SELECT count(*) FROM omop.measurement)", [(0, 0)]),
    Right("fhir-load-crash-no-resource", "empty", "fhir", 0, set(), "SELECT count(*) FROM harmonize.record", [(0,)]),
    *(
        Right("fhir-load-crash-no-resource", name, "fhir", 1, {rule}, "SELECT state::VARCHAR FROM harmonize.record",
              [("quarantined",)])
        for name, rule in (
            ("broken", "broken_json"), ("unknown", "unknown_resource_type"), ("array", "no_resource_type"),
        )
    ),
    Right("fhir-medication-display-lost", "in", "fhir", 0, {"us_core_missing", "fhir_missing_targets"},
          "SELECT drug_source_value FROM omop.drug_exposure ORDER BY 1",
          [("Aspirin",), ("Aspirin 81 MG Oral Tablet",)]),
    Right("fhir-searchset-outcome-quarantined", "in", "fhir", 0, set(),
          "SELECT reason FROM harmonize.ledger WHERE state = 'excluded'", [("export_outcome",)]),
    Right("gen3-template-asterisks", "b", "gen3", 0, set(), "SELECT count(*) FROM omop.person", [(1,)]),
    Right("id-invisible-characters", "labs.csv", "ehr", 1, {"key_characters"}, "SELECT count(*) FROM omop.person",
          [(1,)], "site"),
    Right("sentinel-dates-observation-period", "labs.csv", "ehr", 0, {"implausible_year"},
          "SELECT observation_period_start_date::VARCHAR, observation_period_end_date::VARCHAR "
          "FROM omop.observation_period", [("2020-05-01", "2020-05-01")], "site"),
    *(
        Right("sssom-errors-ignored-by-load", "labs.csv", "ehr", 2, set(), "SELECT count(*) FROM omop.measurement",
              [(0,)], f"{name}/lk")
        for name in ("twice", "prefix")
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    folder = shared.parent / "cases" / "2026-11"
    if not folder.is_dir():
        pytest.skip(f"no cases at {folder}")
    return folder


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: f"{right.folder}-{right.mapping or right.delivery}")
def test_what_is_right(cases: Path, empty_store: Path, tmp_path: Path, right: Right, capfd: Any) -> None:
    store = Path(shutil.copy(empty_store, tmp_path / "s.duckdb"))
    folder = cases / right.folder
    said = [str(folder / right.delivery), "--source", right.source]
    if right.mapping:
        said += ["--mapping", str(folder / right.mapping)]
    assert main(["-q", "validate", *said, "--format", "csv"]) == right.code
    assert main(["-q", "load", *said, "--project", "P", "--db", str(store)]) == right.code
    assert "UserWarning" not in capfd.readouterr().err
    with duckdb.connect(str(store), read_only=True) as con:
        told = con.execute("SELECT DISTINCT rule FROM harmonize.finding JOIN harmonize.rule USING (rule_id)")
        assert {rule for (rule,) in told.fetchall()} == right.rules
        assert con.execute(right.query).fetchall() == right.rows


@pytest.mark.parametrize("name", ["typelist", "oneof", "enumdef"])
def test_a_dictionary_of_every_form_is_imported(cases: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out.yaml"
    assert main(["schema", "import-gen3", str(cases / "gen3-import-crash" / name), "-o", str(out)]) == 0
    assert out.is_file()


def test_every_folder_is_looked_at(cases: Path) -> None:
    looked = {right.folder for right in RIGHT} | {"gen3-import-crash"}
    assert {path.name for path in cases.iterdir() if path.is_dir()} == looked
