"""`harmonize validate` of an invented Gen3 batch of 100,000 cases (690,000 rows, 6 nodes, 8 to 25 columns), all rules
on and the report written; and of a file of 100 rows, where the start counts."""

from __future__ import annotations

import json
import time
from pathlib import Path

import duckdb
from command import run

CASES = 100_000
BATCH = "RSNA_20230303"
CASE = "format('419639-{:06d}', c)"
STUDY = "format('1.2.840.99.{}', i)"
SERIES = "format('1.2.840.99.{}.{}', s, i)"
# node: rows a hundred cases, columns; `i` counts the rows, `c` is the case, `s` the row's own salt.
NODES: dict[str, tuple[int, dict[str, str]]] = {
    "case": (100, {
        "type": "'case'", "submitter_id": CASE, "case_ids": CASE,
        "project_id": "'Open-R1'", "age_at_index": "(20 + c % 60)::VARCHAR", "age_at_index_gt89": "'No'",
        "country_of_residence": "'US'", "covid19_positive": "'Yes'",
        "ethnicity": "pick(['Hispanic or Latino', 'Not Hispanic or Latino', 'Not Reported'], i, 1)",
        "icu_indicator": "pick(['True', 'False'], i, 2)", "index_event": "'COVID-19 Test'",
        "long_covid_diagnosis": "'Not Reported'", "race": "pick(['Asian', 'Black or African American', 'White'], i, 3)",
        "sex": "pick(['Female', 'Male'], i, 4)", "site_id": "'419639'",
        "treatment_info": "pick(['True', 'False'], i, 5)",
        "ventilator_indicator": "'False'", "zip": "pick(['100', '606', '941'], i, 6)",
        "datasets.submitter_id": f"'{BATCH}'",
    }),
    "visit": (60, {
        "type": "'visit'", "submitter_id": "format('V{:07d}', i)", "cases.submitter_id": CASE,
        "days_to_hospital_admission": "(i % 5)::VARCHAR", "days_to_hospital_discharge": "(9 + i % 7)::VARCHAR",
        "days_to_icu_admission": "CASE WHEN hash(c + 2) % 2 = 0 THEN '5' END",
        "days_to_icu_discharge": "CASE WHEN hash(c + 2) % 2 = 0 THEN '8' END",
        "discharge_type": "pick(['Home', 'Rehab'], i, 1)",
    }),
    "condition": (120, {
        "type": "'condition'", "submitter_id": "format('C{:07d}', i)", "cases.submitter_id": CASE,
        "condition_name": "pick(['Essential (primary) hypertension', 'Obesity, unspecified'], i // 100000, 1)",
        "condition_code": "pick(['I10', 'E66.9'], i // 100000, 1)", "condition_code_system": "'ICD-10-CM'",
        "days_to_condition_start": "(-(i % 3000) - 1)::VARCHAR", "days_to_condition_end": "(i % 30)::VARCHAR",
    }),
    "measurement": (130, {
        "type": "'measurement'", "submitter_id": "format('T{:07d}', i)", "cases.submitter_id": CASE,
        "case_ids": CASE, "test_name": "'COVID-19'",
        "test_method": "pick(['RT-PCR', 'Rapid antigen test'], i, 1)", "project_id": "'Open-R1'",
        "test_result_text": "CASE WHEN i < 100000 THEN 'Positive' ELSE 'Negative' END",
        "test_days_from_index": "(i // 100000)::VARCHAR",
    }),
    "imaging_study": (120, {
        "type": "'imaging_study'", "submitter_id": STUDY, "cases.submitter_id": CASE,
        "case_ids": CASE, "project_id": "'Open-R1'", "age_at_imaging": "(20 + c % 60)::VARCHAR",
        "age_at_imaging_gt89": "'No'", "body_part_examined": "'CHEST'", "days_to_study": "(i % 14)::VARCHAR",
        "image_data_modified": "'False'", "study_description": "pick(['XR CHEST AP PORTABLE', 'CHEST 2 VIEWS'], i, 1)",
        "study_modality": "'DX'", "study_uid": STUDY, "study_year_shifted": "'True'",
        "datasets.submitter_id": f"'{BATCH}'",
    }),
    "dx_series": (160, {
        "type": "'dx_series_file'", "submitter_id": SERIES, "case_ids": f"format('419639-{{:06d}}', s % {CASES})",
        "project_id": "'Open-R1'", "data_category": "'DX'", "data_format": "'DCM'", "data_type": "'DICOM'",
        "detector_type": "pick(['DIRECT', 'SCINTILLATOR'], i, 1)", "image_data_modified": "'False'",
        "image_type": "'ORIGINAL,PRIMARY'", "imager_pixel_spacing": "pick(['0.14,0.14', '0.1,0.1'], i, 2)",
        "lossy_image_compression": "'00'", "manufacturer": "pick(['Invented', 'Imagined'], i, 3)",
        "manufacturer_model_name": "pick(['A1', 'B2'], i, 3)", "modality": "'DX'", "number_of_instances": "'1'",
        "pixel_spacing": "pick(['0.14,0.14', '0.1,0.1'], i, 2)",
        "series_description": "pick(['AP', 'LATERAL', 'PA'], i, 4)",
        "series_uid": SERIES, "spatial_resolution": "'0.14'",
        "view_position": "pick(['AP', 'LL', 'PA'], i, 4)", "imaging_studies.submitter_id": "format('1.2.840.99.{}', s)",
        "file_size": "(1000000 + i)::VARCHAR", "md5sum": "md5(i::VARCHAR)", "file_name": "format('{}.zip', i)",
    }),
}  # fmt: skip


