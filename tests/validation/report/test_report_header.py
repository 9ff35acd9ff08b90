"""What a report says of itself; two reports of the same input agree in all but the date; columns and fingerprints."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from harmonize.engine.version import __version__
from harmonize.mapping.compiler.compile import load_mapping
from harmonize.pipeline.foresee import foresee
from harmonize.report.blocks import moment
from harmonize.validation import validate as module
from harmonize.validation.asked import asked_rules
from harmonize.validation.report.cells import cell_span
from harmonize.validation.report.standard import FINGERPRINT
from harmonize.validation.validate import Validation, _schema, validate

FORMATS = ["text", "markdown", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome"]
CASES = "type\tsubmitter_id\tsex\nca\tA1\tMale\ncase\tA2\tmale\ncase\tA3\tmale\n"
DAY = "2026-01-05T12:00:00Z"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Writes the report on a batch of two files, checked on a day that the test says; each is checked once."""
    home = tmp_path_factory.mktemp("written")
    done: dict[tuple[str, str], Validation] = {}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:

        def run(format: str, text: str = CASES, date: str = DAY) -> str:
            if (text, date) not in done:
                folder = home / str(len(done))
                folder.mkdir()
                (folder / "case_ACR_20211115.tsv").write_text(text, encoding="utf-8")
                (folder / "notes.pdf").write_bytes(b"%PDF-1.4")
                patch.setattr(module, "_now", lambda: date)
                one = validate([folder], source="cirr", project="Open-A1", foresee=foresee)
                done[text, date] = stack.enter_context(one)
            out = io.BytesIO()
            done[text, date].write(out, format=format)
            return out.getvalue().decode()

        yield run


def test_json_says_what_it_is_of(written):
    document = json.loads(written("json"))
    about = document["about"]
    verdict = about.pop("verdict")
    assert about == {
        "tool": "harmonize",
        "version": __version__,
        "date": DAY,
        "site": None,
        "project": "Open-A1",
        "source": "cirr",
        "mapping": {"name": "gen3/batch", "version": load_mapping("gen3/batch").version},
        "vocabulary": None,
        "size": len(CASES) + 8,
    }
    assert verdict.startswith("A load would quarantine 1 record")
    assert [(file["file"], file["size"], file["sha256"]) for file in document["files"]] == [
        ("case_ACR_20211115.tsv", len(CASES), hashlib.sha256(CASES.encode()).hexdigest()),
        ("notes.pdf", 8, hashlib.sha256(b"%PDF-1.4").hexdigest()),
    ]


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_people_are_told_the_same(written, format):
    text = re.sub(r"\\(?=[_|*#~`])", "", written(format))
    for fact in (
        "Open-A1",
        "cirr",
        f"gen3/batch (version {load_mapping('gen3/batch').version[:12]})",
        "2 files",
        DAY,
        f"harmonize {__version__}",
        "A load would quarantine 1 record",
        hashlib.sha256(CASES.encode()).hexdigest(),
        f"{len(CASES)} B",
    ):
        assert fact in text, fact
    assert text.index("Verdict") < text.index("enum"), "the header comes first"


def test_the_vocabulary_is_that_of_the_store(empty_store: Path, tmp_path: Path):
    (tmp_path / "case_ACR_20211115.tsv").write_text(CASES, encoding="utf-8")
    with validate([tmp_path], source="cirr", project="Open-A1", db=empty_store) as checked:
        assert checked.about is not None
        assert checked.about.vocabulary == "v5.0 29-FEB-24"
        out = io.BytesIO()
        checked.write(out, format="html")
    assert "<dt>Vocabulary</dt><dd>v5.0 29-FEB-24</dd>" in out.getvalue().decode()


def test_a_site_is_known_by_the_mapping_that_was_named():
    plan = load_mapping("ehr/covid_19_ny_sbu")
    named = module._about("ehr", "covid_19_ny_sbu", plan, None, frozenset(), 1)
    assert (named.site, named.mapping) == ("covid_19_ny_sbu", "ehr/covid_19_ny_sbu")
    assert module._about("ehr", None, plan, None, frozenset(), 1).site is None


