"""Logging in and out, the terms, one's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from harmonize.engine.errors import InputError
from harmonize.service import accounts
from harmonize.service.access import SESSION, Anyone, Form, audit, caller_or_none, safe_next
from harmonize.service.models import ApiToken, User
from harmonize.service.pages.frame import go_to, page
from harmonize.service.problems import Problem
from harmonize.service.roles import PERMISSIONS, Caller
from harmonize.service.routes.own import attest, revoke
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)
Next = Annotated[str, Query(alias="next", max_length=2000)]


@router.get("/")
def home(request: Request, who: Anyone) -> RedirectResponse:
    """The page that a role works on most."""
    if who.may("submit"):
        return go_to("/submissions")
    return go_to("/review" if who.may("review") else "/ask")


@router.get("/login", response_class=HTMLResponse)
def login_form(request: Request, wanted: Next = "/") -> Response:
    """The form; who is logged in goes on."""
    if caller_or_none(request) is not None:
        return go_to(safe_next(wanted))
    return _form(request, wanted)


def _form(request: Request, wanted: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    settings = state_of(request).settings
    return page(
        request,
        "login.html",
        title="Log in",
        status=status,
        next=safe_next(wanted),
        wrong=wrong,
        contact=settings.contact,
        oidc=settings.oidc_name if settings.oidc_issuer else None,
    )


@router.post("/login", response_class=HTMLResponse)
def login(request: Request, form: Form) -> Response:
    """A new session, whatever cookie there was before; tries are counted by name and by address."""
    state = state_of(request)
    name, wanted = form.get("name", ""), form.get("next", "/")
    state.rates.check_login(name, request.client.host if request.client else "")
    with state.db.session() as session:
        user = accounts.user_by_password(session, name, form.get("password", ""))
    if user is None:
        audit(request, None, "login refused")
        return _form(request, wanted, "That name and password do not belong together.", 401)
    begin(request, user)
    return go_to(safe_next(wanted))


def begin(request: Request, user: User) -> None:
    """Renew the session and write down who logged in."""
    state = state_of(request)
    request.session.clear()
    with state.db.session() as session:
        request.session[SESSION] = accounts.begin_session(session, user, state.settings.session)
    who = Caller(user.id, user.name, user.role, user.organisation_id, frozenset(), False)
    audit(request, who, "login")


@router.post("/logout")
def logout(request: Request, form: Form) -> RedirectResponse:
    """The session ends here and on the server: its cookie is worth nothing any more."""
    with state_of(request).db.session() as session:
        accounts.end_session(session, str(request.session.get(SESSION, "")))
    request.session.clear()
    return go_to("/login")


@router.get("/terms", response_class=HTMLResponse)
def terms(request: Request, who: Anyone, wanted: Next = "/") -> HTMLResponse:
    """The terms of use."""
    settings = state_of(request).settings
    return page(
        request,
        "terms.html",
        title="Terms of use",
        lines=settings.terms().strip().splitlines(),
        terms_version=settings.terms_version,
        contact=settings.contact,
        next=safe_next(wanted),
    )


@router.post("/terms")
def accept_terms(request: Request, form: Form, who: Anyone) -> RedirectResponse:
    """Attest them."""
    if form.get("attest") != "yes":
        raise InputError("The terms were not attested.", "Tick the box, if you mean it.")
    attest(request, who, form.get("version", ""))
    return go_to(safe_next(form.get("next", "/")))


@router.get("/account", response_class=HTMLResponse)
def account(request: Request, who: Anyone) -> HTMLResponse:
    """One's name, role, password and tokens."""
    return _account(request, who)


def _account(request: Request, who: Caller, *, token: str = "", done: str = "") -> HTMLResponse:
    state = state_of(request)
    with state.db.session() as session:
        own = select(ApiToken).where(ApiToken.user_id == who.user_id).order_by(ApiToken.id.desc())
        tokens = list(session.scalars(own))
        user = session.get_one(User, who.user_id)
        organisation = user.organisation.name if user.organisation else None
        has_password = user.password_hash is not None
    return page(
        request,
        "account.html",
        title="Account",
        tokens=tokens,
        token=token,
        done=done,
        organisation=organisation,
        has_password=has_password,
        scopes=[(name, told) for name, told in PERMISSIONS.items() if who.may(name)],
        days=state.settings.token_days,
        shortest=accounts.SHORTEST_PASSWORD,
    )


@router.post("/account/tokens", response_class=HTMLResponse)
def make_token(request: Request, form: Form, who: Anyone) -> HTMLResponse:
    """A new token, shown on this page and never again."""
    scopes = [name for name in PERMISSIONS if form.get(f"scope-{name}")]
    days = form.get("days", "")
    if not days.isascii() or not days.isdigit() or not 1 <= int(days[:6]) <= 3650:
        raise InputError("A token holds for 1 to 3,650 days.")
    with state_of(request).db.session() as session:
        user = session.get_one(User, who.user_id)
        token, text = accounts.create_token(session, user, form.get("name", ""), scopes, int(days))
    audit(request, who, "token made", token.public_id, scopes=scopes)
    return _account(request, who, token=text)


@router.post("/account/tokens/{token_id}/revoke")
def revoke_token(request: Request, token_id: str, form: Form, who: Anyone) -> RedirectResponse:
    """From now on the token is worth nothing."""
    revoke(request, who, token_id)
    return go_to("/account")


@router.post("/account/password", response_class=HTMLResponse)
def change_password(request: Request, form: Form, who: Anyone) -> HTMLResponse:
    """Another password: all other sessions end."""
    state = state_of(request)
    state.rates.check_login(who.name, request.client.host if request.client else "")
    with state.db.session() as session:
        user = accounts.user_by_password(session, who.name, form.get("old", ""))
        if user is None:
            raise Problem(403, "The present password is another one.", kind="password")
        accounts.set_password(user, form.get("new", ""))
        accounts.end_sessions(session, user)
        text = accounts.begin_session(session, user, state.settings.session)
    request.session.clear()
    request.session[SESSION] = text
    audit(request, who, "password changed")
    return _account(request, who, done="The password was changed, and all other sessions have ended.")
