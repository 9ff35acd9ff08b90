"""A new vocabulary in a store: load it, translate value sets anew, derive every case anew, tell what that changed."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.pipeline import changes
from harmonize.pipeline.derive import touch_all
from harmonize.pipeline.finish import derive_again
from harmonize.vocabulary.load import Summary, load_download
from harmonize.vocabulary.value_sets import refresh

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

_CONCEPT = re.compile(r"concept_id$")
_NOT_OF_A_SOURCE = re.compile(r"(_type|_field|_source)_concept_id$")


@dataclass(frozen=True)
class Replaced(Summary):
    """What a vocabulary load did to the store. `changed` are rows inserted, replaced and deleted by table of omop; a
    row that came out as it was is none of them. `concepts` are what became of the concepts of the rows, most rows
    first: newly mapped, re-coded, gone (0 now), moved (to the table of another domain)."""

    before: str | None = None
    changed: dict[str, dict[str, int]] = field(default_factory=dict)
    concepts: tuple[dict[str, Any], ...] = ()


def load_vocabulary(store: Store, path: Path) -> Replaced:
    """Replace the store's vocabulary by the Athena download at `path` (folder or zip); rows that were loaded before are
    standardized anew with it. One transaction. Raises InputError for a download that cannot be read."""
    if not path.exists():
        raise InputError(f"{path} does not exist.", "Give the folder or zip of an Athena download.")
    with store.transaction() as con:
        changes.begin(con)
        before = _release(con)
        con.execute(sql("vocabulary/concept_before"))
        summary = load_download(con, path)
        refresh(con)
        changed: dict[str, dict[str, int]] = {}
        concepts: list[dict[str, Any]] = []
        held = con.execute("SELECT count(*) FROM harmonize.person_case").fetchone()
        if held and held[0]:
            touch_all(con)
            derive_again(con)
            changed = {
                table: counts
                for table, counts in changes.count_changes(con).items()
                if any(counts[kind] for kind in ("inserted", "replaced", "deleted"))
            }
            concepts = _recoded(con, changed)
        con.execute("DROP TABLE concept_before")
    return Replaced(**asdict(summary), before=before, changed=changed, concepts=tuple(concepts))


def _release(con: DuckDBPyConnection) -> str | None:
    row = con.execute("SELECT vocabulary_version FROM omop.vocabulary WHERE vocabulary_id = 'None'").fetchone()
    return row[0] if row else None


def _recoded(con: DuckDBPyConnection, changed: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """What became of the concepts of the rows of the changed tables, most rows first."""
    taken = {table for (table,) in con.execute("FROM taken_out").fetchall()}
    asked = [text for table in sorted(taken & changed.keys()) for text in _asked(con, table)]
    if not asked:
        return []
    every = " UNION ALL ".join(f"({text})" for text in asked)
    found = con.execute(f"FROM ({every}) ORDER BY row_count DESC, omop_table, column_name, source_value, before, after")
    names = [column[0].replace("row_count", "rows") for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _asked(con: DuckDBPyConnection, table: str) -> list[str]:
    """A statement for each column of the table that holds what a code of a source became."""
    names = [row[0] for row in con.execute(f"DESCRIBE omop.{table}").fetchall()]
    key = "person_id" if table == "death" else f"{table}_id"
    columns = [name for name in names if _CONCEPT.search(name) and not _NOT_OF_A_SOURCE.search(name)]
    return [
        sql("vocabulary/recoded").format(
            table=table,
            concept_column=column,
            source=_source(column, names),
            key=key,
            has_left=f"a.{key} IS NULL",
            is_main="true" if place == 0 else "false",
        )
        for place, column in enumerate(columns)
        if _source(column, names) is not None
    ]


def _source(column: str, names: list[str]) -> str | None:
    """The column that holds what the source wrote, beside that of the concept."""
    wanted = column.removesuffix("_as_concept_id").removesuffix("_concept_id") + "_source_value"
    return wanted if wanted in names else None
