"""Records and their identity: key, content, and what each incoming record is to those that are current.

The temp table `incoming` holds one row per staged record: record_id, file_id, line, record_type, record_key, key_hash,
content_hash, is_delete, state, reason. A record without a state is new or changed and goes on to the hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, literals, quote
from harmonize.engine.steps import plan
from harmonize.engine.store_key import use_store_key
from harmonize.mapping.select import RECORD_ID, RECORD_KEY
from harmonize.pipeline.ledger.rekey import create_rekey
from harmonize.schema.cells import cell_sql, missing_texts
from harmonize.validation.keys import key_names, record_key, record_key_sql

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.steps import Run
    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Slot


SCREEN = "screen 1"
"""What is loaded of a text that identifies a person: part of every record's content, so that records which were
screened in another way are changed ones."""


@dataclass(frozen=True)
class StagedFile:
    """A staged file and the class of the source schema that it holds.

    `record_type` is schema.class: records are identified within it. `base` + rowid is the record's id.
    """

    staged: Staged
    source: SourceFile
    cls: ClassDef
    record_type: str
    base: int

    @property
    def key(self) -> tuple[Slot, ...]:
        """The slots that identify a record."""
        return record_key(self.cls)

    @property
    def present(self) -> list[Slot]:
        """The class's slots that the file has, in the order of the class."""
        return [slot for name, slot in self.cls.slots.items() if name in self.staged.names]


def masked_columns(con: DuckDBPyConnection, file_id: int) -> dict[str, int]:
    """Columns of a file of which some text is loaded with a part masked: name → number."""
    rows = con.execute(
        "SELECT DISTINCT c.name, c.column_id FROM private_text p "
        "JOIN harmonize.file_column c USING (file_id, column_id) "
        "WHERE p.file_id = ? AND NOT p.refused AND p.shown IS DISTINCT FROM p.value",
        [file_id],
    ).fetchall()
    return dict(rows)


def bad_columns(con: DuckDBPyConnection, file_id: int) -> set[str]:
    """Columns of a file with at least one quarantined cell."""
    rows = con.execute("SELECT DISTINCT column_name FROM bad_cell WHERE file_id = ?", [file_id]).fetchall()
    return {row[0] for row in rows if row[0] is not None}


def source_select(con: DuckDBPyConnection, file: StagedFile, *, unchanged: bool = False) -> str:
    """SELECT RECORD_ID, RECORD_KEY and the cells of the class as text, missing texts and quarantined cells as NULL, and
    what identifies a person masked, of a file's new and changed records, with `unchanged` of those too that are
    loaded already."""
    missing = missing_texts(file.cls)
    bad = bad_columns(con, file.staged.file_id)
    masked = masked_columns(con, file.staged.file_id)
    keys = key_names(file.cls)
    cells = []
    joins = "".join(
        f" LEFT JOIN private_text masked_{number} ON masked_{number}.file_id = {file.staged.file_id} "
        f"AND masked_{number}.column_id = {number} AND masked_{number}.value = s.{quote(name)}"
        for name, number in masked.items()
    )
    for slot in file.cls.slots.values():
        if slot not in file.present:
            cells.append(f"NULL::VARCHAR AS {quote(slot.name)}")
            continue
        cell = cell_sql(slot, missing, "s")
        if slot.name in masked:
            number = masked[slot.name]
            cell = f"CASE WHEN masked_{number}.value IS NOT NULL THEN masked_{number}.shown ELSE {cell} END"
        if slot.name in keys:
            cell = f"trim({cell})"  # as in the record's key: blanks around an id do not make another patient
        if slot.name in bad:
            cell = (
                f"CASE WHEN s.line_ IN (SELECT line FROM bad_cell WHERE file_id = {file.staged.file_id} "
                f"AND column_name = {literal(slot.name)}) THEN NULL ELSE {cell} END"
            )
        cells.append(f"{cell} AS {quote(slot.name)}")
    if not has_states(con, file):
        own = f"{file.base} + s.rowid AS {RECORD_ID}, {staged_key(file, missing)} AS {RECORD_KEY}"
        return f"SELECT {own}, {', '.join(cells)} FROM {file.staged.table} s{joins}"
    return (
        f"SELECT i.record_id AS {RECORD_ID}, i.record_key AS {RECORD_KEY}, {', '.join(cells)} "
        f"FROM {file.staged.table} s{joins} JOIN incoming i ON i.record_id = {file.base} + s.rowid "
        f"AND i.file_id = {file.staged.file_id} WHERE i.state IS NULL OR ({unchanged} AND i.state = 'unchanged')"
    )


def has_states(con: DuckDBPyConnection, file: StagedFile) -> bool:
    """Whether any staged record of the file has its state, or a cell that is not loaded as it is, before mapping;
    if none has, all go to the hub under plain keys, and nothing needs to be joined to tell which."""
    row = con.execute(
        "SELECT count(*), (SELECT count(*) FROM hidden_cell WHERE file_id = $file) FROM incoming "
        "WHERE file_id = $file AND state IS NOT NULL",
        {"file": file.staged.file_id},
    ).fetchone()
    return row is None or row[0] > file.staged.bad_lines or row[1] > 0


