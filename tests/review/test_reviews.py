"""Reviews: one line a decision, two signatures, conflicts, undo, changes, bulk, and what stays out of a version."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.mapping.compiler.compile import folder_digest
from harmonize.review.check import check, check_reviews
from harmonize.review.decide import Change, bulk, change, check_reviewer, decide, undo
from harmonize.review.decisions import Standing, read_decisions, reviews_file, standings
from harmonize.review.mappings import Reviewed, find_row, reviewed_rows
from harmonize.review.table_file import append_rows, update_rows
from harmonize.vocabulary.sssom import read_sssom

ANN, BEN, CY = "orcid:0000-0002-1825-0097", "site:ben", "site:cy"
ASIAN = "MIDRC_419639:Race#Asian"
DAY = "2026-01-05"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a shipped mapping outside of the package."""
    return Path(shutil.copytree(root("mappings") / "ehr" / "site_419639", tmp_path / "site"))


@pytest.fixture
def row(folder: Path) -> Callable[[], Reviewed]:
    return lambda: find_row(reviewed_rows(folder), ASIAN)


def standing(folder: Path, one: Reviewed) -> Standing:
    return standings(reviewed_rows(folder), read_decisions(folder))[one.hash]


def lines(folder: Path) -> dict[str, list[str]]:
    return {path.name: path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.tsv"))}


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, tuple[int, int]]:
    """By file: (lines that are gone, lines that are new), as a git diff counts them."""
    counts = {}
    for name, now in after.items():
        old = before.get(name, [])
        gone, new = [x for x in old if x not in now], [x for x in now if x not in old]
        if gone or new:
            counts[name] = (len(gone), len(new))
    return counts


def test_a_decision_is_one_line(folder, row):
    decide(folder, [row()], "accept", reviewer=BEN, date=DAY)
    before = lines(folder)
    decide(folder, [row()], "accept", reviewer=ANN, date=DAY)
    assert changed(before, lines(folder)) == {"person.sssom.tsv": (1, 1), "reviews.tsv": (0, 1)}
    assert row().row["reviewer_id"] == f"{BEN}|{ANN}"
    assert row().row["review_date"] == DAY


def test_two_others_sign(folder, row):
    assert standing(folder, row()).state == "unreviewed"
    decide(folder, [row()], "accept", reviewer=BEN, date=DAY)
    assert standing(folder, row()).state == "accepted_once"
    decide(folder, [row()], "accept", reviewer=BEN, date=DAY)
    assert standing(folder, row()).state == "accepted_once", "the same person twice is one"
    decide(folder, [row()], "accept", reviewer=CY, date=DAY)
    assert standing(folder, row()).state == "signed"
    assert list(check_reviews(folder)) == []


def test_an_author_does_not_sign(folder, row):
    with pytest.raises(InputError, match="made the mapping"):
        decide(folder, [row()], "accept", reviewer="editors:value_sets", date=DAY)
    assert not reviews_file(folder).exists()


def test_a_second_reviewer_who_disagrees_is_shown(folder, row, capsys):
    decide(folder, [row()], "accept", reviewer=BEN, date=DAY)
    decide(folder, [row()], "reject", reviewer=CY, date=DAY, comment="A region, not a race")
    assert standing(folder, row()) == Standing("conflict", (BEN,), (CY,), DAY)
    assert row().row["reviewer_id"] == "", "no signature while somebody speaks against it"
    assert main(["mapping", "review", "conflicts", str(folder)]) == 1
    shown = capsys.readouterr().out
    assert BEN in shown
    assert CY in shown
    decide(folder, [row()], "accept", reviewer=CY, date=DAY)
    assert standing(folder, row()).state == "signed", "the last word of each counts"


def test_why_must_be_said(folder, row):
    with pytest.raises(InputError, match="To reject needs a comment"):
        decide(folder, [row()], "reject", reviewer=BEN, date=DAY)
    with pytest.raises(InputError, match="no decision 'acept'") as caught:
        decide(folder, [row()], "acept", reviewer=BEN, date=DAY)
    assert caught.value.hint == "Did you mean 'accept'?"


@pytest.mark.parametrize("reviewer", ["Ben", "orcid:0000-0002-1825-0098", "orcid:1", ""])
def test_reviewers_are_curies(reviewer):
    with pytest.raises(InputError):
        check_reviewer(reviewer)
    assert check_reviewer("orcid:0000-0001-5109-3700")
    assert check_reviewer("orcid:0000-0002-1694-233X")


