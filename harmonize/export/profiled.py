"""What a profile of de-identification needs before tables are selected: everybody's own time, codes, common texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal, quote
from harmonize.export.acts import common_queries, named
from harmonize.export.becoming import Becoming
from harmonize.export.codes import draw
from harmonize.mapping.compiler.functions import install as install_functions
from harmonize.pipeline.project import read_projects
from harmonize.validation.privacy.texts import TextColumn, find, pattern_of, privacy_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.export.profiles import Profile
    from harmonize.export.stored_table import StoredTable

NEEDS = {
    "determination": "an expert's determination (45 CFR 164.514(b)(1))",
    "agreement": "a data use agreement (45 CFR 164.514(e)(4))",
}


def settle_reference(con: DuckDBPyConnection, profile: Profile, given: str | None) -> str | None:
    """The reference of what a profile needs on file: the one that is given, else that of every published project.

    Raises InputError where a project has none. publish_project is there.
    """
    if profile.needs is None:
        return None
    if given:
        return given
    known = {project.project_id: getattr(project, profile.needs) for project in read_projects(con)}
    there = [row[0] for row in con.execute("SELECT project_id FROM publish_project ORDER BY project_id").fetchall()]
    if without := [name for name in there if not known.get(name)]:
        raise InputError(
            f"The profile {profile.name} needs {NEEDS[profile.needs]}, and {', '.join(without)} names none.",
            f"harmonize project set {without[0]} --{profile.needs} REF --db FILE, or the same option here for all.",
        )
    return "; ".join(dict.fromkeys(known[name] for name in there))


def make_axis(con: DuckDBPyConnection, tables: Sequence[StoredTable], profile: Profile) -> None:
    """Temp table publish_axis: for each person by how many days its time is moved, and whether it is over 89."""
    days = (
        " UNION ALL ".join(_spans(tables))
        or "SELECT NULL::BIGINT AS person_id, NULL::DATE AS first_day, NULL::DATE AS last_day LIMIT 0"
    )
    first = f"DATE {literal(str(profile.first_day))}"
    con.execute(sql("export/publish/axis").replace("{days}", days).replace("{first}", first))


def _spans(tables: Sequence[StoredTable]) -> Iterator[str]:
    """The first and last day of each person in each table that tells days of persons."""
    for table in tables:
        names = [name for name, line in table.lines.items() if line.becomes == "day"]
        if names and table.rows and "person_id" in table.types:
            first = ", ".join(f"min({quote(name)})::DATE" for name in names)
            last = ", ".join(f"max({quote(name)})::DATE" for name in names)
            yield (
                f"SELECT person_id, least({first}) AS first_day, greatest({last}) AS last_day "
                f"FROM {table.relation} GROUP BY person_id"
            )


def make_codes(con: DuckDBPyConnection, tables: Sequence[StoredTable], profile: Profile) -> None:
    """Temp table publish_code, and everybody's code as the id in publish_id; the crosswalk is attached."""
    queries = []
    for table in tables:
        becoming = Becoming(table, profile)
        becoming.join_policies()
        for name, line in table.lines.items():
            if line.becomes in ("pseudonym", "uid") and profile.does(line.becomes) == "coded" and name in table.filled:
                queries.append(_named(becoming, name))
    if profile.does("id") == "coded":
        queries.append(
            "SELECT 'person' || chr(31) || chr(31) || id AS named FROM publish_id WHERE omop_table = 'person'"
        )
    draw(con, " UNION ALL ".join(queries) or "SELECT NULL::VARCHAR AS named LIMIT 0")
    if profile.does("id") == "coded":
        con.execute(sql("export/publish/code_person"))


def _named(becoming: Becoming, name: str) -> str:
    """A query of all that the codes of a column are of."""
    line, cell = becoming.table.lines[name], f"t.{quote(name)}"
    if becoming.table.types[name].endswith("[]"):
        each = f"unnest(list_transform({cell}, lambda x: {named(becoming, line, 'x')}))"
    else:
        each = named(becoming, line, becoming.key_of(cell))
    return f"SELECT {each} AS named {becoming.rows()}"


def make_common(con: DuckDBPyConnection, tables: Sequence[StoredTable], profile: Profile) -> None:
    """Temp table publish_common: the texts that enough persons have, by column."""
    words = frozenset(word for word in ("text", "term") if profile.does(word) == "common")
    if words and profile.does("answer") == "capped_at_last":
        words |= {"answer"}
    queries = []
    for table in tables:
        becoming = Becoming(table, profile)
        becoming.join_policies()
        queries += common_queries(becoming, words)
    nothing = "SELECT '' AS column_name, '' AS value, 0::BIGINT AS person_id LIMIT 0"
    texts = " UNION ALL ".join(queries) or nothing
    con.execute(sql("export/publish/common").replace("{texts}", texts), {"rare": profile.rare})


def make_redacted(con: DuckDBPyConnection, tables: Sequence[StoredTable]) -> None:
    """Temp table publish_redacted: what is told of each text of a note; those that stay doubtful are not in it."""
    values = [
        f"SELECT {quote(name)} AS value FROM {table.relation}"
        for table in tables
        for name, line in table.lines.items()
        if line.becomes == "note" and name in table.filled
    ]
    told = "value"
    for rule in privacy_rules():
        if rule.pattern:
            shown = literal(f" {rule.mask or '[removed]'} ")
            told = f"regexp_replace({told}, {literal(pattern_of(rule))}, {shown}, 'g')"
    every = " UNION ALL ".join(values) or "SELECT NULL::VARCHAR AS value LIMIT 0"
    install_functions(con)
    con.execute(sql("export/publish/redacted").replace("{values}", every).replace("{told}", f"dateless({told})"))
    find(con, [TextColumn(0, "text", "told", "publish_redacted")])
    con.execute(sql("export/publish/redacted_doubt"))
