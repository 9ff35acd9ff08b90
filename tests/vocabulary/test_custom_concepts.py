"""Custom concepts where several mappings are in one store, and which of several concepts a code is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from athena_files import concept

from harmonize.vocabulary.load import ensure_vocabulary, load_download
from harmonize.vocabulary.resolve import find_sources, resolve
from harmonize.vocabulary.suggest import Term, suggest
from harmonize.vocabulary.value_sets import install, refresh

HEAD = """# mapping_set_id: https://example.org/values
# license: https://creativecommons.org/publicdomain/zero/1.0/
# curie_map:
#   SITE: https://example.org/site/
subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification
"""
HYPERTENSION, PRESSURE = ("SNOMED:38341003", 316866), ("LOINC:8480-6", 3004249)  # a condition, a measurement


def mapping(folder: Path, name: str, *rows: tuple[str, str, str]) -> Path:
    """A folder with a value set of (subject, label, object)."""
    path = folder / name
    path.mkdir(exist_ok=True)
    lines = ["\t".join((subject, label, "skos:exactMatch", target, "semapv:X")) for subject, label, target in rows]
    (path / "values.sssom.tsv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def custom(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        "SELECT concept_code, concept_id, concept_name, domain_id FROM omop.concept "
        "WHERE concept_id >= 2000000000 ORDER BY 2"
    ).fetchall()


def targets(con: duckdb.DuckDBPyConnection, coding: str) -> list[tuple[int, int, int]]:
    con.execute("CREATE OR REPLACE TEMP TABLE coding_used AS SELECT ? AS coding", [coding])
    resolve(con)
    return con.execute(
        "SELECT target_concept_id, target_rank, target_count FROM coding_target ORDER BY target_rank"
    ).fetchall()


def test_two_mappings_that_share_a_vocabulary_share_its_concepts(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """One concept for one code: its name the first of the labels; what both say of it is one target."""
    ensure_vocabulary(con)
    one = mapping(tmp_path, "one", ("SITE:x", "Ypsilon", PRESSURE[0]), ("SITE:only one", "x", HYPERTENSION[0]))
    two = mapping(tmp_path, "two", ("SITE:x", "Xenon", PRESSURE[0]), ("SITE:only two", "z", "sssom:NoTermFound"))
    install(con, one, "ehr/one")
    assert custom(con) == [("only one", 2000000000, "x", "Condition"), ("x", 2000000001, "Ypsilon", "Measurement")]
    install(con, two, "ehr/two")
    assert custom(con) == [
        ("only one", 2000000000, "x", "Condition"), ("x", 2000000001, "Xenon", "Measurement"),
        ("only two", 2000000002, "z", "Observation"),
    ]  # fmt: skip
    assert targets(con, "SITE:x") == [(PRESSURE[1], 1, 1)]
    assert targets(con, "SITE:only two") == [(0, 1, 1)]
    reference = "SELECT vocabulary_reference FROM omop.vocabulary WHERE vocabulary_id = 'SITE'"
    assert con.execute(reference).fetchall() == [("ehr/one",)]
    # the second alone, and then neither
    refresh(con, ["ehr/two"])
    assert custom(con) == [("x", 2000000001, "Xenon", "Measurement"), ("only two", 2000000002, "z", "Observation")]
    assert targets(con, "SITE:x") == [(PRESSURE[1], 1, 1)]
    assert con.execute(reference).fetchall() == [("ehr/two",)]
    refresh(con, [])
    assert custom(con) == []
    assert con.execute(reference).fetchall() == []
    # the first again has its ids again
    install(con, one, "ehr/one")
    assert custom(con) == [("only one", 2000000000, "x", "Condition"), ("x", 2000000001, "Ypsilon", "Measurement")]


def test_installing_one_mapping_leaves_the_other(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    ensure_vocabulary(con)
    install(con, mapping(tmp_path, "one", ("SITE:a", "A", HYPERTENSION[0])), "ehr/one")
    install(con, mapping(tmp_path, "two", ("SITE:b", "B", PRESSURE[0])), "ehr/two")
    install(con, mapping(tmp_path, "one", ("SITE:c", "C", HYPERTENSION[0])), "ehr/one")
    rows = con.execute("SELECT mapping, code FROM harmonize.value_set ORDER BY 1").fetchall()
    assert rows == [("ehr/one", "c"), ("ehr/two", "b")]
    assert [code for code, *_ in custom(con)] == ["b", "c"]


def test_a_vocabulary_that_other_concepts_are_of_stays(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A value set may have codes of its own in a vocabulary that is loaded."""
    ensure_vocabulary(con)
    known = con.execute("SELECT * FROM omop.vocabulary ORDER BY ALL").fetchall()
    install(con, mapping(tmp_path, "one", ("LOINC:of our own", "A", HYPERTENSION[0])), "ehr/one")
    for mappings in (["ehr/one"], []):
        refresh(con, mappings)
        assert con.execute("SELECT * FROM omop.vocabulary ORDER BY ALL").fetchall() == known


