"""Every row of every value set: that its object is what its label says, and what its value means.

Three ways to see a neighbour's code. The label must be the vocabulary's name of the object. The words of the value must
fit no other concept of the vocabulary better, and none of them may be the opposite of one in the name. And the reviewed
tables (data/value_set_names.tsv, data/crosswalk_places.tsv; made by names_table.py) must say the same. What the words
cannot know stands in data/accepted.tsv, each with its reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from names_table import NAMES, PLACED, names_lines, placed_lines
from value_words import (
    PLACES,
    coded_rows,
    disagreement,
    likeness,
    names_in,
    plain_name,
    rows_of,
    said,
    sets,
    starter_names,
    table,
    words,
)

from harmonize.vocabulary.sssom import NO_TERM

# Properties for which N3C, which takes fewer things, has no place although it has the column.
NOT_ASKED_BY_N3C = {
    "midrc:case/site_id", "midrc:procedure/conditions", "midrc:radiology_report/cases",
    "midrc:radiology_report/data_type", "midrc:radiology_report/modality", "midrc:radiology_report/study_description",
}  # fmt: skip
# How an age is known is an observation of ours (age_precision); other consortia have no place for it.
AGES = {
    "midrc:case/age_at_index", "midrc:case/age_at_index_gt89", "midrc:case/age_value", "midrc:case/age_text",
}  # fmt: skip


def wrong_labels(names: dict[str, str]) -> list[str]:
    """Rows whose label is not the name that the vocabulary gives their object."""
    other = {row["object"]: row for row in table("other_names")}
    found = []
    for name, row in coded_rows():
        code, label = row["object_id"], row["object_label"]
        if code not in names:
            continue
        accepted = {plain_name(names[code])}
        if code in other:
            assert other[code]["name"] == plain_name(names[code]), f"data/other_names.tsv is out of date: {code}"
            accepted.add(other[code]["label"])
        if label not in accepted:
            found.append(
                f"{name}, line {row.line}: {row['subject_id']} is labelled {label!r}; {code} is {names[code]!r}"
            )
    return found


def test_labels_are_the_starters_names() -> None:
    assert wrong_labels(starter_names()) == []


def test_what_the_starter_lacks_is_known_by_name() -> None:
    """A code that the starter does not hold is listed by hand in data/known_concepts.tsv, with who told its name."""
    known, starter = {row["object"]: row["name"] for row in table("known_concepts")}, starter_names()
    wrong = [
        f"{name}, line {row.line}: {row['object_id']} is labelled {row['object_label']!r}"
        for name, row in coded_rows()
        if row["object_id"] not in starter and known.get(row["object_id"]) != row["object_label"]
    ]
    assert wrong == []


@pytest.mark.realdata
def test_names_that_athena_told_are_athenas(shared: Path) -> None:
    athena, other = names_in(shared / "athena" / "CONCEPT.csv"), {row["object"] for row in table("other_names")}
    for row in table("known_concepts"):
        code = row["object"]
        assert (code in athena) is (row["told_by"] == "Athena"), row
        if code in athena and code not in other:
            assert plain_name(athena[code]) == row["name"], row


@pytest.mark.realdata
def test_labels_are_athenas_names(shared: Path) -> None:
    athena = names_in(shared / "athena" / "CONCEPT.csv")
    assert wrong_labels(athena) == []
    labelled = {row["object_id"] for _, row in coded_rows()}
    missing = {row["object"] for row in table("other_names")} - set(athena)
    assert missing == set()
    assert len(labelled & set(athena)) > 100


def test_one_code_has_one_label() -> None:
    labels = defaultdict(set)
    for _, row in coded_rows():
        labels[row["object_id"]].add(row["object_label"])
    assert {code: found for code, found in labels.items() if len(found) > 1} == {}


def known_concepts() -> dict[str, str]:
    """Every concept that a value may be mapped to: those of the starter, and those known by name besides."""
    wanted = {row["object_id"] for _, row in coded_rows()}
    starter = {code: plain_name(name) for code, name in starter_names().items() if _is_code(code) or code in wanted}
    return {row["object"]: row["name"] for row in table("known_concepts")} | starter


def _is_code(code: str) -> bool:
    return not code.startswith("OMOP:")


def test_no_other_concept_fits_a_value_better() -> None:
    accepted = {(row["value"], row["object"]) for row in table("accepted")}
    pool: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for code, name in known_concepts().items():
        pool[code.partition(":")[0]].append((code, words(name)))
    found, used = [], set()
    for name, row in coded_rows():
        value, code = said(row), row["object_id"]
        mine = likeness(words(value), words(row["object_label"]))
        best, better = max(
            (likeness(words(value), other), other_code) for other_code, other in pool[code.partition(":")[0]]
        )
        code_said = row["subject_id"].partition(":")[2].rpartition("/")[2]
        against = disagreement(f"{value} {code_said}", row["object_label"])
        if mine > 0 and best <= mine and against is None:
            continue
        used.add((value, code))
        if (value, code) not in accepted:
            why = against or (f"{better} {pool_name(better)!r} fits better" if best > mine else "no word in common")
            found.append(
                f"{name}, line {row.line}: {row['subject_id']} ({value}) → {code} {row['object_label']!r}: {why}"
            )
    assert found == []
    assert accepted - used == set(), "data/accepted.tsv lists rows that need no excuse"


def pool_name(code: str) -> str:
    return known_concepts()[code]


@pytest.mark.parametrize(
    ("value", "name", "agree"),
    [
        ("left lung", "Structure of right lung", False),
        ("Mild opacities", "Moderate", False),
        ("NOT DETECTED", "Detected", False),
        ("NOT DETECTED", "Negative", True),
        ("Not Hispanic", "Hispanic or Latino", False),
        ("Emergency room visit", "Emergency Room and Inpatient Visit", True),
        ("food intolerance", "Food allergy", False),
        ("inpatient", "Outpatient Visit", False),
        ("Systolic", "Diastolic blood pressure", False),
        ("start_date", "visit_end_date", False),
    ],
)
def test_opposites(value: str, name: str, agree: bool) -> None:
    assert (disagreement(value, name) is None) is agree


@pytest.mark.parametrize(("path", "made"), [(NAMES, names_lines), (PLACED, placed_lines)])
def test_the_reviewed_table_says_the_same(path: Path, made: Callable[[], list[str]]) -> None:
    lines = made()
    reviewed = path.read_text(encoding="utf-8").splitlines()
    new = [f"+ {line}" for line in lines if line not in set(reviewed)]
    gone = [f"- {line}" for line in reviewed if line not in set(lines)]
    assert gone + new == [], (
        f"a value means something else: review it, then run python {Path(__file__).parent}/names_table.py"
    )
    assert lines == reviewed


def test_a_place_is_called_by_its_name() -> None:
    wrong = [
        f"{name}, line {row.line}: {row['object_id']} is labelled {row['object_label']!r}"
        for name, row in sets()
        if row["object_id"].partition(":")[0] in PLACES - {"ARC"}
        and not row["object_id"].startswith("isaric:ethnic")  # numbers
        and row["object_label"] != row["object_id"].partition(":")[2].replace("#", "/").rpartition("/")[2]
    ]
    assert wrong == []


def test_no_place_is_the_opposite_of_its_property() -> None:
    wrong = []
    for name, row in sets():
        prefix, _, place = row["object_id"].partition(":")
        if prefix not in PLACES or "#" in row["subject_id"]:
            continue
        against = disagreement(row["subject_id"].rpartition("/")[2], place.rpartition("/")[2])
        if against:
            wrong.append(f"{name}, line {row.line}: {row['subject_id']} → {row['object_id']}: {against}")
    assert wrong == []


def places() -> dict[str, dict[str, set[str]]]:
    """Consortium → property → its columns, of the crosswalks to models that are shaped like OMOP."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, row in sets():
        prefix, _, place = row["object_id"].partition(":")
        if name.startswith("consortia/") and not name.endswith("/values") and prefix in {"omop", "n3c", "aou"}:
            found[prefix][row["subject_id"]].add(place)
    return found


