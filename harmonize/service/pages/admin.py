"""Admin: users, organisations, tokens, jobs, the latest of the audit."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from harmonize.engine.errors import InputError
from harmonize.service.access import Admin, Form
from harmonize.service.jobs import ENDED
from harmonize.service.models import ApiToken, AuditEntry, Job, Organisation, User
from harmonize.service.pages.frame import go_to, page
from harmonize.service.roles import ROLES
from harmonize.service.routes import jobs as job_routes
from harmonize.service.routes.admin import changed_user, kept_organisation, made_user
from harmonize.service.routes.own import revoke
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)
_SHOWN = 30


@router.get("/admin", response_class=HTMLResponse)
def admin(request: Request, who: Admin) -> HTMLResponse:
    """Everything at a glance."""
    return _admin(request)


def _admin(request: Request, made: tuple[str, str] | None = None) -> HTMLResponse:
    with state_of(request).db.session() as session:
        users = list(session.scalars(select(User).order_by(User.name)))
        homes = {user.id: user.organisation.name if user.organisation else "" for user in users}
        jobs = list(session.scalars(select(Job).order_by(Job.id.desc()).limit(_SHOWN)))
        sent = {job.id: job.submission.public_id if job.submission else "" for job in jobs}
        tokens = list(session.scalars(select(ApiToken).where(ApiToken.revoked_at.is_(None)).order_by(ApiToken.id)))
        owners = {token.id: token.user.name for token in tokens}
        lines = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(_SHOWN)))
        names = {line.id: line.user.name if line.user else "nobody" for line in lines}
        organisations = list(session.scalars(select(Organisation).order_by(Organisation.name)))
    return page(
        request,
        "admin.html",
        title="Admin",
        made_user=made,
        users=users,
        homes=homes,
        roles=list(ROLES),
        organisations=organisations,
        jobs=jobs,
        sent=sent,
        ended=ENDED,
        tokens=tokens,
        owners=owners,
        lines=lines,
        names=names,
    )


@router.post("/admin/users", response_class=HTMLResponse)
def new_user(request: Request, form: Form, who: Admin) -> HTMLResponse:
    """A new account; its password is shown on this page and never again."""
    home = form.get("organisation") or None
    made = made_user(request, who, form.get("name", ""), form.get("role", ""), home, None)
    return _admin(request, (made.name, made.password or ""))


@router.post("/admin/users/{user_id}")
def change_user(request: Request, user_id: int, form: Form, who: Admin) -> RedirectResponse:
    """Shut an account, or open it again."""
    act = form.get("act")
    if act not in ("shut", "open"):
        raise InputError("An account is shut or opened.")
    changed_user(request, who, user_id, None, act == "open")
    return go_to("/admin")


@router.post("/admin/organisations")
def keep_organisation(request: Request, form: Form, who: Admin) -> RedirectResponse:
    """A new organisation, or other projects of one."""
    kept_organisation(request, who, form.get("name", ""), form.get("projects", "").split(","))
    return go_to("/admin")


@router.post("/admin/tokens/{token_id}/revoke")
def revoke_token(request: Request, token_id: str, form: Form, who: Admin) -> RedirectResponse:
    """Of whomever."""
    revoke(request, who, token_id)
    return go_to("/admin")


@router.post("/admin/jobs/{job_id}/{act}")
def act_on_job(request: Request, job_id: str, act: str, form: Form, who: Admin) -> RedirectResponse:
    """Cancel a job, or try it again."""
    acts = {"cancel": job_routes.cancel, "retry": job_routes.retry}
    if act not in acts:
        raise InputError("A job is cancelled, or tried again.")
    acts[act](request, job_id, who)
    return go_to("/admin")


@router.post("/admin/publish")
def publish(request: Request, form: Form, who: Admin) -> RedirectResponse:
    """Make what analysts read anew."""
    job_routes.publish(request, who)
    return go_to("/admin")
