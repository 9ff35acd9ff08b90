"""The life of a submission by the command line: its steps, what a release asks, the rules of a project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from held_study import HOSPITAL, PATIENTS, births, run, told

from harmonize.engine.errors import InputError, RefusedError
from harmonize.engine.store import Store, open_store
from harmonize.pipeline.stores import open_current
from harmonize.release.step import history, life_of, open_findings, take_step, waive

WHO = ("--who", "Ada", "--why", "as agreed with the site")
BAD_RESULT = "result_id,patient_id,stay_id,code,day,value,unit,action\nr9,p1,s1,2951-2,2021-13-45,140,mmol/L,\n"


def _life(capsys: pytest.CaptureFixture[str], store: Path) -> dict[int, tuple[str, str | None]]:
    rows = told(capsys, "submission", "list", "--json", "--db", store)
    return {row["submission_id"]: (row["life"], row["embargo_until"]) for row in rows}


def _open(store: Store, submission: int) -> dict[str, int]:
    return {one["rule"]: one["findings"] for one in open_findings(store.con, submission)}


def test_a_load_is_received_and_validated_and_leaves_by_default(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _life(capsys, study) == {1: ("validated", None), 2: ("validated", None)}
    assert births(capsys, study) == [1900, 1951, 1960, 1970]
    assert not study.with_name("study.duckdb.open").exists()
    with open_store(study, read_only=True) as store:
        assert [row["step"] for row in history(store.con, 1)] == ["received", "validated"]


def test_steps_follow_each_other_and_nothing_else(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    step = ("submission", "step", 2)
    assert run(*step, "rejected", *WHO, "--db", study) == 0
    assert _life(capsys, study)[2] == ("rejected", None)
    assert run(*step, "released", *WHO, "--db", study) == 2
    assert "Submission 2 is rejected: released does not follow from that." in capsys.readouterr().err
    assert run(*step, "embargoed", "--until", "2020-05-01", *WHO, "--db", study) == 0
    assert _life(capsys, study)[2] == ("embargoed", "2020-05-01")
    assert run("submission", "waive", 2, "phi_age", *WHO, "--db", study) == 2  # only the first has such an age
    assert run("submission", "withdraw", 2, *WHO, "--db", study) == 0
    assert _life(capsys, study)[2] == ("withdrawn", None)
    assert run(*step, "embargoed", *WHO, "--db", study) == 2
    with open_store(study, read_only=True) as store:
        steps = [(row["step"], row["who"], row["why"]) for row in history(store.con, 2)][2:]
        assert steps == [(name, "Ada", "as agreed with the site") for name in ("rejected", "embargoed", "withdrawn")]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("9", "embargoed", *WHO), "There is no submission 9 in this store."),
        (("1", "released", "--until", "2020-01-01", *WHO), "--until belongs to the step embargoed"),
        (("1", "embargoed", "--who", " ", "--why", "so"), "--who is empty"),
        (("1", "embargoed", "--who", "Ada", "--why", ""), "--why is empty"),
        (("1", "embargoed", "--who", "Ada", "--why", "call 617-555-0123 first"), "may tell who somebody is"),
        (("1", "embargoed", "--who", "Ada", "--why", "MRN: 4482917 came along"), "may tell who somebody is"),
    ],
)
def test_what_cannot_be_taken_changes_nothing(
    study: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], message: str
) -> None:
    before = study.read_bytes()
    assert run("submission", "step", *args, "--db", study) == 2
    assert message in capsys.readouterr().err
    assert study.read_bytes() == before


def test_a_release_waits_for_date_signatures_and_findings(study: Path) -> None:
    """All that is lacking is said at once; the same person signs once; a waiver is by name and reason."""
    with open_current(study) as store:
        take_step(store, 1, "embargoed", who="Ada", why="new site", until=date(2026, 3, 1))
        store.con.execute(
            "INSERT INTO harmonize.project_rules "
            "VALUES ('H', 1, '2026-01-01', 'Ada', 0, 2, false, 11, ['Grace'], false, 0, [])"
        )
        with pytest.raises(RefusedError) as refused:
            take_step(store, 1, "released", who="Ada", why="now", on=date(2026, 2, 28))
        assert refused.value.message == (
            "Submission 1 cannot be released: it is embargoed until 2026-03-01; 0 of 2 persons have signed; "
            "findings are open: phi_age (1)."
        )
        for name in ("Ada", "Ada", "Grace"):
            signed = take_step(store, 1, "signed", who=name, why="looked through")
        assert signed.sign_offs == 2
        with pytest.raises(RefusedError, match="Ada may not waive findings of H"):
            waive(store, 1, "phi_age", who="Ada", why="it is cut")
        assert waive(store, 1, "phi_age", who="Grace", why="it is cut") == []
        with pytest.raises(RefusedError, match="embargoed until 2026-03-01"):
            take_step(store, 1, "released", who="Ada", why="now", on=date(2026, 2, 28))
        assert life_of(store.con, 1).is_held
        assert take_step(store, 1, "released", who="Ada", why="now", on=date(2026, 3, 1)).is_held is False
        take_step(store, 1, "embargoed", who="Ada", why="again", until=date(2026, 3, 1))
        assert life_of(store.con, 1).sign_offs == 0, "a signature was for the release before"


def test_quarantined_cells_and_records_are_closed(study: Path, tmp_path: Path) -> None:
    """A refused cell is not loaded and stands against nothing; what is left out of privacy's warnings does."""
    (tmp_path / "result.csv").write_text(BAD_RESULT, encoding="utf-8")
    options = ("--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", study)
    assert run("load", tmp_path / "result.csv", *options) == 1
    with open_store(study, read_only=True) as store:
        errors = store.con.execute(
            "SELECT count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
            "WHERE submission_id = 3 AND severity = 'error'"
        ).fetchone()
        assert errors is not None
        assert errors[0] > 0
        assert _open(store, 3) == {}
        assert _open(store, 1) == {"phi_age": 1}
    with open_store(study) as store, store.transaction() as con:  # an error of a line that was loaded
        con.execute("UPDATE harmonize.rule SET severity = 'error' WHERE rule = 'phi_age'")
        con.execute("UPDATE harmonize.finding SET column_id = NULL WHERE submission_id = 1")
        assert _open(store, 1) == {"phi_age": 1}
        con.execute("UPDATE harmonize.record SET state = 'quarantined' WHERE record_key = 'p3'")
        assert _open(store, 1) == {}


