"""What a check is: its kind (sql/quality/kinds.tsv) with the statement that counts, and what it is asked of."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import root, sql
from harmonize.engine.sql_text import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATEMENT = re.compile(
    r"SELECT\s+(?P<violated>.+) AS violated,\s+(?P<denominator>.+) AS denominator\s+(?P<source>.+)", re.DOTALL
)


@dataclass(frozen=True)
class Kind:
    """A kind of check as the Data Quality Dashboard (or one of our own) has it; `sql` names its statement."""

    check: str
    level: str
    category: str
    subcategory: str
    context: str
    severity: str
    sql: str
    description: str


@dataclass(frozen=True)
class Parts:
    """A statement that counts, in parts: checks with the same source are counted in one scan of it."""

    violated: str
    denominator: str
    source: str


@dataclass(frozen=True)
class Check:
    """One check of one table, field or concept. `told` and `filled` are its values as people and as SQL have them.

    A check of our own is of one `site`, and `text` is its whole statement.
    """

    kind: Kind
    table: str
    column: str = ""
    concept_id: str = ""
    unit_concept_id: str = ""
    threshold: float | None = None
    sql: str = ""
    site: str = ""
    text: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """As the Dashboard makes it: level, check, table, field, concept and unit."""
        parts = (
            self.kind.level,
            self.kind.check,
            self.table,
            self.column,
            self.concept_id,
            self.unit_concept_id,
            self.site,
        )
        return "_".join(part.replace(", ", "_") for part in parts if part).lower()

    @property
    def statement(self) -> str:
        """The name of the statement that counts, under sql/quality."""
        return self.sql or self.kind.sql

    @property
    def description(self) -> str:
        """One sentence for people."""
        said = {"table": self.table.upper(), "field": self.column.upper(), "concept_id": self.concept_id}
        return self.kind.description.format(**said, unit_concept_id=self.unit_concept_id, **self.told)

    @property
    def parts(self) -> Parts:
        """The statement, filled in."""
        template = _template(self.statement)
        names = {"table": quote(self.table), "field": quote(self.column), **self.filled}
        names |= {"concept_id": self.concept_id, "unit_concept_id": self.unit_concept_id}
        return Parts(*(part.format(**names) for part in (template.violated, template.denominator, template.source)))

    @property
    def query(self) -> str:
        """The whole statement."""
        if self.text:
            return self.text
        parts = self.parts
        return f"SELECT {parts.violated} AS violated, {parts.denominator} AS denominator\n{parts.source}"


@cache
def kinds() -> dict[tuple[str, str], Kind]:
    """(check, level) → kind."""
    with (root("sql") / "quality" / "kinds.tsv").open(encoding="utf-8", newline="") as stream:
        found = (Kind(**row) for row in csv.DictReader(stream, delimiter="\t"))
        return {(kind.check, kind.level): kind for kind in found}


@cache
def _template(name: str) -> Parts:
    text = re.sub(r"^--.*\n", "", sql(f"quality/{name}"), flags=re.MULTILINE)
    found = _STATEMENT.fullmatch(text.strip())
    if found is None:
        raise InternalError(f"sql/quality/{name}.sql does not select violated and denominator.")
    return Parts(found["violated"], found["denominator"], found["source"])
