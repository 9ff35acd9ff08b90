"""Check a staged FHIR delivery (harmonize.intake.fhir.stage): what intake saw, the screen, fhir.resources, references,
codes, times and US Core. Findings go into harmonize.finding; their columns are elements, their lines places (see
fhir_place in sql/fhir/tables.sql).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql
from harmonize.engine.progress import reached
from harmonize.engine.sql_text import literal, literals
from harmonize.intake.fhir.content import note_other_contents
from harmonize.intake.fhir.parts import resource_parts
from harmonize.intake.fhir.reference import resolve_references
from harmonize.validation.coded import private_code_sql, private_codes
from harmonize.validation.fhir.ids import find_ids
from harmonize.validation.fhir.privacy import find_texts, refuse_cells
from harmonize.validation.fhir.reads import reads_of
from harmonize.validation.fhir.screen import only_known, resource_types
from harmonize.validation.fhir.screening import screening
from harmonize.validation.fhir.shown import show_elements
from harmonize.validation.privacy import identity
from harmonize.validation.table.findings import register_rules
from harmonize.vocabulary.check_digits import expression_concepts, valid_code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.fhir.stage import FhirFile
    from harmonize.mapping.plan import MappingPlan

# Rules whose value is a kind of value, a count or the name of a known element, never a value of the delivery.
_PLAIN = (
    "fhir_version",
    "fhir_type",
    "fhir_legible",
    "fhir_cardinality",
    "fhir_choice",
    "fhir_empty",
    "fhir_repeated_element",
    "fhir_reference_type",
    "fhir_missing_targets",
    "phi_note",
    "phi_code",
    "phi_coded",
    "broken_json",
    "no_resource_type",
    "broken_entries",
    "export_error",
)
_DATES_TOLD = ("fhir_end_before_start", "fhir_before_birth", "fhir_after_death", "fhir_future")
_CODED = {"coding": [{"system": "VARCHAR", "code": "VARCHAR"}]}
_QUANTITY = {"system": "VARCHAR", "code": "VARCHAR"}
_IDENTIFIER = {"system": "VARCHAR", "value": "VARCHAR"}
_PERIOD = {"start": "VARCHAR", "end": "VARCHAR"}
_DATES = (
    "birthDate", "deceasedDateTime", "effectiveDateTime", "performedDateTime", "onsetDateTime", "abatementDateTime",
    "occurrenceDateTime", "started", "issued", "recordedDate", "authoredOn",
)  # fmt: skip
# Elements that hold one reference, of the types of sql/validation/fhir/reference_types.tsv.
_REFERENCES = (
    "subject", "patient", "encounter", "context", "medicationReference", "specimen", "recorder", "asserter",
)  # fmt: skip
_PERIODS = (
    "effectivePeriod", "performedPeriod", "onsetPeriod", "period", "timingPeriod", "abatementPeriod", "valuePeriod"
)  # fmt: skip
_SHAPE = json.dumps(
    {
        **dict.fromkeys(("code", "vaccineCode", "medicationCodeableConcept", "valueCodeableConcept"), _CODED),
        **{name: [_CODED] for name in ("category", "reasonCode")},
        **dict.fromkeys(_PERIODS, _PERIOD),
        **dict.fromkeys(_DATES, "VARCHAR"),
        **{name: {"reference": "VARCHAR", "type": "VARCHAR", "identifier": _IDENTIFIER} for name in _REFERENCES},
        "context": {"reference": "VARCHAR", "type": "VARCHAR", "identifier": _IDENTIFIER, "period": _PERIOD},
        "dispenseRequest": {"validityPeriod": _PERIOD},
        "collection": {"collectedPeriod": _PERIOD},
        "location": [{"period": _PERIOD}],
        "class": _QUANTITY,
        "valueQuantity": _QUANTITY,
        "component": [{"code": _CODED, "valueQuantity": _QUANTITY}],
    }
)
# What records what was done to somebody; plans, orders and definitions may lie ahead of their time.
_CLINICAL = (
    "Patient", "Encounter", "Condition", "Observation", "Procedure", "MedicationRequest", "MedicationAdministration",
    "MedicationStatement", "MedicationDispense", "Medication", "Immunization", "AllergyIntolerance", "DiagnosticReport",
    "ImagingStudy", "DeviceUseStatement",
)  # fmt: skip


def check_fhir(
    con: DuckDBPyConnection,
    files: Sequence[FhirFile],
    submission: int,
    *,
    deep: bool = False,
    elements: bool = False,
    vocabulary: str | None = None,
    mapping: tuple[Path, MappingPlan] | None = None,
    project: str | None = None,
    told: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[str]:
    """Insert the findings of a staged delivery and return sentences for people.

    fhir.resources runs on what the screen flags, with `deep` on everything. `vocabulary` is the prefix of the database
    whose omop.concept tells which codes exist (`store.`, empty for this one), None where there is none. The tables of
    `create_tables` and the functions of sql/functions.sql must exist. `elements` notes which elements each resource
    has (screening). `mapping` (its folder and plan) says what is read, else the shipped one; names that the store
    knows of the `project` are looked for in texts. `told` is a relation like fhir_found: what `lost_references` found
    in the whole of which this is a part.
    Raises InputError where `deep` is asked for and fhir.resources is not installed.
    """
    note = progress or (lambda _step: None)
    rules = register_rules(con)
    _run(con, "tables")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE fhir_code_system AS"
        f" FROM {_tsv(root('mappings') / 'vocabulary' / 'code_systems.tsv')}"
    )
    con.execute(
        sql("validation/fhir/known_type"),
        {"types": sorted({*resource_types(), *only_known()})},
    )
    _write_structure(con, files, rules, submission)
    con.execute(sql("validation/fhir/staged"), {"types": sorted({*resource_types(), *only_known()})})
    errors = [file.file_id for file in files if file.role == "error"]
    con.execute(sql("validation/fhir/export_error"), {"error_files": errors})
    with screening(con, deep=deep, elements=elements, progress=note) as screened:
        note("references")
        reached(0.0, 0.2)
        counts = resolve_references(con, project, vocabulary)
        if told is None:
            _find_lost(con)
        else:
            con.execute(f"INSERT INTO fhir_found FROM {told}")
        note("codes and times")
        reached(0.2, 0.5)
        _content(con)
        _codes(con, vocabulary)
        note("privacy")
        reached(0.5, 0.9)
        _private_items(con)
        reads = reads_of(*(mapping or _shipped()), _types(con))
        identity.begin(con)
        con.execute(sql("validation/identity/fhir_said"))
        tokens = identity.know(con, project, vocabulary)
        find_texts(con, reads, tokens=tokens)
        find_ids(con, tokens=tokens)
        _drop(con, "fhir_raw", "fhir_text", "fhir_text_part")
        reached(0.9)
        notes = screened()
    note_other_contents(con)
    _run(con, "repeated")
    refuse_cells(con, reads)
    _settle(con, submission)
    references, unresolved = (sum(column) for column in zip((0, 0), *counts.values(), strict=True))
    notes += _not_looked_at(con)
    if references:
        notes.append(f"{references:,} references, {unresolved:,} of them to resources that the delivery does not hold.")
    return notes


def lost_references(con: DuckDBPyConnection, project: str) -> None:
    """Resolve the references of what is staged, and find in fhir_found what is wrong with them, and nothing else."""
    _run(con, "tables")
    con.execute(sql("validation/fhir/known_type"), {"types": sorted({*resource_types(), *only_known()})})
    resolve_references(con, project, "")
    _find_lost(con)


def _find_lost(con: DuckDBPyConnection) -> None:
    _run(con, "reference")
    _run(con, "link_circle")


def _not_looked_at(con: DuckDBPyConnection) -> list[str]:
    """What the rules of privacy leave aside, in a sentence: narratives and contacts, of which nothing is loaded."""
    row = con.execute(sql("validation/fhir/narrative")).fetchone()
    narratives, contacts = row or (0, 0)
    if not narratives and not contacts:
        return []
    return [
        "Not looked at for privacy, as nothing of them is loaded: narratives (text.div; resources with one: "
        f"{narratives:,}), and names, addresses and contacts in elements of their own ({contacts:,})."
    ]


def _shipped() -> tuple[Path, MappingPlan]:
    from harmonize.mapping.compiler.compile import load_mapping, mapping_folder

    return mapping_folder("fhir"), load_mapping("fhir")


def _types(con: DuckDBPyConnection) -> list[str]:
    """The resource types of the delivery that FHIR has."""
    rows = con.execute("SELECT DISTINCT resource_type FROM fhir_resource WHERE problem IS NULL ORDER BY 1").fetchall()
    return [name for (name,) in rows if name in resource_types() and name != "Bundle"]


def _run(con: DuckDBPyConnection, name: str) -> None:
    con.execute(sql(f"validation/fhir/{name}"))


def _drop(con: DuckDBPyConnection, *tables: str) -> None:
    """Large tables go as soon as they are not needed: what follows has the memory."""
    for table in tables:
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _write_structure(
    con: DuckDBPyConnection, files: Sequence[FhirFile], rules: dict[str, int], submission: int
) -> None:
    rows = [
        (submission, rules[finding.rule], file.file_id, finding.line, None, finding.value)
        for file in files
        for finding in file.findings
    ]
    if rows:
        con.executemany("INSERT INTO harmonize.finding VALUES (?, ?, ?, ?, ?, ?)", rows)


def _content(con: DuckDBPyConnection) -> None:
    """What codes, dates and references say; the resources are parsed part by part."""
    _run(con, "content_tables")
    _run(con, "target_type")
    _run(con, "inactive_patient")
    types = con.execute(f"FROM {_tsv(root('sql') / 'validation' / 'fhir' / 'reference_types.tsv')}").fetchall()
    for first, last in resource_parts(con):
        con.execute(
            sql("validation/fhir/content").format(shape=_SHAPE),
            {"types": list(_CLINICAL), "first": first, "last": last},
        )
        con.execute(sql("validation/fhir/no_patient"), {"first": first, "last": last})
        con.execute(sql("validation/fhir/unreadable_text"), {"first": first, "last": last})
        for element, some in types:
            con.execute(sql("validation/fhir/reference_type").format(element=element, types=some))
        _run(con, "code")
        con.execute(sql("validation/fhir/private_code").format(holds=private_code_sql("c.system", "c.code")))
        _run(con, "time")
    _drop(con, "fhir_content", "fhir_event", "fhir_target_type")


def _codes(con: DuckDBPyConnection, vocabulary: str | None) -> None:
    """Code systems that are not known, codes that cannot exist, codes that the vocabulary lacks."""
    _run(con, "code_sum")
    _run(con, "code_system")
    used = con.execute(
        "SELECT DISTINCT vocabulary_id, code FROM fhir_code JOIN fhir_code_system USING (system)"
        " WHERE vocabulary_id IN ('LOINC', 'SNOMED') AND code IS NOT NULL"
    ).fetchall()
    wrong = [(vocabulary, code) for vocabulary, code in used if not valid_code(vocabulary, code)]
    if wrong:
        vocabularies, codes = zip(*wrong, strict=True)
        con.execute(sql("validation/fhir/impossible_code"), {"vocabularies": list(vocabularies), "codes": list(codes)})
    if vocabulary is not None:
        expressions = {
            code: concepts for name, code in used if name == "SNOMED" and (concepts := expression_concepts(code))
        }
        con.execute(
            sql("validation/fhir/unknown_code").format(vocabulary=vocabulary),
            {"expressions": list(expressions), "concepts": list(expressions.values())},
        )


def _private_items(con: DuckDBPyConnection) -> None:
    """Answers to questions for what identifies people."""
    asked = "SELECT 1 FROM fhir_resource WHERE resource_type = 'QuestionnaireResponse' LIMIT 1"
    if con.execute(asked).fetchone() is None:
        return
    loinc = {one.code: one.holds for one in private_codes() if one.vocabulary == "LOINC"}
    con.execute(
        sql("validation/fhir/private_item").format(holds=private_code_sql("c.system", "c.code")),
        {"codes": list(loinc), "holds": list(loinc.values())},
    )


def _tsv(path: Path) -> str:
    return f"read_csv({literal(str(path))}, delim='\t', header=true, all_varchar=true)"


def _settle(con: DuckDBPyConnection, submission: int) -> None:
    """Write fhir_found to the findings, with what may be shown of it."""
    show_elements(con)
    put_in = {
        "{submission}": str(submission),
        "{plain}": literals(_PLAIN),
        "{dates}": literals(_DATES_TOLD),
    }
    statements = sql("validation/fhir/settle")
    for name, text in put_in.items():
        statements = statements.replace(name, text)
    con.execute(sql("validation/finding_record"))
    con.execute(statements)
