"""The caller's own: who one is, terms, tokens."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from harmonize.service.access import Anyone, audit
from harmonize.service.accounts import create_token
from harmonize.service.models import ApiToken, User, now
from harmonize.service.problems import Problem, not_found
from harmonize.service.routes.shapes import Me, NewToken, Terms, TermsAccepted, Token
from harmonize.service.state import state_of

router = APIRouter(tags=["own"])


@router.get("/me")
def me(who: Anyone) -> Me:
    """Who asks, and what is allowed."""
    return Me(
        user_id=who.user_id,
        name=who.name,
        role=who.role,
        permissions=sorted(who.permissions),
        terms_accepted=who.terms_accepted,
    )


@router.get("/terms")
def terms(request: Request, who: Anyone) -> Terms:
    """The terms of use that are to be attested before data are shown."""
    settings = state_of(request).settings
    return Terms(version=settings.terms_version, text=settings.terms(), accepted=who.terms_accepted)


@router.post("/terms", status_code=204, response_class=Response)
def accept_terms(request: Request, body: TermsAccepted, who: Anyone) -> None:
    """Attest the terms of this version."""
    attest(request, who, body.version)


def attest(request: Request, who: Anyone, version: str) -> None:
    """Write down that the caller attested the terms. Raises Problem for another version than the present one."""
    state = state_of(request)
    if version != state.settings.terms_version:
        raise Problem(409, "The terms have changed since: read them again.", kind="terms-version")
    with state.db.session() as session:
        user = session.get_one(User, who.user_id)
        user.terms_version, user.terms_at = version, now()
    audit(request, who, "terms", version)


@router.get("/tokens")
def tokens(request: Request, who: Anyone) -> list[Token]:
    """The caller's tokens."""
    with state_of(request).db.session() as session:
        found = session.scalars(select(ApiToken).where(ApiToken.user_id == who.user_id).order_by(ApiToken.id.desc()))
        return [Token.model_validate(one) for one in found]


@router.post("/tokens", status_code=201)
def new_token(request: Request, body: NewToken, who: Anyone) -> Token:
    """A new token. A token makes none of more scopes than its own."""
    state = state_of(request)
    if not set(body.scopes) <= who.permissions:
        raise Problem(403, "A token has no more scopes than who makes it.", kind="permission")
    with state.db.session() as session:
        token, text = create_token(session, session.get_one(User, who.user_id), body.name, body.scopes, body.days)
        told = Token.model_validate(token).model_copy(update={"token": text})
    audit(request, who, "token made", told.id, scopes=told.scopes)
    return told


@router.delete("/tokens/{token_id}", status_code=204, response_class=Response)
def revoke_token(request: Request, token_id: str, who: Anyone) -> None:
    """From now on the token is worth nothing."""
    revoke(request, who, token_id)


def revoke(request: Request, who: Anyone, token_id: str) -> None:
    """Revoke a token of one's own; an admin, of anybody. Raises Problem 404."""
    with state_of(request).db.session() as session:
        token = session.scalar(select(ApiToken).where(ApiToken.public_id == token_id))
        if token is None or (token.user_id != who.user_id and not who.may("admin")):
            raise not_found()
        token.revoked_at = token.revoked_at or now()
    audit(request, who, "token revoked", token_id)
