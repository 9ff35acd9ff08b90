"""Retained PHI: identifying values go to the vault, and nothing of them anywhere else."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import held_study
import pytest
from held_study import HOSPITAL, RESULTS, STAYS, run

import harmonize
from harmonize.engine.errors import InputError, RefusedError, StoreError
from harmonize.engine.store import open_store
from harmonize.pipeline.load import load
from harmonize.pipeline.vault.files import vault_files
from harmonize.pipeline.vault.keep import Keeping
from harmonize.pipeline.vault.vault import opened_vault
from harmonize.release.vault import status

PLANTED = {
    "p1": ("Quorvane Tellimor", "MRN-88120443", "617-555-0143"),
    "p2": ("Ildrisha Vostokel", "MRN-77310982", "617-555-0199"),
}
TOKENS = ["Quorvane", "Tellimor", "88120443", "555-0143", "Ildrisha", "Vostokel", "77310982", "555-0199"]
PATIENTS = "patient_id,birth_year,age,sex,zip3,patient_name,mrn,phone\n" + "".join(
    f"{case},{born},,F,021,{','.join(PLANTED[case])}\n" for case, born in (("p1", 1950), ("p2", 1960))
)
NOTED = RESULTS.replace("mmol/L,\n", "mmol/L,Call Quorvane Tellimor 617-555-0143\n")


def _loaded(folder: Path, *more: object) -> Path:
    """A study whose files name its patients, loaded with what `more` says."""
    folder.mkdir()
    store, rules = folder / "study.duckdb", folder / "rules.yaml"
    for name, text in {"patient": PATIENTS, "stay": STAYS, "result": NOTED}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    rules.write_text("retained_phi: true\nsign_offs: 1\nretained_days: 30\n", encoding="utf-8")
    assert run("project", "set", "H", "--time", "as_is", "--shifted-by-source", "--db", store) == 0
    assert run("project", "rules", "H", "--file", rules, "--who", "A", "--db", store) == 0
    files = [folder / f"{name}.csv" for name in ("patient", "stay", "result")]
    options = ("--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", store)
    assert run("load", *files, *options, *more) in (0, 1)
    return store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The study loaded with retained PHI, its key, and the same loaded without."""
    home = tmp_path_factory.mktemp("vault")
    (home / "secret").mkdir()
    key = home / "secret" / "key"
    assert run("vault", "key", "--to", key, "--db", home / "kept" / "study.duckdb") == 0
    return _loaded(home / "kept", "--retained-phi", "--vault-key", key), key, _loaded(home / "plain")


@pytest.fixture
def kept(made: tuple[Path, Path, Path], tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    return held_study.copied_study(made[0], tmp_path / "own")


@pytest.fixture
def key(made: tuple[Path, Path, Path]) -> Path:
    return made[1]


def _shown(db: Path, key: Path, case: str = "p1", why: str = "the site asks whose film it is") -> list[dict[str, Any]]:
    with harmonize.open(db) as store:
        (row,) = store.sql(f"SELECT person_id FROM harmonize.person_case WHERE case_key = '{case}'").fetchall()
        return list(store.vault.show(row[0], who="A. One", second="B. Two", why=why, vault_key=key))


def _tables(db: Path) -> Iterator[tuple[str, list[str]]]:
    """Every table of the store as text, without when it was written, which key hashed it, and by what it is known
    again: a delivery with retained PHI is always read."""
    con = duckdb.connect(str(db), read_only=True)
    names = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ('omop', 'midrc', 'harmonize') "
        "AND table_name NOT IN ('audit_entry', 'submission_step', 'store_key', 'identity_token', "
        "'checked_delivery') ORDER BY ALL"
    ).fetchall()
    for schema, table in names:
        columns = con.execute(
            "SELECT column_name FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? "
            "AND data_type NOT LIKE 'TIMESTAMP%'",
            [schema, table],
        ).fetchall()
        cells = ", ".join(f'"{name}"::VARCHAR' for (name,) in columns)
        if cells:
            rows = con.execute(f'SELECT {cells} FROM {schema}."{table}"').fetchall()
            yield f"{schema}.{table}", sorted(map(str, rows))
    con.close()


