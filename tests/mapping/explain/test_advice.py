"""What compiles and still goes wrong without a word is a warning of `harmonize mapping check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmonize.mapping.compiler.compile import mapping_folder, mappings
from harmonize.mapping.explain.advice import advice
from harmonize.mapping.explain.check import check

SCHEMA = """\
id: https://example.org/lab
name: lab
prefixes: {linkml: 'https://w3id.org/linkml/', lab: 'https://example.org/lab/'}
default_prefix: lab
default_range: string
imports: ['linkml:types']
classes:
  result:
    attributes:
      result_id: {identifier: true, required: true}
      patient: {}
      test: {}
      answer: {}
      drawn:
        aliases: [Drawn on]
        range: date
        annotations: {date_formats: '%Y-%m-%d|%m/%d/%Y %H:%M'}
"""
MAP = """\
id: https://example.org/lab/map
source_schema: schema.yaml
target_schema: midrc
class_derivations:
- name: measurement
  populated_from: result
  slot_derivations:
    part_: {value: test}
    case_key: {populated_from: patient}
    coding: {expr: "'LAB:' + short_code('result.test#' + lower(strip(test)))"}
    value_coding: {populated_from: answer, value_mappings: {P: 'LAB:result.answer#P', N: null}}
    start_date: {expr: "to_date(drawn, '%Y-%m-%d')"}
    start_datetime: {expr: "to_datetime(drawn, '%m/%d/%Y %H:%M')"}
"""
HEAD = """\
#mapping_set_id: https://example.org/lab/values
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  LAB: https://example.org/lab/
#  LOINC: https://loinc.org/
subject_id\tpredicate_id\tobject_id\tmapping_justification
"""


def folder(path: Path, specification: str = MAP, *subjects: str) -> Path:
    (path / "schema.yaml").write_text(SCHEMA)
    (path / "lab.map.yaml").write_text(specification)
    (path / "excluded.tsv").write_text("class\tcolumn\treason\n")
    rows = "".join(f"{one}\tskos:exactMatch\tLOINC:1988-5\tsemapv:ManualMappingCuration\n" for one in subjects)
    (path / "values.sssom.tsv").write_text(HEAD + rows)
    return path


def test_nothing_to_say(tmp_path: Path) -> None:
    lab = folder(tmp_path, MAP, "LAB:result.test#crp", "LAB:result.answer#P", "LAB:result.test#c reactive pro~0a1b2c3d")
    assert check(lab) == []


def test_dates_in_another_form(tmp_path: Path) -> None:
    (problem,) = check(folder(tmp_path, MAP.replace("to_date(drawn, '%Y-%m-%d')", "to_date(drawn, '%m-%d-%y')")))
    assert (problem.file, problem.line, problem.level) == ("lab.map.yaml", 12, "warning")
    assert "does not read 'Drawn on' as %Y-%m-%d, as the schema says" in problem.message
    assert problem.hint == "Write to_date(drawn, '%Y-%m-%d'), or correct date_formats in the schema."


@pytest.mark.parametrize(
    ("policy", "way", "told"),
    [
        ("as_is", "{value: index_event}", True),
        ("shifted", "{expr: \"case((test == 'x', 'index_event'))\"}", True),
        ("offset", "{value: index_event}", False),
        ("as_is", "{value: last_visit}", False),
    ],
)
def test_day_0_in_a_project_that_has_none(tmp_path: Path, policy: str, way: str, told: bool) -> None:
    start = MAP.index("    start_date")
    mapping = folder(tmp_path, MAP[:start] + f"    start_imputation: {way}\n")
    (mapping / "project.yaml").write_text(f"time: {{policy: {policy}}}\n")
    found = [(p.file, p.line, p.level) for p in advice(mapping) if "index_event is day 0" in p.message]
    assert found == ([("lab.map.yaml", 12, "error")] if told else [])


@pytest.mark.parametrize("time", ["%H:%M", "%I:%M %p"])
def test_a_form_with_a_time_is_none_of_a_date(tmp_path: Path, time: str) -> None:
    lab = folder(tmp_path, MAP.replace("%H:%M", time))
    schema = lab / "schema.yaml"
    schema.write_text(schema.read_text().replace("%H:%M", time))
    assert check(lab) == []


@pytest.mark.parametrize(
    ("subject", "hint"),
    [
        ("LAB:result.test#CRP", "It is compared in small letters: LAB:result.test#crp"),
        ("LAB:result.tests#crp", "Compare it with the slots"),
        ("LAB:result.answer#N", "Compare it with the slots"),
        ("LAB:other.column#c reactive pro~0a1b2c3d", "Compare it with the slots"),
    ],
)
def test_a_row_that_is_never_used(tmp_path: Path, subject: str, hint: str) -> None:
    (problem,) = check(folder(tmp_path, MAP, "LAB:result.test#crp", subject))
    assert (problem.file, problem.line, problem.level) == ("values.sssom.tsv", 8, "warning")
    assert problem.message == f"Nothing in the mapping makes {subject}: this row is never used."
    assert problem.hint is not None
    assert problem.hint.startswith(hint)


def test_codes_that_a_column_gives_may_be_any(tmp_path: Path) -> None:
    given = MAP.replace(
        "{expr: \"'LAB:' + short_code('result.test#' + lower(strip(test)))\"}", "{populated_from: test}"
    )
    assert check(folder(tmp_path, given, "LAB:whatever")) == []


@pytest.mark.parametrize("name", mappings())
def test_shipped_mappings_need_none(name: str) -> None:
    assert advice(mapping_folder(name)) == []
