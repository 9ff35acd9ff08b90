"""Mappings to and from other tools: what comes back is what went out, and statuses become decisions."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from harmonize.cli.main import main
from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.review.check import check_reviews
from harmonize.review.concept_map import EQUIVALENCE, read_concept_map, write_concept_map
from harmonize.review.decide import decide
from harmonize.review.decisions import read_decisions, standings
from harmonize.review.incoming import take_in
from harmonize.review.mappings import find_row, reviewed_rows
from harmonize.review.source_to_concept_map import COLUMNS, read_table, write_table
from harmonize.review.usagi import AFTER, BEFORE, EQUIVALENCES, STATUSES, read_usagi, write_usagi
from harmonize.review.workbook import read_workbook, write_workbook
from harmonize.review.worklist import worklist

ANN, BEN = "site:ann", "site:ben"
DAY = "2026-01-05"
ASIAN = "MIDRC_419639:Race#Asian"
SHIPPED = ["ehr/site_419639", "ehr/covid_19_ny_sbu", "fhir", "gen3/batch", "consortia/n3c", "consortia/omop"]
HEAD = """#mapping_set_id: https://example.org/x
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  SITE: https://example.org/site/
#  Gender: https://example.org/gender/
#  Race: https://example.org/race/
#  LOINC: https://loinc.org/
#  OMOP: https://example.org/omop/
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\tauthor_id\tcomment
"""


def copy(name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root("mappings") / name, tmp_path / name))


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.tsv"))}


def through_usagi(folder: Path, tmp_path: Path) -> list[Any]:
    file = tmp_path / "usagi.csv"
    file.write_text(write_usagi(folder), encoding="utf-8")
    return read_usagi(file, None)


def through_fhir(folder: Path, tmp_path: Path) -> list[Any]:
    file = tmp_path / "map.json"
    file.write_text(json.dumps(write_concept_map(folder, "https://example.org/x")), encoding="utf-8")
    return read_concept_map(file, folder)


def through_table(folder: Path, tmp_path: Path) -> list[Any]:
    file = tmp_path / "table.csv"
    file.write_text(write_table(folder), encoding="utf-8")
    return read_table(file, folder)


def through_workbook(folder: Path, tmp_path: Path) -> list[Any]:
    file = tmp_path / "book.xlsx"
    write_workbook(file, worklist(folder))
    return read_workbook(file, folder, reviewer=ANN, date=DAY)


def take(folder: Path, incoming: list[Any], **more: Any) -> Any:
    return take_in(folder, incoming, reviewer=BEN, date=DAY, comment="Imported", **more)


@pytest.mark.parametrize("through", [through_usagi, through_fhir, through_workbook])
@pytest.mark.parametrize("name", SHIPPED)
def test_what_went_out_and_comes_back_changes_nothing(tmp_path, name, through: Callable[..., list[Any]]):
    folder = copy(name, tmp_path)
    rows = [one for one in reviewed_rows(folder) if one.row["predicate_modifier"] != "Not"]
    decide(folder, rows[:2], "accept", reviewer=ANN, date=DAY)
    decide(folder, rows[1:2], "reject", reviewer=BEN, date=DAY, comment="No")
    before = texts(folder)
    done = take(folder, through(folder, tmp_path))
    assert (done.changed, done.added, done.decided, done.absent) == ([], [], 0, [])
    assert done.unchanged == len(reviewed_rows(folder))
    assert texts(folder) == before


@pytest.mark.parametrize("name", SHIPPED[:4])
def test_a_table_comes_back_too(tmp_path, name):
    folder = copy(name, tmp_path)
    before = texts(folder)
    rows = through_table(folder, tmp_path)
    assert take(folder, rows).changed == [], "ids that the starter lacks are 0 and stay the row they were"
    assert texts(folder) == before


@pytest.fixture
def usagi_file(tmp_path: Path) -> Path:
    """A Usagi file with each status and equivalence, two targets for one code, and columns of its own."""
    rows = []
    for n, status in enumerate(STATUSES):
        for m, equivalence in enumerate(EQUIVALENCES):
            rows.append(
                {
                    "sourceCode": f"c{n}{m}",
                    "sourceName": f'term, {n} | {m} = "x"',
                    "sourceFrequency": str(n * 10 + m),
                    "sourceAutoAssignedConceptIds": "",
                    "matchScore": f"0.{n}{m}5",
                    "mappingStatus": status,
                    "equivalence": equivalence,
                    "statusSetBy": "Müller, Ann" if n % 2 else "Bob",
                    "statusSetOn": str(1_700_000_000_123 + n),
                    "conceptId": "0" if equivalence == "UNMATCHED" or status == "IGNORED" else "8532",
                    "conceptName": "Unmapped" if equivalence == "UNMATCHED" or status == "IGNORED" else "FEMALE",
                    "domainId": "" if equivalence == "UNMATCHED" or status == "IGNORED" else "Gender",
                    "mappingType": "MAPS_TO_VALUE" if m == 3 else "MAPS_TO",
                    "comment": f"why {n}",
                    "createdBy": "<auto>" if n != 1 else "Müller, Ann",
                    "createdOn": str(1_600_000_000_999 + m),
                    "assignedReviewer": "Cy" if m else "",
                }
            )
    rows.append(
        rows[0] | {"conceptId": "4711", "conceptName": "Unheard of", "domainId": "Drug", "mappingType": "MAPS_TO_UNIT"}
    )
    file = tmp_path / "from_usagi.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*BEFORE, *AFTER])
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder with one value set without rows."""
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "values.sssom.tsv").write_text(HEAD, encoding="utf-8")
    return folder


