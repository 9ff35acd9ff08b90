"""DICOM modalities as concepts, so that no image loses its modality in OMOP.

A modality is a standard concept where one is confirmed (mappings/vocabulary/modality.tsv), else the code of the loaded
vocabulary DICOM, else a custom concept of a vocabulary of that name.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.paths import root
from harmonize.vocabulary.value_sets import NO_TERM, install_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NAME = "dicom_modality"
"""The name of the value set, and of the list of the standard's defined terms (DICOM PS3.3, C.7.3.1.1.1)."""


def install_modalities(con: DuckDBPyConnection) -> None:
    """Give each modality of DICOM that the vocabulary lacks a custom concept, in a store that has images.

    Runs in the caller's transaction; a second call changes nothing.
    """
    if con.execute("FROM midrc.imaging_series LIMIT 1").fetchone() is None:
        return
    of_download = "SELECT concept_code FROM omop.concept WHERE vocabulary_id = 'DICOM' AND concept_id < 2000000000"
    known = {code for (code,) in con.execute(of_download).fetchall()}
    rows = [
        (NAME, "DICOM", code, name, "skos:exactMatch", term or NO_TERM, None, f"{NAME}.tsv", line)
        for code, name, term, line in _modalities()
        if code not in known
    ]
    install_rows(con, NAME, rows)


@cache
def _modalities() -> list[tuple[str, str, str, int]]:
    """(code, name, standard concept as vocabulary:code or empty, line of the list) of every modality."""
    with (root("mappings") / "vocabulary" / "modality.tsv").open(encoding="utf-8", newline="") as file:
        terms = {row["modality"]: row["concept"] for row in csv.DictReader(file, delimiter="\t")}
    with (root("sql") / "validation" / "lists" / f"{NAME}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(row["code"], row["name"], terms.get(row["code"], ""), line) for line, row in enumerate(rows, start=2)]
