"""The shipped starter: its form, and each row against the source that confirms it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.paths import root
from harmonize.vocabulary.load import load_download, load_starter
from harmonize.vocabulary.resolve import resolve

FOLDER = root("mappings") / "vocabulary"
ATHENA = "athena v5.0 29-FEB-24"
KEYS = {
    "concept": ("concept_id",),
    "concept_relationship": ("concept_id_1", "concept_id_2", "relationship_id"),
    "vocabulary": ("vocabulary_id",),
    "domain": ("domain_id",),
    "concept_class": ("concept_class_id",),
    "relationship": ("relationship_id",),
}
# LOINC codes of a contributor that the download lacks: without confirmation they stay at concept 0.
UNCONFIRMED = [
    "76282-3", "76536-2", "33256-9", "1744-2", "2524-7", "6598-7", "75241-0", "48058-2", "1963-8", "62238-1",
    "33254-4", "30341-2", "13457-7", "13458-5",
]  # fmt: skip
CONFIRMED = [
    "8331-1", "59408-5", "9279-1", "8480-6", "751-8", "731-0", "2951-2", "1920-8", "2157-6", "33762-6",
    "2276-4", "1988-5", "4548-4", "39156-5", "2823-3", "2075-0", "3094-0", "2160-0", "2345-7", "2571-8",
    "2085-9",
]  # fmt: skip


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def targets(con: duckdb.DuckDBPyConnection, codings: list[str]) -> dict[str, int]:
    con.execute("CREATE OR REPLACE TEMP TABLE coding_used AS SELECT unnest(?::VARCHAR[]) AS coding", [codings])
    resolve(con)
    return dict(con.execute("SELECT coding, target_concept_id FROM coding_target").fetchall())


@pytest.mark.parametrize("table", KEYS)
def test_each_row_is_confirmed_and_unique(table: str) -> None:
    found = rows(FOLDER / f"{table}.tsv")
    assert found
    assert all(re.fullmatch(rf"{re.escape(ATHENA)}|facts: .+", row["confirmed_by"]) for row in found)
    keys = [tuple(row[column] for column in KEYS[table]) for row in found]
    assert len(set(keys)) == len(keys)


def test_concepts_are_sorted_and_few() -> None:
    found = [
        (row["vocabulary_id"], row["concept_code"], int(row["concept_id"])) for row in rows(FOLDER / "concept.tsv")
    ]
    assert found == sorted(found)
    assert 100 < len(found) < 1000


def test_the_other_files_name_concepts_that_resolve_or_say_why_not(con: duckdb.DuckDBPyConnection) -> None:
    load_starter(con)
    types = {row["source"]: row["type_concept"] for row in rows(FOLDER / "source_types.tsv")}
    assert set(types) == {"ehr", "fhir", "cirr", "ricord", "gen3", "dicom", "idc"}
    named = targets(con, [*types.values(), "SNOMED:77477000", "SNOMED:113091000", "SNOMED:71651007"])
    assert {source: named[code] for source, code in types.items()} == {
        "ehr": 32817, "fhir": 32817, "dicom": 32817, "idc": 32817,
        "cirr": 32879, "ricord": 32879, "gen3": 32879,
    }  # fmt: skip
    modalities = rows(FOLDER / "modality.tsv")
    assert {row["modality"]: named[row["concept"]] for row in modalities if row["concept"]} == {
        "CT": 4300757, "MG": 4324693, "MR": 4013636,
    }  # fmt: skip
    assert all(row["comment"] for row in modalities if not row["concept"])


def test_every_alias_leads_to_a_standard_concept(con: duckdb.DuckDBPyConnection) -> None:
    load_starter(con)
    aliases = rows(FOLDER / "aliases.tsv")
    codings = [f"{row['vocabulary_id']}:{row['alias']}" for row in aliases]
    known = {f"{row['vocabulary_id']}:{row['concept_code']}" for row in rows(FOLDER / "concept.tsv")}
    found = targets(con, codings)
    missing = [
        coding
        for coding, row in zip(codings, aliases, strict=True)
        if found[coding] == 0 and f"{row['target_vocabulary_id']}:{row['target_code']}" in known
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("description", "region"),
    [
        ("CT ABD AND PELVIS WITH IV CONT", "Abdomen and Pelvis"),
        ("CT ABD PELVIS(WITH CHEST IMAGES) W IV CON", "Chest, Abdomen and Pelvis"),
        ("CT CHEST ABDOMEN PELVIS W", "Chest, Abdomen and Pelvis"),
        ("CT CHEST PULMONARY ANGIO WITH IV CON", "Chest"),
        ("THORAX/ABDOMEN/PELVIS + CONT", "Chest, Abdomen and Pelvis"),
        ("MRI MRCP", "Abdomen"),
        ("BRAIN W/O CONTRAST", "Brain"),
        ("TUMOR LOCALWHOLE BODY SINGLE", None),
    ],
)
def test_region_of_a_study_description(description: str, region: str | None) -> None:
    patterns = [row for row in rows(FOLDER / "body_part.tsv") if row["kind"] == "StudyDescription"]
    hits = [row["region"] for row in patterns if re.search(rf"\b{row['text']}\b", description)]
    assert (hits[0] if hits else None) == region


@pytest.mark.realdata
@pytest.mark.parametrize("table", KEYS)
def test_rows_marked_athena_are_in_athena_as_they_stand(shared: Path, table: str) -> None:
    def line(row: dict[str, str]) -> tuple[str, ...]:
        cells = {**row, "concept_class_id": row.get("concept_class_id") or "Undefined"}
        return tuple(cells[column] for column in columns)

    columns = [column for column in rows(FOLDER / f"{table}.tsv")[0] if column != "confirmed_by"]
    athena = {line(row) for row in rows(shared / "athena" / f"{table.upper()}.csv")}
    marked = [line(row) for row in rows(FOLDER / f"{table}.tsv") if row["confirmed_by"] == ATHENA]
    assert marked
    assert [row for row in marked if row not in athena] == []


@pytest.mark.realdata
def test_what_athena_lacks_comes_from_the_starter(con: duckdb.DuckDBPyConnection, shared: Path) -> None:
    summary = load_download(con, shared / "athena")
    assert (summary.version, summary.download) == ("v5.0 29-FEB-24", 34_342)
    facts = [row for row in rows(FOLDER / "concept.tsv") if row["confirmed_by"] != ATHENA]
    assert summary.starter == len(facts)
    assert summary.starter_conflicts == 0


@pytest.mark.realdata
def test_21_of_35_loinc_codes_of_the_site_resolve(con: duckdb.DuckDBPyConnection, shared: Path) -> None:
    load_download(con, shared / "athena")
    found = targets(con, [f"LOINC:{code}" for code in CONFIRMED + UNCONFIRMED])
    assert {code for code in CONFIRMED + UNCONFIRMED if found[f"LOINC:{code}"] == 0} == set(UNCONFIRMED)
    assert len(CONFIRMED) == 21


@pytest.mark.realdata
def test_standard_concepts_without_self_row_stand_for_themselves(con: duckdb.DuckDBPyConnection, shared: Path) -> None:
    """All but the 16 that the release retired though it left them standard; one of those has a successor."""
    load_download(con, shared / "athena")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE coding_used AS "
        "SELECT DISTINCT vocabulary_id || ':' || concept_code AS coding FROM omop.concept "
        "WHERE standard_concept = 'S'"
    )
    resolve(con)
    counted = "SELECT count(*) FILTER (target_concept_id = 0), count(*) FILTER (is_retired) FROM coding_target"
    assert con.execute(counted).fetchone() == (15, 16)
    assert con.execute("FROM coding_target WHERE target_concept_id = 0 AND NOT is_retired").fetchall() == []
    assert targets(con, ["UCUM:mL/min/1.73.m2", "UCUM:mL/min/{1.73_m2}"]) == {
        "UCUM:mL/min/1.73.m2": 720870, "UCUM:mL/min/{1.73_m2}": 720870,
    }  # fmt: skip
    assert targets(con, ["SNOMED:268425006"]) == {"SNOMED:268425006": 0}  # retired, with Maps to itself


def test_a_concept_may_be_named_by_its_id(con: duckdb.DuckDBPyConnection) -> None:
    """OMOP:id, for a concept of which the code is not confirmed; one that no vocabulary has is 0."""
    load_starter(con)
    assert targets(con, ["OMOP:8527", "OMOP:1546847", "OMOP:none"]) == {
        "OMOP:8527": 8527,
        "OMOP:1546847": 0,
        "OMOP:none": 0,
    }
