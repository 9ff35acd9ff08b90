"""Hostile input, typed as a user would: exit code 2 (or 4), one readable sentence, nothing waited for or fetched.

A row of CASES is a kind of input and the commands that meet it. To add one, make the input in KINDS.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from harmonize.cli.main import main

TESTS = Path(__file__).resolve().parents[1]
sys.path.append(str(TESTS / "intake"))

import workbooks  # noqa: E402 - beside the tests of the intake

HOSPITAL = TESTS / "pipeline" / "data" / "hospital"
PATIENTS = "patient_id,birth_year,age,sex,zip3\np1,1950,,F,021\n"
DEEP = "[" * 100_000 + "]" * 100_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join(['*' + before] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
_EHR = ["--source", "ehr", "--mapping", str(HOSPITAL)]
_MINE = ["--source", "ehr", "--mapping", "{input}"]
COMMANDS = {
    "validate": ["validate", "{input}", *_EHR],
    "validate fhir": ["validate", "{input}", "--source", "fhir"],
    "validate gen3": ["validate", "{input}", "--source", "gen3"],
    "load": ["load", "{input}", *_EHR, "--project", "H", "--db", "{store}"],
    "load fhir": ["load", "{input}", "--source", "fhir", "--project", "H", "--db", "{store}"],
    "profile": ["profile", "{input}"],
    "init": ["mapping", "init", "x", "{input}", "--out", "{folder}/out"],
    "import-gen3": ["schema", "import-gen3", "{input}"],
    "schema diff": ["schema", "diff", "{input}", "{input}"],
    "crosswalk": ["crosswalk", "load", "{input}", "--db", "{store}"],
    "vocabulary": ["vocabulary", "load", "{input}", "--db", "{store}"],
    "loinc": ["imaging", "loinc", "{input}"],
    "import-table": ["imaging", "import-table", "{input}"],
    "query -f": ["query", "-f", "{input}", "--db", "{store}"],
    "view": ["mapping", "view", "run", "{input}", "{patients}"],
    "view of": ["mapping", "view", "run", "patient", "{input}"],
    "suggest": ["mapping", "suggest", "--file", "{input}"],
    "import usagi": ["mapping", "import", "ehr/site_302028", "{input}", "--format", "usagi"],
    "import xlsx": ["mapping", "import", "ehr/site_302028", "{input}", "--format", "xlsx"],
    "import conceptmap": ["mapping", "import", "ehr/site_302028", "{input}", "--format", "conceptmap"],
    "--config": ["validate", "{patients}", *_EHR, "--config", "{input}"],
    "--baseline": ["validate", "{patients}", *_EHR, "--baseline", "{input}"],
    "--columns": ["validate", "{patients}", "--source", "cirr", "--columns", "{input}"],
    "--key-file": ["project", "set", "H", "--time", "shifted", "--key-file", "{input}", "--db", "{store}"],
    "check": ["mapping", "check", "{input}"],
    "test": ["mapping", "test", "{input}"],
    "load by": ["load", "{patients}", *_MINE, "--project", "H", "--db", "{store}"],
    "validate by": ["validate", "{patients}", *_MINE],
    "query": ["query", "SELECT count(*), sum(hash(c)) FROM omop.concept c", "--db", "{input}"],
    "ledger": ["ledger", "--db", "{input}"],
    "load into": ["load", "{patients}", *_EHR, "--project", "H", "--db", "{input}"],
    "publish": ["publish", "--db", "{input}", "--to", "{folder}/published.duckdb"],
    "diff": ["diff", "{input}", "{input}"],
}  # fmt: skip
FILES = ["validate", "crosswalk", "loinc", "query -f", "view", "suggest", "import usagi", "--config", "--baseline"]
FILES += ["--columns", "--key-file", "query", "ledger", "import xlsx", "import conceptmap"]
FOLDERS = ["validate", "load", "validate fhir", "validate gen3", "profile", "init"]


def _file(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def _named(name: bytes, content: bytes = PATIENTS.encode()) -> Callable[[Path], Path]:
    """A folder with a file whose name is these bytes."""

    def make(folder: Path) -> Path:
        (folder / "sent").mkdir()
        Path(os.fsdecode(os.fsencode(folder / "sent") + b"/" + name)).write_bytes(content)
        return folder / "sent"

    return make


def _mapping(name: str, change: Callable[[str], str]) -> Callable[[Path], Path]:
    """A mapping in which one file is another."""

    def make(folder: Path) -> Path:
        shutil.copytree(HOSPITAL, folder / "mine")
        path = folder / "mine" / name
        before = path.read_text() if path.exists() else ""
        path.write_text(change(before))
        assert path.read_text() != before
        return folder / "mine"

    return make


def _workbook(kind: str) -> Callable[[Path], Path]:
    return lambda folder: workbooks.write(folder / "book.xlsx", workbooks.HOSTILE[kind][0])


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.csv")
    return folder / "pipe.csv"


def _loop(folder: Path) -> Path:
    (folder / "loop.csv").symlink_to("loop.csv")
    return folder / "loop.csv"


def _folder(folder: Path) -> Path:
    (folder / "a.csv").mkdir()
    (folder / "a.csv" / ".hidden").touch()
    return folder / "a.csv"


def _unreadable(folder: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = _file("patient.csv", PATIENTS)(folder)
    path.chmod(0)
    return path


def _shut_folder(folder: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (folder / "sent" / "shut").mkdir(parents=True)
    (folder / "sent" / "patient.csv").write_text(PATIENTS)
    (folder / "sent" / "shut").chmod(0)
    return folder / "sent"


def _parquet(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "patient.parquet"
        duckdb.sql("SELECT 'p' || range AS patient_id, 'F' AS sex FROM range(2000)").write_parquet(str(path))
        path.write_bytes(change(path.read_bytes()))
        return path

    return make


def _store(change: Callable[[bytearray], object]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        data = bytearray((folder / "store.duckdb").read_bytes())
        change(data)
        (folder / "damaged.duckdb").write_bytes(data)
        return folder / "damaged.duckdb"

    return make


def _flip_blocks(data: bytearray) -> None:
    for start in range(3 * 4096, len(data), 256 * 1024):
        data[start + 100] ^= 0xFF


_IMPORTS = "imports:\n  - linkml:types\n"
KINDS: dict[str, Callable[[Path], Path]] = {
    "name not UTF-8": _named(b"\xff\xfe.csv"),
    "name not UTF-8, of FHIR": _named(b"\xff.json", b'{"resourceType": "Patient", "id": "1"}'),
    "name not UTF-8, of a node": _named(b"\xff.yaml", b"id: a\n"),
    "folder not UTF-8": lambda folder: Path(os.fsdecode(os.fsencode(_named(b"\xff")(folder)) + b"/\xff")),
    "pipe": _pipe,
    "device": lambda _: Path("/dev/zero"),
    "folder": _folder,
    "link to itself": _loop,
    "long name": lambda folder: folder / ("x" * 300),
    "long path": lambda folder: folder / "/".join(["x" * 200] * 50),
    "no right to read": _unreadable,
    "no right to look into": _shut_folder,
    "bytes": _file("x.txt", bytes(range(256)) * 20),
    "NULs": _file("x.csv", b"\0" * 5000),
    "line of 1 MB": _file("x.csv", "value,b\n" + "x" * 1_000_000 + ",1\n"),
    "parquet, half": _parquet(lambda data: data[: len(data) // 2]),
    "parquet, footer": _parquet(lambda data: data[:-8] + struct.pack("<I", 0x7FFFFFFF) + b"PAR1"),
    "parquet, flipped": _parquet(lambda data: data[:-200] + bytes(byte ^ 0xFF for byte in data[-200:-8]) + data[-8:]),
    "workbook, entities": _workbook("entities of entities"),
    "workbook, file of the machine": _workbook("a file of the machine"),
    "workbook, half a sheet": _workbook("half a sheet"),
    "workbook, no text": _workbook("a text that is not there"),
    "workbook, row beyond all": _workbook("a row beyond all"),
    "JSON, deep": _file("x.json", DEEP),
    "resource, deep": _file("x.json", '{"resourceType": "Patient", "id": "1", "extension": ' + DEEP + "}"),
    "YAML, aliases": _file("x.yaml", BOMB),
    "YAML, deep": _file("x.yaml", "a: " + "[" * 20_000),
    "YAML, Python": _file("x.yaml", 'a: !!python/object/apply:os.system ["false"]\n'),
    "YAML, no day": _file("x.yaml", "a: 2020-13-45\n"),
    "project, aliases": _mapping("project.yaml", lambda _: BOMB),
    "specification, aliases": _mapping("site.map.yaml", lambda _: BOMB),
    "specification, 3,000 terms": _mapping(
        "site.map.yaml", lambda text: text.replace('"number(value)"', '"number(value)' + " + 1" * 3000 + '"')
    ),
    "specification, functions": _mapping(
        "site.map.yaml",
        lambda text: text.replace('"number(value)"', '"' + "round(" * 30 + "number(value)" + ", 1)" * 30 + '"'),
    ),
    "schema, aliases": _mapping(
        "hospital.yaml", lambda text: text + "annotations:\n  " + BOMB.replace("\n", "\n  ").rstrip() + "\n"
    ),
    "schema, URL": _mapping(
        "hospital.yaml", lambda text: text.replace(_IMPORTS, _IMPORTS + "  - http://127.0.0.1:8008/evil\n")
    ),
    "schema, prefix of a URL": _mapping(
        "hospital.yaml",
        lambda text: text.replace(_IMPORTS, _IMPORTS + "  - evil:evil\n").replace(
            "prefixes:\n", "prefixes:\n  evil: http://127.0.0.1:8008/\n"
        ),
    ),
    "schema, elsewhere": _mapping(
        "hospital.yaml", lambda text: text.replace(_IMPORTS, _IMPORTS + "  - ../../../../../../../../../etc/passwd\n")
    ),
    "store, blocks": _store(_flip_blocks),
    "store, half": _store(lambda data: data.__delitem__(slice(len(data) // 2, None))),
    "SQL, deep": _file("x.sql", "SELECT " + "(" * 100_000),
    "SQL, NUL": _file("x.sql", b"SELECT 1\0"),
}
CASES = [
    ("name not UTF-8", FOLDERS, "not UTF-8"),
    ("name not UTF-8, of FHIR", ["validate fhir", "load fhir"], "not UTF-8"),
    ("name not UTF-8, of a node", ["import-gen3", "schema diff", "test"], "not UTF-8"),
    ("folder not UTF-8", FOLDERS, "not UTF-8"),
    ("pipe", [*FILES, "vocabulary", "import-table", "load into"], ""),
    ("device", [*FILES, "vocabulary", "import-table"], ""),
    ("folder", FILES, ""),
    ("link to itself", ["validate", "load", "profile", "init", "vocabulary", "query"], ""),
    ("long name", FILES, ""),
    ("long path", ["validate", "vocabulary", "import-gen3", "check", "query"], ""),
    ("no right to read", FILES, ""),
    ("no right to look into", FOLDERS, "may not be read"),
    ("bytes", ["validate", "loinc", "query -f", "suggest", "import usagi", "--config", "--columns", "view"], ""),
    ("NULs", ["validate", "loinc", "suggest", "import usagi", "--baseline"], ""),
    ("line of 1 MB", ["loinc", "suggest", "import usagi", "--baseline", "--columns"], ""),
    ("parquet, half", ["validate", "load", "profile", "crosswalk"], "Parquet file cannot be read"),
    ("parquet, footer", ["validate", "profile"], "Parquet file cannot be read"),
    ("parquet, flipped", ["validate", "profile"], "Parquet file cannot be read"),
    ("workbook, entities", ["validate", "load", "profile", "crosswalk", "import xlsx"], "declares entities"),
    ("workbook, file of the machine", ["validate", "import xlsx"], "declares entities"),
    ("workbook, half a sheet", ["validate", "crosswalk", "import xlsx"], "cannot be read"),
    ("workbook, no text", ["validate", "import xlsx"], "cannot be read"),
    ("workbook, row beyond all", ["profile", "import xlsx"], "over 1,048,576"),
    ("JSON, deep", ["view", "import conceptmap"], ""),
    ("YAML, aliases", ["--config", "schema diff", "test"], "aliases stand for more"),
    ("YAML, deep", ["--config", "schema diff", "test"], "nesting depth"),
    ("YAML, Python", ["--config", "schema diff"], ""),
    ("YAML, no day", ["--config", "schema diff"], "cannot be read"),
    ("project, aliases", ["check", "load by", "validate by"], "aliases stand for more"),
    ("specification, aliases", ["check", "validate by"], "aliases stand for more"),
    ("specification, 3,000 terms", ["validate by", "load by"], "at most 100 levels"),
    ("specification, functions", ["validate by"], "functions one inside another"),
    ("schema, aliases", ["validate by", "load by"], "aliases stand for more"),
    ("schema, URL", ["check", "load by", "validate by"], "not read"),
    ("schema, prefix of a URL", ["check", "load by"], "not read"),
    ("schema, elsewhere", ["check", "load by"], "not read"),
    ("store, blocks", ["query", "ledger", "load into", "publish", "diff"], "damaged"),
    ("store, half", ["query", "ledger"], "damaged"),
    ("SQL, deep", ["query -f"], "nested too deeply"),
    ("SQL, NUL", ["query -f"], "holds a NUL"),
]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched, and nothing is kept for the user."""

    def connect(*_: object) -> None:
        pytest.fail("Something was fetched.")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    monkeypatch.setenv("HARMONIZE_REVIEWER", "A")
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.mark.parametrize(
    ("kind", "command", "words"), [(kind, command, words) for kind, commands, words in CASES for command in commands]
)
def test_hostile_input_is_told_in_a_sentence(
    kind: str, command: str, words: str, tmp_path: Path, empty_store: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(empty_store, tmp_path / "store.duckdb")
    patients = _file("patients.csv", PATIENTS)(tmp_path)
    places = {
        "input": KINDS[kind](tmp_path),
        "store": tmp_path / "store.duckdb",
        "folder": tmp_path,
        "patients": patients,
    }
    code = main(["-q", *(part.format(**places) for part in COMMANDS[command])])
    out, err = capfd.readouterr()
    said = err if code != 1 or command != "check" else f"{out.splitlines()[0]}\n"  # `check` lists what it finds
    assert code in (2, 4) or (code == 1 and command == "check"), err
    assert words in said
    lines = said.splitlines()
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("hint: ")), said
    assert lines[0][-1] in ".)", said
    assert "Traceback" not in said
    assert "harmonize itself" not in said
    assert re.search("(No such|Missing) (option|argument|command)|unexpected extra", said) is None, "typed wrongly"
    assert all(character.isprintable() for line in lines for character in line), said


def test_every_kind_and_command_is_used() -> None:
    assert {kind for kind, _, _ in CASES} | {"resource, deep"} == set(KINDS)
    assert {command for _, commands, _ in CASES for command in commands} | {"view of"} == set(COMMANDS)
