"""How names and values get into the text of SQL: a name quoted, a value as a literal. Nothing else quotes.

In the files under sql/, `{name}` stands for an identifier, a relation or another piece of SQL, filled in before the
statement is run; `$name` for a value, which DuckDB binds. Literals are for where DuckDB binds none: paths of COPY and
of readers, patterns (compiled once where they are constant), the bodies of views and macros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def quote(name: str) -> str:
    """A name as an SQL identifier: CDM column names such as `offset` are keywords."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Texts as literals, a comma between them: what stands in IN (...) and in a list."""
    return ", ".join(map(literal, texts))
