"""The value set of a draft: a suggested concept for each column and value that is coded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.intake.layout import identifier
from harmonize.mapping.bodies import short_code
from harmonize.mapping.drafted import SUGGESTED
from harmonize.onboarding.draft import column_values, drafts
from harmonize.onboarding.meaning import rules, words
from harmonize.vocabulary.suggest import Term, suggest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.draft import Draft, Table
    from harmonize.onboarding.scan import Scan
    from harmonize.vocabulary.suggest import Suggestion

_LEAST = 0.6
"""A suggestion with a lower score is told and not drafted."""
_EXACT = 0.95


@dataclass(frozen=True)
class Subject:
    """A column or value that needs a concept: its CURIE, what it is called, how many cells have it, what to look for.
    `known` is the concept that the column's meaning has."""

    curie: str
    label: str
    cells: int
    term: Term
    known: tuple[str, str] | None = None


@dataclass(frozen=True)
class Row:
    """A row of the value set."""

    subject: Subject
    predicate: str
    concept: str
    name: str
    score: float
    comment: str


def subjects(scan: Scan, draft: Draft, templates: set[tuple[str, str]]) -> list[Subject]:
    """What the derivations code by the site's own vocabulary; `templates` are (class, part) of what was drafted."""
    found: list[Subject] = []
    for table in draft.tables:
        prefix = f"{draft.vocabulary}:"
        for template in drafts()["entries"]:
            if (table.name, template["part"]) in templates:
                for meaning, domain in template.get("values", {}).items():
                    if meaning in table.columns:
                        folded = bool(template.get("folded"))
                        found += _values(scan, table, table.columns[meaning], prefix, domain, folded)
        for column in table.file.columns:
            if (table.name, column.name) in templates:
                found.append(_column(table, column, prefix))
    return found


def _values(scan: Scan, table: Table, column: ColumnScan, prefix: str, domain: str, folded: bool) -> list[Subject]:
    unit = table.columns.get("test_unit") if column.meaning == "test_name" else None
    units = _most_frequent_unit(scan, table, column, unit) if unit else {}
    return [
        Subject(
            prefix + short_code(f"{table.name}.{column.name}#{value}"),
            label,
            cells,
            Term(label, domain, units.get(label)),
        )
        for value, label, cells in column_values(scan, table.file, column, folded=folded)
        if domain != "Meas Value" or not _is_number(value)
    ]


def _column(table: Table, column: ColumnScan, prefix: str) -> Subject:
    rule = rules()["meanings"].get(column.meaning or "", {})
    known = (rule["coding"], rule["label"]) if "coding" in rule else None
    label = rule.get("label", column.header)
    return Subject(
        prefix + short_code(f"{table.name}.{column.name}"),
        label,
        column.filled,
        Term(words(column.header)),
        known,
    )


def _is_number(text: str) -> bool:
    try:
        float(text.strip("<>= "))
    except ValueError:
        return False
    return True


def _most_frequent_unit(scan: Scan, table: Table, column: ColumnScan, unit: ColumnScan) -> dict[str, str]:
    if table.file.staged is None:
        return {}
    rows = scan.con.execute(
        f"SELECT {identifier(column.name)}, mode({identifier(unit.name)}) FROM {table.file.staged.table}"
        f" WHERE {identifier(column.name)} IS NOT NULL GROUP BY 1 HAVING count({identifier(unit.name)}) > 0"
    )
    return dict(rows.fetchall())


def values(vocabulary: DuckDBPyConnection, draft: Draft, asked: list[Subject]) -> list[Row]:
    """The rows of the value set; what nothing fits, or not well, is noted as a decision."""
    found = suggest(vocabulary, [subject.term for subject in asked], limit=3)
    names = _names(vocabulary, [subject.known[0] for subject in asked if subject.known])
    rows = []
    for subject, suggestions in zip(asked, found, strict=True):
        row = _row(subject, suggestions, names)
        if row is None:
            near = f"; perhaps {_told(suggestions)}" if suggestions else ""
            draft.decide(
                "Values without a concept", f"{subject.curie} ({subject.cells:,} cells): nothing fits well{near}."
            )
            continue
        rows.append(row)
        draft.decide(
            "Suggested concepts",
            f"{subject.curie} ({subject.cells:,} cells): {row.concept} {row.name} ({row.score:.2f}).",
        )
    return rows


def _names(vocabulary: DuckDBPyConnection, concepts: list[str]) -> dict[str, str]:
    """What the vocabulary calls the concepts that it has."""
    rows = vocabulary.execute(
        "SELECT vocabulary_id || ':' || concept_code, concept_name FROM omop.concept"
        " WHERE list_contains(?::VARCHAR[], vocabulary_id || ':' || concept_code)",
        [concepts],
    )
    return dict(rows.fetchall())


def _row(subject: Subject, suggestions: list[Suggestion], names: dict[str, str]) -> Row | None:
    if subject.known:
        concept, label = subject.known
        comment = f"{SUGGESTED}by the name of the column; look over it"
        return Row(subject, "skos:exactMatch", concept, names.get(concept, label), 0.8, comment)
    if not suggestions or suggestions[0].score < _LEAST:
        return None
    best, *others = suggestions
    more = f"; or {_told(others)}" if others else ""
    comment = f"{SUGGESTED}{'; '.join(best.reasons)}{more}"
    predicate = "skos:exactMatch" if best.score >= _EXACT else "skos:closeMatch"
    return Row(subject, predicate, best.concept, best.name or "", best.score, comment)


def _told(suggestions: list[Suggestion]) -> str:
    return ", ".join(f"{one.concept} {one.name or ''}".strip() for one in suggestions)


def sssom(draft: Draft, rows: list[Row]) -> str:
    """The value set as an SSSOM table."""
    prefixes = dict.fromkeys(
        [draft.vocabulary, *(row.concept.partition(":")[0] for row in rows), "sssom", "skos", "semapv"]
    )
    base = f"https://w3id.org/midrc-harmonize/mappings/{draft.site}"
    known = {
        "sssom": "https://w3id.org/sssom/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "semapv": "https://w3id.org/semapv/vocab/",
        "LOINC": "https://loinc.org/",
        "SNOMED": "http://snomed.info/id/",
        draft.vocabulary: f"{base}/vocabulary/",
    }
    curies = "\n".join(
        f"#  {prefix}: {known.get(prefix, f'https://athena.ohdsi.org/search-terms/terms?vocabulary={prefix}&code=')}"
        for prefix in prefixes
    )
    head = (
        f'#mapping_set_id: {base}/values.sssom.tsv\n#mapping_set_title: "{draft.site}: drafted, to be looked over"\n'
        f"#license: https://creativecommons.org/publicdomain/zero/1.0/\n#curie_map:\n{curies}\n"
    )
    columns = ["subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification",
               "confidence", "comment"]  # fmt: skip
    lines = [
        [row.subject.curie, row.subject.label, row.predicate, row.concept, row.name, "semapv:LexicalMatching",
         f"{min(row.score, 0.99):.2f}", row.comment]
        for row in rows
    ]  # fmt: skip
    return head + "".join("\t".join(map(_cell, line)) + "\n" for line in [columns, *lines])


def _cell(text: str) -> str:
    """A cell of a table whose lines and tabs divide; one that holds a quote is quoted."""
    plain = " ".join(text.split()) if any(sign in text for sign in "\t\r\n") else text
    return '"' + plain.replace('"', '""') + '"' if '"' in plain else plain
