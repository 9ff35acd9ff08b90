"""What the shipped questions answer of an invented study, against counts by plain Python."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from math import log2, sqrt
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from invented_study import (
    AGES,
    ANTIBODIES,
    CONDITIONS,
    DEATHS,
    DIAGNOSES,
    FLAGGED,
    ICU_STAYS,
    LABS,
    MEMBERS,
    PERSONS,
    RACE,
    SEX,
    STUDIES,
    TESTS,
    Event,
    Study,
    put_study,
)
from rows_by_hand import day, people, put
from rows_by_hand import study as put_one_study

from harmonize.export.questions import question

Rows = list[tuple[Any, ...]]
Ask = Callable[..., Rows]


@pytest.fixture
def ask(hand: DuckDBPyConnection) -> Ask:
    """Asks a question of the invented study."""
    put_study(hand)

    def answer(name: str, **given: object) -> Rows:
        asked = question(name)
        return hand.execute(asked.sql, asked.bound(asked.values(given))).fetchall()

    return answer


def positive(imputed: bool = False) -> list[Event]:
    return [one for one in TESTS if one.value == "Positive" and (imputed or not one.imputed)]


def nearest(study: Study, events: list[Event]) -> Event | None:
    """The event of the study's person that is nearest to it, of equally near ones the earlier."""
    own = [one for one in events if one.person == study.person]
    return min(own, key=lambda one: (abs(one.day - study.clinical_day), one.day), default=None)


@pytest.mark.parametrize(("days", "imputed"), [(3, False), (3, True), (0, False), (50, True)])
def test_ct_near_a_positive_test(ask: Ask, days: int, imputed: bool) -> None:
    expected = []
    for study in STUDIES:
        test = nearest(study, positive(imputed))
        if study.modality == "CT" and test is not None and abs(study.clinical_day - test.day) <= days:
            expected.append((study.project, study.person, study.uid, study.clinical_day - test.day))
    found = ask("ct-near-positive-test", days=days, imputed=imputed)
    assert [(row[0], row[1], row[3], row[6]) for row in found] == sorted(expected)
    assert len(expected) > 0


def test_the_day_of_a_sign_is_told_with_its_kind(ask: Ask) -> None:
    kinds = {row[1]: row[7] for row in ask("ct-near-positive-test", imputed=True, modality="XR", days=100)}
    imputed = {one.person for one in TESTS if one.imputed}
    studied = {one.person: one.project for one in STUDIES if one.modality in ("CR", "DX")}
    assert kinds == {
        n: "imputed" if n in imputed else "shifted" if studied[n] == "Q" else "real"
        for n in {one.person for one in positive(True)} & studied.keys()
    }
    assert set(kinds.values()) == {"imputed", "shifted", "real"}


@pytest.mark.parametrize(("days", "imputed"), [(14, False), (14, True), (7, False)])
def test_icu_after_the_first_film(ask: Ask, days: int, imputed: bool) -> None:
    """The offset of the images of Q counts: a stay at the limit is in or out by that one day."""
    expected = []
    for project, person in MEMBERS:
        films = [s for s in STUDIES if (s.project, s.person) == (project, person) and s.modality in ("CR", "DX")]
        if not films:
            continue
        first = min(films, key=lambda one: one.day)
        stays = [one.day for one in ICU_STAYS if one.person == person and (imputed or not one.imputed)]
        after = [stay - first.clinical_day for stay in stays if 0 <= stay - first.clinical_day <= days]
        if after:
            expected.append((project, person, first.uid, min(after)))
    found = ask("icu-after-first-film", days=days, imputed=imputed)
    assert [(row[0], row[1], row[3], row[4]) for row in found] == sorted(expected)
    assert {row[0] for row in found} == {"P", "Q"}


def test_labs_around_imaging(ask: Ask) -> None:
    expected = []
    for study in STUDIES:
        near = [one for one in LABS if one.person == study.person and not one.imputed]
        near = [one for one in near if abs(one.day - study.clinical_day) <= 2]
        if near:
            lab = min(near, key=lambda one: (abs(one.day - study.clinical_day), one.day))
            expected.append((study.project, study.person, study.uid, lab.value, lab.day - study.clinical_day))
    found = ask("labs-around-imaging")
    assert [(row[0], row[1], row[2], row[5], row[7]) for row in found] == sorted(expected)
    assert {row[4] for row in found} == {"C reactive protein [Mass/volume] in Serum or Plasma"}
    assert ask("labs-around-imaging", lab="1988-5") == found
    assert ask("labs-around-imaging", lab="sodium") == []


