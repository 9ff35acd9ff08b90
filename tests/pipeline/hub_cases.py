"""Cases whose input are rows of the hub, written by hand: what the standardize step makes of them, to the column.

A case (tests/pipeline/data/hub) names `hub` rows by table and the `rows` of the tables that it compares, as golden
cases do (docs/golden-cases.md). Of tables with persons those of its own persons are compared, so that many cases can
share one store and one derivation. Every hub row is a record of its own, called `<table> <number>`; `states` names
those that do not end as loaded, `findings` what is found. With `exact` a row may hold nothing in the columns that it
does not name. Beside a table's own columns a row has `imputed` and `sources`, what the bookkeeping says of it (nothing
is imputed where that is not named), and `provider`, `care_site`, `location`, `parent`, the source values of those that
it names.
`concepts.tsv` is a small invented vocabulary, which has a concept of its own for every column of concepts; its last
columns say what leads from drugs to ingredients, and in which amounts.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import yaml
from duckdb import DuckDBPyConnection

from harmonize.engine.store import Store
from harmonize.golden.case import Case, Expected, Row, Text
from harmonize.golden.compare import ExpectedRow, row_differences
from harmonize.golden.value import Catalog, found_value, parse
from harmonize.pipeline import changes
from harmonize.pipeline.derive import touch_all
from harmonize.pipeline.finish import derive_again
from harmonize.pipeline.omop_tables import SHARED

DATA = Path(__file__).parent / "data" / "hub"
SOURCE, MAPPING, PROJECT = "ehr", "by_hand", "P"
FIRST_CONCEPT = 2_000_000_001
SYSTEMS = {
    "SNOMED": "http://snomed.info/sct",
    "LOINC": "http://loinc.org",
    "RxNorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "CVX": "http://hl7.org/fhir/sid/cvx",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
}

Rows = dict[str, list[dict[str, Any]]]


class _Texts(yaml.SafeLoader):
    """YAML whose scalars are all texts, as they stand; `<<` takes over the cells of another row."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {"<": [("tag:yaml.org,2002:merge", re.compile("<<"))]}


def _long(_loader: _Texts, node: Any) -> str:
    """`!long 51`: a text of 51 characters; `!code 51`: a code of as many; `!cut 41 51`: what is left of it where 41 are
    kept before the digest."""
    *kept, length = map(int, node.value.split())
    text = "x" * length
    if kept:
        return text[: kept[0]] + "~" + sha256(text.encode()).hexdigest()[:8]
    return f"Long:{text}" if node.tag == "!code" else text


def _codings(_loader: _Texts, node: Any) -> str:
    """`!codings "SNOMED:1 LOINC:2*"`: a CodeableConcept of these codings; the user chose what has a star."""
    chosen = [(*curie.rstrip("*").split(":", 1), curie.endswith("*")) for curie in node.value.split()]
    codings = [
        {"system": SYSTEMS.get(vocabulary, vocabulary), "code": code, "userSelected": selected}
        for vocabulary, code, selected in chosen
    ]
    return json.dumps({"coding": codings})


for _tag in ("!long", "!code", "!cut"):
    _Texts.add_constructor(_tag, _long)
_Texts.add_constructor("!codings", _codings)


@dataclass(frozen=True)
class HubCase:
    """One case as its file writes it: texts, and lists of texts."""

    case: str
    why: str
    hub: Rows
    rows: Rows = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    projects: dict[str, dict[str, str]] = field(default_factory=dict)
    crosswalk: list[dict[str, str]] = field(default_factory=list)
    exact: str = "false"

    def cases(self) -> list[tuple[str, str]]:
        """(project, key) of the cases of the hub that it has rows of."""
        rows = (row for rows in self.hub.values() for row in rows)
        return sorted({(row.get("project_id", PROJECT), row["case_key"]) for row in rows if "case_key" in row})


def read_hub_cases(name: str) -> list[HubCase]:
    """The cases of a file or folder of tests/pipeline/data/hub."""
    files = sorted((DATA / name).glob("*.yaml")) or [DATA / f"{name}.yaml"]
    return [HubCase(**raw) for file in files for raw in yaml.load(file.read_text(encoding="utf-8"), Loader=_Texts)]


