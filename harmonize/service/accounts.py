"""Users, their passwords, sessions and tokens. Hashes are argon2id's, by argon2-cffi."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.service.models import ApiToken, Login, Organisation, User, now
from harmonize.service.roles import PERMISSIONS, ROLES

SHORTEST_PASSWORD = 12
TOKEN_PREFIX = "hmz"
_hasher = PasswordHasher()
_known_secrets: dict[str, str] = {}
"""Digest of a token's secret → the hash it was verified against: argon2 is slow on purpose, and asked once."""


@cache
def _nobodys_hash() -> str:
    """For names that nobody has: a wrong name takes as long as a wrong password."""
    return _hasher.hash(secrets.token_urlsafe(32))


def new_password() -> str:
    """A random password."""
    return secrets.token_urlsafe(18)


def create_user(
    session: Session, name: str, role: str, *, password: str | None, organisation: Organisation | None = None
) -> User:
    """A new user. Raises InputError for a name that is taken, an unknown role, a short password."""
    name = name.strip()
    if not name or len(name) > 200 or not name.isprintable():
        raise InputError("A user needs a name of 1 to 200 printable characters.")
    if role not in ROLES:
        raise InputError(f"There is no role {role!r}.", did_you_mean(role, ROLES))
    if role == "contributor" and organisation is None:
        raise InputError("A contributor belongs to an organisation.", "Choose one, or make it first.")
    if session.scalar(select(User).where(func.lower(User.name) == name.lower())):
        raise InputError(f"There is a user {name} already.")
    user = User(name=name, role=role, organisation=organisation)
    if password is not None:
        set_password(user, password)
    session.add(user)
    session.flush()
    return user


def set_password(user: User, password: str) -> None:
    """Raises InputError for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise InputError(f"A password has at least {SHORTEST_PASSWORD} characters.")
    if len(password) > 1000:
        raise InputError("A password has at most 1,000 characters.")
    user.password_hash = _hasher.hash(password)


def user_by_password(session: Session, name: str, password: str) -> User | None:
    """The active user of that name and password."""
    user = session.scalar(select(User).where(func.lower(User.name) == name.strip().lower()))
    known = user.password_hash if user is not None and user.password_hash else _nobodys_hash()
    if not _is_of(known, password) or user is None or not user.active:
        return None
    if _hasher.check_needs_rehash(known):
        user.password_hash = _hasher.hash(password)
    return user


def begin_session(session: Session, user: User, lasts: timedelta) -> str:
    """The text for the cookie of a new session; what is over goes."""
    session.execute(delete(Login).where(Login.expires_at < now()))
    text = secrets.token_urlsafe(32)
    session.add(Login(digest=_digest(text), user_id=user.id, expires_at=now() + lasts))
    return text


def user_by_session(session: Session, text: str) -> tuple[User, datetime] | None:
    """The active user of a session, and when it ends."""
    login = session.scalar(select(Login).where(Login.digest == _digest(text)))
    if login is None or login.expires_at <= now():
        return None
    user = session.get(User, login.user_id)
    return (user, login.expires_at) if user is not None and user.active else None


def end_session(session: Session, text: str) -> None:
    """The cookie of the session is worth nothing any more."""
    session.execute(delete(Login).where(Login.digest == _digest(text)))


def end_sessions(session: Session, user: User) -> None:
    """All sessions of a user, as after a change of the password."""
    session.execute(delete(Login).where(Login.user_id == user.id))


def create_token(session: Session, user: User, name: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """A new token and its text, which is never shown again. Raises InputError for what the user may not do."""
    unknown = [scope for scope in scopes if scope not in PERMISSIONS]
    if unknown:
        raise InputError(f"There is no scope {unknown[0]!r}.", did_you_mean(unknown[0], PERMISSIONS))
    if not scopes or not set(scopes) <= ROLES[user.role]:
        raise InputError("A token has at least one scope, and no more than its user's role.")
    if not name.strip() or len(name) > 200:
        raise InputError("A token needs a name of 1 to 200 characters.", "Say what it is for.")
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=user.id,
        name=name.strip(),
        secret_hash=_hasher.hash(secret),
        scopes=sorted(set(scopes)),
        expires_at=now() + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    return token, f"{TOKEN_PREFIX}_{token.public_id}_{secret}"


def token_by_text(session: Session, text: str) -> ApiToken | None:
    """The token of that text, unless it was revoked, is over, or is of a user who is not active."""
    prefix, _, rest = text.partition("_")
    public_id, _, secret = rest.partition("_")
    token = session.scalar(select(ApiToken).where(ApiToken.public_id == public_id))
    if prefix != TOKEN_PREFIX or token is None or not _is_of_token(token, secret):
        return None
    usable = token.revoked_at is None and token.expires_at > now() and token.user.active
    return token if usable else None


def _is_of_token(token: ApiToken, secret: str) -> bool:
    digest = _digest(secret)
    if _known_secrets.get(digest) == token.secret_hash:
        return True
    if not _is_of(token.secret_hash, secret):
        return False
    _known_secrets[digest] = token.secret_hash
    return True


def _is_of(known: str, text: str) -> bool:
    try:
        return _hasher.verify(known, text)
    except (VerificationError, InvalidHashError):
        return False


def _digest(text: str) -> str:
    """Of a random text of 256 bits, which no list of guesses has."""
    return sha256(text.encode(errors="replace")).hexdigest()
