"""Input that cannot be loaded, typed as a user would: a clear sentence, the exit code, the database as before."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from harmonize.cli.main import main

HOSPITAL = str(Path(__file__).parent.parent / "pipeline" / "data" / "hospital")
PATIENTS = b"patient_id,birth_year,age,sex,zip3\np1,1950,,F,021\np2,1960,,M,021\n"

Load = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store that holds two patients."""
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "patient.csv").write_bytes(PATIENTS)
    store = folder / "store.duckdb"
    options = ["--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", str(store)]
    assert main(["-q", "load", str(folder / "patient.csv"), *options]) == 0
    return store.read_bytes()


@pytest.fixture
def store(loaded: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "store.duckdb"
    path.write_bytes(loaded)
    return path


@pytest.fixture
def load(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Load:
    """Loads a file of this content; gives exit code and what stderr says."""

    def run(content: bytes, name: str = "patient.csv", *more: str) -> tuple[int, str]:
        file = tmp_path / name
        file.write_bytes(content)
        options = ["--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", str(store), *more]
        code = main(["-q", "load", str(file), *options])
        return code, capsys.readouterr().err

    return run


def persons(store: Path) -> list[str]:
    with duckdb.connect(str(store), read_only=True) as con:
        return [row[0] for row in con.execute("SELECT person_source_value FROM omop.person ORDER BY 1").fetchall()]


def submissions(store: Path) -> int:
    with duckdb.connect(str(store), read_only=True) as con:
        row = con.execute("SELECT count(*) FROM harmonize.submission").fetchone()
        return int(row[0]) if row else -1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "patient.csv", ["patient.csv", "empty"]),
        (b"%PDF-1.7 not a table", "patient.pdf", ["patient.pdf"]),
        (b"\x00\x01\x02\x03" * 50, "patient.bin", ["patient.bin"]),
        (b"colour,shape\nred,round\n", "patient.csv", ["patient.csv", "fit no class", "patient_id"]),
        (b"patient_id,birth_year,age,sex,zip3\np3," + b"9" * 21_000_000 + b",,F,\n", "patient.csv", ["line 2", "20"]),
        (b"PK\x03\x04 broken zip", "patient.zip", ["patient.zip"]),
    ],
    ids=["empty", "pdf", "binary", "other header", "line over 20 MB", "broken zip"],
)
def test_unreadable_input_is_exit_2(load: Load, store: Path, content: bytes, name: str, words: list[str]) -> None:
    before = store.read_bytes()
    code, told = load(content, name)
    assert code == 2, told
    for word in words:
        assert word in told
    assert "Traceback" not in told
    assert persons(store) == ["p1", "p2"]
    assert submissions(store) == 1
    assert len(before) <= store.stat().st_size


def test_a_header_without_records_is_loaded_with_a_warning(load: Load, store: Path) -> None:
    code, told = load(b"patient_id,birth_year,age,sex,zip3\n")
    assert (code, told) == (0, "")
    assert persons(store) == ["p1", "p2"]
    with duckdb.connect(str(store), read_only=True) as con:
        rules = con.execute("SELECT rule FROM harmonize.finding JOIN harmonize.rule USING (rule_id)").fetchall()
    assert rules == [("no_records",)]


@pytest.mark.parametrize(
    ("content", "states", "rules"),
    [
        (b"patient_id,birth_year,age,sex,zip3\np3,1970,,F,021\np4,1971\n", {"loaded": 1, "quarantined": 1}, {"ragged"}),
        (b"patient_id,birth_year,age,sex,zip3\np3,1970,,F,0\x0021\n", {"quarantined": 1}, {"nul_byte"}),
        (b"patient_id,birth_year,age,sex,zip3\np\xe9,1970,,F,021\n", {"loaded": 1}, {"encoding"}),
        (b"patient_id,birth_year,age,sex,zip3\np3,197O,,F,021\n", {"loaded": 1}, {"type_integer"}),
    ],
    ids=["ragged", "NUL", "latin-1", "letter O"],
)
def test_broken_lines_cost_only_themselves(
    load: Load, store: Path, content: bytes, states: dict[str, int], rules: set[str]
) -> None:
    code, told = load(content)
    assert code == (0 if rules == {"encoding"} else 1), told
    with duckdb.connect(str(store), read_only=True) as con:
        found = con.execute(
            "SELECT state, count(*) FROM harmonize.ledger WHERE submission_id = 2 GROUP BY state"
        ).fetchall()
        named = con.execute(
            "SELECT DISTINCT rule FROM harmonize.finding JOIN harmonize.rule USING (rule_id)"
        ).fetchall()
    assert dict(found) == states
    assert {rule for (rule,) in named} == rules


def test_a_locked_store_is_exit_4(load: Load, store: Path) -> None:
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        code, told = load(PATIENTS, "patient.csv", "--wait", "0")
        holder.kill()
    assert code == 4
    assert str(holder.pid) in told
    assert persons(store) == ["p1", "p2"]


def test_a_mapping_with_a_mistake_is_named_with_its_line(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for file in Path(HOSPITAL).iterdir():
        (site / file.name).write_bytes(
            file.read_bytes().replace(b"birth_year: {populated_from", b"birth_yeer: {populated_from")
        )
    (tmp_path / "patient.csv").write_bytes(PATIENTS)
    options = ["--source", "ehr", "--mapping", str(site), "--project", "H", "--db", str(store)]
    assert main(["-q", "load", str(tmp_path / "patient.csv"), *options]) == 2
    told = capsys.readouterr().err
    assert "site.map.yaml:" in told
    assert "birth_year" in told


def test_what_was_done_with_the_records_is_told(load: Load, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(b"patient_id,birth_year,age,sex,zip3\np3,197O,,F,021\np4,1971\n")
    assert main(["submission", "show", "2", "--db", str(store)]) == 0
    told = capsys.readouterr().out
    assert told.endswith("Its records are now: 1 loaded, 1 quarantined; 1 cell with an error is not loaded.\n")
    assert "would" not in told
    assert main(["submission", "withdraw", "2", "--db", str(store)]) == 0
    capsys.readouterr()
    assert main(["submission", "show", "2", "--json", "--db", str(store)]) == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert {state: n for state, n in summary["loaded"]["states"].items() if n} == {"deleted": 2}