def test_a_value_of_several_objects_is_of_the_domain_of_the_lowest(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ensure_vocabulary(con)
    rows = [("SITE:a", "A", one) for one in (HYPERTENSION[0], PRESSURE[0])]
    assert HYPERTENSION[1] < PRESSURE[1]
    for number, told in enumerate((rows, rows[::-1])):
        install(con, mapping(tmp_path, f"m{number}", *told), "ehr/one")
        assert custom(con) == [("a", 2000000000, "A", "Condition")]


def test_an_object_that_is_no_standard_concept_is_none(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, download: Callable[..., Path]
) -> None:
    load_download(con, download([
        concept(1, "1", "Old", standard=""), concept(2, "2", "New", domain="Measurement"), concept(3, "3", "Class",
        standard="C"),
    ]))  # fmt: skip
    long = "L" * 300
    rows = [("SITE:old", "o", "SNOMED:1"), ("SITE:new", long, "SNOMED:2"), ("SITE:class", "c", "SNOMED:3")]
    install(con, mapping(tmp_path, "one", *rows), "ehr/one")
    found = {code: (name, domain) for code, _, name, domain in custom(con)}
    assert found == {"old": ("o", "Observation"), "new": ("L" * 255, "Measurement"), "class": ("c", "Observation")}
    maps = con.execute(
        "SELECT source_code, target_concept_id, target_vocabulary_id FROM omop.source_to_concept_map ORDER BY 1"
    ).fetchall()
    assert maps == [("class", 0, "None"), ("new", 2, "SNOMED"), ("old", 0, "None")]


CONCEPTS = [
    # of one code: a valid one before an invalid one, then the standard one, then the lowest id
    concept(10, "A", "invalid standard", invalid="D"), concept(12, "A", "valid, not standard", standard=""),
    concept(11, "A", "valid standard"), concept(13, "A", "valid standard too"),
    concept(14, "B", "invalid standard", invalid="D"), concept(15, "B", "valid, not standard", standard=""),
    # as written before its alias
    concept(20, "[U]/L", "by alias", vocabulary="UCUM", domain="Unit"),
    concept(21, "U/mL", "as written", vocabulary="UCUM", domain="Unit", standard=""),
    concept(22, "[U]/mL", "by alias", vocabulary="UCUM", domain="Unit"),
]  # fmt: skip


def test_which_concept_a_code_is(con: duckdb.DuckDBPyConnection, download: Callable[..., Path]) -> None:
    load_download(con, download(CONCEPTS))
    expected = {
        "SNOMED:A": 11, "UCUM:U/L": 20, "UCUM:[U]/L": 20, "UCUM:U/mL": 21, "UCUM:[U]/mL": 22, "SNOMED:B": 15,
        "SNOMED:C": 0, "A": 0,
    }  # fmt: skip
    con.execute("CREATE TEMP TABLE asked AS SELECT unnest(?) AS coding", [list(expected)])
    find_sources(con, "asked")
    assert dict(con.execute("SELECT coding, concept_id FROM coding_source").fetchall()) == expected


def test_suggestions_read_the_mappings_of_the_store_beside_the_shipped(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A shipped mapping that is in the store, too, counts once, and as it is shipped."""
    ensure_vocabulary(con)
    install(con, mapping(tmp_path, "new", ("SITE:z", "Zorgle wump", HYPERTENSION[0])), "ehr/new")
    install(con, mapping(tmp_path, "old", ("SITE:y", "Wozzle bamp", PRESSURE[0])), "ehr/site_419639")
    first, second, third = suggest(con, [Term("zorgle wump"), Term("wozzle bamp"), Term("DETECTED")])
    assert (first[0].concept, first[0].score) == (HYPERTENSION[0], 0.985)
    assert first[0].reasons == ("so mapped at ehr/new: Zorgle wump",)
    assert second == []
    assert "so mapped at ehr/site_419639" in third[0].reasons[0]
