"""The key of published files: where it lies, and what becomes of a lost or another one."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
import small

from harmonize.cli.main import main
from harmonize.engine.errors import InputError, StoreError
from harmonize.export.key import choose_key, key_path, make_key, read_key, remembered_key
from harmonize.export.publish import publish


def _ids(path: Path) -> list[int]:
    with duckdb.connect(str(path), read_only=True) as con:
        return [row[0] for row in con.execute("SELECT person_id FROM omop.person").fetchall()]


def test_a_key_is_made_once_and_a_lost_one_is_told(
    empty_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, target = small.make(empty_store, tmp_path), tmp_path / "a.duckdb"
    path = tmp_path / "store.duckdb.key"
    assert [line for line in publish(store, target).warnings if str(path) in line]
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex(path.read_text().strip())) == 32
    with duckdb.connect(str(store), read_only=True) as con:
        assert remembered_key(con) == read_key(path).fingerprint
    before = _ids(target)
    path.rename(tmp_path / "kept.key")
    command = ["publish", "--db", str(store), "--to", str(target)]
    assert main(command) == 2
    assert "--new-key" in capsys.readouterr().err
    assert _ids(target) == before
    assert main([*command, "--new-key", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "Warning: The key is another one" in err
    assert [warning for warning in json.loads(out)["warnings"] if warning.startswith("The key is another one")]
    assert not set(_ids(target)) & set(before)
    # the old one is another one now
    assert main([*command, "--key-file", str(tmp_path / "kept.key")]) == 2
    assert "is not the key" in capsys.readouterr().err
    assert publish(store, target, key_file=tmp_path / "kept.key", new_key=True).key_file == tmp_path / "kept.key"
    assert _ids(target) == before


def test_choosing(tmp_path: Path) -> None:
    store = tmp_path / "s.duckdb"
    key, told = choose_key(store, None, None, is_new=False)
    assert (key.path, len(told)) == (key_path(store), 1)
    assert choose_key(store, key.fingerprint, None, is_new=False) == (key, [])
    with pytest.raises(InputError, match="would change nothing"):
        choose_key(store, key.fingerprint, None, is_new=True)
    key.path.chmod(0o644)
    _, told = choose_key(store, key.fingerprint, None, is_new=False)
    assert [line for line in told if "chmod 600" in line]
    with pytest.raises(StoreError, match="cannot be written"):
        make_key(tmp_path / "none" / "x.key")
    with pytest.raises(StoreError, match="cannot be written"):
        make_key(key.path)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o620, 0o604, 0o602, 0o610])
def test_a_key_that_anybody_else_can_read_is_told(tmp_path: Path, mode: int) -> None:
    key, _ = choose_key(tmp_path / "s.duckdb", None, None, is_new=False)
    key.path.chmod(mode)
    _, told = choose_key(tmp_path / "s.duckdb", key.fingerprint, None, is_new=False)
    assert len(told) == (mode not in (0o600, 0o400))


@pytest.mark.parametrize("content", ["", "5e" * 31, "zz" * 32, "5e" * 32 + "\n5e", "é" * 64])
def test_a_file_that_holds_no_key(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.key").write_text(content)
    with pytest.raises(InputError, match="key"):
        read_key(tmp_path / "x.key")
