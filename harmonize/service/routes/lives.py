"""The life of what was loaded: where it stands, steps and waivers, for stewards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.encoders import jsonable_encoder

from harmonize.service import releasing
from harmonize.service import submissions as sent
from harmonize.service.access import Loader, audit
from harmonize.service.routes.shapes import JobShape, StepBody, WaiverBody
from harmonize.service.state import state_of

router = APIRouter(prefix="/lives", tags=["lives"])
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The submission's number in the store.")]


@router.get("")
def lives(request: Request, who: Loader) -> list[dict[str, Any]]:
    """Where each submission of the store stands."""
    return [jsonable_encoder(one) for one in releasing.lives(state_of(request).settings)]


@router.get("/{submission}")
def life(request: Request, submission: Number, who: Loader) -> dict[str, Any]:
    """One: its steps, open findings, and what may follow."""
    found: dict[str, Any] = jsonable_encoder(releasing.life(state_of(request).settings, submission))
    return found


@router.post("/{submission}/steps", status_code=202)
def take(request: Request, submission: Number, body: StepBody, who: Loader) -> JobShape:
    """Take a step, as a job: embargoed, signed, released, rejected. It is signed with the account's name."""
    releasing.check_step(body.step, body.why)
    return _queued(request, who, "step", submission, body.model_dump(mode="json", exclude_none=True))


@router.post("/{submission}/waivers", status_code=202)
def waive(request: Request, submission: Number, body: WaiverBody, who: Loader) -> JobShape:
    """Let the open findings of a rule pass, by name and reason, as a job."""
    releasing.check_step("signed", body.why)
    return _queued(request, who, "waive", submission, body.model_dump())


def _queued(request: Request, who: Loader, kind: str, submission: int, given: dict[str, Any]) -> JobShape:
    state = state_of(request)
    releasing.life(state.settings, submission)  # 404 where there is none
    with state.db.session() as session:
        job = sent.queue(session, kind, None, who.user_id, **given | {"submission": submission})
        shape = JobShape.model_validate(job)
    state.jobs.look()
    audit(request, who, f"{kind} queued", str(submission), **given)
    return shape