def test_rules_of_a_project_embargo_what_comes_and_what_is_there(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("embargo_days: 30\nsign_offs: 1\nmay_waive: [Grace]\n", encoding="utf-8")
    found = told(capsys, "project", "rules", "H", "--file", rules, "--who", "Ada", "--json", "--db", study)
    asked = {"embargo_days": 30, "sign_offs": 1, "may_waive": ["Grace"]}
    assert found == {
        **asked,
        "retained_phi": False,
        "k": 11,
        "sequestration_locked": False,
        "retained_days": 0,
        "coarsen": {},
    }
    assert run("project", "show", "H", "--db", study) == 0
    shown = capsys.readouterr().out
    assert "embargo_days" in shown
    assert "Grace" in shown
    with open_store(study, read_only=True) as store:
        arrived = life_of(store.con, 1).embargo_until
        loaded = store.con.execute("SELECT loaded_at::DATE + 30 FROM harmonize.submission").fetchone()
        assert (arrived,) == loaded
    assert {life for life, _ in _life(capsys, study).values()} == {"embargoed"}
    assert births(capsys, study) == []
    (tmp_path / "patient.csv").write_text(PATIENTS.replace("p1", "p7"), encoding="utf-8")
    options = ("--source", "ehr", "--mapping", HOSPITAL, "--project", "H", "--db", study)
    assert run("load", tmp_path / "patient.csv", *options) in (0, 1)
    with open_store(study, read_only=True) as store:
        assert [row["step"] for row in history(store.con, 3)] == ["received", "validated", "embargoed"]
    rules.write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert run("project", "rules", "H", "--file", rules, "--db", study) == 0
    assert "No longer held back: submissions 1, 2." in capsys.readouterr().err
    assert _life(capsys, study)[3][0] == "embargoed", "what was embargoed by a step is released by one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("embargo_dys: 3", "there is no rule 'embargo_dys'"),
        ("embargo_days: -1", "embargo_days is -1; expected: a whole number"),
        ("sign_offs: true", "sign_offs is True; expected: a whole number"),
        ("retained_phi: 1", "retained_phi is 1; expected: true or false"),
        ("may_waive: Ada", "may_waive is 'Ada'; expected: a list of names"),
        ("- 1", "holds no rules"),
    ],
)
def test_a_file_that_holds_no_rules(study: Path, tmp_path: Path, text: str, message: str) -> None:
    from harmonize.release.rules import set_rules

    rules = tmp_path / "rules.yaml"
    rules.write_text(text, encoding="utf-8")
    with open_store(study) as store, pytest.raises(InputError) as refused:
        set_rules(store, "H", rules)
    assert message in refused.value.message


def test_show_tells_where_a_submission_stands(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("submission", "step", 1, "embargoed", "--until", "2031-02-03", *WHO, "--db", study) == 0
    capsys.readouterr()
    assert run("submission", "show", 1, "--db", study) == 0
    shown = capsys.readouterr().out
    assert "Submission 1 of H is embargoed until 2031-02-03." in shown
    assert "as agreed with the site" in shown
    assert "Open findings that stand against a release: phi_age (1)" in shown
