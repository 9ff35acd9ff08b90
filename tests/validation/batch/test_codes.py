"""Check digits in SQL are those of Python; ICD-10-CM comes from its package, once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from harmonize.engine.paths import sql
from harmonize.validation.batch import codes
from harmonize.vocabulary.check_digits import valid_code


@pytest.fixture
def macros() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(sql("validation/codes/macros"))
    return con


def test_verhoeff_is_that_of_the_vocabulary(macros: duckdb.DuckDBPyConnection) -> None:
    numbers = [str(38341000 + number) for number in range(200)] + ["138875005", "900000000000207008"]
    found = macros.execute("SELECT list_transform($1, lambda code: verhoeff(code) = 0)", [numbers]).fetchone()
    assert found is not None
    assert found[0] == [valid_code("SNOMED", number) for number in numbers]
    assert sum(found[0]) == 22  # one in ten, and the two that exist


@pytest.mark.parametrize(
    ("code", "exists"),
    [
        ("417662000:246090004=22298006", True),
        ("=== 417662000 |History of event| : { 246090004 |Associated finding| = 22298006 |MI| }", True),
        ("71388002 + 417662000", True),
        ("71388002:{363589002=71388002,411116001=#500}", True),
        ("417662000:246090004=22298007", False),  # a digit of one concept is wrong
        ("417662000 22298006", False),
        ("417662000:", False),
        ("history of: 22298006", False),
    ],
)
def test_an_expression_of_snomed_is_a_code(code: str, exists: bool) -> None:
    assert valid_code("SNOMED", code) is exists


def test_mod10_is_that_of_the_vocabulary(macros: duckdb.DuckDBPyConnection) -> None:
    loinc = [f"{number}-{digit}" for number in (8, 94500, 1742, 76282) for digit in range(10)]
    found = macros.execute(
        "SELECT list_transform($1, lambda code: mod10(split_part(code, '-', 1), split_part(code, '-', 2)) = 0)", [loinc]
    ).fetchone()
    assert found is not None
    assert found[0] == [valid_code("LOINC", code) for code in loinc]
    assert sum(found[0]) == 4


def test_icd10cm_is_made_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = codes.icd10cm()
    assert path is not None
    before = path.stat().st_mtime_ns
    names = {name for (name,) in duckdb.execute(f"SELECT name FROM '{path}' WHERE code = 'I10'").fetchall()}
    assert "Essential (primary) hypertension" in names
    assert codes.icd10cm() == path
    assert path.stat().st_mtime_ns == before


def test_without_the_package_nothing_is_said_of_icd10cm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_ICD10CM_PACKAGE", "not-installed")
    assert codes.icd10cm() is None
