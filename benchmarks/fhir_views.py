"""Views of SQL on FHIR over an invented bulk export of 300,000 Observations (250 MB), beside DuckDB's bare parse and
projection of ten elements of the same file: ten plain columns, components by forEachOrNull, all shipped views of the
type from one parse, and `harmonize mapping view run` from the file to Parquet in a process of its own."""

from __future__ import annotations

import json
import time
from pathlib import Path

import duckdb
from command import run

from harmonize.engine.paths import sql
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.shipped import compile_shipped
from harmonize.mapping.views.view import parse_view

RESOURCES = 300_000
REPEATS = 3
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
LINES = (
    "columns = {'l': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, "
    "max_line_size = 20000000"
)
COLUMNS = {
    "id": "id",
    "status": "status",
    "code": "code.coding.first().code",
    "system": "code.coding.first().system",
    "patient": "subject.getReferenceKey(Patient)",
    "encounter": "encounter.reference",
    "effective": "effective.ofType(dateTime)",
    "value": "value.ofType(Quantity).value",
    "unit": "value.ofType(Quantity).code",
    "category": "category.coding.first().code",
}
BARE = [
    "$.id", "$.status", "$.code.coding[0].code", "$.code.coding[0].system", "$.subject.reference",
    "$.encounter.reference", "$.effectiveDateTime", "$.valueQuantity.value", "$.valueQuantity.code",
    "$.category[0].coding[0].code",
]  # fmt: skip


def columns(paths: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "path": path} for name, path in paths.items()]


def invent(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Observations of which every tenth is a blood pressure of two components."""

    def quantity(value: str, unit: str) -> str:
        return f"{{'value': {value}, 'unit': '{unit}', 'system': '{UCUM}', 'code': '{unit}'}}"

    def coded(code: str, display: str) -> str:
        return f"{{'coding': [{{'system': '{LOINC}', 'code': {code}, 'display': '{display}'}}], 'text': '{display}'}}"

    component = f"{{'code': {coded('c', 'Blood pressure')}, 'valueQuantity': {quantity('80 + i % 60', 'mm[Hg]')}}}"
    category = "http://terminology.hl7.org/CodeSystem/observation-category"
    con.execute(
        f"""COPY (SELECT 'Observation' AS "resourceType", format('{{:08x}}-0000-4000-8000-000000000000', i) AS id,
            {{'versionId': '1', 'lastUpdated': '2021-03-04T05:06:07.008Z',
              'profile': ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab']}} AS meta,
            'final' AS status, [{{'coding': [{{'system': '{category}', 'code': 'laboratory'}}]}}] AS category,
            {coded("format('{}-{}', 1000 + i % 9000, i % 10)", "An invented laboratory test")} AS code,
            {{'reference': format('Patient/{{:08x}}', i % 1000)}} AS subject,
            {{'reference': format('Encounter/{{:08x}}', i % 10000)}} AS encounter,
            format('2021-{{:02d}}-{{:02d}}T08:00:00+01:00', 1 + i % 12, 1 + i % 28) AS "effectiveDateTime",
            '2021-01-02T03:04:05.006+01:00' AS issued,
            CASE WHEN i % 10 > 0 THEN {quantity("round(random() * 100, 2)", "mmol/L")} END AS "valueQuantity",
            CASE WHEN i % 10 = 0 THEN [{component} FOR c IN ['8480-6', '8462-4']] END AS component
        FROM range({RESOURCES}) t(i)) TO '{file}' (FORMAT json)"""
    )


def fastest(con: duckdb.DuckDBPyConnection, statement: str) -> float:
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        con.execute(f"CREATE OR REPLACE TEMP TABLE result AS {statement}")
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def measure(folder: Path) -> dict[str, float]:
    """Make the export in `folder` and return what was measured."""
    file = folder / "Observation.ndjson"
    con = duckdb.connect(str(folder / "bench.duckdb"))
    con.execute("SELECT setseed(0.5)")
    con.execute(sql("views/functions"))
    invent(con, file)
    size = file.stat().st_size / 1e6
    con.execute(
        "CREATE TEMP TABLE stage AS SELECT row_number() OVER () AS resource, 'Observation' AS resource_type, l AS json "
        f"FROM read_csv('{file}', {LINES})"
    )
    bare = fastest(con, f"SELECT json_extract_string(json, {BARE}) AS x FROM stage")
    plain = {"resource": "Observation", "select": [{"column": columns(COLUMNS)}]}
    component = {"code": "code.coding.first().code", "value": "value.ofType(Quantity).value", "no": "%rowIndex"}
    nested = {
        "resource": "Observation",
        "select": [{"column": columns(COLUMNS)}, {"forEachOrNull": "component", "column": columns(
            {f"component_{name}": path for name, path in component.items()})}],
    }  # fmt: skip
    seconds = {}
    for name, view in (("ten_columns", plain), ("components", nested)):
        compiled = compile_views([parse_view(view)], Source("stage"))
        seconds[name] = fastest(con, compiled.statement(compiled.views[0]))
    shipped = compile_shipped("Observation", Source("stage"))
    began = time.perf_counter()
    con.execute(f"CREATE OR REPLACE TEMP TABLE parsed AS {shipped.parse}")
    for view in shipped.views:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {view.name} AS {view.select}")
    seconds["all_shipped_views"] = time.perf_counter() - began
    con.close()
    definition = folder / "view.json"
    definition.write_text(json.dumps(nested))
    rows = str(folder / "rows.parquet")
    used = run("-q", "mapping", "view", "run", str(definition), str(file), "--format", "parquet", "-o", rows)
    seconds["view_run"] = used.seconds
    found = {"resources": float(RESOURCES), "megabytes": size, "bare_mb_per_s": size / bare}
    found |= {f"{name}_mb_per_s": size / value for name, value in seconds.items()}
    return found | {f"{name}_ratio_to_bare": bare / value for name, value in seconds.items()}