class Hub:
    """A store whose hub is filled by hand."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.catalog = Catalog.of(store.con)
        self.records: dict[str, int] = {}
        self.parts: dict[str, int] = {}
        self.cases: list[HubCase] = []
        self.concepts: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self._read: dict[str, list[dict[str, Any]]] = {}
        con = store.con
        con.execute("PRAGMA disable_optimizer")  # for a few lines better plans only cost
        add_concepts(con)
        con.execute(
            "INSERT INTO harmonize.submission SELECT 1, ?, ?, ?, '1', 'upsert', 'loaded', TIMESTAMP '2026-01-01', "
            "'0', '0', NULL",
            [PROJECT, SOURCE, MAPPING],
        )
        con.execute("INSERT INTO harmonize.source_file (file_id, submission_id, name, records) VALUES (1, 1, 'hub', 0)")
        con.execute("INSERT INTO harmonize.record_type VALUES (1, 'by_hand')")

    def fill(self, *cases: HubCase) -> None:
        """Write the hub rows of the cases, and derive all."""
        self.cases += cases
        projects = {PROJECT: {"time_policy": "as_is"}}
        for case in cases:
            projects |= case.projects
        with self.store.transaction() as con:
            changes.begin(con)
            for project, settings in projects.items():
                insert(con, "harmonize.project", {"project_id": project, **settings})
            for case in cases:
                for pair in case.crosswalk:
                    insert(con, "harmonize.crosswalk", {"basis": "crosswalk", **pair})
                for table, rows in case.hub.items():
                    for number, row in enumerate(rows, start=1):
                        self._add(con, case.case, table, f"{table} {number}", row)
            con.execute("UPDATE harmonize.source_file SET records = ?", [len(self.records)])
            touch_all(con)
            derive_again(con)

    def _add(self, con: DuckDBPyConnection, case: str, table: str, name: str, row: dict[str, Any]) -> None:
        """A hub row. `record_` names a record that it shares with others; `part_` another entry of the mapping than
        that of its table, one whose events several records tell where it begins with `shared`."""
        cells = dict(row)
        project = str(cells.get("project_id", PROJECT))
        record = self._record(con, case, cells.pop("record_", name), project)
        part = cells.pop("part_", table)
        if part not in self.parts:
            self.parts[part] = len(self.parts) + 1
            con.execute(
                "INSERT INTO harmonize.mapping VALUES (?, ?, '1', ?, 'by_hand', ?, NULL, ?)",
                [self.parts[part], MAPPING, table, part, part.startswith("shared")],
            )
        key = f"{case}/{name}"
        own = {"record_id": record, "mapping_id": self.parts[part], "project_id": PROJECT, "type": table}
        own |= {"submitter_id": key, "row_key": key, "cases": cells.get("case_key")}
        known = self.catalog.tables[f"midrc.{table}"]
        insert(con, f'midrc."{table}"', {column: cell for column, cell in own.items() if column in known} | cells)

    def _record(self, con: DuckDBPyConnection, case: str, name: str, project: str) -> int:
        key = f"{case}/{name}"
        if key not in self.records:
            number = self.records[key] = len(self.records) + 1
            con.execute(
                "INSERT INTO harmonize.record SELECT $1, 1, 1, $1, 1, $2, "
                "md5($4 || '|fhir.' || replace($3, ' ', '|'))::UUID, md5($2)::UUID, 'loaded', NULL, true, NULL",
                [number, key, name, project],
            )
        return self.records[key]

    def differences(self, case: HubCase) -> list[str]:
        """What differs from the case's rows, states and findings."""
        con, told = self.store.con, _told([case])
        if not self.concepts:
            self.concepts = self.catalog.concepts(con, _told(self.cases))
            self.names = self.catalog.names(con)
        found = []
        for table, expected in told.rows.items():
            columns = self.catalog.columns(told, table, 0)
            unnamed = {"imputed": None} | (dict.fromkeys(columns) if case.exact == "true" else {})
            columns = (
                columns
                | {"imputed": "VARCHAR[]", "sources": "VARCHAR[]"}
                | dict.fromkeys((*SHARED, "parent"), "VARCHAR")
            )
            wanted = [
                ExpectedRow(
                    unnamed
                    | {
                        column: self.concepts[str(text.value)]
                        if column.endswith("concept_id") and isinstance(text.value, str) and ":" in text.value
                        else parse(told, column, columns[column], text)
                        for column, text in row.cells.items()
                    },
                    0,
                )
                for row in expected.rows
            ]
            found += row_differences(table, wanted, self._rows(case, table), self.names)
        prefix = f"{case.case}/"
        for what, query in (("states", _STATES), ("findings", _FINDINGS)):
            rows = {key.removeprefix(prefix) for (key,) in con.execute(query, [prefix]).fetchall()}
            asked = {f"{k}: {v}" for k, v in case.states.items()} if what == "states" else set(case.findings)
            found += [f"{what}: {text}" for text in sorted(rows ^ asked)]
        return found

    def _rows(self, case: HubCase, table: str) -> list[dict[str, Any]]:
        """The rows of a table that are of the case's persons or cases, all of one without these."""
        rows, own = self._table(table), case.cases()
        if not rows or "person_id" not in rows[0]:
            return [row for row in rows if "case_key" not in row or (row["project_id"], row["case_key"]) in own]
        persons = {row["person_id"] for row in self._table("harmonize.person_case")
                   if (row["project_id"], row["case_key"]) in own}  # fmt: skip
        return [row for row in rows if row["person_id"] in persons]

    def _table(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table, read once after each derivation."""
        if table not in self._read:
            relation = self.store.con.execute(f"FROM {self.catalog.qualified(table)}")
            header = [column[0] for column in relation.description]
            rows = [dict(zip(header, map(found_value, row), strict=True)) for row in relation.fetchall()]
            key = "person_id" if table == "death" else f"{table}_id"
            for column, query in _TOLD_BESIDE.items():
                told = dict(self.store.con.execute(query, [table]).fetchall()) if "." not in table else {}
                rows = [row | {column: told.get(row.get(key))} for row in rows]
            if "parent_visit_detail_id" in header:
                names = {row["visit_detail_id"]: row["visit_detail_source_value"] for row in rows}
                rows = [row | {"parent": names.get(row["parent_visit_detail_id"])} for row in rows]
            for other in SHARED:
                if other != table and f"{other}_id" in header:
                    names = {row[f"{other}_id"]: row[f"{other}_source_value"] for row in self._table(other)}
                    rows = [row | {other: names.get(row[f"{other}_id"])} for row in rows]
            self._read[table] = rows
        return self._read[table]


_TOLD_BESIDE = {
    "imputed": "SELECT omop_id, list(column_name || ' ' || rule ORDER BY column_name) FROM harmonize.imputation "
    "WHERE omop_table = ? GROUP BY omop_id",
    "sources": "SELECT omop_id, list(concat_ws(' ', split_part(record_key, '/', -1), role, part) ORDER BY role, "
    "record_id) FROM harmonize.row_source JOIN harmonize.record USING (record_id) "
    "JOIN harmonize.mapping USING (mapping_id) "
    "WHERE omop_table = ? GROUP BY omop_id",
}
_STATES = (
    "SELECT record_key || ': ' || concat_ws(' ', state, reason) FROM harmonize.ledger "
    "WHERE state <> 'loaded' AND starts_with(record_key, ?)"
)
_FINDINGS = (
    "SELECT record_key || ': ' || rule || ' ' || coalesce(value, '') FROM harmonize.finding f "
    "JOIN harmonize.rule USING (rule_id) JOIN harmonize.record r ON r.line = f.line WHERE starts_with(record_key, ?)"
)


def _told(cases: list[HubCase]) -> Case:
    """The rows of cases in the form of golden cases."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        for table, own in case.rows.items():
            rows.setdefault(table, []).extend(own)
    expected = {table: Expected(tuple(map(_row, own)), 0) for table, own in rows.items()}
    return Case(cases[0].case, cases[0].why, DATA, 0, (), rows=expected)


def _row(cells: dict[str, Any]) -> Row:
    return Row({name: Text(_value(value), 0) for name, value in cells.items()}, 0)


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else None if value == "null" else value


def insert(con: DuckDBPyConnection, table: str, cells: dict[str, Any]) -> None:
    """Insert one row; texts are cast to the types of their columns."""
    names = ", ".join(f'"{name}"' for name in cells)
    values = [None if value == "null" else value for value in cells.values()]
    row = ", ".join("md5(?)::UUID" if name == "row_key" else "?" for name in cells)
    con.execute(f"INSERT INTO {table} ({names}) SELECT {row}", values)


def add_concepts(con: DuckDBPyConnection) -> None:
    """The invented vocabulary: ids above two billion, which the CDM leaves to those who make their own."""
    with (DATA / "concepts.tsv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream, delimiter="\t", restval=""))
    ids = {f"{line['vocabulary']}:{line['code']}": FIRST_CONCEPT + i for i, line in enumerate(lines)}
    valid = {"valid_start_date": "1970-01-01", "valid_end_date": "2099-12-31"}
    for own, line in zip(ids.values(), lines, strict=True):
        concept = {
            "concept_id": own, "concept_name": line["code"], "domain_id": line["domain"],
            "concept_class_id": line["class"] or "Invented", "vocabulary_id": line["vocabulary"],
            "concept_code": line["code"], "standard_concept": "null" if line["maps_to"] else "S",
        }  # fmt: skip
        insert(con, "omop.concept", concept | valid)
        for relation, column in (("Maps to", "maps_to"), ("Maps to value", "maps_to_value"), ("Is a", "is_a")):
            for target in filter(None, line[column].split("|")):
                _relate(con, own, relation, ids[target], valid)
        for relation, _, target in (told.partition("=") for told in line["other"].split("|") if told):
            _relate(con, own, relation, ids[target], valid)
        for ancestor in filter(None, line["ancestor"].split("|")):
            levels = {"min_levels_of_separation": 1, "max_levels_of_separation": 1}
            pair = {"ancestor_concept_id": ids[ancestor], "descendant_concept_id": own}
            insert(con, "omop.concept_ancestor", pair | levels)
        for ingredient, _, amount in (told.partition("=") for told in line["amount"].split("|") if told):
            strength = {
                "drug_concept_id": own, "ingredient_concept_id": ids[ingredient], "amount_value": amount,
                "amount_unit_concept_id": ids["UCUM:{invented}"],
            }  # fmt: skip
            insert(con, "omop.drug_strength", strength | valid)


def _relate(con: DuckDBPyConnection, one: int, relation: str, other: int, valid: dict[str, str]) -> None:
    pair = {"concept_id_1": one, "concept_id_2": other, "relationship_id": relation}
    insert(con, "omop.concept_relationship", pair | valid)
