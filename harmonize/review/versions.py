"""What differs in meaning between two versions of a mapping, and which loaded rows that touches."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.mapping.compiler.compile import load_mapping, mapping_folder
from harmonize.mapping.explain.describe import columns_of
from harmonize.review.mappings import reviewed_rows
from harmonize.review.usage import hub_code_columns, usage
from harmonize.vocabulary.sssom import NO_TERM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import DerivedColumn, Entry, MappingPlan

CONTROL = ("when_", "reason_")


@dataclass(frozen=True)
class MeaningChange:
    """One difference.

    kind: row_added, row_removed (a derivation: at most one hub row of each source row), slot_changed,
    target_changed, value_added, value_removed, value_changed, excluded_added, excluded_removed, project_changed.
    `place` is `class/part` of a derivation, the subject of a value, the class of an excluded column, or the
    setting; `old` and `new` are in words. `rows` counts the loaded hub rows it touches, None where that cannot
    be known.
    """

    kind: str
    place: str
    slot: str = ""
    old: str = ""
    new: str = ""
    table: str = ""
    rows: int | None = None

    def to_json(self) -> dict[str, Any]:
        """kind, place, slot, old, new, rows."""
        return {name: getattr(self, name) for name in ("kind", "place", "slot", "old", "new", "rows")}


def meaning_changes(old: str, new: str, con: DuckDBPyConnection | None = None) -> list[MeaningChange]:
    """Differences between two mappings (names or folders), those of derivations by what they compile to.

    Comments, order, spelling and reviews make none. Raises InputError where one does not compile.
    """
    before, after = load_mapping(old), load_mapping(new)
    changes = [
        *_derivations(before, after, _words(old), _words(new)),
        *_values(old, new),
        *_excluded(before, after),
        *_settings(before.project, after.project),
    ]
    return changes if con is None else _counted(changes, con, {before.name, after.name})


def _words(name: str) -> dict[tuple[str, str, str], str]:
    """What each slot of each derivation says, by class, part and slot."""
    found = {}
    for row in columns_of(name):
        key = (row["class"], row["part"])
        found[*key, row["target"].partition(".")[2]] = row["words"]
        found[*key, "when_"] = row["condition"]
    return found


def _derivations(
    before: MappingPlan,
    after: MappingPlan,
    old_words: Mapping[tuple[str, str, str], str],
    new_words: Mapping[tuple[str, str, str], str],
) -> Iterator[MeaningChange]:
    old = {(entry.source, entry.part): entry for entry in before.entries}
    new = {(entry.source, entry.part): entry for entry in after.entries}
    for key in [*old, *(key for key in new if key not in old)]:
        place = "/".join(key)
        if key not in old or key not in new:
            yield _only(
                place, old.get(key), new.get(key), (old_words if key in old else new_words).get((*key, "when_"), "")
            )
            continue
        was, now = old[key], new[key]
        if was.target != now.target:
            yield MeaningChange("target_changed", place, old=was.target, new=now.target, table=was.target)
        if was.joins != now.joins:
            yield MeaningChange("slot_changed", place, "joins", _joined(was), _joined(now), table=was.target)
        for slot in dict.fromkeys([*CONTROL, *was.columns, *now.columns]):
            if _sense(_column(was, slot)) != _sense(_column(now, slot)):
                was_said, now_said = old_words.get((*key, slot), ""), new_words.get((*key, slot), "")
                yield MeaningChange("slot_changed", place, slot, was_said, now_said, table=was.target)


def _joined(entry: Entry) -> str:
    return ", ".join(f"{join.source} where {join.source_key} is {join.lookup_key}" for join in entry.joins)


def _only(place: str, was: Entry | None, now: Entry | None, condition: str) -> MeaningChange:
    """A derivation that one of both has."""
    table = was.target if was else now.target if now else ""
    text = f"{table}: {condition or 'always'}"
    kind = "row_removed" if was else "row_added"
    return MeaningChange(kind, place, old=text if was else "", new="" if was else text, table=table)


def _column(entry: Entry, slot: str) -> DerivedColumn | None:
    return {"when_": entry.when, "reason_": entry.reason}.get(slot) or entry.columns.get(slot)


def _sense(column: DerivedColumn | None) -> tuple[str, str | None] | None:
    return None if column is None else (column.sql, column.fails_when)


def _values(old: str, new: str) -> Iterator[MeaningChange]:
    before, after = _objects(old), _objects(new)
    for subject in [*before, *(subject for subject in after if subject not in before)]:
        was, now = before.get(subject), after.get(subject)
        if was == now:
            continue
        kind = "value_changed" if was and now else "value_removed" if was else "value_added"
        yield MeaningChange(kind, subject, old="; ".join(was or ()), new="; ".join(now or ()))


def _objects(name: str) -> dict[str, list[str]]:
    """What each subject stands for; how near the match is changes no row."""
    objects: dict[str, list[str]] = defaultdict(list)
    for one in reviewed_rows(mapping_folder(name)):
        if one.row["predicate_modifier"] != "Not":
            objects[one.subject].append("nothing" if one.object == NO_TERM else one.object)
    return {subject: sorted(found) for subject, found in objects.items()}


def _excluded(before: MappingPlan, after: MappingPlan) -> Iterator[MeaningChange]:
    old = {(owner, name): reason for owner, columns in before.excluded.items() for name, reason in columns.items()}
    new = {(owner, name): reason for owner, columns in after.excluded.items() for name, reason in columns.items()}
    for owner, name in sorted(set(old) ^ set(new)):
        added = (owner, name) in new
        kind, reason = ("excluded_added", new[owner, name]) if added else ("excluded_removed", old[owner, name])
        yield MeaningChange(kind, owner, name, "" if added else reason, reason if added else "")


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[MeaningChange]:
    was, now = _flat(before), _flat(after)
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield MeaningChange("project_changed", name, old=was.get(name, ""), new=now.get(name, ""))


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """time: {policy: offset} as time.policy: offset."""
    flat: dict[str, str] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: str(value)}
    return flat


def _counted(changes: list[MeaningChange], con: DuckDBPyConnection, names: set[str]) -> list[MeaningChange]:
    """The changes with the loaded rows they touch; what a new derivation would add is not known before a load."""
    parts = _rows_by_part(con, {change.table for change in changes if change.table}, names)
    values = usage(con, [change.place for change in changes if change.kind.startswith("value_")])
    counted = []
    for change in changes:
        rows = None
        if change.kind.startswith("value_"):
            rows = values.get(change.place, 0)
        elif change.table and change.kind != "row_added":
            rows = parts.get((change.table, change.place.partition("/")[2]), 0)
        counted.append(replace(change, rows=rows))
    return counted


def _rows_by_part(con: DuckDBPyConnection, hub_tables: Iterable[str], names: set[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for table in hub_tables:
        query = (
            f"SELECT m.part, count(*) FROM midrc.{quote(table)} AS h JOIN harmonize.mapping AS m USING (mapping_id) "
            "WHERE list_contains($1, m.name) GROUP BY m.part"
        )
        found |= {(table, part): rows for part, rows in con.execute(query, [sorted(names)]).fetchall()}
    return found


def touched_records(
    con: DuckDBPyConnection, changes: Iterable[MeaningChange], names: Iterable[str], most: int
) -> list[dict[str, Any]]:
    """file and line of at most so many current records whose rows the changes touch, in the order of files and lines.

    `names` are the mappings' names as the store has them.
    """
    changes = [change for change in changes if change.rows]
    values = [change.place for change in changes if change.kind.startswith("value_")]
    by_table: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.table:
            by_table[change.table].append(change.place.partition("/")[2])
    con.execute(sql("review/touched"))
    for table, parts in by_table.items():
        con.execute(
            f"INSERT INTO touched SELECT h.record_id FROM midrc.{quote(table)} AS h "
            "JOIN harmonize.mapping AS m USING (mapping_id) "
            "WHERE list_contains($1, m.part) AND list_contains($2, m.name)",
            [parts, list(names)],
        )
    for table, column in hub_code_columns(con) if values else ():
        con.execute(
            f"INSERT INTO touched SELECT record_id FROM midrc.{quote(table)} WHERE list_contains($1, {quote(column)})",
            [values],
        )
    return [
        {"file": file, "line": line}
        for file, line in con.execute(sql("review/touched_record"), {"most": most}).fetchall()
    ]
