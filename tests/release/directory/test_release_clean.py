"""Nothing of a patient in any file of a release, in what is said, or in the log; withdrawal; the catalogue record."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import duckdb
import held_study
import jsonschema_rs
import pytest
from held_study import HELD, run

import harmonize
import harmonize.release as release
from harmonize.engine.store import open_store

RECORD = {
    "type": "object",
    "required": ["schemaVersion", "titles", "creators", "publisher", "publicationYear", "types"],
    "properties": {
        "schemaVersion": {"const": "http://datacite.org/schema/kernel-4"},
        "titles": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["title"]}},
        "creators": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"]}},
        "publisher": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string", "minLength": 1}},
        },
        "publicationYear": {"type": "string", "pattern": "^[0-9]{4}$"},
        "types": {
            "type": "object",
            "required": ["resourceTypeGeneral"],
            "properties": {"resourceTypeGeneral": {"const": "Dataset"}},
        },
        "dates": {"items": {"properties": {"dateType": {"enum": ["Issued", "Created", "Available"]}}}},
        "descriptions": {"items": {"properties": {"descriptionType": {"enum": ["Abstract", "Methods", "Other"]}}}},
    },
}
"""What DataCite 4 asks for, of the properties that a release has."""


@pytest.fixture(scope="module")
def built(made_study: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A store, its release by the safe harbor, and all that was said."""
    folder = tmp_path_factory.mktemp("clean")
    store, said = held_study.copied_study(made_study, folder), io.StringIO()
    (folder / "rules.yaml").write_text("k: 1\n", encoding="utf-8")
    with redirect_stdout(said), redirect_stderr(said):
        assert run("project", "rules", "H", "--file", folder / "rules.yaml", "--who", "Ada", "--db", store) == 0
        asked = (
            "--project",
            "H",
            "--version",
            "1.0",
            "--db",
            store,
            "--to",
            folder / "out",
            "--profile",
            "safe_harbor",
        )
        forms = ("--for", "duckdb", "--for", "parquet", "--for", "csv")
        assert run("release", "build", *asked, *forms) == 1
        waived = ("phi_age", "--who", "Ada", "--why", "judged when published")
        assert run("submission", "waive", 1, *waived, "--db", store) == 0
        assert run("release", "build", *asked, *forms) == 0
    return store, folder / "out" / "H-1.0", said.getvalue()


def test_no_key_of_a_patient_is_in_any_file_or_word(built: tuple[Path, Path, str]) -> None:
    store, place, said = built
    files = [path for path in place.rglob("*") if path.is_file()]
    assert len(files) > 80
    assert [path.name for path in files if HELD.encode() in path.read_bytes()] == []
    assert HELD not in said
    with open_store(store, read_only=True) as opened:
        log = opened.con.execute("SELECT string_agg(subject || details) FROM harmonize.audit_entry").fetchall()
        keys = {key for (key,) in opened.con.execute("SELECT record_key FROM harmonize.record").fetchall()}
        remembered = dict(opened.con.execute("SELECT case_key, pseudonym FROM harmonize.release_person").fetchall())
    assert "release.built" not in log[0][0]
    assert HELD not in log[0][0]
    cells = {cell for path in files if path.suffix == ".csv" for cell in path.read_text(encoding="utf-8").split(",")}
    assert not cells & {key for key in keys if len(key) >= 6}
    with closing(duckdb.connect(str(place / "open" / "published.duckdb"), read_only=True)) as con:
        codes = {key for (key,) in con.execute("SELECT case_key FROM harmonize.person_case").fetchall()}
        days = con.execute("SELECT min(observation_period_start_date)::VARCHAR FROM omop.observation_period").fetchall()
    assert set(remembered.values()) == codes
    assert days == [("2000-01-01",)]
    assert release.verify(place).problems == []


def test_a_registry_takes_the_record(built: tuple[Path, Path, str]) -> None:
    record = json.loads((built[1] / "datacite.json").read_bytes())
    assert [error.message for error in jsonschema_rs.validator_for(RECORD).iter_errors(record)] == []
    assert record["titles"] == [{"title": "Harmonized clinical and imaging data: H 1.0"}]
    assert record["formats"] == ["duckdb", "parquet", "csv"]


def test_who_withdraws_is_told_by_pseudonym_and_is_not_in_the_next(
    built: tuple[Path, Path, str], tmp_path: Path
) -> None:
    store, place, _ = built
    for path in store.parent.glob("study.duckdb*"):
        shutil.copy(path, tmp_path / path.name)
    mine = tmp_path / store.name
    with open_store(mine, read_only=True) as opened:
        row = opened.con.execute("SELECT pseudonym FROM harmonize.release_person WHERE case_key = ?", [HELD]).fetchone()
    pseudonym = str((row or ("",))[0])
    assert run("person", "withdraw", "H", HELD, "--who", "Ada", "--why", "consent was taken back", "--db", mine) == 0
    (notice,) = mine.with_name("study.duckdb.notices").iterdir()
    assert f"  {pseudonym}\n" in notice.read_text(encoding="utf-8")
    (following,) = harmonize.release.build(mine, tmp_path / "out", project="H", version="1.1", profile="safe_harbor")
    assert following.persons == 3
    found = harmonize.release.diff(place, following.place)
    assert (found.persons_gone, found.persons_new, found.notes) == (1, 0, [])
    with closing(duckdb.connect(str(Path(following.place) / "open/published.duckdb"), read_only=True)) as con:
        left = {key for (key,) in con.execute("SELECT case_key FROM midrc.case").fetchall()}
    assert pseudonym not in left
