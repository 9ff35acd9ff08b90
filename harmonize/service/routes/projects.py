"""The projects of the store: what their dates are, and what may be given of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from harmonize.service import submissions as sent
from harmonize.service.access import Loader, audit
from harmonize.service.routes.shapes import JobShape, ProjectBody
from harmonize.service.state import State, state_of

router = APIRouter(prefix="/projects", tags=["projects"])
Name = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._ -]*$")]


def projects_of(state: State) -> list[dict[str, Any]]:
    """The projects of the copy of the store that a job put in place."""
    from harmonize.pipeline.project import list_projects
    from harmonize.pipeline.stores import open_current

    if not state.settings.reading.is_file():
        return []
    with open_current(state.settings.reading, read_only=True) as store:
        return [
            {key: None if value is None else str(value) for key, value in row.items()}
            for row in list_projects(store.con)
        ]


@router.get("")
def projects(request: Request, who: Loader) -> list[dict[str, Any]]:
    """The projects of the store with their settings."""
    return projects_of(state_of(request))


@router.put("/{project}", status_code=202)
def set_project(request: Request, project: Name, body: ProjectBody, who: Loader) -> JobShape:
    """Change a project's settings, as a job: rows that depend on them are derived anew."""
    return queued_project(request, who, project, body.model_dump(mode="json", exclude_none=True))


def queued_project(request: Request, who: Loader, project: str, given: dict[str, Any]) -> JobShape:
    """The same, for a page too."""
    state = state_of(request)
    with state.db.session() as session:
        job = sent.queue(session, "project", None, who.user_id, project=project, **given)
        shape = JobShape.model_validate(job)
    state.jobs.look()
    audit(request, who, "project set", project, **given)
    return shape
