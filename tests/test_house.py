"""The house holds: what import-linter cannot say of its code, and the shape of its SQL.

Each list of exceptions is of today and can only shrink: what is not in it fails, and so does what is in it in vain.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
TOOLS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
MOST_LINES = 400

# Outside of engine and intake, and not for types alone.
IMPORT_DUCKDB = {
    "harmonize/demo/invent.py",
    "harmonize/export/publish.py",
    "harmonize/export/door_process.py",
    "harmonize/export/sandbox.py",
    "harmonize/export/sql_tokens.py",
    "harmonize/export/stored_sql.py",
    "harmonize/export/view.py",
    "harmonize/golden/run.py",
    "harmonize/validation/batch/codes.py",
    "harmonize/validation/table/findings.py",
    "harmonize/vocabulary/load.py",
}

# Quotes that are no SQL's: cells of CSV files, keys of JSON, a text that is looked for.
QUOTES_OF_OTHERS = {
    "harmonize/engine/sql_text.py": 2,
    "harmonize/intake/dicom/stage.py": 2,
    "harmonize/mapping/views/compile.py": 1,
    "harmonize/onboarding/draft_values.py": 1,
    "harmonize/review/workbook.py": 1,
    "harmonize/validation/site/fixed.py": 1,
}

# Statements `CREATE TEMP` in Python, where nothing is compiled or staged: to become files under sql/.
COMPILED_OR_STAGED = ("harmonize/intake/", "harmonize/mapping/", "harmonize/validation/rules.py")
CREATE_TEMP = {
    "harmonize/engine/steps.py": 2,
    "harmonize/export/gen3.py": 1,
    "harmonize/export/unread.py": 1,
    "harmonize/pipeline/acts/withdraw_person.py": 1,
    "harmonize/pipeline/changes.py": 2,
    "harmonize/pipeline/hub.py": 2,
    "harmonize/pipeline/ledger/columns.py": 2,
    "harmonize/pipeline/ledger/ledger.py": 2,
    "harmonize/pipeline/ledger/lookups.py": 1,
    "harmonize/pipeline/ledger/records.py": 1,
    "harmonize/pipeline/rows.py": 4,
    "harmonize/pipeline/sources/fhir.py": 1,
    "harmonize/pipeline/steps/build.py": 1,
    "harmonize/validation/batch/codes.py": 1,
    "harmonize/validation/batch/model.py": 1,
    "harmonize/validation/fhir/check.py": 1,
    "harmonize/validation/privacy/texts.py": 2,
    "harmonize/vocabulary/load.py": 1,
    "harmonize/vocabulary/name_index.py": 1,
    "harmonize/vocabulary/suggest.py": 2,
}

# Files outside of sql/linked that read its views.
READ_LINKED = {
    "sql/demo/chest_ct_and_outcome.sql",
    "sql/demo/course_of_a_patient.sql",
    "sql/demo/imaging_by_day.sql",
    "sql/imaging/agreement.sql",
}

# Code files of more than 400 lines, and of how many.
LONG: dict[str, int] = {}


def _files(folder: str, ending: str) -> dict[str, str]:
    return {
        path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((REPOSITORY / folder).rglob(f"*{ending}"))
        if "__pycache__" not in path.parts
    }


PYTHON = {name: ast.parse(text) for name, text in _files("harmonize", ".py").items()}
SQL = {name: text for name, text in _files("sql", ".sql").items() if not name.startswith("sql/ddl/")}


def _hold(found: Mapping[str, int], listed: Mapping[str, int]) -> None:
    """Fails where there is more than the list has, and where the list has more than there is."""
    new = Counter(found) - Counter(listed)
    gone = Counter(listed) - Counter(found)
    assert not new, f"not allowed here: {dict(new)}"
    assert not gone, f"take from the list what is no longer there: {dict(gone)}"


def _name(node: ast.AST) -> str:
    """The last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _run_time_imports(node: ast.AST) -> Iterator[str]:
    """The modules that the code imports when it runs, by statement or by name."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
    elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__"):
        yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and _name(node.test) == "TYPE_CHECKING":
        children = node.orelse
    for child in children:
        yield from _run_time_imports(child)


def _temps(tree: ast.AST) -> int:
    """How many times a text of the code, docstrings aside, creates a temporary table, view or macro."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]
    create = re.compile(r"\bcreate\s+(?:or\s+replace\s+)?(?:local\s+)?temp(?:orary)?\b", re.IGNORECASE)
    return sum(len(create.findall(text)) for text in texts)


def _reads_linked(text: str) -> bool:
    """Whether a statement, comments aside, names a view of `linked`."""
    return re.search(r"\blinked\.\w", re.sub(r"--.*", "", text)) is not None


def _quotes(tree: ast.AST) -> int:
    """How often code doubles quotes, or puts a value between double quotes that are no attribute's of HTML."""
    return sum(_doubles(node) + _between_quotes(node) for node in ast.walk(tree))


