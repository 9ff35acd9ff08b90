"""Every shipped question, on a store and on a published file; what is said where the file lacks something."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import duckdb
import pytest

import harmonize
from harmonize.cli.main import main
from harmonize.engine.store import Store
from harmonize.export.ask_question import needs
from harmonize.export.publish import publish
from harmonize.export.questions import names, question
from harmonize.export.sandbox import checked, open_sandbox


def given(name: str) -> dict[str, bool | int]:
    """What lets the demo, whose days are those of admission and whose persons are not followed long, answer."""
    taken = {one.name for one in question(name).parameters}
    return ({"imputed": True} if "imputed" in taken else {}) | ({"days": 0} if name == "post-covid-imaging" else {})


@pytest.fixture(params=["store", "published"])
def con(request: pytest.FixtureRequest, stores: dict[str, Path], tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as the door has it."""
    with open_sandbox(stores[request.param], wait=0, spill=tmp_path) as connection:
        yield connection


@pytest.mark.parametrize("name", names())
def test_a_question_runs_through_the_door_and_has_the_columns_that_it_says(
    con: duckdb.DuckDBPyConnection, name: str
) -> None:
    asked = question(name)
    values = asked.values(given(name))
    rows = con.execute(checked(con, asked.sql), asked.bound(values) or None)
    assert [column[0] for column in rows.description or ()] == [column for column, _ in asked.columns]
    found = rows.fetchall()
    text, bound = needs(asked, values)
    lacking = [sentence for (sentence,) in con.execute(checked(con, text), bound or None).fetchall()]
    # the demo has rows for it, or it is said what the demo has not
    assert found or lacking or name == "long-covid"


@pytest.mark.parametrize("name", names())
def test_store_and_published_file_answer_alike(stores: dict[str, Path], name: str) -> None:
    """But for ids and keys, which are others there."""
    found = []
    for path in stores.values():
        with harmonize.open(path, read_only=True) as db:
            rows = db.ask(name, **given(name))
            keys = ("person_id", "case_key", "study_uid")
            found.append(sorted(str([v for k, v in row.items() if k not in keys]) for row in rows))
    if name != "patient-trajectory":  # of the person with the lowest of equal ids
        assert found[0] == found[1]


