"""Submissions: announce, send in pieces, accept, watch, read the report, load."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path as FilePath
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse

from harmonize.service import submissions as sent
from harmonize.service.access import Submitter, audit
from harmonize.service.models import Submission
from harmonize.service.problems import Problem
from harmonize.service.routes.shapes import Change, File, JobShape, NewFile, NewSubmission, SubmissionShape
from harmonize.service.settings import Settings
from harmonize.service.state import state_of
from harmonize.service.work import report_path

router = APIRouter(prefix="/submissions", tags=["submissions"])
PIECE = "application/offset+octet-stream"
Id = Annotated[str, Path(min_length=1, max_length=64)]
ReportFormat = Literal["html", "text", "markdown", "json", "jsonl", "csv", "junit", "sarif", "operationoutcome"]
_MEDIA = {
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "junit": "application/xml",
    "jsonl": "application/x-ndjson",
}
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; sandbox allow-scripts; "
    "frame-ancestors 'none'"
)
"""Of a report that is a page of its own: sandboxed, away from the service's cookies. The page's own policy, which is
in force as well, lets its stylesheet and script alone run, by their hashes."""


def told(settings: Settings, submission: Submission) -> SubmissionShape:
    """A submission as the API gives it."""
    shape = SubmissionShape.model_validate(submission)
    for shown, file in zip(shape.files, submission.files, strict=True):
        shown.offset = sent.offset_of(settings, file)
    return shape


@router.get("")
def submissions(request: Request, who: Submitter) -> list[SubmissionShape]:
    """The submissions of the caller's organisation, the latest first; who loads sees all."""
    state = state_of(request)
    with state.db.session() as session:
        return [told(state.settings, one) for one in sent.listed(session, who)]


@router.post("", status_code=201)
def new_submission(request: Request, body: NewSubmission, who: Submitter, response: Response) -> SubmissionShape:
    """Begin a submission: announce its files, send them, then accept it."""
    state = state_of(request)
    with state.db.session() as session:
        made = sent.create(
            session, who, project=body.project, source=body.source, mapping=body.mapping, comment=body.comment
        )
        shape = told(state.settings, made)
    response.headers["Location"] = f"/api/v1/submissions/{shape.id}"
    audit(request, who, "submission begun", shape.id, project=shape.project, source=shape.source)
    return shape


@router.get("/{submission_id}")
def submission(request: Request, submission_id: Id, who: Submitter) -> SubmissionShape:
    """One submission."""
    state = state_of(request)
    with state.db.session() as session:
        return told(state.settings, sent.find(session, who, submission_id))


@router.post("/{submission_id}/files", status_code=201)
def new_file(request: Request, submission_id: Id, body: NewFile, who: Submitter, response: Response) -> File:
    """Announce a file. Its bytes are sent to its address with PATCH, in as many pieces as one likes."""
    state = state_of(request)
    with state.db.session() as session:
        found = sent.find(session, who, submission_id)
        file = sent.add_file(session, state.settings, found, name=body.name, size=body.size, sha256=body.sha256)
        shape = File.model_validate(file)
    response.headers["Location"] = f"/api/v1/submissions/{submission_id}/files/{shape.id}"
    response.headers["Upload-Offset"] = "0"
    return shape


@router.head("/{submission_id}/files/{file_id}", response_class=Response)
def reached(request: Request, submission_id: Id, file_id: Id, who: Submitter) -> Response:
    """How many bytes have come (Upload-Offset): where to go on."""
    state = state_of(request)
    with state.db.session() as session:
        file = sent.find_file(sent.find(session, who, submission_id), file_id)
        headers = {"Upload-Offset": str(sent.offset_of(state.settings, file)), "Upload-Length": str(file.size)}
    return Response(headers=headers)