def test_usagi_loses_nothing(usagi_file, empty, tmp_path):
    done = take(empty, read_usagi(usagi_file, "SITE"))
    assert len(done.added) == 50
    assert list(check_reviews(empty)) == []
    with usagi_file.open(encoding="utf-8", newline="") as lines:
        sent = list(csv.DictReader(lines))
    back = list(csv.DictReader(StringIO(write_usagi(empty))))
    assert [{name: row[name] for name in sent[0]} for row in back] == sent

    again = texts(empty)
    second = tmp_path / "again.csv"
    second.write_text(write_usagi(empty), encoding="utf-8")
    assert take(empty, read_usagi(second, None)).unchanged == 50, "and our own export comes back as it was"
    assert take(empty, read_usagi(usagi_file, "SITE")).decided == 0, "a second import decides nothing again"
    assert texts(empty) == again


def test_usagi_statuses_become_decisions(usagi_file, empty):
    take(empty, read_usagi(usagi_file, "SITE"))
    rows = {one.subject: one for one in reviewed_rows(empty)}
    standing = standings(list(rows.values()), read_decisions(empty))
    states = [standing[rows[f"SITE:c{n}1"].hash].state for n in range(len(STATUSES))]
    assert dict(zip(STATUSES, states, strict=True)) == {
        "APPROVED": "accepted_once",
        "UNCHECKED": "unreviewed",
        "AUTO_MAPPED": "unreviewed",
        "AUTO_MAPPED_TO_1": "unreviewed",
        "INVALID_TARGET": "discussion",
        "FLAGGED": "discussion",
        "IGNORED": "unreviewed",
    }
    approved = rows["SITE:c01"]
    assert (approved.row["reviewer_id"], approved.row["review_date"]) == ("usagi:Bob", "2023-11-14")
    assert rows["SITE:c02"].predicate == "skos:broadMatch"
    assert rows["SITE:c01"].object == "Gender:F"
    assert rows["SITE:c61"].object == "sssom:NoTermFound"
    assert [one.object for one in reviewed_rows(empty) if one.subject == "SITE:c00"] == ["Gender:F", "OMOP:4711"]


def test_what_a_person_does_in_usagi_arrives(tmp_path):
    folder = copy("ehr/site_419639", tmp_path)
    rows = list(csv.DictReader(StringIO(write_usagi(folder))))
    asian = next(row for row in rows if row["sourceCode"] == "Race#Asian")
    asian |= {"conceptId": "8527", "conceptName": "White", "equivalence": "INEXACT", "mappingStatus": "FLAGGED"}
    asian |= {"statusSetBy": "Cy", "statusSetOn": "1700000000000", "comment": "wrong row?"}
    white = next(row for row in rows if row["sourceCode"] == "Race#White or Caucasian")
    white |= {"mappingStatus": "APPROVED", "statusSetBy": "Cy", "statusSetOn": "1700000000000"}
    file = tmp_path / "edited.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = take(folder, read_usagi(file, None))
    assert (done.changed, done.decided) == ([ASIAN], 2)
    one = find_row(reviewed_rows(folder), ASIAN)
    assert (one.object, one.row["object_label"], one.predicate, one.author) == (
        "Race:5",
        "White",
        "skos:relatedMatch",
        BEN,
    )
    assert one.row["comment"] == "wrong row?"
    assert find_row(reviewed_rows(folder), "MIDRC_419639:Race#White or Caucasian").row["reviewer_id"] == "usagi:Cy"
    assert list(check_reviews(folder)) == []


