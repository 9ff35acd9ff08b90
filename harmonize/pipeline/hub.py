"""Map: the new and changed records of each class through the compiled mapping into the hub (midrc.*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.mapping.select import entry_select
from harmonize.pipeline.hub_values import bounded, hub_classes, kept_place
from harmonize.pipeline.ledger.records import StagedFile, has_states, source_select
from harmonize.pipeline.rows import columns_of
from harmonize.pipeline.shift import make_shift, set_shift_cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import Entry, MappingPlan
    from harmonize.pipeline.project import Project


SHARED_NODES = ("condition", "medication", "procedure", "device", "measurement", "observation")
"""Nodes whose rows become events; an event that several records tell stands in OMOP once."""


LINKS = "fact_link"
"""The node of what records say of each other."""


FEW_ENTRIES = 2
"""Up to so many entries of a class read its staged file directly."""


USERS = {"drug": ("medication", "drug_key"), "device_definition": ("device", "device_key")}
"""Nodes that only describe what rows of another node name by a key: their user, and the key."""


PLACING_DATES = ("start_date", "start_datetime", "study_date", "series_date")
"""Slots whose date places a row; before 1970 it cannot be the true one."""


PLACES = (
    "case_key", "imaging_studies", "cr_series_files", "ct_series_files", "dx_series_files", "mg_series_files",
    "mr_series_files", "nm_series_files", "pt_series_files", "rf_series_files", "us_series_files", "xa_series_files",
)  # fmt: skip
"""Slots that name a row's case, or what the row has it from."""


def register_mapping(con: DuckDBPyConnection, plan: MappingPlan) -> dict[int, int]:
    """Number of each entry of this version of the mapping in harmonize.mapping; entry index → mapping_id.

    mapping_id 0 is the engine itself: rows that no record names (a study made from its series).
    """
    known = _known_entries(con, plan)
    new = {(entry.source, entry.part): entry for entry in plan.entries if (entry.source, entry.part) not in known}
    if new:
        entries = list(new.values())
        con.execute(
            "INSERT INTO harmonize.mapping SELECT (SELECT max(mapping_id) FROM harmonize.mapping) + e.number, "
            "$name, $version, e.target, e.source, e.part, e.line, e.is_shared FROM (SELECT unnest($numbers) AS number, "
            "unnest($targets) AS target, unnest($sources) AS source, unnest($parts) AS part, unnest($lines) AS line, "
            "unnest($shared) AS is_shared) e",
            {
                "name": plan.name,
                "version": plan.version,
                "numbers": list(range(1, len(entries) + 1)),
                "targets": [entry.target for entry in entries],
                "sources": [entry.source for entry in entries],
                "parts": [entry.part for entry in entries],
                "lines": [entry.line for entry in entries],
                "shared": [is_shared(entry) for entry in entries],
            },
        )
        known = _known_entries(con, plan)
    return {index: known[entry.source, entry.part] for index, entry in enumerate(plan.entries)}


def is_shared(entry: Entry) -> bool:
    """Whether the mapping names the event itself (submitter_id), so that several records may tell of one event."""
    return "submitter_id" in entry.columns and entry.target in SHARED_NODES


def _known_entries(con: DuckDBPyConnection, plan: MappingPlan) -> dict[tuple[str, str], int]:
    rows = con.execute(
        "SELECT source, part, mapping_id FROM harmonize.mapping WHERE name = ? AND version = ?",
        [plan.name, plan.version],
    ).fetchall()
    return {(source, part): number for source, part, number in rows}