@pytest.mark.parametrize("days", [40, 70])
def test_post_covid_imaging(ask: Ask, days: int) -> None:
    expected = []
    for study in STUDIES:
        tests = [one.day for one in positive() if one.person == study.person]
        others = [one.day for one in DIAGNOSES if one.person == study.person and not one.imputed]
        for basis, own in (("test", tests), ("diagnosis", others)):
            if own:
                if study.clinical_day - min(own) >= days:
                    expected.append((study.project, study.person, study.uid, basis, study.clinical_day - min(own)))
                break
    found = [(row[0], row[1], row[3], row[6], row[7]) for row in ask("post-covid-imaging", days=days)]
    assert sorted(found) == sorted(expected)
    assert len(expected) > 0


def test_covid_positives_by_what_tells_it(ask: Ask) -> None:
    told = {
        "test": {one.person for one in positive(True)},
        "antibody": {one.person for one in ANTIBODIES},
        "diagnosis": {one.person for one in DIAGNOSES},
        "flag": set(FLAGGED),
    }
    imaged = {(one.project, one.person) for one in STUDIES}
    expected = []
    for project in ("P", "Q"):
        members = {n for of, n in MEMBERS if of == project}
        for basis, persons in told.items():
            own = persons & members
            if own:
                others = set().union(*(some for other, some in told.items() if other != basis))
                expected.append(
                    (project, basis, len(own), len({n for n in own if (project, n) in imaged}), len(own - others))
                )
    assert [row[:5] for row in ask("covid-positives")] == expected
    assert ("Q", "antibody", 1, 0, 0) in expected or ("Q", "antibody", 1, 0, 1) in expected


def test_what_each_project_holds(ask: Ask) -> None:
    dead = {one.person for one in DEATHS}
    tested = {one.person for one in positive(True)}
    signs = tested | {one.person for one in ANTIBODIES + DIAGNOSES} | set(FLAGGED)
    expected = []
    for project in ("P", "Q"):
        members = {n for of, n in MEMBERS if of == project}
        studies = [one for one in STUDIES if one.project == project]
        expected.append(
            (project, len(members), len({one.person for one in studies}), 0, len(studies), 0, len(members & tested),
             len(members & signs - tested), len(members & dead))
        )  # fmt: skip
    assert ask("sites") == expected
    assert ask("sites", project="Q") == expected[1:]


def test_what_is_missing(ask: Ask) -> None:
    """Of project P; the order is by what is missing least."""
    members = {n for of, n in MEMBERS if of == "P"}
    imaged = {one.person for one in STUDIES}
    there = {
        "sex": {n for n in PERSONS if SEX[n % 3][1]}, "age": set(AGES), "race": {n for n in PERSONS if RACE[n % 4][1]},
        "ethnicity": set(), "visit": set(), "imaging_study": imaged,
        "condition": {e.person for e in CONDITIONS + DIAGNOSES}, "drug": set(),
        "numeric_measurement": {one.person for one in LABS}, "covid_test": {one.person for one in TESTS},
        "death": {one.person for one in DEATHS},
    }  # fmt: skip
    expected = {
        (field, len(members), len(members - known), round(100 * len(members - known) / len(members), 1))
        for field, known in there.items()
    }
    assert {row[1:] for row in ask("missingness", project="P")} == expected


def test_studies_by_month(ask: Ask) -> None:
    studies: Counter[Any] = Counter()
    persons: defaultdict[Any, set[int]] = defaultdict(set)
    first = {person: min(s.day for s in STUDIES if s.person == person) for person in {s.person for s in STUDIES}}
    new: Counter[Any] = Counter()
    for study in STUDIES:
        key = (study.project, day(study.day).replace(day=1), study.modality)
        studies[key] += 1
        persons[key].add(study.person)
        new[key] += study.day == first[study.person]
    expected = [(*key, studies[key], len(persons[key]), new[key]) for key in sorted(studies)]
    assert ask("imaging-over-time") == expected
    assert len({row[1] for row in expected}) > 2