def _doubles(node: ast.AST) -> bool:
    is_replace = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace"
    if not is_replace or len(node.args) != 2:
        return False
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return texts in (["'", "''"], ['"', '""'])


def _between_quotes(node: ast.AST) -> int:
    if not isinstance(node, ast.JoinedStr):
        return 0
    parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
    triples = (parts[place - 1 : place + 2] for place in range(1, len(parts) - 1))
    return sum(
        value is None and bool(re.search(r'(^|[^=])"$', before or "")) and (after or "").startswith('"')
        for before, value, after in triples
    )


def test_only_engine_and_intake_import_duckdb_when_they_run() -> None:
    found = {
        name: 1
        for name, tree in PYTHON.items()
        if not name.startswith(("harmonize/engine/", "harmonize/intake/"))
        and any(module.split(".")[0] == "duckdb" for module in _run_time_imports(tree))
    }
    _hold(found, dict.fromkeys(IMPORT_DUCKDB, 1))


def test_names_and_values_get_into_sql_in_one_way() -> None:
    found = {name: _quotes(tree) for name, tree in PYTHON.items() if name.startswith("harmonize/")}
    _hold({name: count for name, count in found.items() if count}, QUOTES_OF_OTHERS)


def test_python_makes_temporary_tables_only_where_it_compiles_or_stages() -> None:
    found = {name: _temps(tree) for name, tree in PYTHON.items() if not name.startswith(COMPILED_OR_STAGED)}
    _hold({name: count for name, count in found.items() if count}, CREATE_TEMP)


def test_no_sql_reads_the_views_of_analysts_but_themselves() -> None:
    """The shipped questions, and the pages of the service, are asked as an analyst asks."""
    own = ("sql/linked/", "sql/queries/", "sql/service/")
    found = {name: 1 for name, text in SQL.items() if not name.startswith(own) and _reads_linked(text)}
    _hold(found, dict.fromkeys(READ_LINKED, 1))


def test_a_code_file_is_one_room() -> None:
    python = {name: text for folder in ("tests", "benchmarks", "docs") for name, text in _files(folder, ".py").items()}
    code = python | _files("harmonize", ".py") | SQL
    lengths = {name: len(text.splitlines()) for name, text in code.items()}
    _hold({name: lines for name, lines in lengths.items() if lines > MOST_LINES}, LONG)


def test_sql_has_no_tabs_and_no_blanks_at_the_end_of_a_line() -> None:
    """Of files that sqlfluff cannot parse too."""
    assert [name for name, text in SQL.items() if re.search(r"\t|[ \r]$", text, re.MULTILINE)] == []
    assert [name for name, text in SQL.items() if not text.endswith("\n") or text.endswith("\n\n")] == []


def test_every_file_that_sqlfluff_does_not_read_is_there() -> None:
    listed = TOOLS["sqlfluff"]["core"]["ignore_paths"]
    assert [path for path in listed if not (REPOSITORY / path).exists()] == []


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("import duckdb", ["duckdb"]),
        ("def f():\n    from duckdb.typing import DATE", ["duckdb.typing"]),
        ("from importlib import import_module\nimport_module('duckdb')", ["importlib", "duckdb"]),
        ("if TYPE_CHECKING:\n    import duckdb\nelse:\n    import sqlite3", ["sqlite3"]),
        ("from . import duckdb", []),
    ],
)
def test_what_code_imports_when_it_runs(code: str, modules: list[str]) -> None:
    assert list(_run_time_imports(ast.parse(code))) == modules


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("con.execute(f'CREATE OR REPLACE TEMP TABLE {name} AS '\n'SELECT 1')", 1),
        ("con.execute('create temporary view a as from b; CREATE TEMP MACRO c() AS 1')", 2),
        ("def f():\n    'CREATE TEMP TABLE is what it does not do.'", 0),
        ("con.execute('CREATE TABLE a (b INTEGER)')  # CREATE TEMP TABLE", 0),
    ],
)
def test_what_creates_a_temporary_table(code: str, count: int) -> None:
    assert _temps(ast.parse(code)) == count


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("SELECT 1 FROM linked.event", True),
        ("-- as linked.event has it\nSELECT 1 FROM omop.person", False),
        ("WITH linked AS (SELECT 1) SELECT l.x FROM linked l", False),
    ],
)
def test_what_reads_the_views_of_analysts(statement: str, reads: bool) -> None:
    assert _reads_linked(statement) is reads


def test_tests_mirror_the_tree() -> None:
    """A folder of tests of one package has the rooms of that package, and `data`."""
    strange = [
        folder.relative_to(REPOSITORY).as_posix()
        for package in (REPOSITORY / "tests").iterdir()
        if (REPOSITORY / "harmonize" / package.name).is_dir()
        for folder in package.iterdir()
        if folder.is_dir() and folder.name not in ("data", "__pycache__")
        if not (REPOSITORY / "harmonize" / package.name / folder.name).is_dir()
    ]
    assert strange == []
