"""Submissions: the list, the form, one of them with its findings."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile

from harmonize.engine.errors import InputError
from harmonize.intake.sources import SOURCES
from harmonize.report.blocks import SentFile
from harmonize.service import submissions as sent
from harmonize.service.access import CSRF, Form, Submitter, audit, check_csrf
from harmonize.service.jobs import BROKEN, CANCELLED, ENDED
from harmonize.service.models import Job, Submission
from harmonize.service.pages.frame import go_to, page
from harmonize.service.routes import jobs as job_routes
from harmonize.service.routes.submissions import accepted, queued_load
from harmonize.service.routes.submissions import check as check_again
from harmonize.service.settings import Settings
from harmonize.service.state import state_of
from harmonize.service.work import REPORTS, report_path

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Query(max_length=200)]
MOST_LINES = 200
"""So many findings are shown on the page; the reports have all."""


@router.get("/submissions", response_class=HTMLResponse)
def submissions(request: Request, who: Submitter) -> HTMLResponse:
    """The list."""
    with state_of(request).db.session() as session:
        rows = [_row(one, who.sees_all) for one in sent.listed(session, who)]
    return page(request, "submissions.html", title="Submissions", rows=rows, all=who.sees_all)


def _row(one: Submission, with_organisation: bool) -> dict[str, Any]:
    tone, verdict = verdict_of(one)
    return {
        "id": one.public_id,
        "project": one.project,
        "organisation": one.organisation.name if one.organisation and with_organisation else "",
        "source": one.mapping or one.source,
        "files": len(one.files),
        "size": sum(file.size for file in one.files),
        "created": one.created_at,
        "tone": tone,
        "verdict": verdict,
    }


def verdict_of(submission: Submission) -> tuple[str, str]:
    """The tone and the words for the state of a submission."""
    summary = submission.summary
    if submission.state == sent.LOADED:
        return "good", "loaded"
    if submission.state == sent.FAILED:
        return "error", sent.STATES[sent.FAILED]
    if submission.state not in (sent.CHECKED, sent.LOADING) or summary is None:
        return "", sent.STATES[submission.state]
    if summary["exit_code"] == 2:
        return "error", "would be refused"
    if summary["errors"]:
        return "error", f"{summary['errors']:,} error{'s' if summary['errors'] != 1 else ''}"
    if summary["exit_code"] == 1:
        return "warning", "some records would be quarantined"
    return ("warning", f"{summary['warnings']:,} warnings") if summary["warnings"] else ("good", "no findings")


@router.get("/submit", response_class=HTMLResponse)
def submit_form(
    request: Request, who: Submitter, project: Short = "", source: Short = "", mapping: Short = ""
) -> HTMLResponse:
    """The form: choose project and source, drop files. A corrected try finds the choices of the one before."""
    state = state_of(request)
    with state.db.session() as session:
        projects = sent.projects_of(session, who)
    return page(
        request,
        "submit.html",
        title="Send files",
        projects=projects,
        free=who.may("load"),
        sources=list(SOURCES),
        mappings=[name.rpartition("/")[2] for name in sent.mappings_of("ehr")],
        chosen={"project": project, "source": source, "mapping": mapping.rpartition("/")[2]},
        settings=state.settings,
    )


@router.post("/submit")
async def submit(request: Request, who: Submitter) -> RedirectResponse:
    """The form without scripts: all files in one body."""
    state = state_of(request)
    async with request.form(max_files=min(state.settings.max_files, 1000), max_fields=20) as form:
        check_csrf(request, str(form.get(CSRF, "")))
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        public_id = await run_in_threadpool(_keep, request, who, fields, files)
    await run_in_threadpool(accepted, request, who, public_id)
    return go_to(f"/submissions/{public_id}")


def _keep(request: Request, who: Submitter, fields: dict[str, str], files: list[UploadFile]) -> str:
    """A submission of the files of a form. Without files there is none."""
    state = state_of(request)
    if not files:
        raise InputError("No file was chosen.", "Choose at least one.")
    with state.db.session() as session:
        made = sent.create(
            session,
            who,
            project=fields.get("project", ""),
            source=fields.get("source", ""),
            mapping=fields.get("mapping") or None,
            comment=fields.get("comment", ""),
        )
        for upload in files:
            size = upload.size or 0
            file = sent.add_file(session, state.settings, made, name=upload.filename or "", size=size, sha256=None)
            sent.copy(state.settings, file, upload.file)
            state.metrics.uploaded.inc(size)
        public_id = made.public_id
    audit(request, who, "submission begun", public_id, project=fields.get("project", ""))
    return public_id


@router.get("/submissions/{submission_id}", response_class=HTMLResponse)
def submission(request: Request, submission_id: str, who: Submitter) -> HTMLResponse:
    """One submission: verdict, progress, findings beside their lines, files, jobs."""
    state = state_of(request)
    with state.db.session() as session:
        found = sent.find(session, who, submission_id)
        before = sent.previous(session, found)
        job = found.jobs[-1] if found.jobs else None
        context: dict[str, Any] = {
            "submission": found,
            "organisation": found.organisation.name if found.organisation else "–",
            "sender": found.user.name,
            "files": [SentFile(file.name, file.size, file.sha256) for file in found.files],
            "jobs": list(reversed(found.jobs)),
            "job": job,
            "running": job is not None and job.state not in ENDED,
            "again": job is not None and job.state in (BROKEN, CANCELLED) and _may_act(who, job),
            "verdict": _verdict(found, job),
            "findings": findings(state.settings, found),
            "formats": list(REPORTS) if report_path(state.settings, found, "json").is_file() else [],
            "changes": sent.compared(before, found) if before is not None and found.summary else [],
            "before": before,
            "may_load": found.state == sent.CHECKED
            and (found.summary or {}).get("exit_code") != 2
            and (who.may("load") or state.settings.contributors_load),
            "loaded": _loaded(found),
            "refused": (found.summary or {}).get("load", {}).get("refused", []),
            "steward": who.may("load"),
        }
    audit(request, who, "submission shown", submission_id)
    return page(request, "submission.html", title=f"Submission to {found.project}", **context)


def _may_act(who: Submitter, job: Job) -> bool:
    return job.kind == "validate" or who.may("load") or job.user_id == who.user_id


def _loaded(submission: Submission) -> dict[str, Any] | None:
    """What the load that was done told."""
    done = [job for job in submission.jobs if job.kind == "load" and job.state == "done"]
    return done[-1].result if done else None


def _verdict(submission: Submission, job: Job | None) -> dict[str, str]:
    """The banner: its tone, and what it says."""
    tone, words = verdict_of(submission)
    if job is not None and job.state in (BROKEN, CANCELLED):
        text = job.error or "The job was cancelled. Nothing of it stays."
        what = "The load" if job.kind == "load" else "The validation"
        return {"tone": "error", "words": f"{what} did not end well", "text": f"{text} {job.hint or ''}".strip()}
    texts = {
        sent.CHECKED: "Nothing is loaded yet.",
        sent.LOADED: "The records are in the store; analysts see them in the published data.",
        sent.OPEN: "Files are still to come, or the submission was left. It can be gone on with by the API.",
    }
    if submission.state == sent.CHECKED and tone == "good":
        return {"tone": "good", "words": "A load would take all of it", "text": texts[sent.CHECKED]}
    return {"tone": tone or "warning", "words": words[:1].upper() + words[1:], "text": texts.get(submission.state, "")}


def findings(settings: Settings, submission: Submission) -> list[dict[str, Any]]:
    """The first findings by file, each file's in the order of lines. Values are masked as in the reports."""
    path = report_path(settings, submission, "json")
    if not path.is_file():
        return []
    found = orjson.loads(path.read_bytes())["findings"]
    shown = sorted(found[:MOST_LINES], key=lambda one: (str(one["file"]), one["line"] or 0))
    return [
        {"file": file, "findings": list(ones)}
        for file, ones in groupby(shown, key=lambda one: one["file"] or "the delivery")
    ]


@router.post("/submissions/{submission_id}/load")
def load(request: Request, submission_id: str, form: Form, who: Submitter) -> RedirectResponse:
    """Queue the load."""
    queued_load(request, who, submission_id)
    return go_to(f"/submissions/{submission_id}")


@router.post("/submissions/{submission_id}/check")
def check(request: Request, submission_id: str, form: Form, who: Submitter) -> RedirectResponse:
    """Check the files once more."""
    check_again(request, submission_id, who)
    return go_to(f"/submissions/{submission_id}")


@router.post("/submissions/{submission_id}/jobs/{job_id}/{act}")
def act_on_job(
    request: Request, submission_id: str, job_id: str, act: str, form: Form, who: Submitter
) -> RedirectResponse:
    """Cancel a job, or try it again."""
    acts = {"cancel": job_routes.cancel, "retry": job_routes.retry}
    if act not in acts:
        raise InputError("A job is cancelled, or tried again.")
    acts[act](request, job_id, who)
    return go_to(f"/submissions/{submission_id}")
