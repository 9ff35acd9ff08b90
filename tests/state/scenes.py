"""The scenes whose whole state is compared: what each makes, as texts by the names of its expected files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import hub_rows
from duckdb import DuckDBPyConnection
from hub_cases import Hub
from shown import Shown
from stores import copied

from harmonize.export.gen3 import export_gen3

EXPECTED = Path(__file__).parent / "expected"
NOT_SHOWN = frozenset({
    "omop.concept", "omop.concept_class", "omop.concept_relationship", "omop.relationship", "omop.domain",
    "omop.vocabulary", "omop.cdm_source", "harmonize.rule", "harmonize.record", "harmonize.lineage",
    "harmonize.concept_layer", "harmonize.store_version", "harmonize.vocabulary_load", "harmonize.row_id",
    "harmonize.value_set", "harmonize.mapping", "harmonize.record_type", "harmonize.mapping_identity",
    "harmonize.store_key", "harmonize.row_id_retired",
})  # fmt: skip
"""The vocabulary, numbers and keys, and what other tables show as well."""


def tables(con: DuckDBPyConnection, schemas: tuple[str, ...]) -> dict[str, str]:
    """The tables and views of the schemas that have rows."""
    shown = Shown(con)
    names = con.execute(
        "SELECT table_schema || '.' || table_name, table_schema || '.\"' || table_name || '\"' "
        "FROM information_schema.tables WHERE list_contains($1, table_schema) ORDER BY ALL",
        [list(schemas)],
    ).fetchall()
    found = {
        name: shown.table(relation)
        for name, relation in names
        if name not in NOT_SHOWN and not name.startswith("harmonize.suggest")
    }
    return {name: text for name, text in found.items() if text.count("\n") > 1}


def gen3(folder: Path) -> dict[str, str]:
    """The files of a Gen3 export."""
    files = sorted(folder.glob("*.tsv"))
    return {f"gen3.{file.stem}": file.read_text(encoding="utf-8") for file in files}


def hub(empty_store: Path, folder: Path) -> dict[str, str]:
    """Rows of the hub as the sources never give them all at once, derived together."""
    with copied(empty_store, folder) as store:
        Hub(store).fill(*hub_rows.hub())
        export_gen3(store, folder / "gen3", dataset="Batch")
        made = ("imaging_study",)  # all other rows of the hub are as they were written
        texts = tables(store.con, ("omop", "linked", "harmonize"))
        shown = Shown(store.con)
        texts |= {f"midrc.{name}": shown.table(f"midrc.{name}") for name in made}
    return texts | gen3(folder / "gen3")


SCENES: dict[str, Callable[[Path, Path], dict[str, str]]] = {"hub": hub}
