"""Publishing: what goes along, what stays behind, and that readers and the old file are safe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import small

from harmonize.cli.main import main
from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.engine.store import open_store
from harmonize.engine.store_key import use_store_key
from harmonize.export import publish as module
from harmonize.export.publication import settle_projects
from harmonize.export.publish import publish
from harmonize.export.query import query

TABLES = 70
"""Of the CDM and its extension 41, of the hub 20, of the bookkeeping 8."""
FILES = ["public.duckdb", "store.duckdb", "store.duckdb.key"]
REAL = "UPDATE harmonize.project SET shifted_by_source = NULL"


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Path:
    return small.make(empty_store, tmp_path)


@pytest.fixture(scope="module")
def public(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file for tests that only read it."""
    folder = tmp_path_factory.mktemp("public")
    result = publish(small.make(empty_store, folder), folder / "public.duckdb")
    assert (result.tables, result.limited_data_set, result.uids) == (TABLES, False, {"P": "remap"})
    return folder / "public.duckdb"


def _names(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute(
            "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    return {row[0] for row in rows}


def _left(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_what_goes_along_and_what_stays(public: Path) -> None:
    names = _names(public)
    assert {
        "omop.person.person_source_value", "midrc.case.case_key", "linked.person_summary.case_key",
        "harmonize.source_file.records", "harmonize.project.uids", "harmonize.publication.kind",
    } <= names  # fmt: skip
    behind = ("record_id", "row_key", "accession_hash", "anchor", "source_anchor", "sha256", "file_name")
    assert not {name for name in names if name.split(".")[-1] in behind}
    assert not {name for name in names if name.startswith(("harmonize.record.", "archive."))}
    assert {name for name in names if name.startswith("harmonize.person_case.")} == {
        f"harmonize.person_case.{column}" for column in ("project_id", "case_key", "person_id", "basis")
    }
    with duckdb.connect(str(public), read_only=True) as con:
        assert con.execute("SELECT kind FROM harmonize.publication").fetchall() == [("de-identified",)]
        assert con.execute("SELECT file_id, name, records FROM harmonize.source_file").fetchall() == [(1, "file 1", 2)]
        joined = "SELECT count(*) FROM midrc.measurement JOIN midrc.case USING (project_id, case_key)"
        assert con.execute(joined).fetchone() == (6,)
        # the CDM's tables keep their columns, those that stay behind are empty
        assert con.execute("SELECT count(*), count(npi) FROM omop.provider").fetchone() == (0, 0)
        person = "SELECT is_nullable FROM duckdb_columns() WHERE schema_name = 'omop' AND table_name = 'person'"
        assert con.execute(f"{person} AND column_name = 'person_id'").fetchall() == [(False,)]
        comments = con.execute(
            "SELECT comment FROM duckdb_tables() WHERE schema_name = 'omop' AND table_name = 'person' UNION ALL "
            "SELECT comment FROM duckdb_views() WHERE view_name = 'person_summary'"
        ).fetchall()
    assert [bool(comment) for (comment,) in comments] == [True, True]
    assert _left(public.parent) == FILES


def test_commands_that_read_a_published_file(public: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert query(public, "FROM person", output=tmp_path / "out.csv", format="csv").rows == 2
    assert main(["ledger", "--db", str(public)]) == 0
    assert "file 1" in capsys.readouterr().out
    assert main(["diff", str(public), str(public)]) == 0
    again = str(tmp_path / "again.duckdb")
    for command in (
        ["ledger", "--records"],
        ["lineage", "person", "1"],
        ["unmapped"],
        ["project", "list"],
        ["publish", "--to", again],
    ):
        assert main([*command, "--db", str(public)]) == 2
        assert "is a published file" in capsys.readouterr().err


def test_what_the_list_does_not_know_and_what_was_withdrawn_stays_behind(empty_store: Path, tmp_path: Path) -> None:
    store = small.make(
        empty_store,
        tmp_path,
        "ALTER TABLE omop.person ADD COLUMN nickname VARCHAR; CREATE TABLE midrc.own_one (x INTEGER)",
        "CREATE VIEW linked.own_one AS SELECT * FROM omop.person WHERE person_source_value = 'KEY-00017'",
        "CREATE SCHEMA own; CREATE TABLE own.t (x INTEGER)",
        "INSERT INTO harmonize.project BY NAME SELECT 'GONE' AS project_id, 'as_is' AS time_policy",
        "INSERT INTO harmonize.submission SELECT * REPLACE (2 AS submission_id, 'GONE' AS project_id, "
        "'withdrawn' AS state) FROM harmonize.submission",
    )
    result = publish(store, tmp_path / "public.duckdb", cdm_schema="main")
    assert [warning for warning in result.warnings if "midrc.own_one.x, omop.person.nickname" in warning]
    assert not {name for name in _names(tmp_path / "public.duckdb") if "nickname" in name or "own_one" in name}
    assert b"KEY-00017" not in (tmp_path / "public.duckdb").read_bytes()
    with duckdb.connect(str(tmp_path / "public.duckdb"), read_only=True) as con:
        assert con.execute("SELECT project_id FROM harmonize.project").fetchall() == [("P",)]
        assert con.execute("SELECT project_id FROM harmonize.submission").fetchall() == [("P",)]
        # the CDM under another schema
        assert con.execute("SELECT count(*) FROM main.person").fetchone() == (2,)
        assert con.execute("SELECT count(*) FROM linked.person_summary").fetchone() == (2,)
        assert con.execute("SELECT count(*) FROM duckdb_schemas() WHERE schema_name = 'omop'").fetchone() == (0,)


def test_open_readers_go_on_and_new_ones_see_the_new_file(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "public.duckdb"
    publish(store, target)
    ended = subprocess.Popen([sys.executable, "-S", "-c", ""])
    ended.wait()
    for name in (f".public.duckdb.{ended.pid}.partial", f".public.duckdb.{ended.pid}.partial.wal"):
        (tmp_path / name).touch()  # what a killed publish leaves
    with duckdb.connect(str(target), read_only=True) as reader:
        before = {row[0] for row in reader.execute("SELECT measurement_id FROM omop.measurement").fetchall()}
        with open_store(store) as opened, opened.transaction() as con:
            con.execute(
                "INSERT INTO omop.measurement SELECT * REPLACE (7 AS measurement_id) FROM omop.measurement LIMIT 1"
            )
        publish(store, target)
        assert reader.execute("SELECT count(*) FROM omop.measurement").fetchone() == (6,)
    with duckdb.connect(str(target), read_only=True) as reader:
        after = {row[0] for row in reader.execute("SELECT measurement_id FROM omop.measurement").fetchall()}
    # the others keep their ids
    assert (len(after), before < after) == (7, True)
    assert _left(tmp_path) == FILES


def test_a_failed_publish_leaves_the_old_file(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "public.duckdb").write_text("old")
    monkeypatch.setattr(module, "_fill_table", lambda _con, _table, _target: 7)
    with pytest.raises(InternalError, match="instead of"):
        publish(store, tmp_path / "public.duckdb")
    assert (tmp_path / "public.duckdb").read_text() == "old"
    assert _left(tmp_path) == FILES


def test_rows_that_a_look_up_doubles_are_noticed(empty_store: Path, tmp_path: Path) -> None:
    store = small.make(empty_store, tmp_path, "INSERT INTO omop.person SELECT * FROM omop.person WHERE person_id = 1")
    with pytest.raises(InternalError, match=r"Of omop\.\w+ \d+ rows would be published instead of"):
        publish(store, tmp_path / "public.duckdb")


_SMALL_DISK = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000)); "
    "from harmonize.cli.main import main; sys.exit(main(sys.argv[1:]))"
)


def test_a_full_disk_is_exit_code_4_and_leaves_nothing(store: Path, tmp_path: Path) -> None:
    (tmp_path / "public.duckdb").write_text("old")
    module._settle(store, store, None, False, limited=False, wait=0, memory=None)  # the store has its key
    command = [
        sys.executable,
        "-c",
        _SMALL_DISK,
        "publish",
        "--db",
        str(store),
        "--to",
        str(tmp_path / "public.duckdb"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "no space left" in done.stderr) == (4, True), done.stderr
    assert (tmp_path / "public.duckdb").read_text() == "old"
    assert _left(tmp_path) == FILES


def test_a_locked_store(store: Path, tmp_path: Path) -> None:
    with open_store(store), pytest.raises(StoreError):
        publish(store, tmp_path / "public.duckdb", wait=0)


def test_not_onto_itself_and_not_nowhere(store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is the store itself"):
        publish(store, store)
    with pytest.raises(InputError, match="folder"):
        publish(store, tmp_path / "none" / "public.duckdb")
    with pytest.raises(InputError, match="does not exist"):
        publish(tmp_path / "none.duckdb", tmp_path / "public.duckdb")
    assert _left(tmp_path) == ["store.duckdb"]


# ---- real dates


def test_real_dates_are_published_only_as_a_limited_data_set(
    empty_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = (
        "INSERT INTO omop.care_site BY NAME SELECT 5 AS care_site_id, 'Old Hall' AS care_site_name, "
        "'ORG-1' AS care_site_source_value;"
        "INSERT INTO harmonize.row_source VALUES ('care_site', 5, 1, 0, 'primary');"
        "INSERT INTO omop.cdm_source BY NAME SELECT 'n' AS cdm_source_name, 'a' AS cdm_source_abbreviation, "
        "'h' AS cdm_holder, 'Projects: P' AS source_description, DATE '2026-01-01' AS source_release_date, "
        "DATE '2026-01-01' AS cdm_release_date, 0 AS cdm_version_concept_id, 'v' AS vocabulary_version;"
    )
    store, target = small.make(empty_store, tmp_path, REAL, place), tmp_path / "public.duckdb"
    assert main(["publish", "--db", str(store), "--to", str(target)]) == 2
    told = capsys.readouterr().err
    assert "The project P writes its dates as they are" in told
    assert "--limited-data-set" in told
    assert "harmonize project set P --shifted-by-source" in told
    assert _left(tmp_path) == ["store.duckdb"]
    assert main(["publish", "--db", str(store), "--to", str(target), "--limited-data-set"]) == 0
    assert "It is a limited data set (45 CFR 164.514(e))." in capsys.readouterr().err
    with duckdb.connect(str(target), read_only=True) as con:
        assert con.execute("SELECT kind FROM harmonize.publication").fetchall() == [("limited data set",)]
        said = "SELECT source_description LIKE '%Limited data set (45 CFR 164.514(e))%' FROM omop.cdm_source"
        assert con.execute(said).fetchone() == (True,)
        assert con.execute("SELECT care_site_name FROM omop.care_site").fetchone() == ("Old Hall",)


@pytest.mark.parametrize(("policy", "shifted", "real"), [
    ("as_is", None, True), (None, None, True), ("as_is", True, False), ("offset", None, False),
    ("shifted", None, False),
])  # fmt: skip
def test_whose_dates_are_real(
    empty_store: Path, tmp_path: Path, policy: str | None, shifted: bool | None, real: bool
) -> None:
    with open_store(small.make(empty_store, tmp_path)) as store:
        store.con.execute("UPDATE harmonize.project SET time_policy = ?, shifted_by_source = ?", [policy, shifted])
        assert settle_projects(store.con, limited=True) == (["P"] if real else [])


def test_that_a_contributor_moved_the_dates_is_set_for_a_project(store: Path) -> None:
    for option, real in (("--real-dates", ["P"]), ("--shifted-by-source", [])):
        assert main(["project", "set", "P", option, "--db", str(store)]) == 0
        with open_store(store, read_only=True) as opened:
            assert settle_projects(opened.con, limited=True) == real
    assert main(["project", "set", "P", "--time", "offset", "--shifted-by-source", "--db", str(store)]) == 2


# ---- the last look

FAILS = {
    "UPDATE omop.measurement SET value_source_value = 'KEY-00017'": "omop.measurement.value_source_value (1 case key)",
    "UPDATE midrc.measurement SET text = 'see key-00018, twice'": "midrc.measurement.text (1 case key)",
    "UPDATE midrc.measurement SET status = 'SSN 219-09-9999'": "midrc.measurement.status (1 social security number)",
    "UPDATE midrc.measurement SET category = 'a@example.org'": "midrc.measurement.category (1 e-mail address)",
    "UPDATE omop.measurement SET unit_source_value = '7777777'": "omop.measurement.unit_source_value (1 case key)",
    "UPDATE midrc.measurement SET test_name = 'Zorblatova'": "midrc.measurement.test_name (1 name)",
    "UPDATE omop.measurement SET measurement_source_value = '617 495 1000'": (
        "omop.measurement.measurement_source_value (1 record or telephone number)"
    ),
    "UPDATE midrc.measurement SET method = '12 Grumbel'": "midrc.measurement.method (1 address line)",
}
NUMBER = "UPDATE harmonize.person_case SET case_key = '7777777' WHERE person_id = 1"


MET = {"name": "Zorblatova", "number": "(617) 495-1000", "address": "12 Grumbel"}


def _with_tokens(store: Path) -> Path:
    """The store as a load leaves it that met somebody of this name, number and address."""
    with open_store(store) as opened:
        use_store_key(opened.con)
        for kind, said in MET.items():
            opened.con.execute(
                "INSERT INTO harmonize.identity_token "
                "SELECT 'P', $kind, identity_hash($kind, identity_token($kind, $said))",
                {"kind": kind, "said": said},
            )
    return store


def test_a_file_that_tells_whose_it_is_is_not_published(
    empty_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = _with_tokens(small.make(empty_store, tmp_path, NUMBER, *FAILS))
    assert main(["publish", "--db", str(store), "--to", str(tmp_path / "public.duckdb")]) == 1
    said = capsys.readouterr().err
    assert [told for told in FAILS.values() if told not in said] == []
    values = ("00017", "00018", "219-09", "example.org", "7777777", "Zorblatova", "495", "Grumbel")
    assert [value for value in values if value.lower() in said.lower()] == []
    assert _left(tmp_path) == ["store.duckdb", "store.duckdb.key"]


def test_a_name_in_a_sentence_is_a_warning(empty_store: Path, tmp_path: Path) -> None:
    more = "UPDATE midrc.measurement SET test_name = 'sodium, says zorblatova'"
    result = publish(_with_tokens(small.make(empty_store, tmp_path, more)), tmp_path / "public.duckdb")
    assert [warning for warning in result.warnings if "midrc.measurement.test_name (1 name)" in warning] != []


DOUBTFUL = {
    # a number that was read as one, and a name of a project
    "UPDATE omop.measurement SET value_source_value = '7777777', value_as_number = 7777777": None,
    "UPDATE midrc.measurement SET category = 'P'": None,
    "UPDATE omop.measurement SET unit_source_value = '> 7777777'": "omop.measurement.unit_source_value (1 case key)",
    "UPDATE midrc.measurement SET status = 'Smith, John'": "midrc.measurement.status (1 text by the rule phi_name)",
    # a code of the vocabulary
    "INSERT INTO omop.concept SELECT * REPLACE (2000000001 AS concept_id, '7777777' AS concept_code) "
    "FROM omop.concept LIMIT 1; UPDATE omop.measurement SET measurement_source_value = '7777777'": (
        "omop.measurement.measurement_source_value (1 case key)"
    ),
}


def test_what_may_be_something_else_is_a_warning(empty_store: Path, tmp_path: Path) -> None:
    result = publish(small.make(empty_store, tmp_path, NUMBER, *DOUBTFUL), tmp_path / "public.duckdb")
    (doubt,) = (warning for warning in result.warnings if warning.startswith("May identify"))
    assert sorted(doubt.removesuffix(".").split(": ")[1].split(", ")) == sorted(filter(None, DOUBTFUL.values()))
    assert "7777777" not in doubt
