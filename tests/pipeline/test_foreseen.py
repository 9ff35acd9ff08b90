"""What `harmonize validate` promises of a delivery of tables is what the ledger of its load says."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from chance import examples
from hospital import HOSPITAL, PATIENTS, RESULTS, STAYS
from hypothesis import example, given
from hypothesis import strategies as st

from harmonize.engine.errors import InputError
from harmonize.engine.store import Store
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.validation.report.model import Summary
from harmonize.validation.validate import validate

sys.path.append(str(Path(__file__).resolve().parents[1] / "validation"))
from clean_ward import WARD, clean_ward

Tables = dict[str, list[list[str]]]
_PROJECTS = count()


def _cells(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text)))


def _ward() -> Tables:
    """The header and the first lines of each file of the ward."""
    return {name: [list(rows[0]), *(list(row.values()) for row in rows[:4])] for name, rows in clean_ward().items()}


DELIVERIES: dict[Path, Tables] = {
    HOSPITAL: {"patient": _cells(PATIENTS), "stay": _cells(STAYS), "result": _cells(RESULTS)},
    WARD: _ward(),
}
BAD = (
    "", " ", "\u00a0", "NK", "NA", "x", "-5", "1e999", "12,5", "\u22125", "2021-02-30", "1899-12-31", "1900-01-01",
    "9999-12-31", "44197", "1965-07-01", "p9", "W0009", "p1\u200b", " p1", "1.23457E+12", "Mar-05", "W0001", "s1", "S2",
    "r1", "R2", "a\x01b", "Ann Smith 617-555-0137", "delete", "COMMENT", "died",
)  # fmt: skip


@dataclass
class Damage:
    """What is done to a delivery: cells, lines that are repeated or left out, headers, whole files."""

    mapping: Path
    cells: list[tuple[str, int, int, str]] = field(default_factory=list)
    repeated: list[tuple[str, int]] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)
    headers: list[tuple[str, int, str]] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=lambda: ["patient", "stay", "result"])

    def write(self, folder: Path) -> list[Path]:
        folder.mkdir(parents=True)
        tables = {name: [list(row) for row in DELIVERIES[self.mapping][name]] for name in self.files}
        for name, line, column, value in self.cells:
            if name in tables:
                rows = tables[name]
                rows[1 + line % (len(rows) - 1)][column % len(rows[0])] = value
        for name, line in self.repeated:
            if name in tables:
                tables[name].append(tables[name][1 + line % (len(tables[name]) - 1)])
        for name, line in self.left_out:
            if name in tables and len(tables[name]) > 2:
                del tables[name][1 + line % (len(tables[name]) - 1)]
        for name, column, header in self.headers:
            if name in tables:
                tables[name][0][column % len(tables[name][0])] = header
        paths = []
        for name, rows in tables.items():
            for copy in range(1 + (name in self.again)):
                paths.append(folder / f"{name}{'' if copy == 0 else copy}.csv")
                with paths[-1].open("w", encoding="utf-8", newline="") as out:
                    csv.writer(out, lineterminator="\n").writerows(rows if copy == 0 else rows[:2])
        return paths


_NAMES = st.sampled_from(["patient", "stay", "result"])
_PLACES = st.integers(0, 9)
DAMAGES = st.builds(
    Damage,
    st.sampled_from(list(DELIVERIES)),
    st.lists(st.tuples(_NAMES, _PLACES, _PLACES, st.sampled_from(BAD)), max_size=6),
    st.lists(st.tuples(_NAMES, _PLACES), max_size=2),
    st.lists(st.tuples(_NAMES, _PLACES), max_size=2),
    st.lists(st.tuples(_NAMES, _PLACES, st.sampled_from(["", "x", "Sex ", "PATIENT_ID"])), max_size=1),
    st.lists(_NAMES, max_size=1),
    st.sampled_from([["patient", "stay", "result"]] * 5 + [["patient", "result"], ["stay", "patient"], ["patient"]]),
)


def _promised(paths: list[Path], mapping: Path) -> tuple[Summary, int, set[Any]]:
    """The sums of a validation, its exit code, and which lines a load would quarantine."""
    with validate(paths, source="ehr", mapping=str(mapping), foresee=foresee) as result:
        summary = result.write(BytesIO(), format="json")
        lines = result.con.execute(
            "SELECT name, line FROM foreseen JOIN harmonize.source_file USING (file_id)"
        ).fetchall()
        code = result.exit_code(summary)
    return summary, code, set(lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("foreseen")


@given(damage=DAMAGES)
@example(damage=Damage(HOSPITAL))
@example(damage=Damage(HOSPITAL, headers=[("result", 0, "")]))  # a required column is missing
@example(damage=Damage(HOSPITAL, cells=[("result", 0, 1, "p9")]))  # a patient of whom no file tells
@example(damage=Damage(WARD, cells=[("result", 0, 1, "W0009")]))  # the same, where the schema calls it a link
@example(damage=Damage(WARD, cells=[("result", 1, 5, "")]))  # a result without a date
@example(damage=Damage(HOSPITAL, cells=[("result", 0, 4, "1965-07-01")]))  # a date that asks for a time policy
@example(damage=Damage(HOSPITAL, again=["result"]))
@example(damage=Damage(HOSPITAL, again=["result"], cells=[("result", 0, 5, "7")]))
@examples(6, shrink=False)
def test_what_is_promised_is_what_the_ledger_says(module_store: Store, folder: Path, damage: Damage) -> None:
    project = f"P{next(_PROJECTS)}"
    paths = damage.write(folder / project)
    try:
        summary, code, promised = _promised(paths, damage.mapping)
    except InputError:
        with pytest.raises(InputError):
            load(module_store, paths, source="ehr", mapping=str(damage.mapping), project=project)
        return
    if summary.refused:
        with pytest.raises(InputError) as refused:
            load(module_store, paths, source="ehr", mapping=str(damage.mapping), project=project)
        assert refused.value.message.replace(project, "PROJECT") == summary.refused[0]
        assert code == 2
        return
    result = load(module_store, paths, source="ehr", mapping=str(damage.mapping), project=project)
    told = module_store.con.execute(
        "SELECT file, line FROM harmonize.ledger WHERE submission_id = ? AND state = 'quarantined'", [result.submission]
    ).fetchall()
    assert promised == set(told)
    assert summary.quarantined == result.states["quarantined"]
    assert summary.load_errors == result.findings["errors"]
    assert code == 1 or not result.negative
