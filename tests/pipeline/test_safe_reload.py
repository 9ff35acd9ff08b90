"""A reload is safe: what a snapshot lacks, what is quarantined, and which project is meant."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from hospital import HEADER, HOSPITAL, PATIENTS, STAYS, Hospital

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.store import Store
from harmonize.pipeline.ledger.vanished import DELETION_FLOOR, DELETION_SHARE, refuse_vanishing
from harmonize.pipeline.load import load
from harmonize.pipeline.new_project import told_of_name
from harmonize.pipeline.project import set_project

RESULTS = [f"r{number},p1,s1,2951-2,2021-03-02,{120 + number},mmol/L,\n" for number in range(12)]


@pytest.fixture(scope="module")
def loaded(module_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Hospital:
    """The hospital with 12 results."""
    hospital = Hospital(module_store, tmp_path_factory.mktemp("hospital"))
    hospital.load(patient=PATIENTS, stay=STAYS, result=HEADER + "".join(RESULTS))
    return hospital


def held(*types: tuple[str, int, int]) -> duckdb.DuckDBPyConnection:
    """A store of the project P and another one, with (record type, records, those that the snapshot lacks)."""
    con = duckdb.connect()
    con.execute(
        "CREATE SCHEMA harmonize; CREATE TYPE state AS ENUM ('superseded', 'deleted'); "
        "CREATE TABLE harmonize.submission AS FROM (VALUES (1, 'P'), (2, 'Q')) t(submission_id, project_id); "
        "CREATE TABLE harmonize.record_type (record_type INTEGER, name VARCHAR); "
        "CREATE TABLE harmonize.record (record_id INTEGER, submission_id INTEGER, record_type INTEGER, "
        "key_hash INTEGER, is_current BOOLEAN); "
        "CREATE TABLE ended (record_id INTEGER, state state); CREATE TABLE incoming (key_hash INTEGER)"
    )
    for number, (name, records, lacking) in enumerate(types):
        con.execute("INSERT INTO harmonize.record_type VALUES (?, ?)", [number, name])
        start = 1000 * number
        for submission in (1, 2):
            con.execute(
                "INSERT INTO harmonize.record SELECT r + 100_000 * ?, ?, ?, r, ? = 2 OR r >= ? FROM range(?, ?) t(r)",
                [submission, submission, number, submission, start + lacking, start, start + records],
            )
        con.execute("INSERT INTO ended SELECT r + 100_000, 'deleted' FROM range(?, ?) t(r)", [start, start + lacking])
        con.execute("INSERT INTO incoming SELECT r FROM range(?, ?) t(r)", [start + lacking, start + records])
    return con


@pytest.mark.parametrize(
    ("records", "lacking", "share", "is_refused"),
    [
        (100, 20, None, False), (100, 21, None, True), (25, 5, None, False), (24, 5, None, True),
        (5, 4, None, False), (5, 5, None, True), (100, 50, 0.5, False), (100, 51, 0.5, True), (100, 5, 0.0, True),
        (100, 4, 0.0, False), (100, 100, 1.0, False),
    ],
)  # fmt: skip
def test_a_snapshot_deletes_a_share_of_a_type_unasked(
    records: int, lacking: int, share: float | None, is_refused: bool
) -> None:
    assert (DELETION_SHARE, DELETION_FLOOR) == (0.2, 5)
    con = held(("x.lab", records, lacking), ("x.stay", 10, 1), ("x.other", 10, 10))
    if not is_refused:
        refuse_vanishing(con, "P", ["x.lab", "x.stay"], share)
        return
    with pytest.raises(InputError, match=f"lacks {lacking} of {records} records of x.lab, 1 of 10 records of x.stay"):
        refuse_vanishing(con, "P", ["x.lab", "x.stay"], share)


def test_what_a_delete_order_names_is_not_counted() -> None:
    con = held(("x.lab", 10, 6))
    with pytest.raises(InputError, match="lacks 6 of 10"):
        refuse_vanishing(con, "P", ["x.lab"], None)
    con.execute("INSERT INTO incoming SELECT r FROM range(2) t(r)")
    refuse_vanishing(con, "P", ["x.lab"], None)
    assert con.execute(sql("ledger/vanished"), {"project": "P", "types": ["x.lab"]}).fetchall() == [("x.lab", 4, 10)]


def test_a_snapshot_that_lacks_too_much_is_refused_as_a_whole(
    loaded: Hospital, capsys: pytest.CaptureFixture[str]
) -> None:
    few = HEADER + "".join(RESULTS[:7]) + "r99,p1,s1,2951-2,2021-03-02,99,mmol/L,\n"
    state = "SELECT record_key, state, is_current FROM harmonize.record ORDER BY record_id"
    before = loaded.rows(state), loaded.rows("FROM omop.measurement ORDER BY ALL")
    with pytest.raises(InputError, match=r"lacks 5 of 12 records of hospital\.result, and would delete") as refusal:
        loaded.load(result=few, mode="snapshot")
    assert "--allow-deletions" in (refusal.value.hint or "")
    assert (loaded.rows(state), loaded.rows("FROM omop.measurement ORDER BY ALL")) == before
    assert set_project(loaded.store, "H", deletion_share=0.5)["deletion_share"] == 0.5
    assert loaded.load(result=few, mode="snapshot").rows["measurement"]["deleted"] == 5
    set_project(loaded.store, "H", deletion_share=0.0)
    with pytest.raises(InputError, match="lacks 8 of 8 records"):
        loaded.load(result=HEADER, mode="snapshot")
    gone = loaded.load(result=HEADER, mode="snapshot", allow_deletions=True)
    assert gone.rows["measurement"] == {"inserted": 0, "replaced": 0, "deleted": 8, "total": 0}
    with pytest.raises(InputError, match="A share of 20 is not between 0 and 1"):
        set_project(loaded.store, "H", deletion_share=20)


def test_a_quarantined_record_is_tried_again_and_never_unchanged(loaded: Hospital) -> None:
    """Who waits for a patient is no unchanged record, and every load of the project says so until it is there."""
    waits = HEADER + "w1,q1,,2951-2,2021-03-02,140,mmol/L,\n"
    for _ in range(2):
        result = loaded.load(result=waits, project="W")
        assert (result.states["quarantined"], result.states["unchanged"], result.negative) == (1, 0, True)
    patient = PATIENTS.splitlines(keepends=True)[0] + "{},1950,,F,021\n"
    other = loaded.load(patient=patient.format("q2"), project="W")
    assert (other.states["quarantined"], other.waiting, other.negative) == (0, 1, True)
    assert "  1 records of earlier loads of the project are still quarantined" in "\n".join(other.summary_lines())
    come = loaded.load(patient=patient.format("q1"), project="W")
    assert (come.waiting, come.negative, loaded.states()["w1"]) == (0, False, ("loaded", None))
    again = loaded.load(result=waits, project="W")
    assert (again.states["unchanged"], again.negative) == (1, False)


def test_a_new_project_with_the_cases_of_another_is_told(loaded: Hospital, capsys: pytest.CaptureFixture[str]) -> None:
    """As a message of the command, too, beside its JSON document."""
    path = loaded.folder / "patient.csv"
    path.write_text(PATIENTS + "p9,1950,,F,021\n", encoding="utf-8")
    loaded.store.con.execute("CHECKPOINT")
    db = shutil.copy(loaded.store.path, loaded.folder / "copy.duckdb")
    command = ["load", str(path), "--source", "ehr", "--mapping", str(HOSPITAL), "--db", str(db)]
    assert main([*command, "--project", "h-", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["loaded"] == 4
    assert "The project h- is new, and its name differs from that of H in case, blanks or signs alone." in err
    assert "The project h- is new, and 3 of its 4 cases have the key of a case of H." in err
    assert main([*command, "--project", "h-"]) == 0
    assert "is new" not in capsys.readouterr().out
    for name, is_told in (("(h)", True), ("h-", False), ("G", False)):
        assert main(["project", "set", name, "--uids", "public", "--db", str(db)]) == 0
        assert (f"The project {name} is new, and its name differs from that of H" in capsys.readouterr().err) is is_told


def test_a_load_by_a_draft_says_so(loaded: Hospital, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HOSPITAL, tmp_path / "hospital"))
    (folder / "project.yaml").write_text("name: drafted\n")
    (specification,) = folder.glob("*.map.yaml")
    text = specification.read_text().replace("tests/hospital/map", "tests/drafted/map")
    specification.write_text(text + "# suggested: nothing\n")
    path = tmp_path / "patient.csv"
    path.write_text(PATIENTS)
    result = load(loaded.store, [path], source="ehr", mapping=str(folder), project="D")
    (told,) = [note for note in result.notes if "draft" in note]
    assert "is still a draft" in told
    assert told in result.summary_lines()


def test_names_that_differ_in_case_blanks_and_signs_alone() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE SCHEMA harmonize; CREATE TABLE harmonize.submission AS SELECT 'Open-R1' AS project_id; "
        "CREATE TABLE harmonize.project AS SELECT unnest(['Open-R1', 'Öster', '--', 'Open-R2']) AS project_id"
    )
    for name in ("open-r1", "Open R1", "OpenR1", "open_r1 ", "\uff2fpen-R1"):
        (told,) = told_of_name(con, name)
        assert f"The project {name} is new, and its name differs from that of Open-R1" in told
    for name in ("Open-R1", "Open-R11", "Oster", "++", "---"):
        assert told_of_name(con, name) == []
