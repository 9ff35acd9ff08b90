"""Files that a mapping looks up and that were not delivered: what they give would be lost of rows that are loaded."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.pipeline.ledger.lookups import joins_of
from harmonize.validation.table.choose import class_of_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.mapping.plan import MappingPlan
    from harmonize.schema.model import ClassDef, Schema


def refuse_undelivered(
    con: DuckDBPyConnection,
    plan: MappingPlan,
    schema: Schema,
    delivered: Sequence[tuple[str, ClassDef]],
    project: str | None,
    without: Sequence[str],
    store: str | None = "",
) -> None:
    """Raise InputError where a delivered file, (name, class), looks up a class of which none was delivered and which
    `without` does not name: by its class, or by the name of a file of it, one of the store's included.

    `store` is the prefix of the store's schemas, None where there is none to ask.
    """
    classes = {cls.name for _, cls in delivered}
    lacking: dict[str, str] = {}
    for source, join in joins_of(plan, classes):
        if join.source not in classes:
            lacking.setdefault(join.source, next(name for name, cls in delivered if cls.name == source))
    known = {name: _last_file(con, schema, name, project, store) for name in lacking}
    left_out = {_class_meant(schema, text, known) for text in without}
    missing = {known[name] or name: name for name in lacking if name not in left_out}
    if not missing:
        return
    told = " and ".join(
        f"{lacking[name]} looks up {file if file == name else f'{file} ({name})'}" for file, name in missing.items()
    )
    raise InputError(
        f"{told}, of which no file was delivered; what it gives would be lost in all that is loaded.",
        f"Deliver the files together, or mean it: {' '.join(f'--without {shlex.quote(file)}' for file in missing)}",
    )


def _last_file(
    con: DuckDBPyConnection, schema: Schema, name: str, project: str | None, store: str | None
) -> str | None:
    """The name of the file by which the project's records of a class came last."""
    if store is None or project is None:
        return None
    row = con.execute(
        f"SELECT f.name FROM {store}harmonize.source_file f JOIN {store}harmonize.submission s USING (submission_id) "
        "WHERE s.project_id = ? AND s.state = 'loaded' AND f.record_type = ? ORDER BY f.file_id DESC LIMIT 1",
        [project, f"{schema.name}.{name}"],
    ).fetchone()
    return row[0] if row else None


def _class_meant(schema: Schema, text: str, known: dict[str, str | None]) -> str:
    """The class that a name given to --without stands for. Raises InputError where nothing delivered looks it up."""
    of_name = class_of_name(schema, text)
    meant = {name for name, file in known.items() if text in (name, file) or (of_name and of_name.name == name)}
    if not meant:
        raise InputError(
            f"--without {text}: no file of the delivery looks it up, or it was delivered.",
            did_you_mean(text, [file or name for name, file in known.items()]),
        )
    return meant.pop()
