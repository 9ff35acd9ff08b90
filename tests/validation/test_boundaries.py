"""Every rule with a limit, exactly at it, below it and above it (data/boundaries.yaml)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from clean_batch import clean_batch, file_name, write
from clean_ward import WARD, clean_ward, write_ward
from test_planted import found_in

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root, sql
from harmonize.schema.model import ClassDef, Schema, Slot
from harmonize.validation.dicom import _filled
from harmonize.validation.rules import declared_rules, rule_texts
from harmonize.validation.table.choose import choose_class
from harmonize.validation.table.findings import check, masked, stored
from harmonize.validation.table.profile import profile
from harmonize.validation.table.units import fitting_unit

REPOSITORY = Path(__file__).resolve().parents[2]
TOLD: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / "boundaries.yaml").read_text(encoding="utf-8"))
COMPARED = re.compile(r"(?<![<>=\-|'])[<>]=?(?![<>=])|\bBETWEEN\b|\bfhir_before\(")
COUNTED = re.compile(r"\{\d+(,\d*)?\}|\[[0-9]-[0-8]\]|\[[1-9]-9\]")


def _text(value: str) -> str:
    """A value of the file with the day of the test put in, and what is repeated written out."""
    today = date.today()
    value = re.sub(r"\{today\+(\d+)\}", lambda m: str(today + timedelta(days=int(m[1]))), value)
    value = re.sub(r"\{year\+(\d+)\}", lambda m: str(today.year + int(m[1])), value)
    return re.sub(r"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), value)


LAB = ClassDef(
    "lab",
    {name: Slot(name, **declared) for name, declared in TOLD["slots"].items()},
    annotations={"special_characters": "true"},
)
CELLS = [
    (row["rule"], row["at"], _text(value), row.get("beside", {}), key == "found")
    for row in TOLD["cells"]
    for key in ("found", "sound")
    for value in row.get(key, ())
]


def _table() -> str:
    """All cells in one table, a line each."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(LAB.slots), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {"id": f"line{number}", **beside, column: value} for number, (_, column, value, beside, _) in enumerate(CELLS)
    )
    return out.getvalue()


def test_cells(con: duckdb.DuckDBPyConnection, stage: Callable[..., Any]) -> None:
    staged = stage(_table())
    check(con, staged, LAB, 1)
    found = set(
        con.execute(
            "SELECT rule, line, name FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
            "JOIN harmonize.file_column USING (file_id, column_id)"
        ).fetchall()
    )
    wrong = [
        f"{rule}: {value!r} under {column} {'is not found' if is_found else 'is found'}"
        for line, (rule, column, value, _, is_found) in enumerate(CELLS, start=2)
        if ((rule, line, column) in found) != is_found
    ]
    assert wrong == []
    # a guard is true of every bad cell, too: it decides whether the column is looked at
    for rule in declared_rules(LAB):
        missed = f'SELECT "{rule.slot.name}" FROM {staged.table} WHERE ({rule.where}) AND ({rule.guard}) IS NOT TRUE'
        assert con.execute(missed).fetchall() == [], rule.rule


@pytest.mark.parametrize("rule", TOLD["columns"]["fewest"])
def test_columns(con: duckdb.DuckDBPyConnection, stage: Callable[..., Any], rule: str) -> None:
    fewest = TOLD["columns"]["fewest"][rule]
    degrees = Slot("degrees", range="double", unit="Cel", annotations={"quantity": "body_temperature"})
    cls = ClassDef("ward", {"id": Slot("id", identifier=True), "degrees": degrees, "nothing": Slot("nothing")})
    found = []
    for file_id, filled in enumerate((fewest - 1, fewest, fewest + 1), start=1):
        # cells without a number do not count
        more = "" if rule == "empty_column" else "x,,x\ny,,y\n"
        lines = "".join(f"{n},98.6,\n" for n in range(filled))
        check(con, stage(f"id,degrees,nothing\n{lines}{more}", file_id), cls, 1)
        found.append(
            con.execute(
                "SELECT count(*) FROM harmonize.finding JOIN harmonize.rule USING (rule_id) "
                "WHERE rule = ? AND file_id = ?",
                [rule, file_id],
            ).fetchone()
        )
    assert found == [(0,), (1,), (1,)]


@pytest.mark.parametrize("told", TOLD["columns"]["median"], ids=lambda told: told["quantity"])
def test_medians(told: dict[str, Any]) -> None:
    slot = Slot("x", unit=told["unit"], annotations={"quantity": told["quantity"]})
    wanted = dict.fromkeys(told["sound"]) | told["found"]
    assert {median: fitting_unit(slot, median) for median in wanted} == wanted


