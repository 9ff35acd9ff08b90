"""What leaves a store that holds something back, by each command that reads for others."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from held_study import HELD, births, run, told

import harmonize
from harmonize.engine.errors import HeldError
from harmonize.engine.store import open_store
from harmonize.export.door import ask
from harmonize.export.publish import publish
from harmonize.release.copy import current_copy

WHO = ("--who", "Ada", "--why", "waits for the review board")
BEFORE, AFTER = [1900, 1950, 1960], [1900, 1951, 1960, 1970]


@pytest.fixture
def held(study: Path) -> Path:
    """The study with its second delivery under embargo."""
    assert run("submission", "step", 2, "embargoed", "--until", "2031-01-01", *WHO, "--db", study) == 0
    return study


def _acts(store: Path, act: str) -> list[tuple[str, str]]:
    with open_store(store, read_only=True) as opened:
        return opened.con.execute("SELECT who, details FROM harmonize.audit_entry WHERE act = ?", [act]).fetchall()


@pytest.mark.parametrize("state", ["embargoed", "rejected"])
def test_a_query_finds_what_was_there_before(study: Path, capsys: pytest.CaptureFixture[str], state: str) -> None:
    """Older versions come back, ids stay, and a release brings the rest."""
    ids = told(capsys, "query", "SELECT person_id FROM omop.person ORDER BY 1", "--format", "json", "--db", study)
    assert run("submission", "step", 2, state, *WHO, "--db", study) == 0
    assert births(capsys, study) == BEFORE
    kept = told(capsys, "query", "SELECT person_id FROM omop.person ORDER BY 1", "--format", "json", "--db", study)
    assert kept == ids[:3]
    for relation in ("harmonize.ledger", "midrc.case", "harmonize.record", "harmonize.audit_entry"):
        rows = told(capsys, "query", f"FROM {relation}", "--format", "json", "--db", study)
        assert HELD not in str(rows), relation
    assert run("submission", "step", 2, "embargoed", "--until", "2020-01-01", *WHO, "--db", study) == 0
    assert run("submission", "step", 2, "released", *WHO, "--db", study) == 0
    assert births(capsys, study) == AFTER


def test_the_copy_is_kept_for_its_owner_and_made_anew_after_a_change(
    held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = held.with_name("study.duckdb.open")
    assert births(capsys, held) == BEFORE
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert HELD.encode() in held.read_bytes()
    assert HELD.encode() not in copy.read_bytes(), "what was taken out lies in no block of the file"
    first = copy.stat().st_ino
    assert births(capsys, held) == BEFORE
    assert copy.stat().st_ino == first
    assert run("person", "withdraw", "H", "p2", "--db", held) == 0
    assert not copy.exists(), "what it holds may have been withdrawn"
    assert births(capsys, held) == [1900, 1950]


def test_internal_reads_all_and_is_logged_and_said(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert births(capsys, held, "--internal", "--who", "Grace") == AFTER
    query = ("query", "SELECT 1", "--db", held, "--internal", "--who", "Grace")
    assert run(*query) == 0
    assert "This holds what is embargoed, rejected or sequestered" in capsys.readouterr().err
    assert _acts(held, "internal") == [("Grace", '{"command":"query"}')] * 2
    assert run("audit", "verify", "--db", held) == 0


def test_internal_of_a_store_that_holds_nothing_back_says_nothing(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert births(capsys, study, "--internal") == AFTER
    assert capsys.readouterr().err == ""
    assert _acts(study, "internal") == []


def test_internal_is_refused_where_it_cannot_be_logged(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(held, read_only=True):
        assert run("query", "SELECT 1", "--db", held, "--internal", "--wait", "0") == 4
    assert capsys.readouterr().out == ""


def test_every_form_is_published_without_what_is_held(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = ("--for", "duckdb", "--for", "csv")
    assert run("publish", "--to", tmp_path / "out", *forms, "--db", held) == 0
    published = next((tmp_path / "out").glob("*.duckdb"))
    assert births(capsys, published)[1:] == BEFORE[1:], "the first is over 89: its year is another there"
    (person,) = (tmp_path / "out").rglob("person.csv")
    with person.open(encoding="utf-8", newline="") as file:
        assert sorted(int(row["year_of_birth"]) for row in csv.DictReader(file))[1:] == BEFORE[1:]
    assert run("publish", "--to", tmp_path / "in.duckdb", "--internal", "--who", "Grace", "--db", held) == 0
    assert births(capsys, tmp_path / "in.duckdb")[1:] == AFTER[1:]
    assert [who for who, _ in _acts(held, "publish")][1] == "Grace"
    assert len(_acts(held, "publish.key")) == 1, "both have the one key of the store"
    ids = "SELECT person_id FROM omop.person ORDER BY 1"
    first = {row["person_id"] for row in told(capsys, "query", ids, "--format", "json", "--db", published)}
    second = {
        row["person_id"] for row in told(capsys, "query", ids, "--format", "json", "--db", tmp_path / "in.duckdb")
    }
    assert first < second, "a release later has the same ids"


def test_export_and_questions_and_quality_leave_it_out(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", "gen3", "--to", tmp_path / "gen3", "--dataset", "b1", "--db", held) in (0, 1)
    exported = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "gen3").iterdir())
    assert "p2" in exported
    assert HELD not in exported
    assert run("export", "gen3", "--to", tmp_path / "all", "--dataset", "b1", "--internal", "--db", held) in (0, 1)
    assert HELD in "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "all").iterdir())
    capsys.readouterr()
    question = ("ask", "run", "representativeness", "--format", "json", "--db", held)
    outside = told(capsys, *question)
    assert outside != told(capsys, *question, "--internal")
    assert HELD not in str(outside)
    persons = "measurePersonCompleteness of observation_period"
    assert run("quality", "--db", held) == 1
    assert "1 of 3, 33.33%" in capsys.readouterr().out.partition(persons)[2]
    assert run("quality", "--internal", "--db", held) == 1
    assert "2 of 4, 50.00%" in capsys.readouterr().out.partition(persons)[2]


def test_no_reader_is_given_the_store_itself(held: Path, tmp_path: Path) -> None:
    """Whoever forgets the copy is refused: the door and the publication look for themselves."""
    with pytest.raises(HeldError), ask(held, "SELECT 1", format="json") as answer:
        list(answer)
    with pytest.raises(HeldError):
        publish(held, tmp_path / "out.duckdb")
    assert not (tmp_path / "out.duckdb").exists()


def test_in_python_an_open_store_answers_without_it(held: Path, tmp_path: Path) -> None:
    with harmonize.open(held) as db:
        db.sql("CREATE TABLE harmonize.unwritten AS SELECT 1 AS i")  # in the write-ahead log alone
        found = db.export.gen3(tmp_path / "gen3", dataset="b1")
        assert found.files
        text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "gen3").iterdir())
        assert HELD not in text
        assert len(db.quality().results) > 0
        with pytest.raises(harmonize.InputError):
            db.submission.step(2, "signed", who="", why="looked through")
    assert [
        row["born"] for row in harmonize.query(held, "SELECT year_of_birth AS born FROM omop.person ORDER BY 1")
    ] == (BEFORE)
    with (
        harmonize.open(held, read_only=True) as db,
        pytest.raises(harmonize.StoreError, match="noted in the audit log"),
    ):
        db.export.gen3(tmp_path / "all", internal=True)


def test_all_cases_of_a_sequestered_person_stay_behind(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One case on that side takes the others of the same person along."""
    with open_store(study) as store:
        store.con.execute(
            "INSERT INTO harmonize.sequestration VALUES ('H', 'p1', 'sequestered', 'F', 'drawn', 1, 0.2, now()), "
            "('H', 'p2', 'open', 'F', 'drawn', 1, 0.2, now()); "
            "INSERT INTO harmonize.person_case SELECT 'G', 'g1', person_id, basis, 'H', 'p1' "
            "FROM harmonize.person_case WHERE case_key = 'p1'"
        )
        from harmonize.audit.held import sequestered_persons

        assert sequestered_persons(store.con) == [("G", "g1"), ("H", "p1")]
        store.con.execute(  # the same person with dates of another base: a row of its own
            "UPDATE harmonize.person_case SET person_id = 900 WHERE project_id = 'G'; "
            "INSERT INTO harmonize.person_same_as SELECT person_id, 900, 'crosswalk' "
            "FROM harmonize.person_case WHERE project_id = 'H' AND case_key = 'p1'"
        )
        assert sequestered_persons(store.con) == [("G", "g1"), ("H", "p1")]
        store.con.execute(
            "DELETE FROM harmonize.person_same_as; DELETE FROM harmonize.person_case WHERE project_id = 'G'"
        )
    assert births(capsys, study) == [1900, 1960, 1970]
    for relation in ("harmonize.ledger", "harmonize.withdrawn_case", "midrc.visit", "omop.death"):
        rows = told(capsys, "query", f"FROM {relation}", "--format", "json", "--db", study)
        assert "p1" not in {value for row in rows for value in row.values()}, relation
    assert births(capsys, study, "--internal") == AFTER


def test_a_log_entry_alone_does_not_make_the_copy_anew(held: Path, tmp_path: Path) -> None:
    copy = current_copy(held)
    first = copy.stat().st_ino
    assert run("export", "gen3", "--to", tmp_path / "gen3", "--dataset", "b1", "--db", held) in (0, 1)
    assert current_copy(held).stat().st_ino == first
    assert run("project", "set", "H", "--unknown-age", "sentinel", "--db", held) == 0
    assert not copy.exists()
