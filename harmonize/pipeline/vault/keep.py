"""During a load: the identifying values that are not loaded go to the vault, linked by pseudonym."""

from __future__ import annotations

import hmac
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import now
from harmonize.audit.rules import rules_of
from harmonize.engine.errors import InputError, RefusedError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import quote
from harmonize.engine.store_key import use_store_key
from harmonize.pipeline.hub import hub_tables
from harmonize.pipeline.rows import columns_of
from harmonize.pipeline.sources.fhir import StagedResources
from harmonize.pipeline.sources.tables import StagedTables
from harmonize.pipeline.vault.vault import opened_vault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from harmonize.pipeline.ledger.records import StagedFile
    from harmonize.pipeline.sources.delivery import Delivery, Staged
    from harmonize.pipeline.vault.files import VaultFiles
    from harmonize.pipeline.vault.vault import Sealer, Vault

_PAGE = 10_000
KINDS = "tables (ehr, gen3, cirr, ricord) and FHIR"


class Keeping:
    """What a load with retained PHI writes to its vault; nothing without one."""

    def __init__(self, vault: Vault | None = None, sealer: Sealer | None = None) -> None:
        self._vault, self._sealer = vault, sealer
        self._delivery: str | None = None

    def keep(self, con: DuckDBPyConnection, delivery: Delivery, staged: Staged) -> dict[str, Any] | None:
        """Seal the values that are withheld of a delivery, and commit the vault; what the audit log says of it.

        Called last in the transaction of the load. None where no PHI is retained.
        """
        if self._vault is None or self._sealer is None:
            return None
        lost = [0]
        with_names = _named(con, _values(con, delivery, staged), lost)
        name, count = self._vault.add(self._sealer, delivery.submission, delivery.project_id, now(), with_names)
        self._delivery = name
        self._vault.commit()
        return {"delivery": name, "values": count, "of_nobody": lost[0]}

    def undo(self) -> None:
        """Take out again what was kept of a load that was not committed."""
        if self._vault is not None and self._delivery is not None:
            self._vault.forget(deliveries=[self._delivery])
            self._vault.commit()


@contextmanager
def keeping(con: DuckDBPyConnection, project: str, source: str, files: VaultFiles | None) -> Iterator[Keeping]:
    """What keeps the identifying values of a load in the vault; without `files` nothing does.

    Raises RefusedError where the rules of the project do not allow it, InputError for a source of which nothing can be
    retained, and for a key that is lost, wrong or beside the vault; all of these before anything is read.
    """
    if files is None:
        yield Keeping()
        return
    if not rules_of(con, project).retained_phi:
        raise RefusedError(
            f"The rules of the project {project} do not allow retained PHI; nothing was loaded.",
            f"retained_phi: true in a file, and: harmonize project rules {project} --file FILE",
        )
    if source in ("dicom", "idc"):
        raise InputError(f"--retained-phi is for {KINDS}; headers of images come de-identified.")
    key = files.read_key()
    with opened_vault(files.vault, create=True) as vault:
        vault.belongs_to(store_mark(con))
        kept = Keeping(vault, vault.unlock(key))
        vault.commit()
        try:
            yield kept
        except BaseException:
            kept.undo()
            raise


def told_of_vault(kept: dict[str, Any] | None) -> list[str]:
    """What a load says of what it kept in the vault."""
    if kept is None:
        return []
    told = [
        f"{kept['values']:,} identifying values went to the vault, embargoed for good. What is de-identified waits for "
        "its release."
    ]
    if kept["of_nobody"]:
        told.append(f"{kept['of_nobody']:,} more are of no person that was loaded, and were not kept.")
    return told


def pseudonym(key: bytes, project: str, case: str) -> str:
    """What the vault calls a case: a hash with the key of the store, from which nobody without it finds the case."""
    return hmac.digest(key, f"vault\n{project}\n{case}".encode(), "sha256").hex()


def store_key(con: DuckDBPyConnection) -> bytes:
    """The key of the store with which pseudonyms are made."""
    use_store_key(con)
    row = con.execute("SELECT key FROM harmonize.store_key").fetchone()
    return bytes.fromhex(str(row[0])) if row else b""


def store_mark(con: DuckDBPyConnection) -> str:
    """By what a vault knows its store."""
    return hmac.digest(store_key(con), b"vault of this store", "sha256").hex()


def _values(con: DuckDBPyConnection, delivery: Delivery, staged: Staged) -> Iterator[tuple[Any, ...]]:
    """(project, case, source, place, field, value) of what is withheld."""
    hub = " UNION ALL ".join(
        f"SELECT record_id, project_id, case_key FROM midrc.{quote(table)}"
        for table in hub_tables(con)
        if {"case_key", "project_id", "record_id"} <= set(columns_of(con, f"midrc.{quote(table)}"))
    )
    con.execute(sql("vault/record_case").format(hub=hub))
    if isinstance(staged, StagedTables):
        for file in staged.tables:
            yield from _of_table(con, delivery, staged, file)
    elif isinstance(staged, StagedResources):
        yield from _pages(con, sql("vault/fhir_value"), {"base": staged.base})


def _of_table(
    con: DuckDBPyConnection, delivery: Delivery, staged: StagedTables, file: StagedFile
) -> Iterator[tuple[Any, ...]]:
    from harmonize.validation.privacy.cells import withheld_columns

    table = file.staged
    withheld = withheld_columns(table, file.cls, staged.reads(delivery)[file.cls.name])
    rows = con.execute("SELECT DISTINCT column_id FROM private_text WHERE file_id = ?", [table.file_id]).fetchall()
    looked_at = sorted({*withheld, *(number for (number,) in rows)})
    if looked_at:
        statement = sql("vault/table_value").format(
            numbers=looked_at,
            cells=", ".join(quote(table.names[number - 1]) for number in looked_at),
            columns=withheld,
            table=table.table,
        )
        yield from _pages(con, statement, {"file": table.file_id, "name": file.source.name})


def _pages(con: DuckDBPyConnection, statement: str, put_in: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    found = con.execute(statement, put_in)
    while page := found.fetchmany(_PAGE):
        yield from page


def _named(
    con: DuckDBPyConnection, values: Iterator[tuple[Any, ...]], lost: list[int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The values by the pseudonym of whose they are. Those of nobody are counted in `lost`, and not kept: nothing could
    lead to them but reading the whole vault."""
    key = store_key(con)
    for project, case, source, place, field, value in values:
        if case is None:
            lost[0] += 1
            continue
        told = {"file": source, "line": place, "field": field, "value": value}
        yield pseudonym(key, project, case), told