@router.patch(
    "/{submission_id}/files/{file_id}",
    status_code=204,
    response_class=Response,
    openapi_extra={"requestBody": {"content": {PIECE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def send_piece(
    request: Request,
    submission_id: Id,
    file_id: Id,
    who: Submitter,
    upload_offset: Annotated[int, Header(ge=0, le=2**53)],
) -> Response:
    """A piece of a file, from Upload-Offset on. What has come before a connection broke stays."""
    if request.headers.get("content-type", "").split(";")[0].strip() != PIECE:
        raise Problem(415, f"A piece is sent as {PIECE}.", kind="media")
    state = state_of(request)
    target, size = await run_in_threadpool(_target, request, who, submission_id, file_id)
    pieces = _in_time(request, state.settings.piece_seconds)
    now_at = await sent.append(target, size, upload_offset, pieces)
    state.metrics.uploaded.inc(now_at - upload_offset)
    return Response(status_code=204, headers={"Upload-Offset": str(now_at)})


def _target(request: Request, who: Submitter, submission_id: str, file_id: str) -> tuple[FilePath, int]:
    """Where the pieces of a file go, and how long it will be."""
    state = state_of(request)
    with state.db.session() as session:
        file = sent.find_file(sent.find(session, who, submission_id), file_id)
        if file.complete:
            raise Problem(409, "The submission was accepted; its files stay as they are.", kind="accepted")
        return sent.path_of(state.settings, file), file.size


async def _in_time(request: Request, seconds: float) -> AsyncIterator[bytes]:
    """The pieces of a body; a sender that is silent for so long is not waited for."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(seconds):
                piece = await anext(stream, None)
        except TimeoutError as problem:
            raise Problem(408, f"Nothing came for {seconds:g} seconds; go on where it ended.", kind="slow") from problem
        if piece is None:
            return
        yield piece


@router.delete("/{submission_id}/files/{file_id}", status_code=204, response_class=Response)
def remove_file(request: Request, submission_id: Id, file_id: Id, who: Submitter) -> None:
    """Take a file back, before the submission is accepted."""
    state = state_of(request)
    with state.db.session() as session:
        found = sent.find(session, who, submission_id)
        sent.remove_file(session, state.settings, found, sent.find_file(found, file_id))


@router.post("/{submission_id}/accept", status_code=202)
async def accept(request: Request, submission_id: Id, who: Submitter) -> JobShape:
    """All files are sent: their sums are compared, and the validation is queued."""
    return await run_in_threadpool(accepted, request, who, submission_id)


def accepted(request: Request, who: Submitter, submission_id: str) -> JobShape:
    """The same, for a page too."""
    state = state_of(request)
    with state.db.session() as session:
        job = sent.accept(session, state.settings, sent.find(session, who, submission_id))
        shape = JobShape.model_validate(job)
    state.jobs.look()
    audit(request, who, "submission accepted", submission_id)
    return shape


@router.get("/{submission_id}/report/{format}", response_class=FileResponse)
def report(request: Request, submission_id: Id, format: ReportFormat, who: Submitter) -> FileResponse:
    """The report of the validation. Values that may identify a person are masked."""
    state = state_of(request)
    with state.db.session() as session:
        found = sent.find(session, who, submission_id)
        path = report_path(state.settings, found, format)
    if not path.is_file():
        raise Problem(404, "The submission was not checked yet.", kind="unchecked")
    audit(request, who, "report read", submission_id, format=format)
    media = _MEDIA.get(format, "application/json")
    if format == "html":
        return FileResponse(path, media_type=media, headers={"Content-Security-Policy": REPORT_POLICY})
    return FileResponse(path, media_type=media, filename=path.name)


@router.get("/{submission_id}/comparison")
def comparison(request: Request, submission_id: Id, who: Submitter) -> list[Change]:
    """The rules whose findings became more or fewer since the try before."""
    with state_of(request).db.session() as session:
        found = sent.find(session, who, submission_id)
        before = sent.previous(session, found)
        rows = sent.compared(before, found) if before is not None and found.summary else []
    return [Change.model_validate(row) for row in rows]


@router.post("/{submission_id}/check", status_code=202)
def check(request: Request, submission_id: Id, who: Submitter) -> JobShape:
    """Check the files once more, as after a change of the project's settings."""
    state = state_of(request)
    with state.db.session() as session:
        job = sent.queue_check(session, sent.find(session, who, submission_id), who)
        shape = JobShape.model_validate(job)
    state.jobs.look()
    audit(request, who, "check queued", submission_id)
    return shape


@router.post("/{submission_id}/load", status_code=202)
def load(request: Request, submission_id: Id, who: Submitter) -> JobShape:
    """Load a checked submission, whole or not at all. A steward does, or its contributor where the settings allow."""
    return queued_load(request, who, submission_id)


def queued_load(request: Request, who: Submitter, submission_id: str) -> JobShape:
    """The same, for a page too."""
    state = state_of(request)
    with state.db.session() as session:
        job = sent.queue_load(session, state.settings, sent.find(session, who, submission_id), who)
        shape = JobShape.model_validate(job)
    state.jobs.look()
    audit(request, who, "load queued", submission_id)
    return shape
