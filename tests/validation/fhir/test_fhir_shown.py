"""What findings on FHIR show of values, at the edge of each form; which addresses are told."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from harmonize.engine.paths import sql

HOST = "a" * 81
UUID = "urn:uuid:" + "0f" * 16 + "----"
NEXT: dict[str, list[str]] = {
    "fhir_shown_id(v)": ["a" * 64, "A-1.b"],
    "fhir_shown_number(v)": ["a" * 63 + "1"],
    "fhir_shown_reference(v)": [UUID, "Patient/p1", "#m1"],
    "fhir_shown_system(v)": [
        "http://loinc.org", "https://www.LOINC.org/", "urn:oid:2.16.123456", f"https://{'a' * 80}", "http://x.org/",
    ],
    "fhir_shown_code(v, 'LOINC')": ["1-1", "12345-1", "LA123456-1", "LP1-1"],
    "fhir_shown_code(v, 'SNOMED')": ["100000", "1" * 18],
    "fhir_shown_code(v, 'SNOMED CT')": ["900000", "9" * 18],
    "fhir_shown_code(v, 'RxNorm')": ["1", "1234567"],
    "fhir_shown_code(v, 'CVX')": ["0", "999"],
    "fhir_shown_code(v, 'UCUM')": ["10*3/uL", "a" * 12],
    "fhir_shown_code(v, 'ICD10CM')": ["I10", "A00.1234", "S1A", "AMB", "ABCD"],
    "fhir_shown_value(v, 'number', false)": ["1" * 15 + "." + "2" * 15, "-1e+300", "0", "2E-5"],
    "fhir_shown_value(v, 'date', false)": [
        "2021", "2021-2", "2021/02/30", "2021-02-30T" + "1" * 20 + "Z", "2021-02-30T1:1+0500", "2021-02-30T1:1-05:000",
        "1.2.21", "31/12/2021", "1-1-2021",
    ],
}  # fmt: skip
"""What is shown as it is, by the macro."""
BEYOND: dict[str, dict[str, str]] = {
    "fhir_shown_id(v)": {"a" * 65: "***", "a b": "***", "hidden": "***"},
    "fhir_shown_number(v)": {"abc": "***", "hidden1": "***"},
    "fhir_shown_reference(v)": {
        UUID[:-1]: "***", UUID + "0": "***", "Patient/p1/_history/2": "Patient/p1", "#pill": "#***",
        "Patient/smith": "Patient/***",
        "http://x.org/Patient/p1": "***/Patient/p1", "Nobody/p1": "p1", "Patient?name=x": "Patient/***",
    },
    "fhir_shown_system(v)": {
        "urn:oid:3.1": "***", "urn:oid:2": "***", "urn:oid:2.1234567": "***", f"https://{'a' * 81}": "***",
        "http://x.org/john": "http://x.org/***", "http://x.org:80": "http://x.org/***",
        "http://x.org?a": "http://x.org/***", "http://x.org#a": "http://x.org/***", "john": "***",
    },
    "fhir_shown_code(v, 'LOINC')": {"123456-1": "***", "1-12": "***", "LA1234567-1": "***", "LB1-1": "***"},
    "fhir_shown_code(v, 'SNOMED')": {"10000": "***", "1" * 19: "***", "0100000": "***"},
    "fhir_shown_code(v, 'SNOMED CT')": {"90000": "***", "9" * 19: "***"},
    "fhir_shown_code(v, 'RxNorm')": {"12345678": "***", "01": "***"},
    "fhir_shown_code(v, 'CVX')": {"1000": "***"},
    "fhir_shown_code(v, 'UCUM')": {"a" * 13: "***", "m l": "***"},
    "fhir_shown_code(v, 'ICD10CM')": {"I1": "***", "A00.12345": "***", "ABCDE": "***", "A00.": "***", "a": "***"},
    "fhir_shown_value(v, 'number', false)": {
        "1" * 16: "***", "1." + "1" * 16: "***", "1e1234": "***", "1.": "***", "2021-01-01": "***",
    },
    "fhir_shown_value(v, 'number', true)": {"1": "***"},
    "fhir_shown_value(v, 'date', true)": {"2021": "***"},
    "fhir_shown_value(v, 'code', false)": {"1": "***"},
    "fhir_shown_value(v, 'date', false)": {
        "202": "***", "2021-123": "***", "2021-1-1-1": "***", "2021T" + "1" * 21: "***", "1.2.213": "***",
        "1.2.2": "***", "2021T1+123": "***", "2021T1+1234567": "***",
    },
}  # fmt: skip
"""What is shown of other values."""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE fhir_hidden_type (resource_type VARCHAR); CREATE TABLE fhir_private_id (id VARCHAR);"
            "CREATE TABLE fhir_known_type AS SELECT 'Patient' AS resource_type;"
            "CREATE TABLE fhir_code_system AS SELECT 'http://loinc.org' AS system;"
            "CREATE TABLE fhir_word AS SELECT 'completed' AS word;"
            "CREATE TABLE fhir_designation (codes VARCHAR, text VARCHAR);"
            "INSERT INTO fhir_private_id VALUES ('hidden'), ('hidden1')"
        )
        for name in ("validation/fhir/tables", "validation/fhir/text_tables", "validation/fhir/shown"):
            connection.execute(sql(name))
        yield connection


@pytest.mark.parametrize("macro", BEYOND)
def test_what_is_shown_of_a_value(con: duckdb.DuckDBPyConnection, macro: str) -> None:
    expected = {value: value for value in NEXT.get(macro, [])} | BEYOND[macro]
    found = con.execute(f"SELECT v, {macro} FROM (SELECT unnest($1::VARCHAR[]) AS v)", [list(expected)]).fetchall()
    assert dict(found) == expected


@pytest.mark.parametrize(
    ("value", "tells"),
    [
        ("F", True), ("FF", True), ("FFF", False), ("Fe male", True), ("in progress", True), ("in_progress", True),
        ("femal", True), ("fema", False), ("othr", False),
        ("unknown" + "-" * 33, True), ("unknown" + "-" * 34, False), ("f1", False),
    ],
)  # fmt: skip
def test_a_word_that_can_be_nothing_but_a_code(con: duckdb.DuckDBPyConnection, value: str, tells: bool) -> None:
    """One letter off counts for codes of five letters and more: `other` and not `male`."""
    codes = ["female", "male", "in-progress", "unknown", "o-ther"]
    assert con.execute("SELECT fhir_tells_code($1, $2)", [value, codes]).fetchone() == (tells,)


PLAIN = [
    "http://hl7.org/fhir/StructureDefinition/us-core-race", f"https://{HOST}", f"ftp://{HOST}:1/a/b#c.d~e-f_g",
    "http://a1.b-c.org/x123", "urn:oid:0.1", "urn:oid:2.16.840.1.113883", UUID, "urn:iso-1:a.b:c_d", "a_B-9",
    "a" * 40, "https://www.LOINC.org/", "http://x.org/1-2", "http://x.org/1.2.x",
    "http://x.org/loinc.org", "urn:oid:3",
    # a year, of a release
    "http://x.org/core/CodeSystem/ICD10-2013-full", "http://x.org/icd10cm-2021", "http://x.org/ops2019", "http://x.org/2020/a",
]  # fmt: skip
ODD = [
    f"https://{HOST}a", f"http://{HOST}:123456", "http://1x.org", "http://x.org/a b", "http://x.org?id=1",
    "urn:x:", "URN:x:y", "urn:x:a b", "a" * 41, "x@y.org", "http://x.org:12345", "http://x.org/1234", "http://x.org/1-2-3",
    "http://x.org/1.2.3", "12-2.5", "1234",
    "http://x.org/2020-03-01", "http://x.org/2020/03/01", "http://x.org/03/05/2013", "http://x.org/a-20131", "http://x.org/A1800",
    "http://x.org/03-2013-05", "http://x.org/3.2013",
]  # fmt: skip


def test_an_odd_address(con: duckdb.DuckDBPyConnection) -> None:
    """What looks like the address of a code system is none that tells of somebody, whatever else it may be."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE privacy_hit (column_id INTEGER, rule VARCHAR, value VARCHAR);"
        "CREATE OR REPLACE TEMP TABLE fhir_text (column_id INTEGER, value VARCHAR)"
    )
    con.execute("INSERT INTO fhir_text SELECT c, unnest($1::VARCHAR[]) FROM range(1, 4) t (c)", [PLAIN + ODD])
    con.execute(sql("validation/fhir/address").format(columns="1, 3"))
    found = con.execute("SELECT column_id, value FROM privacy_hit WHERE rule = 'phi_url'").fetchall()
    assert set(found) ^ {(column, value) for column in (1, 3) for value in ODD} == set()


