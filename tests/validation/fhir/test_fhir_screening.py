"""The screen beside the other checks: it ends with them, however they end."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from fhir_export import patients, write_ndjson

from harmonize.engine.paths import sql
from harmonize.intake.discover import discover
from harmonize.intake.fhir.stage import drop_fhir, stage_fhir
from harmonize.validation.fhir.screening import screening


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that the screen starts, although there is little to screen."""
    processes: list[subprocess.Popen[bytes]] = []
    start: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen

    def noted(*args: object, **options: object) -> subprocess.Popen[bytes]:
        processes.append(start(*args, **options))
        return processes[-1]

    monkeypatch.setattr("harmonize.engine.process.subprocess.Popen", noted)
    monkeypatch.setattr("harmonize.validation.fhir.screening.WORTH_PROCESSES", 0)
    return processes


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A staged export of two patients, of which one has no known gender."""
    some = [r for r in patients(2) if r["resourceType"] == "Patient"]
    some[1]["gender"] = "woman"
    con = duckdb.connect()
    stage_fhir(con, discover([write_ndjson(tmp_path / "Patient.ndjson", some)]))
    con.execute(sql("validation/fhir/tables"))
    return con


def test_what_is_found_beside_other_work_is_told(
    con: duckdb.DuckDBPyConnection, started: list[subprocess.Popen[bytes]]
) -> None:
    with screening(con, deep=False, elements=False, progress=lambda _step: None) as screened:
        screened()
    found = con.execute("SELECT place, value FROM fhir_found WHERE rule = 'fhir_code'").fetchall()
    assert found == [(2, "woman")]
    assert started
    assert all(process.poll() is not None for process in started)


def test_a_failure_of_the_other_checks_ends_the_screen(
    con: duckdb.DuckDBPyConnection, started: list[subprocess.Popen[bytes]]
) -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):  # noqa: SIM117
        with screening(con, deep=False, elements=False, progress=lambda _step: None):
            raise ZeroDivisionError
    assert started
    assert all(process.poll() is not None for process in started)
    assert threading.active_count() == before
    drop_fhir(con)  # nothing reads what is staged any more


def test_a_failure_of_the_screen_reaches_the_caller(con: duckdb.DuckDBPyConnection) -> None:
    def fail(_step: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):  # noqa: SIM117
        with screening(con, deep=False, elements=False, progress=fail) as screened:
            screened()