@pytest.mark.parametrize("consortium", ["n3c", "aou"])
def test_consortia_of_one_model_have_a_property_in_the_same_columns(consortium: str) -> None:
    found = places()
    elsewhere = {row["column"]: row[consortium] for row in table("omop_columns_elsewhere")}
    wrong = []
    for subject in sorted(found["omop"].keys() | found[consortium].keys()):
        expected = {elsewhere.get(place, place) for place in found["omop"][subject]} - {""}
        there = {place for place in found[consortium][subject] if not place.startswith("MANIFEST/")}
        if subject in AGES:
            expected -= {"observation/observation_source_value", "observation/value_source_value"}
        if consortium == "n3c" and subject in NOT_ASKED_BY_N3C:
            expected &= there
        if expected != there:
            wrong.append(f"{subject}: OMOP {sorted(expected)}, {consortium} {sorted(there)}")
    assert wrong == []


def test_consortia_mean_one_concept_by_a_value_or_it_is_told() -> None:
    """Where the concept of a value is known by id in several crosswalks, it is the same one."""
    concepts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, row in sets():
        concept = row["object_concept"] or (row["object_id"] if row["object_id"].startswith("OMOP:") else "")
        if name.startswith("consortia/") and name.endswith("/values") and concept:
            concepts[row["subject_id"]][name.split("/")[1]].add(concept)
    differing = {subject for subject, by in concepts.items() if len(set(map(frozenset, by.values()))) > 1}
    # docs/consortia.md: where consortia differ
    assert differing == {
        "FHIR_class:IMP", "FHIR_class:VR", "NY_SBU:smoking_status_v#Current", "NY_SBU:smoking_status_v#Never",
        "midrc:case/race#Not Reported", "midrc:case/race_ethnicity#Not Reported", "midrc:case/sex#Not Reported",
    }  # fmt: skip


