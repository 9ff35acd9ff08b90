"""LOINC codes of study descriptions against MIDRC's table: the parser alone, and table and parser over all studies.

Needs the shared data (HARMONIZE_SHARED, default ../shared/data). The held-out rows are half of the table, by a hash;
no rule was written from what the parser did to them.
"""

from __future__ import annotations

import csv
import hashlib
import os
import time
from collections import Counter
from pathlib import Path

from harmonize.imaging.loinc_codes import LoincCode
from harmonize.imaging.study_code import code_file
from harmonize.imaging.study_loinc import propose
from harmonize.imaging.study_parts import read_parts
from harmonize.imaging.study_rules import rules
from harmonize.imaging.study_table import read_table

SHARED = Path(os.environ.get("HARMONIZE_SHARED") or Path(__file__).resolve().parents[2] / "shared" / "data") / "loinc"
KINDS = ("method", "region", "side", "views", "contrast")


def measure(folder: Path) -> dict[str, float]:
    """Shares of rows that agree, errors by the first part that differs, and the share of studies with a code."""
    table = SHARED / "study_description_to_loinc_dev.tsv"
    rows = _rows(table)
    loinc = {row["LOINC_NUM"]: row for row in _rows(SHARED / "loinc_radiology_codes.tsv")}
    agreeing, held_out, contradictions = 0, [0, 0], 0
    errors: Counter[str] = Counter()
    for row in rows:
        found = propose(row["Modality"], row["StudyDescription"]).code
        wanted = row["LOINC code"].strip()
        same = found is not None and found.code == wanted
        agreeing += same
        if is_held_out(row):
            held_out[0] += same
            held_out[1] += 1
        if found is None:
            errors["none"] += 1
            continue
        allowed = rules().families[read_parts(row["Modality"], row["StudyDescription"]).family].allowed
        contradictions += found.method not in allowed
        if not same:
            errors[_kind(found, loinc[wanted])] += 1
    began = time.perf_counter()
    studies = code_file(SHARED / "study_description_frequencies.tsv", read_table(table).codes())
    seconds = time.perf_counter() - began
    frequencies = [int(str(row["frequency"])) for row in studies]
    coded = sum(n for n, row in zip(frequencies, studies, strict=True) if row["loinc_code"])
    return {
        "rows_of_the_table": len(rows),
        "parser_agreement": agreeing / len(rows),
        "parser_agreement_held_out": held_out[0] / held_out[1],
        "contradictions": contradictions,
        **{f"errors_{kind}": errors[kind] for kind in (*KINDS, "none")},
        "studies_with_code": coded / sum(frequencies),
        "descriptions_per_s": len(studies) / seconds,
    }


def is_held_out(row: dict[str, str]) -> bool:
    """Whether a row of the table belongs to the half that rules were not written from."""
    text = f"{row['Modality']}|{row['StudyDescription']}".upper()
    return int(hashlib.md5(text.encode()).hexdigest(), 16) % 2 == 1


def _kind(found: LoincCode, wanted: dict[str, str]) -> str:
    """The first part in which two codes differ."""
    other = LoincCode("", "", wanted["COMPONENT"], wanted["SYSTEM"], wanted["METHOD_TYP"])
    if found.key is None or other.key is None:
        return "region"
    pairs = zip(KINDS, found.key, other.key, strict=True)
    return next(kind for kind, one, two in pairs if one != two)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