@pytest.mark.parametrize("format", FORMATS)
def test_two_reports_of_the_same_input_agree_in_all_but_the_date(written, format):
    later = "2027-02-06T13:00:00Z"
    first, second = written(format), written(format, date=later)
    assert DAY in first or format in ("csv", "junit", "operationoutcome")
    assert first.replace(DAY, "").replace(moment(DAY), "") == second.replace(later, "").replace(moment(later), "")


def results(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["runs"][0]["results"]
    return found


def test_sarif_has_the_columns_of_cells(written):
    run = json.loads(written("sarif"))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["artifacts"][0]["hashes"] == {"sha-256": hashlib.sha256(CASES.encode()).hexdigest()}
    places = [one["locations"][0]["physicalLocation"]["region"] for one in run["results"] if one["ruleId"] == "enum"]
    lines = CASES.splitlines()
    assert {lines[p["startLine"] - 1][p["startColumn"] - 1 : p["endColumn"] - 1] for p in places} == {"male"}
    assert {place["startLine"] for place in places} == {3, 4}


@pytest.mark.parametrize(
    ("line", "position", "span"),
    [
        ("a,b,c", 2, (3, 4)),
        ("a,,c", 2, (3, 3)),
        ('"a,""x""",b', 1, (1, 10)),
        ('"a,""x""",b', 2, (11, 12)),
        ("ä,肺", 2, (3, 4)),
        ("a,b", 3, None),
        ("a,", 2, (3, 3)),
        ('a,"goes on', 2, None),
    ],
)
def test_where_a_cell_stands(line, position, span):
    assert cell_span(line, ",", position) == span


def prints(text: str) -> dict[str, str]:
    """Finding by fingerprint."""
    return {
        one["partialFingerprints"][FINGERPRINT]: f"{one['ruleId']} {one['message']['text']}" for one in results(text)
    }


def test_a_fingerprint_survives_other_lines_and_other_findings(written):
    before = prints(written("sarif"))
    assert len(before) == len(results(written("sarif"))), "every finding has its own"
    head, *lines = CASES.splitlines(keepends=True)
    moved = prints(written("sarif", "".join([head, "case\tA0\tFemale\n", "case\tA9\tzzz\n", *lines])))
    assert before.items() <= moved.items()
    assert len(moved) > len(before)
    fixed = prints(written("sarif", CASES.replace("A2\tmale", "A2\tMale")))
    assert fixed.items() <= before.items()
    assert [told for told in before.items() if told not in fixed.items() and told[1].startswith("enum")]


def test_junit_has_the_rules_of_the_source(written):
    suite = ET.fromstring(written("junit")).find("testsuite")
    assert suite.get("timestamp") == DAY
    told = {one.get("name"): one.get("value") for one in suite.find("properties")}
    assert (told["project"], told["sha256"]) == ("Open-A1", hashlib.sha256(CASES.encode()).hexdigest())
    rules = {case.get("name") for case in suite.iter("testcase")}
    assert {"enum", "required", "ragged", "orphan", "phi_name", "no_person"} <= rules
    assert not {rule for rule in rules if rule.startswith(("fhir_", "header_"))}
    assert int(suite.get("tests")) == len(rules)


@pytest.mark.parametrize(
    ("source", "mapping", "some", "none"),
    [
        (
            "ehr",
            "covid_19_ny_sbu",
            {"enum", "minimum", "phi_column", "no_date"},
            {"fhir_code", "index_event", "orphan"},
        ),
        ("ehr", None, {"ragged", "phi_column"}, {"enum", "unique_key", "no_date", "no_person"}),
        ("gen3", None, {"index_event", "orphan", "same_content"}, {"fhir_code", "unknown_label", "not_dicom"}),
        ("ricord", None, {"unknown_label"}, {"fhir_code", "index_event"}),
        ("fhir", None, {"fhir_code", "phi_note", "no_date"}, {"enum", "ragged", "phi_column", "not_dicom"}),
        ("dicom", None, {"not_dicom", "phi_name"}, {"fhir_code", "ragged", "ambiguous_lookup"}),
    ],
)
def test_which_rules_are_asked(source, mapping, some, none):
    schema, _, _ = _schema(source, mapping, None)
    asked = asked_rules(source, schema)
    assert some <= asked
    assert not none & asked
