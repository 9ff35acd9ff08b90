"""The cells of a table that may tell who a patient is: their findings, and what is loaded in their place.

Every text in which something is found is kept in the temp table private_text until the delivery is dealt with, so that
no finding quotes it, no key holds it, and a load takes over what may be taken over of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.validation.class_reads import ClassReads
from harmonize.validation.coded import find_coded
from harmonize.validation.privacy.identity import begin_tokens, find_tokens
from harmonize.validation.privacy.masking import make_masks
from harmonize.validation.privacy.texts import (
    AT_ONCE,
    TextColumn,
    find,
    named_like_identifiers,
    privacy_rules,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.table.staged import Staged
    from harmonize.schema.model import ClassDef, Slot

# Annotations of columns whose rule leaves no room for a text.
_FORMS = frozenset({"uid_form", "dicom_modality"})


def create_private_text(con: DuckDBPyConnection, *, shared: bool = False) -> None:
    """Make private_text, empty: a temporary table, or with `shared` one that other connections see, in a database that
    is thrown away.
    """
    con.execute(sql("validation/private_text").format(kind="" if shared else "TEMP "))


def columns_of(
    staged: Staged, schema_class: ClassDef | None, checked: set[int], reads: ClassReads = ClassReads()
) -> list[TextColumn]:
    """The columns of a staged file that the rules look at.

    A slot marked phi is one where the mapping reads it or records are known by it; any other is hidden, and
    nothing of it is loaded. Of one whose schema says what its cells are (a type, a list, a form) only cells with a
    finding are looked at as texts; `checked` are the columns that have any.
    """
    found = []
    slots: dict[str, Slot] = schema_class.slots if schema_class else {}
    keys = {name for key in schema_class.unique_keys for name in key} if schema_class else set()
    for number, (name, header) in enumerate(zip(staged.names, staged.headers, strict=True), start=1):
        slot, cell = slots.get(name), quote(name)
        if slot is None:
            found.append(TextColumn(number, header, cell, staged.table))
        elif slot.annotations.get("phi", "").lower() != "true" or slot.identifier or name in keys | reads.columns:
            free = (
                slot.range == "string"
                and slot.permissible_values is None
                and slot.pattern is None
                and not _FORMS & slot.annotations.keys()
            )
            dates = slot.range not in ("date", "datetime") and name not in reads.dates
            is_cell = slot.annotations.get("phi", "").lower() != "true"  # else the mapping knows what it is
            found.append(TextColumn(number, header, cell, staged.table, free, dates, is_cell=is_cell))
            if not free and number in checked:
                lines = f"SELECT line FROM harmonize.finding WHERE file_id = {staged.file_id} AND column_id = {number}"
                bad = f"(FROM {staged.table} WHERE line_ IN ({lines}))"
                found.append(TextColumn(number, header, cell, bad, True, dates, is_cell=is_cell))
    return found


def withheld_columns(staged: Staged, schema_class: ClassDef | None, reads: ClassReads) -> list[int]:
    """The numbers of the columns of which no cell is loaded, since they are what identifies people: slots marked phi
    that no mapping reads, and columns named like them that no schema knows."""
    slots: dict[str, Slot] = schema_class.slots if schema_class else {}
    keys = {name for key in schema_class.unique_keys for name in key} if schema_class else set()
    own = list(enumerate(zip(staged.names, staged.headers, strict=True), start=1))
    suspects = set(named_like_identifiers(header for _, (name, header) in own if name not in slots))
    return [
        number
        for number, (name, header) in own
        if (header in suspects if name not in slots else _is_hidden(slots[name], keys | reads.columns))
    ]


def _is_hidden(slot: Slot, used: set[str] | frozenset[str]) -> bool:
    return slot.annotations.get("phi", "").lower() == "true" and not slot.identifier and slot.name not in used


def check(
    con: DuckDBPyConnection,
    staged: Staged,
    schema_class: ClassDef | None,
    submission: int,
    rules: dict[str, int],
    reads: ClassReads,
    *,
    tokens: bool = False,
) -> None:
    """Insert the findings of a staged file; `rules` are the numbers of the rules by id, `tokens` says that there are
    names to be looked for (identity_known).

    The other rules have run: a cell that they refuse is looked at, too, and `settle` decides what is told of it.
    """
    rows = con.execute(
        "SELECT DISTINCT column_id FROM harmonize.finding WHERE file_id = ? AND line IS NOT NULL", [staged.file_id]
    ).fetchall()
    declared = set(schema_class.slots) if schema_class else set()
    suspects = named_like_identifiers(
        header for name, header in zip(staged.names, staged.headers, strict=True) if name not in declared
    )
    for header in suspects:
        con.execute(
            "INSERT INTO harmonize.finding VALUES (?, ?, ?, 1, ?, NULL)",
            [submission, rules["phi_column"], staged.file_id, staged.headers.index(header) + 1],
        )
    find_coded(con, staged, submission, rules, reads.columns, reads.coded)
    columns = columns_of(staged, schema_class, {row[0] for row in rows}, reads)
    find(con, columns, declared=schema_class is not None)
    if tokens:
        _find_tokens(con, [column for column in columns if column.has_text])
    hit = [row[0] for row in con.execute("SELECT DISTINCT column_id FROM privacy_hit ORDER BY 1").fetchall()]
    if hit:
        notes = [number for number, name in enumerate(staged.names, start=1) if name in reads.notes]
        make_masks(con, notes, tokens=tokens)
        _note(con, staged, submission, rules, hit, notes)


def _find_tokens(con: DuckDBPyConnection, columns: Sequence[TextColumn]) -> None:
    """Add the texts that hold a known name, number or address."""
    begin_tokens(con)
    for texts, numbers in texts_of(con, columns):
        find_tokens(con, texts, numbers)


def _note(
    con: DuckDBPyConnection,
    staged: Staged,
    submission: int,
    rules: dict[str, int],
    hit: Sequence[int],
    notes: Sequence[int],
) -> None:
    """Keep the texts of these columns in private_text, and insert their findings."""
    if con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'private_text'").fetchone() is None:
        create_private_text(con)
    kinds = {rule.rule: rule.kind for rule in privacy_rules() if rule.kind}
    con.execute(
        sql("validation/private_text_of_file"),
        {
            "file": staged.file_id,
            "errors": [rule.rule for rule in privacy_rules() if rule.severity == "error"],
            "notes": notes,
            "rules": list(kinds),
            "kinds": list(kinds.values()),
        },
    )
    numbers = " ".join(f"WHEN {literal(rule.rule)} THEN {rules[rule.rule]}" for rule in privacy_rules())
    for start in range(0, len(hit), AT_ONCE):
        some = hit[start : start + AT_ONCE]
        cells = ", ".join(quote(staged.names[number - 1]) for number in some)
        statement = sql("validation/private_finding")
        con.execute(
            statement.format(columns=some, cells=cells, table=staged.table, numbers=numbers),
            {"submission": submission, "file": staged.file_id},
        )
