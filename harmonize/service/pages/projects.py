"""Projects: what their dates are, for stewards."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy import select

from harmonize.engine.errors import InputError
from harmonize.report.blocks import table
from harmonize.service.access import Form, Loader
from harmonize.service.jobs import ENDED
from harmonize.service.models import Job
from harmonize.service.pages.frame import go_to, page
from harmonize.service.routes.projects import projects_of, queued_project
from harmonize.service.routes.shapes import ProjectBody
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)
_SHOWN = {"project_id": "Project", "time_policy": "Dates", "source_anchor": "Day 0 of the source", "uids": "UIDs"}


@router.get("/projects", response_class=HTMLResponse)
def projects(request: Request, who: Loader, project: str = "") -> HTMLResponse:
    """The projects, the form, and the latest changes."""
    state = state_of(request)
    rows = [{key: row.get(key) for key in _SHOWN} for row in projects_of(state)]
    with state.db.session() as session:
        jobs = list(session.scalars(select(Job).where(Job.kind == "project").order_by(Job.id.desc()).limit(5)))
    running = [job for job in jobs if job.state not in ENDED]
    return page(
        request,
        "projects.html",
        title="Projects",
        table=table(rows, "Projects of the store", _SHOWN),
        project=project,
        jobs=jobs,
        running=running[0] if running else None,
    )


@router.post("/projects")
def set_project(request: Request, form: Form, who: Loader) -> RedirectResponse:
    """Queue the change."""
    names = ("time", "source_anchor", "uids", "imaging_date_offset_days")
    given = {name: form[name] for name in names if form.get(name)}
    if form.get("shifted_by_source"):
        given["shifted_by_source"] = "true"
    try:
        body = ProjectBody.model_validate(given)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise InputError(f"{first['loc'][0]}: {first['msg']}.") from problem
    queued_project(request, who, form.get("project", "").strip(), body.model_dump(mode="json", exclude_none=True))
    return go_to("/projects")
