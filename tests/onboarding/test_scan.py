"""Profiles of unknown tables."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import orjson
import pytest
from invent_workbook import PATIENTS, clinical, exams, write_workbook
from typer.testing import CliRunner, Result

from harmonize.cli.main import app
from harmonize.engine.errors import InputError
from harmonize.intake.table.header_guess import guess_header
from harmonize.onboarding.column import ColumnScan
from harmonize.onboarding.meaning import meaning_of, said_meanings, unit_of, words
from harmonize.onboarding.scan import scan


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["-q", "profile", *map(str, arguments)], catch_exceptions=False)


def columns(folder: Path, header: list[str], *rows: list[str]) -> dict[str, ColumnScan]:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    with scan([path], least=1) as found:
        return {column.header: column for column in found.files[0].columns}


def test_workbook(tmp_path: Path) -> None:
    with scan([write_workbook(tmp_path / "book.xlsx")]) as found:
        sheet, other = found.files
        assert (sheet.name, sheet.records, sheet.header_rows) == ("book.xlsx#Clinical", len(clinical()), (1, 2))
        assert (other.records, other.header_rows) == (len(exams()), (3, 3))
        assert [column.meaning for column in sheet.columns] == [
            "patient", "sex", "age", "race", "index_date", "height", "weight",
            "test_name", "test_value", "test_unit", "date",
        ]  # fmt: skip
        assert [column.meaning for column in other.columns] == [
            "patient",
            "record",
            "day",
            "modality",
            "study_description",
        ]
        height, weight = sheet.columns[5:7]
        assert (height.kind, height.unit and height.unit.unit) == ("feet", "feet and inches")
        assert weight.unit is not None
        assert (weight.unit.unit, weight.unit.basis) == ("pounds", "magnitude")
        assert (weight.least, weight.most) == (
            min(float(str(row[6])) for row in clinical()),
            max(float(str(row[6])) for row in clinical()),
        )
        assert ("Patient_Study_ID", "Laboratory_Test") in sheet.keys
        assert other.keys == [("Exam_No_",)]
        to_clinical = next(link for link in found.links if link.file == other.name)
        assert (to_clinical.column, to_clinical.to_column, to_clinical.share) == ("Study ID", "Patient Study ID", 1.0)
        assert to_clinical.found == round(len({str(row[0]) for row in exams()}) / PATIENTS, 4)


def test_counts_and_kinds(tmp_path: Path) -> None:
    found = columns(
        tmp_path,
        ["n", "d", "either", "mixed", "said", "blank", "unit", "wt"],
        *([str(i), f"{i:02d}/25/2020", f"0{i}/0{i}/2020", "x" if i == 1 else "2.5", "NA", "", f"{i} mg", f"{70 + i} kg"]
          for i in range(1, 10)),
    )  # fmt: skip
    assert (found["n"].kind, found["n"].least, found["n"].most) == ("integer", 1, 9)
    assert (found["d"].kind, found["d"].formats, found["d"].earliest) == ("date", ("%m/%d/%Y",), 2020)
    assert found["either"].formats == ("%m/%d/%Y", "%d/%m/%Y")  # a person must choose
    assert found["mixed"].kind == "text"
    assert found["mixed"].values == (("2.5", 8), ("x", 1))
    assert (found["said"].filled, found["said"].missing, found["said"].kind) == (0, 9, "empty")
    assert (found["blank"].filled, found["blank"].kind) == (0, "empty")
    assert (found["unit"].kind, found["unit"].unit) == ("quantity", None)
    assert found["wt"].unit is not None
    assert (found["wt"].unit.unit, found["wt"].unit.expr) == ("kg", "number(replace({x}, 'kg', ''))")


def test_nobody_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = [[f"P{i}", "seen by Dr. Smith", str(80 + i), "John", "plain"] for i in range(15)]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "remark", "age", "first_name", "kind"], *rows])
    with scan([path], least=1) as found:
        _, remark, age, name, kind = found.files[0].columns
        assert (remark.hidden, remark.values, remark.private) == (True, (), {"phi_name": 1})
        assert (name.hidden, name.values) == (True, ())
        assert kind.values == (("plain", 15),)
        assert not age.hidden
        assert age.most == 89  # those above are masked
        assert {value for value, _ in age.values} == {str(80 + i) for i in range(10)}
    for kind_of_report in ("table", "json", "html"):
        shown = run(path, "--format", kind_of_report, "--min-count", 1).stdout
        assert "plain" in shown
        assert "Smith" not in shown
        assert "John" not in shown
        body = (
            shown.partition("<main")[2].partition("</main>")[0] or shown
        )  # hashes of the page's parts hold any digits
        assert "94" not in re.sub(r'<code class="sum">\w{64}</code>', "", body)


def test_few_cells_are_not_listed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("kind\n" + "often\n" * 5 + "rarely\n" * 4)
    assert "often (5); and 1 more" in run(path).stdout
    assert "rarely (4)" in run(path, "--min-count", 4).stdout


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["id", "age"], ["a", "61"], ["b", "40"]], None),
        ([["id", "age"], ["a", "NA"], ["b", "1"]], (1, 2)),  # a person sees and corrects it
        ([["Title"], ["id", "sex", "age"], ["a", "F", "61"], ["b", "M", "4"]], (2, 2)),
        ([["Who", "", "", "What"], ["id", "sex", "born", "age"], ["a", "F", "2020-01-01", "61"]], (1, 2)),
        ([["v1", "v2"], ["Height", "Weight"], ["5' 4\"", "61"], ["6'", "70"]], (1, 2)),
        ([["a", "b"], ["x", "y"], ["z", "w"]], None),
        ([["only"], ["one"], ["column"]], None),
        ([], None),
    ],
)
def test_guess_header(rows: list[list[str]], expected: tuple[int, int] | None) -> None:
    assert guess_header(list(enumerate(rows, start=1))) == expected


@pytest.mark.parametrize(
    ("header", "kind", "meaning"),
    [
        ("PatientID", "text", "patient"),
        ("anon_mrn", "integer", "patient"),
        ("Study Instance UID", "text", "study_uid"),
        ("Gender Desc", "text", "sex"),
        ("days_to_study", "integer", "day"),
        ("length of stay (days)", "integer", None),
        ("days_prior_sx", "integer", None),
        ("anon_test_date", "integer", "day"),
        ("Oxygen saturation by Pulse oximetry", "number", "spo2"),
        ("Result flag", "text", None),
        ("Age unit", "text", None),
        ("Heart_Rate", "integer", "pulse"),
        ("Heart_Rate", "text", None),
        ("Admission date", "date", "admission_date"),
    ],
)
def test_meaning(header: str, kind: str, meaning: str | None) -> None:
    assert meaning_of(header, kind, lambda _pattern: False) == meaning


def test_meaning_by_cells(tmp_path: Path) -> None:
    found = columns(
        tmp_path,
        ["Dx", "Diagnosis", "State", "Patient state", "Normal range", "Age"],
        ["U07.1", "U07.1", "RI", "stable", "4.0-11.0", "90+"],
        ["J12.82", "cough", "MA", "worse", "<10", "44"],
        ["E11", "J18.9", "NH", "stable", "", "over 89"],
    )
    assert [column.meaning for column in found.values()] == [
        "diagnosis_code", "diagnosis", "state", None, "reference_range", "age",
    ]  # fmt: skip


def test_an_estimate_is_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("n,x\n" + "".join(f"{n},{n / 7}\n" for n in range(1, 101)))
    told = run(path).stdout
    assert "1 to 100, median about 50" in told or "1 to 100, median about 51" in told
    assert "median about 7." in told


def test_words() -> None:
    assert words("PatientStudyID") == words("patient_study.ID") == "patient study id"


def test_unit_by_word_before_magnitude() -> None:
    stated = unit_of("weight", "Weight (kg)", "number", 180.0, ())
    assert stated is not None
    assert (stated.unit, stated.basis) == ("kg", "stated")
    guessed = unit_of("weight", "Weight", "number", 180.0, ())
    assert guessed is not None
    assert (guessed.unit, guessed.basis, guessed.expr) == ("pounds", "magnitude", "pounds_to_kg(number({x}))")
    assert unit_of("weight", "Weight", "number", 20000.0, ()) is None


def test_scan_report_of_white_rabbit(tmp_path: Path) -> None:
    report = tmp_path / "ScanReport.xlsx"
    assert run(write_workbook(tmp_path / "book.xlsx"), "--format", "white_rabbit", "-o", report).exit_code == 0
    book = openpyxl.load_workbook(report)
    assert book.sheetnames == ["Field Overview", "Table Overview", "book.xlsx_Clinical", "book.xlsx_Imaging exams"]
    fields = list(book["Field Overview"].values)
    assert fields[0][:4] == ("Table", "Field", "Description", "Type")
    assert fields[2] == (
        "book.xlsx_Clinical", "Patient Sex", "perhaps sex", "VARCHAR", 1, len(clinical()), len(clinical()), 0, 2,
        round(2 / len(clinical()), 4),
    )  # fmt: skip
    sexes = [str(row[1]) for row in clinical()]
    listed = [row[2:4] for row in book["book.xlsx_Clinical"].values]
    assert listed[0] == ("Patient Sex", "Frequency")
    assert set(listed[1:3]) == {(sex, sexes.count(sex)) for sex in "FM"}
    assert listed[3] == (None, None)  # the list is whole: no mark that it is cut
    assert next(iter(book["book.xlsx_Imaging exams"].values))[0] == "Study ID"


def test_formulas_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("kind\n" + "=1+1\n" * 5)
    run(path, "--format", "white_rabbit", "-o", tmp_path / "r.xlsx")
    assert openpyxl.load_workbook(tmp_path / "r.xlsx")["table.csv"]["A2"].data_type == "s"


def test_json(tmp_path: Path) -> None:
    document = orjson.loads(run(write_workbook(tmp_path / "book.xlsx"), "--format", "json").stdout)
    assert document["files"][0]["columns"][5]["unit"]["unit"] == "feet and inches"
    assert document["files"][1]["header_rows"] == [3, 3]


def test_repeated_records(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,x\n1,x\n1,y\n2,x\n,\n")
    with scan([path]) as found:
        assert (found.files[0].repeated, found.files[0].keys) == (1, [("a", "b")])
    assert "1 records repeat another one" in run(path).stdout
    path.write_text("a,b\n1,x\n2,x\n")  # a key alone tells its records apart
    assert "repeat another one" not in run(path).stdout


def test_header_rows_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\nid,NA\nx,1\ny,2\n")
    with scan([path], header_rows=(1, 1)) as found:
        assert [column.header for column in found.files[0].columns] == ["a", "b"]
    assert "a id" in run(path).stdout


def test_meanings_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("chart,sex,ht\nA1,F,170\nA2,M,180\n")
    assert "No column is named like" in init_error(path, tmp_path)
    with scan([path], meanings={"chart": "patient", "ht": None}) as found:
        assert [column.meaning for column in found.files[0].columns] == ["patient", "sex", None]
        assert found.files[0].columns[2].unit is None
    assert init_error(path, tmp_path, "--meaning", "chart=patient") == ""
    assert "patient" in run(path, "--meaning", "chart=patient").stdout


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("chart=patent", "There is no meaning 'patent'. | Did you mean 'patient'?"),
        ("chrt=patient", "No table has a column 'chrt'. | Did you mean 'chart'?"),
        ("chart", "--meaning 'chart' does not say which column is what. | Write 'Column header=patient'."),
        ("chart=index_date", "chart cannot be index_date: its cells are no dates in any one form that is known."),
    ],
)
def test_meanings_that_cannot_be(tmp_path: Path, said: str, message: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text("chart,sex\nA1,F\nA2,M\n")
    with pytest.raises(InputError) as caught, scan([path], meanings=said_meanings([said])):
        pass
    assert message in f"{caught.value.message} | {caught.value.hint}"


def init_error(path: Path, folder: Path, *options: str) -> str:
    """What `mapping init` complains of."""
    try:
        CliRunner().invoke(
            app, ["-q", "mapping", "init", "x", str(path), "--out", str(folder / "x"), *options], catch_exceptions=False
        )
    except InputError as error:
        return error.message
    return ""


def test_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "note.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(InputError, match="can be read as a table"):
        scan([tmp_path / "note.pdf"])
    assert CliRunner().invoke(app, ["profile", str(tmp_path / "x.csv"), "--format", "white_rabbit"]).exit_code != 0


def test_shares_of_white_rabbit_have_four_places(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,x\n2,\n3,NA\n4,y\n5,x\n6,x\n7,x\n")
    run(path, "--format", "white_rabbit", "-o", tmp_path / "r.xlsx")
    fields = list(openpyxl.load_workbook(tmp_path / "r.xlsx")["Field Overview"].values)
    assert fields[1][6:] == (7, 0, 7, 1)
    assert fields[2][6:] == (7, round(1 / 7, 4), 3, round(3 / 7, 4))
