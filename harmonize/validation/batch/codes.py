"""Rules about codes: is the system known, does the code exist, does its name fit it, is the unit one."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

import duckdb

from harmonize.engine.paths import plan_folders, root, sql
from harmonize.engine.sql_text import literal, literals, quote
from harmonize.validation.batch.model import Batch, Statement, filled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harmonize.schema.model import ClassDef, Slot

_ICD10CM_PACKAGE = "simple-icd-10-cm"


def code_statements(batch: Batch) -> Iterator[Statement]:
    """Statements for the columns that the annotations `code_system` and `unknown_unit` name.

    The value of `code_system` is the column of the system, or `=` and a system that all codes are of; annotation
    `code_name` names the column of the codes' names. Statements are to be run in turn: they share temporary tables.
    """
    con = batch.con
    con.execute(sql("vocabulary/spelling"))
    found = [(cls, slot) for cls in batch.classes.values() for slot in cls.slots.values() if batch.has(cls, slot.name)]
    for cls, slot in found:
        if "unknown_unit" in slot.annotations:
            parts = {"class": cls.name, "column": slot.name, "cell": quote(slot.name), "units": _units(batch)}
            yield Statement("unknown_unit", filled("codes/unknown_unit", parts))
    coded = [(cls, slot) for cls, slot in found if _system(batch, cls, slot) is not None]
    if not coded:
        return
    con.execute(sql("validation/codes/macros"))
    path = literal(str(root("sql") / "validation" / "lists" / "code_system.tsv"))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE code_system AS "
        "SELECT lower(system) AS system, vocabulary_id, form, name_judged, name "
        f"FROM read_csv({path}, delim = '\t', header = true, all_varchar = true, quote = '')"
    )
    fillers = literal(str(root("sql") / "validation" / "lists" / "filler_word.tsv"))
    abbreviations = literal(str(root("mappings") / "vocabulary" / "abbreviations.tsv"))
    con.execute(sql("validation/codes/name_words").format(fillers=fillers, abbreviations=abbreviations))
    for cls, slot in coded:
        yield from _of_column(batch, cls, slot)


def _of_column(batch: Batch, cls: ClassDef, slot: Slot) -> Iterator[Statement]:
    name = slot.annotations.get("code_name", "")
    system = _system(batch, cls, slot) or ""
    parts = {
        "class": cls.name,
        "column": slot.name,
        "code": quote(slot.name),
        "system": system,
        "system_column": slot.annotations["code_system"],
        "name": quote(name) if name in cls.slots else "NULL::VARCHAR",
    }
    batch.con.execute(filled("codes/coded", parts))
    if not slot.annotations["code_system"].startswith("="):
        yield Statement("code_system", filled("codes/code_system", parts))
        yield Statement("code_system_name", filled("codes/code_system_name", parts))
    yield Statement("code_form", filled("codes/code_form", parts))
    sources, complete = _vocabularies(batch)
    batch.con.execute(filled("codes/known_code", {"sources": " UNION ALL ".join(sources)}))
    if complete:
        yield Statement("unknown_code", filled("codes/unknown_code", {**parts, "complete": literals(complete)}))
    yield Statement("code_name", filled("codes/code_name", parts))


def _system(batch: Batch, cls: ClassDef, slot: Slot) -> str | None:
    """SQL of the system of a column's codes; None where the column has no codes, or the file no system."""
    said = slot.annotations.get("code_system")
    if said is None or (not said.startswith("=") and not batch.has(cls, said)):
        return None
    return literal(said[1:]) if said.startswith("=") else quote(said)


def _vocabularies(batch: Batch) -> tuple[list[str], list[str]]:
    """SELECTs of (vocabulary_id, code, name), and the vocabularies that these hold as a whole."""
    starter = literal(str(root("mappings") / "vocabulary" / "concept.tsv"))
    sources = [
        "SELECT vocabulary_id, concept_code AS code, concept_name AS name "
        f"FROM read_csv({starter}, delim = '\t', header = true, all_varchar = true, quote = '')"
    ]
    complete: list[str] = []
    if batch.store is not None:
        store = batch.store
        sources += [
            f"SELECT vocabulary_id, concept_code, concept_name FROM {store}omop.concept",
            f"SELECT c.vocabulary_id, c.concept_code, s.concept_synonym_name FROM {store}omop.concept_synonym s "
            f"JOIN {store}omop.concept c USING (concept_id)",
        ]
        rows = batch.con.execute(
            f"SELECT DISTINCT vocabulary_id FROM {store}omop.concept "
            f"SEMI JOIN (FROM {store}harmonize.concept_layer WHERE layer = 'download') USING (concept_id)"
        ).fetchall()
        complete += [vocabulary for (vocabulary,) in rows]
    wanted = batch.con.execute("SELECT count(*) FROM coded WHERE vocabulary_id = 'ICD10CM'").fetchone()
    if wanted and wanted[0] and not batch.loading and (path := icd10cm()) is not None:
        sources.append(f"SELECT 'ICD10CM', code, name FROM {literal(str(path))}")
        sources.append(f"SELECT 'ICD10CM', replace(code, '.', ''), name FROM {literal(str(path))}")
        complete.append("ICD10CM")
    return sources, complete


def icd10cm() -> Path | None:
    """Parquet (code, name) of ICD-10-CM as the package simple-icd-10-cm carries the CDC's list, with its inclusion
    terms; made once for each release of the package, in the user's cache. None where the package is not installed.
    """
    try:
        path = plan_folders()[1].parent / f"icd10cm-{version(_ICD10CM_PACKAGE)}.parquet"
    except PackageNotFoundError:
        return None
    if path.exists() or find_spec("simple_icd_10_cm") is None:
        return path if path.exists() else None
    import simple_icd_10_cm

    codes = simple_icd_10_cm.get_all_codes(True)
    names = [(code, simple_icd_10_cm.get_description(code)) for code in codes]
    names += [(code, term) for code in codes for term in simple_icd_10_cm.get_inclusion_term(code)]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT unnest($codes) AS code, unnest($names) AS name) TO {literal(str(partial))} (FORMAT parquet)",
            {"codes": [code for code, _ in names], "names": [name for _, name in names]},
        )
    partial.replace(path)
    return path


def _units(batch: Batch) -> str:
    """SELECT of the units that are known: UCUM's own and their other spellings."""
    folder = root("mappings") / "vocabulary"
    options = "delim = '\t', header = true, all_varchar = true, quote = ''"
    text = (
        f"SELECT concept_code AS unit FROM read_csv({literal(str(folder / 'concept.tsv'))}, {options}) "
        "WHERE vocabulary_id = 'UCUM' UNION "
        f"SELECT alias FROM read_csv({literal(str(folder / 'aliases.tsv'))}, {options}) WHERE vocabulary_id = 'UCUM'"
    )
    if batch.store is not None:
        text += f" UNION SELECT concept_code FROM {batch.store}omop.concept WHERE vocabulary_id = 'UCUM'"
    return text