def _differing(
    rows: list[dict[str, Any]], found: list[dict[str, Any]], name: Callable[[str], str]
) -> list[tuple[Any, ...]]:
    """The places of the rows (a case each) where their rule finds what it should not, or not what it should."""
    told = {(f["rule"], f["file"], f["line"], f["column"]) for f in found}
    differing = []
    for line, row in enumerate(rows, start=2):
        wanted = {(row["rule"], name(node), line, at) for node, at in (p.split(".", 1) for p in row.get("found", ()))}
        got = {place for place in told if place[0] == row["rule"] and place[2] == line}
        differing += sorted(wanted ^ got)
    return differing


def test_batch(tmp_path: Path) -> None:
    batch = clean_batch()
    rows = TOLD["batch"]
    assert len(rows) <= len(batch["case"]), "each row has a case of its own"
    for number, row in enumerate(rows):
        for node, cells in row["change"].items():
            batch[node][number] |= cells
    found = found_in(write(tmp_path / "batch", batch))
    assert _differing(rows, found, file_name) == []


def test_ward(tmp_path: Path) -> None:
    ward = clean_ward()
    rows = TOLD["ward"]
    for number, row in enumerate(rows):
        if row["rule"] == "after_death":
            ward["stay"][number] |= {"admitted": "2020-06-01", "discharged": "2020-06-30", "outcome": "died"}
        ward["result"][number] |= {column: row[column] for column in ("drawn", "code", "test") if column in row}
        if row["rule"] == "code_form":
            ward["result"][number]["test"] = ""
    found = found_in(write_ward(tmp_path / "ward", ward), source="ehr", mapping=str(WARD))
    assert _differing(rows, found, "{}.csv".format) == []


def test_fhir(tmp_path: Path) -> None:
    resources: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "p", "birthDate": "1970-05-10", "deceasedDateTime": "2020-06-30"}
    ]
    for number, row in enumerate(TOLD["fhir"]):
        period = {side: _text(day) for side, day in zip(("start", "end"), row["period"], strict=True) if day}
        resources.append(
            {
                "resourceType": "Encounter", "id": f"e{number}", "status": "finished", "class": {"code": "AMB"},
                "subject": {"reference": "Patient/p"}, "period": period,
            }
        )  # fmt: skip
    path = tmp_path / "export.ndjson"
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    told = {(f["rule"], f["record"]) for f in found_in(path, source="fhir")}
    wrong = [
        f"{row['rule']}: {row['period']}"
        for number, row in enumerate(TOLD["fhir"])
        if ((row["rule"], f"Encounter/e{number}") in told) != row.get("found", False)
    ]
    assert wrong == []


def test_series(con: duckdb.DuckDBPyConnection) -> None:
    """The statements on images, on tables made by hand: a series a row."""
    con.execute(sql("functions"))
    con.execute("CREATE TABLE dicom_profile (keyword VARCHAR, tell VARCHAR)")
    con.execute("CREATE TABLE dicom_file (name VARCHAR, member VARCHAR, size BIGINT, package BIGINT)")
    con.execute("CREATE TABLE other (line_ BIGINT, reason VARCHAR, detail VARCHAR)")
    con.execute(
        "CREATE TABLE dicom_manifest_line (file_id INTEGER, line_ BIGINT, uid VARCHAR, listed VARCHAR, "
        "file_name VARCHAR, storage_urls VARCHAR, series_submitter_id VARCHAR, file_size VARCHAR, lines BIGINT)"
    )
    columns = {
        "line_": "BIGINT", "SeriesInstanceUID": "VARCHAR", "StudyInstanceUID": "VARCHAR", "PatientID": "VARCHAR",
        "told": "VARCHAR[]", "private_elements": "INTEGER", "repeated": "INTEGER", "notes": "VARCHAR[]",
        "differing": "VARCHAR[]", "BurnedInAnnotation": "VARCHAR", "Modality": "VARCHAR", "form": "VARCHAR",
        "ImageType": "VARCHAR", "RecognizableVisualFeatures": "VARCHAR", "PatientIdentityRemoved": "VARCHAR",
        "file_count": "VARCHAR", "SOPClassUID": "VARCHAR",
    }  # fmt: skip
    con.execute(f"CREATE TABLE dicom_series ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    for number, row in enumerate(TOLD["series"]):
        cells = {"line_": number, "SeriesInstanceUID": f"1.{number}", **row.get("cells", {})}
        con.execute(
            f"INSERT INTO dicom_series ({', '.join(cells)}) VALUES ({', '.join('?' * len(cells))})",
            list(cells.values()),
        )
        lines = row.get("lines", 0)
        for _ in range(lines):
            con.execute("INSERT INTO dicom_manifest_line (uid, lines) VALUES (?, ?)", [f"1.{number}", lines])
    parts = {"{series}": "1", "{table}": "dicom_series", "{file}": "2", "{others}": "other", "{modalities}": "'CT'"}
    con.execute(_filled("dicom/findings", parts))
    con.execute(f"INSERT INTO dicom_found {_filled('dicom/manifest_findings', parts)}")
    told = set(con.execute("SELECT rule, line FROM dicom_found").fetchall())
    wrong = [
        row for number, row in enumerate(TOLD["series"]) if ((row["rule"], number) in told) != row.get("found", False)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (10, "***"),
        (11, "*** (11 to 100 characters)"),
        (100, "*** (11 to 100 characters)"),
        (101, "*** (over 100 characters)"),
    ],
)
def test_a_hidden_value_tells_a_class_of_its_length(con: duckdb.DuckDBPyConnection, length: int, shown: str) -> None:
    assert con.execute(f"SELECT {masked('x')} FROM (SELECT '{'n' * length}' AS x)").fetchone() == (shown,)


