"""Exams told by day, images dated by a calendar: who is matched, what is joined, and that nobody learns the day 0."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from invent_exams import Invented, invent, write

import harmonize
from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.pipeline.acts.link import link
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.project import set_project
from harmonize.pipeline.stores import open_current
from harmonize.report.link_page import link_page

MAPPING = str(Path(__file__).parent / "data" / "registry")
PROJECT = "REG"
PAIRS = f"""
    SELECT c.record_key AS exam, l.study_uid
    FROM harmonize.image_link l
    JOIN harmonize.row_source s ON s.omop_table = 'procedure_occurrence' AND s.omop_id = l.procedure_occurrence_id
    JOIN harmonize.record c USING (record_id)
    WHERE l.project_id = '{PROJECT}' AND c.record_key LIKE 'RG-%-E%' AND l.study_uid LIKE '1.2.826.%'
"""


def load(folder: Path, told: Invented, *, match: bool = True, first: str = "records") -> tuple[Path, Any]:
    """A store with what was invented, matched by days; `first` is what is loaded first."""
    folder.mkdir(exist_ok=True)
    patients, exams, index = write(told, folder)
    path = folder / "store.duckdb"
    loads: list[tuple[list[Path], dict[str, Any]]] = [
        ([patients, exams], {"source": "ehr", "mapping": MAPPING}), ([index], {"source": "idc"}),
    ]  # fmt: skip
    with harmonize.open(path, create=True) as db:
        for paths, how in loads if first == "records" else reversed(loads):
            db.load(paths, project=PROJECT, **how)
        return path, db.link(match_days="unique" if match else None)


@pytest.fixture(scope="module")
def told() -> Invented:
    return invent(500)


@pytest.fixture(scope="module")
def matched(told: Invented, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    return load(tmp_path_factory.mktemp("matched"), told)


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(query).fetchall()


def test_every_pair_is_true_and_what_is_not_found_is_told(told: Invented, matched: tuple[Path, Any]) -> None:
    """Precision 1.0. Lost are single exams, ties, twins of a day, and of slips those that no procedure was told of."""
    path, result = matched
    found = dict(rows(path, PAIRS))
    assert {exam: uid for exam, uid in found.items() if told.study_of.get(exam) != uid} == {}
    fault = {exam: told.fault[exam[:9]] for exam in told.study_of}
    recall = {
        kind: sum(exam in found for exam in fault if fault[exam] == kind) / total
        for kind, total in Counter(fault.values()).items()
    }
    assert {kind for kind, share in recall.items() if share == 1} == {"plain", "missing", "extra", "same_day", "daily"}
    assert recall["slip"] > 0.8
    assert recall["twins"] > 0.5
    assert recall["tie"] == recall["single"] == 0
    assert "other" not in recall, "whose studies are somebody else's have no true pair"
    (match,) = result.day_matches
    tiers = {case["case_key"]: case["tier"] for case in match.cases}
    by_fault = {kind: {tiers[case] for case in told.fault if told.fault[case] == kind} for kind in recall} | {
        "other": {tiers[case] for case, kind in told.fault.items() if kind == "other"}
    }
    assert by_fault["tie"] == {"tie"}
    assert by_fault["single"] == {"single_pair"}
    assert by_fault["other"] <= {"poor_fit", "tie", "near_tie"}
    assert by_fault["plain"] == by_fault["daily"] == {"unique"}


def test_daily_exams_name_their_runner_up(told: Invented, matched: tuple[Path, Any]) -> None:
    (match,) = matched[1].day_matches
    daily = [case for case in match.cases if told.fault[case["case_key"]] == "daily"]
    assert daily
    assert {(case["fitting_days"], case["runner_up_days"], abs(case["runner_up_shift"])) for case in daily} == {
        (5, 4, 1)
    }
    assert any("have a runner-up" in line for line in match.sentences())


def test_matched_images_stand_on_the_clinical_days_and_an_exam_is_one_procedure(
    told: Invented, matched: tuple[Path, Any]
) -> None:
    path, _ = matched
    of_study = {
        uid: (case, (date.fromisoformat(on) - told.day_zero[case]).days) for case, _, uid, on, *_ in told.series
    }
    dated = rows(
        path,
        "SELECT image_study_uid, (image_occurrence_date - DATE '2020-01-01')::INTEGER FROM omop.image_occurrence",
    )
    assert {uid: day for uid, day in dated if of_study[uid][1] != day} == {}
    faults = {told.fault[of_study[uid][0]] for uid, _ in dated}
    assert faults == {"plain", "missing", "extra", "slip", "same_day", "twins", "daily"}
    counted = "SELECT case_key, count(*) FROM omop.procedure_occurrence JOIN harmonize.person_case USING (person_id)"
    procedures = dict(rows(path, f"{counted} GROUP BY case_key"))
    exams = Counter(case for _, case, *_ in told.exams)
    plain = [case for case, kind in told.fault.items() if kind in ("plain", "missing", "same_day", "daily")]
    assert {case: procedures[case] for case in plain if procedures[case] != exams[case]} == {}


def test_a_stated_day_stays_and_what_was_found_is_marked(told: Invented, matched: tuple[Path, Any]) -> None:
    found = "FROM midrc.imaging_study WHERE list_contains(computed, 'study_uid')"
    days = {exam: day for exam, _, _, day, *_ in told.exams}
    stated = dict(rows(matched[0], f"SELECT submitter_id, days_to_study {found}"))
    assert len(stated) > 500
    assert {exam: day for exam, day in stated.items() if days[exam] != day} == {}


def test_the_order_of_loads_makes_no_difference(tmp_path: Path) -> None:
    told = invent(60, seed=11)
    one, other = (load(tmp_path / first, told, first=first)[0] for first in ("records", "index"))
    for query in (
        PAIRS,
        "SELECT image_series_uid, image_occurrence_date FROM omop.image_occurrence",
        "FROM harmonize.day_match",
        "FROM harmonize.day_zero",
    ):
        assert sorted(rows(one, query), key=str) == sorted(rows(other, query), key=str)


def test_who_is_matched_changes_with_what_is_loaded(tmp_path: Path) -> None:
    """A corrected exam is matched anew, a withdrawn index takes everything found with it, without being asked."""
    told = invent(12, seed=7)
    path, _ = load(tmp_path / "store", told)
    first = dict(rows(path, PAIRS))
    case = next(case for case, kind in told.fault.items() if kind == "plain")
    told.exams = [(exam, own, node, day + 100 * (own == case), *rest) for exam, own, node, day, *rest in told.exams]
    patients, exams, _ = write(told, tmp_path)
    with harmonize.open(path) as db:
        db.load([patients, exams], source="ehr", mapping=MAPPING, project=PROJECT)
    assert dict(rows(path, PAIRS)) == first, "all exams of a case moved alike are the same exams"
    (zero,) = rows(path, f"SELECT day_zero FROM harmonize.day_zero WHERE case_key = '{case}'")
    assert (told.day_zero[case] - zero[0]).days == 100
    with open_current(path) as store:
        withdraw(store, 2)
    for query in (
        PAIRS,
        "FROM harmonize.day_zero",
        "FROM harmonize.day_match",
        "FROM midrc.imaging_study WHERE study_uid IS NOT NULL",
    ):
        assert rows(path, query) == []


def test_images_moved_study_by_study_are_refused(tmp_path: Path) -> None:
    path, result = load(tmp_path / "store", invent(40, scattered=True))
    (match,) = result.day_matches
    assert match.is_refused
    assert match.matched == 0
    assert "study by study" in match.sentences()[0]
    assert rows(path, PAIRS) == rows(path, "FROM harmonize.day_zero") == rows(path, "FROM omop.image_occurrence") == []


def test_a_single_pair_is_taken_only_where_it_is_asked_for(tmp_path: Path) -> None:
    told = invent(60, seed=3)
    path, _ = load(tmp_path / "store", told)
    single = {case for case, kind in told.fault.items() if kind == "single"}
    of_single = f"SELECT exam, study_uid FROM ({PAIRS}) WHERE exam[1:9] IN ({', '.join(map(repr, single))})"
    assert single
    assert rows(path, of_single) == []
    assert main(["link", "--match-days", "--single-pairs", "--db", str(path)]) == 0
    assert {exam: told.study_of[exam] for exam, _ in rows(path, of_single)} == dict(rows(path, of_single))
    assert len(rows(path, of_single)) == len(single)


def test_an_exam_that_names_its_study_decides(tmp_path: Path) -> None:
    told = invent(30, seed=5)
    tie = next(case for case, kind in told.fault.items() if kind == "tie")
    for place, (exam, case, node, *rest, uid) in enumerate(told.exams):
        named = told.study_of[exam] if exam == f"{tie}-E1" else uid
        told.exams[place] = (exam, case, "study" if case == tie else node, *rest, named)
    path, result = load(tmp_path / "store", told)
    tiers = {case["case_key"]: case["tier"] for case in result.day_matches[0].cases}
    assert tiers[tie] == "study_uid"
    assert {exam for exam, _ in rows(path, PAIRS) if exam.startswith(tie)} == {f"{tie}-E0", f"{tie}-E1"}


def test_without_the_wish_it_is_told_and_projects_that_count_no_days_are_refused(tmp_path: Path) -> None:
    path, result = load(tmp_path / "store", invent(5), match=False)
    text = "\n".join(result.summary_lines())
    assert "their images have dates, and the project counts days" in text
    assert "--match-days" in text
    assert "neither the study nor a series has a date" not in text
    told = "SELECT f.value FROM harmonize.finding f JOIN harmonize.rule USING (rule_id)"
    assert rows(path, f"{told} WHERE rule = 'dates_without_anchor'") == [(PROJECT,)]
    with open_current(path) as store:
        with pytest.raises(InputError, match="There is no project 'REGG'"):
            link(store, project="REGG")
        set_project(store, "PLAIN", time="as_is")
        with pytest.raises(InputError, match="does not count days"):
            link(store, match_days="unique", project="PLAIN")
    index = str(tmp_path / "store" / "index.parquet")
    sent = ["load", index, "--source", "idc", "--project", "PLAIN", "--match-days", "--db", str(path)]
    assert main(sent) == 2
    assert rows(path, "FROM harmonize.submission WHERE project_id = 'PLAIN'") == []


def test_nobody_learns_the_day_0(
    told: Invented, matched: tuple[Path, Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not by a query, the report, a published file (UIDs are new), nor by public UIDs unless the project says so."""
    path, result = matched
    for query in ("FROM harmonize.day_zero", "SELECT day_zero FROM day_zero", "WITH x AS (FROM day_zero) FROM x"):
        assert main(["query", query, "--db", str(path)]) == 2
        assert "not allowed" in capfd.readouterr().err
    page = link_page(result)
    assert "Exams by day and images by date" in page
    (project,) = result.to_json()["projects"]
    assert set(project["studies_unlinked"]) == {"unmatched"}
    zeros = {day.isoformat() for day in told.day_zero.values()}
    said = page + str(result.to_json()) + "\n".join(result.summary_lines()) + str(result.rows())
    assert [day for day in zeros if day in said] == []
    public, gen3 = tmp_path / "public.duckdb", tmp_path / "gen3"
    publish = ["publish", "--to", str(public), "--db", str(path)]
    for command in (publish, ["export", "gen3", "--to", str(gen3), "--db", str(path)]):
        assert main(command) == 2
        assert "dates the whole patient" in capfd.readouterr().err
    assert not public.exists()
    assert not gen3.exists()
    assert main(["project", "set", PROJECT, "--uids", "remap", "--db", str(path)]) == 0
    assert main(publish) == 0
    assert rows(public, "FROM duckdb_tables() WHERE table_name IN ('day_zero', 'day_match')") == []
    assert rows(public, "FROM midrc.imaging_series WHERE coalesce(study_date, series_date) IS NOT NULL") == []
    told_uid = "study_uid LIKE '1.2.826.0.1.3680043.8.498.%'"
    assert rows(public, f"FROM midrc.imaging_study WHERE {told_uid} OR study_date IS NOT NULL") == []
    assert rows(public, "SELECT 1 FROM omop.image_occurrence LIMIT 1") == [(1,)]


def test_a_store_without_days_has_none_to_match(new_store: Store) -> None:
    set_project(new_store, "PLAIN", time="as_is")
    with pytest.raises(InputError, match="No project of this store counts days"):
        link(new_store, match_days="unique")
