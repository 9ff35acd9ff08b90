"""A site's own headers for the columns of a source schema, in one file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.text_file import read_bytes, read_text

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.schema.model import Schema

COLUMNS = ["class", "column", "header"]


def with_columns(schema: Schema, path: Path) -> Schema:
    """The schema with the headers of the file `path` as further spellings of its columns.

    The file is tab separated: class, column (as the schema heads it), header (as the site does). Raises InputError,
    with file and line, for a class or column that the schema lacks, and where a header or a column is named twice.
    """
    rows = _read(path)
    for place, name in ((0, "header"), (1, "column")):
        seen = Counter((row[0], row[2 - place].lower()) for _, row in rows)
        for line, row in rows:
            if seen[row[0], row[2 - place].lower()] > 1:
                raise InputError(f"{path}, line {line}: the {name} {row[2 - place]!r} of {row[0]} stands there twice.")
    classes = dict(schema.classes)
    for line, (owner, column, header) in rows:
        if owner not in classes:
            raise InputError(
                f"{path}, line {line}: the schema {schema.name} has no class {owner!r}.", did_you_mean(owner, classes)
            )
        slots = dict(classes[owner].slots)
        found = next((slot for slot in slots.values() if column in (slot.header, slot.name)), None)
        if found is None:
            known = [slot.header for slot in slots.values()]
            raise InputError(
                f"{path}, line {line}: the class {owner} has no column {column!r}.", did_you_mean(column, known)
            )
        spellings = "|".join(filter(None, [found.annotations.get("spellings", ""), header]))
        slots[found.name] = replace(found, annotations={**found.annotations, "spellings": spellings})
        classes[owner] = replace(classes[owner], slots=slots)
    return replace(schema, classes=classes)


def assumed(schema: Schema) -> list[str]:
    """A sentence on a schema that rests on assumptions (its annotation `assumed`), for those who use it."""
    why = schema.annotations.get("assumed")
    return [f"The schema {schema.name} is assumed: {why}."] if why else []


def version_with(version: str, path: Path) -> str:
    """A mapping's version together with a file of headers: with others, every record is a changed one."""
    return sha256(f"{version}\0".encode() + read_bytes(path)).hexdigest()


def _read(path: Path) -> list[tuple[int, tuple[str, str, str]]]:
    """(line, cells) of the file; lines that are blank or begin with # are passed over."""
    lines = read_text(path).splitlines()
    texts = [(n, line) for n, line in enumerate(lines, start=1) if line.strip() and not re.match(r"\s*#", line)]
    cells = [(number, [cell.strip() for cell in line.split("\t")]) for number, line in texts]
    if not cells or cells[0][1] != COLUMNS:
        raise InputError(f"{path}: the first line must be: {', '.join(COLUMNS)}, divided by tabs.")
    rows = []
    for number, row in cells[1:]:
        if len(row) != len(COLUMNS) or not all(row) or "|" in row[2]:
            raise InputError(
                f"{path}, line {number}: expected are a class, a column and a header, divided by tabs.",
                "A header with the character | cannot be named.",
            )
        rows.append((number, (row[0], row[1], row[2])))
    return rows
