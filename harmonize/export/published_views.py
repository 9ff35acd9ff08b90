"""The views of a publication: the shipped ones, over the published tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def create_views(con: DuckDBPyConnection, cdm_schema: str) -> None:
    """The shipped views of linked and those that they read, over the published tables: a view of the store's own may
    quote anybody."""
    from harmonize.pipeline.store_schema import views_for

    texts = views_for("linked").values()
    for statement in (statement for text in texts for statement in con.extract_statements(text)):
        is_view = statement.type.name == "CREATE"
        con.execute(_with_cdm_schema(statement.query, cdm_schema) if is_view and cdm_schema != "omop" else statement)


def _with_cdm_schema(view: str, cdm_schema: str) -> str:
    """The view's statement with the CDM tables under another schema."""
    from sqlglot import exp, parse_one

    tree = parse_one(view, dialect="duckdb")
    for table in tree.find_all(exp.Table):
        if table.db == "omop":
            table.set("db", exp.to_identifier(cdm_schema))
    return tree.sql(dialect="duckdb")