@pytest.mark.realdata
def test_hl7s_guide_names_the_same_concepts(shared: Path) -> None:
    """Each row of the FHIR value sets against the concept maps of HL7's FHIR-to-OMOP guide, by the target's name."""
    maps = {
        "FHIR_class": "EncounterClass",
        "FHIR_admit": "EncounterAdmitSource",
        "FHIR_discharge": "EncounterDischargeDisposition",
    }
    told = {
        (row["conceptmap"], row["source_code"]): row["target_display"]
        for row in rows_of(shared / "fhir_omop_ig" / "concept_maps_flat.tsv")
    }
    wrong, compared = [], 0
    for name, row in coded_rows():
        prefix, _, code = row["subject_id"].partition(":")
        if name != "fhir/values":
            continue
        kind, _, category = code.partition("-")
        key = (maps[prefix], code) if prefix in maps else (f"{kind.capitalize()}Type", category)
        if key in told:
            compared += 1
            if words(told[key]) != words(row["object_label"]):
                wrong.append(
                    f"line {row.line}: {row['subject_id']} is {row['object_label']!r}, the guide says {told[key]!r}"
                )
    assert wrong == []
    assert compared == 27  # 23 before VR, HH, aadvice and exp had a code


@pytest.mark.realdata
def test_the_forms_that_cirr_uses_name_the_same_codes(shared: Path) -> None:
    """CIRR's columns are ISARIC's: each code stands in ARC, followed by its name."""
    arc = (shared / "consortia" / "isaric" / "ARC.csv").read_text(encoding="utf-8")
    own = {
        "Artificial respiration",
        "Renal dialysis",
        "Dyspnea",
        "Otalgia",
    }  # two are broader than what ARC names, one cut off there, one without a code there
    for name, row in coded_rows():
        if name != "cirr/columns" or row["object_label"] in own:
            continue
        code = re.escape(row["object_id"].partition(":")[2])
        following = [words(text) for text in re.findall(rf"\b{code}\b[ ,|]*([^,|\"\t]{{1,80}})", arc)]
        assert any(words(row["object_label"]) <= text for text in following), f"{row['subject_id']}: {following[:3]}"


def test_no_row_is_known_to_be_wrong() -> None:
    """other_names.tsv says why a label is not the vocabulary's name; that it is wrong is no reason."""
    assert [row["object"] for row in table("other_names") if row["reason"].startswith("WRONG")] == []


def test_what_stands_for_nothing_says_so() -> None:
    """A row without a concept has no label and no concept of another model."""
    wrong = [
        f"{name}, line {row.line}: {row['subject_id']}"
        for name, row in sets()
        if row["object_id"] == NO_TERM and (row["object_label"] or row["object_concept"])
    ]
    assert wrong == []
