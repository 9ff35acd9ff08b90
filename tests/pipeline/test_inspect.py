"""Reading the bookkeeping: corner cases on hand-made rows (the whole is tested on the demo and on real data)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from harmonize.engine.errors import InputError
from harmonize.pipeline.inspect import ledger, ledger_columns, lineage, submissions, unmapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store


def insert(con: DuckDBPyConnection, table: str, **values: object) -> None:
    names = ", ".join(values)
    con.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


@pytest.fixture
def con(new_store: Store) -> DuckDBPyConnection:
    """One file of three records; measurements and observations of one record, without anything loaded for real."""
    con = new_store.con
    insert(
        con,
        "harmonize.submission",
        submission_id=1,
        project_id="P",
        source="ehr",
        mapping="ehr/x",
        mapping_version="1",
        mode="upsert",
        state="loaded",
        loaded_at=datetime(2026, 1, 1),
        software_version="0",
    )
    insert(con, "harmonize.source_file", file_id=1, submission_id=1, name="a.csv", records=3, loaded=1, quarantined=1)
    insert(con, "harmonize.record_type", record_type=1, name="lab")
    insert(con, "harmonize.reason", reason_id=1, reason="no_key")
    for number, state, reason in ((1, "loaded", None), (2, "quarantined", 1)):
        insert(
            con,
            "harmonize.record",
            record_id=number,
            submission_id=1,
            file_id=1,
            line=number + 1,
            record_type=1,
            record_key=f"k{number}",
            state=state,
            reason_id=reason,
            is_current=True,
        )
    return con


def test_the_mapping_of_a_row_is_that_of_each_of_its_records(con: DuckDBPyConnection) -> None:
    """A person that a clinical table and an index of images tell: each names the mapping that read it, and what the
    engine derived (entry 0) that of its record."""
    told = {"project_id": "P", "mode": "upsert", "state": "loaded", "loaded_at": datetime(2026, 1, 1)}
    insert(con, "harmonize.submission", submission_id=2, source="idc", mapping="dicom/idc", mapping_version="7",
           software_version="0", **told)  # fmt: skip
    insert(con, "harmonize.source_file", file_id=2, submission_id=2, name="index.csv", records=1, loaded=1)
    insert(con, "harmonize.record", record_id=3, submission_id=2, file_id=2, line=2, record_type=1, record_key="s",
           state="context", is_current=True)  # fmt: skip
    insert(con, "harmonize.mapping", mapping_id=5, name="ehr/x", version="1", target="case", source="lab", part="case")
    for record, role in ((1, "primary"), (3, "support")):
        for table, entry in (("person", 5), ("procedure_occurrence", 0)):
            insert(
                con, "harmonize.row_source", omop_table=table, omop_id=1, record_id=record, mapping_id=entry, role=role
            )
    found = [(row["mapping"], row["mapping_version"], row["part"]) for row in lineage(con, "person", 1)]
    assert found == [("ehr/x", "1", "case"), ("dicom/idc", "7", None)]
    derived = lineage(con, "procedure_occurrence", 1)
    assert [(row["mapping"], row["part"]) for row in derived] == [("ehr/x", "derived"), ("dicom/idc", "derived")]


def observe(con: DuckDBPyConnection, number: int, coding: str | None, **more: object) -> None:
    """A hub observation of mapping entry `number` with its OMOP row of concept 0."""
    insert(con, "harmonize.mapping", mapping_id=number, name="ehr/x", version="1", target="observation", source="lab",
           part=f"p{number}")  # fmt: skip
    con.execute(
        "INSERT INTO midrc.observation BY NAME SELECT 1 AS record_id, uuid() AS row_key, ?::USMALLINT AS mapping_id, "
        "'observation' AS type, 'k1' AS case_key, 'k1' AS cases, 'k1' AS submitter_id, ? AS coding, ? AS assertion, "
        "? AS value_coding",
        [number, coding, more.get("assertion"), more.get("value_coding")],
    )
    insert(
        con,
        "omop.observation",
        observation_id=number,
        person_id=1,
        observation_concept_id=0,
        observation_date=datetime(2020, 1, 1),
        observation_type_concept_id=0,
        observation_source_value=more.get("said", "said"),
        value_as_concept_id=more.get("value_as_concept_id"),
    )
    insert(
        con,
        "harmonize.row_source",
        omop_table="observation",
        omop_id=number,
        record_id=1,
        mapping_id=number,
        role="primary",
    )


def why(con: DuckDBPyConnection) -> dict[tuple[str, str], str]:
    return {(row["column"], row["code"]): row["why"] for row in unmapped(con)}


def test_a_file_that_does_not_balance_is_told(con: DuckDBPyConnection) -> None:
    [row] = ledger(con)
    assert (row["file"], row["records"], row["loaded"], row["quarantined"], row["balanced"]) == (
        "a.csv",
        3,
        1,
        1,
        False,
    )
    con.execute("UPDATE harmonize.source_file SET unchanged = 1")
    assert ledger(con)[0]["balanced"]


def test_records_that_were_not_loaded(con: DuckDBPyConnection) -> None:
    [row] = ledger(con, 1, records=True)
    assert row == {"submission_id": 1, "file": "a.csv", "line": 3, "record_type": "lab", "record_key": "k2",
                   "state": "quarantined", "reason": "no_key"}  # fmt: skip


def test_columns_keep_the_order_of_the_file(con: DuckDBPyConnection) -> None:
    for name in ("z", "a"):
        con.execute("INSERT INTO harmonize.ledger_column VALUES (1, 1, ?, NULL, 3, 1, 2, 0, 0, 0)", [name])
    assert [row["column"] for row in ledger_columns(con)] == ["z", "a"]


def test_submissions_sum_their_files(con: DuckDBPyConnection) -> None:
    insert(con, "harmonize.source_file", file_id=2, submission_id=1, name="b.csv", records=4, excluded=4)
    [row] = submissions(con)
    assert (row["files"], row["records"], row["loaded"], row["excluded"], row["state"]) == (2, 7, 1, 4, "loaded")


@pytest.mark.parametrize("read", [ledger, ledger_columns, submissions])
def test_an_unknown_submission_is_refused(
    con: DuckDBPyConnection, read: Callable[[DuckDBPyConnection, int], object]
) -> None:
    with pytest.raises(InputError, match="no submission 7") as refused:
        read(con, 7)
    assert refused.value.hint == "They are numbered 1 to 1."


def test_lineage_names_records_and_imputations(con: DuckDBPyConnection) -> None:
    observe(con, 5, "LOINC:x")
    insert(con, "harmonize.row_source", omop_table="observation", omop_id=5, record_id=2, mapping_id=5, role="support")
    insert(
        con,
        "harmonize.imputation",
        omop_table="observation",
        omop_id=5,
        column_name="observation_date",
        rule="visit_start",
    )
    first, second = lineage(con, "observation", 5)
    assert (first["role"], first["line"], first["part"], second["role"]) == ("primary", 2, "p5", "support")
    assert first["imputed"] == "observation_date from visit_start"
    assert lineage(con, "omop.observation", 5) == [first, second]


def test_lineage_refuses_unknown_tables_and_ids(con: DuckDBPyConnection) -> None:
    observe(con, 5, "LOINC:x")
    with pytest.raises(InputError, match="no OMOP table 'observatoin'") as refused:
        lineage(con, "observatoin", 5)
    assert refused.value.hint == "Did you mean 'observation'?"
    with pytest.raises(InputError, match="No row of observation has the id 6\\.") as refused:
        lineage(con, "observation", 6)
    assert refused.value.hint == "Its ids lie between 5 and 5."


def test_lineage_of_a_row_that_is_gone_says_so(con: DuckDBPyConnection) -> None:
    con.execute("INSERT INTO harmonize.row_id_retired VALUES ('observation', uuid(), 6)")
    with pytest.raises(InputError, match="any more: its records were withdrawn or changed"):
        lineage(con, "observation", 6)


def test_why_a_code_is_zero(con: DuckDBPyConnection) -> None:
    con.execute(
        "INSERT INTO omop.concept BY NAME SELECT 900000001 AS concept_id, 'Known, not mapped' AS concept_name, "
        "'Observation' AS domain_id, 'LOINC' AS vocabulary_id, 'Lab Test' AS concept_class_id, "
        "'known' AS concept_code, "
        "DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date"
    )
    con.execute(
        "INSERT INTO omop.concept BY NAME SELECT * REPLACE (900000002 AS concept_id, 'gone' AS concept_code, "
        "'S' AS standard_concept, 'D' AS invalid_reason) FROM omop.concept WHERE concept_id = 900000001"
    )
    observe(con, 8, "LOINC:gone")
    for code, target in (("none", "sssom:NoTermFound"), ("far", "SNOMED:000")):
        insert(con, "harmonize.value_set", mapping="ehr/x", vocabulary_id="SITE", code=code, label=f"Label of {code}",
               predicate="skos:exactMatch", object=target, file="f", line=1)  # fmt: skip
    observe(con, 1, "LOINC:never-heard-of")
    observe(con, 2, "LOINC:known")
    observe(con, 3, "SITE:none")
    observe(con, 4, "SITE:far")
    observe(con, 5, None, said="words only")
    observe(con, 6, "SITE:none", assertion="absent", value_coding="LOINC:LA32-8x", value_as_concept_id=0)
    observe(con, 7, None, said="age_precision")
    rows = unmapped(con)
    assert why(con) == {
        ("observation_concept_id", "never-heard-of"): "unknown code",
        ("observation_concept_id", "known"): "no standard concept",
        ("observation_concept_id", "gone"): "retired concept",
        ("observation_concept_id", "none"): "statement",  # of the two rows of this code the one listed last
        ("observation_concept_id", "far"): "unknown code",
        ("observation_concept_id", "words only"): "no code",
        ("value_as_concept_id", "LA32-8x"): "unknown code",
        ("observation_concept_id", "age_precision"): "statement",
    }
    of_none = [(row["why"], row["name"], row["rows"]) for row in rows if row["code"] == "none"]
    assert of_none == [("no term found", "Label of none", 1), ("statement", "Label of none", 1)]
    assert {row["code"]: row["target"] for row in rows}["far"] == "SNOMED:000"
    assert {row["code"]: row["name"] for row in rows}["known"] == "Known, not mapped"
    assert [row["why"] for row in rows][-2:] == ["statement", "statement"]


def test_most_rows_come_first(con: DuckDBPyConnection) -> None:
    observe(con, 1, "LOINC:once")
    observe(con, 2, "LOINC:twice")
    observe(con, 3, "LOINC:twice")
    assert [(row["code"], row["rows"]) for row in unmapped(con)] == [("twice", 2), ("once", 1)]


def test_what_was_not_said_is_not_unmapped(con: DuckDBPyConnection) -> None:
    con.execute("INSERT INTO harmonize.row_source VALUES ('person', 1, 1, 0, 'primary')")
    insert(con, "omop.person", person_id=1, gender_concept_id=0, year_of_birth=1900, race_concept_id=0,
           ethnicity_concept_id=0, gender_source_value="OTHER")  # fmt: skip
    assert [(row["column"], row["code"], row["why"]) for row in unmapped(con)] == [
        ("gender_concept_id", "OTHER", "no code")
    ]