def _found(folder: Path) -> list[tuple[str, str]]:
    """The planted tokens in the bytes of the files of a store, its vault among them."""
    return [
        (path.name, token)
        for path in sorted(folder.rglob("study.duckdb*"))
        for token in TOKENS
        if path.is_file() and token.encode() in path.read_bytes()
    ]


def test_a_store_with_retained_phi_is_as_clean_as_one_without(made: tuple[Path, Path, Path]) -> None:
    with_phi, _, without = made
    assert with_phi.with_name("study.duckdb.vault").exists()
    assert dict(_tables(with_phi)) == dict(_tables(without))
    assert _found(with_phi.parent) == []


def test_what_leaves_is_what_the_other_way_gives(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    answers = []
    for number, db in enumerate((made[0], made[2])):
        own = tmp_path / str(number)
        own.mkdir()
        store = held_study.copied_study(db, own)
        steps = ("--who", "A", "--why", "looked at", "--db", store)
        assert run("submission", "step", 1, "signed", *steps) == 0
        with harmonize.open(store) as opened:
            rules = [row["rule"] for row in opened.submission.show(1)["open"]]
        for rule in rules:
            assert run("submission", "waive", 1, rule, *steps) == 0
        assert run("submission", "step", 1, "released", *steps) == 0
        assert run("publish", "--db", store, "--to", own / "out.duckdb") == 0
        assert run("publish", "--db", store, "--to", own / "csv", "--for", "csv") == 0
        con = duckdb.connect(str(own / "out.duckdb"), read_only=True)
        query = (
            "SELECT year_of_birth, value_as_number, unit_source_value "
            "FROM omop.person LEFT JOIN omop.measurement USING (person_id)"
        )
        answers.append(sorted(map(str, con.execute(query).fetchall())))
        con.close()
        out = [path for path in own.rglob("*") if path.is_file() and ".vault" not in path.name]
        assert [(path.name, token) for path in out for token in TOKENS if token.encode() in path.read_bytes()] == []
    assert answers[0] == answers[1]
    assert len(answers[0]) > 1


def test_it_waits_for_somebody_who_releases_it(made: tuple[Path, Path, Path]) -> None:
    with harmonize.open(made[0]) as store:
        (life,) = store.submission.list()
        received = [entry for entry in store.audit.show() if entry["act"] == "submission.received"]
    assert life["life"] == "embargoed"
    assert received[0]["details"]["vault"]["values"] == 7


def test_a_person_is_shown_to_two_and_the_log_says_so(kept: Path, key: Path) -> None:
    found = _shown(kept, key)
    assert {one["value"] for one in found} == {*PLANTED["p1"], "Call Quorvane Tellimor 617-555-0143"}
    assert {one["field"] for one in found} >= {"patient_name", "mrn", "phone"}
    with harmonize.open(kept) as store:
        entry = store.audit.show()[-1]
        assert store.audit.verify().problems == []
    assert (entry["act"], entry["who"], entry["details"]["second"]) == ("vault.shown", "A. One", "B. Two")
    assert entry["subject"].startswith("case ")
    assert _found(kept.parent) == []


@pytest.mark.parametrize("second", ["A. One", " a.  one ", "A One"])
def test_one_person_is_not_two(kept: Path, key: Path, second: str) -> None:
    with harmonize.open(kept) as store, pytest.raises(RefusedError, match="Two different persons"):
        store.vault.show(1, who="A. One", second=second, why="asked", vault_key=key)


@pytest.mark.parametrize("why", ["it is MRN 88120443", "Quorvane asks for it", "call 617-555-0143"])
def test_a_reason_that_tells_of_the_patient_is_refused(kept: Path, key: Path, why: str) -> None:
    with pytest.raises(InputError):
        _shown(kept, key, why=why)
    with harmonize.open(kept) as store:
        assert [entry for entry in store.audit.show() if entry["act"] == "vault.shown"] == []
    assert _found(kept.parent) == []


def test_a_lost_or_wrong_key_is_told(kept: Path, key: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "key"
    assert run("vault", "key", "--to", other, "--db", kept) == 0
    with pytest.raises(InputError, match="not the one of the vault"):
        _shown(kept, other)
    with pytest.raises(InputError, match=r"cannot be read.*No such file"):
        _shown(kept, tmp_path / "other" / "gone")
    with pytest.raises(InputError, match="not the one of the vault"):
        _load_again(kept, other)
    other.write_text("no key\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no key"):
        _shown(kept, other)
    other.chmod(0o644)
    with pytest.raises(InputError, match="Others may read"):
        _shown(kept, other)


def _load_again(db: Path, key: Path, **options: Any) -> None:
    with harmonize.open(db) as store:
        files = [db.parent / "patient.csv"]
        files[0].write_text(PATIENTS.replace("1950", "1951"), encoding="utf-8")
        store.load(files, source="ehr", mapping=HOSPITAL, project="H", retained_phi=True, vault_key=key, **options)


def test_a_key_beside_the_data_is_refused(kept: Path, key: Path, tmp_path: Path) -> None:
    beside = kept.with_name("key")
    shutil.copy(key, beside)
    link = tmp_path / "link"
    link.symlink_to(beside)
    for place in (beside, link):
        with pytest.raises(InputError, match="lies in the folder of"):
            _shown(kept, place)
    assert run("vault", "key", "--to", kept.with_name("new"), "--db", kept) == 2


def test_a_project_must_allow_it(kept: Path, key: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("retained_phi: false\n", encoding="utf-8")
    assert run("project", "rules", "H", "--file", rules, "--db", kept) == 0
    with pytest.raises(RefusedError, match="do not allow retained PHI"):
        _load_again(kept, key)


def test_a_load_that_fails_leaves_nothing_in_the_vault(kept: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Keeping.keep

    def fail(self: Keeping, *given: Any) -> Any:
        right(self, *given)
        raise StoreError("no room")

    monkeypatch.setattr(Keeping, "keep", fail)
    with pytest.raises(StoreError, match="no room"):
        _load_again(kept, key)
    with opened_vault(kept.with_name("study.duckdb.vault")) as vault:
        assert [one["values"] for one in vault.deliveries()] == [7]


def test_a_repeated_record_is_linked_to_its_person(kept: Path, key: Path) -> None:
    with harmonize.open(kept) as store:
        path = kept.parent / "patient.csv"
        path.write_text(PATIENTS, encoding="utf-8")
        result = store.load([path], source="ehr", mapping=HOSPITAL, project="H", retained_phi=True, vault_key=key)
    assert result.states["unchanged"] == 2
    assert sorted(one["submission"] for one in _shown(kept, key, "p2")) == [1, 1, 1, 2, 2, 2]


def test_what_is_withdrawn_is_purged_by_itself(kept: Path, key: Path) -> None:
    vault = kept.with_name("study.duckdb.vault")
    sealed = _blobs(vault)
    assert sum(one in vault.read_bytes() for one in sealed) == 7
    with harmonize.open(kept) as store:
        store.person.withdraw("H", "p1", who="A", why="consent withdrawn")
        assert [note for note in store.notes if note.startswith("Purged from the vault: 4 values")] != []
    with opened_vault(vault) as opened:
        assert [one["values"] for one in opened.deliveries()] == [3]
    assert sum(one in vault.read_bytes() for one in sealed) == 3
    with harmonize.open(kept) as store:
        result = store.submission.withdraw(1, who="A", why="the site asks for it")
    assert [note for note in result.notes if "3 values; 1 deliveries went whole" in note] != []
    with opened_vault(vault) as opened:
        assert opened.deliveries() == []


def _blobs(vault: Path) -> list[bytes]:
    con = sqlite3.connect(vault)
    rows = con.execute("SELECT value FROM sealed").fetchall()
    con.close()
    return [row[0] for row in rows]


def test_values_are_kept_as_long_as_the_rules_say(kept: Path) -> None:
    with open_store(kept) as store:
        assert status(store, vault_files(kept), date(2020, 1, 1)).deliveries[0]["due"] is None
        assert status(store, vault_files(kept), date(2999, 1, 1)).deliveries[0]["due"] == "kept for 30 days"


def test_a_backup_is_sealed_and_forgets_what_was_withdrawn_since(kept: Path, key: Path, tmp_path: Path) -> None:
    to, vault = tmp_path / "copy.vault", kept.with_name("study.duckdb.vault")
    with harmonize.open(kept) as store:
        store.vault.backup(to, who="A")
        store.person.withdraw("H", "p2", who="A", why="consent withdrawn")
        vault.unlink()
        store.vault.restore(to, who="A")
        acts = [entry["act"] for entry in store.audit.show()]
    assert acts[-3:] == ["vault.purged", "vault.restored", "vault.purged"]
    assert (to.stat().st_mode & 0o777, vault.stat().st_mode & 0o777) == (0o600, 0o600)
    assert len(_shown(kept, key, "p1")) == 4
    with opened_vault(vault) as opened:
        assert [one["values"] for one in opened.deliveries()] == [4]
    to.write_bytes(to.read_bytes()[:-1] + b"x")
    with harmonize.open(kept) as store, pytest.raises(InputError, match="not what was backed up"):
        store.vault.restore(to, replace=True)


def test_a_changed_or_swapped_value_is_told(kept: Path, key: Path) -> None:
    con = sqlite3.connect(kept.with_name("study.duckdb.vault"))
    con.execute("UPDATE sealed SET pseudonym = (SELECT max(pseudonym) FROM sealed)")
    con.execute("UPDATE sealed SET pseudonym = (SELECT min(pseudonym) FROM sealed)")
    con.commit()
    con.close()
    told = []
    for case in ("p1", "p2"):
        try:
            told.append(str(len(_shown(kept, key, case))))
        except StoreError as problem:
            told.append(problem.message)
    assert sorted(told)[0] == "0"  # all stands under the pseudonym of the other
    assert "was changed since it was kept" in sorted(told)[1]


def test_resources_keep_what_patients_are_called(key: Path, tmp_path: Path) -> None:
    patient = {
        "resourceType": "Patient", "id": "a1", "gender": "female", "birthDate": "1950-02-03",
        "name": [{"family": "Tellimor", "given": ["Quorvane"]}], "telecom": [{"value": "617-555-0143"}],
    }  # fmt: skip
    seen = {
        "resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/a1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "2951-2"}]}, "effectiveDateTime": "2021-03-02",
        "valueString": "told Quorvane Tellimor", "note": [{"text": "Tellimor came"}],
    }  # fmt: skip
    for one in (patient, seen):
        (tmp_path / f"{one['resourceType']}.ndjson").write_text(json.dumps(one) + "\n", encoding="utf-8")
    db, rules = tmp_path / "study.duckdb", tmp_path / "rules.yaml"
    rules.write_text("retained_phi: true\n", encoding="utf-8")
    assert run("project", "set", "F", "--time", "as_is", "--db", db) == 0
    assert run("project", "rules", "F", "--file", rules, "--db", db) == 0
    files = sorted(tmp_path.glob("*.ndjson"))
    options = ("--source", "fhir", "--project", "F", "--db", db, "--retained-phi", "--vault-key", key)
    assert run("load", *files, *options) in (0, 1)
    found = {one["field"]: one["value"] for one in _shown(db, key, "a1")}
    assert found["birthDate"] == "1950-02-03"
    assert "Quorvane" in found["name"]
    assert found["valueString"] == "told Quorvane Tellimor"
    assert _found(tmp_path) == []


def test_images_have_nothing_to_retain(kept: Path, key: Path, tmp_path: Path) -> None:
    with open_store(kept) as store, pytest.raises(InputError):
        load(store, [tmp_path], source="dicom", project="H", retained=vault_files(kept, key=key))
