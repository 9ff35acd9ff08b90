"""Ask: questions as forms, SQL, the answer as a table and a picture, saved queries. Forms are GET: an address is a
question."""

from __future__ import annotations

from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from harmonize.engine.errors import HarmonizeError, InputError
from harmonize.export.questions import Question, question, questions
from harmonize.report.blocks import Table, TableColumn
from harmonize.service.access import Analyst, Form, audit
from harmonize.service.asking import Asked, Download, Grid, asked_question, asked_sql, grid, references
from harmonize.service.pages.frame import go_to, page
from harmonize.service.plot import plot_of
from harmonize.service.problems import Problem
from harmonize.service.routes.ask import answer_file, audit_asked, find_saved, forget, saved, saved_queries
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)
FORMATS = get_args(Download)
Sql = Annotated[str, Query(max_length=100_000)]
PYTHON_SQL = """import harmonize

rows = harmonize.query("for_analysts.duckdb", '''
{sql}
''')"""
PYTHON_QUESTION = """import harmonize

with harmonize.open("for_analysts.duckdb", read_only=True) as db:
    rows = db.ask({call})"""
FIRST_SQL = (
    "SELECT modality, region, count(*) AS studies\nFROM linked.imaging_timeline\nGROUP BY ALL\nORDER BY studies DESC"
)


@router.get("/ask", response_class=HTMLResponse)
def ask(request: Request, who: Analyst) -> HTMLResponse:
    """All questions, and the caller's saved queries."""
    return page(request, "ask.html", title="Ask", questions=questions(), saved=saved_queries(request, who))


@router.get("/ask/sql", response_class=HTMLResponse)
def ask_sql(request: Request, who: Analyst, q: Sql = "") -> HTMLResponse:
    """A statement and its answer."""
    context: dict[str, Any] = {"sql": q or FIRST_SQL, "answer": None, "wrong": None, "tables": _tables(request)}
    if q:
        context |= _answered(request, who, lambda: asked_sql(q), {"q": q}, "/ask/sql")
        context["python"] = PYTHON_SQL.format(sql=q.strip())
    return page(request, "sql.html", title="SQL", status=422 if context["wrong"] else 200, **context)


@router.get("/ask/sql/download/{format}")
def download_sql(request: Request, format: Download, who: Analyst, q: Sql) -> Response:
    """The answer as a file."""
    return answer_file(request, who, asked_sql(q), format)


@router.get("/ask/question/{name}", response_class=HTMLResponse)
def ask_question(request: Request, name: str, who: Analyst) -> HTMLResponse:
    """A question as a form; with `ask` in the address, its answer below."""
    found = question(name)
    given = _given(request)
    context: dict[str, Any] = {
        "question": found,
        "fields": [_field(found, one, given) for one in found.to_json()["parameters"]],
        "answer": None,
        "wrong": None,
        "python": "",
    }
    if "ask" in request.query_params:
        context |= _answered(
            request, who, lambda: asked_question(name, given), {**given, "ask": "1"}, f"/ask/question/{name}"
        )
        values = "".join(f", {key}={_python(found, key, value)}" for key, value in given.items() if value)
        context["python"] = PYTHON_QUESTION.format(call=f"{name!r}{values}")
    return page(request, "question.html", title=found.title, status=422 if context["wrong"] else 200, **context)


@router.get("/ask/question/{name}/download/{format}")
def download_question(request: Request, name: str, format: Download, who: Analyst) -> Response:
    """The answer as a file."""
    return answer_file(request, who, asked_question(name, _given(request)), format, name)


def _given(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if name not in ("ask", "title")}


def _field(found: Question, parameter: dict[str, Any], given: dict[str, str]) -> dict[str, Any]:
    """A parameter as a field of the form, filled with what was given or with its default."""
    default = parameter["default"]
    shown = "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
    kinds = {"integer": "number", "number": "number", "date": "date"}
    choices = list(parameter.get("choices", ()))
    if parameter["type"] == "boolean":
        choices = ["true", "false"]
    if parameter["type"] == "reference":
        choices = references()
    return {
        "name": parameter["name"],
        "meaning": parameter["meaning"],
        "kind": kinds.get(parameter["type"], "text"),
        "step": "any" if parameter["type"] == "number" else "1",
        "choices": choices,
        "value": given.get(parameter["name"], shown),
    }


