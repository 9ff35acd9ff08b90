"""Gen3 submission TSVs: the hub's rows whose Gen3 properties alone make a valid record; all others are listed.

A Gen3 export is a filter of rows. What a row says beyond the dictionary stays behind; a row that would be invalid or
say something else without it does not go out, and export_loss.tsv names it with the first reason (see LOSSES).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, literals, quote
from harmonize.export.gen3_exceptions import EXCEPTIONS_FILE, KINDS, write_exceptions
from harmonize.export.matched_days import refuse_told_days
from harmonize.pipeline.project import read_projects
from harmonize.schema.ddl import columns, tables
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.schema.model import ClassDef, Schema, Slot

LOSSES = {
    "no_node": "Gen3 has no node for such rows",
    "restated": "the row says again what another exported row or a property of it says",
    "not_affirmed": "absent, unknown, not confirmed, planned or of somebody else, which Gen3 cannot say",
    "required": "a required property is empty",
    "enum": "the value is none of the property's values",
    "minimum": "the number is below the property's minimum",
    "maximum": "the number is above the property's maximum",
    "pattern": "the text does not have the property's form",
    "link": "the link is required and empty, or names a row that is not exported",
    "no_content": "no property of the node is filled but keys and links",
    "repeated": "another row with this submitter_id is exported",
}
"""Reasons for which a hub row is not exported, in the order in which they are looked for."""

# Nodes before those that link to them.
TABLES = (
    "case", "visit", "condition", "medication", "procedure", "measurement", "observation", "imaging_study",
    "imaging_series", "annotation",
)  # fmt: skip
AFFIRMED = {"assertion": "present", "certainty": "confirmed", "kind": "event", "subject_role": "patient"}
LOSS_FILE = "export_loss.tsv"
# Properties that Gen3 gives itself; submitters do not write them.
GIVEN = frozenset({"file_state", "error_type"})


@dataclass
class Gen3Export:
    """What an export wrote: rows by file, and rows left out by (project, node, reason); `without_dataset` of them are
    cases and studies that name no batch. `exceptions` counts in what the files differ from the loaded batches, by
    (project, node, kind)."""

    folder: Path
    as_sent: bool = False
    files: dict[str, int] = field(default_factory=dict)
    lost: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    without_dataset: int = 0
    exceptions: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def nothing(self) -> str | None:
        """Why no row is exported, in a sentence; None where some are."""
        if self.files:
            return None
        if not self.lost:
            return "Nothing is exported: the hub holds no row."
        if self.without_dataset:
            return (
                f"Nothing is exported: {self.without_dataset:,} cases and studies name no batch (dataset), which Gen3 "
                "requires; what links to them stays behind, too."
            )
        (project, node, reason), rows = max(self.lost.items(), key=_first_cause)
        most = f"of {project}, {rows:,} rows of {node} are left out as {reason} ({LOSSES[reason]})"
        return f"Nothing is exported: {most}; export_loss.tsv has every row with its reason."

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize export gen3 --json` prints."""
        lost = [
            {"project": project, "node": node, "reason": reason, "meaning": LOSSES[reason], "rows": rows}
            for (project, node, reason), rows in sorted(self.lost.items())
        ]
        exceptions = [
            {"project": project, "node": node, "kind": kind, "meaning": KINDS.get(kind, kind), "count": count}
            for (project, node, kind), count in sorted(self.exceptions.items())
        ]
        return {
            "folder": str(self.folder), "files": self.files, "exported": sum(self.files.values()), "lost": lost,
            "exceptions": exceptions,
        }  # fmt: skip


def _first_cause(lost: tuple[tuple[str, str, str], int]) -> tuple[bool, bool, int]:
    """By which of the losses most of an export that is empty is told: cases, to which all rows link, and no loss that
    follows from another one."""
    (_, node, reason), rows = lost
    return node == "case", reason not in ("restated", "no_node", "link", "no_content"), rows


def export_gen3(
    store: Store, folder: Path, *, project: str | None = None, dataset: str | None = None, as_sent: bool = False
) -> Gen3Export:
    """Write `<node>_<project>.tsv` for every node with rows, export_loss.tsv and export_exceptions.tsv into `folder`.

    `project` chooses one project of the store, `dataset` is the batch of rows that name none (Gen3 requires one of
    cases and studies), `as_sent` leaves blank what the engine filled in. Rows are ordered by submitter_id, so that
    equal stores give equal files. Raises InputError for an unknown project, a folder that holds other TSVs, and a
    project whose days were matched with dates of images; lists that are alone there are written anew.
    """
    store.require_records()
    con = store.con
    projects = _projects(con, project)
    refuse_told_days(con, [one for one in read_projects(con) if one.project_id in projects], as_sent=True)
    _prepare_folder(folder)
    result = Gen3Export(folder, as_sent)
    con.execute(sql("export/gen3/loss"))
    hub, dictionary = load_schema("midrc"), _nodes(load_schema("gen3"))
    for name in projects:
        con.execute(sql("export/gen3/key"))
        for table in TABLES:
            _export_table(con, hub.classes[table], dictionary, name, dataset, result)
        for table, cls in tables(hub).items():
            if table not in TABLES:
                _list_without_node(con, cls, name)
    for row in con.execute("SELECT project_id, node, reason, count(*) FROM gen3_loss GROUP BY ALL").fetchall():
        result.lost[row[0], row[1], row[2]] = row[3]
    without = "SELECT count(*) FROM gen3_loss WHERE reason = 'required' AND property = 'datasets'"
    result.without_dataset = (con.execute(without).fetchone() or (0,))[0]
    _copy(con, "SELECT * FROM gen3_loss ORDER BY ALL", folder / LOSS_FILE)
    result.exceptions = write_exceptions(con, projects, folder, as_sent=as_sent)
    return result


