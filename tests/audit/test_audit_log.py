"""The audit log: what is written, and that every way of changing it is found and named."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from harmonize.audit.heads import AuditFiles, audit_files, sign_log
from harmonize.audit.log import Entry, case_mark, read_entries, write_entry
from harmonize.audit.verify import Verified, verify
from harmonize.cli.main import main
from harmonize.engine.errors import InputError, StoreError
from harmonize.engine.store import STORE_VERSION, Store, open_store
from harmonize.pipeline.stores import open_current

ENTRIES = 6
"""Five acts, and the making of the key."""


@pytest.fixture(scope="module")
def made_log(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a log of five acts, each signed."""
    path = Path(shutil.copy(empty_store, tmp_path_factory.mktemp("log") / "s.duckdb"))
    with open_current(path) as store:
        for number in range(1, 6):
            with store.transaction() as con:
                write_entry(con, "act", f"subject {number}", {"number": number, "why": "é"}, who="Ada")
    return path


@pytest.fixture
def log(made_log: Path, tmp_path: Path) -> Path:
    for path in made_log.parent.glob("s.duckdb*"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path / "s.duckdb"


def _verified(log: Path) -> Verified:
    with open_store(log, read_only=True) as store:
        return verify(store.con, audit_files(log))


def _change(log: Path, *statements: str) -> None:
    """Change the tables as somebody would who has the file and not this program."""
    with open_store(log) as store:
        for statement in statements:
            store.con.execute(statement)


def test_what_was_written_holds(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verified(log) == Verified(ENTRIES, 5)
    assert stat.S_IMODE(log.with_name("s.duckdb.audit-key").stat().st_mode) == 0o600
    assert main(["audit", "verify", "--db", str(log)]) == 0
    assert capsys.readouterr().out == "The log holds: 6 entries, 5 signed heads.\n"
    assert main(["audit", "show", "--subject", "subject 3", "--json", "--db", str(log)]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["who"], entry["act"], entry["details"]) == ("Ada", "act", {"number": 3, "why": "é"})
    assert main(["audit", "show", "--since", "2999-01-01", "--db", str(log)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("entry_id", "14"),
        ("done_at", "done_at + INTERVAL 1 MICROSECOND"),
        ("who", "'Adb'"),
        ("act", "'acs'"),
        ("subject", "'subject 8'"),
        ("details", "replace(details, '4', '5')"),
        ("previous_hash", "'z' || previous_hash[2:]"),
        ("hash", "'z' || hash[2:]"),
    ],
)
def test_a_byte_that_was_changed_is_found_in_its_entry(
    log: Path, capsys: pytest.CaptureFixture[str], column: str, value: str
) -> None:
    _change(log, f"UPDATE harmonize.audit_entry SET {column} = {value} WHERE subject = 'subject 4'")
    assert main(["audit", "verify", "--db", str(log)]) == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("Entry 5 does not fit: ")


def test_entries_that_were_swapped_are_found(log: Path) -> None:
    _change(
        log,
        "UPDATE harmonize.audit_entry SET entry_id = 100 WHERE entry_id = 3",
        "UPDATE harmonize.audit_entry SET entry_id = 3 WHERE entry_id = 4",
        "UPDATE harmonize.audit_entry SET entry_id = 4 WHERE entry_id = 100",
    )
    assert _verified(log).problems[0] == "Entry 3 does not fit: it does not follow from the entry before."


def test_a_tail_that_was_cut_off_is_missed(log: Path) -> None:
    _change(log, "DELETE FROM harmonize.audit_entry WHERE entry_id > 4")
    assert _verified(log).problems == ["The log ends at entry 4; head 4 was signed at entry 5: its tail is missing."]
    _change(log, "DELETE FROM harmonize.audit_entry")
    heads = log.with_name("s.duckdb.audit-heads")
    assert _verified(log).problems == [f"The log is empty, and {heads} tells of one: its tail is missing."]


def test_a_log_that_was_written_anew_is_not_the_one_that_was_signed(log: Path) -> None:
    """Every hash fits, and the heads tell of others."""
    with open_store(log) as store:
        entries = list(read_entries(store.con))
        store.con.execute("DELETE FROM harmonize.audit_entry WHERE entry_id >= 4")
        for entry in entries[3:]:
            who = "Eve" if entry.entry_id == 4 else entry.who
            details = json.loads(entry.details)
            write_entry(store.con, entry.act, entry.subject, details, who=who, at=entry.done_at)
    assert _verified(log).problems == ["Entry 4 does not fit: head 3 was signed over another one."]


@pytest.mark.parametrize("part", ["entry_id", "hash", "at", "key", "previous", "signature"])
def test_a_head_that_was_changed_is_named(log: Path, part: str) -> None:
    heads = log.with_name("s.duckdb.audit-heads")
    lines = heads.read_text(encoding="utf-8").splitlines()
    head = json.loads(lines[2])
    head[part] = head[part] + 1 if part == "entry_id" else head[part][:-1] + ("0" if head[part][-1] != "0" else "1")
    lines[2] = json.dumps(head, separators=(",", ":"), sort_keys=True)
    heads.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert _verified(log).problems == ["Head 3 does not fit: its signature is not that of a key of this log."]


def test_heads_that_are_missing_are_named(log: Path) -> None:
    heads = log.with_name("s.duckdb.audit-heads")
    lines = heads.read_bytes().splitlines(keepends=True)
    heads.write_bytes(b"".join(lines[:1] + lines[2:]))
    assert _verified(log).problems == ["Head 2 does not fit: the head before it is missing or another one."]
    heads.write_bytes(b"".join(lines[1:]))
    assert _verified(log).problems == ["Head 1 does not fit: heads before it are missing."]
    heads.write_bytes(b"".join(lines[:4]))
    assert _verified(log).problems == ["Entry 6 and what follows is signed by no head."]
    heads.write_bytes(b"no head\n")
    assert _verified(log).problems == ["Head 1 does not fit: its signature is not that of a key of this log."]
    heads.unlink()
    (problem,) = _verified(log).problems
    assert problem == f"The file of heads {heads} is not there: nothing shows that the log was not written anew."


def test_heads_that_begin_anew_are_told(log: Path) -> None:
    log.with_name("s.duckdb.audit-heads").unlink()
    with open_current(log) as store, store.transaction() as con:
        write_entry(con, "act", "subject 6", who="Ada")
    assert _verified(log).problems == [
        "The heads begin after entry 2, at which the key was made: earlier heads are missing."
    ]


def test_a_lost_key_is_told_and_a_new_one_as_well(log: Path) -> None:
    key = log.with_name("s.duckdb.audit-key")
    key.unlink()
    assert _verified(log).problems == [f"The key {key} is not there: nothing more can be signed with it."]
    with open_current(log) as store:
        with store.transaction() as con:
            write_entry(con, "act", "subject 6", who="Ada")
        assert "signed with another key from now on" in " ".join(store.notes)
    with open_store(log, read_only=True) as store:
        keys = [json.loads(entry.details) for entry in read_entries(store.con, act="audit.key")]
    assert keys[1]["before"] == keys[0]["public_key"]
    assert _verified(log).problems == []
    shutil.copy(log.with_name("s.duckdb.audit-heads"), key)
    assert _verified(log).problems == [f"{key} holds no key of an audit log."]


def test_key_and_heads_may_lie_elsewhere(
    empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two stores may have one file of heads: each finds its own."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("HARMONIZE_AUDIT_KEY", str(elsewhere / "key"))
    monkeypatch.setenv("HARMONIZE_AUDIT_HEADS", str(elsewhere / "heads"))
    for name in ("a", "b", "a"):
        path = tmp_path / f"{name}.duckdb"
        if not path.exists():
            shutil.copy(empty_store, path)
        with open_current(path) as store, store.transaction() as con:
            write_entry(con, "act", f"of {name}", who="Ada")
    assert sorted(os.listdir(tmp_path)) == ["a.duckdb", "b.duckdb", "elsewhere"]
    assert len((elsewhere / "heads").read_text(encoding="utf-8").splitlines()) == 3
    assert (_verified(tmp_path / "a.duckdb"), _verified(tmp_path / "b.duckdb")) == (Verified(3, 2), Verified(2, 1))
    monkeypatch.delenv("HARMONIZE_AUDIT_KEY")
    monkeypatch.delenv("HARMONIZE_AUDIT_HEADS")
    options = ["--audit-key", str(elsewhere / "key"), "--audit-heads", str(elsewhere / "heads")]
    assert main(["audit", "verify", "--db", str(tmp_path / "a.duckdb"), *options]) == 0
    assert main(["audit", "verify", "--db", str(tmp_path / "a.duckdb")]) == 1


def test_what_is_taken_back_is_not_logged(log: Path) -> None:
    def fail(store: Store) -> None:
        with store.transaction() as con:
            write_entry(con, "act", "subject 6", who="Ada")
            raise ValueError("taken back")

    with open_current(log) as store, pytest.raises(ValueError, match="taken back"):
        fail(store)
    assert _verified(log) == Verified(ENTRIES, 5)


def test_a_commit_that_could_not_be_signed_is_told_and_signed_by_the_next(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMONIZE_AUDIT_HEADS", str(log.parent / "missing" / "heads"))
    with pytest.raises(StoreError, match="All is committed, but the audit log could not be signed"):  # noqa: SIM117
        with open_current(log) as store, store.transaction() as con:
            write_entry(con, "act", "subject 6", who="Ada")
    monkeypatch.delenv("HARMONIZE_AUDIT_HEADS")
    assert _verified(log).problems == ["Entry 7 and what follows is signed by no head."]
    with open_current(log) as store, store.transaction():
        pass
    assert _verified(log).problems == []


def test_a_case_is_told_by_a_hash_that_each_store_has_of_its_own(empty_store: Path, tmp_path: Path) -> None:
    marks = set()
    for name in ("a", "b"):
        with open_store(Path(shutil.copy(empty_store, tmp_path / f"{name}.duckdb"))) as store:
            mark = case_mark(store.con, "Open-R1", "10000364-1")
            assert mark == case_mark(store.con, "Open-R1", "10000364-1")
            assert "10000364" not in mark
            marks.add(mark)
    assert len(marks) == 2


def test_a_store_without_a_log_holds(tmp_path: Path, empty_store: Path) -> None:
    path = Path(shutil.copy(empty_store, tmp_path / "s.duckdb"))
    with open_store(path) as store:
        assert verify(store.con, AuditFiles(tmp_path / "key", tmp_path / "heads")) == Verified(0, 0)
        sign_log(store)
    assert sorted(os.listdir(tmp_path)) == ["s.duckdb"]


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from harmonize.audit.heads import read_key

    path = tmp_path / "key"
    path.write_bytes(
        X25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.raises(InputError, match="a key of another kind"):
        read_key(path)


def test_the_hash_is_over_every_column_but_itself(log: Path) -> None:
    with open_store(log, read_only=True) as store:
        entry = next(read_entries(store.con))
    assert entry.right_hash() == entry.hash
    for name in ("who", "act", "subject", "details", "previous_hash"):
        assert Entry(**{**vars(entry), name: "other"}).right_hash() != entry.hash, name


def test_the_log_survives_a_migration_and_a_copy(log: Path, tmp_path: Path) -> None:
    """An older store keeps its log; a copy that is put back with its files of key and heads holds as before."""
    kept = tmp_path / "kept"
    kept.mkdir()
    for path in log.parent.glob("s.duckdb*"):
        shutil.copy(path, kept / path.name)
    _change(log, "UPDATE harmonize.store_version SET version = 4")
    open_current(log, keep_copy=False).close()
    assert _verified(log) == Verified(ENTRIES + 1, 6)
    with open_store(log, read_only=True) as store:
        (told,) = [json.loads(entry.details) for entry in read_entries(store.con, act="store.migrated")]
    assert told == {"from": 4, "to": STORE_VERSION}
    for path in kept.iterdir():
        shutil.copy(path, log.parent / path.name)
    assert _verified(log) == Verified(ENTRIES, 5)
