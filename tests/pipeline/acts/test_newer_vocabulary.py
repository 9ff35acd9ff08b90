"""A newer vocabulary: what it made of the rows is told, and what it does not concern stays as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hospital import HEADER, PATIENTS, Hospital

from harmonize.cli.main import main
from harmonize.engine.store import open_store
from harmonize.pipeline.acts.vocabulary import load_vocabulary

CODES = {"kept": "70001-1", "other": "70002-2", "lost": "70003-3", "late": "70004-4", "away": "70005-5"}
HEAD = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\t"
    "valid_start_date\tvalid_end_date\tinvalid_reason"
)
IDS = {"kept": 9000001, "other": 9000002, "lost": 9000003, "late": 9000004, "away": 9000005, "new": 9000006}


def release(folder: Path, name: str, concepts: dict[str, tuple[str, str, str]], maps: dict[str, str]) -> Path:
    """A download of these concepts: what → (code, domain, standard), and of what maps to what."""
    made = folder / name
    made.mkdir()
    lines = [
        f"{IDS[what]}\t{what}\t{domain}\tLOINC\tLab Test\t{standard}\t{code}\t19700101\t20991231\t"
        for what, (code, domain, standard) in concepts.items()
    ]
    none = f"0\t{name}\tMetadata\tNone\tUndefined\t\tNo matching concept\t19700101\t20991231\t"
    (made / "CONCEPT.csv").write_text("\n".join([HEAD, none, *lines]) + "\n", encoding="utf-8")
    (made / "VOCABULARY.csv").write_text(
        "vocabulary_id\tvocabulary_name\tvocabulary_reference\tvocabulary_version\tvocabulary_concept_id\n"
        f"None\tNone\tx\t{name}\t0\n",
        encoding="utf-8",
    )
    relations = [f"{IDS[a]}\t{IDS[b]}\tMaps to\t19700101\t20991231\t" for a, b in maps.items()]
    head = "concept_id_1\tconcept_id_2\trelationship_id\tvalid_start_date\tvalid_end_date\tinvalid_reason"
    (made / "CONCEPT_RELATIONSHIP.csv").write_text("\n".join([head, *relations]) + "\n", encoding="utf-8")
    return made


@pytest.fixture
def loaded(hospital: Hospital, tmp_path: Path) -> Hospital:
    """Five codes, two rows each, with an older release."""
    concepts = {what: (CODES[what], "Measurement", "S") for what in ("kept", "other", "lost", "away")}
    load_vocabulary(hospital.store, release(tmp_path, "older", concepts, {}))
    results = [
        f"r{place}{n},p1,,{code},2021-03-0{n},13,%,\n" for place, code in enumerate(CODES.values()) for n in (1, 2)
    ]
    hospital.load(patient=PATIENTS, result=HEADER + "".join(results))
    return hospital


def newer(folder: Path) -> Path:
    concepts = {
        "kept": (CODES["kept"], "Measurement", "S"), "other": (CODES["other"], "Measurement", ""),
        "new": ("70006-6", "Measurement", "S"), "late": (CODES["late"], "Measurement", "S"),
        "away": (CODES["away"], "Observation", "S"),
    }  # fmt: skip
    return release(folder, "newer", concepts, {"other": "new"})


def measurements(hospital: Hospital) -> dict[int, tuple[Any, ...]]:
    rows = hospital.rows("SELECT measurement_id, * FROM omop.measurement")
    return {row[0]: row for row in rows}


def codes(hospital: Hospital, code: str) -> set[int]:
    return {row[0] for row in hospital.rows(
        f"SELECT measurement_id FROM omop.measurement WHERE measurement_source_value = '{code}'"
    )}  # fmt: skip


def test_what_a_newer_release_made_of_the_rows(loaded: Hospital, tmp_path: Path) -> None:
    before = measurements(loaded)
    kept, ids = codes(loaded, CODES["kept"]), {what: codes(loaded, code) for what, code in CODES.items()}
    told = load_vocabulary(loaded.store, newer(tmp_path))
    assert (told.before, told.version) == ("older", "newer")
    found = {
        (row["change"], row["source_value"], row["before"], row["after"], row["domain_after"], row["rows"])
        for row in told.concepts if row["omop_table"] == "measurement"
    }  # fmt: skip
    assert found == {
        ("re-coded", CODES["other"], "LOINC:70002-2", "LOINC:70006-6", "Measurement", 2),
        ("gone", CODES["lost"], "LOINC:70003-3", None, None, 2),
        ("newly mapped", CODES["late"], None, "LOINC:70004-4", "Measurement", 2),
        ("moved", CODES["away"], "LOINC:70005-5", None, None, 2),
    }
    assert told.changed["measurement"] == {"inserted": 0, "replaced": 6, "deleted": 2, "total": 8}
    assert told.changed["observation"]["inserted"] == 2
    assert "person" not in told.changed
    after = measurements(loaded)
    assert [after[one] for one in sorted(kept)] == [before[one] for one in sorted(kept)]
    assert after.keys() == before.keys() - ids["away"]


def test_the_same_release_again_changes_nothing(loaded: Hospital, tmp_path: Path) -> None:
    load_vocabulary(loaded.store, newer(tmp_path))
    before = measurements(loaded)
    told = load_vocabulary(loaded.store, tmp_path / "newer")
    assert (told.changed, told.concepts) == ({}, ())
    assert measurements(loaded) == before


def test_the_command_tells_it(loaded: Hospital, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, download = loaded.store.path, newer(tmp_path)
    loaded.store.close()
    assert main(["vocabulary", "load", str(download), "--db", str(path)]) == 0
    out = capsys.readouterr().out
    assert "Before: older. Rows of the store that changed:" in out
    assert "measurement.measurement_concept_id" in out
    assert main(["vocabulary", "load", str(download), "--db", str(path)]) == 0
    assert "Before: newer. No row of the store changed." in capsys.readouterr().out
    assert main(["vocabulary", "load", str(tmp_path / "older"), "--db", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], told["changed"]["measurement"]["inserted"]) == ("newer", 2)
    assert {row["change"] for row in told["concepts"]} >= {"re-coded", "gone", "newly mapped"}
    with open_store(path, read_only=True) as store:
        assert store.con.execute("SELECT count(*) FROM omop.measurement").fetchone() == (10,)
