"""FHIR resources of one shard: staged with the numbers, files and lines that they have in the delivery as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal
from harmonize.pipeline.sources.delivery import Part
from harmonize.pipeline.sources.fhir import StagedResources
from harmonize.pipeline.sources.fhir_columns import write_elements

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.intake.fhir.stage import FhirFile
    from harmonize.pipeline.sources.delivery import Delivery

FIRST = 1
"""The shard that counts what is about no patient, of which every shard has the rows."""


@dataclass(frozen=True)
class FhirWhole:
    """A FHIR delivery as the driver staged it: its files, the number of its first record, and the folder with its rows
    (harmonize.cluster.stage)."""

    folder: Path
    submission: int
    base: int
    inbox: list[FhirFile]
    unread: list[FhirFile]


@dataclass(frozen=True)
class FhirPart(Part):
    """The resources of a delivery that one shard loads."""

    whole: FhirWhole
    shard: int

    @property
    def submission(self) -> int:  # type: ignore[override]
        """The number of the submission."""
        return self.whole.submission

    def stage(self, con: DuckDBPyConnection, notes: list[str]) -> StagedResources:
        """See Part."""
        con.execute(sql("fhir/tables"))
        con.execute(sql("cluster/fhir_staged").format(shard=self.shard, **_relations(self.whole.folder, self.shard)))
        con.execute(sql("fhir/key"))
        counts = dict(con.execute("SELECT file_id, count(*) FROM fhir_resource GROUP BY ALL").fetchall())
        files = [
            replace(
                file,
                records=counts.get(file.file_id, 0),
                findings=file.findings if self.shard == FIRST else (),
            )
            for file in self.whole.inbox
        ]
        types = con.execute(
            "SELECT DISTINCT coalesce(nullif(resource_type, ''), 'unknown') FROM fhir_resource ORDER BY 1"
        ).fetchall()
        return _StagedPart(
            files,
            list(self.whole.unread) if self.shard == FIRST else [],
            self.whole.base,
            tuple(name for (name,) in types),
            notes,
            told="cluster_told",
            shard=self.shard,
            folder=self.whole.folder,
        )


def _relations(folder: Path, shard: int) -> dict[str, str]:
    """The relations that sql/cluster/fhir_staged.sql reads."""
    columns = "rowid, file_id, line, position, resource_type, id, full_url, method, json, problem"
    sole = "" if shard == FIRST else "WHERE NOT is_sole"
    rows = [f"SELECT {columns} FROM {_parquet(folder / 'shared.parquet')} {sole}"]
    own = folder / "rows" / f"shard={shard}"
    if own.is_dir():
        rows.append(f"SELECT {columns} FROM {_parquet(own / '*.parquet')}")
    return {
        "rows": f"({' UNION ALL '.join(rows)})",
        "other": _parquet(folder / "foreign.parquet"),
        **{name: _parquet(folder / f"{name}.parquet") for name in ("binaries", "holders", "told")},
    }


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))}, hive_partitioning = false)"


@dataclass(frozen=True)
class _StagedPart(StagedResources):
    """`folder` has what the shards are to know of each other."""

    shard: int = FIRST
    folder: Path = Path()

    def write_columns(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """See Staged. What the whole is to know goes beside it: codes, which are told at their first place, and
        elements, of which the resources that another shard counts are left out; in this store they are counted."""
        number = f"{self.shard:07d}.parquet"
        con.execute(f"COPY fhir_code TO {literal(str(self.folder / f'codes-{number}'))} (FORMAT parquet)")
        own = "SELECT * FROM harmonize.ledger_column WHERE submission_id = $submission"
        keep = f"COPY ({own}) TO {literal(str(self.folder / f'columns-{number}'))} (FORMAT parquet)"
        given = {"submission": delivery.submission}
        if self.shard != FIRST:
            con.execute(sql("cluster/copies").format(shared=_parquet(self.folder / "shared.parquet"), base=self.base))
            write_elements(con, delivery, self.base)
            con.execute(keep, given)
            con.execute("DELETE FROM harmonize.ledger_column WHERE submission_id = $submission", given)
            con.execute(sql("cluster/copies_back"))
        super().write_columns(con, delivery)
        if self.shard == FIRST:
            con.execute(keep, given)
            shared = _parquet(self.folder / "shared.parquet")
            elements = sql("cluster/shared_elements").format(shared=shared, base=self.base)
            con.execute(f"COPY ({elements}) TO {literal(str(self.folder / 'elements.parquet'))} (FORMAT parquet)")
