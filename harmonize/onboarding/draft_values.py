"""The value set of a draft: a suggested concept for each column and value that is coded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import nearest
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.mapping.compiler.bodies import short_code
from harmonize.mapping.explain.drafted import SUGGESTED
from harmonize.onboarding.draft import column_values, drafts, listed_as
from harmonize.onboarding.meaning import rules, stated_unit, without_unit, words
from harmonize.vocabulary.resolve import find_sources
from harmonize.vocabulary.sssom import NO_TERM, UNDECIDED
from harmonize.vocabulary.suggest import Term, suggest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.onboarding.column import ColumnScan
    from harmonize.onboarding.draft import Draft, Table
    from harmonize.onboarding.scan import Scan
    from harmonize.vocabulary.suggest import Suggestion

_SAME = 0.95
"""A suggestion of this score has the same text."""


@dataclass(frozen=True)
class Subject:
    """A column or value that needs a concept: its CURIE, what it is called, how many cells have it, what to look for.
    `known` is the concept that the column's meaning has, `broad` one that is true of it where nothing says more."""

    curie: str
    label: str
    cells: int
    term: Term
    known: tuple[str, str] | None = None
    broad: tuple[str, str] | None = None


@dataclass(frozen=True)
class Row:
    """A row of the value set; `score` is None where a person must find the concept."""

    subject: Subject
    predicate: str
    concept: str
    name: str
    score: float | None
    comment: str


def subjects(scan: Scan, draft: Draft, templates: set[tuple[str, str]]) -> list[Subject]:
    """What the derivations code by the site's own vocabulary; `templates` are (class, part) of what was drafted."""
    found: list[Subject] = []
    for table in draft.tables:
        for template in drafts()["entries"]:
            for column in table.file.columns:
                domain = template.get("values", {}).get(table.role(column))
                of = table.columns.get(template.get("of", "")) if table.role(column) == "covid_test_name" else column
                part = template["part"].replace("{column}", of.name if of else column.name)
                if domain and (table.name, part) in templates and _is_read(template, table, column):
                    found += _values(scan, table, column, draft, domain, bool(template.get("folded")))
        for column in table.file.columns:
            if (table.name, column.name) in templates and column.meaning != "report":
                found.append(_column(table, column, draft))
    return found


def _is_read(template: dict[str, Any], table: Table, column: ColumnScan) -> bool:
    """Whether the entry reads this column: each of its meaning, else the first."""
    role = table.role(column) or ""
    return role == template.get("of") or table.columns.get(role) is column


def _values(scan: Scan, table: Table, column: ColumnScan, draft: Draft, domain: str, folded: bool) -> list[Subject]:
    prefix = f"{draft.vocabulary}:"
    unit = table.columns.get("test_unit") if column.meaning == "test_name" else None
    units = _most_frequent_unit(scan, table, column, unit) if unit else {}
    return [
        Subject(
            prefix + short_code(f"{table.name}.{column.name}#{value}"),
            label,
            cells,
            _term(label, domain, units.get(label), draft),
            _known(column.meaning, label),
            _covid_test() if table.role(column) == "covid_test_name" else None,
        )
        for value, label, cells in column_values(scan, table.file, column, folded=folded)
        if domain != "Meas Value" or not _is_number(value)
    ]


def _term(label: str, domain: str, unit: str | None, draft: Draft) -> Term:
    """What to look for; conditions may have a concept of another domain, by which they are routed."""
    if domain == "Condition":
        return Term(label, likely=domain, unit=unit, site=draft.site)
    return Term(label, domain, unit, site=draft.site)


def _covid_test() -> tuple[str, str]:
    rule = rules()["meanings"]["covid_result"]
    return rule["coding"], rule["label"]


def _known(meaning: str | None, label: str) -> tuple[str, str] | None:
    """The concept of a race or ethnicity that the list of entries.yaml knows."""
    codes = drafts()["codes"].get(meaning or "", {})
    meant = listed_as(str(meaning), label) if codes else None
    return (str(codes[meant]), "" if codes[meant] == NO_TERM else str(meant)) if meant in codes else None


def _column(table: Table, column: ColumnScan, draft: Draft) -> Subject:
    rule = rules()["meanings"].get(column.meaning or "", {})
    known = (rule["coding"], rule["label"]) if "coding" in rule else None
    label = rule.get("label", column.own or column.header)
    term = flag_term(column, draft.site)
    if column.meaning == "lab":
        own = words(without_unit(column.own or column.header))
        term = Term(own, "Measurement", stated_unit(column.header, draft.units), site=draft.site)
    curie = f"{draft.vocabulary}:" + short_code(f"{table.name}.{column.name}")
    return Subject(curie, label, column.filled, term, known)


def flag_term(column: ColumnScan, site: str) -> Term:
    """What a column of Yes and No is about, what says when aside."""
    said = words(column.own or column.header)
    about = " ".join(re.sub(rules()["aside"], " ", said).split()) or said
    likely = "Procedure" if column.meaning in ("dialysis", "transplant") else "Condition"
    return Term(about, likely=likely, site=site)


def mark_conditions(vocabulary: DuckDBPyConnection, draft: Draft) -> None:
    """Note which columns of Yes and No tell of conditions: by their names, or by an exact concept of that domain."""
    asked = []
    for table in draft.tables:
        for column in table.flags:
            if re.search(rules()["condition"], words(column.header)):
                table.conditions.add(column.name)
            else:
                asked.append((table, column))
    found = suggest(vocabulary, [flag_term(column, draft.site) for _, column in asked], limit=3)
    for (table, column), suggestions in zip(asked, found, strict=True):
        exact = _exact(suggestions)
        if exact is not None and exact.domain == "Condition":
            table.conditions.add(column.name)


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
        f"SELECT {quote(column.name)}, mode({quote(unit.name)}) FROM {table.file.staged.table}"
        f" WHERE {quote(column.name)} IS NOT NULL GROUP BY 1 HAVING count({quote(unit.name)}) > 0"
    )
    return dict(rows.fetchall())