# rule, value, element, → what is kept of it
KEPT = [
    ("fhir_type", "x" * 200, "A.x", "x" * 200),
    ("fhir_type", "x" * 201, "A.x", "x" * 200),
    ("fhir_type", "told", "A.x", "told"),  # a kind of value is no value of the delivery
    ("fhir_code", "told", "A.x", "***"),
    ("fhir_future", "2" * 201, "A.x", "2" * 200),
    ("fhir_future", "2021", "P.x", "***"),
    ("fhir_unknown_element", "secret", "A.b.c", "c"),
    ("fhir_unknown_element", "secret", "A.d", "***7"),
    ("fhir_value", "1", "A.number", "1"),
    ("fhir_value", "1", "A.x", "***"),
    ("fhir_code", "F", "A.x", "F"),
    ("fhir_code", "Femle", "A.x", "Femle"),
    ("fhir_unknown_system", "http://x.org/a", "A.x", "http://x.org/***"),
    ("fhir_unknown_code", "1234-5", "A.x", "1234-5"),
    ("fhir_impossible_code", "1234-5", "A.x", "1234-5"),
    ("fhir_unknown_code", "LA1", "A.x", "***"),
    ("fhir_impossible_code", "123456", "A.sct", "***"),
    ("fhir_unknown_code", "123456", "A.sct", "123456"),
    ("fhir_unresolved_reference", "Patient/p1", "A.x", "Patient/p1"),
    ("fhir_unresolved_contained", "#x", "A.x", "#***"),
    ("fhir_repeated_resource", "Patient/x", "A.x", "Patient/***"),
    ("fhir_conflicting_resource", "Patient/1", "A.x", "Patient/1"),
    ("unknown_resource_type", "Nothing", "A.x", "Nothing"),
    ("unknown_resource_type", "Smith", "A.x", "***"),
    ("another_rule", "a value", "A.x", "***"),
    ("another_rule", None, "A.x", None),
]