@pytest.mark.parametrize(("length", "kept"), [(199, 199), (200, 200), (201, 200)])
def test_a_value_is_cut(con: duckdb.DuckDBPyConnection, length: int, kept: int) -> None:
    assert con.execute(f"SELECT length({stored(None, 'x')}) FROM (SELECT '{'n' * length}' AS x)").fetchone() == (kept,)


@pytest.mark.parametrize(("values", "more"), [(9, ""), (10, ""), (11, " … (11 values)")])
def test_so_many_values_of_a_list_are_told(values: int, more: str) -> None:
    texts = tuple(f"v{n}" for n in range(values))
    cls = ClassDef("c", {"x": Slot("x", permissible_values=texts)})
    (rule,) = (rule for rule in declared_rules(cls) if rule.rule == "enum")
    assert rule.expected == ", ".join(texts[:10]) + more


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ("a b c d", True),
        ("a b x", True),  # half of the required columns, two thirds of its own
        ("a b x y", True),  # half of its own
        ("a b x y z", False),
        ("a x", False),  # a quarter of the required ones
    ],
)
def test_a_file_with_half_of_the_columns_is_taken(headers: str, is_taken: bool) -> None:
    schema = Schema("s", {"c": ClassDef("c", {name: Slot(name, required=True) for name in "abcd"})})
    if is_taken:
        assert choose_class(schema, headers.split(), "x.csv", complete=False)[0].name == "c"
    else:
        with pytest.raises(InputError):
            choose_class(schema, headers.split(), "x.csv", complete=False)


def test_pictures_show_values_of_five_lines(con: duckdb.DuckDBPyConnection, stage: Callable[..., Any]) -> None:
    con.execute(sql("functions"))
    lines = "".join(f"{n},{'often' if n < 5 else 'rare' if n < 9 else n}\n" for n in range(12))
    staged = stage(f"id,word\n{lines}")
    assert profile(con, staged, None)[1].values == (("often", 5),)


def _limited() -> set[str]:
    """Rules whose SQL compares, or whose pattern counts."""
    rules = rule_texts()
    limited = {
        text.rule
        for text in rules.values()
        if (text.where and COMPARED.search(text.where))
        or any(COUNTED.search(part) for part in (text.where, text.pattern, text.unless) if part)
    }
    for path in sorted(root("sql").rglob("*.sql")):
        if path.name.startswith("class."):  # it only asks which rules have anything to look at
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        text = "\n".join(line.partition("--")[0] for line in lines)
        if path.stem in rules and "validation" in path.parts:
            limited |= {path.stem} if COMPARED.search(text) else set()
            continue
        for part in re.split(r";\n|UNION ALL", text):
            if COMPARED.search(part):
                limited |= set(re.findall(r"'([a-z_]+)'", part)) & rules.keys()
    return limited


def test_every_rule_with_a_limit_has_rows() -> None:
    shown: dict[str, set[bool]] = {}
    for rule, _, _, _, is_found in CELLS:
        shown.setdefault(rule, set()).add(is_found)
    for section in ("batch", "ward", "fhir", "series"):
        for row in TOLD[section]:
            shown.setdefault(row["rule"], set()).add(bool(row.get("found")))
    assert [rule for rule, sides in shown.items() if sides != {True, False}] == [], "both sides of the limit"
    known = shown.keys() | TOLD["columns"]["fewest"].keys() | TOLD["elsewhere"].keys()
    assert sorted(_limited() - known) == [], "add rows to tests/validation/data/boundaries.yaml"
    for rule, file in TOLD["elsewhere"].items():
        assert re.search(rf"\b{rule}\b", (REPOSITORY / file).read_text(encoding="utf-8")), f"{rule} in {file}"
