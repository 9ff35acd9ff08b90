"""The calls do what their commands do: each is called, on a small store and on what is shipped."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest
from small_study import MAPPING, make, write

import harmonize
from harmonize import mappings, reviews, schemas, views
from harmonize.cli.main import main

WHO = "orcid:0000-0002-1825-0097"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("calls"))


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A store of its own, in a folder without the delivery."""
    return Path(shutil.copy(made, tmp_path / "study.duckdb"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mapping that may be written into."""
    return Path(shutil.copytree(mappings_of("ehr/covid_19_ny_sbu"), tmp_path / "covid_19_ny_sbu"))


def mappings_of(name: str) -> Path:
    return Path(__file__).resolve().parents[2] / "mappings" / name


def test_validate(tmp_path: Path) -> None:
    files = write(tmp_path)
    checked = harmonize.validate(files, source="ehr", mapping=MAPPING, output=tmp_path / "x.html", format="html")
    assert checked.ok
    assert checked.summary["records"] == 4
    assert [file["file"] for file in checked.files] == ["patient.csv", "result.csv"]
    assert (tmp_path / "x.html").read_text().startswith("<!doctype html>")
    files[0].write_text("patient_id,sex,birth_year\nP1,F,1950\nP1,F,abc\n")
    wrong = harmonize.validate(tmp_path / "patient.csv", source="ehr", mapping=str(MAPPING))
    assert (wrong.ok, wrong.exit_code) == (False, 1)
    assert wrong.findings[0]["file"] == "patient.csv"
    assert "patient.csv" in repr(wrong)


def test_profile(tmp_path: Path) -> None:
    found = harmonize.profile(
        write(tmp_path)[0], meanings={"patient_id": "patient"}, output=tmp_path / "p.json", format="json"
    )
    assert json.loads((tmp_path / "p.json").read_text()) == json.loads(json.dumps(found.document, default=str))
    assert "birth_year" in repr(found)
    assert found._repr_html_().startswith("<pre>")


def test_projects(path: Path) -> None:
    with harmonize.open(path) as db:
        assert [row["project_id"] for row in db.project.list()] == ["P"]
        with pytest.raises(harmonize.InputError):
            db.project.show("Q")
        said = db.project.set("Q", time="offset", source_anchor=date(2020, 1, 1), anchor=date(2021, 1, 1))
        assert said == db.project.show("Q")
        assert said["project_id"] == "Q"
        assert db.project.set("P", imaging_date_offset_days=1)["imaging_date_offset_days"] == 1


def test_persons_and_submissions(path: Path, tmp_path: Path) -> None:
    with harmonize.open(path) as db:
        (sent,) = db.submission.list()
        shown = db.submission.show(sent["submission_id"])
        assert [file["file"] for file in shown["files"]] == ["patient.csv", "result.csv"]
        assert "withdrawn" in repr(db.person.withdraw("P", "P1"))
        assert db.sql("SELECT count(*) FROM omop.person").fetchall() == [(1,)]
        db.person.reinstate("P", "P1")
        pairs = tmp_path / "pairs.csv"
        pairs.write_text("project_id_1,case_key_1,project_id_2,case_key_2\nP,P1,O,O1\n")
        assert db.crosswalk.load(pairs).to_json() != db.crosswalk.remove(str(pairs)).to_json()
        assert str(sent["submission_id"]) in repr(db.submission.withdraw(sent["submission_id"]))
        assert db.sql("SELECT count(*) FROM omop.person").fetchall() == [(0,)]


def test_vocabulary(path: Path, tmp_path: Path) -> None:
    with harmonize.open(path) as db:
        (first, *_) = db.vocabulary.search("LOINC:1742-6", limit=3)
        assert first["concept_code"] == "1742-6"
        assert db.vocabulary.status()["layers"]["starter"] > 0
        with pytest.raises(harmonize.InputError, match="does not exist"):
            db.vocabulary.load(tmp_path / "none")


def test_images_and_exports(path: Path, tmp_path: Path) -> None:
    with harmonize.open(path) as db:
        assert db.imaging.agreement().to_json()["consensus"] == []
        done = db.export.gen3(tmp_path / "gen3", dataset="B")
        assert done.files == db.export_gen3(str(tmp_path / "again"), dataset="B").files
        assert sum(done.files.values()) > 0
        assert (tmp_path / "gen3" / "export_loss.tsv").exists()


def test_query_publish_diff_and_migrate(path: Path, tmp_path: Path) -> None:
    assert harmonize.query(path, "SELECT 1 AS a, 'x' AS b") == [{"a": 1, "b": "x"}]
    assert harmonize.query(path, "FROM person", output=tmp_path / "p.csv", format="csv") == []
    assert len((tmp_path / "p.csv").read_text().splitlines()) == 3
    with pytest.raises(harmonize.InputError, match="not allowed"):
        harmonize.query(path, "FROM read_text('/etc/hostname')")
    done = harmonize.publish(path, tmp_path / "public.duckdb", limited_data_set=True)
    assert done.limited_data_set
    assert harmonize.diff(path, path.with_name("public.duckdb")) != []
    copy = shutil.copy(path, tmp_path / "copy.duckdb")
    assert harmonize.diff(path, copy) == []
    assert harmonize.migrate(path) == []


def test_studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    table = tmp_path / "studies.tsv"
    table.write_text("Modality\tStudyDescription\tLOINC code\nCT\tCT CHEST WO CONTRAST\t29252-4\n")
    assert harmonize.loinc(table, table=False)[0]["loinc_code"] is not None
    said = harmonize.import_table(table)
    assert (said["rows"], said["conflicts"]) == (1, [])


def test_the_demo(tmp_path: Path) -> None:
    assert harmonize.run_demo(tmp_path / "demo").database.exists()


def test_mappings(path: Path, tmp_path: Path, folder: Path) -> None:
    assert {"ehr/covid_19_ny_sbu", "fhir"} <= {row["mapping"] for row in mappings.list()}
    shown = mappings.show("ehr/covid_19_ny_sbu")
    assert len(shown["columns"]) > 100
    assert mappings.markdown("ehr/covid_19_ny_sbu").startswith("#")
    assert [row for row in mappings.check("ehr/covid_19_ny_sbu") if row["level"] == "error"] == []
    assert mappings.suggest(["Not detected"], db=path)[0]["concept"] == "LOINC:LA6577-6"
    assert mappings.suggest("Not detected", limit=1)[0]["value"] == "Not detected"
    assert mappings.diff(folder, "ehr/covid_19_ny_sbu")["changes"] == []
    with pytest.raises(harmonize.InputError, match="needs a store"):
        mappings.diff(folder, folder, records=3)
    written = mappings.init("lakeside", write(tmp_path), out=tmp_path / "lakeside")
    assert (written.folder / "decisions.md").exists()
    assert {row["node"] for row in mappings.matrix(["n3c"], node="case")} == {"case"}
    with pytest.raises(harmonize.InputError, match="no node"):
        mappings.matrix(node="cas")


def test_golden_cases() -> None:
    cases = sorted((Path(__file__).resolve().parents[1] / "cases" / "ricord").glob("*.yaml"))
    found = mappings.run_cases(cases[0])
    assert found
    assert [row for row in found if row["differences"]] == []


def test_mappings_of_other_tools(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "usagi.csv"
    count = mappings.export(folder, "usagi", target)
    assert len(target.read_text().splitlines()) == count + 1
    done = mappings.import_(folder, target, "usagi", reviewer=WHO)
    assert (len(done["changed"]), len(done["added"]), len(done["absent"])) == (0, 0, 0)
    assert done["unchanged"] == count


def test_reviews(folder: Path, path: Path, tmp_path: Path) -> None:
    name, subject = str(folder), "NY_SBU:htn_v"
    assert len(reviews.list(name, limit=3)) == 3
    with pytest.raises(harmonize.InputError, match="no state"):
        reviews.list(name, state="signd")
    assert [one["subject_id"] for one in reviews.decide(name, subject, "accept", reviewer=WHO)] == [subject]
    assert reviews.list(name, subject=subject)[0]["state"] == "accepted_once"
    reviews.decide(name, subject, "reject", reviewer="site:other", comment="no")
    assert [row["subject"] for row in reviews.conflicts(name)] == [subject]
    assert len(reviews.history(name, subject)) == 2
    assert reviews.show(name, subject)["history"] == reviews.history(name, subject)
    assert len(reviews.undo(name, reviewer="site:other")) == 1
    changed = reviews.change(name, "NY_SBU:cad_v", predicate="skos:broadMatch", comment="x", reviewer=WHO)
    assert changed[0]["decision"] == "change"
    assert reviews.step(name) == 0
    assert isinstance(reviews.vocabulary(name, path), list)
    before = len(reviews.history(name))
    planned = reviews.bulk(name, "discuss", reviewer=WHO, comment="c", subject="NY_SBU:c*", dry_run=True)
    assert len(reviews.history(name)) == before
    done = reviews.bulk(name, "discuss", reviewer=WHO, comment="c", subject="NY_SBU:c*")
    assert (done, len(reviews.history(name))) == (planned, before + len(planned["taken"]))
    kept = tmp_path / "mine"
    reviews.decide("ehr/covid_19_ny_sbu", subject, "accept", reviewer=WHO, reviews=kept)
    assert "diff --git" in reviews.patch("ehr/covid_19_ny_sbu", reviews=kept, output=tmp_path / "my.patch")
    assert (tmp_path / "my.patch").exists()


def test_views(tmp_path: Path) -> None:
    shipped = views.list()
    (tmp_path / "p.ndjson").write_text('{"resourceType":"Patient","id":"a","gender":"female","photo":[{"url":"x"}]}\n')
    name = next(row["view"] for row in shipped if row["resource"] == "Patient")
    assert len(views.run(name, tmp_path / "p.ndjson")) == 1
    assert views.run(name, tmp_path / "p.ndjson", output=tmp_path / "rows.csv", format="csv") == []
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 2
    assert "photo" in " ".join(str(row["path"]) for row in views.unread(tmp_path / "p.ndjson"))


def test_schemas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "list", "--json"]) == 0
    assert schemas.list() == json.loads(capsys.readouterr().out)
    assert "person" in {row["class"] for row in schemas.show("omop")}
    assert "person_id" in {row["slot"] for row in schemas.show("omop", "person")}
    with pytest.raises(harmonize.InputError, match="has no class"):
        schemas.show("omop", "persn")
    midrc = Path(__file__).resolve().parents[2] / "schemas" / "gen3.yaml"
    assert schemas.diff(midrc, midrc) == {"changes": [], "breaking": 0}
    with pytest.raises(harmonize.InputError):
        schemas.import_gen3(tmp_path / "none")


def test_a_missing_library_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with harmonize.open(path, read_only=True) as db:
        answer = db.sql("SELECT person_id, year_of_birth AS y FROM omop.person ORDER BY y")
        for library, call, extra in (
            ("pandas", "df", "analysis"),
            ("polars", "pl", "polars"),
            ("pyarrow", "arrow", "analysis"),
        ):
            with monkeypatch.context() as without:
                without.setitem(sys.modules, library, None)
                with pytest.raises(harmonize.InputError, match=rf"\.{call}\(\) needs {library}") as told:
                    getattr(answer, call)()
                assert told.value.hint == f"pip install 'midrc-harmonize[{extra}]'"
        assert "1950" in repr(answer)  # and it can still be used
        assert [y for _, y in answer] == [1950, 1961]
        assert list(answer.df()["y"]) == [1950, 1961]
        assert answer.arrow().column("y").to_pylist() == [1950, 1961]
        assert answer.pl()["y"].to_list() == [1950, 1961]


def test_how_results_print(path: Path) -> None:
    with harmonize.open(path) as db:
        result = db.load(write(path.parent), source="ehr", project="P", mapping=MAPPING)
        assert repr(result) == str(result) == "\n".join(result.summary_lines())
        assert result._repr_html_().startswith("<pre>Submission 2: ")
        table = db.ledger()
        assert repr(table).splitlines()[0].split()[:2] == list(table[0])[:2]
        assert table._repr_html_().count("<tr>") == len(table) + 1
        assert list(table.df()["file"]) == [row["file"] for row in table]
        answer = db.sql("SELECT '<b>' AS a, range AS i, NULL AS n FROM range(60)")
        shown = answer._repr_html_()
        assert "&lt;b&gt;" in shown
        assert "<b>" not in shown
        assert "more rows" in shown
        assert repr(answer).endswith("… and more rows")
        assert (len(answer), len(answer.fetchall()), len(answer.rows())) == (60, 60, 60)
        assert repr(db.sql("SELECT 1 AS x WHERE false")) == "(x: no rows)"
        assert "list" in repr(db.project)
        assert "<td>P</td>" in db.project.show("P")._repr_html_()
