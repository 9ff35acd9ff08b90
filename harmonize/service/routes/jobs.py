"""Jobs: watch, cancel, try again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent

from harmonize.service import jobs as work
from harmonize.service import submissions as sent
from harmonize.service.access import Anyone, Loader, audit
from harmonize.service.models import Job
from harmonize.service.problems import Problem, not_found
from harmonize.service.roles import Caller
from harmonize.service.routes.shapes import JobShape
from harmonize.service.state import State, state_of

router = APIRouter(prefix="/jobs", tags=["jobs"])
Id = Annotated[str, Path(min_length=1, max_length=64)]
_LOOK_SECONDS = 0.4


def find(session: Session, who: Caller, public_id: str) -> Job:
    """A job that the caller may see. Raises Problem 404."""
    job = session.scalar(select(Job).where(Job.public_id == public_id))
    if job is None:
        raise not_found()
    if job.submission is not None:
        sent.find(session, who, job.submission.public_id)
    elif not who.sees_all:
        raise not_found()
    return job


@router.get("/{job_id}")
def job(request: Request, job_id: Id, who: Anyone) -> JobShape:
    """One job."""
    return _shape(state_of(request), who, job_id)


def _shape(state: State, who: Caller, job_id: str) -> JobShape:
    with state.db.session() as session:
        return JobShape.model_validate(find(session, who, job_id))


@router.get("/{job_id}/events", response_class=EventSourceResponse)
async def events(request: Request, job_id: Id, who: Anyone) -> EventSourceResponse:
    """How far a job is, as server-sent events, until it ends."""
    state = state_of(request)
    await run_in_threadpool(_shape, state, who, job_id)

    async def told() -> AsyncIterator[ServerSentEvent]:
        before = ""
        while True:
            shape = await run_in_threadpool(_shape, state, who, job_id)
            data = shape.model_dump_json(include={"id", "kind", "state", "step", "told", "fraction", "error", "hint"})
            if data != before:
                yield ServerSentEvent(data, event="ended" if shape.state in work.ENDED else "progress")
                before = data
            if shape.state in work.ENDED:
                return
            await asyncio.sleep(_LOOK_SECONDS)

    return EventSourceResponse(told())


@router.post("/{job_id}/cancel", status_code=202)
def cancel(request: Request, job_id: Id, who: Anyone) -> JobShape:
    """End a job. Of a load that is not committed nothing stays."""
    state = state_of(request)
    with state.db.session() as session:
        found = find(session, who, job_id)
        if found.kind != "validate" and not (who.may("load") or found.user_id == who.user_id):
            raise Problem(403, "A steward cancels loads.", kind="permission")
        work.cancel(session, found)
    state.jobs.look()
    audit(request, who, "job cancelled", job_id)
    return _shape(state, who, job_id)


@router.post("/{job_id}/retry", status_code=202)
def retry(request: Request, job_id: Id, who: Anyone) -> JobShape:
    """Try a job again that failed or was cancelled."""
    state = state_of(request)
    with state.db.session() as session:
        found = find(session, who, job_id)
        if found.kind != "validate" and not (who.may("load") or found.user_id == who.user_id):
            raise Problem(403, "A steward has loads tried again.", kind="permission")
        work.retry(found)
    state.jobs.look()
    audit(request, who, "job retried", job_id)
    return _shape(state, who, job_id)


@router.post("/publish", status_code=202)
def publish(request: Request, who: Loader) -> JobShape:
    """Make what analysts read anew from the store."""
    state = state_of(request)
    if not state.settings.store.exists():
        raise Problem(409, "Nothing was loaded yet.", kind="empty")
    with state.db.session() as session:
        queued = sent.queue(session, "publish", None, who.user_id)
        shape = JobShape.model_validate(queued)
    state.jobs.look()
    audit(request, who, "publish queued", shape.id)
    return shape
