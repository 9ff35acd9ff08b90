"""No input makes a validation crash, hang or outgrow its memory: it is read and reported, or refused in a sentence."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from chance import examples
from hypothesis import given
from hypothesis import strategies as st

from harmonize.engine.errors import InputError
from harmonize.intake import discover
from harmonize.validation.site.apply import Site
from harmonize.validation.validate import validate

GEN3 = "type\tsubmitter_id\tsex\tage_at_index\tzip\tindex_event\n"


def examine(name: str, content: bytes, source: str = "ehr") -> dict[str, int] | str:
    """The findings by rule, or the sentence of the refusal; every report must be sound in its own terms."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in" / name
        path.parent.mkdir()
        path.write_bytes(content)
        site = Site(copy=None if source == "fhir" else Path(folder) / "fixed")
        try:
            with validate([path], source=source, site=site, pictures=True) as result:
                return _reported(result)
        except InputError as refused:
            return refused.message


def _reported(result) -> dict[str, int]:
    written = {}
    for format in ("text", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome"):
        out = io.BytesIO()
        summary = result.write(out, format=format)
        written[format] = out.getvalue().decode()
    for format in ("json", "sarif", "operationoutcome"):
        json.loads(written[format])
    lines = [json.loads(line) for line in written["jsonl"].rstrip("\n").split("\n")]
    csv.field_size_limit(1 << 30)
    rows = list(csv.DictReader(io.StringIO(written["csv"], newline="")))
    assert len(rows) == len(lines) - 1 == summary.errors + summary.warnings
    for row in rows:
        for cell in (row["file"], row["column"], row["value"], row["message"]):
            assert not cell.startswith(("=", "@", "\t", "\r")), cell
    ET.fromstring(written["junit"])
    # our own script, where there is something to filter, and none that came with the data
    assert written["html"].count("<script") == bool(rows)
    assert "<img" not in written["html"]
    return summary.rules


cells = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from([
        "=cmd()|' /C calc'!A0", "@x", "+1", "-1", '"', '""', "a\nb", "a\r\nb", "\r", "\0", "\ufeff", "\ufffe", "\u202e",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "&amp;", "{value}", "{column}", "{0}", "$x",
        "'; DROP TABLE harmonize.finding", "John Smith", "617-495-1000", "MRN 00482913", "94 year old", "1e400", "nan",
        "9" * 400, "a" * 5000, "١٢٣", "é́", "𝒳", "Ω", "%d", "\\", "\\n", "null", " ", "\u3000", "2020-02-30", "036",
    ]),
)  # fmt: skip


@examples(8)
@given(
    st.binary(max_size=400),
    st.sampled_from(["x.csv", "x.tsv", "x.txt", "x.zip", "x.gz", "x.xlsx", "x.parquet", "x.json"]),
)
def test_any_bytes_under_any_name(content: bytes, name: str):
    examine(name, content)


tables = st.tuples(
    st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=6),
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]),
    st.booleans(),
)


