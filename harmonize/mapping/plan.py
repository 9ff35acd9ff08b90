"""A compiled mapping: for each class derivation one SELECT list over its source class. JSON-ready."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class DerivedColumn:
    """One derived slot.

    `sql` is a DuckDB expression over the alias `s` (the source rows) and the join aliases;
    `sources` are the safe names of the source columns it reads (of `s`, joins excluded);
    `fails_when` is a boolean expression true for rows on which linkml-map's own engine would raise: there
    `sql` gives NULL and the row gets a finding `mapping_error`. None where it cannot fail.
    `line` is the line in the specification file.
    """

    sql: str
    sources: tuple[str, ...] = ()
    fails_when: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Join:
    """A to-one join: alias → LEFT JOIN of one row of `source` where s.source_key = alias.lookup_key.

    `columns` are the columns of the looked-up class that the entry reads, the key included.
    """

    alias: str
    source: str
    source_key: str
    lookup_key: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One class derivation: at most one row of `target` per row of `source`.

    `when` (boolean SQL) says whether the row exists, `reason` (text SQL) why it does not, `part` is the
    stable constant part of the row's key. The reserved slots are not in `columns`.
    """

    target: str
    source: str
    part: str
    columns: dict[str, DerivedColumn]
    when: DerivedColumn | None = None
    reason: DerivedColumn | None = None
    joins: tuple[Join, ...] = ()
    line: int = 0
    description: str = ""


@dataclass(frozen=True)
class MappingPlan:
    """A compiled specification.

    `name` is the folder under mappings/ (e.g. `ehr/covid_19_ny_sbu`) or its path outside the package;
    `version` the sha256 of all files of that folder; `excluded` maps source class → column → reason.
    `project` holds the defaults of project.yaml (project_id, time policy ...), empty where there is none.
    """

    name: str
    version: str
    source_schema: str
    target_schema: str
    entries: tuple[Entry, ...]
    excluded: dict[str, dict[str, str]] = field(default_factory=dict)
    project: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict; `from_json` is its inverse."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> MappingPlan:
        """Rebuild a plan from `to_json`'s dict."""

        def column(raw: dict[str, Any] | None) -> DerivedColumn | None:
            return None if raw is None else DerivedColumn(**{**raw, "sources": tuple(raw["sources"])})

        entries = []
        for raw in data["entries"]:
            columns = {
                name: DerivedColumn(**{**c, "sources": tuple(c["sources"])}) for name, c in raw["columns"].items()
            }
            joins = tuple(Join(**{**join, "columns": tuple(join["columns"])}) for join in raw["joins"])
            rest = {**raw, "columns": columns, "joins": joins}
            entries.append(Entry(**{**rest, "when": column(raw["when"]), "reason": column(raw["reason"])}))
        return cls(**{**data, "entries": tuple(entries)})
