"""The part of a load that is done once for all shards: read the delivery, decide what must be the same everywhere,
place the patients, and write the rows of each shard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.cluster.fhir import FIRST, FhirWhole
from harmonize.cluster.place import place_patients
from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.pipeline.sources.fhir import StagedResources

SHARED_TYPES = (
    "Organization", "Practitioner", "PractitionerRole", "Location", "Medication", "Substance", "HealthcareService",
    "Endpoint", "Group",
)  # fmt: skip
"""Types that are about no patient, whoever they name."""


@dataclass(frozen=True)
class Asked:
    """What a load was asked for, beside the paths and the dataset."""

    source: str
    project: str
    mapping: str | None = None
    strict_row: bool = False
    data_pull: date | None = None


@dataclass(frozen=True)
class Decided:
    """A delivery that is ready for its shards: which of them have rows of it, the number after that of its last record,
    and sentences for people."""

    whole: FhirWhole
    shards: list[int]
    next_record: int
    records: int
    notes: list[str]


def stage(
    store: Store, paths: list[Path], asked: Asked, folder: Path, shards: int, base: int, note: Callable[[str], None]
) -> Decided:
    """Stage a delivery into `folder`; `store` is the catalog. Raises InputError for what cannot be placed."""
    from harmonize.intake.discover import discover
    from harmonize.intake.fhir.stage import drop_fhir
    from harmonize.intake.sources import find_source, mapping_of
    from harmonize.mapping.compiler.compile import load_mapping, mapping_folder
    from harmonize.mapping.compiler.functions import install
    from harmonize.pipeline.hub import register_mapping
    from harmonize.pipeline.load import new_submission, told_apart
    from harmonize.pipeline.sources.fhir import stage_resources
    from harmonize.validation.fhir.check import lost_references
    from harmonize.validation.privacy.titles import hide_names
    from harmonize.vocabulary.value_sets import install as install_value_sets

    if find_source(asked.source).reads != "resources":
        raise InputError(
            f"--engine places the resources of --source fhir; {asked.source} is loaded into one store.",
            "Leave out --engine, and give --db FILE instead of --out.",
        )
    con = store.con
    name = mapping_of(asked.source, asked.mapping, False) or "fhir"
    plan, mappings = load_mapping(name), mapping_folder(name)
    install(con)
    notes: list[str] = []
    try:
        named, _held = hide_names(discover(paths))
        staged = stage_resources(con, named, notes, note)
        note("place")
        with store.transaction():
            notes += told_apart(con, plan, mappings)
            pull = asked.data_pull or staged.data_pull()
            submission = new_submission(con, asked.source, asked.project, plan, "upsert", pull)
            register_mapping(con, plan)
            install_value_sets(con, mappings, plan.name)
            lost_references(con, asked.project)
            _refuse_unplaced(con, staged, first=submission == 1)
            _place(con, asked.project, shards)
            _learn_names(con, asked.project)
            _note_shared(con, base)
        whole = FhirWhole(folder, submission, base, staged.inbox, staged.unread)
        touched = _write(con, folder, asked.project, shards)
        row = con.execute("SELECT coalesce(max(rowid), -1) + 1, count(*) FROM fhir_resource").fetchone() or (0, 0)
    finally:
        drop_fhir(con)
    return Decided(whole, touched, base + row[0], row[1], notes)


def _refuse_unplaced(con: DuckDBPyConnection, staged: StagedResources, *, first: bool) -> None:
    """Refuse what only one store can tell: deletions, several servers, references that earlier deliveries explain."""
    hint = "Leave out --engine, and load into one store with --db FILE."
    deleted = con.execute("SELECT 1 FROM fhir_resource WHERE method = 'DELETE' LIMIT 1").fetchone()
    if deleted or any(file.role == "deleted" for file in staged.inbox):
        raise InputError("The delivery deletes resources, which a dataset in shards does not do yet.", hint)
    servers = con.execute(sql("cluster/fhir_servers")).fetchall()
    if len(servers) > 1:
        raise InputError(f"The delivery names several servers ({servers[0][0]}, {servers[1][0]} ...).", hint)
    unknown = "SELECT 1 FROM fhir_reference WHERE kind IN ('conditional', 'urn') AND target_resource IS NULL LIMIT 1"
    if not first and con.execute(unknown).fetchone():
        raise InputError("The delivery names resources of former deliveries by identifiers or urn:uuid:.", hint)


def _place(con: DuckDBPyConnection, project: str, shards: int) -> None:
    from harmonize.mapping.views.definitions import resource_types

    con.execute(sql("cluster/fhir_resource"), {"known": sorted(resource_types()), "shared": list(SHARED_TYPES)})
    con.execute(sql("cluster/fhir_subject"))
    place_patients(con, project, shards)


def _learn_names(con: DuckDBPyConnection, project: str) -> None:
    """Keep the hashes of what people of the delivery are called: texts of every shard are looked over for them."""
    from harmonize.engine.store_key import use_store_key
    from harmonize.validation.privacy import identity

    use_store_key(con)
    identity.begin(con)
    con.execute(sql("validation/identity/fhir_said"))
    if identity.know(con, project):
        identity.keep(con, project)


def _note_shared(con: DuckDBPyConnection, base: int) -> None:
    con.execute(
        "INSERT INTO cluster.shared_record SELECT $base + resource, file_id, place FROM cluster_resource "
        "WHERE NOT is_sole AND resource NOT IN (SELECT resource FROM cluster_subject)",
        {"base": base},
    )


def _write(con: DuckDBPyConnection, folder: Path, project: str, shards: int) -> list[int]:
    """Write the rows of the shards and what is known of them; the shards that have any."""
    folder.mkdir(parents=True)
    given = {"project": project}
    con.execute(
        f"COPY ({sql('cluster/fhir_rows_shared')}) TO {literal(str(folder / 'shared.parquet'))} (FORMAT parquet)"
    )
    for name, statement in (
        ("binaries", "FROM fhir_named_binary"),
        ("foreign", "FROM fhir_foreign_resource"),
        ("holders", "FROM fhir_holder"),
    ):
        con.execute(f"COPY ({statement}) TO {literal(str(folder / f'{name}.parquet'))} (FORMAT parquet)")
    con.execute(f"COPY ({sql('cluster/fhir_told')}) TO {literal(str(folder / 'told.parquet'))} (FORMAT parquet)", given)
    con.execute(
        f"COPY ({sql('cluster/fhir_rows')}) TO {literal(str(folder / 'rows'))} (FORMAT parquet, PARTITION_BY (shard))",
        given,
    )
    own = {int(path.name.removeprefix("shard=")) for path in (folder / "rows").glob("shard=*")}
    some = con.execute(
        "SELECT count(*), count(*) FILTER (NOT is_sole) FROM cluster_resource "
        "WHERE resource NOT IN (SELECT resource FROM cluster_subject)"
    ).fetchone() or (0, 0)
    if some[1]:
        own |= set(range(FIRST, FIRST + shards))
    elif some[0] or not own:
        own.add(FIRST)
    return sorted(own)


def files_of(decided: Decided) -> Sequence[dict[str, Any]]:
    """The files of the delivery with their numbers of records."""
    return [{"file_id": file.file_id, "records": file.records} for file in decided.whole.inbox]