def test_what_is_kept_of_a_value_of_each_rule(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE SCHEMA harmonize; CREATE TABLE harmonize.rule (rule_id INTEGER, rule VARCHAR);"
        "CREATE TABLE harmonize.file_column (file_id INTEGER, column_id INTEGER, header VARCHAR, name VARCHAR);"
        "CREATE TABLE harmonize.expectation (file_id INTEGER, column_id INTEGER, rule_id INTEGER, expected VARCHAR,"
        " choices VARCHAR[]);"
        "CREATE TABLE harmonize.finding (submission_id INTEGER, rule_id INTEGER, file_id INTEGER, line BIGINT,"
        " column_id INTEGER, value VARCHAR);"
        "CREATE TEMP TABLE fhir_text_hit AS SELECT 'told' AS atom;"
        "CREATE TEMP TABLE fhir_resource (file_id INTEGER, line BIGINT, position INTEGER, resource_type VARCHAR, "
        "id VARCHAR);"
        "CREATE TEMP MACRO fhir_place(line, position) AS coalesce(line, position);"
        "INSERT INTO fhir_hidden_type VALUES ('Smith');"
        "INSERT INTO fhir_resource VALUES (1, 1, NULL, 'Smith', 'p1'), (2, 2, NULL, 'Patient', 'p2'),"
        " (1, NULL, 7, 'Patient', 'hidden'), (1, 99, NULL, 'Patient', 'p3');"
        "CREATE TEMP TABLE fhir_shown_element (element VARCHAR, shown VARCHAR, kind VARCHAR, is_person BOOLEAN);"
        "INSERT INTO fhir_shown_element VALUES ('A.x', 'A.x', '', false), ('P.x', 'P.x', 'date', true),"
        " ('A.b.c', 'A.b.c', '', false), ('A.d', 'A.***7', '', false), ('A.number', 'A.number', 'number', false),"
        " ('A.sct', 'A.sct', '', false)"
    )
    con.execute(
        "INSERT INTO harmonize.rule SELECT row_number() OVER (), r FROM (SELECT unnest($1) AS r)",
        [sorted({r for r, *_ in KEPT})],
    )
    for place, (rule, value, element, _) in enumerate(KEPT):
        expected = {"A.sct": "SNOMED", "A.x": "LOINC"}.get(element) if rule.endswith("_code") else None
        con.execute(
            "INSERT INTO fhir_found VALUES ($1, 1, $2, $3, $4, $5, ['female'])",
            [rule, place, element.replace("A.x", "A[3].x"), value, expected],
        )
    con.execute(sql("validation/finding_record"))
    settle = sql("validation/fhir/settle").replace("{submission}", "5")
    con.execute(settle.replace("{plain}", "'fhir_type'").replace("{dates}", "'fhir_future'"))
    found = con.execute(
        "SELECT r.rule, c.header, c.name, f.value, f.file_id, f.submission_id FROM harmonize.finding f "
        "JOIN harmonize.rule r USING (rule_id) LEFT JOIN harmonize.file_column c USING (file_id, column_id) "
        "ORDER BY line"
    ).fetchall()
    header = {"A.x": ("A[3].x", "A.x"), "A.d": ("A.***7", "A.***7")}
    assert found == [(rule, *header.get(e, (e, e)), kept, 1, 5) for rule, _, e, kept in KEPT]
    records = con.execute("SELECT * FROM finding_record ORDER BY record").fetchall()
    assert records == [(1, 1, 1, None, "***/p1"), (1, 7, None, 7, "Patient/***")]