PAGE = Path(__file__).resolve().parents[2] / "docs" / "questions.md"
TWELVE = re.findall(r"^[|] [^|]+ [|] `harmonize (ask run [^`]+)` [|]$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_page_has_twelve_questions_to_begin_with() -> None:
    assert len(TWELVE) == 12
    assert len({command.split()[2] for command in TWELVE}) == 12


@pytest.mark.parametrize("command", TWELVE)
def test_each_of_the_twelve_is_one_command(
    stores: dict[str, Path], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *shlex.split(command), "--db", stores["store"], "--format", "json")
    assert code == 0
    assert json.loads(out) or "Warning: No row" in err


def test_there_are_thirty_and_each_is_said_in_a_few_lines() -> None:
    assert len(names()) >= 30
    for name in names():
        asked = question(name)
        assert asked.title.endswith("?")
        assert asked.asked_by.endswith(".")
        assert len(asked.sql.splitlines()) <= 70, name
        assert "SELECT *" not in asked.sql


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    code = main([str(arg) for arg in args])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", "list", "--json")
    listed = json.loads(out)
    assert (code, [one["name"] for one in listed]) == (0, names())
    assert run(capsys, "ask", "list")[1].count("\n") == len(names()) + 2
    shown = run(capsys, "ask", "show", "ct-near-positive-test")[1]
    assert "days       integer                  3        most days between sign and study, either way" in shown
    assert "FROM linked.imaging_timeline t" in shown
    as_json = json.loads(run(capsys, "ask", "show", "sites", "--json")[1])
    assert as_json["parameters"] == [
        {"name": "project", "type": "text", "default": None, "meaning": "only this project"}
    ]
    assert (as_json, dict(harmonize.questions.show("sites"))) == (listed[names().index("sites")], as_json)
    assert [row["name"] for row in harmonize.questions.list()] == names()


def test_run_writes_tables_json_and_csv(
    stores: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = stores["published"]
    code, out, err = run(capsys, "ask", "run", "modalities", "--db", db, "--format", "json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert [row["modality"] for row in rows] == ["CR", "DX", "CT", "MR"]
    target = tmp_path / "rows.csv"
    assert run(capsys, "ask", "run", "modalities", "--db", db, "--format", "csv", "-o", target)[:2] == (0, "")
    read = list(csv.DictReader(StringIO(target.read_text())))
    assert [row["studies"] for row in read] == [str(row["studies"]) for row in rows]
    code, out, err = run(capsys, "ask", "run", "modalities", "--db", db, "--limit", "1")
    assert (len(out.splitlines()), err) == (3, "Only the first 1 rows are shown; allow more with --limit.\n")
    told = harmonize.questions.run(db, "modalities")
    assert (list(told), told.notes) == (rows, [])
    with harmonize.open(db, read_only=True) as opened:
        assert list(opened.ask("modalities")) == rows


def test_why_there_is_no_row_is_said_on_stderr(stores: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    project = "DEMO-INVENTED-STUDY"
    code, out, err = run(
        capsys, "ask", "run", "icu-after-first-film", "--db", stores["store"], "--format", "csv", "--param", "days=7"
    )
    assert (code, len(out.splitlines())) == (0, 1)
    assert err.splitlines() == [
        "Warning: No row: nothing in this file answers icu-after-first-film with days=7, imputed=false.",
        f"Warning: In project {project} the days of 35 of 35 stays in intensive care were taken from something else; "
        "they count with --param imputed=true.",
        "Warning: What each parameter means: harmonize ask show icu-after-first-film",
    ]
    code, out, err = run(capsys, "ask", "run", "ct-near-positive-test", "--db", stores["store"], "--format", "json")
    assert json.loads(out) == []
    assert f"Project {project} has no sign of COVID-19 of the basis test; it has diagnosis and flag." in err
    told = harmonize.questions.run(stores["store"], "sites", {"project": "elsewhere"})
    assert (list(told), told.notes[1]) == ([], f"There is no project elsewhere; there are {project}.")
    # what is lacking in part is said beside rows, too
    with harmonize.open(stores["published"], read_only=True) as db:
        found = db.ask("imaging-over-time", modality="MR")
    assert (len(found) > 1, len(found.notes)) == (True, 1)
    assert "its months are not those of the calendar" in repr(found)
    assert "its months are not those of the calendar" in found._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ct-near"], "There is no question 'ct-near'.\n"),
        (["site"], "There is no question 'site'.\nhint: Did you mean 'sites'?\n"),
        (["sites", "--param", "projekt=x"], "has no parameter 'projekt'.\nhint: Did you mean 'project'?"),
        (["sites", "--param", "project"], "'project' is no parameter with a value.\nhint: Write it as --param days=3."),
        (["repeat-imaging", "--param", "studies=two"], "studies=two is no value of studies: fewest studies.\nhint: "),
        (["covid-positives", "--param", "project=a", "--param", "project=b"], "The parameter project is given twice."),
        (["post-covid-imaging", "--param", "basis=guess"], "hint: Give one of test, antibody, diagnosis."),
        (["sites", "--db", "nowhere.duckdb"], "nowhere.duckdb does not exist."),
        (["representativeness", "--param", "reference=nothing"], "nothing is no reference table."),
    ],
)  # fmt: skip
def test_mistakes_are_said_in_a_sentence(
    stores: dict[str, Path], arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    db = [] if "--db" in arguments else ["--db", str(stores["store"])]
    code, out, err = run(capsys, "ask", "run", *arguments, *db)
    assert (code, out) == (2, "")
    assert said in err


def test_a_file_of_an_older_release_is_told_as_such(
    stores: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = Path(shutil.copy(stores["published"], tmp_path / "older.duckdb"))
    with duckdb.connect(str(older)) as opened:
        opened.execute("DROP VIEW linked.covid_status")
    code, _, err = run(capsys, "ask", "run", "covid-positives", "--db", older)
    assert (code, err.splitlines()[0]) == (2, "This file is of an older release and lacks what the question reads.")
    with (
        harmonize.open(older, read_only=True) as db,
        pytest.raises(harmonize.InputError, match="of an older release"),
    ):
        db.ask("covid-positives")


@pytest.fixture(scope="module")
def elsewhere(stores: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, published with the CDM in a schema of another name."""
    target = tmp_path_factory.mktemp("elsewhere") / "published.duckdb"
    publish(stores["store"], target, cdm_schema="Our CDM")
    return target


@pytest.mark.parametrize("name", ["comorbidities", "deaths-by-comorbidity", "icu-after-first-film", "lab-summary"])
def test_a_file_with_another_schema_answers_too(stores: dict[str, Path], elsewhere: Path, name: str) -> None:
    with harmonize.open(elsewhere, read_only=True) as db, harmonize.open(stores["published"], read_only=True) as usual:
        found, expected = db.ask(name), usual.ask(name)
    assert (list(found), found.notes) == (list(expected), expected.notes)


def test_the_command_answers_with_another_schema_too(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "ask", "run", "lab-summary", "--db", elsewhere, "--format", "json")
    assert (code, len(json.loads(out)) > 10, err) == (0, True, "")


def test_values_are_bound_and_never_written_into_the_statement(new_store: Store) -> None:
    evil = "x'; DROP TABLE omop.person; --"
    new_store.close()
    told = harmonize.questions.run(new_store.path, "sites", {"project": evil})
    assert list(told) == []
    with harmonize.open(new_store.path, read_only=True) as db:
        assert db.sql("SELECT count(*) FROM omop.person").fetchall() == [(0,)]


def test_the_page_is_in_step() -> None:
    """`python docs/questions_table.py` writes it anew."""
    script = Path(__file__).resolve().parents[2] / "docs" / "questions_table.py"
    assert subprocess.run([sys.executable, script, "--check"], check=False).returncode == 0
    page = (script.parent / "questions.md").read_text(encoding="utf-8")
    asked = re.findall(r"harmonize ask (?:run|show) ([a-z-]+)", page)
    assert len(set(asked)) >= 12
    assert set(asked) <= set(names())