def make_source_rows(con: DuckDBPyConnection, plan: MappingPlan, files: list[StagedFile]) -> dict[str, str]:
    """Source class → temp relation of its records that go to the hub: RECORD_ID, RECORD_KEY and the cells as text, with
    missing texts and quarantined cells as NULL. A column that no file of the class has is NULL throughout.

    A view where few entries read the class and all records go: the rows come straight from the staged file, whose
    repeated values DuckDB then computes with once. Else a table, so that nothing is computed for each entry again.
    """
    views: dict[str, str] = {}
    for name in dict.fromkeys(file.cls.name for file in files):
        delivered = [file for file in files if file.cls.name == name]
        rows = " UNION ALL BY NAME ".join(source_select(con, file) for file in delivered)
        is_read_often = sum(entry.source == name for entry in plan.entries) > FEW_ENTRIES
        if is_read_often or any(has_states(con, file) for file in delivered):
            views[name] = f"source_{len(views)}"
            con.execute(f"CREATE OR REPLACE TEMP TABLE {views[name]} AS {rows}")
        else:
            views[name] = f"source_view_{len(views)}"
            con.execute(f"CREATE OR REPLACE TEMP VIEW {views[name]} AS {rows}")
    return views


def map_to_hub(
    con: DuckDBPyConnection,
    plan: MappingPlan,
    views: dict[str, str],
    project: Project,
    schema_name: str,
    note: Callable[[str], None],
) -> list[Entry]:
    """Insert the hub rows of all entries whose source class was delivered; return the entries that rows may meet.

    The engine fills row_key, project_id, type, cases and submitter_id, and the day offset or the shift of the project's
    time policy. Raises InputError when the project needs a time policy and has none.
    """
    make_shift(con, project)
    ids = register_mapping(con, plan)
    met = entries_met(con, plan, views)
    by_target: dict[str, list[tuple[int, Entry]]] = {}
    for index, entry in enumerate(plan.entries):
        if index in met:
            by_target.setdefault(entry.target, []).append((ids[index], entry))
    for target in sorted(by_target, key=lambda target: target != LINKS):  # they tell whose dates are moved alike
        note(f"map {target}")
        _map_target(con, target, by_target[target], views, project, schema_name)
        if target == LINKS and project.time_policy == "shifted":
            _share_shifts(con, project)
    return [entry for entries in by_target.values() for _, entry in entries]


def entries_met(con: DuckDBPyConnection, plan: MappingPlan, views: dict[str, str]) -> set[int]:
    """Indexes of the entries that a delivered row may meet: conditions are tried where many entries read a class, and
    none is over a joined class."""
    met = set()
    tried: dict[str, dict[int, str]] = {}
    for index, entry in enumerate(plan.entries):
        if entry.source in views and entry.when is not None and not entry.joins:
            tried.setdefault(entry.source, {})[index] = entry.when.sql
        elif entry.source in views:
            met.add(index)
    for source, conditions in tried.items():
        if len(conditions) <= FEW_ENTRIES:
            met |= set(conditions)
            continue
        found = con.execute(
            f"SELECT {', '.join(map('bool_or({})'.format, conditions.values()))} FROM {views[source]} s"
        )
        met |= {index for index, is_met in zip(conditions, found.fetchone() or (), strict=True) if is_met}
    return met


