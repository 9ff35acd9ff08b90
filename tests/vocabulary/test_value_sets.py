"""Value sets as custom concepts, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from athena_files import concept, maps_to

from harmonize.engine.errors import InputError
from harmonize.vocabulary.load import ensure_vocabulary, load_download
from harmonize.vocabulary.resolve import resolve
from harmonize.vocabulary.sssom import read_sssom
from harmonize.vocabulary.value_sets import Problem, check_value_sets, install, refresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

HEAD = """# mapping_set_id: https://example.org/values
# license: https://creativecommons.org/publicdomain/zero/1.0/
# curie_map:
#   SITE: https://example.org/site/
#   SNOMED: http://snomed.info/id/
#   LOINC: http://loinc.org/
"""
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
)


def line(subject: str, object_id: str, **cells: str) -> dict[str, str]:
    return {
        "subject_id": subject,
        "subject_label": subject.partition(":")[2],
        "predicate_id": "skos:exactMatch",
        "object_id": object_id,
        "mapping_justification": "semapv:ManualMappingCuration",
        **cells,
    }


def write(folder: Path, *rows: dict[str, str], head: str = HEAD, name: str = "values") -> Path:
    folder.mkdir(exist_ok=True)
    columns = [*COLUMNS, *sorted({column for row in rows for column in row} - set(COLUMNS))]
    lines = ["\t".join(columns), *("\t".join(row.get(column, "") for column in columns) for row in rows)]
    (folder / f"{name}.sssom.tsv").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


def custom_concepts(con: DuckDBPyConnection) -> list[tuple[str, int]]:
    return con.execute(
        "SELECT vocabulary_id || ':' || concept_code, concept_id FROM omop.concept "
        "WHERE concept_id >= 2000000000 ORDER BY concept_id"
    ).fetchall()


def snapshot(con: DuckDBPyConnection) -> list[list[tuple[object, ...]]]:
    tables = ("omop.concept", "omop.vocabulary", "omop.source_to_concept_map", "harmonize.concept_layer")
    return [con.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in tables]


def target_of(con: DuckDBPyConnection, coding: str) -> tuple[int, int, str | None]:
    con.execute("CREATE OR REPLACE TEMP TABLE coding_used AS SELECT ? AS coding", [coding])
    resolve(con)
    row = con.execute("SELECT source_concept_id, target_concept_id, domain_id FROM coding_target").fetchone()
    assert row is not None
    return row


def test_subjects_become_custom_concepts(con: DuckDBPyConnection, tmp_path: Path) -> None:
    ensure_vocabulary(con)
    rows = [
        line("SITE:htn", "SNOMED:38341003", subject_label="Hypertension"),
        line("SITE:smoking#Never", "LOINC:LA18978-9"),
        line("SITE:icu", "sssom:NoTermFound"),
        line("SITE:cough", "SNOMED:49727002", predicate_modifier="Not"),
    ]
    install(con, write(tmp_path / "site", *rows), "ehr/site")
    assert custom_concepts(con) == [
        ("SITE:htn", 2000000000),
        ("SITE:icu", 2000000001),
        ("SITE:smoking#Never", 2000000002),
    ]
    row = con.execute(
        "SELECT concept_name, domain_id, standard_concept, valid_start_date::VARCHAR FROM omop.concept "
        "WHERE concept_id = 2000000000"
    ).fetchone()
    assert row == ("Hypertension", "Condition", None, "1970-01-01")
    maps = con.execute(
        "SELECT source_code, target_concept_id, target_vocabulary_id FROM omop.source_to_concept_map "
        "ORDER BY source_code"
    ).fetchall()
    assert maps == [("htn", 316866, "SNOMED"), ("icu", 0, "None"), ("smoking#Never", 0, "None")]
    assert target_of(con, "SITE:htn") == (2000000000, 316866, "Condition")
    assert target_of(con, "SITE:icu") == (2000000001, 0, None)
    assert con.execute("SELECT count(*) FROM omop.vocabulary WHERE vocabulary_id = 'SITE'").fetchone() == (1,)


def test_refresh_is_idempotent_and_keeps_ids(con: DuckDBPyConnection, tmp_path: Path) -> None:
    ensure_vocabulary(con)
    before = snapshot(con)
    install(con, write(tmp_path / "a", line("SITE:htn", "SNOMED:38341003")), "ehr/a")
    install(con, write(tmp_path / "b", line("OTHER:cad", "SNOMED:53741008")), "ehr/b")
    both = snapshot(con)
    refresh(con, ["ehr/a", "ehr/b"])
    assert snapshot(con) == both
    refresh(con, ["ehr/b"])
    assert custom_concepts(con) == [("OTHER:cad", 2000000001)]
    refresh(con, [])
    assert snapshot(con) == before
    install(con, write(tmp_path / "c", line("NEW:x", "SNOMED:38341003")), "ehr/c")
    install(con, tmp_path / "a", "ehr/a")
    assert custom_concepts(con) == [("SITE:htn", 2000000000), ("NEW:x", 2000000002)]


def test_two_mappings_of_one_store_stay_apart(con: DuckDBPyConnection, tmp_path: Path) -> None:
    ensure_vocabulary(con)
    install(con, write(tmp_path / "a", line("SITE:x", "SNOMED:38341003"), line("SITE:y", "SNOMED:38341003")), "ehr/a")
    install(con, write(tmp_path / "b", line("SITE:x", "SNOMED:38341003"), line("OTHER:y", "SNOMED:53741008")), "ehr/b")
    targets = {coding: target_of(con, coding)[1] for coding in ("SITE:x", "SITE:y", "OTHER:y")}
    assert targets == {"SITE:x": 316866, "SITE:y": 316866, "OTHER:y": 317576}
    before = con.execute("FROM harmonize.value_set ORDER BY ALL").fetchall()
    con.execute("BEGIN")
    with pytest.raises(InputError, match="of ehr/c and of ehr/b give different concepts for OTHER:y"):
        install(
            con, write(tmp_path / "c", line("SITE:x", "SNOMED:38341003"), line("OTHER:y", "SNOMED:49727002")), "ehr/c"
        )
    con.execute("ROLLBACK")
    assert con.execute("FROM harmonize.value_set ORDER BY ALL").fetchall() == before
    # what one mapping had goes with it, what both say stays
    refresh(con, ["ehr/b"])
    targets = {coding: target_of(con, coding)[1] for coding in ("SITE:x", "SITE:y", "OTHER:y")}
    assert targets == {"SITE:x": 316866, "SITE:y": 0, "OTHER:y": 317576}


def test_an_installed_mapping_is_replaced_by_its_new_version(con: DuckDBPyConnection, tmp_path: Path) -> None:
    ensure_vocabulary(con)
    install(con, write(tmp_path / "a", line("SITE:x", "SNOMED:38341003")), "ehr/a")
    install(con, write(tmp_path / "a", line("SITE:x", "SNOMED:53741008")), "ehr/a")
    assert target_of(con, "SITE:x") == (2000000000, 317576, "Condition")


def test_a_vocabulary_load_rebuilds_the_value_sets(
    con: DuckDBPyConnection, tmp_path: Path, download: Callable[..., Path]
) -> None:
    ensure_vocabulary(con)
    install(con, write(tmp_path / "a", line("SITE:never", "LOINC:LA18978-9")), "ehr/a")
    assert target_of(con, "SITE:never") == (2000000000, 0, None)
    answer = concept(45879404, "LA18978-9", "Never smoker", vocabulary="LOINC", domain="Meas Value")
    summary = load_download(con, download([answer]))
    assert target_of(con, "SITE:never") == (2000000000, 45879404, "Meas Value")
    assert summary.custom == 1


def test_custom_ids_come_after_those_of_the_download(
    con: DuckDBPyConnection, tmp_path: Path, download: Callable[..., Path]
) -> None:
    load_download(con, download([concept(2_000_000_005, "own", "A site's own concept", vocabulary="Local")]))
    install(con, write(tmp_path / "a", line("SITE:x", "SNOMED:38341003")), "ehr/a")
    assert target_of(con, "SITE:x")[0] == 2_000_000_006


def test_a_subject_without_prefix_is_told(con: DuckDBPyConnection, tmp_path: Path) -> None:
    ensure_vocabulary(con)
    with pytest.raises(InputError, match=r"values\.sssom\.tsv, line 8: expected are subject_id and object_id"):
        install(con, write(tmp_path / "a", line("noprefix", "SNOMED:38341003")), "ehr/a")


def problems(folder: Path, con: DuckDBPyConnection | None = None) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.level, problem.message) for problem in check_value_sets(folder, con)]


def test_a_sound_value_set_has_no_problems(con: DuckDBPyConnection, tmp_path: Path) -> None:
    ensure_vocabulary(con)
    rows = [
        line("SITE:htn", "SNOMED:38341003", object_label="Hypertensive disorder", domain_id="Condition"),
        line("SITE:icu", "sssom:NoTermFound", confidence="0.9"),
    ]
    assert check_value_sets(write(tmp_path / "a", *rows), con) == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            line("NOSITE:x", "SNOMED:38341003"),
            "uses the prefix 'NOSITE', which the curie_map does not declare",
        ),
        (line("SITE:x", "38341003"), "object_id is '38341003'; expected is a CURIE"),
        (line("SITE:x", "SNOMED:38341003", predicate_id="skos:exact"), "predicate_id is 'skos:exact'"),
        (line("SITE:x", "SNOMED:38341003", mapping_justification="semapv:Guess"), "semapv:Guess"),
        (line("SITE:x", "SNOMED:38341003", confidence="high"), "confidence is 'high'"),
        (line("SITE:x", "SNOMED:38341003", predicate_modifier="No"), "predicate_modifier is 'No'"),
        (line("SITE:x", "SNOMED:38341004"), "the check digit is wrong"),
        (line("SITE:x", "LOINC:2951-3"), "the check digit is wrong"),
        (line("SITE:" + "x" * 51, "SNOMED:38341003"), "has 51 characters; OMOP allows 50"),
    ],
)
def test_faults_of_form_are_errors(tmp_path: Path, row: dict[str, str], sentence: str) -> None:
    found = problems(write(tmp_path / "a", row))
    assert [(number, level) for number, level, _ in found] == [(8, "error")]
    assert sentence in found[0][2]


def test_a_head_that_lacks_what_sssom_requires(tmp_path: Path) -> None:
    head = "# curie_map:\n#   SITE: https://example.org/\n#   SNOMED: http://snomed.info/id/\n"
    found = problems(write(tmp_path / "a", line("SITE:x", "SNOMED:38341003"), head=head))
    assert [message for _, _, message in found] == [
        "The head does not give license, which SSSOM requires.",
        "The head does not give mapping_set_id, which SSSOM requires.",
    ]


def test_a_subject_is_mapped_once_unless_it_says_otherwise(tmp_path: Path) -> None:
    once, again = line("SITE:x", "SNOMED:38341003"), line("SITE:x", "SNOMED:53741008")
    found = problems(write(tmp_path / "a", once, again))
    assert [(number, level) for number, level, _ in found] == [(9, "error")]
    assert "line 8, to SNOMED:38341003" in found[0][2]
    several = {**again, "mapping_cardinality": "1:n"}
    assert problems(write(tmp_path / "b", once, several)) == []
    found = problems(write(tmp_path / "c", once, several, several))  # each of several objects once, too
    assert [(number, level) for number, level, _ in found] == [(10, "error")]
    assert "line 9, to SNOMED:53741008" in found[0][2]


def test_objects_are_checked_against_the_vocabulary(
    con: DuckDBPyConnection, tmp_path: Path, download: Callable[..., Path]
) -> None:
    concepts = [
        concept(101, "38341003", "Hypertensive disorder"),
        concept(102, "59621000", "Essential hypertension", standard="", invalid="U"),
        concept(103, "53741008", "Coronary arteriosclerosis", invalid="D"),
        concept(104, "1201005", "Benign hypertension", standard=""),
    ]
    load_download(con, download(concepts, [maps_to(102, 101, "Concept replaced by"), maps_to(104, 101)]))
    rows = [
        line("SITE:a", "SNOMED:77176002", object_label="Smoker"),
        line("SITE:b", "SNOMED:59621000"),
        line("SITE:c", "SNOMED:53741008"),
        line("SITE:d", "SNOMED:38341003", domain_id="Procedure"),
        line("SITE:e", "SNOMED:38341003", object_label="Hypotension"),
        line("SITE:f", "SNOMED:271737000", object_label="hypertensive disorder"),
        line("SITE:g", "SNOMED:1201005"),
    ]
    found = check_value_sets(write(tmp_path / "a", *rows), con)
    assert found == [
        Problem("values.sssom.tsv", 9, "warning",
                "SNOMED:59621000 (Essential hypertension) is retired; rows of its subject have what replaces it.",
                "It is replaced by SNOMED:38341003 (Hypertensive disorder)"),
        Problem("values.sssom.tsv", 10, "error",
                "SNOMED:53741008 (Coronary arteriosclerosis) is retired, and nothing replaces it; "
                "its subject stays at concept 0."),
        Problem("values.sssom.tsv", 11, "error",
                "SNOMED:38341003 (Hypertensive disorder) is of domain Condition, not Procedure."),
        Problem("values.sssom.tsv", 12, "warning",
                "object_label of SNOMED:38341003 is Hypotension; "
                "the vocabulary calls it Hypertensive disorder."),
        Problem("values.sssom.tsv", 13, "warning",
                "The loaded vocabulary does not hold SNOMED:271737000; its subject stays at concept 0.",
                "Near: SNOMED:38341003 (Hypertensive disorder)"),
        Problem("values.sssom.tsv", 14, "error",
                "SNOMED:1201005 (Benign hypertension) is not a standard concept.",
                "It maps to SNOMED:38341003 (Hypertensive disorder)"),
    ]  # fmt: skip


def test_names_that_speak_against_a_value_set(
    con: DuckDBPyConnection, tmp_path: Path, download: Callable[..., Path]
) -> None:
    """A thing without a concept that has one by name or synonym; matches that are not as near as they say."""
    concepts = [
        concept(301, "1", "Otalgia"),
        concept(302, "2", "Conjunctivitis"),
        concept(303, "3", "Heart failure"),
        concept(304, "4", "Left heart failure"),
        concept(305, "5", "Heart disease"),
        concept(306, "6", "Vasopressor therapy", domain="Procedure"),
        concept(307, "7", "Ear or mouth disease"),
        concept(308, "8", "Yes", domain="Meas Value"),
        concept(309, "9", "Old word", invalid="D"),
    ]
    concepts = [text.replace("SNOMED", "Own") for text in concepts]
    folder = download(concepts, [maps_to(304, 303, "Is a"), maps_to(303, 305, "Is a")])
    synonyms = "concept_id\tconcept_synonym_name\tlanguage_concept_id\n301\tEar pain\t4180186\n"
    (folder / "CONCEPT_SYNONYM.csv").write_text(synonyms, encoding="utf-8")
    load_download(con, folder)
    nothing = "sssom:NoTermFound"
    rows = [
        line("SITE:a", nothing, subject_label="ear pain"),
        line("SITE:b", nothing, subject_label="Conjunctivitis"),
        line("SITE:c", nothing, subject_label="Yes"),
        line("SITE:d", nothing, subject_label="Old word"),
        line("SITE:e", "Own:5", subject_label="Heart failure"),
        line("SITE:f", "Own:4", subject_label="Heart failure"),
        line("SITE:g", "Own:2", subject_label="Heart failure"),
        line("SITE:h", "Own:5", subject_label="Heart failure", predicate_id="skos:broadMatch"),
        line("SITE:i", "Own:5", subject_label="Heart failure", predicate_id="skos:narrowMatch"),
        line("SITE:j", "Own:4", subject_label="Heart failure", predicate_id="skos:broadMatch"),
        line("SITE:k", "Own:6", subject_label="Inotropes or vasopressors"),
        line("SITE:l", "Own:7", subject_label="Mouth disease"),
        line("SITE:m", "Own:6", subject_label="Vasopressors (one or more)"),
        line("SITE:n", "Own:1", subject_label="Ear pain"),
    ]
    head = HEAD + "#   sssom: https://w3id.org/sssom/\n#   Own: https://example.org/own/\n"
    found = [(p.line, p.level, p.message) for p in check_value_sets(write(tmp_path / "a", *rows, head=head), con)]
    first = 10
    assert found == [
        (first + number, "warning", message)
        for number, message in [
            (0, "SITE:a (ear pain) has no concept, and the vocabulary has a standard one of that name."),
            (1, "SITE:b (Conjunctivitis) has no concept, and the vocabulary has a standard one of that name."),
            (4, "SITE:e (Heart failure) is an exact match of Own:5 (Heart disease), which is broader than the one "
                "of that name."),
            (5, "SITE:f (Heart failure) is an exact match of Own:4 (Left heart failure), which is narrower than "
                "the one of that name."),
            (6, "SITE:g (Heart failure) is an exact match of Own:2 (Conjunctivitis), which is another concept than "
                "the one of that name."),
            (8, "SITE:i (Heart failure) is a narrow match of Own:5 (Heart disease), but that is broader than the "
                "concept of its name."),
            (9, "SITE:j (Heart failure) is a broad match of Own:4 (Left heart failure), but that is narrower than "
                "the concept of its name."),
            (10, "SITE:k (Inotropes or vasopressors) names several things, and its exact match Own:6 (Vasopressor "
                 "therapy) one of them."),
            (11, "SITE:l (Mouth disease) names one thing, and its exact match Own:7 (Ear or mouth disease) several."),
        ]
    ]  # fmt: skip


def test_what_is_near_a_code_that_is_not_there(
    con: DuckDBPyConnection, tmp_path: Path, download: Callable[..., Path]
) -> None:
    """A code of six digits or more that differs in one, else the concept of that name; the name goes first."""
    con_codes = [concept(201, "98765", "Five"), concept(202, "123456", "Six"), concept(203, "654321", "Name")]
    load_download(con, download(con_codes))
    asked = {"98764": None, "123457": "123456 (Six)", "123477": None, "1234567": "123456 (Six)"}
    rows = [line(f"SITE:{n}", f"SNOMED:{code}", object_label="Other") for n, code in enumerate(asked)]
    rows.append(line("SITE:n", "SNOMED:123458", object_label="name"))
    found = [p.hint for p in check_value_sets(write(tmp_path / "a", *rows), con) if "does not hold" in p.message]
    told = [f"Near: SNOMED:{near}" if near else None for near in (*asked.values(), "654321 (Name)")]
    assert found == told


def test_unreadable_files_are_problems_not_crashes(tmp_path: Path) -> None:
    (tmp_path / "a.sssom.tsv").write_text("# title: a: b\nsubject_id\n")
    (tmp_path / "b.sssom.tsv").write_text(HEAD + "subject_id\tpredicate\n")
    (tmp_path / "c.sssom.tsv").write_text(HEAD + "\t".join(COLUMNS) + "\nSITE:x\tshort\n")
    messages = [problem.message for problem in check_value_sets(tmp_path, None)]
    assert "a.sssom.tsv:1: this is not YAML" in messages[0]
    assert "line 7: the column predicate_id is missing" in messages[1]
    assert "line 8: 2 cells where 6 are expected" in messages[2]


def test_line_numbers_are_physical(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    cells = ["SITE:x", '"two\nlines"', "skos:exactMatch", "SNOMED:38341003", "", "semapv:MappingReview"]
    path.write_text(HEAD + "\t".join(COLUMNS) + "\n" + "\t".join(cells) + "\n\n" + "\t".join(cells) + "\n")
    assert [row.line for row in read_sssom(path).rows] == [8, 11]
