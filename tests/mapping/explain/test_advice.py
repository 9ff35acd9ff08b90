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
    (problem,) = check(folder(tmp_path, MAP, "LAB:result.test#crp", subject, "LAB:result.answer#P"))
    assert (problem.file, problem.line, problem.level) == ("values.sssom.tsv", 8, "warning")
    assert problem.message == f"Nothing in the mapping makes {subject}: this row is never used."
    assert problem.hint is not None
    assert problem.hint.startswith(hint)


def test_codes_that_a_column_gives_may_be_any(tmp_path: Path) -> None:
    given = MAP.replace(
        "{expr: \"'LAB:' + short_code('result.test#' + lower(strip(test)))\"}", "{populated_from: test}"
    )
    assert check(folder(tmp_path, given, "LAB:whatever", "LAB:result.answer#P")) == []


OWN = HEAD.replace("https://example.org/lab/\n#  LOINC", "https://example.org/vocabulary/LAB/\n#  LOINC")
LISTED = (
    SCHEMA.replace("test: {}", "test: {range: Test}").replace("answer: {}", "answer: {range: Answer}")
    + """\
enums:
  Test: {permissible_values: {CRP: {}, PCR: {}}}
  Answer: {permissible_values: {P: {}, N: {}}}
"""
)


@pytest.mark.parametrize(
    ("coding", "lacking"),
    [
        ("{value: 'LAB:a'}", ["LAB:a"]),
        ("{value: 'LAB:known'}", []),
        ("{value: 'LOINC:1988-5'}", []),
        ("{populated_from: drawn, value_mappings: {P: 'LAB:a', N: null, Q: 'LAB:known'}}", ["LAB:a"]),
        ("{expr: \"'LAB:' + drawn\"}", []),
        ("{expr: \"'LAB:' + test\"}", ["LAB:CRP", "LAB:PCR"]),
        ("{expr: \"'LAB:t#' + lower(strip(test))\"}", ["LAB:t#crp", "LAB:t#pcr"]),
        ("{expr: \"'LAB:' + test if test != 'CRP' else 'LAB:known'\"}", ["LAB:PCR"]),
        ("{expr: \"'LAB:' + test if drawn == 'x' else None\"}", ["LAB:CRP", "LAB:PCR"]),
        ("{expr: \"case((test in ['CRP'] and drawn != None, 'LAB:a'), (True, 'LAB:b'))\"}", ["LAB:a", "LAB:b"]),
        ("{expr: \"case((test == 'CRP' or test == 'PCR', 'LAB:a'), (True, 'LAB:b'))\"}", ["LAB:a"]),
        ("{expr: \"'LAB:' + test + '/' + answer if answer == 'P' or not test == 'PCR' else 'LAB:known'\"}",
         ["LAB:CRP/P", "LAB:CRP/N", "LAB:PCR/P"]),
        ("{expr: \"coalesce(None, 'LAB:' + test)\"}", ["LAB:CRP", "LAB:PCR"]),
    ],
)  # fmt: skip
def test_codes_of_the_site_that_have_no_row(tmp_path: Path, coding: str, lacking: list[str]) -> None:
    """Of a column with a list all its values; of another one what constants alone tell."""
    made = "{expr: \"'LAB:' + short_code('result.test#' + lower(strip(test)))\"}"
    answer = "    value_coding: {populated_from: answer, value_mappings: {P: 'LAB:result.answer#P', N: null}}\n"
    enums = "enum_derivations: {Test: {mirror_source: true}, Answer: {mirror_source: true}}\nclass_derivations:"
    text = MAP.replace(made, coding).replace(answer, "")
    lab = folder(tmp_path, text.replace("class_derivations:", enums), "LAB:known")
    (lab / "schema.yaml").write_text(LISTED)
    found = [problem for problem in advice(lab) if "no row of the value sets" in problem.message]
    assert [problem.line for problem in found] == ([11] if lacking else [])
    told = found[0].message.partition(" has ")[2].partition(";")[0] if found else ""
    assert sorted(told.split(", ")) == sorted(lacking or [""])


def test_rows_that_a_condition_leaves_out_need_none(tmp_path: Path) -> None:
    text = MAP.replace("{value: test}", "{value: test}\n    when_: {expr: \"test == 'CRP'\"}")
    enums = "enum_derivations: {Test: {mirror_source: true}, Answer: {mirror_source: true}}\nclass_derivations:"
    lab = folder(tmp_path, text.replace("class_derivations:", enums), "LAB:result.test#crp", "LAB:result.answer#P")
    (lab / "schema.yaml").write_text(LISTED)
    assert advice(lab) == []


def test_a_prefix_of_which_no_row_is_there_yet(tmp_path: Path) -> None:
    """The curie_map alone says whose it is."""
    lab = folder(tmp_path, MAP)
    (problem,) = [one for one in advice(lab) if "no row of the value sets" in one.message] or [None]
    assert problem is None
    (lab / "values.sssom.tsv").write_text(OWN)
    (problem,) = advice(lab)
    assert problem.message.startswith("slot value_coding: no row of the value sets has LAB:result.answer#P;")


@pytest.mark.parametrize("name", mappings())
def test_shipped_mappings_need_none(name: str) -> None:
    assert advice(mapping_folder(name)) == []
