"""Which rules over several tables a delivery calls for: one for each class or column that annotations name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.sql_text import literal, quote
from harmonize.schema.cells import cell_sql, missing_texts
from harmonize.validation.batch.model import Batch, Link, Statement, filled, key_column, key_of, schema_statements
from harmonize.validation.keys import record_key, record_key_sql
from harmonize.validation.rules import CheckedColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harmonize.schema.model import ClassDef, Slot

# Where the hub has a UID, and whose it is.
_STORED_UIDS = {"study_uid": ("imaging_study", "case_key"), "series_uid": ("imaging_series", "imaging_studies")}
_FILE = frozenset({"file_name", "file_size", "md5sum", "object_id", "storage_urls"})


def statements(batch: Batch) -> Iterator[Statement]:
    """All statements for the classes and columns that were delivered."""
    for link in batch.links:
        yield from _orphan(batch, link)
        yield from _other_case(batch, link)
    for cls in batch.classes.values():
        yield from _keys(batch, cls)
        yield from _no_rows(batch, cls)
        yield from _same_content(batch, cls)
        yield from _unchanged(batch, cls)
        for slot in cls.slots.values():
            if "same_file" in slot.annotations and batch.has(cls, slot.name):
                text = filled("batch/same_file", {"class": cls.name, "cell": quote(slot.name), "key": key_of(cls)})
                text = text.replace("{column}", slot.name)
                yield Statement("same_file", text, guard=_repeats(cls.name, quote(slot.name)))
            if (name := slot.annotations.get("one_name", "")) and batch.has(cls, slot.name, name):
                parts = {
                    "class": cls.name,
                    "column": slot.name,
                    "cell": quote(slot.name),
                    "name": quote(name),
                }
                yield Statement("several_names", filled("batch/several_names", parts))
    yield from _shared_uids(batch)
    yield from _after_death(batch)
    for rule, text in schema_statements(batch.schema).items():
        if batch.make_empty_views(text):
            yield Statement(rule, text)


def _repeats(origin: str, value: str) -> str:
    """SELECT whether a value of a class stands on more than one line."""
    return f"SELECT count({value}) > count(DISTINCT {value}) FROM batch_{origin}"


_SEVERAL_FILES = {
    "unique_key": "contents > 1 AND own_contents = 1",
    "repeated_record": "contents = 1 AND line_ = own_first AND (file_id, line_) <> first",
}


def _keys(batch: Batch, cls: ClassDef) -> Iterator[Statement]:
    """Records of several files of a class under one key; a load tells them by the same key and the same content."""
    files = [staged for staged, found in batch.files if found.name == cls.name]
    key = record_key(cls)
    if len(files) < 2 or not key:
        return
    missing = missing_texts(cls)
    column = next((slot.name for slot in key if slot.annotations.get("phi") == "true"), key[0].name)
    selects = []
    for staged in files:
        own = record_key_sql(cls, staged.names, lambda slot: cell_sql(slot, missing))
        cells = ", ".join(f"coalesce({quote(name)}, '')" for name in staged.names)
        selects.append(
            f"SELECT {staged.file_id} AS file_id, line_, nullif({own}, '') AS key, "
            f"md5(concat_ws(chr(31), {cells})) AS content FROM {staged.table}"
        )
    records = " UNION ALL ".join(selects)
    guard = f"SELECT count(key) > count(DISTINCT key) FROM ({records})"
    for rule, condition in _SEVERAL_FILES.items():
        parts = {"class": cls.name, "rule": rule, "records": records, "column": column, "condition": condition}
        yield Statement(rule, filled("batch/unique_key", parts), guard=guard)


def _orphan(batch: Batch, link: Link) -> Iterator[Statement]:
    known = []
    if link.parent.name in batch.classes:
        known.append(f"SELECT {key_of(link.parent)} AS name FROM batch_{link.parent.name}")
    if batch.store is not None:
        known.append(_loaded(batch, link.parent))
    if not known or not batch.is_checked(link):
        return
    parts = {
        "child": link.child.name, "parent": link.parent.name, "column": link.slot.name,
        "known": " UNION ALL ".join(known), "named": link.named,
    }  # fmt: skip
    yield Statement("orphan", filled("batch/orphan", parts), link.child.name, link.slot.name, link.parent.name)


def _loaded(batch: Batch, cls: ClassDef) -> str:
    """SELECT of the names that the database has of a class: as records, and as cases of any source."""
    store, of_project = batch.store, ""
    if batch.project is not None:
        of_project = f" AND s.project_id = {literal(batch.project)}"
    text = (
        f"SELECT r.record_key AS name FROM {store}harmonize.record r"
        f" JOIN {store}harmonize.record_type t USING (record_type)"
        f" JOIN {store}harmonize.submission s USING (submission_id)"
        f" WHERE r.is_current AND t.name = {literal(f'{batch.schema.name}.{cls.name}')}{of_project}"
    )
    if cls.annotations.get("person") == "true":
        text += f' UNION SELECT case_key FROM {store}midrc."case"'
        text += f" WHERE project_id = {literal(batch.project)}" if batch.project is not None else ""
    return text


def _other_case(batch: Batch, link: Link) -> Iterator[Statement]:
    """A link tells of another case only where child and parent each name one, and the link itself is not that name."""
    own = batch.case_of(link.child, link.slot.name)
    if own is None or "several" in link.slot.annotations:
        return
    if link.parent.annotations.get("person") == "true":
        cell = quote(link.slot.name)
        yield Statement(
            "other_case",
            f"SELECT file_id, line_, {literal(link.slot.name)} AS column_name, {own} || ' and ' || {cell} AS value "
            f"FROM batch_{link.child.name} WHERE {own} <> {cell}",
        )
        return
    parents = batch.case_of(link.parent)
    if link.parent.name not in batch.classes or parents is None:
        return
    parts = {
        "child_case": own, "parent_case": parents, "child": link.child.name, "parent": link.parent.name,
        "key": key_of(link.parent), "link": quote(link.slot.name), "column": link.slot.name,
    }  # fmt: skip
    yield Statement("other_case", filled("batch/other_case", parts))


def _no_rows(batch: Batch, cls: ClassDef) -> Iterator[Statement]:
    expected = [name for name in cls.annotations.get("expects_rows", "").split("|") if name]
    links = [link for link in batch.links if link.parent is cls and link.child.name in expected]
    if not links:
        return
    selects = [f"SELECT name FROM ({link.named})" for link in links]
    shown = expected[0] if len(expected) == 1 else "any of " + ", ".join(expected)
    column = key_column(cls)
    parts = {"parent": cls.name, "key": key_of(cls), "links": " UNION ALL ".join(selects), "column": column}
    yield Statement("no_rows", filled("batch/no_rows", parts), cls.name, column, shown)


def _content(batch: Batch, cls: ClassDef) -> list[Slot]:
    """What a record says, apart from its ids and from what MIDRC fills; or the columns of the annotation `content`."""
    if "content" in cls.annotations:
        named = cls.annotations["content"].split("|")
        return [slot for name, slot in cls.slots.items() if name in named and batch.has(cls, name)]
    return [
        slot
        for slot in cls.slots.values()
        if batch.has(cls, slot.name)
        and not slot.identifier
        and slot.annotations.get("may_be_empty") != "true"
        and slot.name not in _FILE
        and not ("link" in slot.annotations and "several" in slot.annotations)
    ]


def _same_content(batch: Batch, cls: ClassDef) -> Iterator[Statement]:
    if "same_content" not in cls.annotations or not key_column(cls):
        return
    slots = _content(batch, cls)
    told = [slot for slot in slots if "link" not in slot.annotations and slot.name != "type"]
    if not told:
        return
    any_told = f"coalesce({', '.join(quote(slot.name) for slot in told)}) IS NOT NULL"
    parts = {
        "class": cls.name, "key": key_of(cls), "column": key_column(cls), "filled": any_told,
        "cells": ", ".join(quote(slot.name) for slot in slots),
    }  # fmt: skip
    guard = _repeats(f"{cls.name} WHERE {any_told}", f"hash({parts['cells']})")
    yield Statement("same_content", filled("batch/same_content", parts), guard=guard)
    hub = _hub_columns(batch, cls)
    shared = [slot for slot in told if slot.name in hub]
    own = batch.case_of(cls)
    if shared and own is not None and "case_key" in hub:
        parts |= {
            "store": batch.store or "",
            "project": _of_project(batch, " WHERE "),
            "stored": ", ".join(["case_key", *(_comparable(slot, quote(slot.name), hub) for slot in shared)]),
            "sent": ", ".join([own, *(_sent(cls, slot, hub) for slot in shared)]),
        }
        yield Statement("already_loaded", filled("batch/already_loaded", parts))


def _unchanged(batch: Batch, cls: ClassDef) -> Iterator[Statement]:
    slots = [slot for slot in cls.slots.values() if slot.annotations.get("unchanged") == "true"]
    hub = _hub_columns(batch, cls) if slots else {}
    for slot in slots:
        if slot.name in hub and batch.has(cls, slot.name):
            parts = {
                "class": cls.name, "key": key_of(cls), "cell": quote(slot.name), "column": slot.name,
                "store": batch.store or "", "project": _of_project(batch, " AND h."),
                "stored": _comparable(slot, f"h.{quote(slot.name)}", hub), "sent": _sent(cls, slot, hub),
            }  # fmt: skip
            yield Statement("changed_value", filled("batch/changed_value", parts))


def _hub_columns(batch: Batch, cls: ClassDef) -> dict[str, str]:
    """Columns and types of the hub's table that is named like the class; none without a database."""
    if batch.store is None:
        return {}
    database = batch.store.rstrip(".") or "current_database()"
    name = database if database.endswith("()") else literal(database)
    rows = batch.con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'midrc' AND table_name = ? "
        f"AND database_name = {name}",
        [cls.name],
    ).fetchall()
    return dict(rows)


