"""Names that no list knows are found in texts, because a patient or a column tells them; only hashes are kept."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest

from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult
from harmonize.validation.privacy.identity import _kind
from harmonize.validation.privacy.titles import header_holds_form
from harmonize.validation.validate import validate

SUBJECT = {"reference": "Patient/p1"}
PATIENT = {
    "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1950-05-06",
    "name": [{"family": "Zorblatova", "given": ["Quillan", "May"]}],
    "telecom": [{"system": "phone", "value": "(617) 495-1000"}], "address": [{"line": ["12 Grumbel Row"]}],
    "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "00482913"}],
    "contact": [{"name": {"family": "Vexhelm"}}],
}  # fmt: skip
TEXT = (
    "May: mrs zorblatova, sister of QUILLAN123 and of vexhelm, of 12 Grumbel Row (00482913, 617 495 1000), has a cough."
)


def _note(key: str, text: str) -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference", "id": key, "status": "current", "subject": SUBJECT,
        "date": "2020-03-03T00:00:00Z", "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
    }  # fmt: skip


def _condition(key: str, text: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition", "id": key, "subject": SUBJECT, "onsetDateTime": "2020-03-01",
        "code": {"text": text},
    }  # fmt: skip


def _load(store: Store, folder: Path, *resources: dict[str, Any]) -> LoadResult:
    path = folder / "x.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources))
    return load(store, [path], source="fhir", project="P")


def _notes(store: Store) -> list[str]:
    return [text for (text,) in store.con.execute("SELECT note_text FROM omop.note ORDER BY 1").fetchall()]


def _everything(store: Store) -> str:
    tables = store.con.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
        "AND table_schema IN ('midrc', 'omop', 'harmonize', 'archive')"
    ).fetchall()
    return "\n".join(str(store.con.execute(f'FROM "{schema}"."{name}"').fetchall()) for schema, name in tables).lower()


def _tells(text: str) -> list[str]:
    return [word for word in ("zorblatova", "quillan", "vexhelm", "grumbel", "00482913", "495 1000") if word in text]


def test_what_a_patient_is_called_is_masked_in_notes_and_refused_in_texts(new_store: Store, tmp_path: Path) -> None:
    result = _load(new_store, tmp_path, _note("d1", TEXT), _condition("c1", "cough of Zorblatova"), PATIENT)
    assert _notes(new_store) == [
        "May: mrs [name], sister of [name] and of [name], of [address] Row ([number], [number]), has a cough."
    ]
    assert new_store.con.execute("SELECT condition_source_value FROM omop.condition_occurrence").fetchall() == [(None,)]
    assert result.cells_quarantined == 1
    assert _tells(_everything(new_store)) == []


def test_a_later_delivery_is_looked_over_for_it(new_store: Store, tmp_path: Path) -> None:
    _load(new_store, tmp_path, PATIENT)
    assert new_store.con.execute("SELECT count(*) > 4 FROM harmonize.identity_token").fetchone() == (True,)
    _load(new_store, tmp_path, _note("d1", TEXT))
    assert _tells(_everything(new_store)) == []
    new_store.close()
    path = tmp_path / "x.ndjson"
    with validate([path], source="fhir", db=new_store.path, project="P") as told:
        assert told.write(io.BytesIO(), format="json").rules["phi_note"] == 1


def test_a_text_that_came_before_its_patient_is_masked_when_the_patient_comes(new_store: Store, tmp_path: Path) -> None:
    _load(new_store, tmp_path, _note("d1", TEXT), _condition("c1", "cough of Zorblatova"))
    assert "zorblatova" in _everything(new_store)
    _load(new_store, tmp_path, PATIENT)
    assert _tells(_everything(new_store)) == []
    assert new_store.con.execute("SELECT condition_source_value FROM omop.condition_occurrence").fetchall() == [
        ("cough of [name]",)
    ]
    late = "SELECT count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule = 'phi_late'"
    assert new_store.con.execute(late).fetchone() == (2,)


def test_other_projects_and_common_words_are_left_alone(new_store: Store, tmp_path: Path) -> None:
    plain = {**PATIENT, "name": [{"family": "Chest", "given": ["Pain"]}], "contact": []}
    _load(new_store, tmp_path, plain, _note("d1", "chest pain in May"))
    assert _notes(new_store) == ["chest pain in May"]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("Last_Name", "name"), ("NAME", "name"), ("street_name", "name"), ("Home Address", "address"),
        ("STREET", "address"), ("mrn", "number"), ("phone", "number"),
    ],
)  # fmt: skip
def test_what_a_column_of_this_name_tells(column: str, kind: str) -> None:
    assert _kind(column) == kind


MARINE = {
    **PATIENT,
    "name": [{"family": "Wu", "given": ["Marine542", "Ai120"]}],
    "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "K-4711-B9"}],
    "contact": [],
}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Marine542 Ai120 is here", "[name] is here"),
        ("Here is ai120.", "Here is [name]."),
        ("WU, Marine", "[name]"),
        ("Ai Wu came", "[name] came"),
        ("Marine F. Wu came", "[name] came"),
        ("Mrs. Wu came", "[name] came"),
        ("a marine wu of ai", "a marine wu of ai"),
        ("Marine biology", "Marine biology"),
        ("file K-4711-B9.", "file [number]."),
        ("file k4711b9 2", "file [number] 2"),
        ("file 4711", "file 4711"),
        ("555-1234-", "555-1234-"),
        ("6174951000x 617 495 1000 3 times", "[number]x [number] 3 times"),
        ("2020Marine542", "2020[name]"),
    ],
)
def test_short_and_common_names_are_found_with_what_stands_beside_them(
    new_store: Store, tmp_path: Path, said: str, kept: str
) -> None:
    _load(new_store, tmp_path, MARINE, _note("d1", said))
    assert _notes(new_store) == [kept]


def test_a_version_that_ended_is_masked_too_when_the_patient_comes(new_store: Store, tmp_path: Path) -> None:
    _load(new_store, tmp_path, _note("d1", TEXT))
    _load(new_store, tmp_path, _note("d1", "of mrs zorblatova"))
    _load(new_store, tmp_path, PATIENT)
    assert _tells(_everything(new_store)) == []


TOLD = "patient_name,MRN,Anon MRN,Anon Result Date,RESULT,MIDRC Test Method"
LINE = "Quillan Zorblatova,00482913,419639-1,3/1/2020,DETECTED,RT-PCR"


def test_names_of_files_and_headers_are_compared_with_what_the_delivery_tells(
    new_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "all covid test results zorblatova.csv").write_text(f"{TOLD},of zorblatova\n{LINE},1\n")
    (folder / "00482913.txt").write_text("x")
    with validate([folder], source="ehr", mapping="site_419639") as told:
        for form in ("json", "html", "text"):
            written = io.BytesIO()
            rules = told.write(written, format=form).rules
            assert _tells(written.getvalue().decode().lower()) == []
            assert (rules["phi_file_name"], rules["phi_header"]) == (1, 1)
    load(new_store, [folder], source="ehr", mapping="site_419639", project="P")
    assert _tells(_everything(new_store)) == []
    assert new_store.con.execute(
        "SELECT count(*) FROM harmonize.source_file WHERE name LIKE '***%.csv'"
    ).fetchone() == (1,)


def test_names_of_fhir_files_are_compared_with_the_names_of_their_patients(new_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    entry = [{"fullUrl": "urn:uuid:1", "resource": PATIENT}]
    bundle = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry})
    (folder / "Quillan12_Zorblatova77_1.json").write_text(bundle)
    with validate([folder], source="fhir") as told:
        written = io.BytesIO()
        assert told.write(written, format="json").rules["phi_file_name"] == 1
        assert _tells(written.getvalue().decode().lower()) == []
    load(new_store, [folder], source="fhir", project="P")
    assert _tells(_everything(new_store)) == []


@pytest.mark.parametrize(
    ("header", "held"), [("7/24/1986", "a date"), ("result 2021-03-05", "a date"), ("day_2", None)]
)
def test_a_header_that_is_a_date_is_hidden(header: str, held: str | None) -> None:
    assert header_holds_form(header) == held