def test_deaths_by_comorbidity(ask: Ask) -> None:
    dead = {one.person for one in DEATHS}
    persons: defaultdict[str, set[int]] = defaultdict(set)
    for one in CONDITIONS:
        persons[one.value].add(one.person)
    persons["COVID-19"] = {one.person for one in DIAGNOSES}
    expected = {
        (name, len(own), len(own & dead), round(100 * len(own & dead) / len(own), 1),
         round(100 * len(dead - own) / (len(PERSONS) - len(own)), 1))
        for name, own in persons.items()
        if len(own) >= 5
    }  # fmt: skip
    found = ask("deaths-by-comorbidity", persons=5)
    assert set(found) == expected
    assert {row[0] for row in found} == {"asthma", "gout", "COVID-19"}
    assert [row[3] for row in found] == sorted((row[3] for row in found), reverse=True)


def test_repeat_imaging_takes_films_as_one(ask: Ask) -> None:
    days: defaultdict[Any, list[int]] = defaultdict(list)
    for study in STUDIES:
        kind = "XR" if study.modality in ("CR", "DX") else study.modality
        days[study.project, study.person, f"c{study.person}", kind, "Chest"].append(study.day)
    expected = {
        (*key, len(own), max(own) - min(own), min(b - a for a, b in pairwise(own)))
        for key, own in days.items()
        if len(own) >= 2
    }
    assert set(ask("repeat-imaging", studies=2)) == expected
    assert set(ask("repeat-imaging", studies=2, modality="DX")) == {row for row in expected if row[3] == "XR"}


def test_status_at_imaging(ask: Ask) -> None:
    studies: Counter[Any] = Counter()
    for study in STUDIES:
        test = nearest(study, [one for one in TESTS if not one.imputed])
        near = test is not None and abs(test.day - study.clinical_day) <= 2
        studies[study.project, study.modality, test.value if test is not None and near else "Unknown"] += 1
    assert {row[:3]: row[3] for row in ask("test-status-at-imaging", days=2)} == studies
    assert {status for _, _, status in studies} == {"Positive", "Negative", "Unknown"}


def test_controls_never_had_a_sign(ask: Ask) -> None:
    signs = {one.person for one in positive(True) + ANTIBODIES + DIAGNOSES} | set(FLAGGED)
    tests = [one for one in TESTS if one.value == "Negative" and not one.imputed and one.person not in signs]
    expected = []
    for study in STUDIES:
        test = nearest(study, tests)
        if test is not None and abs(study.clinical_day - test.day) <= 3:
            expected.append((study.project, study.person, study.uid, study.clinical_day - test.day))
    found = [(row[0], row[1], row[3], row[6]) for row in ask("negative-controls")]
    assert found == sorted(expected)
    assert 0 < len(found) < len([one for one in TESTS if one.value == "Negative"])


def test_follow_up(ask: Ask) -> None:
    """The last thing that happens to a person, deaths aside, after the first study."""
    expected = []
    for project in ("P", "Q"):
        spans = []
        for person in {one.person for one in STUDIES if one.project == project}:
            studies = [one.clinical_day for one in STUDIES if (one.project, one.person) == (project, person)]
            events = [
                one.day
                for one in TESTS + ICU_STAYS + LABS + CONDITIONS + DIAGNOSES + ANTIBODIES
                if one.person == person and not one.imputed
            ]
            spans.append((person, max(studies + events) - min(studies)))
        days = [span for _, span in spans]
        dead = {one.person for one in DEATHS}
        expected.append(
            (project, len(days), len([d for d in days if d > 0]), statistics.median(days), max(days),
             len([d for d in days if d >= 60]), len([person for person, _ in spans if person in dead]))
        )  # fmt: skip
    assert ask("follow-up", days=60) == expected


