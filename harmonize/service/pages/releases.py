"""The life of what was loaded, for stewards: where it stands, signatures, embargo, waivers, release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy import select

from harmonize.engine.errors import InputError
from harmonize.service import releasing
from harmonize.service.access import Form, Loader
from harmonize.service.jobs import ENDED
from harmonize.service.models import Job
from harmonize.service.pages.frame import go_to, page
from harmonize.service.routes import lives as api
from harmonize.service.routes.shapes import StepBody, WaiverBody
from harmonize.service.state import state_of

if TYPE_CHECKING:
    from harmonize.service.state import State

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Body = TypeVar("Body", bound=BaseModel)
KINDS = ("step", "waive")
TONES = {"released": "good", "validated": "good", "embargoed": "warning", "rejected": "error", "withdrawn": "error"}


def _jobs(state: State, submission: int | None = None) -> list[Job]:
    """The latest steps that were asked for, of one submission."""
    with state.db.session() as session:
        found = session.scalars(select(Job).where(Job.kind.in_(KINDS)).order_by(Job.id.desc()).limit(200))
        return [job for job in found if submission in (None, job.given.get("submission"))][:10]


@router.get("/releases", response_class=HTMLResponse)
def submissions(request: Request, who: Loader) -> HTMLResponse:
    """Where each submission of the store stands."""
    found = releasing.lives(state_of(request).settings)
    return page(request, "releases.html", title="Releases", lives=found, tones=TONES)


@router.get("/releases/{submission}", response_class=HTMLResponse)
def submission(request: Request, submission: Number, who: Loader) -> HTMLResponse:
    """One: what it waits for, its steps, and the steps that may follow."""
    state = state_of(request)
    jobs = _jobs(state, submission)
    running = [job for job in jobs if job.state not in ENDED]
    return page(
        request,
        "release.html",
        title=f"Submission {submission}",
        life=releasing.life(state.settings, submission),
        jobs=jobs,
        running=running[0] if running else None,
        tones=TONES,
    )


@router.post("/releases/{submission}/step")
def take(request: Request, submission: Number, form: Form, who: Loader) -> RedirectResponse:
    """Queue the step."""
    given = {name: form[name].strip() for name in ("step", "why", "until") if form.get(name, "").strip()}
    if given.get("step") != "embargoed":
        given.pop("until", None)
    api.take(request, submission, _body(StepBody, given), who)
    return go_to(f"/releases/{submission}")


@router.post("/releases/{submission}/waive")
def waive(request: Request, submission: Number, form: Form, who: Loader) -> RedirectResponse:
    """Queue the waiver."""
    given = {name: form.get(name, "").strip() for name in ("rule", "why")}
    api.waive(request, submission, _body(WaiverBody, given), who)
    return go_to(f"/releases/{submission}")


def _body(shape: type[Body], given: dict[str, Any]) -> Body:
    try:
        return shape.model_validate(given)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise InputError(f"{first['loc'][0]}: {first['msg']}.") from problem
