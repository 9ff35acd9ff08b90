"""What the calls take and give: paths as texts, rows that print as a table, the answer of a SELECT."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.plain import plain
from harmonize.export.frames import says_nothing

if TYPE_CHECKING:
    import duckdb
    import pandas
    import polars
    import pyarrow

    from harmonize.engine.store import Store

AnyPath = str | os.PathLike[str]
Paths = AnyPath | Iterable[AnyPath]
MOST_SHOWN = 50
_LONGEST = 60


def as_paths(paths: Paths) -> list[Path]:
    """One path or several."""
    return [Path(paths)] if isinstance(paths, (str, os.PathLike)) else [Path(path) for path in paths]


def as_path(path: AnyPath | None) -> Path | None:
    """The path, where one is given."""
    return None if path is None else Path(path)


@contextmanager
def maybe_store(db: AnyPath | None, wait: float = 10.0) -> Iterator[Store | None]:
    """The store to be read, where one is named."""
    if db is None:
        yield None
        return
    from harmonize.pipeline.stores import open_current

    with open_current(Path(db), read_only=True, wait=wait) as store:
        yield store


@contextmanager
def store_or_starter(db: AnyPath | None, wait: float = 10.0) -> Iterator[Store]:
    """The store to be read, or without one a new store with the starter vocabulary that is thrown away."""
    from harmonize.pipeline.stores import open_current

    with maybe_store(db, wait) as store:
        if store is not None:
            yield store
            return
    from harmonize.engine.work_folder import work_folder

    with work_folder("starter") as folder, open_current(Path(folder) / "starter.duckdb", create=True) as store:
        yield store


class Rows(list[dict[str, Any]]):
    """Rows of equal keys: a list of dicts that prints as a table."""

    def __repr__(self) -> str:
        if not self:
            return "(no rows)"
        from harmonize.report.table import table_text

        text = table_text(list(self[0]), [list(row.values()) for row in self[:MOST_SHOWN]], _LONGEST)
        more = len(self) - MOST_SHOWN
        return text.rstrip("\n") + (f"\n… and {more:,} more rows" if more > 0 else "")

    def _repr_html_(self) -> str:
        if not self:
            return "<p>(no rows)</p>"
        more = len(self) - MOST_SHOWN
        return _table(list(self[0]), (row.values() for row in self[:MOST_SHOWN])) + (
            f"<p>… and {more:,} more rows</p>" if more > 0 else ""
        )

    def df(self) -> pandas.DataFrame:
        """The rows as a data frame of pandas."""
        require("pandas", "analysis", ".df()")
        import pandas

        frame: pandas.DataFrame = pandas.DataFrame(list(self))
        return frame


class Told(Rows):
    """Rows with what is to be known of them: `notes` are sentences, printed below the rows."""

    def __init__(self, found: Iterable[dict[str, Any]], notes: Iterable[str]) -> None:
        super().__init__(found)
        self.notes = list(notes)

    def __repr__(self) -> str:
        return "\n".join([super().__repr__().rstrip("\n"), *(plain(note) for note in self.notes)])

    def _repr_html_(self) -> str:
        return super()._repr_html_() + "".join(f"<p>{escape(plain(note))}</p>" for note in self.notes)


class Record(dict[str, Any]):
    """One thing of many fields: a dict that prints a line a field, those without a value left out."""

    def __repr__(self) -> str:
        width = max((len(name) for name in self), default=0)
        return plain("\n".join(f"{name:<{width}}  {value}" for name, value in self.items() if value is not None))

    def _repr_html_(self) -> str:
        return _table(["field", "value"], ([name, value] for name, value in self.items() if value is not None))


def rows(found: Iterable[Mapping[str, Any]]) -> Rows:
    """The rows, to be printed as a table."""
    return Rows(dict(row) for row in found)


def _table(headers: Iterable[Any], lines: Iterable[Iterable[Any]]) -> str:
    def line(cells: Iterable[Any], tag: str) -> str:
        texts = ("" if cell is None else escape(plain(str(cell))) for cell in cells)
        return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"

    body = "".join(line(cells, "td") for cells in lines)
    return f"<table><thead>{line(headers, 'th')}</thead><tbody>{body}</tbody></table>"


def require(module: str, extra: str, call: str) -> None:
    """Raises InputError where an optional library is missing, with what to type."""
    if find_spec(module) is None:
        raise InputError(f"{call} needs {module}, which is not installed.", f"pip install 'midrc-harmonize[{extra}]'")


class Answer:
    """The rows of a SELECT: `.df()`, `.pl()`, `.arrow()`, `.fetchall()`, or one by one; printed, the first of them.

    What else DuckDB's relation can do (`filter`, `order`, `write_parquet`), it can do, too.
    """

    def __init__(self, relation: duckdb.DuckDBPyRelation, why: Callable[[], list[str]] = list) -> None:
        self.relation = relation
        self._why = why

    @property
    def notes(self) -> list[str]:
        """Why nothing is found, as far as the store says it; none where something is."""
        return self._why() if says_nothing(self.relation.limit(2).fetchall()) else []

    def df(self) -> pandas.DataFrame:
        """All rows as a data frame of pandas (extra `analysis`)."""
        require("pandas", "analysis", ".df()")
        frame: pandas.DataFrame = self.relation.df()
        return frame

    def pl(self) -> polars.DataFrame:
        """All rows as a data frame of polars (extra `polars`)."""
        require("polars", "polars", ".pl()")
        require("pyarrow", "polars", ".pl()")
        frame: polars.DataFrame = self.relation.pl()
        return frame

    def arrow(self) -> pyarrow.Table:
        """All rows as an Arrow table (extra `analysis`)."""
        require("pyarrow", "analysis", ".arrow()")
        table: pyarrow.Table = self.relation.to_arrow_table()
        return table

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self.relation.columns

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows as tuples."""
        return self.relation.fetchall()

    def rows(self) -> Rows:
        """All rows as dicts by column."""
        return rows(dict(zip(self.columns, row, strict=True)) for row in self)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.relation.fetchall())

    def __len__(self) -> int:
        return len(self.relation)

    def _first(self) -> Rows:
        """The first rows, asked apart: this answer can still be taken as a whole afterwards."""
        few = self.relation.limit(MOST_SHOWN + 1).fetchall()
        return rows(dict(zip(self.columns, row, strict=True)) for row in few)

    def __repr__(self) -> str:
        first = self._first()
        if not first:
            return "\n".join([f"({', '.join(self.columns)}: no rows)", *(plain(note) for note in self.notes)])
        return repr(Rows(first[:MOST_SHOWN])) + ("\n… and more rows" if len(first) > MOST_SHOWN else "")

    def _repr_html_(self) -> str:
        first = self._first()
        more = "<p>… and more rows</p>" if len(first) > MOST_SHOWN else ""
        notes = "" if first else "".join(f"<p>{escape(plain(note))}</p>" for note in self.notes)
        return _table(self.columns, (row.values() for row in first[:MOST_SHOWN])) + more + notes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "relation":
            raise AttributeError(name)
        return getattr(self.relation, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *(name for name in dir(self.relation) if not name.startswith("_"))})
