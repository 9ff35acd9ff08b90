"""Stage a FHIR delivery: bulk-export NDJSON, Bundles, single resources, manifests; one row a resource.

The rows are in the temporary view fhir_resource (sql/fhir/tables.sql), which validation and load both read; its rowid
is a resource's key. `harmonize.intake.fhir.reference` resolves the references between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.progress import reached
from harmonize.engine.work_folder import work_folder
from harmonize.intake.fhir.binary import read_binaries
from harmonize.intake.fhir.bundle import stage_documents
from harmonize.intake.fhir.form import DOCUMENT, MANIFEST, NDJSON, fhir_form
from harmonize.intake.fhir.manifest import read_manifest
from harmonize.intake.fhir.ndjson import stage_ndjson
from harmonize.intake.fhir.nested import expand_nested
from harmonize.intake.fhir.reference import drop_references
from harmonize.intake.fhir.version import mark_foreign

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.staged import StructureFinding


_TABLES = (
    "fhir_bundle", "fhir_shape", "fhir_shape_path", "fhir_present", "fhir_content_hash", "fhir_without_content",
    "fhir_named_binary", "fhir_known_identifier", "fhir_known_uuid", "fhir_deleted", "fhir_foreign_resource",
    "fhir_holder", "fhir_key",
)  # fmt: skip


@dataclass(frozen=True)
class FhirFile:
    """A file of a FHIR delivery.

    `form` is ndjson, document (a Bundle or one resource) or manifest, None for a file that is not read (`why` says why
    in a sentence); `role` is what the manifest says that it holds: output, deleted or error. `records` counts its
    resources, Bundle wrappers and broken lines. `findings` are about the file as a whole; `data_pull` is the day of a
    manifest's transactionTime.
    """

    file_id: int
    source: SourceFile
    form: str | None
    why: str
    role: str = "output"
    records: int = 0
    findings: tuple[StructureFinding, ...] = ()
    data_pull: date | None = None


def stage_fhir(
    con: DuckDBPyConnection,
    files: Sequence[SourceFile],
    first_id: int = 1,
    progress: Callable[[str], None] | None = None,
) -> list[FhirFile]:
    """Stage the files of a delivery (as `discover` found them) into fhir_resource; file ids count from `first_id`.

    Nothing is staged by halves: a line, document or entry that cannot be read, or is of another version of FHIR than R4
    or R4B, is a row with `problem`. Call it outside a transaction: rowids of uncommitted rows are not dense. Raises
    InputError where all is of another version.
    """
    note = progress or (lambda _step: None)
    con.execute(sql("fhir/tables"))
    found = [FhirFile(first_id + number, file, *fhir_form(file)) for number, file in enumerate(files)]
    told: dict[int, list[StructureFinding]] = {file.file_id: [] for file in found}
    with work_folder("fhir") as work:
        whole, read = sum(file.source.size for file in found) or 1, 0
        for number, file in enumerate(found, start=1):
            reached(read / whole, (read := read + file.source.size) / whole)
            if file.form == NDJSON:
                note(f"read file {number} of {len(found)}")
                told[file.file_id] += stage_ndjson(con, file.source, file.file_id, work)
        documents = [(file.file_id, file.source) for file in found if file.form == DOCUMENT]
        if documents:
            note(f"read {len(documents):,} JSON documents")
            for file_id, finding in stage_documents(con, documents, work):
                told[file_id].append(finding)
        expand_nested(con)
    read_binaries(con)
    counts = dict(con.execute("SELECT file_id, count(*) FROM fhir_resource GROUP BY ALL").fetchall())
    roles: dict[int, str] = {}
    pulls: dict[int, date | None] = {}
    for manifest in (file for file in found if file.form == MANIFEST):
        said, pulled, findings = read_manifest(
            manifest.source, {file.file_id: (file.source.name, counts.get(file.file_id, 0)) for file in found}
        )
        roles.update(said)
        pulls[manifest.file_id] = pulled
        told[manifest.file_id] += findings
    mark_foreign(con, {file.file_id: file.source.name for file in found})
    return [
        replace(
            file,
            records=counts.get(file.file_id, 0),
            role=roles.get(file.file_id, "output"),
            findings=tuple(told[file.file_id]),
            data_pull=pulls.get(file.file_id),
        )
        for file in found
    ]


def drop_fhir(con: DuckDBPyConnection) -> None:
    """Remove what was staged."""
    drop_references(con)
    for table in _TABLES:
        con.execute(f"DROP TABLE IF EXISTS temp.{table}")
    con.execute("DROP VIEW IF EXISTS temp.fhir_resource")
    con.execute("DETACH DATABASE IF EXISTS fhir_staging")
