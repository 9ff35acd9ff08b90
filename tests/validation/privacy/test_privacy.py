"""What may identify a person is found, told by kind and never shown; what only looks like it is left alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from chance import examples
from hypothesis import given
from hypothesis import strategies as st
from lab_table import HEADER, LAB, SOUND

from harmonize.engine.paths import sql
from harmonize.intake.discover import discover
from harmonize.schema.model import ClassDef, Slot
from harmonize.validation.privacy.texts import PLAIN_KEY, TextColumn, find, pattern_of, privacy_rules
from harmonize.validation.privacy.titles import hide_headers, hide_names
from harmonize.validation.rules import rule_texts
from harmonize.validation.settle import settle
from harmonize.validation.table.findings import check
from harmonize.validation.validate import validate

TELLING = {
    "phi_name": [
        "seen by Dr. Smith", "DR SMITH called", "Smith, John", "SMITH^JOHN", "patient is John Smith, 50",
        "JOHN F. KENNEDY", "Patient name: Qwertz", "wife Mary says", "Grace Johnson",
    ],
    "phi_mrn": ["MRN 00482913", "mrn:AB1234567", "patient id #123456", "Medical record number 4711123"],
    "phi_ssn": ["219-09-9999", "SSN 219099999"],
    "phi_phone": ["call (617) 495-1000", "617-495-1000 x", "617.495.1000", "phone +44 20 7946 0958", "+49 30 901820"],
    "phi_email": ["j.smith@example.org"],
    "phi_address": ["lives at 12 Main Street", "123 N. Elm Ave.", "123 MAIN STREET", "PO Box 12", "9 W 42nd St"],
    "phi_zip5": ["Boston, MA 02115", "zip: 02115"],
    "phi_age": ["94 year old man", "aged 93", "91yo", "95-year-old"],
    "phi_date": ["seen on 3/14/2020", "2020-03-14", "2020-03-14T10:00", "on March 3, 2020", "3-Mar-2020", "3.4.2021"],
    "phi_url": ["https://portal.example.org/p/1", "www.example.org"],
    "phi_ip": ["from 192.168.4.20"],
}  # fmt: skip
HARMLESS = [
    "CT CHEST WITH CONTRAST", "MR Brain", "MR HEAD", "DR CHEST", "DR Hand", "MS Young", "CHEST^ROUTINE", "HEAD^BRAIN",
    "Abdomen^Liver", "12 LEAD ST", "2 views chest", "XR CHEST 2 VIEWS", "5 Minute Walk Drive", "95 pack years",
    "1.2.840.113619.2.55.3.604688119.971.1234567890.123", "1.2.3.4", "419639-000001", "10041569-e78kL4CVWkOqnXaMlkVrw",
    "0123456789abcdef0123456789abcdef", "550e8400-e29b-41d4-a716-446655440000", "24627-2", "38341003", "4165551234",
    "Not Hispanic or Latino", "Grace Hill", "X Ray", "Chest 5.0", "B30f,B70f", "RSNA_20230303,RSNA_20240101",
    "0.14,0.14", "v10.2.3.4", "version 11.0.3.2", "20200314", "120/80", "150 mg/dL", "212 555 1234", "(74, 90]",
    "First COVID test", "Mechanical ventilation", "500-1000-1500", "Marie", "000-12-3456", "2020-03", "12/2020",
    "ID 12345", "PA 12345", "Austin Moore", "x.y.z@", "SARS-CoV-2 (COVID-19) RNA [Presence] in Specimen by NAA",
    "aged 90 days", "MRN removed", "patient id unknown", "Patient name: REDACTED", "Wilson disease", "Former smoker",
    "1.5 x 10^9/L", "MIDRC-RICORD-1A-419639-000082", "a" * 100_000, "1" * 100_000, "",
]  # fmt: skip


@pytest.fixture
def hits():
    """Gives the rules that a text in a column breaks."""
    with duckdb.connect() as con:
        con.execute(sql("functions"))

        def run(text: str, header: str = "comment", **more: bool) -> list[str]:
            con.execute("CREATE OR REPLACE TABLE t AS SELECT ? AS v", [text])
            find(con, [TextColumn(1, header, "v", "t")], **more)
            return [row[0] for row in con.execute("SELECT rule FROM privacy_hit").fetchall()]

        yield run


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in TELLING.items() for text in texts])
def test_what_tells_who_somebody_is_is_found_once_and_by_its_kind(hits, rule, text):
    assert hits(text) == [rule]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_is_left_alone(hits, text):
    assert hits(text) == []


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("zip", "02115", ["phi_zip"]),
        ("Zip Code", "02115-1234", ["phi_zip"]),
        ("zip", "02139.0", ["phi_zip"]),
        ("zip", "MA 02139", ["phi_zip"]),
        ("zip", "K1A 0B1", ["phi_zip"]),
        ("zip", "021", []),
        ("zip", "000", []),
        ("zip", "036", ["phi_zip3"]),
        ("unzipped", "036", []),
        ("age_at_index", "90", ["phi_age"]),
        ("age_at_index", "89.0", []),
        ("PatientAge", "094Y", ["phi_age"]),
        ("PatientAge", "012M", []),
        ("age_at_index_gt89", "99", []),
        ("age_days", "400", []),
        ("percentage", "94", []),
        ("linked_external_data", "https://a.example", []),
        ("software_version", "11.0.3.2", []),
    ],
)
def test_columns_named_for_something(hits, header, value, expected):
    assert hits(value, header) == expected


def test_without_a_schema_a_cell_that_is_a_date_may_be_of_a_column_of_dates(hits):
    assert hits("3 March 2020", declared=False) == []
    assert hits("seen 3 March 2020", declared=False) == ["phi_date"]


def test_one_finding_for_each_line_and_the_value_hidden(findings, con):
    bad = SOUND.replace("ok", "call 617-495-1000")
    found = findings(HEADER + bad + bad.replace("R1", "R2") + bad.replace("R1", "R3").replace("call", "at"))
    assert found == [("phi_phone", line, "comment", "***") for line in (2, 3, 4)]
    assert "617" not in str(con.execute("FROM harmonize.finding").fetchall())


def test_an_error_of_privacy_silences_other_rules_of_the_cell(findings):
    assert findings(HEADER + SOUND.replace("Male", "John Smith")) == [("phi_name", 2, "sex", "***")]


def test_another_error_silences_a_warning_and_its_value_is_hidden(findings):
    assert findings(HEADER + SOUND.replace("Male", "seen 2020-03-04")) == [("enum", 2, "sex", "***")]


def test_findings_of_the_record_do_not_quote_such_a_cell(findings):
    record = replace(LAB.slots["record_id"], identifier=False)
    cls = replace(LAB, slots={**LAB.slots, "record_id": record, "comment": Slot("comment", identifier=True)})
    line = SOUND.replace("ok", "617-495-1000")
    found = findings(HEADER + line + line.replace("Male", "Female").replace("R1", "R2"), cls)
    assert {row[3] for row in found} == {"***"}
    assert {row[0] for row in found} == {"phi_phone", "unique_key"}


def test_dates_may_stand_in_their_columns_and_not_in_texts(findings):
    assert findings(HEADER + SOUND.replace("ok", "on 2020-01-02")) == [("phi_date", 2, "comment", "***")]
    assert len(findings(HEADER + SOUND)) == 1, "the fixture keeps the first file's finding, and 2020-01-02 adds none"


def test_of_a_declared_form_only_cells_that_break_it_are_looked_at(findings):
    """A dotted UID of four numbers could be taken for an IP address."""
    cls = ClassDef("study", {"study": Slot("study", identifier=True, annotations={"uid_form": ""})})
    found = findings("study\n2.25.30.4\n1.2.3.4\nJohn Smith 617-495-1000\n", cls)
    assert {row[:2] for row in found} == {("phi_name", 4), ("phi_phone", 4)}


@pytest.mark.parametrize("bad", ["old", "95 or so", "999"])
def test_a_bad_cell_of_a_column_hides_nothing_of_its_other_cells(findings, bad):
    """A column whose form is declared is looked over as texts where a cell breaks the form, and as ages everywhere."""
    old = SOUND.replace(",50,", ",95,")
    found = findings(HEADER + old + SOUND.replace("R1", "R2").replace(",50,", f",{bad},") + old.replace("R1", "R3"))
    assert [row for row in found if row[0] == "phi_age" and row[1] != 3] == [
        ("phi_age", line, "age", "***") for line in (2, 4)
    ]


def test_cells_of_slots_marked_phi_are_not_looked_at(findings):
    assert findings(HEADER + SOUND.replace("Ann", "John Smith")) == []


def test_a_column_named_like_an_identifier_is_told_where_the_schema_lacks_it(findings):
    found = findings(HEADER.replace("comment", "comment,SSN,anon_mrn") + "R1,Ann,,,,,,,,\n")
    assert [row[:3] for row in found if row[0] == "phi_column"] == [("phi_column", 1, "SSN")]


def test_a_column_that_the_schema_has_may_be_named_so(findings):
    assert findings("ssn\nx\n", ClassDef("c", {"ssn": Slot("ssn", identifier=True)})) == []


def test_names_of_files_and_headers_are_hidden(con, tmp_path: Path):
    (tmp_path / "Smith_John").mkdir()
    text = "a,617-495-1000\n1,2\n"
    for name in ("Smith_John/labs.csv", "MRN0048291.csv", "case_RSNA_20230303.csv"):
        (tmp_path / name).write_text(text)
    files, held = hide_names(discover([tmp_path]))
    assert sorted(file.name for file in files) == ["***1.csv", "***3/labs.csv", "case_RSNA_20230303.csv"], held
    assert held == {"***1.csv": "a medical record number", "***3/labs.csv": "a person's name"}


def test_validate_hides_names_of_files_and_headers_in_every_format(tmp_path: Path):
    (tmp_path / "JohnSmith.csv").write_text("a,John Smith,John Smith\n1,2,3\n")
    import io

    with validate([tmp_path], source="ehr") as result:
        for format in ("text", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome"):
            out = io.BytesIO()
            summary = result.write(out, format=format)
            assert b"Smith" not in out.getvalue()
            assert b"phi_file_name" in out.getvalue()
    assert summary.rules == {"duplicate_header": 1, "phi_file_name": 1, "phi_header": 2}


def test_nothing_to_hide_leaves_the_file_as_it_is(stage):
    staged = stage(HEADER + SOUND)
    assert hide_headers(staged, None) is staged


def test_rules_that_identify_somebody_are_errors():
    direct = {"phi_name", "phi_mrn", "phi_ssn", "phi_phone", "phi_email", "phi_address", "phi_zip5"}
    assert {rule_texts()[rule].severity for rule in direct} == {"error"}


def test_settling_twice_changes_nothing(con, stage):
    check(con, stage(HEADER + SOUND.replace("Male", "John Smith")), LAB, 1)
    settle(con, 1)
    before = con.execute("FROM harmonize.finding").fetchall()
    settle(con, 1)
    assert con.execute("FROM harmonize.finding").fetchall() == before


def test_long_columns_are_looked_over_by_their_values():
    texts = [(rule, text) for rule, several in TELLING.items() for text in several]
    with duckdb.connect() as con:
        con.execute(sql("functions"))
        con.execute("CREATE TABLE t AS SELECT 'ok' AS x, format('R{:06d}', range) AS y FROM range(20_000)")
        con.executemany("INSERT INTO t VALUES (?, 'R1')", [(text,) for _, text in texts])
        find(con, [TextColumn(1, "comment", "x", "t"), TextColumn(2, "id", "y", "t")])
        found = con.execute("SELECT DISTINCT column_id, rule, value FROM privacy_hit").fetchall()
    assert sorted(found) == sorted((1, rule, text) for rule, text in texts)


@examples(100)
@given(st.from_regex(PLAIN_KEY, fullmatch=True))
def test_no_pattern_matches_a_plain_key(key):
    assert not [rule.rule for rule in privacy_rules() if rule.pattern and re.search(pattern_of(rule), key)]


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most)


def written(form: str, **parts: st.SearchStrategy[str] | list[str]) -> st.SearchStrategy[str]:
    """Texts of a form with a choice for each part."""
    chosen = {k: st.sampled_from(v) if isinstance(v, list) else v for k, v in parts.items()}
    return st.fixed_dictionaries(chosen).map(lambda values: form.format(**values))


# Every way in which the rules say that such a number is written: each separator, with and without the word.
AREA, EXCHANGE = ["617", "212", "312", "415", "305"], ["495", "267", "922"]
GROUP = written("{a}{b}", a=["0", "5", "9"], b=["1", "2", "9"])
SERIAL = written("{a}{b}", a=["1", "9", "0"], b=digits(3, 3)).filter(lambda text: text != "0000")
NUMBERS = {
    "phi_phone": st.one_of(
        written("{c}({a}) {e}{s}{n}", c=["", "1 ", "+1 ", "1-", "+1."], a=AREA, e=EXCHANGE, s=["-", ".", " "],
                n=digits(4, 4)),
        written("{a}{s}{e}{s}{n}", a=AREA, s=["-", "."], e=EXCHANGE, n=digits(4, 4)),
        written("{w}{g}{a}{s}{e}{s}{n}", w=["phone", "tel", "Fax", "CELL", "mobile", "pager"], g=[" ", ": ", "=", "#"],
                a=AREA, s=["-", ".", " "], e=EXCHANGE, n=digits(4, 4)),
    ),
    "phi_ssn": st.one_of(
        written("{a}-{g}-{n}", a=["001", "219", "665", "667", "899"], g=GROUP, n=SERIAL),
        written("{w}{c}{a}{s}{g}{s}{n}", w=["SSN", "ssn", "Social Security", "social security number"],
                c=[" ", ":", ": ", "#", "="], a=["001", "219", "665"], s=["-", " ", ""], g=GROUP, n=SERIAL),
    ),
    "phi_mrn": written(
        "{w}{c}{l}{n}", w=["MRN", "mrn", "M.R.N.", "medical record", "Patient ID", "patient no", "chart no", "acct",
                           "Accession number", "member id"],
        c=[" ", ":", ": ", "#", "=", "_", "-"], l=["", "A", "ab"], n=digits(5, 12)),
    "phi_email": written("{a}{d}{b}@{h}.{t}", a=["jane", "x1"], d=["", ".", "_", "-", "+"], b=["smith", "7"],
                         h=["example", "mail.example-2"], t=["org", "edu", "co.uk"]),
}  # fmt: skip
AROUND = (("", ""), ("call ", ""), ("", " today"), ("(", ")"), ("x, ", ", y"), ("seen; ", "."), ("\n", "\n"))


@examples(40)
@given(st.sampled_from(sorted(NUMBERS)).flatmap(lambda rule: st.tuples(st.just(rule), NUMBERS[rule])),
       st.sampled_from(AROUND))  # fmt: skip
def test_a_number_is_found_however_it_is_written(hits, told: tuple[str, str], around: tuple[str, str]) -> None:
    rule, number = told
    assert rule in hits(f"{around[0]}{number}{around[1]}")
