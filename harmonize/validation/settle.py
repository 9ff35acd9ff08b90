"""The one place where findings are made to tell nothing of what privacy refused, whatever rule they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literals
from harmonize.validation.privacy.texts import privacy_rules

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def settle(con: DuckDBPyConnection, submission: int) -> None:
    """Make the findings of a submission agree: of one cell an error of privacy silences the other rules, another
    error silences a warning of privacy; and no finding shows a value of such a cell, wherever it quotes it from: not as
    its value, in what is expected, among the choices, or as the name of a column.
    """
    if con.execute("SELECT 1 FROM harmonize.finding WHERE submission_id = ? LIMIT 1", [submission]).fetchone() is None:
        con.execute(sql("validation/no_private_cell"))
        return
    put_in = {"submission": int(submission), "rules": literals(rule.rule for rule in privacy_rules())}
    cells = con.execute(sql("validation/phi_cell").format(**put_in)).fetchone()
    if cells and cells[0]:
        con.execute(sql("validation/privacy_settle").format(**put_in))
        if _has_texts(con):
            con.execute(sql("validation/private_quoted"))
            con.execute(sql("validation/private_settle").format(**put_in))


def _has_texts(con: DuckDBPyConnection) -> bool:
    made = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'private_text'").fetchone()
    return made is not None and con.execute("SELECT 1 FROM private_text LIMIT 1").fetchone() is not None
