"""FHIR resources as records, each known by its type and id; views make the rows that are mapped.

A contained resource belongs to its parent, a Bundle's wrapper is a record of its own. The views are those of the
mapping's folder (load/*.json); each of them parses the resources of its type once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.intake.fhir.content import CONTENT
from harmonize.intake.fhir.parts import BLOCK_BITS, parts, resource_parts
from harmonize.intake.fhir.reference import note_identifiers
from harmonize.mapping.select import RECORD_ID, RECORD_KEY
from harmonize.mapping.views.fhir_load import KEY, SETTINGS
from harmonize.pipeline.ledger.records import SCREEN, create_incoming, note_required, type_id
from harmonize.pipeline.ledger.rekey import create_rekey, rekey
from harmonize.pipeline.project import CHOICES, find_project
from harmonize.pipeline.sources.delivery import Staged
from harmonize.pipeline.sources.fhir_columns import write_elements
from harmonize.pipeline.sources.fhir_private import hide_cells

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.fhir.stage import FhirFile
    from harmonize.intake.source_file import SourceFile
    from harmonize.mapping.views.compile import Source
    from harmonize.mapping.views.shape import Present
    from harmonize.mapping.views.view import View
    from harmonize.pipeline.project import Project
    from harmonize.pipeline.sources.delivery import Delivery

PREFIX = "fhir."
"""Before a resource type, what makes it a record type."""
ELEMENT = "element"
"""The column of a view that tells the rows of one resource apart: part of the row's key, never its position."""