def _nodes(dictionary: Schema) -> dict[str, ClassDef]:
    return {cls.annotations["gen3_node"]: cls for cls in dictionary.classes.values() if not cls.mixin}


def _projects(con: DuckDBPyConnection, project: str | None) -> list[str]:
    known = [row[0] for row in con.execute("SELECT project_id FROM harmonize.project ORDER BY 1").fetchall()]
    if project is None:
        return known
    if project not in known:
        raise InputError(f"There is no project {project!r} in this store.", did_you_mean(project, known))
    return [project]


def _prepare_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; --to names a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    before = sorted(path.name for path in folder.glob("*.tsv"))
    if set(before) - {LOSS_FILE, EXCEPTIONS_FILE}:  # alone they are of an export in which no row went out
        raise InputError(f"{folder} holds TSVs already, such as {before[0]}.", "Name an empty folder.")


def _export_table(
    con: DuckDBPyConnection,
    table: ClassDef,
    dictionary: dict[str, ClassDef],
    project: str,
    dataset: str | None,
    result: Gen3Export,
) -> None:
    as_sent = "_as_sent" if result.as_sent and table.name == "imaging_study" else ""
    rows = sql(f"export/gen3/{table.name}{as_sent}")
    con.execute(sql("export/gen3/row").format(rows=rows), {"project": project})
    found = {name: _literal_dataset(table, name, dataset) for name in [*columns(table), "number_of_instances"]}
    found["case_ids"] = "r.gen3_case_ids"
    nodes = [row[0] for row in con.execute("SELECT DISTINCT node FROM gen3_row ORDER BY 1").fetchall()]
    for node in nodes:
        if node is None:
            con.execute(
                f"INSERT INTO gen3_loss SELECT project_id, '{table.name}', submitter_id, 'no_node', modality "
                "FROM gen3_row WHERE node IS NULL"
            )
            continue
        cls = dictionary[node]
        values = {
            slot.name: _as_declared(slot, table, found[slot.name])
            for slot in cls.slots.values()
            if slot.name in found and _is_written(slot, cls)
        }
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE gen3_checked AS SELECT *, {_loss(cls, values, set(columns(table)))} AS loss "
            f"FROM gen3_row r WHERE node = '{node}'"
        )
        _write_node(con, cls, node, values, project, result)


def _is_exported(node: str) -> bool:
    """Whether rows of the node can go out: those of a hub table, and series, each at the node of its modality."""
    return node in TABLES or node.endswith("_series_file")


def _is_written(slot: Slot, cls: ClassDef) -> bool:
    return slot.name not in GIVEN and slot.name not in cls.annotations["system_properties"].split("|")


def _as_declared(slot: Slot, table: ClassDef, value: str) -> str:
    """A list where the node's property is one and the hub, which has one class for all modalities, holds one text, in
    which commas stand between the values as in the batch."""
    held = table.slots.get(slot.name)
    if slot.multivalued and held is not None and not held.multivalued:
        return f"string_split({value}::VARCHAR, ',')"
    return value


def _literal_dataset(table: ClassDef, name: str, dataset: str | None) -> str:
    if name == "datasets" and dataset is not None:
        named = literal(dataset)
        return f"coalesce(r.datasets, {f'[{named}]' if table.slots[name].multivalued else named})"
    return f"r.{quote(name)}"


