"""Mappings under review over HTTP: read, suggest, decide, take back, take away as SSSOM or patch; the vocabulary."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from harmonize.service import concepts, reviewing
from harmonize.service.access import Reviewer, audit
from harmonize.service.routes.review_shapes import (
    BulkBody,
    BulkShape,
    ChangeBody,
    DecideBody,
    Decisions,
    DecisionShape,
    ItemShape,
    QueueShape,
    ReviewerShape,
    StateName,
    UndoBody,
)
from harmonize.service.routes.shapes import Text
from harmonize.service.state import state_of

router = APIRouter(tags=["mappings"])
LARGEST_ID = 2**31 - 1
Name = Annotated[Text, Query(description="Such as ehr/covid_19_ny_sbu, or consortia/n3c.")]
Row = Annotated[str, Query(pattern="^[0-9a-f]{64}$", description="The row's mapping_hash.")]
TSV = "text/tab-separated-values; charset=utf-8"


def wanted_of(body: BulkBody | None = None, **given: Any) -> Any:
    """The filter of a request."""
    from harmonize.review.worklist import Filter

    fields = body.model_dump(include=set(Filter.__dataclass_fields__)) if body is not None else given
    return Filter(**{name: value if value != "" else None for name, value in fields.items()})


@router.get("/mappings")
def mappings(who: Reviewer) -> list[str]:
    """The mappings and crosswalks that are reviewed."""
    return reviewing.names()


@router.get("/mappings/queue")
def queue(
    request: Request,
    who: Reviewer,
    mapping: Name,
    state: StateName | None = None,
    subject: Annotated[Text | None, Query(description="A pattern with * and ?.")] = None,
    predicate: Text | None = None,
    below: Annotated[float | None, Query(ge=0, le=1, description="Of a confidence below this.")] = None,
    at_least: Annotated[float | None, Query(ge=0, le=1)] = None,
    open: Annotated[bool, Query(description="Only what the caller left open.")] = False,
    limit: Annotated[int, Query(ge=1, le=5000)] = 100,
) -> QueueShape:
    """The rows of a mapping by impact: loaded rows that use the value, times doubt."""
    service = state_of(request)
    mine = reviewing.reviewer_of(service, who) if open else None
    wanted = wanted_of(
        state=state, subject=subject, predicate=predicate, below=below, at_least=at_least, undecided_by=mine
    )
    audit(request, who, "review queue", mapping)
    found = reviewing.queue(service.settings, mapping, wanted)
    rows = [ItemShape(row=item.one.hash, **item.to_json()) for item in found.items[:limit]]
    return QueueShape(total=len(found.items), states=found.states, notes=found.notes, rows=rows)


@router.get("/mappings/row")
def one_row(request: Request, who: Reviewer, mapping: Name, row: Row) -> dict[str, Any]:
    """All that is known of one row: concept, uses, units, other sites, warnings, decisions."""
    audit(request, who, "review row", mapping, row=row)
    return reviewing.detail(state_of(request).settings, mapping, row)


@router.get("/mappings/suggestions")
def suggestions(
    request: Request, who: Reviewer, text: Annotated[Text, Query()], mapping: Text | None = None
) -> list[dict[str, Any]]:
    """Concepts that a value may mean, with the reasons."""
    return concepts.suggest(state_of(request).settings, text, mapping)


@router.get("/mappings/reviewer")
def reviewer(request: Request, who: Reviewer) -> ReviewerShape:
    """The name that the caller signs with."""
    return ReviewerShape(reviewer=reviewing.reviewer_of(state_of(request), who))


@router.put("/mappings/reviewer")
def become(request: Request, body: ReviewerShape, who: Reviewer) -> ReviewerShape:
    """Set it, once: an ORCID, or site:name."""
    name = reviewing.become(state_of(request), who, body.reviewer or "")
    audit(request, who, "reviewer set", name)
    return ReviewerShape(reviewer=name)


@router.post("/mappings/decisions", status_code=201)
def decide(request: Request, body: DecideBody, who: Reviewer) -> Decisions:
    """Accept, reject or discuss rows. Two who did not make a row sign it by accepting."""
    service = state_of(request)
    name = reviewing.signing(service, who)
    done = reviewing.decide(service.settings, name, body.mapping, body.rows, body.decision, body.comment)
    audit(request, who, "review decided", body.mapping, decision=body.decision, rows=body.rows)
    return Decisions(batch=done[0].batch, decisions=[DecisionShape(**asdict(one)) for one in done])


@router.post("/mappings/changes", status_code=201)
def change(request: Request, body: ChangeBody, who: Reviewer) -> dict[str, str]:
    """Let a row say something else; two others must then sign it. Answers with its new hash."""
    from harmonize.review.decide import Change

    service = state_of(request)
    name = reviewing.signing(service, who)
    wanted = Change(body.object_id, body.object_label, body.predicate_id)
    row = reviewing.change(service.settings, name, body.mapping, body.row, wanted, body.comment)
    audit(request, who, "review changed", body.mapping, was=body.row, row=row)
    return {"row": row}


@router.post("/mappings/bulk")
def bulk(request: Request, body: BulkBody, who: Reviewer) -> BulkShape:
    """Decide on all rows that fit; accepting leaves out all but sure, exact matches of rare values."""
    service = state_of(request)
    name = reviewing.signing(service, who)
    wanted = wanted_of(body)
    done = reviewing.bulk(service.settings, name, body.mapping, wanted, body.decision, body.comment, dry=body.dry_run)
    if done.batch is not None:
        audit(request, who, "review decided", body.mapping, decision=body.decision, batch=done.batch)
    return BulkShape(**asdict(done))


@router.post("/mappings/undo")
def undo(request: Request, body: UndoBody, who: Reviewer) -> Decisions:
    """Take back the caller's last batch of a mapping, or the one that is named."""
    service = state_of(request)
    name = reviewing.signing(service, who)
    done = reviewing.undo(service.settings, name, body.mapping, body.batch)
    audit(request, who, "review undone", body.mapping, batch=done[0].batch)
    return Decisions(batch=done[0].batch, decisions=[DecisionShape(**asdict(one)) for one in done])


