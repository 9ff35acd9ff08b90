"""The crosswalks: they cover the dictionary, name what exists, and each kind of planted error is found."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest
import yaml

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.mapping.compiler.compile import mappings
from harmonize.review.check import check, checked
from harmonize.review.crosswalk import consortia, crosswalk, crosswalks, properties
from harmonize.review.crosswalk_check import check_crosswalk
from harmonize.review.matrix import as_csv, counts, matrix
from harmonize.schema.load import load_schema
from harmonize.vocabulary.load import starter_file
from harmonize.vocabulary.sssom import NO_TERM

# OMOP ids of the project's fact sheets: concepts that the test vocabulary and the consortia's files do not hold.
FROM_FACTS = {8551, 581385, 8717, 5083, 722455, 581476, 45879404, 45883458, 45881517, 45877990, 705076, 706170, 756055}


def test_the_dictionary_has_its_properties():
    every = properties()
    assert len(every) == len({one.subject for one in every}) == 658
    found = every[:485]
    raw = yaml.safe_load((root("schemas") / "gen3.yaml").read_text(encoding="utf-8"))["classes"]
    wanted = {f"midrc:{name.removeprefix('gen3_')}/{slot}" for name, cls in raw.items() for slot in cls["attributes"]}
    assert {one.subject for one in found} == wanted
    added = {one.subject for one in every} - wanted
    hub = load_schema("midrc").classes
    assert {
        "midrc:Event/start_date",
        "midrc:ValueSlots/unit_code",
        "midrc:case/birth_year",
        "midrc:note/language",
    } < added
    assert all(name.rpartition("/")[2] in hub[name[6:].partition("/")[0]].slots for name in added)
    stored = {slot for cls in hub.values() for slot in cls.slots}
    told = {subject.rpartition("/")[2] for subject in added | wanted}
    assert stored - told == {"when_", "part_", "reason_", "record_id", "row_key", "mapping_id"}, "bookkeeping alone"


def test_five_consortia_are_whole():
    assert consortia() == ["omop", "all_of_us", "biodata_catalyst", "isaric", "n3c"]
    for walk in crosswalks():
        assert check_crosswalk(walk) == []
    assert [name for name in checked() if name.startswith("consortia/")] == [f"consortia/{n}" for n in consortia()]


def test_all_that_is_shipped_is_sound():
    assert len(checked()) == len(mappings()) + len(consortia())
    assert [(name, problem) for name in checked() for problem in check(name) if problem.level == "error"] == []


def test_every_property_is_mapped_or_none_with_a_reason():
    lines = [line for line in matrix(crosswalks()) if not line.value]
    assert len(lines) == 658
    for line in lines:
        for cell in line.cells.values():
            assert cell.objects or (cell.match == "none" and len(cell.comment) > 10), line.subject
    assert all(row["gap"] == 0 for row in counts(lines))


def test_the_extension_goes_where_the_pages_of_the_mappings_say():
    hub = load_schema("midrc").classes
    with (root("mappings") / "hub_to_omop.tsv").open(encoding="utf-8", newline="") as lines:
        reached = list(csv.DictReader(lines, delimiter="\t"))
    rows = {(row["subject_id"], row["object_id"]) for _, row in crosswalk("omop").rows}
    known = {one.subject for one in properties()}
    compared = 0
    for row in reached:
        owners = (row["class"], *hub[row["class"]].mixins)
        subject = next((name for owner in owners if (name := f"midrc:{owner}/{row['slot']}") in known), None)
        if subject is None or subject.endswith("/start_imputation") or subject not in {name for name, _ in rows}:
            continue
        for column in filter(None, (part.strip() for part in row["omop"].split("|"))):
            compared += 1
            assert (subject, f"omop:{column.replace('.', '/')}") in rows, (subject, column)
    assert compared > 250


def test_known_disagreements_are_told_and_not_smoothed_over():
    lines = {line.subject: line for line in matrix(crosswalks())}
    expected: dict[str, dict[str, set[int]]] = {
        "FHIR_class:OBSENC": {"omop": {262}, "n3c": {581385}},
        "FHIR_class:IMP": {"omop": {9201}, "n3c": {8717}, "biodata_catalyst": {9201}},
        "FHIR_class:VR": {"omop": {722455}, "n3c": {5083}},
        "midrc:case/sex#Not Reported": {"omop": {0}, "n3c": {0}, "biodata_catalyst": {8552}},
        "NY_SBU:smoking_status_v#Never": {"n3c": {45879404}, "biodata_catalyst": {45883537}},
    }
    for subject, by_consortium in expected.items():
        line = lines[subject]
        assert line.differs, subject
        for name, ids in by_consortium.items():
            assert line.cells[name].concepts == ids
            assert line.cells[name].comment
    assert not lines["FHIR_class:HH"].differs
    assert not lines["midrc:case/sex#Female"].differs
    assert "8551" in lines["midrc:case/sex#Not Reported"].cells["omop"].comment, "the rejected concept is a row"


def test_the_csv_holds_every_row():
    lines = matrix(crosswalks())
    rows = list(csv.DictReader(as_csv(lines).splitlines()))
    assert len(rows) == len(lines) == 1115
    sex = next(row for row in rows if (row["node"], row["property"], row["value"]) == ("case", "sex", ""))
    assert (sex["omop"], sex["biodata_catalyst_object"]) == ("related", "bdchm:Demography/sex")
    assert sex["omop_object"] == "omop:person/gender_concept_id + omop:person/gender_source_value"
    assert sex["isaric_object"] == "isaric:subject/sex_at_birth | ARC:demog_sex", "a form and what is made of it"


def test_every_value_is_mapped_or_none_with_a_reason():
    lines = [line for line in matrix(crosswalks()) if line.value and line.subject.startswith("midrc:")]
    listed = [value for one in properties() for value in one.slot.permissible_values or ()]
    assert len(lines) == len(listed) == 450
    for line in lines:
        for cell in line.cells.values():
            assert cell.objects or (cell.match == "none" and len(cell.comment) > 10), line.subject
    detector = next(line for line in lines if line.subject == "midrc:ct_series_file/lossy_image_compression#00")
    owner = next(
        line for line in matrix(crosswalks()) if line.subject == "midrc:ct_series_file/lossy_image_compression"
    )
    assert detector.cells["omop"] == owner.cells["omop"], "a value of what has no match has none, for the same reason"


TOKEN = "\tA privacy-preserving token: it joins persons inside the store and is never exported"
PLANTED = [
    ("midrc:case/sex\t", "midrc:case/sexx\t", "The dictionary has no property midrc:case/sexx."),
    ("midrc:case/zip\t", "midrc:case/sex\t", "midrc:case/zip is not here"),
    ("midrc:case/birth_year\t", "midrc:case/sex\t", "midrc:case/birth_year is not here"),
    ("midrc:case/sex#", "midrc:case/race#", "Of midrc:case/sex the values Female, Male, Not Reported are not here."),
    ("midrc:case/sex#Male", "midrc:case/sex#Mal", "midrc:case/sex has no value 'Mal'."),
    ("midrc:case/sex#Male", "midrc:case/sex#Mal", "Of midrc:case/sex the values Male are not here."),
    ("person/gender_concept_id", "person/sex_concept_id", "The CDM has no person.sex_concept_id."),
    ("Gender:F\t", "Sex:F\t", "uses the prefix 'Sex', which the curie_map does not declare."),
    ("SNOMED:840539006", "SNOMED:840539007", "the check digit is wrong"),
    ("gender_source_value\t", "gender_concept_id\t", "is mapped to omop:person/gender_concept_id twice."),
    ("1:n\tcase/sex\t", "\t\t", "midrc:case/sex has 2 objects, which its row does not say."),
    (TOKEN, "\t", "Nothing was found, and comment does not say why."),
    ("\teditors:crosswalks\t", "\t\t", "author_id is empty"),
    ("ManualMappingCuration\t1\t", "BackgroundKnowledgeBasedMatching\t1\t", "alone it is at most 0.8"),
    (
        "skos:relatedMatch\t\tomop:person/gender_source_value",
        "skos:closeMatch\t\tomop:person/gender_source_value",
        "midrc:case/sex is a pattern of 2 places in omop; this row says skos:closeMatch.",
    ),
    ("skos:closeMatch", "skos:nearMatch", "predicate_id is 'skos:nearMatch'"),
    ("\tOMOP:722455\tT", "\tOMOP:telehealth\tT", "expected is OMOP: and a concept's number"),
]


@pytest.mark.parametrize(("old", "new", "expected"), PLANTED)
def test_planted_errors_are_found(tmp_path, old, new, expected):
    folder = tmp_path / "omop"
    folder.mkdir()
    for file in (root("mappings") / "consortia" / "omop").glob("*.sssom.tsv"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = [problem.message for problem in check_crosswalk(crosswalk("omop", tmp_path))]
    assert any(expected in message for message in found), found


def test_no_such_crosswalk():
    with pytest.raises(InputError, match="no crosswalk 'n3cc'") as caught:
        check("consortia/n3cc")
    assert caught.value.hint == "Did you mean 'n3c'?"


def _objects() -> list[tuple[str, Any]]:
    return [(walk.name, row) for walk in crosswalks() for _, row in walk.rows if row["object_id"] != NO_TERM]


@pytest.mark.realdata
def test_objects_exist_in_the_consortia_s_own_files(shared):
    n3c: set[str] = set()
    with (shared / "omop" / "OMOP_CDMv5.3_Field_Level.csv").open(encoding="utf-8-sig", newline="") as lines:
        n3c |= {f"{r['cdmTableName'].lower()}/{r['cdmFieldName'].lower()}" for r in csv.DictReader(lines)}
    aou = {
        f"{path.stem}/{column['name'].lower()}"
        for folder in ("schemas_clinical", "ehr_file_check/omop")
        for path in (shared / "consortia" / "all_of_us" / folder).glob("*.json")
        for column in json.loads(path.read_text(encoding="utf-8"))
    }
    model = yaml.safe_load((shared / "consortia" / "biodata_catalyst" / "bdchm.yaml").read_text(encoding="utf-8"))
    core = {
        f"{name}/{slot}"
        for name in ("subject", "visit", "observation")
        for slot in json.loads((shared / "consortia/isaric" / f"{name}.schema.json").read_text())["properties"]
    }
    arc_file = shared / "consortia" / "isaric" / "arc_covid_subset.tsv"
    with arc_file.open(encoding="utf-8", newline="") as lines:
        arc = {row["Variable"]: row["Answer Options"] for row in csv.DictReader(lines, delimiter="\t")}
    seen = dict.fromkeys(("n3c", "aou", "bdchm", "isaric", "ARC"), 0)
    for _, row in _objects():
        prefix, _, code = row["object_id"].partition(":")
        path, _, value = code.partition("#")
        if prefix not in seen or path.startswith(("MANIFEST/", "ethnic")):
            continue
        seen[prefix] += 1
        if prefix == "n3c":
            assert path in n3c
        elif prefix == "aou":
            assert path in aou
        elif prefix == "bdchm" and value:
            assert row["object_concept"] == (_values(model["enums"], path)[value] or {}).get("meaning", "")
        elif prefix == "bdchm":
            assert path.partition("/")[2] in _attributes(model["classes"], path.partition("/")[0])
        elif prefix == "isaric":
            assert path in core
        else:
            assert f"{value}, " in arc[path] + ", "
    assert min(seen.values()) > 30


def _values(enums: dict[str, Any], name: str) -> dict[str, Any]:
    """The values of an enum: its own, those that it inherits and those that it includes."""
    parts = [
        enums[name],
        *(enums[parent] for parent in enums[name].get("inherits", [])),
        *enums[name].get("include", []),
    ]
    return {value: meant for part in parts for value, meant in part.get("permissible_values", {}).items()}


def _attributes(classes: dict[str, Any], name: str) -> set[str]:
    cls = classes[name]
    own = {*(cls.get("attributes") or {}), *(cls.get("slots") or [])}
    return own | (_attributes(classes, cls["is_a"]) if cls.get("is_a") else set())


def _starter() -> list[dict[str, str]]:
    with starter_file("concept").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.realdata
def test_every_concept_id_is_confirmed(shared):
    known = {int(row["concept_id"]) for row in _starter()} | FROM_FACTS
    with (shared / "athena" / "CONCEPT.csv").open(encoding="utf-8") as lines:
        known |= {int(line.partition("\t")[0]) for line in lines if line[0].isdigit()}
    model = (shared / "consortia" / "biodata_catalyst" / "bdchm.yaml").read_text(encoding="utf-8")
    for name, row in _objects():
        for curie in (row["object_id"], row["object_concept"]):
            prefix, _, number = curie.partition(":")
            if prefix == "OMOP":
                assert int(number) in known or f"OMOP:{number}" in model, (name, curie)


def test_columns_of_the_cdm_exist():
    classes = load_schema("omop").classes
    columns = [row["object_id"][5:].split("/") for _, row in _objects() if row["object_id"].startswith("omop:")]
    assert len(columns) > 150
    assert all(column in classes[table].slots for table, column in columns)


def test_how_near_a_match_is_goes_with_what_was_found() -> None:
    """Where there is no term, `exactMatch` stands, as SSSOM has it; where there is one, it has an object's name."""
    for name in consortia():
        for _, row in crosswalk(name).rows:
            assert row["object_id"] != NO_TERM or row["predicate_id"] == "skos:exactMatch", (name, row.cells)