def _python(found: Question, name: str, value: str) -> str:
    """A value as Python writes it."""
    kinds = {parameter.name: parameter.type for parameter in found.parameters}
    if kinds.get(name) in ("integer", "number"):
        return value
    return value.capitalize() if kinds.get(name) == "boolean" else repr(value)


def _answered(request: Request, who: Analyst, make: Any, query: dict[str, str], path: str) -> dict[str, Any]:
    """The answer, or what was wrong, as the templates show it."""
    try:
        asked: Asked = make()
        audit_asked(request, who, "query", asked)
        found = grid(state_of(request), asked)
    except InputError as problem:
        return {"wrong": problem, "answer": None}
    except HarmonizeError as problem:
        raise Problem(503, problem.message, hint=problem.hint) from problem
    asked_again = urlencode(query)
    return {
        "answer": found,
        "table": as_table(found, "Answer"),
        "plot": plot_of(found),
        "downloads": [(one, f"{path}/download/{one}?{asked_again}") for one in FORMATS],
        "permalink": f"{path}?{asked_again}",
    }


def as_table(found: Grid, caption: str) -> Table:
    """The rows of an answer as a table of the reports; ids are no numbers to be added up."""
    columns = tuple(TableColumn(name, name, _kind(name, found.rows)) for name in found.columns)
    rows = [{name: _cell(name, row[name]) for name in found.columns} for row in found.rows]
    return Table(caption, columns, rows)


def _kind(name: str, rows: list[dict[str, Any]]) -> str:
    known = [row[name] for row in rows if row[name] is not None]
    if known and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known):
        return "number"
    return "short" if max((len(str(value)) for value in known), default=0) <= 22 else ""


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and (name.endswith("_id") or name == "year"):
        return str(value)
    return str(value) if isinstance(value, (dict, list)) else value


def _tables(request: Request) -> list[tuple[str, list[str]]]:
    """The views for analysts and the tables with rows, each with its columns: what the page offers beside the SQL."""
    wanted = (
        "SELECT schema_name || '.' || table_name AS name, list(column_name ORDER BY column_index) AS columns "
        "FROM duckdb_columns() WHERE schema_name IN ('linked', 'omop') AND NOT internal GROUP BY ALL "
        "ORDER BY name"
    )
    try:
        return [(row["name"], row["columns"]) for row in grid(state_of(request), Asked(wanted), 1000).rows]
    except (Problem, HarmonizeError):
        return []


@router.post("/ask/save")
def save(request: Request, form: Form, who: Analyst) -> RedirectResponse:
    """Keep a query under an address that stays."""
    name = form.get("question", "")
    values = {key.removeprefix("p-"): value for key, value in form.items() if key.startswith("p-")}
    asked = asked_question(name, values) if name else asked_sql(form.get("sql", ""))
    kept = saved(request, who, form.get("title", ""), asked)
    return go_to(f"/ask/saved/{kept.id}")


@router.get("/ask/saved/{saved_id}")
def open_saved(request: Request, saved_id: str, who: Analyst) -> RedirectResponse:
    """A saved query, asked anew."""
    kept = find_saved(request, saved_id)
    if kept.question is None:
        return go_to(f"/ask/sql?{urlencode({'q': kept.sql or ''})}")
    values = {name: "" if value is None else _told(value) for name, value in kept.parameters.items()}
    return go_to(f"/ask/question/{kept.question}?{urlencode({**values, 'ask': '1'})}")


def _told(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@router.post("/ask/saved/{saved_id}/forget")
def forget_saved(request: Request, saved_id: str, form: Form, who: Analyst) -> RedirectResponse:
    """Take a saved query of one's own away."""
    forget(request, saved_id, who)
    audit(request, who, "saved query removed", saved_id)
    return go_to("/ask")
