"""Codes that ask for what identifies people: the list, and the columns that a mapping gives such a code."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path

import pytest

from harmonize.engine.paths import root
from harmonize.engine.store import Store
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.validation.coded import header_holds, private_codes
from harmonize.validation.privacy.identity import _kind
from harmonize.validation.validate import validate
from harmonize.vocabulary.check_digits import valid_code


def test_every_code_of_the_list_can_exist_and_says_where_it_was_confirmed() -> None:
    codes = private_codes()
    assert len({one.code for one in codes}) == len(codes) > 30
    assert [one for one in codes if not valid_code(one.vocabulary, one.code)] == []
    path = root("sql") / "validation" / "lists" / "private_code.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.rpartition("\t")[2].strip()]) == len(lines) == len(codes) + 1


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        ("56799-0_Address", "an address"), ("46106-1", "a record, insurance or social security number"),
        ("LOINC:54125-0", "a person's name"), ("56799-01", None), ("2951-2_Sodium", None), ("371484003", None),
    ],
)  # fmt: skip
def test_a_header_that_is_a_code_of_the_list(header: str, holds: str | None) -> None:
    assert header_holds(header) == holds


def test_what_a_column_tells_whose_header_is_a_code() -> None:
    assert [_kind(name) for name in ("56799-0_x", "54125-0", "46106-1", "42077-8")] == [
        "address", "name", "number", "number",
    ]  # fmt: skip


def _mapping(folder: Path, subject: str, code: str) -> Path:
    """The mapping of NY-SBU with another code for one of its columns."""
    copied = folder / "covid_19_ny_sbu"
    shutil.copytree(root("mappings") / "ehr" / "covid_19_ny_sbu", copied)
    path = copied / "columns.sssom.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [
        "\t".join([*line.split("\t")[:2], "skos:exactMatch", code, "", *line.split("\t")[5:]])
        if line.startswith(f"{subject}\t")
        else line
        for line in lines
    ]
    assert changed != lines
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")
    return copied


def test_a_column_that_a_mapping_gives_such_a_code_is_quarantined_by_load_as_by_validate(
    new_store: Store, tmp_path: Path
) -> None:
    mapping = _mapping(tmp_path, "NY_SBU:invasive_vent_days", "LOINC:46106-1")
    path = tmp_path / "clinical.csv"
    path.write_text(
        "to_patient_id,visit_start_datetime,visit_concept_name,length_of_stay,invasive_vent_days,days_prior_sx\n"
        "A1,1/1/1901,Inpatient Visit,2,48,4\nA2,1/1/1901,Inpatient Visit,2,,3\n"
    )
    with validate([path], source="ehr", mapping=str(mapping)) as told:
        written = io.BytesIO()
        counted = told.write(written, format="json").rules
        assert counted["phi_coded"] == 1
        assert '"48"' not in written.getvalue().decode()
    set_project(new_store, "P", time="offset", source_anchor=date(1901, 1, 1))
    result = load(new_store, [path], source="ehr", project="P", mapping=str(mapping))
    assert result.cells_quarantined == 1
    rows = new_store.con.execute(
        "SELECT observation_source_value FROM omop.observation WHERE observation_source_value IN "
        "('invasive_vent_days', 'days_prior_sx') ORDER BY ALL"
    ).fetchall()
    assert rows == [("days_prior_sx",), ("days_prior_sx",)]
