"""Logging in by OpenID Connect, through authlib: who is known here by subject, or is given the account of that name."""

from __future__ import annotations

from functools import cache
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from harmonize.service.models import User
from harmonize.service.pages.frame import go_to
from harmonize.service.pages.login import begin
from harmonize.service.problems import Problem, not_found
from harmonize.service.settings import Settings
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)


@cache
def _client(issuer: str, client_id: str, secret: str | None) -> Any:
    """The provider, found by its own description; PKCE, and a nonce, are authlib's."""
    return OAuth().register(
        "provider",
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=client_id,
        client_secret=secret,
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )


def _provider(settings: Settings) -> Any:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        raise not_found()
    secret = settings.oidc_client_secret
    return _client(settings.oidc_issuer, settings.oidc_client_id, secret.get_secret_value() if secret else None)


def _back(request: Request, settings: Settings) -> str:
    """Where the provider sends the browser back to."""
    base = settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/login/oidc/back"


@router.get("/login/oidc")
async def begin_oidc(request: Request) -> Response:
    """To the provider."""
    settings = state_of(request).settings
    answer: Response = await _provider(settings).authorize_redirect(request, _back(request, settings))
    return answer


@router.get("/login/oidc/back")
async def end_oidc(request: Request) -> Response:
    """Back from the provider: a session, where the person has an account here."""
    state = state_of(request)
    try:
        told = (await _provider(state.settings).authorize_access_token(request))["userinfo"]
    except (OAuthError, KeyError) as problem:
        raise Problem(403, "The login at the provider did not end well.", kind="oidc", hint="Try again.") from problem
    with state.db.session() as session:
        user = _user(session, str(state.settings.oidc_issuer), told)
    if user is None:
        raise Problem(403, "You have no account here.", kind="oidc", hint=f"Ask {state.settings.contact}.")
    begin(request, user)
    return go_to("/")


def _user(session: Session, issuer: str, told: dict[str, Any]) -> User | None:
    """By the subject of the provider; the first time by an e-mail address that the provider has verified, where an
    account without a password is called so."""
    subject = f"{issuer} {told['sub']}"
    user = session.scalar(select(User).where(User.oidc_subject == subject))
    if user is None and told.get("email") and told.get("email_verified"):
        by_name = func.lower(User.name) == str(told["email"]).lower()
        user = session.scalar(select(User).where(by_name, User.oidc_subject.is_(None), User.password_hash.is_(None)))
        if user is not None:
            user.oidc_subject = subject
    return user if user is not None and user.active else None
