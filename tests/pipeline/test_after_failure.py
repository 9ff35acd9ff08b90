"""A load that failed leaves nothing behind: what comes after it on the same store is as if it had never been."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from two_hospitals import FILES, Hospitals

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.store import Store, open_store
from harmonize.pipeline.ledger import ledger
from harmonize.pipeline.store_schema import create


def test_what_comes_after_a_failure(new_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hospitals = Hospitals(new_store, tmp_path)
    first = {name: FILES["A"][name] for name in ("patient", "result")}
    hospitals.load("A", **first)
    # refused while it is read, while it is mapped, and by the last check before the commit
    with pytest.raises(InputError, match="fit no class"):
        hospitals.load("A", stay="stay_id,kind\ns1,inpatient\n")
    old = {**FILES["A"], "stay": FILES["A"]["stay"].replace("2021-", "1901-")}
    with pytest.raises(InputError, match="no time policy"):
        hospitals.load("A", **old | {"patient": "patient_id,birth_year,age,sex,zip3\na3,1950,,F,021\n"})

    def fail(_con: duckdb.DuckDBPyConnection) -> None:
        raise InternalError("the last check fails")

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "check_laws", fail)
        with pytest.raises(InternalError):
            hospitals.load("A", **{**FILES["A"], "patient": FILES["A"]["patient"].replace("1950", "1951")})
        with pytest.raises(InternalError):
            hospitals.crosswalk("A,a1,A,a2")
    hospitals.load("A")
    hospitals.crosswalk("A,a1,A,a2")
    with open_store(tmp_path / "other.duckdb", create=True, initialise=create) as store:
        other = Hospitals(store, tmp_path)
        other.load("A", **first)
        other.load("A")
        other.crosswalk("A,a1,A,a2")
        found, wanted = hospitals.everything(), other.everything()
        assert {name for name in wanted if found[name] != wanted[name]} == set()
        numbers = "SELECT submission_id, state, mapping FROM harmonize.submission ORDER BY 1"
        assert hospitals.rows(numbers) == other.rows(numbers)
