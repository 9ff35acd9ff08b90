"""Every reason for which a hub row does not go out to Gen3, each reached by rows of a table, and which comes first."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from rows_by_hand import put

from harmonize.engine.store import Store
from harmonize.export.gen3 import LOSSES, TABLES, _is_written, _loss, _nodes, export_gen3
from harmonize.schema.ddl import columns
from harmonize.schema.load import load_schema

CASE = {"case_key": "C", "cases": "C"}
FILE = {
    "data_category": "CT", "data_type": "DICOM", "data_format": "DCM", "file_name": "f", "file_size": 1,
    "md5sum": "0" * 32,
    "imaging_studies": "S",
}  # fmt: skip
AFFIRMED = {"assertion": "present", "certainty": "confirmed", "kind": "event", "subject_role": "patient"}
NAMED = AFFIRMED | {"condition_name": "x"}

# table, submitter_id, what it says → why it stays (None: it goes out), and of which property
ROWS: list[tuple[str, str, dict[str, Any], tuple[str, str] | None]] = [
    ("case", "C", {"datasets": ["d"]}, None),
    ("case", "age 0", {"datasets": ["d"], "age_at_index": 0.0}, None),
    ("case", "age 89", {"datasets": ["d"], "age_at_index": 89.0}, None),
    ("case", "age below", {"datasets": ["d"], "age_at_index": -0.5}, ("minimum", "age_at_index")),
    ("case", "age above", {"datasets": ["d"], "age_at_index": 89.5}, ("maximum", "age_at_index")),
    ("case", "no dataset", {}, ("required", "datasets")),
    ("case", "another race", {"datasets": ["d"], "race": "Red"}, ("enum", "race")),
    ("case", "a race in the list", {"datasets": ["d"], "race_ethnicity": ["White", "Red"]}, ("enum", "race_ethnicity")),
    ("case", "all races", {"datasets": ["d"], "race_ethnicity": ["White", "Asian"]}, None),
    ("case", "two faults", {"datasets": ["d"], "race": "Red", "age_at_index": 99.0}, ("maximum", "age_at_index")),
    ("condition", "named", {**NAMED}, None),
    ("condition", "coded", {**AFFIRMED, "condition_code": "1"}, None),
    ("condition", "absent", {**NAMED, "assertion": "absent"}, ("not_affirmed", "assertion")),
    ("condition", "unknown", {**NAMED, "assertion": "unknown"}, ("not_affirmed", "assertion")),
    ("condition", "not sure", {**NAMED, "certainty": "provisional"}, ("not_affirmed", "certainty")),
    ("condition", "planned", {**NAMED, "kind": "plan"}, ("not_affirmed", "kind")),
    ("condition", "of the mother", {**NAMED, "subject_role": "family"}, ("not_affirmed", "subject_role")),
    ("condition", "nothing said of it", {"condition_name": "x"}, None),
    ("condition", "of nobody's case", {**NAMED, "cases": "nobody"}, ("link", "cases")),
    ("condition", "of a case that stays", {**NAMED, "cases": "no dataset"}, ("link", "cases")),
    ("condition", "without content", {**AFFIRMED}, ("no_content", "")),
    ("condition", "a day alone", {**AFFIRMED, "start_day": 3, "end_day": 4}, ("no_content", "")),
    ("condition", "absent of nobody", {**NAMED, "assertion": "absent", "cases": "nobody"}, ("not_affirmed",
     "assertion")),
    ("medication", "named", {"medication_name": "x"}, None),
    ("medication", "typed", {"medication_type": "Vaccine"}, None),
    ("medication", "another type", {"medication_type": "Potion"}, ("enum", "medication_type")),
    ("medication", "a day alone", {"start_day": 3, "end_day": 3}, ("no_content", "")),
    ("procedure", "typed", {"breathing_support_type": "x"}, None),
    ("procedure", "of a condition that stays", {"breathing_support_type": "x", "conditions": "absent"},
     ("link", "conditions")),
    ("procedure", "of a condition", {"breathing_support_type": "x", "conditions": "named"}, None),
    ("procedure", "a day alone", {"start_day": 3, "end_day": 4}, ("no_content", "")),
    ("measurement", "of a case", {"test_name": "COVID-19"}, None),
    ("measurement", "of a condition alone", {"cases": None, "test_name": "COVID-19", "conditions": "named"}, None),
    ("measurement", "of nothing", {"cases": None, "test_name": "COVID-19"}, ("link", "")),
    ("measurement", "a laboratory value", {"start_day": 3}, ("no_content", "")),
    ("measurement", "of a procedure that stays", {"test_name": "COVID-19", "procedures": "a day alone"},
     ("link", "procedures")),
    ("observation", "named", {"observation_name": "x"}, None),
    ("observation", "a day alone", {"start_day": 3}, ("no_content", "")),
    ("visit", "typed", {"discharge_type": "Home"}, None),
    ("visit", "disposed", {"discharge_disposition": "Home"}, None),
    ("visit", "an office visit", {"start_day": 3, "end_day": 3}, ("no_content", "")),
    ("imaging_study", "S", {"datasets": ["d"], "study_uid": "S"}, None),
    ("imaging_study", "no dataset", {"study_uid": "S2"}, ("required", "datasets")),
    ("imaging_study", "age above", {"datasets": ["d"], "age_at_imaging": 90.0}, ("maximum", "age_at_imaging")),
    ("imaging_study", "age 89", {"datasets": ["d"], "age_at_imaging": 89.0}, None),
    ("imaging_series", "a CT", {**FILE}, None),
    ("imaging_series", "an XA", {**FILE, "data_category": None, "modality": "xa"}, None),
    ("imaging_series", "a report", {**FILE, "data_category": None, "modality": "SR"}, ("no_node", "SR")),
    ("imaging_series", "without a file", {**FILE, "file_name": None}, ("required", "file_name")),
    ("imaging_series", "another sum", {**FILE, "md5sum": "0" * 31 + "X"}, ("pattern", "md5sum")),
    ("imaging_series", "a short sum", {**FILE, "md5sum": "0" * 31}, ("pattern", "md5sum")),
    ("imaging_series", "of no study", {**FILE, "imaging_studies": None, "study_uid": "none"},
     ("link", "imaging_studies")),
    ("imaging_series", "of a study by its UID", {**FILE, "imaging_studies": None, "study_uid": "S"}, None),
    ("annotation", "scored 24", {"imaging_studies": "S", "midrc_mRALE_score": 24}, None),
    ("annotation", "scored 25", {"imaging_studies": "S", "midrc_mRALE_score": 25}, ("maximum", "midrc_mRALE_score")),
    ("annotation", "scored less", {"imaging_studies": "S", "midrc_mRALE_score": -1}, ("minimum", "midrc_mRALE_score")),
    ("annotation", "of nothing", {"cases": None, "midrc_mRALE_score": 1}, ("link", "")),
    ("annotation", "of a series", {"cases": None, "ct_series_files": "a CT", "midrc_mRALE_score": 1}, None),
    ("annotation", "of a series that stays", {"cases": None, "ct_series_files": "another sum", "midrc_mRALE_score": 1},
     ("link", "ct_series_files")),
    ("annotation", "says it again", {"imaging_studies": "S", "midrc_mRALE_score": 1, "repeats": "scored 24"},
     ("restated", "")),
    ("annotation", "answers nothing", {"imaging_studies": "S", "annotation_method": "Retrospective_auto",
                                       "annotator_id": "a", "instance_uids": ["1"]}, ("no_content", "")),
    ("visit_detail", "a ward", {}, ("no_node", "")),
]  # fmt: skip
# Two rows of one name: the one of the lower record goes out.
TWINS = [
    ("observation", "twin", {"observation_name": "first"}, 5),
    ("observation", "twin", {"observation_name": "second"}, 4),
]
SERIES_NODES = {"an XA": "xa_series_file"}


def row(table: str, key: str, told: dict[str, Any], record: int) -> dict[str, Any]:
    made = {"submitter_id": key, "project_id": "Q", "record_id": record, "mapping_id": 1}
    if table == "imaging_series":
        return made | {"case_key": "C", "study_uid": "S", "series_uid": key} | told
    if table == "visit_detail":
        return made | {"case_key": "C"} | told
    if table == "annotation":
        return made | {"type": table, "case_key": "C", "study_uid": "S"} | told
    return made | {"type": table} | (CASE | {"case_key": key} if table == "case" else CASE) | told


@pytest.fixture(scope="module")
def exported(module_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    con = module_store.con
    con.execute("BEGIN")
    con.execute("INSERT INTO harmonize.project BY NAME SELECT 'Q' AS project_id")
    numbered = enumerate([*(one[:3] for one in ROWS)], start=10)
    rows = [(table, row(table, key, told, number)) for number, (table, key, told) in numbered]
    rows += [(table, row(table, key, told, number)) for table, key, told, number in TWINS]
    for table in dict.fromkeys(table for table, _ in rows):
        hub = columns(load_schema("midrc").classes[table])
        put(
            con, f'midrc."{table}"', [{k: v for k, v in one.items() if k in hub} for name, one in rows if name == table]
        )
    folder = tmp_path_factory.mktemp("losses") / "out"
    export_gen3(module_store, folder, project="Q")
    con.execute("ROLLBACK")
    return folder


def losses(folder: Path) -> list[tuple[str, str, str, str]]:
    with (folder / "export_loss.tsv").open(encoding="utf-8", newline="") as lines:
        return [
            (one["node"], one["submitter_id"], one["reason"], one["property"])
            for one in csv.DictReader(lines, delimiter="\t")
        ]


def node_of(table: str, key: str, lost: tuple[str, str] | None) -> str:
    if table != "imaging_series":
        return table
    return table if lost and lost[0] == "no_node" else SERIES_NODES.get(key, "ct_series_file")


def test_each_row_goes_out_or_is_told_with_its_first_reason(exported: Path) -> None:
    expected = sorted((node_of(table, key, lost), key, *lost) for table, key, _, lost in ROWS if lost)
    assert sorted(losses(exported)) == sorted([*expected, ("observation", "twin", "repeated", "")])
    out = set()
    for path in exported.glob("*_Q.tsv"):
        with path.open(encoding="utf-8", newline="") as lines:
            out |= {(one["type"], one["submitter_id"]) for one in csv.DictReader(lines, delimiter="\t")}
    assert out == {(node_of(table, key, None), key) for table, key, _, lost in ROWS if not lost} | {
        ("observation", "twin")
    }


def test_of_two_rows_of_one_name_the_earlier_record_goes_out(exported: Path) -> None:
    with (exported / "observation_Q.tsv").open(encoding="utf-8", newline="") as lines:
        names = {one["submitter_id"]: one["observation_name"] for one in csv.DictReader(lines, delimiter="\t")}
    assert names["twin"] == "second"


def test_every_reason_that_the_export_knows_is_reached_here() -> None:
    reached = {lost[0] for *_, lost in ROWS if lost} | {"repeated"}
    assert reached == set(LOSSES)


def test_the_reasons_of_the_code_are_the_reasons_that_are_told() -> None:
    """What the checks of all nodes may answer, and the two reasons that are found elsewhere, are LOSSES."""
    hub, nodes, answered = load_schema("midrc"), _nodes(load_schema("gen3")), set()
    for node, cls in nodes.items():
        table = "imaging_series" if node.endswith("_series_file") else node
        if table not in TABLES:
            continue
        found = columns(hub.classes[table])
        values = {name: f'r."{name}"' for name, slot in cls.slots.items() if name in found and _is_written(slot, cls)}
        answered |= set(re.findall(r"THEN '(\w+):", _loss(cls, values, set(found))))
    assert answered | {"no_node", "repeated"} == set(LOSSES)
    assert [*LOSSES][:1] + [*LOSSES][-1:] == ["no_node", "repeated"]


def test_days_stand_in_for_days_where_the_row_has_a_name(
    module_store: Store, hand: DuckDBPyConnection, tmp_path: Path
) -> None:
    """The hub's day goes out as the property's, which goes before it; booleans and lists as Gen3 writes them."""
    hand.execute("INSERT INTO harmonize.project BY NAME SELECT 'O''Hare 1' AS project_id")
    cases = [{"submitter_id": "C", "case_key": "C", "type": "case", "datasets": ["d", "e"], "icu_indicator": True,
              "ventilator_indicator": False, "age_at_index": 61.0, "zip": "021"}]  # fmt: skip
    told: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        ("condition", {"condition_name": "x", "start_day": 3, "end_day": 4},
         {"days_to_condition_start": "3", "days_to_condition_end": "4"}),
        ("condition", {"condition_code": "1", "start_day": 3, "days_to_condition_start": 1, "days_to_condition_end": 2},
         {"days_to_condition_start": "1", "days_to_condition_end": "2"}),
        ("medication", {"medication_type": "Vaccine", "start_day": 0, "end_day": 2},
         {"days_to_medication_start": "0", "days_to_medication_end": "2"}),
        ("procedure", {"breathing_support_type": "x", "start_day": -3, "end_day": -2},
         {"days_to_procedure_start": "-3", "days_to_procedure_end": "-2"}),
        ("measurement", {"test_name": "COVID-19", "start_day": 5}, {"test_days_from_index": "5"}),
        ("observation", {"observation_name": "x", "start_day": 6}, {"days_to_observation": "6"}),
        ("visit", {"discharge_disposition": "Home", "start_day": 6, "end_day": 7}, {"discharge_type": "Home"}),
    ]  # fmt: skip
    put(hand, 'midrc."case"', [one | {"project_id": "O'Hare 1", "record_id": 1, "mapping_id": 1} for one in cases])
    for number, (table, values, _) in enumerate(told):
        put(hand, f"midrc.{table}", [{"submitter_id": f"k{number}", "type": table, "project_id": "O'Hare 1",
        "record_id": number,
                                      "mapping_id": 1, "case_key": "C", "cases": "C", **values}])  # fmt: skip
    export_gen3(module_store, tmp_path / "out")
    for number, (table, _, expected) in enumerate(told):
        with (tmp_path / "out" / f"{table}_O_Hare_1.tsv").open(encoding="utf-8", newline="") as lines:
            found = {one["submitter_id"]: one for one in csv.DictReader(lines, delimiter="\t")}[f"k{number}"]
        days = {name: cell for name, cell in found.items() if "days" in name and cell}
        assert days == {name: cell for name, cell in expected.items() if "days" in name}, table
        assert expected.items() <= found.items()
    with (tmp_path / "out" / "case_O_Hare_1.tsv").open(encoding="utf-8", newline="") as lines:
        (case,) = csv.DictReader(lines, delimiter="\t")
    assert case == {"type": "case", "submitter_id": "C", "datasets.submitter_id": "d,e", "icu_indicator": "True",
                    "ventilator_indicator": "False", "age_at_index": "61.0", "zip": "021"}  # fmt: skip