@examples(8)
@given(tables)
def test_any_table(table: tuple[list[list[str]], str, str, str, bool]):
    rows, delimiter, end, encoding, quoted = table

    def written(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if quoted else cell

    text = end.join(delimiter.join(written(cell) for cell in row) for row in rows)
    examine("table.csv", text.encode(encoding, "replace"))


@examples(8)
@given(st.lists(st.tuples(*[cells] * 5), min_size=1, max_size=4))
def test_any_cells_of_a_node(rows: list[tuple[str, ...]]):
    body = "".join("\t".join(("case", *(" ".join(cell.split()) for cell in row))) + "\n" for row in rows)
    examine("case_RSNA_20230303.tsv", (GEN3 + body).encode("utf-8"), "gen3")


HARD = {
    "a lone surrogate": ("x.csv", "a,b\n1,\ud800\n".encode("utf-8", "surrogatepass"), "encoding"),
    "a lone surrogate in UTF-16": ("x.csv", b"\xff\xfea\0,\0b\0\n\0\x00\xd8\n\0", "UTF-16"),
    "half of a UTF-16 character": ("x.csv", b"\xff\xfea\0,", "UTF-16"),
    "line ends of three kinds": ("x.csv", b'a,b\r1,2\n3,4\r\n5\n\n"x\ny",6', "ragged"),
    "a quote on every line": ("x.csv", b"a,b\n" + b'"x,1\n' * 2000, "quoting"),
    "quotes alone": ("x.csv", b'"' * 10_000, "no_records"),
    "a header without end": ("x.csv", b"," * 20_000 + b"\n", "at most 16,384"),
    "two thousand equal headers": ("x.csv", b"a," * 2000 + b"a\n" + b"1," * 2000 + b"1\n", "duplicate_header"),
    "deep JSON": ("x.json", b"[" * 1_000_000, "Nothing in the delivery"),
    "an archive inside an archive": ("x.zip", "zip of a zip", "inside an archive"),
    "more members than allowed": ("x.zip", "many members", "more than 10,000"),
    "a cut archive": ("x.csv.gz", gzip.compress(b"a,b\n1,2\n")[:-5], "damaged"),
    "a workbook that is none": ("x.xlsx", "a zip without sheets", "cannot be read"),
    "a member that would escape": ("x.zip", "escaping", {}),
}  # fmt: skip


def _archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


ARCHIVES = {
    "zip of a zip": {"b.zip": _archive({"a.csv": b"a,b\n1,2\n"})},
    "many members": {f"{number}.csv": b"a,b\n1,2\n" for number in range(10_001)},
    "a zip without sheets": {"xl/workbook.xml": b"<x/>"},
    "escaping": {"../../../x.csv": b"a,b\n1,2\n", "/etc/y.csv": b"a,b\n1,2\n", "C:\\z.csv": b"a,b\n1,2\n"},
}


@pytest.mark.parametrize("name", HARD)
def test_hard_cases(name: str):
    file, content, expected = HARD[name]
    found = examine(file, _archive(ARCHIVES[content]) if isinstance(content, str) else content)
    assert found == expected if isinstance(expected, dict) else expected in found


def test_three_thousand_columns():
    names = ",".join(f"c{number}" for number in range(3_000))
    found = examine("x.csv", f"{names}\n{','.join(['at 617-495-1000'] * 3_000)}\n".encode())
    assert found == {"phi_phone": 3_000}


def test_a_cell_of_ten_megabytes():
    assert examine("x.csv", b"a,b\n1," + b"John Smith 617-495-1000 " * 400_000 + b"\n") == {
        "phi_name": 1,
        "phi_phone": 1,
    }


def test_an_archive_that_says_that_it_is_too_large_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(discover, "MAX_UNPACKED_BYTES", 1 << 20)
    unpacked = []
    monkeypatch.setattr(discover._Unpacker, "write", lambda self, stream, name: unpacked.append(name))
    assert "unpacked, it takes" in examine("x.zip", _archive({"a.csv": b"a,b\n" + b"1,2\n" * 300_000}))
    assert unpacked == []


def test_an_archive_that_lies_about_its_size_is_stopped(monkeypatch):
    monkeypatch.setattr(discover, "MAX_UNPACKED_BYTES", 1 << 20)
    assert "larger than" in examine("x.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 300_000))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.zip", _archive({"a.csv": b"a,b\n" + b"\n" * 40_000_000})),
        ("x.csv.gz", gzip.compress(b'a,b\n1,"' + b"x y\n" * 3_000_000 + b'"\n')),
        ("x.csv.gz", gzip.compress(b"a,b\n" + b'"x,1\n' * 300_000)),
    ],
)
def test_memory_stays_bounded(tmp_path: Path, name: str, content: bytes):
    """What is small packed and large unpacked: blank lines, one cell of many lines, a bad quote on every line."""
    (tmp_path / name).write_bytes(content)
    # VmHWM is of the program alone; what wait4 tells counts the test's own process at the fork, too.
    code = (
        "import atexit, sys; from harmonize.cli.main import run;"
        "atexit.register(lambda: print(open('/proc/self/status').read(), file=sys.stderr)); run()"
    )
    command = [sys.executable, "-c", code, "validate", str(tmp_path / name), "--source", "ehr", "--memory", "1GB"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1)
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", done.stderr, re.MULTILINE)
    assert peak is not None
    assert int(peak[1]) < 1_000_000
