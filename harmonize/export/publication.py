"""What published tables are made from: settings of the projects, persons, new ids and pseudonyms, as temp tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.steps import Run
from harmonize.export.allow_list import WHOLE, is_listed, published
from harmonize.export.becoming import UNTOUCHED, has_lookup, id_query
from harmonize.export.coarsen import make_rare
from harmonize.export.matched_days import refuse_told_days
from harmonize.export.permutation import ID_BITS, permuted
from harmonize.export.profiled import make_axis, make_codes, make_common, make_redacted
from harmonize.export.stored_table import StoredTable
from harmonize.pipeline.project import read_projects

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.export.key import Key
    from harmonize.export.profiles import Profile

LIMITED = (
    "Limited data set (45 CFR 164.514(e)): dates of projects that do not move them are real. It may be used and passed "
    "on only under a data use agreement."
)
"""What a file says of itself that holds real dates."""


def settle_projects(con: DuckDBPyConnection, *, limited: bool, strict: bool = False) -> list[str]:
    """Make the temp tables publish_project and publish_submission; the projects whose dates are real.

    With `strict` nothing of the calendar is told whatever the projects say, so that there are none.
    Raises InputError where there are any and a limited data set is not meant, and for public UIDs of matched days.
    """
    projects = read_projects(con)
    if not strict:
        refuse_told_days(con, projects)
    con.execute(
        sql("export/publish/project"),
        {
            name: [getattr(project, name) for project in projects]
            for name in ("project_id", "time_policy", "shifted_by_source", "uids")
        },
    )
    con.execute(sql("export/publish/submission"))
    if strict:
        con.execute(sql("export/publish/strict"))
    rows = con.execute("SELECT project_id FROM publish_project WHERE is_limited ORDER BY project_id").fetchall()
    real = [row[0] for row in rows]
    if real and not limited:
        one = len(real) == 1
        raise InputError(
            f"The {'project' if one else 'projects'} {', '.join(real)} {'writes its' if one else 'write their'} dates "
            "as they are, and nothing says that the contributor moved them; with real dates the file is a limited data "
            "set (45 CFR 164.514(e)), for which there must be a data use agreement.",
            "If that is meant, add --limited-data-set. If the contributor moved the dates: "
            f"harmonize project set {real[0]} --shifted-by-source --db FILE",
        )
    return real


def read_tables(con: DuckDBPyConnection) -> tuple[list[StoredTable], list[str]]:
    """(the store's tables that the list publishes, what of omop and midrc the list does not know)."""
    listed = published()
    rows = con.execute(sql("export/table"), {"schemas": ["omop", "midrc", "harmonize"]}).fetchall()
    tables, unknown = [], []
    for schema, name, types, not_null, comment, comments in rows:
        if schema != "harmonize":
            unknown += [f"{schema}.{name}.{column}" for column in types if not is_listed(schema, name, column)]
        if (schema, name) in listed and WHOLE not in listed[schema, name]:
            table = StoredTable(schema, name, types, frozenset(not_null), comment, comments)
            tables.append(_counted(con, table))
    return tables, unknown


def _counted(con: DuckDBPyConnection, table: StoredTable) -> StoredTable:
    """The table with its number of rows, and which of the columns that become something else hold anything."""
    asked = [name for name, line in table.lines.items() if line.becomes not in UNTOUCHED]
    counts = "".join(f", count({quote(name)})" for name in asked)
    rows, *filled = con.execute(f"SELECT count(*){counts} FROM {table.relation}").fetchone() or (0,)
    return StoredTable(
        table.schema, table.name, table.types, table.not_null, table.comment, table.comments, rows,
        frozenset(name for name, count in zip(asked, filled, strict=True) if count),
    )  # fmt: skip


def prepare(con: DuckDBPyConnection, key: Key, tables: list[StoredTable], profile: Profile, *, limited: bool) -> None:
    """Make the temp tables and macros that the published tables are selected with; settle_projects has run.

    What is made from the key is in variables of the session, so that no statement holds it.
    """
    inner, outer = key.pads
    for name, value in (
        ("publish_inner", inner),
        ("publish_outer", outer),
        ("publish_rounds", key.rounds),
        ("publish_order", int.from_bytes(key.derived("order")[:8]) >> 1),
        ("publish_described", f". {LIMITED}" if limited else ""),
    ):
        con.execute(f"SET VARIABLE {name} = ?", [value])
    Run(con).need("source_value")
    con.execute(sql("export/publish/macros"))
    con.execute(sql("export/publish/person"))
    con.execute(sql("export/publish/row"))
    con.execute(sql("export/publish/table_of"), {"tables": [table.name for table in tables if table.own_id]})
    _make_ids(con, tables)
    _make_pseudonyms(con, tables)
    if profile.is_relative:
        make_axis(con, tables, profile)
    if profile.is_coded:
        make_codes(con, tables, profile)
    if "common" in (profile.does("text"), profile.does("term")):
        make_common(con, tables, profile)
    if profile.does("note") == "redacted":
        make_redacted(con, tables)
    make_rare(con, profile)


def _make_ids(con: DuckDBPyConnection, tables: list[StoredTable]) -> None:
    """Temp table publish_id: omop_table, id, published."""
    query = id_query(tables)
    row = con.execute(
        f"SELECT coalesce(min(id), 0) < 0 OR coalesce(max(id), 0) >= {1 << ID_BITS} FROM ({query})"
    ).fetchone()
    if row and row[0]:
        raise InternalError("The store has an id that is outside of what can be published.")
    rounds = "getvariable('publish_rounds')"
    con.execute(sql("export/publish/id").format(permuted=permuted(query, rounds)))


def _make_pseudonyms(con: DuckDBPyConnection, tables: list[StoredTable]) -> None:
    """Temp tables publish_key_KIND: project_id, key, pseudonym; of UIDs those that are not public, by UID alone."""
    keys: dict[str, list[str]] = {}
    for table in tables:
        for name, line in table.lines.items():
            if name not in table.filled or not has_lookup(table, line):
                continue
            cell = f"t.{quote(name)}"
            if line.becomes == "pseudonym":
                select = f"SELECT t.project_id, {cell} AS key FROM {table.relation} t"
            elif table.schema == "omop":  # its UIDs are those of the hub
                continue
            else:
                select = (
                    f"SELECT '' AS project_id, {cell} AS key FROM {table.relation} t LEFT JOIN publish_project p "
                    f"USING (project_id) WHERE NOT (coalesce(p.has_public_uids, false) AND is_uid({cell}))"
                )
            keys.setdefault(line.argument or "uid", []).append(select)
    for kind, selects in keys.items():
        made = "uid_of(key)" if kind == "uid" else f"pseudonym_of({literal(kind)}, project_id, key)"
        every = " UNION ALL ".join(selects)
        con.execute(sql("export/publish/key").format(kind=kind, made=made, keys=every))


def told_cases(con: DuckDBPyConnection, profile: Profile) -> list[tuple[str, str, str]]:
    """Project, key and pseudonym of every case; `prepare` has run."""
    statement = "case_code" if profile.does("pseudonym") == "coded" else "case_pseudonym"
    return con.execute(sql(f"export/publish/{statement}")).fetchall()
