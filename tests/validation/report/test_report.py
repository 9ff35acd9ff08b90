"""Every format says the same findings, hides what is phi, and is sound in its own terms."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from lab_table import HEADER, LAB, SOUND

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.schema.model import Slot
from harmonize.validation.report import markdown
from harmonize.validation.report.findings import report
from harmonize.validation.report.model import ReportFile
from harmonize.validation.table.findings import check

BAD = HEADER + "R1,Secret ,mal,,,,,<b>\nR2,Bo,Femal,,,,,\nR3,Cy,zzz,1.1.2020,,,,\nR4,Di\n"
FORMATS = ["text", "markdown", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome"]
FIELDS = ["rule", "severity", "file", "line", "position", "column", "path", "record", "value", "message", "hint"]


@pytest.fixture
def written(con, stage):
    """Writes the report on the bad table in a format."""
    staged = stage(BAD)
    check(con, staged, LAB, 1)
    files = [
        ReportFile(1, "lab.csv", "lab", staged.records),
        ReportFile(None, "x.pdf", "unknown", 0, "not read. A PDF."),
    ]

    def run(format: str, limit: int = 100) -> str:
        out = io.BytesIO()
        report(con, files, out, format=format, limit=limit, notes=["A note."])
        return out.getvalue().decode()

    return run


def test_json(written):
    document = json.loads(written("json"))
    assert document["summary"] == {
        "records": 4,
        "errors": 5,
        "warnings": 1,
        "rules": {"enum": 3, "ragged": 1, "surrounding_blanks": 1, "type_date": 1},
        "truncated": 0,
    }
    assert document["files"][0] == {"file": "lab.csv", "kind": "lab", "records": 4}
    assert all(list(finding) == FIELDS for finding in document["findings"])
    first = next(finding for finding in document["findings"] if finding["rule"] == "enum")
    assert (first["line"], first["position"], first["column"], first["value"]) == (2, 3, "sex", "mal")
    assert first["message"] == "sex is mal, which is none of its values."
    assert first["hint"] == "Did you mean Male? Expected: Male, Female."
    far = next(finding for finding in document["findings"] if finding["value"] == "zzz")
    assert far["hint"] == "Expected: Male, Female."
    date = next(finding for finding in document["findings"] if finding["rule"] == "type_date")
    assert date["message"].endswith("is not a date in the form MM/DD/YYYY or YYYY-MM-DD.")


def test_json_is_capped_and_says_by_how_much(written):
    document = json.loads(written("json", limit=2))
    assert (len(document["findings"]), document["summary"]["truncated"]) == (2, 4)


def test_jsonl_and_csv_hold_all_findings(written):
    lines = [json.loads(line) for line in written("jsonl", limit=1).splitlines()]
    assert [list(line) for line in lines[:-1]] == [FIELDS] * 6
    assert lines[-1]["summary"]["errors"] == 5
    rows = list(csv.DictReader(io.StringIO(written("csv", limit=1))))
    assert [(row["rule"], row["line"]) for row in rows] == [(line["rule"], str(line["line"])) for line in lines[:-1]]


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "text", "markdown", "sarif"])
def test_findings_come_in_one_order_whatever_order_they_were_found_in(con, written, format):
    """Of records that have no line for people (the series of images) as well: each has a place of its own."""
    con.execute(sql("validation/finding_record"))
    con.execute("INSERT INTO finding_record SELECT 1, line, NULL, NULL, 'r' || line FROM range(2, 6) t (line)")
    later = "SELECT * REPLACE (line + 1 AS line) FROM harmonize.finding"
    con.execute(f"CREATE TEMP TABLE found AS FROM harmonize.finding UNION ALL {later}")
    told = []
    for order in ("ASC", "DESC"):
        con.execute("DELETE FROM harmonize.finding")
        con.execute(f"INSERT INTO harmonize.finding FROM found ORDER BY ALL {order}")
        told.append(written(format))
    assert told[0] == told[1]


def test_text(written):
    text = written("text")
    assert "lab.csv: 4 records of lab" in text
    assert "error    enum · sex  3 cells" in text
    assert "line 3: 'Femal' - did you mean 'Female'?" in text
    assert "line 5: The line has 2 cells; the header has 8." in text
    assert "x.pdf: not read. A PDF." in text
    assert "A note." in text
    assert text.rstrip().splitlines()[-1].startswith("2 files, 4 records: 5 errors and 1 warning.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b.csv", "a_b.csv"),
        ("_a_", r"\_a\_"),
        ("a|b `c` [d](e) <b>&", r"a\|b \`c\` \[d\](e) &lt;b>&amp;"),
        ("@team #12", r"\@team \#12"),
        ("- x", r"\- x"),
        ("> x", r"\> x"),
        ("12. x", r"12\. x"),
        ("12.5 x", r"12\.5 x"),
    ],
)
def test_what_a_delivery_says_is_no_markup(text, shown):
    assert markdown._line(text) == shown


def test_markdown(written):
    lines = written("markdown").splitlines()
    assert lines[0] == "# Validation report"
    assert "| lab.csv | lab | 4 | 5 | 1 |  |  |" in lines
    assert "| error | enum | 3 |" in lines
    assert "**error** enum in sex: 3" in lines
    assert "| line 3 | Femal | Female |" in lines
    cut = written("markdown", limit=1).splitlines()
    assert cut[-2] == "Further findings are left out; --max shows more of them."
    assert len(cut) < len(lines)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for key, value in attributes if key in ("src", "href")]


def test_html_stands_alone_and_escapes_values(written):
    text = written("html")
    page = _Page()
    page.feed(text)
    assert not {"link", "img", "b", "iframe"} & set(page.tags)
    assert page.tags.count("script") == 1
    assert page.tags.count("details") == 4
    assert all(target.startswith("#") for target in page.fetched)
    assert "Femal" in text


def test_only_the_pages_own_script_may_run(written):
    """The policy names the script by its hash: one that a value smuggled in would not run."""
    text = written("html")
    script = re.search("<script>(.*)</script>", text, re.S)[1]
    style = re.search("<style>(.*)</style>", text, re.S)[1]
    own, look = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (script, style))
    assert f"default-src 'none'; style-src 'sha256-{look}'; script-src 'sha256-{own}'" in text


def test_cells_that_a_spreadsheet_takes_for_formulas_are_texts(con, stage):
    cells = ["=cmd|' /C calc'!A0", "+1+cmd", "@SUM(A1)", "-2+3", "\t=1"]
    lines = "".join(f'R{n},Bo,"{cell}",,,,,\n' for n, cell in enumerate(cells, start=1))
    staged = stage(HEADER.replace("comment", "=evil()") + lines + "R9,Bo,-5,,,,,\n")
    check(con, staged, LAB, 1)
    out = io.BytesIO()
    report(con, [ReportFile(1, "=lab.csv", "lab", staged.records)], out, format="csv")
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
    assert {row["value"] for row in rows if row["rule"] == "enum"} == {*(f"'{cell}" for cell in cells), "-5"}
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=+@\t" and cell != "+5"]
    assert rows[0]["file"] == "'=lab.csv"


def test_a_header_or_value_like_a_name_of_the_template_is_only_text(con, stage):
    staged = stage("record.id,name,sex,{value}\nR1,Ann,{expected},1\n")
    check(con, staged, LAB, 1)
    out = io.BytesIO()
    report(con, [ReportFile(1, "lab.csv", "lab", 1)], out, format="json")
    messages = {finding["message"] for finding in json.loads(out.getvalue())["findings"]}
    assert "sex is {expected}, which is none of its values." in messages
    assert "The column {value} is unknown, and value is missing." in messages
    out = io.BytesIO()
    report(con, [ReportFile(1, "lab.csv", "lab", 1)], out)
    assert "The column {value} is unknown, and value is missing." in out.getvalue().decode()


def test_a_report_into_a_file_is_that_to_a_stream(con, stage, tmp_path):
    staged = stage(BAD)
    check(con, staged, LAB, 1)
    files = [ReportFile(1, "lab.csv", "lab", staged.records)]
    for format in ("csv", "jsonl"):
        stream = io.BytesIO()
        report(con, files, stream, format=format)
        with (tmp_path / format).open("wb") as out:
            report(con, files, out, format=format)
        assert (tmp_path / format).read_bytes() == stream.getvalue()


def test_known_synonyms_are_nearest(con, stage):
    check(con, stage(HEADER + SOUND.replace("Male", "f")), LAB, 1)
    out = io.BytesIO()
    report(con, [ReportFile(1, "lab.csv", "lab", 1)], out, format="json")
    assert json.loads(out.getvalue())["findings"][0]["hint"].startswith("Did you mean Female?")


def test_a_value_wrong_in_two_columns_has_the_hint_of_each(con, stage, monkeypatch):
    monkeypatch.setitem(LAB.slots, "comment", Slot("comment", range="fate", permissible_values=("Final", "Fallen")))
    line = SOUND.replace("Male", "Femal").replace(",ok", ",Femal")
    check(con, stage(HEADER + line + line.replace("R1", "R2")), LAB, 1)
    out = io.BytesIO()
    report(con, [ReportFile(1, "lab.csv", "lab", 1)], out, format="json")
    told = [(f["line"], f["column"], f["hint"].partition("?")[0]) for f in json.loads(out.getvalue())["findings"]]
    assert sorted(told) == [
        (line, column, f"Did you mean {nearest}")
        for line in (2, 3)
        for column, nearest in (("comment", "Final"), ("sex", "Female"))
    ]


def test_a_synonym_of_two_values_names_both(con, stage, monkeypatch):
    sex = replace(LAB.slots["sex"], permissible_values=("XA", "DX", "CR"))
    monkeypatch.setitem(LAB.slots, "sex", sex)
    check(con, stage(HEADER + SOUND.replace("Male", "XRAY")), LAB, 1)
    out = io.BytesIO()
    report(con, [ReportFile(1, "lab.csv", "lab", 1)], out, format="json")
    assert json.loads(out.getvalue())["findings"][0]["hint"].startswith("Did you mean CR or DX?")


def test_text_is_cut_at_the_limit_and_says_so(written):
    text = written("text", limit=1)
    assert text.startswith("errors    enum 3, ragged 1, type_date 1\nwarnings  surrounding_blanks 1\n")
    assert "… and 3 kinds of findings more; --max shows more of them" in text


def test_text_of_many_files_names_the_first(con, stage):
    """A delivery of 40,000 files is read at a terminal, too, and costs no more a file than one of ten."""
    check(con, stage(HEADER + SOUND.replace("Male", "XRAY")), LAB, 1)
    found = con.execute("FROM harmonize.finding").fetchall()
    for number in range(2, 5):
        con.executemany(
            "INSERT INTO harmonize.finding VALUES (?, ?, ?, ?, ?, ?)", [(*f[:2], number, *f[3:]) for f in found]
        )
    files = [ReportFile(number, f"{number}.csv", "lab", 1) for number in range(1, 31)]
    out = io.BytesIO()
    report(con, [*files, ReportFile(None, "notes.pdf", "", 0, "not read")], out, format="text", limit=2)
    lines = out.getvalue().decode().splitlines()
    assert "… and findings in 2 files more; --max shows more of them" in lines
    assert [line for line in lines if line.endswith(", no findings")] == [
        f"{number}.csv: 1 record of lab, no findings" for number in range(5, 25)
    ]
    assert "… and 6 files more without findings" in lines
    assert "notes.pdf: not read" in lines


def test_junit(written):
    root = ET.fromstring(written("junit"))
    suite = root.find("testsuite")
    assert (suite.get("failures"), root.findall("testsuite")[1].get("tests")) == ("3", "0")
    failed = {case.get("name") for case in suite if case.find("failure") is not None}
    assert failed == {"enum", "ragged", "type_date"}


def test_sarif(written):
    run = json.loads(written("sarif"))["runs"][0]
    result = next(result for result in run["results"] if result["ruleId"] == "ragged")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "ragged"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "lab.csv"},
        "region": {"startLine": 5},
    }


def test_operation_outcome(written):
    document = json.loads(written("operationoutcome", limit=2))
    assert document["resourceType"] == "OperationOutcome"
    assert [issue["severity"] for issue in document["issue"]] == ["warning", "error", "information"]
    assert document["issue"][2]["diagnostics"] == "4 more findings are left out."


@pytest.mark.parametrize("format", FORMATS)
def test_phi_is_hidden_in_every_format(written, format):
    assert "Secret" not in written(format)


def test_an_unknown_format_is_refused_with_the_nearest(written):
    with pytest.raises(InputError) as error:
        written("jsn")
    assert "json" in error.value.hint


@pytest.mark.parametrize("format", ["text", "html", "operationoutcome", "junit"])
def test_a_sound_delivery_says_so(con, stage, format):
    check(con, stage(HEADER + SOUND), LAB, 1)
    out = io.BytesIO()
    report(con, [ReportFile(1, "lab.csv", "lab", 1)], out, format=format)
    assert ("no findings" in out.getvalue().decode().lower()) == (format != "junit")
    assert "<failure" not in out.getvalue().decode()
