"""Questions and statements on the published data, saved ones, imaging studies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from harmonize.engine.errors import InputError
from harmonize.export.questions import question, questions
from harmonize.service import studies as found_studies
from harmonize.service.access import Analyst, audit
from harmonize.service.asking import (
    MEDIA,
    Asked,
    Download,
    Grid,
    asked_question,
    asked_sql,
    download,
    first_piece,
    grid,
)
from harmonize.service.models import SavedQuery
from harmonize.service.problems import not_found
from harmonize.service.routes.shapes import NewSavedQuery, QueryBody, Rows, Saved
from harmonize.service.state import state_of

router = APIRouter(tags=["ask"])
Id = Annotated[str, Path(min_length=1, max_length=64)]
Short = Annotated[str, Query(max_length=200)]


def asked_of(sql: str | None, name: str | None, parameters: dict[str, Any]) -> Asked:
    """What a body asks. Raises InputError where it is not one of the two."""
    if bool(sql) == bool(name):
        raise InputError("Give either sql or question.")
    if name is None:
        return asked_sql(sql or "")
    return asked_question(name, {key: "" if value is None else str(value) for key, value in parameters.items()})


def audit_asked(request: Request, who: Analyst, action: str, asked: Asked, **more: Any) -> None:
    """Write down what was asked."""
    detail: dict[str, Any] = {"values": asked.values} if asked.question else {"sql": asked.sql}
    audit(request, who, action, asked.question.name if asked.question else "sql", **detail, **more)


def _rows(found: Grid) -> Rows:
    return Rows(
        columns=found.columns, rows=found.rows, truncated=found.truncated, notes=found.notes, seconds=found.seconds
    )


@router.get("/questions")
def all_questions(who: Analyst) -> list[dict[str, Any]]:
    """The shipped questions: name, title, who asks them."""
    return [{"name": one.name, "title": one.title, "asked_by": one.asked_by} for one in questions()]


@router.get("/questions/{name}")
def one_question(name: Annotated[str, Path(max_length=100)], who: Analyst) -> dict[str, Any]:
    """One question: its parameters, columns, notes and SQL."""
    return question(name).to_json()


@router.post("/query")
def query(request: Request, body: QueryBody, who: Analyst) -> Rows:
    """The first rows of the answer to a statement or a question, and what is to be known of them."""
    asked = asked_of(body.sql, body.question, body.parameters)
    audit_asked(request, who, "query", asked)
    return _rows(grid(state_of(request), asked))


@router.post("/query/{format}", response_class=StreamingResponse)
def query_file(request: Request, format: Download, body: QueryBody, who: Analyst) -> StreamingResponse:
    """The whole answer as CSV, JSON, Arrow (stream) or Parquet, up to the rows that may be downloaded."""
    return answer_file(request, who, asked_of(body.sql, body.question, body.parameters), format)


def answer_file(
    request: Request, who: Analyst, asked: Asked, format: Download, name: str = "answer"
) -> StreamingResponse:
    """The same, for a page too."""
    audit_asked(request, who, "download", asked, format=format)
    pieces = first_piece(download(state_of(request), asked, format))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return StreamingResponse(pieces, media_type=MEDIA[format], headers=headers)


@router.get("/saved")
def saved_queries(request: Request, who: Analyst) -> list[Saved]:
    """The caller's saved queries."""
    with state_of(request).db.session() as session:
        own = select(SavedQuery).where(SavedQuery.user_id == who.user_id).order_by(SavedQuery.id.desc())
        return [Saved.model_validate(one) for one in session.scalars(own)]


@router.post("/saved", status_code=201)
def save(request: Request, body: NewSavedQuery, who: Analyst) -> Saved:
    """Keep a query under an address that stays, for every analyst of this service."""
    asked = asked_of(body.sql, body.question, body.parameters)
    return saved(request, who, body.title, asked)


def saved(request: Request, who: Analyst, title: str, asked: Asked) -> Saved:
    """The same, for a page too."""
    kept = SavedQuery(
        user_id=who.user_id,
        title=title.strip()[:200] or "Query",
        question=asked.question.name if asked.question else None,
        parameters=dict(asked.values),
        sql=None if asked.question else asked.sql,
    )
    with state_of(request).db.session() as session:
        session.add(kept)
        session.flush()
        return Saved.model_validate(kept)


@router.get("/saved/{saved_id}")
def saved_query(request: Request, saved_id: Id, who: Analyst) -> Saved:
    """A saved query, by whomever."""
    return find_saved(request, saved_id)


def find_saved(request: Request, saved_id: str) -> Saved:
    """Raises Problem 404."""
    with state_of(request).db.session() as session:
        found = session.scalar(select(SavedQuery).where(SavedQuery.public_id == saved_id))
        if found is None:
            raise not_found()
        return Saved.model_validate(found)


@router.delete("/saved/{saved_id}", status_code=204, response_class=Response)
def forget(request: Request, saved_id: Id, who: Analyst) -> None:
    """Take a saved query of one's own away."""
    with state_of(request).db.session() as session:
        own = SavedQuery.user_id == who.user_id
        found = session.scalar(select(SavedQuery).where(SavedQuery.public_id == saved_id, own))
        if found is None:
            raise not_found()
        session.delete(found)


@router.get("/studies")
def studies(
    request: Request,
    who: Analyst,
    project: Short = "",
    modality: Short = "",
    region: Short = "",
    description: Short = "",
    case: Short = "",
    tier: Short = "",
) -> Rows:
    """Imaging studies that fit all that is given."""
    wanted = {
        "project": project,
        "modality": modality,
        "region": region,
        "description": description,
        "case": case,
        "tier": tier,
    }
    audit(request, who, "studies", "", **wanted)
    return _rows(found_studies.search(state_of(request), wanted))


@router.get("/patients/{person}")
def patient(request: Request, person: Annotated[str, Path(max_length=20)], who: Analyst) -> Rows:
    """Every event and every study of a patient (published id), by day."""
    audit(request, who, "patient", person)
    return _rows(found_studies.course(state_of(request), person)[1])