def measure(folder: Path) -> dict[str, float]:
    """Make the batch in `folder`, check it in a process of its own, and return what was measured."""
    batch, small = folder / "batch", folder / "small"
    rows = _write(batch, CASES)
    _write(small, 100)
    read_seconds = _bare_read(batch)
    seconds, peak = _validate(batch, folder / "report.json", rows)
    return {
        "rows": rows,
        "rows_per_s": rows / seconds,
        "bare_read_rows_per_s": rows / read_seconds,
        "ratio_to_bare_read": read_seconds / seconds,
        "peak_rss_gib": peak,
        "file_of_100_rows_seconds": min(_small(small / f"case_{BATCH}.tsv") for _ in range(3)),
    }


def _write(folder: Path, cases: int) -> int:
    """The node TSVs, the same on every machine; returns the number of rows."""
    folder.mkdir()
    total = 0
    with duckdb.connect() as con:
        con.execute("CREATE MACRO pick(list, i, salt) AS list[1 + (hash(i + salt) % len(list))::INTEGER]")
        studies = NODES["imaging_study"][0] * cases // 100
        for node, (share, columns) in NODES.items():
            rows = share * cases // 100
            cells = ", ".join(f'{value} AS "{name}"' for name, value in columns.items())
            con.execute(
                f"COPY (SELECT {cells} FROM (SELECT range AS i, range % {cases} AS c, range % {studies} AS s "
                f"FROM range({rows}))) TO '{folder / f'{node}_{BATCH}.tsv'}' (HEADER, DELIMITER '\t', QUOTE '')"
            )
            total += rows
    return total


def _bare_read(batch: Path) -> float:
    """Seconds that DuckDB takes to read the same files into tables of text."""
    with duckdb.connect() as con:
        began = time.perf_counter()
        for path in sorted(batch.iterdir()):
            con.execute(
                f"CREATE TABLE {path.stem} AS FROM read_csv('{path}', all_varchar = true, delim = '\t', quote = '')"
            )
        return time.perf_counter() - began


def _validate(batch: Path, report: Path, rows: int) -> tuple[float, float]:
    """(seconds, peak GiB) of the command, from start to written report."""
    used = run("validate", str(batch), "--source", "gen3", "--memory", "1GB", "--format", "json", "-o", str(report))
    found = json.loads(report.read_text(encoding="utf-8"))["summary"]
    if found["records"] != rows or found["rules"]:
        raise SystemExit(f"the clean batch of {rows} rows gave {found}")
    return used.seconds, used.peak_gib


def _small(path: Path) -> float:
    return run("validate", str(path), "--source", "gen3").seconds
