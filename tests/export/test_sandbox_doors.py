"""No function of DuckDB is a door out of the sandbox: the lists of the functions that read more than tables are whole.

DuckDB itself is asked for its functions, so that a new version cannot add one unseen: of those that stand in FROM each
is refused unless it is listed here; of the others each whose name sounds like a door is listed, refused or harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.store import open_store
from harmonize.export.sandbox import checked, open_sandbox
from harmonize.export.stored_sql import StoredSql

# In FROM: what makes rows of its arguments, and the catalogue of tables, columns, types and functions.
OPEN = {
    "duckdb_columns", "duckdb_constraints", "duckdb_functions", "duckdb_indexes", "duckdb_keywords", "duckdb_schemas",
    "duckdb_tables", "duckdb_types", "duckdb_views", "generate_series", "histogram", "histogram_values",
    "icu_calendar_names", "json_each", "json_tree", "pg_timezone_names", "pragma_show", "pragma_table_info",
    "pragma_version", "range", "repeat", "repeat_row", "summary", "test_all_types", "unnest",
}  # fmt: skip
# Words in names of functions that may read settings, variables, files, the machine, or run SQL.
DOOR = re.compile(
    r"setting|variab|env|read_|_read|file|path|dir|glob|secret|log(?!\d|$)|query|sql|plan|execut|database|catalog|schema|user|role|"
    r"session|connection|transaction|txid|^(curr|next|set)val|seed|sleep|version|inet|write|scan|pragma|duckdb|pg_|memory|"
    r"extension|http|attach|checkpoint|profil|external|metadata|storage|platform|host|agent|block_size|invoke"
)  # fmt: skip
REFUSED = {"current_setting", "getvariable", "json_serialize_plan", "write_log"}
HARMLESS = {
    "names of the session, the same for all": {
        "current_catalog", "current_connection_id", "current_database", "current_role", "current_schema",
        "current_schemas",
        "current_transaction_id", "current_user", "in_search_path", "session_user", "transaction_timestamp",
        "txid_current",
        "user", "version",
    },
    "the question itself": {"current_query", "current_query_id"},
    "a text taken apart or put together": {
        "json_deserialize_sql", "json_serialize_sql", "parse_dirname", "parse_dirpath", "parse_duckdb_log_message",
        "parse_filename", "parse_path", "path_join", "hive_partition_component", "json_extract_path",
        "json_extract_path_text", "format_pg_type", "map_to_pg_oid", "map_type_id_to_pg_oid", "invoke",
        "__internal_tablefilter_bloom_filter", "__internal_tablefilter_dynamic", "__internal_tablefilter_optional",
        "__internal_tablefilter_prefix_range", "__internal_tablefilter_selectivity_optional",
        "variant_to_parquet_variant", "uuid_extract_version",
    },
    "answers what PostgreSQL's clients ask, with constants": {
        "has_database_privilege", "has_schema_privilege", "has_session_privilege", "get_block_size",
        "inet_client_addr", "inet_client_port", "inet_server_addr", "inet_server_port",
        "pg_collation_is_visible", "pg_conf_load_time", "pg_conversion_is_visible", "pg_function_is_visible",
        "pg_get_constraintdef", "pg_get_expr", "pg_get_viewdef", "pg_has_role", "pg_is_other_temp_schema",
        "pg_my_temp_schema", "pg_opclass_is_visible", "pg_operator_is_visible", "pg_opfamily_is_visible",
        "pg_postmaster_start_time", "pg_size_pretty", "pg_table_is_visible", "pg_ts_config_is_visible",
        "pg_ts_dict_is_visible", "pg_ts_parser_is_visible", "pg_ts_template_is_visible", "pg_type_is_visible",
        "pg_typeof",
    },
    "only takes time, which --seconds limits": {"pg_sleep", "sleep_ms"},
    "changes nothing in a file that is open for reading": {"currval", "nextval", "setval", "setseed"},
}  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("doors") / "study.duckdb"
    with open_store(path, create=True) as store, store.transaction() as con:
        con.execute("CREATE SCHEMA omop; CREATE TABLE omop.person AS SELECT 1 AS person_id")
    return path


@pytest.fixture(scope="module")
def con(db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(open_sandbox(db, wait=1, spill=tmp_path_factory.mktemp("spill"))) as connection:
        yield connection


def functions(con: duckdb.DuckDBPyConnection, *kinds: str) -> list[str]:
    """The names of DuckDB's functions of these kinds, operators aside."""
    rows = con.execute(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal AND list_contains(?, function_type) "
        "AND regexp_full_match(function_name, '\\w+') ORDER BY 1",
        [list(kinds)],
    ).fetchall()
    return [name for (name,) in rows]