def test_concept_map_is_fhir(tmp_path):
    from fhir.resources.R4B.conceptmap import ConceptMap

    for name in SHIPPED:
        resource = write_concept_map(root("mappings") / name, "https://example.org/x")
        ConceptMap.model_validate(resource)
    loinc = write_concept_map(root("mappings") / "gen3/batch", "https://example.org/x")["group"]
    assert "http://loinc.org" in {group.get("target") for group in loinc}
    assert len(set(EQUIVALENCE.values())) == len(EQUIVALENCE)


# http://hl7.org/fhir/R4/valueset-concept-map-equivalence.html says it of the target, SKOS of the object
MEANINGS = {
    "skos:exactMatch": "equal", "skos:closeMatch": "equivalent", "skos:broadMatch": "wider",
    "skos:narrowMatch": "narrower", "skos:relatedMatch": "relatedto",
}  # fmt: skip


def test_each_side_is_the_same_in_every_form(empty, tmp_path):
    """Broader here is wider there: said of the same side in a ConceptMap, in other words of R4, and in Usagi."""
    lines = "".join(f"SITE:{n}\t\t{one}\tLOINC:LA6576-8\t\tsemapv:X\t\t\t\n" for n, one in enumerate(MEANINGS))
    (empty / "values.sssom.tsv").write_text(HEAD + lines, encoding="utf-8")
    (group,) = write_concept_map(empty, "https://example.org/x")["group"]
    assert [element["target"][0]["equivalence"] for element in group["element"]] == [*MEANINGS.values()]
    rows = list(csv.DictReader(StringIO(write_usagi(empty))))
    assert [row["equivalence"] for row in rows] == ["EQUAL", "EQUIVALENT", "WIDER", "NARROWER", "INEXACT"]
    said = {"subsumes": "broad", "specializes": "narrow", "inexact": "related"}
    group["element"] = [{"code": code, "target": [{"code": "LA6576-8", "equivalence": code}]} for code in said]
    file = tmp_path / "map.json"
    file.write_text(json.dumps({"resourceType": "ConceptMap", "group": [group]}), encoding="utf-8")
    read = [row.cells["predicate_id"] for row in read_concept_map(file, empty)]
    assert read == [f"skos:{name}Match" for name in said.values()]


def test_a_concept_map_from_elsewhere(empty, tmp_path):
    group = {
        "source": "https://example.org/site/",
        "target": "http://loinc.org",
        "element": [
            {"code": "pos", "display": "positive", "target": [{"code": "LA6576-8", "equivalence": "subsumes"}]},
            {"code": "not", "target": [{"code": "LA6577-6", "equivalence": "disjoint"}]},
            {"code": "none", "target": [{"equivalence": "unmatched", "comment": "c"}]},
        ],
    }
    file = tmp_path / "map.json"
    resource = {"resourceType": "ConceptMap", "status": "draft", "group": [group]}
    file.write_text(json.dumps(resource), encoding="utf-8")
    take(empty, read_concept_map(file, empty))
    found = [(o.subject, o.predicate, o.row["predicate_modifier"], o.object) for o in reviewed_rows(empty)]
    assert found == [
        ("SITE:pos", "skos:broadMatch", "", "LOINC:LA6576-8"),
        ("SITE:not", "skos:exactMatch", "Not", "LOINC:LA6577-6"),
        ("SITE:none", "skos:exactMatch", "", "sssom:NoTermFound"),
    ]
    for change, message in (
        ({"equivalence": "same", "code": "x"}, r"group\[0\].element\[0\].target\[0\]: equivalence is 'same'"),
        ({"equivalence": "equal", "code": "x", "system": ""}, "no prefix stands for"),
    ):
        group["element"][0]["target"] = [change]
        group["target"] = "http://loinc.org" if "same" in str(change) else "http://snomed.info/sct"
        file.write_text(json.dumps(resource), encoding="utf-8")
        with pytest.raises(InputError, match=message):
            read_concept_map(file, empty)
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no FHIR ConceptMap"):
        read_concept_map(file, empty)


