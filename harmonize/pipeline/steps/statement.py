"""One step: what its file makes, adds to or changes, what it reads, and what its head says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from harmonize.engine.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = re.compile(
    r"^-- (when|after|before|params|reads|rows|keeps|by|again|tells): (.+)$"
    r"|^-- (on demand|repeat: until no row changes)$"
)


@dataclass(frozen=True)
class Statement:
    """A step as its file says it; `writes` is what it makes, adds to or changes, `keeps` included."""

    name: str
    kind: str
    relation: str
    reads: frozenset[str]
    functions: frozenset[str]
    when: tuple[tuple[str, ...], ...]
    head: dict[str, list[str]]

    @property
    def folder(self) -> str:
        """The folder that it stands in."""
        return self.name.partition("/")[0]

    @property
    def on_demand(self) -> bool:
        """Whether it runs only where a step that reads it runs."""
        return "on demand" in self.head

    def said(self, key: str) -> str | None:
        """The one word that its head says of `key`."""
        return self.head[key][0] if key in self.head else None

    @property
    def keeps(self) -> str | None:
        """The temp table that holds the keys of the rows that it writes."""
        return self.said("keeps")

    @property
    def atoms(self) -> set[str]:
        """The classes of rows and relations that its head names in `when`."""
        return {atom for alternatives in self.when for atom in alternatives}

    @property
    def makes(self) -> set[str]:
        """The temp relations that are not there before it."""
        own = {self.relation} if self.kind in ("make", "define") else set()
        return own | ({self.keeps} if self.keeps else set())

    @property
    def adds(self) -> set[str]:
        """The relations that it adds to; the registry of ids, which all rows of OMOP are written into, left aside."""
        return {self.relation} if self.kind in ("add", "rows") else set()


def read_statement(folder: Path, path: Path) -> Statement:
    """Read one file. Raises InputError, beginning with the file, for what cannot be a step."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(folder).as_posix().removesuffix(".sql")
    head, when = _head(name, text)
    statements = [found for found in sqlglot.parse(text, read="duckdb") if found is not None]
    if not statements and "by" in head:
        return Statement(name, "make", _stem(name), frozenset(head.get("reads", [])), frozenset(), when, head)
    if len(statements) != 1 or isinstance(statements[0], exp.Command):
        raise fault(name, "it must be one statement that sqlglot understands")
    tree = statements[0]
    kind, relation = _kind(name, tree, head)
    if kind != "tell" and relation.rpartition(".")[2] != _stem(name):
        raise fault(name, f"it is about {relation}, so its name must begin with {relation.rpartition('.')[2]}")
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    target = _target(tree)
    reads = {
        ".".join(part for part in (table.db, table.name) if part)
        for table in tree.find_all(exp.Table)
        if table is not target and table.name and (table.db or table.name not in ctes)
    } | set(head.get("reads", []))
    functions = {call.name for call in tree.find_all(exp.Anonymous)}
    return Statement(name, kind, relation, frozenset(reads), frozenset(functions), when, head)


def _head(name: str, text: str) -> tuple[dict[str, list[str]], tuple[tuple[str, ...], ...]]:
    head: dict[str, list[str]] = {}
    when = []
    lines = text.split("\n")
    comments = lines[: next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))]
    for line in comments:
        found = HEAD.match(line)
        if not found:
            continue
        key, value = (found[1], found[2]) if found[1] else (found[3].partition(":")[0], "")
        if key == "when":
            when.append(tuple(value.split(" or ")))
        else:
            head.setdefault(key, []).extend(part.strip() for part in value.split(","))
    if not comments or HEAD.match(comments[0]):
        raise fault(name, "its first line must say in words what it is")
    return head, tuple(when)


def _kind(name: str, tree: exp.Expr, head: dict[str, list[str]]) -> tuple[str, str]:
    if isinstance(tree, exp.Create):
        this = tree.this
        made = this.this if isinstance(this, (exp.Schema, exp.UserDefinedFunction)) else this
        return ("make" if tree.kind == "TABLE" else "define"), _qualified(made)
    if isinstance(tree, exp.Insert):
        return "add", _qualified(_target(tree))
    if isinstance(tree, (exp.Update, exp.Delete)):
        return "change", _qualified(_target(tree))
    if isinstance(tree, exp.Query) and "rows" in head:
        return "rows", head["rows"][0]
    if isinstance(tree, exp.Query) and "tells" in head:
        return "tell", name
    raise fault(name, f"a {type(tree).__name__} is no step")


def _target(tree: exp.Expr) -> exp.Expr | None:
    if isinstance(tree, (exp.Create, exp.Insert, exp.Update, exp.Delete)):
        this: exp.Expr = tree.this
        return this.this if isinstance(this, (exp.Schema, exp.UserDefinedFunction)) else this
    return None


def _qualified(table: exp.Expr | None) -> str:
    if not isinstance(table, exp.Table):
        return ""
    return ".".join(part for part in (table.db, table.name) if part)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].partition(".")[0]


def fault(name: str, what: str) -> InputError:
    """What is wrong with a step, as an error that begins with its file."""
    return InputError(f"sql/steps/{name}.sql: {what}.")
