"""The word index of the vocabulary: the names of concepts divided into words once, for suggestions.

It lies in the store (harmonize.suggest_*) and is made anew with every vocabulary that is loaded. It carries the
fingerprint of the lists and statements that it was made with; without one, or with another, a caller makes its own.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_LISTS = ("word_forms", "suggest_words")
_STATEMENTS = ("vocabulary/is_target", "vocabulary/suggest/macros", "vocabulary/suggest/index")


def make_index(con: DuckDBPyConnection, schema: str = "harmonize") -> None:
    """Divide every name and synonym of the vocabulary into words: tables suggest_target, suggest_name,
    suggest_name_word and suggest_word_count in `schema` (`temp` for the connection alone)."""
    read_word_lists(con)
    con.execute(sql("vocabulary/is_target"))
    statements = sql("vocabulary/suggest/index").format(schema=schema, temp="TEMP" if schema == "temp" else "")
    con.execute(statements, {"fingerprint": _fingerprint()})


def index_schema(con: DuckDBPyConnection) -> str:
    """The schema that holds an index of the vocabulary loaded: harmonize, or temp where this call had to make it
    (a published file, a store of another release)."""
    held = "FROM duckdb_tables() WHERE schema_name = 'harmonize' AND table_name = 'suggest_index'"
    if con.execute(held).fetchone() and con.execute("FROM harmonize.suggest_index").fetchone() == (_fingerprint(),):
        return "harmonize"
    make_index(con, "temp")
    return "temp"


def read_word_lists(con: DuckDBPyConnection) -> None:
    """Make the temp tables suggest_form and suggest_light and the macros that divide a text into its words."""
    for table, file, columns in (
        ("suggest_form", "word_forms", "word, form"),
        ("suggest_light", "suggest_words", "word, weight::DOUBLE AS weight"),
    ):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM"
            " read_csv(?, delim = '\t', quote = '', escape = '', header = true, all_varchar = true)",
            [str(_list(file))],
        )
    phrases = con.execute(
        "SELECT word FROM suggest_light WHERE contains(word, ' ') ORDER BY length(word) DESC"
    ).fetchall()
    con.execute("SET VARIABLE suggest_phrases = ?", [r"\b(" + "|".join(row[0] for row in phrases) + r")\b"])
    con.execute(sql("vocabulary/suggest/macros"))


def _list(name: str) -> Path:
    return root("mappings") / "vocabulary" / f"{name}.tsv"


def _fingerprint() -> str:
    """sha256 of all that decides how names are divided."""
    texts = [_list(name).read_text(encoding="utf-8") for name in _LISTS] + [sql(name) for name in _STATEMENTS]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