def values(vocabulary: DuckDBPyConnection, draft: Draft, asked: list[Subject]) -> list[Row]:
    """The rows of the value set; what nothing fits, or not well, has a row that awaits an object."""
    found = suggest(vocabulary, [subject.term for subject in asked], limit=3)
    names = _names(vocabulary, [known[0] for subject in asked for known in (subject.known, subject.broad) if known])
    rows = []
    for subject, suggestions in zip(asked, found, strict=True):
        row = _row(subject, suggestions, names)
        rows.append(row or _undecided(subject, suggestions))
        cells = f"{subject.curie} ({subject.cells:,} cells)"
        if row:
            draft.decide("Suggested concepts", f"{cells}: {_concept(row.concept, row.name)} ({row.score:.2f}).")
        else:
            near = f"; perhaps {told}" if (told := _told(suggestions)) else ""
            draft.decide("Values without a concept", f"{cells}: nothing fits well{near}.")
    return rows


def known_units(vocabulary: DuckDBPyConnection) -> frozenset[str]:
    """The units of UCUM that the vocabulary has, and their other spellings."""
    vocabulary.execute(sql("onboarding/unit_said"))
    find_sources(vocabulary, "unit_said")
    rows = vocabulary.execute(
        "SELECT concept_code FROM omop.concept WHERE vocabulary_id = 'UCUM'"
        " UNION SELECT alias FROM code_alias WHERE vocabulary_id = 'UCUM'"
    )
    return frozenset(row[0] for row in rows.fetchall())


def decide_units(scan: Scan, draft: Draft) -> None:
    """Note the units of tests that the vocabulary does not know, by no spelling."""
    for table in draft.tables:
        for lab in table.file.columns:
            if lab.meaning == "lab" and not lab.hidden and table.patient and not stated_unit(lab.header, draft.units):
                draft.decide(
                    "Units",
                    f"{table.name}: nothing says the unit of {lab.header}. Ask, and add unit_code: {{value: ...}} in "
                    "UCUM and unit_basis: {value: dictionary}.",
                )
        column = table.columns.get("test_unit")
        if column is None or "test_name" not in table.columns:
            continue
        for unit, _, cells in column_values(scan, table.file, column):
            if unit in draft.units:
                continue
            near = nearest(unit, draft.units)
            draft.decide(
                "Units",
                f"{table.name}: the unit '{unit}' ({cells:,} cells) is none that the vocabulary knows"
                f"{f'; perhaps {near}' if near else ''}. Its results are loaded without a unit_concept_id until "
                f"unit_code has a line `value_mappings: {{...}}` with every unit of {column.header} and what it is in "
                "UCUM.",
            )


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
        said = "the word" if "#" in subject.curie else "the name of the column"
        comment = f"{SUGGESTED}by {said}; look over it"
        return Row(subject, "skos:exactMatch", concept, names.get(concept, label), 0.8, comment)
    best = _exact(suggestions)
    if best is None and subject.broad:
        concept, label = subject.broad
        more = f"; or {told}" if (told := _told(suggestions)) else ""
        comment = f"{SUGGESTED}it is one, and nothing says more exactly which{more}"
        return Row(subject, "skos:broadMatch", concept, names.get(concept, label), 0.8, comment)
    if best is None:
        return None
    others = [one for one in suggestions if one is not best]
    more = f"; or {told}" if (told := _told(others)) else ""
    comment = f"{SUGGESTED}{'; '.join(best.reasons)}{more}"
    predicate = "skos:exactMatch" if best.score >= _SAME else "skos:closeMatch"
    return Row(subject, predicate, best.concept, best.name or "", best.score, comment)


def _exact(suggestions: list[Suggestion]) -> Suggestion | None:
    """The best suggestion that says neither more nor less than what is looked for; a narrower concept would be false of
    some patients. That a site found nothing fitting is no concept, and of another site no decision of this one."""
    return next((one for one in suggestions if one.exact and one.concept != NO_TERM), None)


def _undecided(subject: Subject, suggestions: list[Suggestion]) -> Row:
    """A row that maps to nothing until a person writes its object."""
    near = f"perhaps {told}" if (told := _told(suggestions)) else "nothing fits well"
    return Row(subject, "skos:exactMatch", NO_TERM, "", None, f"{UNDECIDED}{near}")


def _told(suggestions: list[Suggestion]) -> str:
    return ", ".join(_concept(one.concept, one.name or "") for one in suggestions if one.concept != NO_TERM)


def _concept(code: str, name: str) -> str:
    return f"{code} {name}".strip()


def sssom(draft: Draft, rows: list[Row]) -> str:
    """The value set as an SSSOM table."""
    prefixes = dict.fromkeys(
        [
            draft.vocabulary,
            *(row.concept.partition(":")[0] for row in rows),
            "LOINC",
            "SNOMED",
            "RxNorm",
            "sssom",
            "skos",
            "semapv",
        ]
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
         "" if row.score is None else f"{min(row.score, 0.99):.2f}", row.comment]
        for row in rows
    ]  # fmt: skip
    return head + "".join("\t".join(map(_cell, line)) + "\n" for line in [columns, *lines])


def _cell(text: str) -> str:
    """A cell of a table whose lines and tabs divide; one that holds a quote is quoted."""
    plain = " ".join(text.split()) if any(sign in text for sign in "\t\r\n") else text
    return '"' + plain.replace('"', '""') + '"' if '"' in plain else plain
