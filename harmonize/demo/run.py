"""`harmonize demo`: an invented study through the whole way, and a page that tells what happened."""

from __future__ import annotations

import io
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.demo.invent import Study, invent, recipe
from harmonize.demo.study import Query, Run
from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.engine.store import Store, open_store
from harmonize.imaging.coverage import LinkResult
from harmonize.pipeline.acts.link import link
from harmonize.pipeline.foresee import foresee
from harmonize.pipeline.load import load
from harmonize.pipeline.load_result import LoadResult
from harmonize.pipeline.project import DEFAULT_ANCHOR, Project, save_project, set_project
from harmonize.pipeline.stores import open_current
from harmonize.validation.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable


QUERIES = ("imaging_by_day", "chest_ct_and_outcome", "course_of_a_patient")


@dataclass(frozen=True)
class DemoResult:
    """Where the demo's files are, and the lines that tell what happened."""

    out: Path
    database: Path
    report: Path
    validation: Path
    lines: list[str]


def demo(out: Path, note: Callable[[str], None] | None = None) -> DemoResult:
    """Invent a study in OUT/data, load and link it into OUT/demo.duckdb and write OUT/report.html.

    The same seed gives the same study; an earlier demo in OUT is replaced. `note` is told the step. Raises
    InputError where OUT/demo.duckdb holds anything else than a demo.
    """
    from harmonize.demo.report import write

    say = note or (lambda _step: None)
    plan = recipe()
    data, database = out / "data", out / "demo.duckdb"
    data.mkdir(parents=True, exist_ok=True)
    _replace(database, plan["project"])
    say("invent the study")
    study = invent(data, plan)
    queries = _write_queries(out)
    report, validation = out / "report.html", out / "validation.html"
    say("validate the clinical table")
    findings = _validate(plan, study, validation)
    with open_current(database, create=True) as store:
        loads = _load(store, plan, study, say)
        say("link images")
        as_dated = link(store)
        # The contributor says that its images are dated a day early; the linker is told so, OMOP keeps the dates.
        offset = -plan["images"]["date_offset_days"]
        set_project(store, plan["project"], imaging_date_offset_days=offset)
        linked = link(store)
        say("write the report")
        run = Run(plan["title"], study, loads, as_dated, linked, offset, findings, queries, store.con)
        write(run, report)
    lines = _lines(run, database, report, validation)
    return DemoResult(out, database, report, validation, lines)


def _load(store: Store, plan: dict[str, Any], study: Study, say: Callable[[str], None]) -> list[LoadResult]:
    project, time = plan["project"], plan["time"]
    with store.transaction() as con:
        save_project(con, Project(project, time["policy"], time["source_anchor"], DEFAULT_ANCHOR))
    say("load the clinical table")
    clinical = load(store, [study.clinical], source="ehr", project=project, mapping=plan["clinical"]["mapping"])
    say("load the image index")
    collections = (plan["images"]["collection"],)
    return [clinical, load(store, [study.images], source="idc", project=project, collections=collections)]


def _replace(database: Path, project: str) -> None:
    """Remove an earlier demo's database; refuse to touch one that holds anything else."""
    if not database.exists():
        return
    with open_store(database, read_only=True) as store:
        found = store.con.execute("SELECT DISTINCT project_id FROM harmonize.submission").fetchall()
    others = sorted(row[0] for row in found if row[0] != project)
    if others:
        raise InputError(
            f"{database} holds the project {others[0]}, which is not the demo's.",
            "Give another folder with --out.",
        )
    database.unlink()


def _write_queries(out: Path) -> list[Query]:
    folder = out / "queries"
    folder.mkdir(exist_ok=True)
    queries = []
    for name in QUERIES:
        text = (root("sql") / "demo" / f"{name}.sql").read_text(encoding="utf-8")
        path = folder / f"{name}.sql"
        path.write_text(text, encoding="utf-8")
        question, _, body = text.partition("\n")
        queries.append(Query(question.removeprefix("-- "), body.strip(), path))
    return queries


def _validate(plan: dict[str, Any], study: Study, page: Path) -> list[dict[str, Any]]:
    """Check the clinical table as its contributor would, and write the findings to `page`; gives them as dicts."""
    buffer = io.BytesIO()
    with validate(
        [study.clinical], source="ehr", mapping=plan["clinical"]["mapping"], foresee=foresee, pictures=True
    ) as checked:
        with page.open("wb") as out:
            checked.write(out, format="html")
        checked.write(buffer, format="json")
    found: list[dict[str, Any]] = json.loads(buffer.getvalue())["findings"]
    return found


def _lines(run: Run, database: Path, report: Path, validation: Path) -> list[str]:
    db = shlex.quote(str(database))
    lines = [f"{run.title}: {run.study.patients} patients, {len(run.study.planted)} errors planted.", ""]
    for result in run.loads:
        lines += result.summary_lines()
    lines += [
        "",
        "Findings are expected here: the errors were planted so that there is something to find.",
        "",
        f"As dated, {_in_visit(run.as_dated):,} patients have an image inside a visit; with the site's offset of "
        f"{run.offset_days:+d} day {_in_visit(run.linked):,} have.",
        "",
        f"Database    {database}",
        f"Report      {report}",
        f"Validation  {validation}",
        "",
        "Try:",
    ]
    for query in run.queries:
        lines += [f"  # {query.question}", f"  harmonize query -f {shlex.quote(str(query.path))} --db {db}"]
    return [*lines, "  # Where does a row come from?", f"  harmonize lineage measurement 1 --db {db}"]


def _in_visit(result: LinkResult) -> int:
    return sum(project["patients_with_visit"] for project in result.projects)
