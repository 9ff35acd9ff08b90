"""Users, organisations, jobs and the audit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from harmonize.engine.errors import InputError
from harmonize.service import accounts
from harmonize.service.access import Admin, audit
from harmonize.service.models import AuditEntry, Job, Organisation, User
from harmonize.service.problems import Problem, not_found
from harmonize.service.routes.shapes import (
    AuditShape,
    JobShape,
    NewOrganisation,
    NewUser,
    OrganisationShape,
    UserChange,
    UserShape,
)
from harmonize.service.state import state_of

router = APIRouter(prefix="/admin", tags=["admin"])
Row = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/users")
def users(request: Request, who: Admin) -> list[UserShape]:
    """All accounts."""
    with state_of(request).db.session() as session:
        return [UserShape.model_validate(one) for one in session.scalars(select(User).order_by(User.name))]


@router.post("/users", status_code=201)
def new_user(request: Request, body: NewUser, who: Admin) -> UserShape:
    """A new account."""
    return made_user(request, who, body.name, body.role, body.organisation, body.password)


def made_user(
    request: Request, who: Admin, name: str, role: str, organisation: str | None, password: str | None
) -> UserShape:
    """The same, for a page too; a password that the service made is in the answer, and nowhere else."""
    chosen = password or accounts.new_password()
    with state_of(request).db.session() as session:
        home = _organisation(session, organisation) if organisation else None
        user = accounts.create_user(session, name, role, password=chosen, organisation=home)
        shape = UserShape.model_validate(user)
    audit(request, who, "user made", shape.name, role=role)
    return shape.model_copy(update={"password": None if password else chosen})


def _organisation(session: Session, name: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.name == name))
    if found is None:
        raise InputError("There is no organisation of this name.", "Make it first.")
    return found


@router.patch("/users/{user_id}")
def change_user(request: Request, user_id: Row, body: UserChange, who: Admin) -> UserShape:
    """Another role, or no access any more: then the sessions of the account end."""
    return changed_user(request, who, user_id, body.role, body.active)


def changed_user(request: Request, who: Admin, user_id: int, role: str | None, active: bool | None) -> UserShape:
    """The same, for a page too. Raises Problem where admins would shut themselves out."""
    if user_id == who.user_id:
        raise Problem(409, "Nobody changes their own account here: another admin does.", kind="self")
    with state_of(request).db.session() as session:
        user = session.get(User, user_id)
        if user is None:
            raise not_found()
        if role == "contributor" and user.organisation_id is None:
            raise InputError("A contributor belongs to an organisation.", "Make a new account in it.")
        user.role = role or user.role
        user.active = user.active if active is None else active
        if active is False:
            accounts.end_sessions(session, user)
        shape = UserShape.model_validate(user)
    audit(request, who, "user changed", shape.name, role=shape.role, active=shape.active)
    return shape


@router.get("/organisations")
def organisations(request: Request, who: Admin) -> list[OrganisationShape]:
    """All organisations."""
    with state_of(request).db.session() as session:
        found = session.scalars(select(Organisation).order_by(Organisation.name))
        return [OrganisationShape.model_validate(one) for one in found]


@router.post("/organisations", status_code=201)
def new_organisation(request: Request, body: NewOrganisation, who: Admin) -> OrganisationShape:
    """A new organisation, or other projects for one that is there."""
    return kept_organisation(request, who, body.name, body.projects)


def kept_organisation(request: Request, who: Admin, name: str, projects: list[str]) -> OrganisationShape:
    """The same, for a page too."""
    named = name.strip()
    if not named or not named.isprintable() or len(named) > 200:
        raise InputError("An organisation needs a name of 1 to 200 printable characters.")
    with state_of(request).db.session() as session:
        found = session.scalar(select(Organisation).where(Organisation.name == named))
        if found is None:
            found = Organisation(name=named, projects=[])
            session.add(found)
        found.projects = [project.strip() for project in projects if project.strip()]
        session.flush()
        shape = OrganisationShape.model_validate(found)
    audit(request, who, "organisation kept", shape.name, projects=shape.projects)
    return shape


@router.get("/jobs")
def jobs(request: Request, who: Admin) -> list[JobShape]:
    """The latest jobs."""
    with state_of(request).db.session() as session:
        found = session.scalars(select(Job).order_by(Job.id.desc()).limit(200))
        return [JobShape.model_validate(one) for one in found]


@router.get("/audit")
def audit_lines(
    request: Request,
    who: Admin,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Lines older than this one.")] = None,
    user: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> list[AuditShape]:
    """Who read or changed what, the latest first, 500 lines at a time."""
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(500)
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    if user is not None:
        wanted = wanted.where(AuditEntry.user_id == user)
    with state_of(request).db.session() as session:
        return [AuditShape.model_validate(one) for one in session.scalars(wanted)]