def test_undo_takes_the_last_back_and_keeps_it_in_the_history(folder, row):
    before = lines(folder)
    decide(folder, [row()], "accept", reviewer=BEN, date=DAY)
    decide(folder, [row()], "reject", reviewer=BEN, date=DAY, comment="No")
    undo(folder, reviewer=BEN, date=DAY)
    assert standing(folder, row()).state == "accepted_once"
    undo(folder, reviewer=BEN, date=DAY)
    after = lines(folder)
    assert len(after.pop("reviews.tsv")) == 5
    assert after == before
    with pytest.raises(InputError, match="nothing of site:ben to take back"):
        undo(folder, reviewer=BEN, date=DAY)


def test_undo_of_a_batch_by_name(folder):
    rows = reviewed_rows(folder)[:3]
    first = decide(folder, rows, "accept", reviewer=BEN, date=DAY)[0].batch
    decide(folder, rows[:1], "discuss", reviewer=BEN, date=DAY, comment="Hm")
    assert len(undo(folder, reviewer=BEN, date=DAY, batch=first)) == 3
    states = [standing(folder, one).state for one in reviewed_rows(folder)[:3]]
    assert states == ["discussion", "unreviewed", "unreviewed"]
    with pytest.raises(InputError, match="no batch"):
        undo(folder, reviewer=CY, date=DAY, batch=first)


def test_a_change_is_one_line_and_opens_the_row_again(folder, row):
    old = row()
    decide(folder, [old], "accept", reviewer=BEN, date=DAY)
    decide(folder, [old], "accept", reviewer=CY, date=DAY)
    version = folder_digest(folder)
    before = lines(folder)
    change(folder, old, Change("Race:4", "Native Hawaiian"), reviewer=ANN, date=DAY, comment="As the site says")
    assert changed(before, lines(folder)) == {"person.sssom.tsv": (1, 1), "reviews.tsv": (0, 1)}
    assert (row().object, row().author, row().row["reviewer_id"]) == ("Race:4", ANN, "")
    assert standing(folder, row()).state == "reopened"
    assert folder_digest(folder) != version, "what it means has changed"
    with pytest.raises(InputError, match="cannot sign it"):
        decide(folder, [row()], "accept", reviewer=ANN, date=DAY)
    undo(folder, reviewer=ANN, date=DAY)
    assert standing(folder, row()).state == "signed"
    assert folder_digest(folder) == version
    assert list(check_reviews(folder)) == []


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Change("Race:2"), "says that already"),
        (Change("Rase:2"), "does not declare the prefix 'Rase'"),
        (Change("Asian"), "no CURIE"),
        (Change(predicate_id="skos:likeMatch"), "none of SSSOM's matches"),
    ],
)
def test_impossible_changes(folder, row, wanted, message):
    before = lines(folder)
    with pytest.raises(InputError, match=message):
        change(folder, row(), wanted, reviewer=BEN, date=DAY, comment="Why")
    assert lines(folder) == before


def test_a_changed_code_must_be_possible(folder):
    one = next(one for one in reviewed_rows(folder) if one.object.startswith(("LOINC:", "SNOMED:")))
    wrong = one.object[:-1] + str((int(one.object[-1]) + 1) % 10)
    with pytest.raises(InputError, match="check digit is wrong"):
        change(folder, one, Change(wrong), reviewer=BEN, date=DAY, comment="Why")


def test_a_review_is_no_new_version(folder, row):
    version = folder_digest(folder)
    decide(folder, [row()], "accept", reviewer=BEN, date=DAY)
    assert folder_digest(folder) == version
    update_rows(row().path, {row().row.line: {"comment": "Seen"}})
    assert folder_digest(folder) != version


def test_bulk_leaves_out_what_a_person_must_see(folder):
    rows = reviewed_rows(folder)
    taken, left = bulk(rows, "accept", {ASIAN: 5000})
    assert {one.predicate for one in taken} == {"skos:exactMatch"}
    assert min(one.confidence for one in taken) >= 0.9
    assert any(text.startswith(ASIAN) and "5,000 loaded rows" in text for text in left)
    assert len(taken) + len(left) == len(rows)
    assert bulk(rows, "accept", None)[0] == [], "without a store nobody knows how many rows use a value"
    assert bulk(rows, "discuss", None)[0] == rows


