"""Reviews of shipped mappings in a folder of the user's: nothing shipped changes, all that reads them merges them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from harmonize.cli.main import main
from harmonize.engine import paths
from harmonize.engine.errors import InputError
from harmonize.engine.paths import require_checkout, root
from harmonize.review import place
from harmonize.review.check import check
from harmonize.review.decisions import read_decisions
from harmonize.review.mapping_page import value_sets
from harmonize.review.mappings import find_row, reviewed_rows
from harmonize.review.place import ROWS, read_edits, reading, user_reviews, writing
from harmonize.review.table_file import update_rows
from harmonize.review.usagi import write_usagi

SITE = "ehr/site_419639"
ASIAN, WHITE = "MIDRC_419639:Race#Asian", "MIDRC_419639:Race#White or Caucasian"
SEX = "midrc:case/sex#Female"
ANN, BEN = "site:ann", "site:ben"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The mappings as those of an installed package, of which no byte changes; the current folder is a user's."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setattr(place, "is_installed", lambda: True)
    before = contents(root("mappings"))
    yield home
    assert contents(root("mappings")) == before


def run(*command: str) -> None:
    assert main(["mapping", *command]) == 0


def decide(subject: str, decision: str, reviewer: str, *more: str) -> None:
    run("review", "decide", SITE, subject, decision, "--reviewer", reviewer, "--comment", "seen", *more)


def state(subject: str, *more: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    run("review", "list", SITE, "--subject", subject, "--json", *more)
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    return str(row["state"])


def test_decisions_on_an_installed_package_go_to_the_user(installed, capsys):
    decide(ASIAN, "accept", ANN)
    assert "Kept in reviews/ehr/site_419639" in capsys.readouterr().err
    decide(ASIAN, "accept", BEN)
    assert state(ASIAN, capsys=capsys) == "signed"
    assert sorted(contents(installed)) == ["reviews/ehr/site_419639/reviews.tsv"]
    run("review", "undo", SITE, "--reviewer", BEN)
    assert state(ASIAN, capsys=capsys) == "accepted_once"


def test_every_command_that_writes_leaves_the_package_alone(installed, capsys):
    """`installed` compares every byte of it."""
    decide(ASIAN, "accept", ANN)
    run("review", "change", SITE, WHITE, "--to", "Race:9", "--label", "x", "--reviewer", ANN, "--comment", "y")
    run("review", "bulk", SITE, "discuss", "--reviewer", BEN, "--comment", "together", "--subject", "*Race*")
    run("review", "undo", SITE, "--reviewer", BEN)
    run("review", "step", SITE)
    run("review", "decide", "consortia/n3c", "FHIR_class:IMP", "discuss", "--reviewer", ANN, "--comment", "which?")
    for form in ("usagi", "source_to_concept_map", "fhir", "xlsx"):
        run("export", SITE, "--format", form, "-o", "file.xlsx")
        run("import", SITE, "file.xlsx", "--format", form, "--reviewer", BEN)
    assert find(installed, WHITE).object == "Race:9"
    assert sorted(path.name for path in installed.rglob("*.tsv")) == ["reviews.tsv", "reviews.tsv", ROWS]


def find(home: Path, subject: str) -> Any:
    with reading(SITE, home / "reviews") as found:
        return find_row(reviewed_rows(found.folder), subject)


@pytest.mark.parametrize(
    ("options", "folder"),
    [
        ([], "reviews"),
        (["--reviews", "mine"], "mine"),
    ],
)
def test_where_the_decisions_go(installed, options, folder):
    decide(ASIAN, "accept", ANN, *options)
    assert list(contents(installed)) == [f"{folder}/{SITE}/reviews.tsv"]


def test_the_default_is_beside_the_store():
    shipped = root("mappings") / SITE
    assert user_reviews(shipped, None, Path("x/y.duckdb")) is None, "a checkout is the user's own"
    assert user_reviews(shipped, Path("mine"), Path("x/y.duckdb")) == Path("mine") / SITE


def test_the_default_of_an_installed_package(installed):
    shipped = root("mappings") / SITE
    assert user_reviews(shipped, None, Path("x/y.duckdb")) == Path("x/reviews") / SITE
    assert user_reviews(shipped) == Path("reviews") / SITE
    own = Path(shutil.copytree(shipped, installed / "lakeside"))
    assert user_reviews(own, None, Path("x/y.duckdb")) is None, "a folder of the user's own keeps its reviews"
    assert user_reviews(own, Path("mine")) == Path("mine/own/lakeside")


def test_an_own_folder_may_have_its_reviews_elsewhere(tmp_path):
    own = Path(shutil.copytree(root("mappings") / SITE, tmp_path / "lakeside"))
    before = contents(own)
    options = ("--reviewer", ANN, "--reviews", str(tmp_path / "mine"))
    run("review", "decide", str(own), ASIAN, "accept", *options)
    assert contents(own) == before
    run("review", "decide", str(own), ASIAN, "accept", "--reviewer", ANN)
    assert (own / "reviews.tsv").exists()


def test_all_that_reads_reviews_merges_them(installed, capsys):
    decide(ASIAN, "accept", ANN)
    decide(ASIAN, "accept", BEN)
    run("review", "change", SITE, WHITE, "--to", "Race:9", "--label", "x", "--reviewer", ANN, "--comment", "y")
    capsys.readouterr()
    run("review", "show", SITE, ASIAN, "--json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["reviewer_id"], len(shown["history"])) == ("signed", f"{ANN}|{BEN}", 2)
    run("review", "history", SITE, "--json")
    assert len(json.loads(capsys.readouterr().out)) == 3
    run("show", SITE, "--json")
    states = {row["value"]: row["state"] for row in json.loads(capsys.readouterr().out)["value_sets"]}
    assert (states["Asian"], states["White or Caucasian"]) == ("signed", "reopened")
    assert "signed" not in {row["state"] for row in value_sets(SITE)}, "the shipped ones alone"
    run("show", SITE, "--markdown")
    assert "| signed |" in capsys.readouterr().out
    run("export", SITE, "--format", "usagi", "-o", "file.csv")
    rows = csv.DictReader(StringIO(Path("file.csv").read_text(encoding="utf-8")))
    told = {row["sourceCode"]: (row["mappingStatus"], row["ADD_INFO:object_id"]) for row in rows}
    assert told["Race#Asian"][0] == "APPROVED"
    assert told["Race#White or Caucasian"] == ("FLAGGED", "Race:9")


def test_conflicts_and_crosswalks_are_merged(installed, capsys):
    decide(ASIAN, "accept", ANN)
    decide(ASIAN, "reject", BEN)
    assert main(["mapping", "review", "conflicts", SITE]) == 1
    for reviewer in (ANN, BEN):
        run("review", "decide", "consortia/omop", SEX, "accept", "--reviewer", reviewer)
    capsys.readouterr()
    run("matrix", "omop", "--format", "html")
    assert f"{ANN}, {BEN}" in capsys.readouterr().out


def test_what_the_user_changed_is_checked(installed):
    with writing(SITE) as found:
        row = find_row(reviewed_rows(found.folder), ASIAN)
        update_rows(row.path, {row.row.line: {"object_id": "Nowhere:1", "confidence": "7"}})
    with reading(SITE) as found:
        told = [problem.message for problem in check(SITE, place=found)]
    assert any("Nowhere" in message for message in told)
    assert [problem for problem in check(SITE) if "Nowhere" in problem.message] == []


def test_a_release_that_has_what_the_user_said(installed, monkeypatch, tmp_path):
    """A patch was taken: nothing counts twice. A row that changed otherwise: the user is told, and loses nothing."""
    decide(ASIAN, "accept", ANN)
    run("review", "change", SITE, WHITE, "--to", "Race:9", "--label", "x", "--reviewer", ANN, "--comment", "y")
    with reading(SITE) as found:
        release = Path(shutil.copytree(found.folder, tmp_path / "release"))
    with place._together(release, Path("reviews") / SITE) as again:
        assert read_decisions(again.folder) == read_decisions(release)
        assert contents(again.folder) == contents(release)
        assert again.told == []
    other = Path(shutil.copytree(root("mappings") / SITE, tmp_path / "other"))
    white = find_row(reviewed_rows(other), WHITE)
    update_rows(white.path, {white.row.line: {"object_id": "Race:4"}})
    with place._together(other, Path("reviews") / SITE) as changed:
        (sentence,) = changed.told
        assert sentence == f"{WHITE}: the row that you changed is no more as it was; yours is left out."
        assert place._keep(changed, Path("reviews") / SITE, len(read_decisions(changed.folder))) is False
    assert [edit.subject_id for edit in read_edits(Path("reviews") / SITE)] == [WHITE]


def test_two_commands_at_once_lose_nothing(installed):
    decide(ASIAN, "accept", ANN)

    def slow() -> None:
        with writing(SITE) as found:
            run("review", "change", SITE, WHITE, "--to", "Race:9", "--label", "x", "--reviewer", ANN, "--comment", "y")
            row = find_row(reviewed_rows(found.folder), ASIAN)
            update_rows(row.path, {row.row.line: {"comment": "other"}})

    with pytest.raises(InputError, match="changed meanwhile"):
        slow()
    assert [edit.subject_id for edit in read_edits(Path("reviews") / SITE)] == [WHITE]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file\twas\n", "line 1: the columns are not file, was, now, subject_id, cells."),
        ("file\twas\tnow\tsubject_id\tcells\na\tb\n", "line 2: 5 cells are expected."),
        ("file\twas\tnow\tsubject_id\tcells\na\tb\tc\td\t{\n", "line 2: cells is not JSON"),
        ('file\twas\tnow\tsubject_id\tcells\na\tb\tc\td\t{"x": 1}\n', "cells is no JSON object"),
        ("file\twas\tnow\tsubject_id\tcells\n../a\tb\tc\td\t{}\n", "no name of a file"),
    ],
)
def test_a_broken_file_of_rows_is_told_with_its_line(installed, text, why):
    folder = installed / "reviews" / SITE
    folder.mkdir(parents=True)
    (folder / ROWS).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error, reading(SITE):
        pass
    assert why in error.value.message
    assert str(Path("reviews") / SITE / ROWS) in error.value.message


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no Git here")
@pytest.mark.parametrize("crlf", [False, True])
def test_git_takes_the_patch(installed, tmp_path, crlf, monkeypatch):
    """A checkout with the patch is what deciding in the checkout would have made."""
    with_patch, by_hand = (
        Path(shutil.copytree(root("mappings") / SITE, tmp_path / name / "mappings" / SITE)) for name in ("a", "b")
    )
    if crlf:
        monkeypatch.setattr(place, "review_folder", lambda _name: by_hand_before)
        for folder in (with_patch, by_hand):
            for file in folder.glob("*.sssom.tsv"):
                file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").rstrip(b"\r\n"))
        by_hand_before = Path(shutil.copytree(with_patch, tmp_path / "before"))
        monkeypatch.setattr(place, "inside", lambda _folder: Path(SITE))
        monkeypatch.setattr("harmonize.review.patch.inside", lambda _folder: Path(SITE))
    said = [
        ("decide", ASIAN, "accept", "--reviewer", ANN),
        ("change", WHITE, "--to", "Race:9", "--label", "x", "--reviewer", ANN, "--comment", "y"),
    ]
    for command, *rest in said:
        run("review", command, SITE, *rest)
    run("review", "patch", SITE, "-o", "my.patch")
    subprocess.run(["git", "init", "--quiet", tmp_path / "a"], check=True)
    subprocess.run(["git", "apply", Path("my.patch").resolve()], cwd=tmp_path / "a", check=True)
    monkeypatch.undo()
    for command, *rest in said:
        run("review", command, str(by_hand), *rest)
    assert contents(with_patch) == contents(by_hand)


def test_a_patch_of_all(installed, capsysbinary):
    run("review", "patch")
    assert capsysbinary.readouterr().out == b""
    decide(ASIAN, "accept", ANN)
    run("review", "decide", "consortia/omop", SEX, "accept", "--reviewer", ANN)
    capsysbinary.readouterr()
    run("review", "patch")
    text = capsysbinary.readouterr().out.decode()
    heads = [line for line in text.splitlines() if line.startswith("diff --git")]
    assert [head.rpartition(" b/")[2] for head in heads] == [
        "mappings/ehr/site_419639/person.sssom.tsv",
        "mappings/ehr/site_419639/reviews.tsv",
        "mappings/consortia/omop/values.sssom.tsv",
        "mappings/consortia/omop/reviews.tsv",
    ]


def test_a_folder_that_cannot_be_written_names_the_option(tmp_path, monkeypatch):
    own = Path(shutil.copytree(root("mappings") / SITE, tmp_path / "lakeside"))
    monkeypatch.setattr("harmonize.review.place.os.access", lambda _path, _mode: False)
    with pytest.raises(InputError) as error, writing(str(own)):
        pass
    assert "--reviews DIR" in str(error.value.hint)


def test_what_makes_shipped_files_works_in_a_checkout_alone(monkeypatch):
    require_checkout()
    monkeypatch.setattr(paths, "is_installed", lambda: True)
    with pytest.raises(InputError, match="only read"):
        require_checkout()
    package = Path(paths.__file__).parents[1]
    makers = [
        path
        for path in package.rglob("*.py")
        if '\nif __name__ == "__main__":' in (text := path.read_text(encoding="utf-8"))
        and ("root(" in text or "plan_folders(" in text)
    ]
    assert len(makers) > 5
    assert [path.name for path in makers if '__main__":\n    require_checkout()\n' not in path.read_text("utf-8")] == []


def blank(rows: list[dict[str, str]]) -> Callable[[str], Path]:
    """A Usagi file in which nobody is named for the status of its first row."""

    def made(status: str) -> Path:
        rows[0] |= {"mappingStatus": status, "statusSetBy": "", "statusSetOn": "0"}
        file = Path("usagi.csv").resolve()
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return file

    return made


@pytest.fixture
def usagi(installed: Path) -> Callable[[str], Path]:
    return blank(list(csv.DictReader(StringIO(write_usagi(root("mappings") / SITE)))))


@pytest.mark.parametrize(("status", "decision"), [("APPROVED", "accept"), ("FLAGGED", "discuss")])
def test_a_status_of_nobody_is_that_of_the_reviewer(installed, usagi, status, decision, capsys):
    run("import", SITE, str(usagi(status)), "--format", "usagi", "--reviewer", BEN)
    assert "1 decisions" in capsys.readouterr().err
    (said,) = read_decisions(installed / "reviews" / SITE)
    assert (said.reviewer, said.decision) == (BEN, decision)
    assert said.date > "2000", "the day of the import, where Usagi has no time"
    run("import", SITE, "usagi.csv", "--format", "usagi", "--reviewer", BEN)
    assert "0 decisions" in capsys.readouterr().err


def test_without_a_reviewer_such_a_status_is_refused(usagi):
    from harmonize.review.usagi import read_usagi

    with pytest.raises(InputError, match=r"line 2: it is APPROVED, and statusSetBy does not say by whom."):
        read_usagi(usagi("APPROVED"), None)


def test_an_approval_by_the_author_is_told(installed, usagi, capsys):
    author = reviewed_rows(root("mappings") / SITE)[0].author
    run("import", SITE, str(usagi("APPROVED")), "--format", "usagi", "--reviewer", author)
    told = capsys.readouterr().err
    assert "0 decisions" in told
    assert "Who made a mapping cannot sign it" in told
