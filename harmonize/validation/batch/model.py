"""A batch of files that are judged together: their links, keys and statements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql
from harmonize.engine.sql_text import literal, quote
from harmonize.schema.cells import cell_sql, missing_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Schema, Slot


@dataclass(frozen=True)
class Statement:
    """One rule on one class or column: its SQL, and the {expected} of its message in `column` of `cls`. `guard` is a
    cheap SELECT of one truth value: only where it is true the rule can find anything."""

    rule: str
    sql: str
    cls: str = ""
    column: str = ""
    expected: str | None = None
    guard: str | None = None


@dataclass(frozen=True)
class Link:
    """A column of `child` that names records of `parent`; `several` of them where commas divide it."""

    child: ClassDef
    slot: Slot
    parent: ClassDef

    @property
    def named(self) -> str:
        """SELECT of file_id, line_, link (the cell) and name: the names in it, one a row."""
        cell = quote(self.slot.name)
        several = self.slot.annotations.get("several")
        whole = f"SELECT file_id, line_, {cell} AS link, {cell} AS name FROM batch_{self.child.name}"
        if several is None:
            return whole
        comma = literal(several)
        return (
            f"{whole} WHERE NOT contains({cell}, {comma}) UNION ALL SELECT file_id, line_, {cell}, "
            f"unnest(split_list({cell}, {comma})) FROM batch_{self.child.name} WHERE contains({cell}, {comma})"
        )


@dataclass
class Batch:
    """The files of a delivery with their classes. `store` is the prefix of a database's schemas (`` for this one), None
    without a database; `project` the project that is meant, None for any; with `loading` records replace those of their
    id, and rules are left out that a load settles itself (links that wait for their other end) or that ask whether a
    delivery is complete."""

    con: DuckDBPyConnection
    schema: Schema
    files: Sequence[tuple[Staged, ClassDef]]
    store: str | None = None
    project: str | None = None
    loading: bool = False
    _views: dict[str, str] = field(default_factory=dict)

    @cached_property
    def classes(self) -> dict[str, ClassDef]:
        """The classes that were delivered, by name."""
        return {cls.name: cls for _, cls in self.files}

    @cached_property
    def links(self) -> list[Link]:
        """The links of the delivered classes, where a file has the column."""
        return [
            Link(cls, slot, self.schema.classes[slot.annotations["link"]])
            for cls in self.classes.values()
            for slot in cls.slots.values()
            if "link" in slot.annotations and self.has(cls, slot.name)
        ]

    def has(self, cls: ClassDef, *columns: str) -> bool:
        """Whether a file of the class has the columns."""
        return any(found.name == cls.name and set(columns) <= set(staged.names) for staged, found in self.files)

    def case_of(self, cls: ClassDef, besides: str = "") -> str | None:
        """SQL for the person of a record: the first filled of its links to the class that is the person; None if it has
        none. A cell that names several persons tells nothing."""
        if cls.annotations.get("person") == "true":
            return key_of(cls)
        cells = [
            f"CASE WHEN NOT contains({quote(link.slot.name)}, ',') THEN {quote(link.slot.name)} END"
            for link in self.links
            if link.child is cls and link.parent.annotations.get("person") == "true" and link.slot.name != besides
        ]
        return f"coalesce({', '.join(cells)})" if cells else None

    def is_checked(self, link: Link) -> bool:
        """Whether a link must lead somewhere: not one that MIDRC itself fills (annotation may_be_empty), and not a list
        beside a single link to the same (case_ids): where the two differ, `other_case` says so."""
        twins = [other for other in self.links if other.child is link.child and other.parent is link.parent]
        is_list = "several" in link.slot.annotations and len(twins) > 1
        return link.slot.annotations.get("may_be_empty") != "true" and not is_list

    def make_views(self) -> None:
        """Create the views of the classes that were delivered."""
        for cls in self.classes.values():
            missing = missing_texts(cls)
            selects = []
            for staged, found in self.files:
                if found.name == cls.name:
                    cells = [
                        f"{_trimmed(slot, missing) if slot.name in staged.names else 'NULL::VARCHAR'} "
                        f"AS {quote(slot.name)}"
                        for slot in cls.slots.values()
                    ]
                    selects.append(f"SELECT {staged.file_id} AS file_id, line_, {', '.join(cells)} FROM {staged.table}")
            self._view(cls.name, " UNION ALL ".join(selects))

    def make_empty_views(self, text: str) -> bool:
        """Create views without rows for those classes in a statement of which no file was delivered. False where fewer
        than two of its classes were: then it has nothing to compare."""
        named = set(re.findall(r"\bbatch_(\w+)", text))
        if len(named & self.classes.keys()) < 2:
            return False
        for name in named - self._views.keys():
            cells = ", ".join(f"NULL::VARCHAR AS {quote(slot)}" for slot in self.schema.classes[name].slots)
            self._view(name, f"SELECT 0 AS file_id, 0::BIGINT AS line_, {cells} WHERE false")
        return True

    def _view(self, name: str, text: str) -> None:
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW batch_{name} AS {text}")
        self._views[name] = text

    def beside(self, con: DuckDBPyConnection) -> Batch:
        """The same batch on another connection to the same database, whose functions are not TEMP, with own views."""
        other = replace(self, con=con, _views={})
        for name, text in self._views.items():
            other._view(name, text)
        note_columns(other)
        return other

    def drop_views(self) -> None:
        """Drop the views, whose tables are about to go."""
        for name in self._views:
            self.con.execute(f"DROP VIEW batch_{name}")


def _trimmed(slot: Slot, missing: tuple[str, ...]) -> str:
    """Ids and links without the blanks around them: those have a rule of their own."""
    cell = cell_sql(slot, missing)
    return f"trim({cell})" if slot.identifier or "link" in slot.annotations else cell


def key_of(cls: ClassDef) -> str:
    """SQL for what names a record: its identifier, else its line."""
    for slot in cls.slots.values():
        if slot.identifier:
            return quote(slot.name)
    return "'line ' || line_"


def key_column(cls: ClassDef) -> str:
    """The column that findings on a record's id stand in; none where lines name the records."""
    return next((slot.name for slot in cls.slots.values() if slot.identifier), "")


def note_columns(batch: Batch) -> None:
    """Numbers of columns by name, and which of them may not be shown."""
    hidden = [
        (staged.file_id, slot.name)
        for staged, cls in batch.files
        for slot in cls.slots.values()
        if slot.annotations.get("phi", "").lower() == "true"
    ]
    batch.con.execute(
        sql("validation/batch/column"),
        {"hidden": [f"({number}, {name})" for number, name in hidden], "files": [s.file_id for s, _ in batch.files]},
    )


def filled(name: str, parts: dict[str, str]) -> str:
    """A statement of sql/validation/ with its {names} put in."""
    text = sql(f"validation/{name}")
    for part, value in parts.items():
        text = text.replace("{" + part + "}", value)
    return text


def schema_statements(schema: Schema) -> dict[str, str]:
    """Rules that are written for one schema: sql/validation/<schema>/<rule>.sql."""
    folder = root("sql") / "validation" / schema.name
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
