"""Reviewing mappings: the queue, one row with all that is known of it, bulk and undo, the results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from harmonize.engine.errors import InputError
from harmonize.service import concepts, reviewing
from harmonize.service.access import Form, Reviewer, audit
from harmonize.service.pages.frame import go_to, page
from harmonize.service.problems import Problem
from harmonize.service.state import state_of

if TYPE_CHECKING:
    from harmonize.review.worklist import Filter
    from harmonize.service.roles import Caller

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Query(max_length=200)]
SHOWN = 100
TOLD = "told"
"""What was done, said once on the page that follows; it is in the session, so that no link makes a page say it."""
_FIELDS = ("comment", "object_id", "object_label", "predicate_id")
TONES = {
    "signed": "good",
    "accepted_once": "good",
    "conflict": "error",
    "discussion": "warning",
    "reopened": "warning",
    "unreviewed": "",
}
WORD_TONES = {"accept": "good", "reject": "error", "change": "error", "discuss": "warning"}


class Place:
    """Where a reviewer is: the mapping, and which of its rows are wanted. It goes along in every address."""

    def __init__(self, given: dict[str, str], reviewer: str | None) -> None:
        self.mapping = given["mapping"]
        self.state, self.subject, self.open = (given.get(name, "").strip() for name in ("state", "subject", "open"))
        self._reviewer = reviewer

    @property
    def wanted(self) -> Filter:
        """As a filter of the queue."""
        from harmonize.review.worklist import Filter

        mine = self._reviewer if self.open else None
        return Filter(state=self.state or None, subject=self.subject or None, undecided_by=mine)

    @property
    def fields(self) -> dict[str, str]:
        """As the fields of a form."""
        given = {"mapping": self.mapping, "state": self.state, "subject": self.subject, "open": self.open}
        return {name: value for name, value in given.items() if value}

    def address(self, path: str, **more: str) -> str:
        """The address of a page there."""
        return f"{path}?{urlencode({**self.fields, **more})}"


def _place(request: Request, who: Caller, given: dict[str, str]) -> Place:
    state = state_of(request)
    mapping = given.get("mapping") or reviewing.first_name(state.settings)
    return Place({**given, "mapping": mapping}, reviewing.reviewer_of(state, who))


@router.get("/review", response_class=HTMLResponse)
def review_queue(
    request: Request,
    who: Reviewer,
    mapping: Short = "",
    state: Short = "",
    subject: Short = "",
    open: Short = "",
) -> HTMLResponse:
    """The rows of a mapping, those that matter most first."""
    place = _place(request, who, {"mapping": mapping, "state": state, "subject": subject, "open": open})
    return _queue(request, who, place)


def _queue(
    request: Request,
    who: Caller,
    place: Place,
    *,
    foreseen: reviewing.Bulk | None = None,
    decision: str = "",
    comment: str = "",
) -> HTMLResponse:
    service = state_of(request)
    found = reviewing.queue(service.settings, place.mapping, place.wanted)
    audit(request, who, "review queue", place.mapping)
    return page(
        request,
        "review.html",
        title="Review of mappings",
        place=place,
        found=found,
        items=found.items[:SHOWN],
        names=reviewing.names(),
        files=reviewing.result_files(service.settings, place.mapping),
        reviewer=reviewing.reviewer_of(service, who),
        tones=TONES,
        done=request.session.pop(TOLD, ""),
        foreseen=foreseen,
        decision=decision,
        comment=comment,
    )


@router.get("/review/row", response_class=HTMLResponse)
def review_row(request: Request, who: Reviewer) -> HTMLResponse:
    """One row: what the source says, the concept with its neighbours, uses, other sites, decisions."""
    given = {name: value[:200] for name, value in request.query_params.items()}
    return _row(request, who, _place(request, who, given), given.get("row", ""))


def _row(
    request: Request,
    who: Caller,
    place: Place,
    row: str,
    *,
    wrong: InputError | None = None,
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    service = state_of(request)
    shown = reviewing.detail(service.settings, place.mapping, row)
    audit(request, who, "review row", place.mapping, row=row)
    items = reviewing.queue(service.settings, place.mapping, place.wanted).items
    before, after = _neighbours([item.one.hash for item in items], row)
    concept = shown.get("concept") or {}
    return page(
        request,
        "review_row.html",
        title=shown["subject_label"] or shown["subject_id"],
        status=422 if wrong else 200,
        place=place,
        shown=shown,
        position=next((at + 1 for at, item in enumerate(items) if item.one.hash == row), None),
        total=len(items),
        before=before,
        after=after,
        near=concepts.concept(service.settings, concept["concept_id"]) if concept.get("concept_id") else None,
        suggestions=_suggestions(request, shown),
        reviewer=reviewing.reviewer_of(service, who),
        tones=TONES,
        word_tones=WORD_TONES,
        done=request.session.pop(TOLD, ""),
        wrong=wrong,
        given=dict.fromkeys(_FIELDS, "") | (given or {}),
    )


def _neighbours(queue: list[str], row: str) -> tuple[str | None, str | None]:
    """The rows before and after one; where it is no longer in the queue, its first."""
    if row not in queue:
        return None, queue[0] if queue else None
    at = queue.index(row)
    return (queue[at - 1] if at else None), (queue[at + 1] if at + 1 < len(queue) else None)


def _suggestions(request: Request, shown: dict[str, Any]) -> list[dict[str, Any]]:
    if not shown["subject_label"]:
        return []
    try:
        found = concepts.suggest(state_of(request).settings, shown["subject_label"], shown["mapping"])
    except (InputError, Problem):
        return []
    return [one for one in found if one["concept"] != shown["object_id"]]


@router.post("/review/decide")
def decide(request: Request, form: Form, who: Reviewer) -> Response:
    """Write the decision, and go on to the next row."""
    service, place, row = state_of(request), _place(request, who, form), form.get("row", "")
    queue = [item.one.hash for item in reviewing.queue(service.settings, place.mapping, place.wanted).items]
    decision, comment = form.get("decision", ""), form.get("comment", "").strip()
    name = reviewing.signing(service, who)
    try:
        (one,) = reviewing.decide(service.settings, name, place.mapping, [row], decision, comment)
    except InputError as problem:
        return _row(request, who, place, row, wrong=problem, given=form)
    audit(request, who, "review decided", place.mapping, decision=decision, rows=[row])
    request.session[TOLD] = f"{one.subject_id}: {decision}"
    following = _neighbours(queue, row)[1]
    if following is None or following == row:
        return go_to(place.address("/review"))
    return go_to(place.address("/review/row", row=following))


@router.post("/review/change")
def change(request: Request, form: Form, who: Reviewer) -> Response:
    """Let the row say something else."""
    from harmonize.review.decide import Change

    service, place, row = state_of(request), _place(request, who, form), form.get("row", "")
    name = reviewing.signing(service, who)
    wanted = Change(*(form.get(key, "").strip() or None for key in ("object_id", "object_label", "predicate_id")))
    try:
        now = reviewing.change(service.settings, name, place.mapping, row, wanted, form.get("comment", "").strip())
    except InputError as problem:
        return _row(request, who, place, row, wrong=problem, given=form)
    audit(request, who, "review changed", place.mapping, was=row, row=now)
    request.session[TOLD] = "It says this now; two others sign it."
    return go_to(place.address("/review/row", row=now))


@router.post("/review/bulk", response_class=HTMLResponse)
def bulk(request: Request, form: Form, who: Reviewer) -> Response:
    """First what would be decided; the button on that page decides."""
    service, place = state_of(request), _place(request, who, form)
    decision, comment = form.get("decision", ""), form.get("comment", "").strip()
    name = reviewing.signing(service, who)
    dry = form.get("sure") != "yes"
    found = reviewing.bulk(service.settings, name, place.mapping, place.wanted, decision, comment, dry=dry)
    if found.batch is None:
        return _queue(request, who, place, foreseen=found, decision=decision, comment=comment)
    audit(request, who, "review decided", place.mapping, decision=decision, batch=found.batch)
    request.session[TOLD] = f"{decision}: {len(found.taken)} rows"
    return go_to(place.address("/review"))


@router.post("/review/undo")
def undo(request: Request, form: Form, who: Reviewer) -> RedirectResponse:
    """Take back what one decided last on this mapping."""
    service, place = state_of(request), _place(request, who, form)
    taken = reviewing.undo(service.settings, reviewing.signing(service, who), place.mapping, None)
    audit(request, who, "review undone", place.mapping, batch=taken[0].batch)
    request.session[TOLD] = f"Taken back: {', '.join(one.subject_id for one in taken[:5])}"
    return go_to(place.address("/review"))


@router.post("/review/reviewer")
def become(request: Request, form: Form, who: Reviewer) -> RedirectResponse:
    """Say with which name one signs."""
    name = reviewing.become(state_of(request), who, form.get("reviewer", ""))
    audit(request, who, "reviewer set", name)
    request.session[TOLD] = f"You sign as {name}."
    return go_to(_place(request, who, form).address("/review"))
