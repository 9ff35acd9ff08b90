"""The rules of SQL on FHIR v2, case by case: tests/fhir_views/cases/*.json, in the layout of its public test suite.

{"title", "resources": [...], "tests": [{"title", "view", "expect": rows | "expectError": true or a part of the
sentence, "expectColumns": names in order}]}. The order of rows is free, as in the public suite.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.view import parse_view

CASES = Path(__file__).parents[2] / "fhir_views" / "cases"


def cases() -> list[Any]:
    found = []
    for file in sorted(CASES.glob("*.json")):
        content = orjson.loads(file.read_bytes())
        found += [
            pytest.param(content["resources"], test, id=f"{file.stem}: {test['title']}") for test in content["tests"]
        ]
    return found


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(sql("views/functions"))
    con.execute("CREATE TABLE stage (resource BIGINT, resource_type VARCHAR, json VARCHAR)")
    return con


def rows(con: duckdb.DuckDBPyConnection, view: Any, resources: list[Any]) -> tuple[list[str], list[dict[str, Any]]]:
    con.execute("TRUNCATE stage")
    staged = [(n, resource["resourceType"], orjson.dumps(resource).decode()) for n, resource in enumerate(resources)]
    if staged:
        con.executemany("INSERT INTO stage VALUES (?, ?, ?)", staged)
    compiled = compile_views([parse_view(view)], Source("stage"), ordered=True)
    cursor = con.execute(compiled.statement(compiled.views[0]))
    names = [column[0] for column in cursor.description or ()]
    assert names == [name for name, _ in compiled.views[0].columns]
    return names, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def counted(found: list[dict[str, Any]]) -> Counter[bytes]:
    """Rows without their order; 2 and 2.0 are one number, as in JSON."""

    def plain(value: Any) -> Any:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return Counter(
        orjson.dumps({key: plain(value) for key, value in row.items()}, option=orjson.OPT_SORT_KEYS) for row in found
    )


@pytest.mark.parametrize(("resources", "test"), cases())
def test_case(con: duckdb.DuckDBPyConnection, resources: list[Any], test: dict[str, Any]) -> None:
    if "expectError" in test:
        with pytest.raises((InputError, duckdb.InvalidInputException)) as error:
            rows(con, test["view"], resources)
        if test["expectError"] is not True:
            assert test["expectError"] in f"{error.value} {getattr(error.value, 'hint', '')}"
        return
    names, found = rows(con, test["view"], resources)
    assert counted(found) == counted(test["expect"])
    assert names == test.get("expectColumns", names)


def test_each_rule_has_cases() -> None:
    files = {file.stem for file in CASES.glob("*.json")}
    assert files >= {
        "basic",
        "collection",
        "constant",
        "constant_types",
        "foreach",
        "repeat",
        "row_index",
        "union",
        "where",
    }
    assert len(cases()) >= 280