def _loss(cls: ClassDef, values: dict[str, str], hub: set[str]) -> str:
    """SQL: the first reason for which a row is no valid record of the node, as reason:property; else NULL."""
    node = cls.annotations["gen3_node"]
    whens = [("r.gen3_source <> r.node", "restated:")]
    if "repeats" in hub:
        whens.append(("r.repeats IS NOT NULL", "restated:"))
    whens += [(f"r.{name} <> '{value}'", f"not_affirmed:{name}") for name, value in AFFIRMED.items() if name in hub]
    for slot in cls.slots.values():
        if slot.name in values and slot.name != "type":
            whens += _slot_losses(slot, values[slot.name])
        elif slot.required and slot.name != "type":
            whens.append(("true", f"required:{slot.name}"))
    for group in ("required_any_of", "required_one_of"):
        links = [values[name] for name in cls.annotations.get(group, "").split("|") if name in values]
        if links:
            whens.append((f"coalesce({', '.join(f'{link}::VARCHAR' for link in links)}) IS NULL", "link:"))
    whens += [
        (
            f"{values[slot.name]} IS NOT NULL AND NOT EXISTS (FROM gen3_key k WHERE k.node = "
            f"'{slot.annotations['link']}' AND k.submitter_id = {values[slot.name]})",
            f"link:{slot.name}",
        )
        for slot in cls.slots.values()
        if slot.name in values and _is_exported(slot.annotations.get("link", ""))
    ]
    content = [
        value
        for name, value in values.items()
        if name not in ("type", "submitter_id", "case_ids") and "link" not in cls.slots[name].annotations
    ]
    if node != "case":
        whens.append((" AND ".join(f"{value} IS NULL" for value in content), "no_content:"))
    return "CASE " + " ".join(f"WHEN {condition} THEN '{reason}'" for condition, reason in whens) + " END"


def _slot_losses(slot: Slot, value: str) -> list[tuple[str, str]]:
    """What the dictionary declares of one property, as conditions that an invalid value meets."""
    whens = [(f"{value} IS NULL", f"required:{slot.name}")] if slot.required else []
    declared = []
    if slot.permissible_values is not None:
        choices = literals(slot.permissible_values)
        declared.append(("enum", "{} NOT IN (" + choices + ")"))
    if slot.minimum is not None:
        declared.append(("minimum", f"{{}} < {slot.minimum!r}"))
    if slot.maximum is not None:
        declared.append(("maximum", f"{{}} > {slot.maximum!r}"))
    if slot.pattern is not None:
        # a search, as JSON Schema has it
        declared.append(("pattern", f"NOT regexp_matches({{}}, {literal(slot.pattern)})"))
    for reason, condition in declared:
        # the condition goes through replace(): patterns have braces of their own
        single = condition.replace("{}", "x" if slot.multivalued else value, 1)
        bad = f"len(list_filter({value}, lambda x: {single})) > 0" if slot.multivalued else single
        whens.append((bad, f"{reason}:{slot.name}"))
    return whens


def _write_node(
    con: DuckDBPyConnection, cls: ClassDef, node: str, values: dict[str, str], project: str, result: Gen3Export
) -> None:
    """The valid rows as a TSV, one of each submitter_id; the others into gen3_loss."""
    con.execute(sql("export/gen3/valid"))
    con.execute(
        "INSERT INTO gen3_loss SELECT ?, node, submitter_id, split_part(coalesce(loss, 'repeated:'), ':', 1), "
        "nullif(split_part(coalesce(loss, 'repeated:'), ':', 2), '') FROM gen3_checked "
        "ANTI JOIN gen3_valid USING (record_id, mapping_id)",
        [project],
    )
    con.execute("INSERT INTO gen3_key SELECT node, submitter_id FROM gen3_valid")
    counts = con.execute(
        "SELECT count(*), " + ", ".join(f"count({value})" for value in values.values()) + " FROM gen3_valid r"
    ).fetchone() or (0,)
    if not counts[0]:
        return
    filled = {name for name, count in zip(values, counts[1:], strict=True) if count}
    written = [
        f"{_cell(slot, values[name])} AS {quote(name + ('.submitter_id' if 'link' in slot.annotations else ''))}"
        for name, slot in cls.slots.items()
        if name in values and name != "type" and (name in filled or slot.required)
    ]
    file = f"{node}_{re.sub(r'[^A-Za-z0-9_.-]', '_', project)}.tsv"
    query = f'SELECT node AS "type", {", ".join(written)} FROM gen3_valid r ORDER BY submitter_id'
    _copy(con, query, result.folder / file)
    result.files[file] = counts[0]


def _cell(slot: Slot, value: str) -> str:
    """A value as Gen3's TSVs write it: True and False, 79.0, several values divided by commas."""
    if slot.multivalued:
        return f"array_to_string({value}, ',')"
    if slot.range == "boolean":
        return f"CASE {value} WHEN true THEN 'True' WHEN false THEN 'False' END"
    return value


def _list_without_node(con: DuckDBPyConnection, cls: ClassDef, project: str) -> None:
    """Rows of a hub table that Gen3 has no node for, such as parts of visits and providers."""
    key = next(
        name
        for name in ("submitter_id", "provider_key", "care_site_key", "drug_key", "device_key")
        if name in cls.slots
    )
    con.execute(
        f"INSERT INTO gen3_loss SELECT project_id, '{cls.name}', {quote(key)}, 'no_node', NULL "
        f"FROM midrc.{quote(cls.name)} WHERE project_id = ?",
        [project],
    )


def _copy(con: DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT csv, DELIMITER '\t', HEADER, QUOTE '\"')")