@router.get("/mappings/patch", response_class=Response)
def patch(request: Request, who: Reviewer, mapping: Text | None = None) -> Response:
    """What was decided here, as a patch that `git apply` takes in a checkout of the project."""
    made = reviewing.patch(state_of(request).settings, mapping)
    audit(request, who, "review taken", mapping or "all", file="patch")
    return _attached(made, "text/x-diff; charset=utf-8", "reviews.patch")


@router.get("/mappings/files")
def files(request: Request, who: Reviewer, mapping: Name) -> list[str]:
    """The SSSOM files of a mapping, and reviews.tsv where somebody has decided."""
    return reviewing.result_files(state_of(request).settings, mapping)


@router.get("/mappings/file", response_class=Response)
def file(request: Request, who: Reviewer, mapping: Name, name: Annotated[Text, Query()]) -> Response:
    """One of them, with the review columns that follow from all decisions."""
    made = reviewing.result_file(state_of(request).settings, mapping, name)
    audit(request, who, "review taken", mapping, file=name)
    return _attached(made, TSV, name)


@router.get("/mappings/matrix")
def matrix(request: Request, who: Reviewer, node: Text | None = None) -> list[dict[str, str]]:
    """Every property and value of the dictionary by consortium; of one node."""
    from harmonize.review.matrix import as_records

    return as_records(line for line in concepts.matrix(state_of(request).settings) if node in (None, line.node))


@router.get("/vocabulary/search")
def search(
    request: Request,
    who: Reviewer,
    q: Annotated[Text, Query(description="A code, a CURIE, or words of a name.")],
    domain: Text | None = None,
    standard: bool = False,
) -> list[dict[str, Any]]:
    """Concepts by code, name or synonym, best first."""
    return concepts.search(state_of(request).settings, q, domain=domain, standard=standard)


@router.get("/vocabulary/concepts/{concept_id}")
def concept(request: Request, who: Reviewer, concept_id: Annotated[int, Path(ge=0, le=LARGEST_ID)]) -> dict[str, Any]:
    """One concept, with parents, children, and what it maps to."""
    return concepts.concept(state_of(request).settings, concept_id)


def _attached(content: bytes, media: str, name: str) -> Response:
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
