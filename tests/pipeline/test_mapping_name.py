"""A mapping outside of the package in a store: one by any path, and never mistaken for another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hospital import HOSPITAL

from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult

CSV = "patient_id,birth_year,sex\np1,1950,F\n"


@pytest.fixture
def patients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(HOSPITAL, tmp_path / "lakeside")
    (tmp_path / "patient.csv").write_text(CSV)
    return tmp_path / "patient.csv"


def loaded(store: Store, patients: Path, mapping: str) -> LoadResult:
    return load(store, [patients], source="ehr", mapping=mapping, project="H")


def with_id(folder: Path, text: str) -> None:
    file = folder / "site.map.yaml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("id:")]
    file.write_text("\n".join([f"id: {text}", *lines]) + "\n")


def test_another_spelling_and_another_place_load_nothing_anew(new_store, patients, tmp_path):
    assert loaded(new_store, patients, "lakeside").to_json()["loaded"] == 1
    assert loaded(new_store, patients, "./lakeside").to_json()["unchanged"] == 1
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "lakeside").rename(tmp_path / "elsewhere" / "lakeside")
    assert loaded(new_store, patients, str(tmp_path / "elsewhere" / "lakeside")).to_json()["unchanged"] == 1
    query = "SELECT DISTINCT mapping FROM harmonize.submission"
    assert new_store.con.execute(query).fetchall() == [("lakeside",)]


def test_another_mapping_of_the_same_name_is_refused(new_store, patients, tmp_path):
    with_id(tmp_path / "lakeside", "https://example.org/one")
    loaded(new_store, patients, "lakeside")
    other = Path(shutil.copytree(tmp_path / "lakeside", tmp_path / "b" / "lakeside"))
    with_id(other, "https://example.org/two")
    with pytest.raises(
        InputError, match=r"another mapping named lakeside: https://example\.org/one; this is"
    ) as caught:
        loaded(new_store, patients, str(other))
    assert "project.yaml" in (caught.value.hint or "")
    (other / "project.yaml").write_text("name: lakeside_2\n")
    assert loaded(new_store, patients, str(other)).notes == []


def test_one_mapping_under_two_names_is_told(new_store, patients, tmp_path):
    with_id(tmp_path / "lakeside", "https://example.org/one")
    loaded(new_store, patients, "lakeside")
    (tmp_path / "lakeside").rename(tmp_path / "harbour")
    notes = loaded(new_store, patients, "harbour").notes
    assert any("has the id of lakeside" in note and "name: lakeside" in note for note in notes)
    (tmp_path / "harbour" / "project.yaml").write_text("name: lakeside\n")
    assert loaded(new_store, patients, "harbour").notes == []


def test_the_name_of_a_shipped_mapping_is_refused(new_store, patients, tmp_path):
    (tmp_path / "lakeside" / "project.yaml").write_text("name: cirr\n")
    with pytest.raises(InputError, match="has the name of a shipped one, cirr"):
        loaded(new_store, patients, "lakeside")