def _comparable(slot: Slot, cell: str, hub: dict[str, str]) -> str:
    """SQL for a stored value as text, in the spelling of `_sent`."""
    if hub[slot.name].endswith("[]"):
        return f"array_to_string(list_sort({cell}), ',')"
    if hub[slot.name] in ("INTEGER", "BIGINT", "DOUBLE"):
        return f"format('{{:.10g}}', {cell}::DOUBLE)"
    return f"{cell}::VARCHAR"


def _sent(cls: ClassDef, slot: Slot, hub: dict[str, str]) -> str:
    cell = f"c.{quote(slot.name)}"
    if hub[slot.name].endswith("[]"):
        return f"array_to_string(list_sort(split_list({cell}, ',')), ',')"
    if hub[slot.name] in ("INTEGER", "BIGINT", "DOUBLE"):
        return f"format('{{:.10g}}', number({cell}))"
    return cell


def _of_project(batch: Batch, before: str) -> str:
    return f"{before}project_id = {literal(batch.project)}" if batch.project is not None else ""


def _shared_uids(batch: Batch) -> Iterator[Statement]:
    """UIDs are compared over all classes that have a column of the name."""
    owners: dict[str, list[tuple[ClassDef, Slot]]] = {}
    for cls in batch.classes.values():
        for slot in cls.slots.values():
            if batch.has(cls, slot.name, slot.annotations.get("belongs_to", "")):
                owners.setdefault(slot.name, []).append((cls, slot))
    for column, held in owners.items():
        selects = [
            f"SELECT file_id, line_, {quote(column)} AS uid, {key_of(cls)} AS name, "
            f"{quote(slot.annotations['belongs_to'])} AS owner FROM batch_{cls.name}"
            for cls, slot in held
        ]
        if batch.store is not None and column in _STORED_UIDS:
            table, owner = _STORED_UIDS[column]
            replaced = " UNION ALL ".join(
                f"SELECT {key_of(cls)} AS submitter_id FROM batch_{cls.name}" for cls, _ in held
            )
            selects.append(
                f"SELECT NULL, NULL, {column}, submitter_id, {owner} FROM {batch.store}midrc.{table}"
                + (f" ANTI JOIN ({replaced}) USING (submitter_id)" if batch.loading else "")
                + _of_project(batch, " WHERE ")
            )
        yield Statement(
            "shared_uid", filled("batch/shared_uid", {"owned": " UNION ALL ".join(selects), "column": column})
        )