def test_a_table_from_elsewhere(empty, tmp_path):
    file = tmp_path / "t.csv"
    lines = [",".join(COLUMNS), "pos,0,SITE,positive,45884084,LOINC,1970-01-01,2099-12-31,", "x,0,SITE,x,0,None,,,",
             "old,0,SITE,old,8532,Gender,1970-01-01,2000-01-01,D"]  # fmt: skip
    file.write_text("\n".join(lines), encoding="utf-8")
    take(empty, read_table(file, empty))
    found = [(one.subject, one.predicate, one.object, one.row["object_label"]) for one in reviewed_rows(empty)]
    assert found == [
        ("SITE:pos", "skos:closeMatch", "LOINC:LA6576-8", "Positive"),
        ("SITE:x", "skos:exactMatch", "sssom:NoTermFound", ""),
    ]
    file.write_text("source_code,target_concept_id\n", encoding="utf-8")
    with pytest.raises(InputError, match="column source_vocabulary_id is missing"):
        read_table(file, empty)


def test_a_workbook_is_edited_and_decided_in(tmp_path):
    folder = copy("ehr/site_419639", tmp_path)
    file = tmp_path / "book.xlsx"
    write_workbook(file, worklist(folder))
    book = load_workbook(file)
    sheet = book["mappings"]
    header = [cell.value for cell in sheet[1]]
    column = {name: number for number, name in enumerate(header, 1)}
    line = next(n for n in range(2, sheet.max_row + 1) if sheet.cell(n, column["subject_id"]).value == ASIAN)
    sheet.cell(line, column["object_id"], "Race:3")
    sheet.cell(line + 1, column["decision"], "accept")
    other = sheet.cell(line + 1, column["subject_id"]).value
    book.save(file)
    done = take(folder, read_workbook(file, folder, reviewer=ANN, date=DAY))
    assert (done.changed, done.decided) == ([ASIAN], 1)
    assert find_row(reviewed_rows(folder), ASIAN).object == "Race:3"
    assert find_row(reviewed_rows(folder), other).row["reviewer_id"] == ANN
    with pytest.raises(InputError, match="has changed since the export"):
        take(folder, read_workbook(file, folder, reviewer=ANN, date=DAY))
    sheet.cell(line + 1, column["decision"], "reject")
    book.save(file)
    with pytest.raises(InputError, match="needs a decision_comment"):
        read_workbook(file, folder, reviewer=ANN, date=DAY)
    sheet.cell(line + 1, column["decision"], "acept")
    book.save(file)
    with pytest.raises(InputError, match="no decision 'acept'"):
        read_workbook(file, folder, reviewer=ANN, date=DAY)


def test_a_text_in_a_workbook_is_no_formula(empty, tmp_path):
    (empty / "values.sssom.tsv").write_text(
        HEAD + '=HYPERLINK("x")\t=1+1\tskos:exactMatch\tGender:F\t@x\tsemapv:X\t1\ta:b\t+1\n', encoding="utf-8"
    )
    write_workbook(tmp_path / "b.xlsx", worklist(empty))
    sheet = load_workbook(tmp_path / "b.xlsx")["mappings"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_new_subjects_need_a_file_and_a_prefix(tmp_path, empty):
    folder = copy("ehr/site_419639", tmp_path)
    file = tmp_path / "t.csv"
    file.write_text("source_code,source_vocabulary_id,target_concept_id\nq,SITE,8532\n", encoding="utf-8")
    before = texts(folder)
    with pytest.raises(InputError, match="say which value set takes them"):
        take(folder, read_table(file, folder))
    with pytest.raises(InputError, match="does not declare the prefix 'SITE'"):
        take(folder, read_table(file, folder), into="person.sssom.tsv")
    with pytest.raises(InputError, match=r"has no file persons.sssom.tsv"):
        take(folder, read_table(file, folder), into="persons.sssom.tsv")
    assert texts(folder) == before


def test_the_commands(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HARMONIZE_REVIEWER", BEN)
    folder = copy("ehr/site_419639", tmp_path)
    before = texts(folder)
    for form in ("usagi", "source_to_concept_map", "fhir", "xlsx"):
        file = tmp_path / f"out.{form}"
        assert main(["mapping", "export", str(folder), "--format", form, "-o", str(file)]) == 0
        assert main(["mapping", "import", str(folder), str(file), "--format", form, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["changed"] == []
    assert texts(folder) == before
    assert main(["mapping", "import", str(folder), str(tmp_path / "out.fhir"), "--format", "usagi"]) == 2
    assert "no Usagi file" in capsys.readouterr().err