def test_planted_errors_in_reviews_are_found(folder, row):
    decide(folder, [row()], "accept", reviewer=BEN, date=DAY)
    file = reviews_file(folder)
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound.replace("Race:2", "Race:3"), encoding="utf-8")
    assert any("mapping_hash is not that of" in one.message for one in check(str(folder)))
    file.write_text(sound.replace("\taccept\t", "\tacept\t"), encoding="utf-8")
    assert any("no decision 'acept'" in one.message for one in check(str(folder)))
    file.write_text(sound.replace("mapping_hash\t", "hash\t"), encoding="utf-8")
    assert any("the columns are not" in one.message for one in check(str(folder)))
    file.write_text(sound.replace(f"\t{BEN}\t", "\teditors:value_sets\t"), encoding="utf-8")
    assert any("accepts a mapping of their own" in one.message for one in check(str(folder)))
    file.unlink()
    assert any("do not follow from reviews.tsv" in one.message for one in check(str(folder)))
    assert main(["mapping", "review", "step", str(folder)]) == 0
    assert [one for one in check(str(folder)) if one.level == "error"] == []


def test_rows_are_changed_byte_for_byte(tmp_path: Path):
    file = tmp_path / "x.sssom.tsv"
    head = "#mapping_set_id: x\r\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment\r\n"
    file.write_bytes((head + 'A:1\tskos:exactMatch\tB:1\tsemapv:X\tsays "so"\r\nA:2\tp\tB:2\tj\t\r\n').encode())
    update_rows(file, {4: {"comment": 'a "b"'}})
    assert file.read_bytes().decode() == head + (
        'A:1\tskos:exactMatch\tB:1\tsemapv:X\tsays "so"\r\nA:2\tp\tB:2\tj\t"a ""b"""\r\n'
    )
    assert read_sssom(file).rows[1]["comment"] == 'a "b"'
    append_rows(file, [{"subject_id": "A:3", "note": "n"}])
    assert file.read_bytes().endswith(b"A:3\t\t\t\t\tn\r\n")
    assert [row["note"] for row in read_sssom(file).rows] == ["", "", "n"]


def test_the_command_line(folder, capsys, monkeypatch):
    monkeypatch.setenv("HARMONIZE_REVIEWER", BEN)
    assert main(["mapping", "review", "decide", str(folder), ASIAN, "accept"]) == 0
    assert "is now: accepted_once" in capsys.readouterr().err
    assert main(["mapping", "review", "list", str(folder), "--state", "accepted_once", "--json"]) == 0
    (item,) = json.loads(capsys.readouterr().out)["rows"]
    assert (item["subject"], item["accepted"]) == (ASIAN, BEN)
    assert main(["mapping", "review", "show", str(folder), ASIAN, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["history"][0]["decision"]) == ("accepted_once", "accept")
    assert any("MIDRC:" in text or "MIDRC_" in text for text in shown["elsewhere"])
    args = ["mapping", "review", "change", str(folder), ASIAN, "--to", "Race:3", "--comment", "x"]
    assert main([*args, "--reviewer", CY]) == 0
    assert main(["mapping", "review", "undo", str(folder), "--reviewer", CY]) == 0
    assert main(["mapping", "review", "history", str(folder), ASIAN]) == 0
    assert "undo" in capsys.readouterr().out
    assert main(["mapping", "review", "bulk", str(folder), "discuss", "--comment", "all", "--subject", "*Race*"]) == 0
    assert main(["mapping", "review", "list", str(folder), "--state", "discusion"]) == 2
    assert main(["mapping", "review", "decide", str(folder), "MIDRC_419639:Race#Asien", "accept"]) == 2
    assert f"Did you mean '{ASIAN}'?" in capsys.readouterr().err


def test_several_rows_of_a_subject_are_told_apart(tmp_path: Path):
    rows = reviewed_rows(root("mappings") / "consortia" / "omop")
    with pytest.raises(InputError, match="midrc:case/sex has 2 rows") as caught:
        find_row(rows, "midrc:case/sex")
    assert "omop:person/gender_source_value" in (caught.value.hint or "")
    assert find_row(rows, "midrc:case/sex", "omop:person/gender_concept_id").confidence == 0.95