def _distance(counts: dict[str, int], reference: dict[str, int]) -> float:
    """Jensen-Shannon distance to base 2, by its definition with entropies."""
    p = {name: counts.get(name, 0) / sum(counts.values()) for name in reference}
    q = {name: count / sum(reference.values()) for name, count in reference.items()}
    middle = {name: (p[name] + q[name]) / 2 for name in reference}

    def entropy(shares: dict[str, float]) -> float:
        return -sum(share * log2(share) for share in shares.values() if share > 0)

    return sqrt(entropy(middle) - (entropy(p) + entropy(q)) / 2)


def _group(low: int, high: int) -> str | None:
    groups = {"0-17": (0, 17), "18-64": (18, 64), "65+": (65, 200)}
    return next((name for name, (first, last) in groups.items() if first <= low and high <= last), None)


def test_representativeness(ask: Ask) -> None:
    counts: dict[str, Counter[str]] = {
        "sex": Counter(SEX[n % 3][1] for n in PERSONS if SEX[n % 3][1]),
        "race": Counter(RACE[n % 4][1] for n in PERSONS if RACE[n % 4][1]),
        "age": Counter(group for low, high in AGES.values() if (group := _group(low, high))),
    }
    asked = question("representativeness")
    figures = json.loads(str(asked.bound(asked.values({}))["reference"]))
    found = ask("representativeness")
    for characteristic, own in counts.items():
        reference = {f["category"]: int(f["persons"]) for f in figures if f["characteristic"] == characteristic}
        rows = [row for row in found if row[0] == characteristic]
        assert {row[1]: row[2] for row in rows} == {name: own.get(name, 0) for name in reference}
        assert {row[5] for row in rows} == {round(_distance(own, reference), 4)}
        assert {row[6] for row in rows} == {len(PERSONS) - sum(own.values())}
        assert sum(row[3] for row in rows) == pytest.approx(1, abs=2e-4)
    # nothing is known of ethnicity: no distance
    assert {row[5:] for row in found if row[0] == "ethnicity"} == {(None, len(PERSONS))}


def test_like_the_reference_is_at_distance_0_and_nothing_in_common_at_1(ask: Ask, tmp_path: Path) -> None:
    own = Counter(SEX[n % 3][1] for n in PERSONS if SEX[n % 3][1])
    table = tmp_path / "like.tsv"
    lines = ["characteristic\tcategory\tpersons", *(f"sex\t{name}\t{count * 7}" for name, count in own.items())]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert {row[5] for row in ask("representativeness", reference=str(table))} == {0.0}
    table.write_text("# a comment\n" + "\n".join(lines[:2]).replace("sex\t", "race\t") + "\nrace\tNobody\t5\n")
    assert [row[1:4] for row in ask("representativeness", reference=str(table))][1] == ("Nobody", 0, None)
    table.write_text(
        "\n".join(
            [lines[0], "race\tAsian\t0", "race\tNobody\t5", "race\tWhite\t0", "race\tBlack or African American\t0"]
        )
    )
    assert {row[5] for row in ask("representativeness", reference=str(table))} == {1.0}


def test_a_drug_without_a_name_and_a_study_without_clinical_facts_are_counted(hand: DuckDBPyConnection) -> None:
    """Nothing falls out of an answer because a thing has no concept, no name, or stands alone."""
    people(hand, [1, 2])
    put(
        hand, "harmonize.person_case",
        [{"project_id": "P", "case_key": f"c{n}", "person_id": n, "basis": "clinical", "chosen_project_id": "P",
          "chosen_case_key": f"c{n}"} for n in (1, 2)],
    )  # fmt: skip
    put(
        hand, "omop.drug_exposure",
        [{"drug_exposure_id": 1, "person_id": 1, "drug_concept_id": 0, "drug_type_concept_id": 0,
          "drug_exposure_start_date": day(1), "drug_exposure_end_date": day(1)}],
    )  # fmt: skip
    put_one_study(hand, 2)

    def answer(name: str) -> Rows:
        asked = question(name)
        return hand.execute(asked.sql, asked.bound(asked.values({})) or None).fetchall()

    assert answer("treatment-by-severity") == [("other", 2, "not named", 1, 50.0)]
    assert [row[:6] for row in answer("follow-up")] == [("P", 1, 0, 0.0, 0, 0)]
    assert [(row[0], row[1], row[2], row[5], row[6]) for row in answer("study-loinc")] == [("P", "CT", None, 1, 1)]