@dataclass(frozen=True)
class StagedResources(Staged):
    """The files of a FHIR delivery, those that are `unread` apart; the record of a row of fhir_resource is `base` + its
    rowid. `renames`: records that
    the store has under a key that is hidden now are renamed. `told`: a relation of what is wrong with references, where
    that is known for a larger whole."""

    inbox: list[FhirFile]
    unread: list[FhirFile]
    base: int
    types: tuple[str, ...]
    notes: list[str]
    renames: bool = True
    told: str | None = None
    progress: Callable[[str], None] | None = None

    def files(self) -> int:
        """How many files were read."""
        return len(self.inbox)

    def data_pull(self) -> date | None:
        """The latest transactionTime of the manifests (Bulk Data Access IG: data as of that instant)."""
        return max((file.data_pull for file in self.inbox if file.data_pull is not None), default=None)

    def record_types(self) -> list[str]:
        """The types of the resources that the delivery holds."""
        from harmonize.validation.fhir.shown import shown_type

        return sorted({PREFIX + shown_type(name) for name in self.types})

    def check(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """Write the files to harmonize.source_file and what is wrong with the resources to harmonize.finding."""
        from harmonize.validation.fhir.check import check_fhir
        from harmonize.validation.fhir.delivery import hide_told_names
        from harmonize.validation.privacy import identity

        mapping = (delivery.folder, delivery.plan)
        told = check_fhir(
            con,
            self.inbox,
            delivery.submission,
            elements=True,
            vocabulary="",
            mapping=mapping,
            project=delivery.project_id,
            told=self.told,
            progress=self.progress,
        )
        named = hide_told_names(con, [*self.inbox, *self.unread], delivery.submission)
        self.inbox[:], unread = named[: len(self.inbox)], named[len(self.inbox) :]
        self.notes.extend(f"{file.source.name} was not read: {file.why}" for file in unread)
        con.execute(
            sql("fhir/source_file"),
            {
                "submission": delivery.submission,
                "ids": [file.file_id for file in self.inbox],
                "names": [file.source.name for file in self.inbox],
                "sizes": [file.source.size for file in self.inbox],
                "digests": [file.source.sha256 for file in self.inbox],
                "counts": [file.records for file in self.inbox],
            },
        )
        identity.keep(con, delivery.project_id)
        self.notes.extend(told)
        hide_cells(con, delivery.project_id)
        note_required(con, ())

    def read_incoming(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """Make the temp table `incoming`, one row a resource, Bundle wrapper or broken line."""
        from harmonize.mapping.views.definitions import resource_types
        from harmonize.validation.fhir.shown import shown_type

        create_incoming(con)
        project = find_project(con, delivery.project_id)
        con.execute(
            sql("fhir/file_role"),
            {
                "files": [file.file_id for file in self.inbox],
                "names": [file.source.name for file in self.inbox],
                "roles": [file.role for file in self.inbox],
            },
        )
        con.execute(
            sql("fhir/type"),
            {
                "types": list(self.types),
                "record_types": [type_id(con, "record_type", "name", PREFIX + shown_type(name)) for name in self.types],
                "known": [name in resource_types() for name in self.types],
                "settings": [_setting(project, SETTINGS[name]) if name in SETTINGS else "" for name in self.types],
            },
        )
        con.execute(
            sql("fhir/incoming"),
            {
                "base": self.base,
                "prefix": f"{delivery.project_id}|{PREFIX}",
                "version": delivery.plan.version + SCREEN,
                "content": CONTENT,
            },
        )
        if self.renames:
            con.execute(sql("fhir/former_content"), {"base": self.base, "version": delivery.plan.version + SCREEN})
        if self.renames and con.execute("SELECT 1 FROM fhir_private_id LIMIT 1").fetchone():
            create_rekey(con)
            con.execute(sql("fhir/rekey"), {"prefix": f"{delivery.project_id}|{PREFIX}"})
            rekey(con, delivery.schema.name)
        con.execute(sql("fhir/newer_version"), {"base": self.base})
        mapped = {_view(delivery.folder, entry.source).resource for entry in delivery.plan.entries}
        con.execute(sql("fhir/mapped_type"), {"types": sorted(mapped)})
        con.execute(sql("fhir/type_reason"), {"file": str(delivery.folder / "excluded_types.tsv")})

    def refuse_lost(self, con: DuckDBPyConnection) -> None:
        """See Staged. Raises InputError with how many there are, and where the first is."""
        if self.told is not None:
            return  # what is wrong with references was found for the whole, of which this is a part
        row = con.execute(sql("fhir/lost_subject"), {"base": self.base}).fetchone()
        if row and row[0]:
            file = next(file.source.name for file in self.inbox if file.file_id == row[1])
            raise InputError(
                f"{row[0]:,} changed resources name their patient by a urn:uuid: or an identifier that neither the "
                f"delivery nor the store knows (first: {file}, line {row[2] or 1}). They would replace resources that "
                "are loaded, whose rows would go.",
                "Deliver the patients with them, in the Bundle that explains the references, or refer to Patient/id. "
                "If the rows are to go, add --allow-deletions.",
            )

    def source_rows(self, con: DuckDBPyConnection, delivery: Delivery, project: Project) -> dict[str, str]:
        """Source class → temp table of the rows that its view gives of new and changed resources."""
        source = self._source(con)
        sources, present = _parts(con, source, self.base), _present(con)
        views: dict[str, str] = {}
        for name in dict.fromkeys(entry.source for entry in delivery.plan.entries):
            view = _view(delivery.folder, name)
            if view.resource in sources and _may_have_rows(view, present):
                views[name] = f"source_{len(views)}"
                make = f"CREATE OR REPLACE TEMP TABLE {views[name]} AS"
                for part in sources[view.resource]:
                    con.execute(f"{make} {_rows(view, part, project, present.get(view.resource))}")
                    make = f"INSERT INTO {views[name]}"
        _only_known_parts(con, delivery, views)
        return views

    def _source(self, con: DuckDBPyConnection) -> Source:
        """The new and changed resources as views read them, contained Medications beside their parents."""
        from harmonize.intake.fhir.reference import drop_references
        from harmonize.mapping.views.compile import Source

        con.execute(sql("views/functions"))
        if con.execute(sql("fhir/unexplained")).fetchone() is None:
            con.execute(sql("fhir/source").format(base=self.base, references="", resolved=""))
            return Source("fhir_source", ("record_id", "record_key"), "record_key")
        _resolve(con)
        drop_references(con)
        references = ", {'target': x.target, 'key': x.key} AS _references"
        resolved = "LEFT JOIN fhir_resolved x ON x.resource = r.rowid"
        con.execute(sql("fhir/source").format(base=self.base, references=references, resolved=resolved))
        return Source("fhir_source", ("record_id", "record_key"), "record_key", "_references")

    def note_lookups(self, con: DuckDBPyConnection, delivery: Delivery, views: dict[str, str]) -> None:
        """A resource names another by its key in the hub; nothing is looked up."""

    def left_out(self) -> list[str]:
        """Resource types that are not mapped, with their reason."""
        return [sql("fhir/left_out").format(base=self.base)]

    def write_columns(self, con: DuckDBPyConnection, delivery: Delivery) -> None:
        """harmonize.ledger_column: what became of the elements of the resources, over all files."""
        write_elements(con, delivery, self.base)
        note_identifiers(con, self.base)


def stage_resources(
    con: DuckDBPyConnection, found: list[SourceFile], notes: list[str], note: Callable[[str], None]
) -> StagedResources:
    """Stage every resource of the delivery's files. Raises InputError where none holds any."""
    from harmonize.intake.fhir.stage import stage_fhir

    row = con.execute(
        "SELECT (SELECT coalesce(max(file_id), 0) FROM harmonize.source_file), "
        "(SELECT coalesce(max(record_id), 0) + 1 FROM harmonize.record)"
    ).fetchone()
    last_file, base = row or (0, 1)
    files = stage_fhir(con, found, last_file + 1, note)
    read = [file for file in files if file.form is not None]
    unread = [file for file in files if file.form is None and file.source.format != "skipped"]
    if not read:
        raise InputError(
            "Nothing in the delivery is FHIR.", "; ".join(f"{f.source.name}: {f.why}" for f in files[:3]) or None
        )
    types = con.execute(
        "SELECT DISTINCT coalesce(nullif(resource_type, ''), 'unknown') FROM fhir_resource ORDER BY 1"
    ).fetchall()
    return StagedResources(read, unread, base, tuple(name for (name,) in types), notes, progress=note)


def _resolve(con: DuckDBPyConnection) -> None:
    """Make the temp table fhir_resolved; lists are made in memory, so part by part."""
    con.execute(sql("fhir/explained"))
    for first, last in resource_parts(con):
        con.execute(sql("fhir/resolved"), {"first": first, "last": last})


def _parts(con: DuckDBPyConnection, source: Source, base: int) -> dict[str, list[Source]]:
    """The sources of each resource type, in parts of which each is parsed at once."""
    blocks: dict[str, list[tuple[int, int]]] = {}
    for resource_type, block, size in con.execute(sql("fhir/parts").format(bits=BLOCK_BITS, base=base)).fetchall():
        blocks.setdefault(resource_type, []).append((block, size))
    return {
        name: [
            replace(source, relation=f"(FROM {source.relation} WHERE resource BETWEEN {first} AND {last})")
            for first, last in parts(con, some)
        ]
        for name, some in blocks.items()
    }


def _view(folder: Path, name: str) -> View:
    from harmonize.mapping.views.view import read_view

    return read_view(folder / "load" / f"{name}.json")


def _present(con: DuckDBPyConnection) -> dict[str, Present]:
    """What the resources of each type have, contained ones too, where the screen could tell of all of them."""
    from harmonize.mapping.views.shape import Present

    return {name: Present.of(leaves, several) for name, leaves, several in con.execute(sql("fhir/present")).fetchall()}


def _may_have_rows(view: View, present: dict[str, Present]) -> bool:
    """Whether some resource may have what each row of a view comes from."""
    from harmonize.mapping.views.compile import needed

    told = present.get(view.resource)
    return told is None or not told.lacks(*needed(view))


def _rows(view: View, source: Source, project: Project, present: Present | None) -> str:
    """SELECT of a view's rows for the mapping; rows of a resource with one element are told apart by their content."""
    from harmonize.mapping.views.compile import compile_views

    compiled = compile_views([view], source, keys=True, text=True, present=present)
    rows = compiled.statement(compiled.views[0])
    names = [column.name for column in view.columns()]
    key = "record_key"
    if ELEMENT in names:
        cells = ", chr(31), ".join(map(quote, names))
        number = f"row_number() OVER (PARTITION BY record_id, {ELEMENT} ORDER BY md5(concat({cells})))"
        key = f"record_key || '#' || coalesce({ELEMENT}, '') || CASE WHEN {number} > 1 THEN '~' || {number} ELSE '' END"
    setting = SETTINGS.get(view.resource)
    extra = f", {literal(_setting(project, setting))} AS {setting}" if setting else ""
    keys = f"record_id AS {RECORD_ID}, {key} AS {RECORD_KEY}, record_key AS {KEY}"
    return f"SELECT {keys}, * EXCLUDE (record_id, record_key){extra} FROM ({rows})"


def _setting(project: Project | None, name: str) -> str:
    """A project's setting, else its default: the first choice."""
    value: str | None = getattr(project, name) if project else None
    return value or CHOICES[name][0]


def _only_known_parts(con: DuckDBPyConnection, delivery: Delivery, views: dict[str, str]) -> None:
    """Encounters stay parts of another one only where that is known, for the same patient; else they stand alone."""
    encounters = views.get("Encounter")
    if encounters is None:
        return
    stand = [
        f"SELECT s.{KEY}, split_part(s.patient, '/', 2) FROM {encounters} s WHERE {entry.when.sql}"
        for entry in delivery.plan.entries
        if entry.source == "Encounter" and entry.when is not None
    ]
    con.execute(
        sql("fhir/known_part").format(
            table=encounters, delivered=" UNION ".join(stand), project=literal(delivery.project_id)
        )
    )