def _map_target(
    con: DuckDBPyConnection,
    target: str,
    entries: list[tuple[int, Entry]],
    views: dict[str, str],
    project: Project,
    schema_name: str,
) -> None:
    selects = [
        f"SELECT e.*, md5({_natural_key(entry, project, schema_name)})::UUID AS row_key, "
        f"e.record_key || {literal('_' + entry.part)} AS default_submitter_id "
        f"FROM ({entry_select(entry, views, mapping_id)}) e"
        for mapping_id, entry in entries
    ]
    mapped = f"({' UNION ALL BY NAME '.join(selects)})"
    found = list(dict.fromkeys(["record_id", "mapping_id", *(c for _, e in entries for c in e.columns), "row_key"]))
    refusal = time_policy_refusal(con, found, project, mapped)
    if refusal is not None:
        raise refusal
    hub = columns_of(con, f"midrc.{quote(target)}")
    values = {name: f"m.{quote(name)}" for name in found if name in hub}
    values |= {
        name: value
        for name, value in (
            ("project_id", literal(project.project_id)),
            ("type", literal(target)),
            ("cases", "m.case_key"),
        )
        if name in hub and (name != "cases" or ("case_key" in found and target != "case"))
    }
    if "submitter_id" in hub:
        default = "m.case_key" if target == "case" else "m.default_submitter_id"
        values["submitter_id"] = f"coalesce(m.submitter_id, {default})" if "submitter_id" in found else default
    values |= {name: value for name, value in project.time_columns(found).items() if name in hub}
    values = {name: bounded(target, name, value) for name, value in values.items()}
    if target == "case":
        values |= _capped_age(found) | kept_place(found)
    names = ", ".join(map(quote, values))
    needed = [f"coalesce({', '.join(placed)})"] if (placed := placed_by(found)) else []
    needed += [
        values.get(name, f"m.{quote(name)}") for name in _required(target) if name in found and name not in PLACES
    ]
    where = f" WHERE {' AND '.join(f'{value} IS NOT NULL' for value in needed)}" if needed else ""
    con.execute(
        f"INSERT INTO midrc.{quote(target)} ({names}) SELECT {', '.join(values.values())} FROM {mapped} m{where}"
    )
    new = "record_id >= (SELECT min(record_id) FROM incoming)"
    if "case_key" in found:
        con.execute(
            f"INSERT INTO touched_case SELECT DISTINCT project_id, case_key FROM midrc.{quote(target)} WHERE {new}"
        )
    _touch_users(con, target, f"midrc.{quote(target)}", new)


def _share_shifts(con: DuckDBPyConnection, project: Project) -> None:
    """Have cases of which one replaces the other moved by the same days, unless rows of theirs were moved before."""
    con.execute(sql("hub/shift_link"), {"project": project.project_id})
    if con.execute("SELECT 1 FROM shift_link LIMIT 1").fetchone() is None:
        return
    before = "record_id < (SELECT min(record_id) FROM incoming)"
    own = f"project_id = {literal(project.project_id)} AND {before}"
    moved = " UNION ".join(
        f"SELECT case_key FROM {schema}.{quote(table)} WHERE {own}"
        for schema in ("midrc", "archive")
        for table in hub_tables(con)
        if table != LINKS and {"case_key", "record_id"} <= set(columns_of(con, f"midrc.{quote(table)}"))
    )
    con.execute(sql("hub/shift_case").format(moved=moved), {"project": project.project_id})
    set_shift_cases(con, project.project_id)


def _required(target: str) -> list[str]:
    """The slots without which a node has no row; that a source lacks one, or that it was withheld, is a finding."""
    return [name for name, slot in hub_classes()[target].slots.items() if slot.required]


def _natural_key(entry: Entry, project: Project, schema_name: str) -> str:
    """SQL of what identifies a hub row over loads: the record and the entry's part, or the event's own submitter_id."""
    owner = literal(f"{project.project_id}|{schema_name}.{entry.source}|")
    own = f"{owner} || e.record_key || {literal('|' + entry.part)}"
    if not is_shared(entry):
        return own
    return f"coalesce({literal(f'{project.project_id}|{entry.target}|')} || e.submitter_id, {own})"


def placed_by(found: list[str]) -> list[str]:
    """The slots of which one must be filled for a row to belong to somebody: its case, or the study or series that it
    has its case from. None for rows of no case, such as an organization."""
    return [name for name in PLACES if name in found]


def hub_tables(con: DuckDBPyConnection) -> list[str]:
    """Names of the hub's tables."""
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'midrc' AND NOT temporary ORDER BY 1"
    ).fetchall()
    return [row[0] for row in rows]


