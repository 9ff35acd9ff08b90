"""The data pull: up to which day the data reach, and that observation periods end there."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from harmonize.cli.main import app
from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.pipeline.acts.withdraw import withdraw
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.pipeline.store_schema import create

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.engine.store import Store

DAYS = {"p1": ("2020-01-01", "2020-03-01"), "p2": ("2020-01-01", "2020-03-20"), "p3": ("2020-02-01", "2020-05-01")}


def export(folder: Path, pulled: str | None, days: dict[str, tuple[str, str]] = DAYS, **patient: str) -> list[Path]:
    """A bulk export: each patient with conditions on its days; its manifest states `pulled` as transactionTime."""
    folder.mkdir(parents=True, exist_ok=True)
    patients = [{"resourceType": "Patient", "id": key, "birthDate": "1960-05-17", **patient} for key in days]
    conditions = [
        {"resourceType": "Condition", "id": f"{key}-{number}", "subject": {"reference": f"Patient/{key}"},
         "code": {"text": "cough"}, "onsetDateTime": day}
        for key, found in days.items() for number, day in enumerate(found)
    ]  # fmt: skip
    files = []
    for name, resources in (("Patient.ndjson", patients), ("Condition.ndjson", conditions)):
        (folder / name).write_text("".join(json.dumps(one) + "\n" for one in resources), encoding="utf-8")
        files.append(folder / name)
    if pulled is not None:
        output = [{"type": path.stem, "url": f"https://hospital.example/{path.name}"} for path in files]
        manifest = {"transactionTime": pulled, "request": "https://hospital.example/$export", "output": output}
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        files.append(folder / "manifest.json")
    return files


def periods(store: Store) -> dict[str, tuple[str, str]]:
    found = store.con.execute(
        "SELECT person_source_value, observation_period_start_date::VARCHAR, observation_period_end_date::VARCHAR "
        "FROM omop.observation_period JOIN omop.person USING (person_id) ORDER BY ALL"
    ).fetchall()
    return {person: (first, last) for person, first, last in found}


def pulls(store: Store) -> list[date | None]:
    rows = store.con.execute("SELECT data_pull FROM harmonize.submission ORDER BY submission_id").fetchall()
    return [pulled for (pulled,) in rows]


def loaded(store: Store, paths: list[Path], **options: Any) -> None:
    if not store.con.execute("FROM harmonize.project").fetchall():
        set_project(store, "P", observation_period="themis_60d")
    load(store, paths, source="fhir", project="P", **options)


APRIL, MAY = "2020-04-10", "2020-05-31"
CUT_IN_APRIL = {"p1": ("2020-01-01", APRIL), "p2": ("2020-01-01", APRIL), "p3": ("2020-02-01", "2020-04-01")}
CUT_IN_MAY = {"p1": ("2020-01-01", "2020-04-30"), "p2": ("2020-01-01", "2020-05-19"), "p3": ("2020-02-01", MAY)}
UNCUT = {"p1": ("2020-01-01", "2020-04-30"), "p2": ("2020-01-01", "2020-05-19"), "p3": ("2020-02-01", "2020-06-30")}


def test_the_manifest_states_it_and_periods_end_there(new_store: Store, tmp_path: Path) -> None:
    loaded(new_store, export(tmp_path / "x", "2020-04-10T23:30:00-05:00"))
    assert pulls(new_store) == [date(2020, 4, 10)]
    assert periods(new_store) == CUT_IN_APRIL
    assert new_store.con.execute("SELECT source_release_date FROM omop.cdm_source").fetchall() == [(date(2020, 4, 10),)]


def test_without_one_nothing_is_cut(new_store: Store, tmp_path: Path) -> None:
    loaded(new_store, export(tmp_path / "x", None))
    assert pulls(new_store) == [None]
    assert periods(new_store) == UNCUT
    query = "SELECT source_release_date = loaded_at::DATE FROM omop.cdm_source, harmonize.submission"
    assert new_store.con.execute(query).fetchall() == [(True,)]


def test_a_later_pull_moves_the_periods_and_its_withdrawal_moves_them_back(new_store: Store, tmp_path: Path) -> None:
    loaded(new_store, export(tmp_path / "x", "2020-04-10T10:00:00Z"))
    loaded(new_store, export(tmp_path / "x", "2020-05-31T10:00:00Z"))  # not a record is new
    assert periods(new_store) == CUT_IN_MAY
    withdraw(new_store, 2)
    assert periods(new_store) == CUT_IN_APRIL
    withdraw(new_store, 1)
    assert periods(new_store) == {}


def test_an_earlier_pull_that_comes_later_changes_nothing(new_store: Store, tmp_path: Path) -> None:
    loaded(new_store, export(tmp_path / "x", "2020-05-31T10:00:00Z"))
    loaded(new_store, export(tmp_path / "x", "2020-04-10T10:00:00Z"))
    assert periods(new_store) == CUT_IN_MAY


def test_a_patient_all_of_whose_events_lie_beyond_has_no_period_until_the_pull_moves(
    new_store: Store, tmp_path: Path
) -> None:
    late = {"p1": ("2020-05-01", "2020-05-02")}
    loaded(new_store, export(tmp_path / "x", "2020-04-10T10:00:00Z", late))
    assert periods(new_store) == {}
    loaded(new_store, export(tmp_path / "x", "2020-05-10T10:00:00Z", late))
    assert periods(new_store) == {"p1": ("2020-05-01", "2020-05-10")}


def test_nothing_goes_beyond_sixty_days_after_death(new_store: Store, tmp_path: Path) -> None:
    days = {"p1": ("2020-01-01", "2020-02-01"), "p2": ("2020-01-01", "2020-06-01")}
    loaded(new_store, export(tmp_path / "x", None, days, deceasedDateTime="2020-01-20"))
    assert periods(new_store) == {"p1": ("2020-01-01", "2020-03-20"), "p2": ("2020-01-01", "2020-03-20")}


@pytest.mark.parametrize(
    "setting", [{"time": "as_is", "shifted_by_source": True}, {"time": "offset", "source_anchor": date(2020, 1, 1)}]
)
def test_moved_dates_end_at_the_last_event(new_store: Store, tmp_path: Path, setting: dict[str, Any]) -> None:
    """A common day would tell by how much each was moved."""
    set_project(new_store, "P", **setting)
    loaded(new_store, export(tmp_path / "x", "2020-04-10T10:00:00Z"))
    assert periods(new_store) == {"p1": DAYS["p1"], "p2": DAYS["p2"], "p3": DAYS["p3"]}


def test_a_time_that_is_none_is_told(new_store: Store, tmp_path: Path) -> None:
    loaded(new_store, export(tmp_path / "x", "March 2020"))
    assert pulls(new_store) == [None]
    query = "SELECT rule FROM harmonize.finding JOIN harmonize.rule USING (rule_id) WHERE rule = 'manifest_time'"
    assert new_store.con.execute(query).fetchall() == [("manifest_time",)]


def test_said_by_the_user_it_counts_for_tables_and_before_the_manifest(tmp_path: Path) -> None:
    db = tmp_path / "s.duckdb"
    export(tmp_path / "x", "2020-06-30T10:00:00Z")
    with open_store(db, create=True, initialise=create) as store:
        set_project(store, "P", observation_period="themis_60d")
    command = ["load", str(tmp_path / "x"), "--db", str(db), "--source", "fhir", "--project", "P"]
    ran = CliRunner().invoke(app, [*command, "--data-pull", "2020-04-10"])
    assert ran.exit_code == 0, ran.output
    with open_store(db) as store:
        assert pulls(store) == [date(2020, 4, 10)]
        assert periods(store) == CUT_IN_APRIL
        with pytest.raises(InputError, match="lies in the future"):
            loaded(store, export(tmp_path / "y", None), data_pull=date(9998, 1, 1))
