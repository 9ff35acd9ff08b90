"""Impact by loaded rows, and what a changed vocabulary reopens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from harmonize.cli.main import main
from harmonize.cli.stores import opened
from harmonize.engine.paths import root
from harmonize.review.check import check
from harmonize.review.decide import decide
from harmonize.review.decisions import read_decisions
from harmonize.review.mappings import find_row, reviewed_rows
from harmonize.review.usage import usage
from harmonize.review.vocabulary_changes import changed_since, object_states, vocabulary_changes
from harmonize.review.worklist import Filter, worklist

ASIAN, WHITE = "MIDRC_419639:Race#Asian", "MIDRC_419639:Race#White or Caucasian"
CASE = (
    "INSERT INTO midrc.\"case\" BY NAME SELECT 'case' AS type, 'c' || i AS submitter_id, 'c' || i AS case_key, "
    "'P' AS project_id, i AS record_id, uuid() AS row_key, 1 AS mapping_id, [] AS datasets, "
    "CASE WHEN i < 5 THEN 'Female' END AS sex, "
    f"CASE WHEN i < 7 THEN '{ASIAN}' WHEN i < 8 THEN '{WHITE}' END AS race_coding, "
    "['Asian', 'White'] AS race_ethnicity, "
    "'MIDRC_419639:Race#' || CASE WHEN i < 3 THEN 'Rare' ELSE 'New' END AS ethnicity_coding FROM range(15) AS r(i)"
)


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("store") / "store.duckdb"
    with opened(file, create=True) as store:
        store.con.execute(CASE)
    return file


@pytest.fixture
def db(empty_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty_store, tmp_path / "store.duckdb"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(root("mappings") / "ehr" / "site_419639", tmp_path / "site"))


def test_rows_of_codes_properties_and_values(db):
    with opened(db, read_only=True) as store:
        wanted = [ASIAN, WHITE, "midrc:case/sex", "midrc:case/sex#Female", "midrc:case/sex#Male", "midrc:case/zip"]
        wanted += ["midrc:case/race_ethnicity#Asian", "midrc:program/name", "midrc:ct_series_file/series_uid"]
        assert usage(store.con, wanted) == {
            ASIAN: 7,
            WHITE: 1,
            "midrc:case/sex": 5,
            "midrc:case/sex#Female": 5,
            "midrc:case/race_ethnicity#Asian": 15,
        }


def test_the_greatest_impact_comes_first(db, folder):
    with opened(db, read_only=True) as store:
        items = worklist(folder, store.con)
        assert [item.one.subject for item in items[:2]] == [ASIAN, WHITE]
        assert items[0].rows == 7
        assert items[0].impact == pytest.approx(7 * 0.05)
        assert {item.rows for item in items[2:]} == {0}
        assert [item.one.subject for item in worklist(folder, store.con, Filter(subject="*#White*"))] == [WHITE]
    without = worklist(folder)
    doubts = [1 - item.one.confidence for item in without]
    assert doubts == sorted(doubts, reverse=True), "without a store the least sure come first"
    assert all(item.one.confidence < 0.9 for item in worklist(folder, None, Filter(below=0.9)))


def test_a_vocabulary_that_retires_or_re_domains_reopens(db, folder):
    one = find_row(reviewed_rows(folder), ASIAN)
    with opened(db) as store:
        domain = object_states(store.con, [one.object])[one.object].domain
        for reviewer in ("site:ben", "site:cy"):
            decide(folder, [one], "accept", reviewer=reviewer, date="2026-01-05", domains={one.object: domain})
        one = find_row(reviewed_rows(folder), ASIAN)
        signed = worklist(folder, store.con, Filter(state="signed"))
        assert [item.one.subject for item in signed] == [ASIAN]
        assert vocabulary_changes(store.con, [one], read_decisions(folder)) == []

        store.con.execute("UPDATE omop.concept SET domain_id = 'Observation' WHERE concept_id = 8515")
        (found,) = vocabulary_changes(store.con, [one], read_decisions(folder))
        assert (found["what"], found["now"]) == ("redomained", "Race → Observation")
        assert [item.one.subject for item in worklist(folder, store.con, Filter(state="reopened"))] == [ASIAN]
        warned = [problem for problem in check(str(folder), store.con) if "moved to another domain" in problem.message]
        assert [(problem.level, problem.line) for problem in warned] == [("warning", one.row.line)]

        store.con.execute(
            "UPDATE omop.concept SET domain_id = 'Race', standard_concept = NULL, invalid_reason = 'U' "
            "WHERE concept_id = 8515"
        )
        store.con.execute(
            "INSERT INTO omop.concept_relationship VALUES (8515, 8527, 'Maps to', '2020-01-01', '2099-12-31', NULL)"
        )
        (found,) = vocabulary_changes(store.con, [one], read_decisions(folder))
        assert found == {"subject": ASIAN, "object": "Race:2", "what": "remapped", "now": "Race:5 (White)"}
        states = object_states(store.con, [one.object])
        assert changed_since([one], read_decisions(folder), states) == [one.hash]
        assert changed_since([one], [], states) == [one.hash]


def test_the_command_tells_what_a_vocabulary_changes(db, folder, capsys):
    assert main(["mapping", "review", "vocabulary", str(folder), "--db", str(db), "--json"]) == 0
    before = {row["subject"] for row in json.loads(capsys.readouterr().out)}
    with opened(db) as store:
        store.con.execute(
            "UPDATE omop.concept SET standard_concept = NULL, invalid_reason = 'D' WHERE concept_id = 8515"
        )
        label = next(one.row["subject_label"] for one in reviewed_rows(folder) if one.object == "sssom:NoTermFound")
        store.con.execute(
            "INSERT INTO omop.concept VALUES "
            "(5, ?, 'Condition', 'SNOMED', 'Disorder', 'S', '1', '2020-01-01', '2099-12-31', NULL)",
            [label],
        )
    assert main(["mapping", "review", "vocabulary", str(folder), "--db", str(db), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"subject": ASIAN, "object": "Race:2", "what": "retired", "now": ""} in rows
    possible = [row for row in rows if row["what"] == "possible" and row["subject"] not in before]
    assert [row["now"] for row in possible] == [f"SNOMED:1 ({label}), domain Condition"]


def test_show_with_a_store(db, capsys):
    args = ["mapping", "review", "show", "site_419639", ASIAN, "--db", str(db), "--json"]
    assert main(args) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["rows"] == 7
    assert shown["values_of_the_column"][WHITE] == 1
    assert shown["values_not_in_the_set"] == {"MIDRC_419639:Race#New": 12}, "a rare value may tell of a person"
    assert (shown["concept"]["concept_id"], shown["concept"]["domain"]) == (8515, "Race")
    assert main(args[:-1]) == 0
    assert "concept_id 8515" in capsys.readouterr().out