def type_id(con: DuckDBPyConnection, table: str, column: str, name: str) -> int:
    """The number of a name in a small registry (record_type, reason), given out on first use."""
    key = table if table != "reason" else "reason_id"
    row = con.execute(f"SELECT {key} FROM harmonize.{table} WHERE {column} = ?", [name]).fetchone()
    if row:
        return int(row[0])
    con.execute(f"INSERT INTO harmonize.{table} SELECT coalesce(max({key}), 0) + 1, ? FROM harmonize.{table}", [name])
    return type_id(con, table, column, name)


def create_incoming(con: DuckDBPyConnection) -> None:
    """The temp table `incoming`, empty."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE incoming ({plan().inputs['incoming']})")


def read_incoming(con: DuckDBPyConnection, files: list[StagedFile], project: str, version: str) -> bool:
    """Fill `incoming` from the staged files. The content hash is of the mapping's version and all cells, so that a
    changed mapping makes every record a changed one.

    A cell that is not loaded as it is, because it breaks a rule or privacy found something in it, is in no key: a keyed
    hash stands for it. Returns whether there are such keys; the temp table rekey then has them (see rekey).
    """
    hidden = _hidden_columns(con, files)
    if hidden:
        use_store_key(con)
        create_rekey(con)
    for file in files:
        number = type_id(con, "record_type", "name", file.record_type)
        missing = missing_texts(file.cls)
        own = hidden.get(file.staged.file_id, set())
        plain, key = staged_key(file, missing), staged_key(file, missing, own, project)
        cells = ", ".join(f"chr(31), s.{quote(name)}" for name in file.staged.names)  # concat takes NULL for no text
        prefix = literal(f"{project}|{file.record_type}|")
        con.execute(
            f"INSERT INTO incoming SELECT {file.base} + s.rowid, {file.staged.file_id}, s.line_, {number}, {key}, "
            f"md5({prefix} || {key})::UUID, md5(concat({literal(version + SCREEN)}, {cells}))::UUID, "
            f"{_delete_order(file)}, NULL, NULL FROM {file.staged.table} s"
        )
        if plain != key:
            con.execute(
                f"INSERT INTO rekey SELECT DISTINCT {number}, md5({prefix} || {plain})::UUID, {key}, "
                f"md5({prefix} || {key})::UUID FROM {file.staged.table} s WHERE {plain} IS DISTINCT FROM {key}"
            )
        con.execute(
            f"INSERT INTO incoming SELECT {file.base} + (SELECT coalesce(max(rowid), 0) + 1 FROM {file.staged.table}) "
            f"+ row_number() OVER (ORDER BY line), file_id, line, {number}, NULL, NULL, NULL, false, 'quarantined', "
            "rule FROM stage.bad_line WHERE file_id = ?",
            [file.staged.file_id],
        )
    return bool(hidden)


def _hidden_columns(con: DuckDBPyConnection, files: list[StagedFile]) -> dict[int, set[str]]:
    """File → the slots of its key of which some cell is hidden."""
    rows = con.execute("SELECT DISTINCT file_id, column_name FROM hidden_cell").fetchall()
    keys = {file.staged.file_id: {slot.name for slot in file.key} for file in files}
    found: dict[int, set[str]] = {}
    for file_id, name in rows:
        if name in keys.get(file_id, ()):
            found.setdefault(file_id, set()).add(name)
    return found


def staged_key(file: StagedFile, missing: tuple[str, ...], hidden: Collection[str] = (), project: str = "") -> str:
    """SQL of the record's key over the staged rows `s`. The columns `hidden` have hidden cells."""

    def cell(slot: Slot) -> str:
        plain = cell_sql(slot, missing, "s")
        if slot.name not in hidden:
            return plain
        own = f"file_id = {file.staged.file_id} AND column_name = {literal(slot.name)}"
        lines = f"SELECT line FROM hidden_cell WHERE {own}"
        return f"CASE WHEN s.line_ IN ({lines}) THEN masked_key({literal(project)}, trim({plain})) ELSE {plain} END"

    return record_key_sql(file.cls, file.staged.names, cell)


def _delete_order(file: StagedFile) -> str:
    """SQL: whether the record is a delete order (slot annotation delete_order names the texts that say so)."""
    for slot in file.present:
        texts = slot.annotations.get("delete_order")
        if texts:
            values = literals(texts.split("|"))
            return f"coalesce(s.{quote(slot.name)} IN ({values}), false)"
    return "false"


def note_required(con: DuckDBPyConnection, files: Sequence[StagedFile]) -> None:
    """The temp table required_column: columns whose bad cell takes the whole record, the identifier and those that the
    schema requires."""
    rows = [
        (file.staged.file_id, slot.name) for file in files for slot in file.present if slot.required or slot.identifier
    ]
    con.execute(sql("ledger/required_column"), {"files": [row[0] for row in rows], "columns": [row[1] for row in rows]})


def judge_alone(run: Run) -> None:
    """The states that the delivery itself decides, by bad_cell and by keys that repeat, where nothing is loaded yet."""
    for name in ("incoming.quarantined", "incoming.no_key", "repeated", "incoming.conflicting", "incoming.duplicate"):
        run.step(f"records/{name}", strict_row=False)
