"""Backups: what is in them, and what a restore leaves and refuses."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import pytest
from held_study import HELD, births, run, told

import harmonize
from harmonize.engine.store import open_store

WHO = ("--who", "Ada", "--why", "waits for the review board")
BEFORE, AFTER = [1900, 1950, 1960], [1900, 1951, 1960, 1970]


@pytest.fixture
def held(study: Path) -> Path:
    assert run("submission", "step", 2, "embargoed", "--until", "2031-01-01", *WHO, "--db", study) == 0
    return study


def _acts(store: Path) -> list[tuple[str, str]]:
    with open_store(store, read_only=True) as opened:
        return opened.con.execute("SELECT act, who FROM harmonize.audit_entry ORDER BY entry_id").fetchall()


def test_a_backup_for_others_has_nothing_that_is_held_back(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = held.with_name("others.duckdb")
    found = told(capsys, "backup", "--db", held, "--to", to, "--json")
    assert (found["submissions"], found["is_whole"]) == (1, False)
    assert HELD.encode() not in to.read_bytes()
    assert births(capsys, to) == BEFORE
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert to.with_name("others.duckdb.sha256").read_text() == f"{found['sha256']}  others.duckdb\n"
    assert _acts(held)[-1][0] == "backup"


def test_a_whole_backup_is_noted_and_comes_back(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = held.with_name("whole.duckdb")
    assert run("backup", "--db", held, "--to", to, "--internal", "--who", "Ada") == 0
    assert ("internal", "Ada") in _acts(held)
    noted = _acts(to)
    assert run("submission", "withdraw", 1, *WHO, "--db", held) == 0
    capsys.readouterr()
    assert run("restore", to, "--db", held) == 2
    assert "--replace" in capsys.readouterr().err
    assert run("restore", to, "--db", held, "--replace", "--who", "Bo") == 0
    assert births(capsys, held, "--internal") == AFTER
    assert next(entry for entry in _acts(held) if entry not in noted) == ("restored", "Bo")
    assert len(births(capsys, held.with_name("study.duckdb.replaced"))) < len(AFTER)
    capsys.readouterr()
    assert run("audit", "verify", "--db", held) == 0
    (entry,) = [number for number, (act, _) in enumerate(_acts(held), 1) if act == "restored"]
    said = capsys.readouterr().out
    assert "a backup of before was restored on" in said
    assert f", as entry {entry} says." in said


def test_a_log_that_was_cut_is_none_that_was_restored(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = held.with_name("whole.duckdb")
    assert run("backup", "--db", held, "--to", to, "--internal", "--who", "Ada") == 0
    assert run("submission", "withdraw", 1, *WHO, "--db", held) == 0
    assert run("restore", to, "--db", held, "--replace", "--who", "Bo") == 0
    assert run("submission", "withdraw", 1, *WHO, "--db", held) == 0
    assert run("audit", "verify", "--db", held) == 0
    last = len(_acts(held))
    with duckdb.connect(str(held)) as con:  # the withdrawal goes, the entry of the restoration stays
        con.execute("DELETE FROM harmonize.audit_entry WHERE entry_id = ?", [last])
    capsys.readouterr()
    assert run("audit", "verify", "--db", held) == 1
    assert "its tail is missing" in capsys.readouterr().out
    with duckdb.connect(str(held)) as con:  # with the entry of the restoration nothing explains the heads
        con.execute("DELETE FROM harmonize.audit_entry WHERE act = 'restored'")
    assert run("audit", "verify", "--db", held) == 1
    told = capsys.readouterr().out
    assert "tail is missing" in told or "signed over another one" in told
    assert "restored" not in told


def test_the_log_of_the_last_changes_is_in_it(study: Path, tmp_path: Path) -> None:
    """A store whose process was killed has them in a file of their own."""
    with open_store(study) as store:
        store.checkpoints = False
        store.con.execute("PRAGMA disable_checkpoint_on_shutdown")
        store.con.execute("UPDATE omop.person SET year_of_birth = 1901 WHERE year_of_birth = 1900")
    assert study.with_name("study.duckdb.wal").exists()
    backup = harmonize.backup(study, tmp_path / "to.duckdb")
    with open_store(tmp_path / "to.duckdb", read_only=True) as found:
        assert found.con.execute("SELECT min(year_of_birth) FROM omop.person").fetchone() == (1901,)
    assert "Keys are not in it" in repr(backup)


def test_what_is_no_backup_is_refused_and_leaves_all(study: Path, tmp_path: Path) -> None:
    harmonize.backup(study, tmp_path / "b.duckdb")
    whole, before = (tmp_path / "b.duckdb").read_bytes(), study.read_bytes()
    middle = len(whole) // 2
    (tmp_path / "b.duckdb").write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    with pytest.raises(harmonize.InputError, match="is not what was backed up"):
        harmonize.restore(tmp_path / "b.duckdb", study, replace=True)
    (tmp_path / "text.duckdb").write_text("no store")
    with pytest.raises(harmonize.InputError, match=r"text\.duckdb is no store"):
        harmonize.restore(tmp_path / "text.duckdb", study, replace=True)
    with pytest.raises(harmonize.InputError, match="is the store itself"):
        harmonize.backup(study, study)
    assert study.read_bytes() == before
    assert not study.with_name("study.duckdb.replaced").exists()
    assert sorted(path.name for path in tmp_path.iterdir() if "partial" in path.name) == []