def is_refused(con: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        checked(con, sql)
    except InputError as error:
        return "is not allowed here" in error.message
    return False


def test_in_from_stands_only_what_is_listed(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    names = functions(con, "table", "table_macro", "pragma")
    monkeypatch.setattr(StoredSql, "is_macro", lambda stored, name: False)  # none is, and to look often takes long
    assert len(names) > 100
    assert {name for name in names if not is_refused(con, f'FROM "{name}"(1)')} == OPEN


def test_every_function_that_sounds_like_a_door_is_known(con: duckdb.DuckDBPyConnection) -> None:
    sounding = {name for name in functions(con, "scalar", "macro", "aggregate", "window") if DOOR.search(name)}
    harmless = {name for names in HARMLESS.values() for name in names}
    assert sounding - REFUSED - harmless == set(), "new functions: is one a door? list it as refused or harmless"
    assert {name for name in sounding if is_refused(con, f'SELECT "{name}"(1)')} == REFUSED


def test_a_function_that_other_builds_have_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    assert is_refused(con, "SELECT getenv('HOME')")


PLACES = [
    "SELECT {0}('x')", "SELECT system.main.{0}('x')", 'SELECT "{0}"(\'x\')', "SELECT 'x'.{0}()",
    "SELECT list_transform(['x'], lambda v: {0}(v))", "SELECT [{0}(v) FOR v IN ['x']]", "SELECT {{'a': {0}('x')}}",
    "SELECT * REPLACE ({0}('x') AS person_id) FROM omop.person", "SELECT COLUMNS(c -> c = {0}('x')) FROM omop.person",
    "FROM omop.person LIMIT {0}('x')::INT", "FROM omop.person ORDER BY {0}('x')", "VALUES ({0}('x'))",
    "SELECT count(*) FILTER ({0}('x') > '') FROM omop.person",
    "SELECT sum(1) OVER (ORDER BY {0}('x')) FROM omop.person",
    "SELECT 1 FROM omop.person GROUP BY ALL HAVING max({0}('x')) > ''", "FROM omop.person QUALIFY {0}('x') > ''",
    "SELECT CASE WHEN {0}('x') > '' THEN 1 END", "SELECT 1 IN (SELECT {0}('x'))", "FROM range({0}('x')::INT)",
    "FROM omop.person p JOIN omop.person q ON p.person_id = {0}('x')::INT",
    "WITH RECURSIVE r AS (SELECT {0}('x') AS v UNION ALL SELECT v FROM r WHERE false) FROM r",
    "SELECT 1 UNION ALL SELECT {0}('x')", "DESCRIBE SELECT {0}('x')", "SUMMARIZE SELECT {0}('x')",
    "EXPLAIN SELECT {0}('x')",
]  # fmt: skip


@pytest.mark.parametrize("name", sorted([*REFUSED, "getenv", "CURRENT_SETTING"]))
def test_a_door_is_closed_wherever_it_stands(con: duckdb.DuckDBPyConnection, name: str) -> None:
    assert [place for place in PLACES if not is_refused(con, place.format(name))] == []


@pytest.mark.parametrize(
    "sql",
    [
        "SHOW VARIABLES",
        "FROM (SHOW VARIABLES)",
        "SELECT json_serialize_plan('SELECT current_setting(''temp_directory'')', optimize := true)",
        "FROM read_blob('/etc/passwd')",
        "FROM duckdb_variables()",
        'FROM "DUCKDB_SETTINGS"',
        'FROM "DuckDB_Databases"()',
        "FROM duckdb_secrets()",
        "FROM pragma_database_size()",
        "FROM which_secret('a', 's3')",
        "FROM duckdb_external_file_cache()",
    ],
)
def test_what_lists_variables_settings_and_files_is_refused(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert is_refused(con, sql)


@pytest.mark.parametrize("sql", ["SHOW TABLES", "SHOW ALL TABLES", "SHOW DATABASES", "SHOW TABLES FROM omop"])
def test_what_lists_tables_is_allowed(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert con.execute(checked(con, sql)).fetchall()