def move_hub_rows(con: DuckDBPyConnection, origin: str, target: str | None, records: str) -> None:
    """Move the hub rows of the records that the query `records` gives from one schema to the other (None: away), and
    add their cases to touched_case."""
    condition = f"record_id IN ({records}) AND mapping_id <> 0"
    rows = " UNION ALL ".join(
        f"SELECT '{table}' AS name, record_id, mapping_id FROM {origin}.{quote(table)}" for table in hub_tables(con)
    )
    found = con.execute(f"SELECT DISTINCT name FROM ({rows}) WHERE {condition} ORDER BY name").fetchall()
    for (table,) in found:
        relation = f"{origin}.{quote(table)}"
        if "case_key" in columns_of(con, relation):
            con.execute(
                f"INSERT INTO touched_case SELECT DISTINCT project_id, case_key FROM {relation} WHERE {condition}"
            )
        _touch_users(con, table, relation, condition)
        if target is not None:
            con.execute(f"INSERT INTO {target}.{quote(table)} SELECT * FROM {relation} WHERE {condition}")
        con.execute(f"DELETE FROM {relation} WHERE {condition}")


def _touch_users(con: DuckDBPyConnection, table: str, relation: str, condition: str) -> None:
    """Add the cases whose rows name the drugs or devices of `relation` under `condition` to touched_case."""
    if table in USERS:
        user, key = USERS[table]
        con.execute(
            f"INSERT INTO touched_case SELECT DISTINCT project_id, u.case_key FROM midrc.{user} u "
            f"JOIN (SELECT project_id, {key} FROM {relation} WHERE {condition}) d USING (project_id, {key})"
        )


def time_policy_refusal(con: DuckDBPyConnection, found: list[str], project: Project, mapped: str) -> InputError | None:
    """Why the rows of `mapped` cannot be dated: offsets, or dates before 1970, mean nothing on a calendar until the
    project says what day 0 is. None where they can. A placeholder (1900-01-01 and before) asks for no policy: it has a
    finding of its own."""
    if project.time_policy is not None:
        return None
    offsets = ("start_day", "end_day", "study_day")
    days = [f"{quote(c)} IS NOT NULL" for c in found if c in offsets or c.startswith("days_to_")]
    early = "BETWEEN DATE '1900-01-02' AND DATE '1969-12-31'"
    dates = [f"coalesce({quote(c)}::DATE {early}, false)" for c in found if c in PLACING_DATES]
    for what, conditions in (("day offsets", days), ("dates before 1970", dates)):
        where = " OR ".join(conditions) or "false"
        row = con.execute(f"SELECT min(record_id) FROM {mapped} WHERE {where}").fetchone() if conditions else None
        if row is None or row[0] is None:
            continue
        place = con.execute(
            "SELECT name, line FROM incoming JOIN harmonize.source_file USING (file_id) WHERE record_id = ?", [row[0]]
        ).fetchone()
        name, anchor = project.project_id, " --source-anchor YYYY-MM-DD" if conditions is dates else ""
        return InputError(
            f"The project {name} holds {what} and has no time policy, so its rows cannot be dated"
            + (f"; the first is that of {place[0]}, line {place[1]:,}." if place else "."),
            f"Type: harmonize project set {name} --time offset{anchor} --db FILE; "
            "where they are dates of the calendar, --time as_is.",
        )
    return None


def _capped_age(found: list[str]) -> dict[str, str]:
    """Ages over 89 never reach the hub as numbers (45 CFR 164.514(b)(2)(i)(C))."""
    ages: list[str] = [name for name in ("age_at_index", "age_value") if name in found]
    if not ages:
        return {}
    over = " OR ".join(f"coalesce(m.{quote(name)} >= 90, false)" for name in ages)
    stated = 'm."age_at_index_gt89"' if "age_at_index_gt89" in found else "NULL"
    capped: dict[str, str] = {name: f"CASE WHEN m.{quote(name)} < 90 THEN m.{quote(name)} END" for name in ages}
    return {**capped, "age_at_index_gt89": f"CASE WHEN {over} THEN 'Yes' ELSE {stated} END"}
