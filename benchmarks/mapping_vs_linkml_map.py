"""The compiled mapping beside linkml-map's own engine: the same wide rows through both, the results compared."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import duckdb
import yaml

from harmonize.mapping.compiler.compile import load_mapping
from harmonize.mapping.compiler.functions import install, python_functions
from harmonize.mapping.plan import Entry, MappingPlan
from harmonize.mapping.select import union

ROWS = 150_000
REPEATS = 5
LABS = 8
PATIENTS = 300


def measure(folder: Path) -> dict[str, float]:
    """Make specification and rows in `folder`, map them by both engines, and return what was measured."""
    _write_mapping(folder)
    plan = load_mapping(folder)
    rows = _rows()
    con = duckdb.connect()
    install(con)
    _fill(con, rows)
    ours, ours_seconds = _compiled(con, plan)
    theirs, theirs_seconds = _linkml_map(folder, rows)
    for entry in plan.entries:
        if ours[entry.part] != theirs[entry.part]:
            raise SystemExit(f"The two engines differ on {entry.part}.")
    return {
        "rows": ROWS,
        "hub_rows": sum(map(len, ours.values())),
        "compiled_rows_per_s": ROWS / ours_seconds,
        "linkml_map_rows_per_s": ROWS / theirs_seconds,
        "ratio_to_linkml_map": theirs_seconds / ours_seconds,
    }


def _write_mapping(folder: Path) -> None:
    """A feed of one visit a line with laboratory columns, a weight, a temperature and a symptom."""
    columns = ["patient", "admitted", "nights", "cough", "weight", "temperature", *(f"lab_{n}" for n in range(LABS))]
    attributes: dict[str, Any] = {"line_id": {"identifier": True}} | {column: {} for column in columns}
    schema = {
        "id": "https://example.org/wide",
        "name": "wide",
        "prefixes": {"linkml": "https://w3id.org/linkml/"},
        "imports": ["linkml:types"],
        "default_range": "string",
        "classes": {"line": {"attributes": attributes}},
    }
    (folder / "wide.yaml").write_text(yaml.safe_dump(schema), encoding="utf-8")
    started = {"expr": "to_date(admitted, '%m/%d/%Y')"}
    entries = [
        ("case", {"part_": {"value": "case"}}),
        (
            "visit",
            {
                "part_": {"value": "visit"},
                "start_date": started,
                "end_date": {"expr": "add_days(to_date(admitted, '%m/%d/%Y'), whole(nights) - 1)"},
                "length_of_stay": {"populated_from": "nights"},
            },
        ),
        (
            "condition",
            {
                "part_": {"value": "cough"},
                "when_": {"expr": "cough in ['Yes', 'No']"},
                "coding": {"value": "SNOMED:49727002"},
                "assertion": {"populated_from": "cough", "value_mappings": {"Yes": "present", "No": "absent"}},
            },
        ),
        ("measurement", _measured("weight", "ounces_to_kg(number(weight))", "kg")),
        ("measurement", _measured("temperature", "round(fahrenheit_to_celsius(number(temperature)), 1)", "Cel")),
        *(("measurement", _measured(f"lab_{n}", f"number(lab_{n})", "mg/dL")) for n in range(LABS)),
    ]
    spec = {
        "source_schema": {"name": "wide.yaml"},
        "target_schema": {"name": "midrc"},
        "class_derivations": [
            {
                "name": name,
                "populated_from": "line",
                "slot_derivations": slots | {"case_key": {"populated_from": "patient"}},
            }
            for name, slots in entries
        ],
    }
    (folder / "wide.map.yaml").write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")


def _measured(column: str, value: str, unit: str) -> dict[str, Any]:
    return {
        "part_": {"value": column},
        "when_": {"expr": f"notnull({column})"},
        "coding": {"value": f"LOINC:{column}"},
        "start_date": {"expr": "to_date(admitted, '%m/%d/%Y')"},
        "value_number": {"expr": value},
        "value_text": {"populated_from": column},
        "unit_code": {"value": unit},
    }


def _rows() -> list[dict[str, str | None]]:
    """Invented rows, the same on every machine; a third of the laboratory cells is empty."""
    return [
        {
            "line_id": f"L{i}",
            "patient": f"P{i % PATIENTS}",
            "admitted": f"{i % 12 + 1}/{i % 28 + 1}/2020",
            "nights": str(i % 30 + 1),
            "cough": ("Yes", "No", None)[i % 3],
            "weight": str(1_600 + i % 3_000),
            "temperature": str(96 + i % 90 / 10),
            **{f"lab_{n}": None if (i + n) % 3 == 0 else str((i * 7 + n) % 1_000 / 10) for n in range(LABS)},
        }
        for i in range(ROWS)
    ]


def _fill(con: duckdb.DuckDBPyConnection, rows: list[dict[str, str | None]]) -> None:
    names = list(rows[0])
    lists = ", ".join(f"unnest($v{i}::VARCHAR[]) AS {name}" for i, name in enumerate(names))
    values = {f"v{i}": [row[name] for row in rows] for i, name in enumerate(names)}
    con.execute(
        "CREATE TABLE line AS SELECT row_number() OVER () AS record_id_, line_id AS record_key_, * "
        f"FROM (SELECT {lists})",
        values,
    )


Results = dict[str, dict[int, dict[str, Any]]]


def _compiled(con: duckdb.DuckDBPyConnection, plan: MappingPlan) -> tuple[Results, float]:
    """(part → record → hub row, seconds of the fastest of some runs into one table for each hub class, as a load)."""
    targets: dict[str, list[tuple[int, Entry]]] = {}
    for number, entry in enumerate(plan.entries):
        targets.setdefault(entry.target, []).append((number, entry))
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        for target, entries in targets.items():
            con.execute(f'CREATE OR REPLACE TABLE "{target}" AS {union(entries, {"line": "line"})}')
        seconds.append(time.perf_counter() - began)
    results: Results = {}
    for entry in plan.entries:
        query = f'SELECT record_id, {", ".join(entry.columns)} FROM "{entry.target}" WHERE part = ?'
        found = con.execute(query, [entry.part]).fetchall()
        results[entry.part] = {row[0]: dict(zip(entry.columns, row[1:], strict=True)) for row in found}
    return results, min(seconds)


def _linkml_map(folder: Path, rows: list[dict[str, str | None]]) -> tuple[Results, float]:
    """The same by linkml-map; its time is that of map_object alone, the specification being read before."""
    from linkml_map.transformer.object_transformer import ObjectTransformer
    from linkml_runtime import SchemaView

    from harmonize.mapping.compiler.bodies import whole

    engine = ObjectTransformer(extension_functions=python_functions())
    engine.source_schemaview = SchemaView(str(folder / "wide.yaml"))
    engine.load_transformer_specification(folder / "wide.map.yaml")
    derivations = engine.derived_specification.class_derivations
    results: Results = {}
    began = time.perf_counter()
    mapped = [
        [engine.map_object(row, source_type="line", class_derivation=derivation) for row in rows]
        for derivation in derivations
    ]
    seconds = time.perf_counter() - began
    for objects in mapped:
        kept = {record: row for record, row in enumerate(objects, 1) if row.pop("when_", True)}
        for row in kept.values():
            part = row.pop("part_")
            if "length_of_stay" in row:  # a text that the hub holds as a number
                row["length_of_stay"] = whole(row["length_of_stay"])
        results[part] = kept
    return results, seconds
