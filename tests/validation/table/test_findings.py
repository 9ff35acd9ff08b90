"""Every rule finds what it should, on the right line, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lab_table import HEADER, LAB, SOUND

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.schema.model import ClassDef, Slot
from harmonize.validation.rules import rule_texts
from harmonize.validation.table.findings import check, create_tables, register_rules


def test_a_sound_file_has_no_findings(findings):
    assert findings(HEADER + SOUND) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("R2,,Male,,,,,", [("required", "name", None)]),
        ("R2,NA,Male,,,,,", [("required", "name", "***")]),
        ("R2,Bo,Man,,,,,", [("enum", "sex", "Man")]),
        ("R2,Bo,male,,,,,", [("enum", "sex", "male")]),
        ("R2,Bo,,01/02/2020,,,,", []),
        ("R2,Bo,,2020-02-30,,,,", [("type_date", "drawn", "2020-02-30")]),
        ("R2,Bo,,2.1.2020,,,,", [("type_date", "drawn", "2.1.2020")]),
        ("R2,Bo,,,12.5,,,", [("type_integer", "age", "12.5")]),
        ("R2,Bo,,,1_000,,,", [("type_integer", "age", "1_000")]),
        ("R2,Bo,,,-1,,,", [("minimum", "age", "-1")]),
        ("R2,Bo,,,121,,,", [("maximum", "age", "***")]),
        ("R2,Bo,,,,nan,,", [("type_number", "value", "nan")]),
        ("R2,Bo,,,,0x10,,", [("type_number", "value", "0x10")]),
        ("R2,Bo,,,,1e3,,", [("implausible", "value", "1e3")]),
        ("R2,Bo,,,,N/K,,", []),
        ("R2,Bo,,,,,yes,", [("type_boolean", "abnormal", "yes")]),
        ("R2,Bo,,,,,true,", []),
        ("R2,Bo,,,,,,N/A", [("null_like", "comment", "N/A")]),
        ("R2,Bo,,,,,,NA", []),
        ("R2,Bo,,,,,, x", [("surrounding_blanks", "comment", " x")]),
        ("R2,Bo,,,,,,x\u00a0", [("surrounding_blanks", "comment", "x\u00a0")]),
        ("R2,Bo,,,,,,a\x02b", [("control_characters", "comment", "a\x02b")]),
        ("X2,Bo,,,,,,", [("pattern", "record.id", "X2")]),
        (",Bo,,,,,,", [("required", "record.id", None)]),
        ("R2,Bo,,,", [("ragged", None, "5")]),
        ("R1,Ann,Male,2020-01-02,50,5.5,TRUE,ok", [("repeated_record", "record.id", "R1")]),
    ],
)
def test_rules_of_cells_and_records(findings, line, expected):
    assert findings(HEADER + SOUND + line + "\n") == [(rule, 3, column, value) for rule, column, value in expected]


def test_one_key_with_different_content_is_an_error_on_every_line(findings):
    found = findings(HEADER + SOUND + SOUND.replace("ok", "other") + "R3,Cy,,,,,,\n")
    assert found == [("unique_key", line, "record.id", "R1") for line in (2, 3)]


def test_unique_keys_of_several_columns(findings):
    cls = replace(LAB, unique_keys=(("sex", "drawn"),))
    found = findings(HEADER + SOUND + "R2,Bo,Male,2020-01-02,,,,\nR3,Cy,Male,,,,,\nR4,Di,Male,,,,,\n", cls)
    assert found == [("unique_key", line, "sex", "Male|2020-01-02") for line in (2, 3)]


def test_the_second_column_of_a_key(findings):
    """It is hidden where it is marked, whichever of the columns is; and what divides the two may stand in either."""
    cls = replace(LAB, unique_keys=(("sex", "name"), ("comment", "abnormal")))
    found = findings(HEADER + "R1,Ann,Male,,,,,\nR2,Ann,Male,,,,,\nR3,Bo,Male,,,,,\n", cls)
    assert found == [("unique_key", line, "sex", "***") for line in (2, 3)]
    slots = {name: Slot(name) for name in "xy"}
    cls = ClassDef("c", slots, unique_keys=(("x", "y"),))
    found = findings("x,y,z\na|b,c,1\na|b,c,2\na,b|c,3\n", cls)
    assert [row for row in found if row[0] == "unique_key" and row[3] != "***"] == [
        ("unique_key", line, "x", "a|b|c") for line in (2, 3)
    ]


def test_values_of_phi_columns_are_hidden(findings, con):
    found = findings(HEADER + "R1, Ann,Male,,,,,\nR2,N" + "n" * 30 + " ,,,,,,\n")
    assert [row[3] for row in found] == ["***", "*** (11 to 100 characters)"]
    assert "Ann" not in str(con.execute("FROM harmonize.finding").fetchall())


def test_long_values_are_cut(findings):
    ((_, _, _, value),) = findings(HEADER + SOUND.replace("ok", " " + "x" * 500))
    assert len(value) == 200


def test_columns_missing_renamed_and_extra(findings, con):
    found = findings("record.id,nam,sex,drawn,age,value,abnormal,hospital\nR1,Ann,,,,,,x\n")
    assert found == [
        ("extra_column", None, "hospital", None),
        ("missing_column", None, "name", None),
        ("missing_optional_column", None, "comment", None),
        ("renamed_column", None, "nam", None),
    ]
    expected = con.execute("SELECT expected FROM harmonize.expectation WHERE expected = 'name'").fetchall()
    assert expected == [("name",)]


def test_without_a_class_only_structure_is_checked(findings):
    assert findings("a,b,b\n1, 2,\n1\n", None) == [
        ("duplicate_header", 1, "b", "3"),
        ("ragged", 3, None, "1"),
    ]


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        (Slot("x", pattern="(?=a)"), "pattern of column x"),
        (Slot("x", range="date", annotations={"date_formats": "%Q"}), "type_date of column x"),
        (Slot("x", range="case"), "cannot hold the range 'case'"),
        (Slot("x", multivalued=True), "not multivalued"),
    ],
)
def test_a_schema_that_cannot_be_checked_is_refused(con, stage, slot, words):
    staged = stage("x,y\na,b\n")
    con.execute("BEGIN")
    with pytest.raises(InputError) as error:
        check(con, staged, ClassDef("c", {"x": slot}), 1)
    assert words in str(error.value)
    assert con.execute("SELECT 1").fetchone() == (1,), "the caller's transaction is broken"


def test_rules_keep_their_numbers_and_take_new_texts(con):
    before = register_rules(con)
    con.execute("UPDATE harmonize.rule SET message = 'old', rule_id = rule_id + 500 WHERE rule = 'enum'")
    create_tables(con)
    after = register_rules(con)
    assert after == {**before, "enum": before["enum"] + 500}
    message = con.execute("SELECT message FROM harmonize.rule WHERE rule = 'enum'").fetchone()
    assert message == (rule_texts()["enum"].message,)


def test_checking_again_does_not_double_the_columns(findings, con):
    findings(HEADER + SOUND)
    findings(HEADER + SOUND)
    assert con.execute("SELECT count(*) FROM harmonize.file_column").fetchone() == (8,)


def test_a_thousand_wrong_values_of_a_column_of_a_file_are_compared(con):
    """Those of another file, column or rule are not counted in; of more the first thousand are."""
    groups = [(1, 1, 1, 700), (2, 1, 1, 700), (1, 2, 1, 700), (1, 1, 2, 1001)]
    con.execute("CREATE TEMP TABLE report_file AS SELECT unnest([1, 2]) AS file_id")
    con.execute(sql("validation/report/synonym"))
    con.execute(sql("validation/report/designation"))
    for file, column, rule, count in groups:
        con.execute(
            "INSERT INTO harmonize.expectation (file_id, column_id, rule_id, choices) VALUES ($1, $2, $3, ['absent'])",
            [file, column, rule],
        )
        con.execute(
            "INSERT INTO harmonize.finding BY NAME SELECT 1 AS submission_id, $3 AS rule_id, $1 AS file_id, "
            "range AS line, $2 AS column_id, format('absent{:04}', range) AS value FROM range($4)",
            [file, column, rule, count],
        )
    con.execute(sql("validation/finding_nearest"))
    found = con.execute(
        "SELECT file_id, column_id, rule_id, count(*), max(value) FROM finding_nearest GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert found == sorted(
        (file, column, rule, min(count, 1000), f"absent{min(count, 1000) - 1:04}")
        for file, column, rule, count in groups
    )
