"""Who asks, and whether it is allowed: the dependencies of every route."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from harmonize.service.accounts import token_by_text, user_by_session
from harmonize.service.models import AuditEntry, User
from harmonize.service.problems import Problem
from harmonize.service.roles import OF_DATA, ROLES, Caller
from harmonize.service.state import State, state_of

SESSION, CSRF = "session", "csrf"
CSRF_HEADER = "x-csrf-token"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def caller_or_none(request: Request) -> Caller | None:
    """Who asks, by a token or a session; a browser's change without its CSRF token is refused."""
    state = state_of(request)
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    with state.db.session() as session:
        if scheme.lower() == "bearer":
            token = token_by_text(session, text.strip())
            if token is None:
                raise _login_needed("The token is unknown, over, or was revoked.")
            allowed = ROLES[token.user.role] & frozenset(token.scopes)
            return _caller(state, token.user, allowed, token_id=token.id)
        found = user_by_session(session, str(request.session.get(SESSION, "")))
        if found is None:
            return None
        user, ends = found
        if request.url.path.startswith("/api/") and request.method not in _READS:
            check_csrf(request, request.headers.get(CSRF_HEADER, ""))
        return _caller(state, user, ROLES[user.role], session_ends=ends)


def _caller(state: State, user: User, allowed: frozenset[str], **more: Any) -> Caller:
    accepted = user.terms_version == state.settings.terms_version
    return Caller(user.id, user.name, user.role, user.organisation_id, allowed, accepted, **more)


def caller(request: Request) -> Caller:
    """Who asks; without a login the answer is 401. Each caller has so many requests a minute."""
    found = caller_or_none(request)
    if found is None:
        raise _login_needed("Log in, or send a token: Authorization: Bearer TOKEN.")
    request.state.caller = found
    state_of(request).rates.check_request(f"user {found.user_id}")
    return found


def _login_needed(detail: str) -> Problem:
    return Problem(401, detail, kind="login", headers={"WWW-Authenticate": "Bearer"})


def allowed(permission: str) -> Callable[..., Caller]:
    """A dependency: the caller, who has the permission and, where it shows data, has attested the terms."""

    def check(who: Annotated[Caller, Depends(caller)]) -> Caller:
        if not who.may(permission):
            raise Problem(403, f"This needs the permission {permission}.", kind="permission")
        if permission in OF_DATA and not who.terms_accepted:
            raise Problem(403, "The terms of use are to be attested first.", kind="terms", hint="POST /api/v1/terms")
        return who

    return check


def csrf_token(request: Request) -> str:
    """The token that forms of this browser carry."""
    if CSRF not in request.session:
        request.session[CSRF] = secrets.token_urlsafe(32)
    return str(request.session[CSRF])


def check_csrf(request: Request, given: str) -> None:
    """Raises Problem where a form was not made by this service for this browser."""
    known = str(request.session.get(CSRF, ""))
    if not known or not secrets.compare_digest(known.encode(), given.encode(errors="replace")):
        raise Problem(403, "The form is out of date, or came from elsewhere.", kind="csrf", hint="Open the page anew.")


async def checked_form(request: Request) -> dict[str, str]:
    """The texts of a form, whose CSRF token is checked."""
    form = await request.form(max_files=0, max_fields=100)
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    check_csrf(request, fields.get(CSRF, ""))
    return fields


def safe_next(wanted: str) -> str:
    """A path of this service to go on to; anything that may lead elsewhere becomes the first page."""
    sound = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable() and "\\" not in wanted
    return wanted if sound else "/"


def audit(request: Request, who: Caller | None, action: str, subject: str = "", **detail: Any) -> None:
    """Write down who read or changed what."""
    entry = AuditEntry(
        user_id=who.user_id if who else None,
        token_id=who.token_id if who else None,
        action=action,
        subject=subject,
        detail=detail,
    )
    with state_of(request).db.session() as session:
        session.add(entry)


Submitter = Annotated[Caller, Depends(allowed("submit"))]
Analyst = Annotated[Caller, Depends(allowed("query"))]
Reviewer = Annotated[Caller, Depends(allowed("review"))]
Steward = Annotated[Caller, Depends(allowed("lineage"))]
Loader = Annotated[Caller, Depends(allowed("load"))]
Admin = Annotated[Caller, Depends(allowed("admin"))]
Anyone = Annotated[Caller, Depends(caller)]
Form = Annotated[dict[str, str], Depends(checked_form)]
