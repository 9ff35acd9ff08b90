"""`harmonize validate --source fhir` on NDJSON and on one pretty-printed Bundle, beside DuckDB's bare parse.

Everything counts: finding the file, staging it, the screen and all rules, the report and the start of the program.
"""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

import duckdb
import orjson
from command import Used, run

from harmonize.validation.fhir.batch import screen_batch

OBSERVATIONS = 240_000
PATIENTS = 2_000
BUNDLED = 60_000  # entries of the Bundle


def measure(folder: Path) -> dict[str, float]:
    """Make the files in `folder`, validate them, and return what was measured; a core's seconds are those it worked."""
    lines = _write_ndjson(folder / "observations.ndjson")
    packed = _write_bundle(lines, folder / "bundle.json")
    parse = _bare_parse(lines)
    used, bundle_used = _validate(lines), _validate(packed)
    size, bundle_size = lines.stat().st_size / 1e6, packed.stat().st_size / 1e6
    return {
        "ndjson_mb": size,
        "ndjson_mb_per_s": size / used.seconds,
        "ndjson_mb_per_core_s": size / used.core_seconds,
        "bare_parse_mb_per_core_s": size / parse,
        "ratio_to_bare_parse": parse / used.core_seconds,
        "screen_alone_mb_per_core_s": size / _screen(lines),
        "bundle_mb": bundle_size,
        "bundle_mb_per_core_s": bundle_size / bundle_used.core_seconds,
        "bundle_peak_rss_gib": bundle_used.peak_gib,
    }


def _write_ndjson(path: Path) -> Path:
    """Invented Observations of about the size and shape of Synthea's, and their patients; alike on every machine."""
    quantity = "'valueQuantity': {'value': %s, 'unit': 'mm[Hg]', 'system': $units, 'code': 'mm[Hg]'}"
    part = "{{'code': {{'coding': [{{'system': $loinc, 'code': '{}', 'display': '{} blood pressure'}}]}}, {}}}"
    parts = ", ".join(
        part.format(code, name, quantity % f"{low} + hash(i + {low}) % 400 / 10")
        for code, name, low in (("8480-6", "Systolic", 100), ("8462-4", "Diastolic", 60))
    )
    with duckdb.connect() as con:
        con.execute(
            f"""
            COPY (SELECT to_json({{'resourceType': 'Patient', 'id': format('p{{:06d}}', i), 'gender': 'female',
                                   'birthDate': '1950-02-03'}}) AS l FROM range({PATIENTS}) t(i)
                  UNION ALL
                  SELECT to_json({{'resourceType': 'Observation', 'id': md5(i::VARCHAR)::UUID, 'status': 'final',
                    'category': [{{'coding': [{{'system': $category, 'code': 'vital-signs'}}]}}],
                    'code': {{'coding': [{{'system': $loinc, 'code': '85354-9', 'display': 'Blood pressure panel'}}]}},
                    'subject': {{'reference': format('Patient/p{{:06d}}', i % {PATIENTS})}},
                    'effectiveDateTime': strftime(TIMESTAMP '2015-01-01' + to_hours((i % 50000)::INTEGER),
                                                  '%Y-%m-%dT%H:%M:%S+00:00'),
                    'component': [{parts}],
                    'meta': {{'profile': ['http://hl7.org/fhir/StructureDefinition/vitalsigns']}}}})
                  FROM range({OBSERVATIONS}) t(i))
            TO '{path}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')
            """,
            {
                "loinc": "http://loinc.org",
                "units": "http://unitsofmeasure.org",
                "category": "http://terminology.hl7.org/CodeSystem/observation-category",
            },
        )
    return path


def _write_bundle(lines: Path, path: Path) -> Path:
    with lines.open("rb") as stream, path.open("wb") as out:
        out.write(b'{\n  "resourceType": "Bundle",\n  "type": "collection",\n  "entry": [\n')
        for number, line in zip(range(BUNDLED), stream, strict=False):
            resource = orjson.loads(line)
            entry = {"fullUrl": f"http://example.org/{resource['resourceType']}/{resource['id']}", "resource": resource}
            out.write((b",\n" if number else b"") + orjson.dumps(entry, option=orjson.OPT_INDENT_2))
        out.write(b"\n  ]\n}\n")
    return path


def _bare_parse(lines: Path) -> float:
    """Seconds of one core for reading the lines and taking five values out of each."""
    paths = "['$.resourceType', '$.id', '$.status', '$.subject.reference', '$.code.coding[0].code']"
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        began = time.process_time()
        con.execute(
            f"CREATE TABLE t AS SELECT json_extract_string(l, {paths}) AS x FROM read_csv('{lines}', columns="
            "{'l': 'VARCHAR'}, header=false, auto_detect=false, delim='\x01', quote='', escape='')"
        )
        return time.process_time() - began


def _screen(lines: Path) -> float:
    """Seconds of one core for the screen alone, on what was read before."""
    screen_batch(("Patient", False, False, []))  # imports
    spent = 0.0
    with lines.open(encoding="utf-8") as stream:
        while batch := list(enumerate(islice(stream, 5_000))):
            for name in ("Patient", "Observation"):
                some = [(*row, False) for row in batch if row[1].startswith(f'{{"resourceType":"{name}"')]
                began = time.process_time()
                _, found, _, _ = screen_batch((name, False, False, some))
                spent += time.process_time() - began
                if found:
                    raise SystemExit(f"the screen finds {found[0]} in sound resources")
    return spent


def _validate(path: Path) -> Used:
    """What the command took in a process of its own."""
    report = path.with_suffix(".report.json")
    used = run("validate", str(path), "--source", "fhir", "--format", "json", "-o", str(report))
    summary = orjson.loads(report.read_bytes())["summary"]
    if summary["errors"] or summary["warnings"]:
        raise SystemExit(f"harmonize validate found {summary}")
    return used