def _after_death(batch: Batch) -> Iterator[Statement]:
    deaths, events, kinds = [], [], set()
    for cls in batch.classes.values():
        case, said = batch.case_of(cls), cls.annotations
        if case is None:
            continue
        if "death_day" in said and batch.has(cls, said["death_day"]):
            day = _moment(cls, said["death_day"])
            deaths.append(f"SELECT {case} AS case_key, {day} AS day FROM batch_{cls.name} WHERE {said['death_when']}")
        if "event_day" in said and batch.has(cls, said["event_day"]):
            slot = cls.slots[said["event_day"]]
            kinds.add(slot.range in ("date", "datetime"))
            events.append(
                f"SELECT file_id, line_, {literal(slot.name)} AS column_name, {case} AS case_key, "
                f"{_moment(cls, slot.name)} AS day FROM batch_{cls.name}"
            )
    if not deaths or not events or len(kinds) != 1:
        return
    shown = "{}::DATE::VARCHAR" if True in kinds else "'day ' || format('{{:.10g}}', {})"
    parts = {
        "deaths": " UNION ALL ".join(deaths), "events": " UNION ALL ".join(events),
        "day": shown.format("e.day"), "death": shown.format("d.day"),
        "later": "e.day::DATE > d.day::DATE" if True in kinds else "e.day > d.day",
    }  # fmt: skip
    yield Statement("after_death", filled("batch/after_death", parts))


def _moment(cls: ClassDef, name: str) -> str:
    return CheckedColumn(cls, cls.slots[name]).moment
