"""The vocabulary and the matrix of consortia, for reviewers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from harmonize.service import concepts
from harmonize.service.access import Reviewer
from harmonize.service.pages.frame import page
from harmonize.service.routes.mappings import LARGEST_ID
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Query(max_length=200)]


@router.get("/vocabulary", response_class=HTMLResponse)
def vocabulary(request: Request, who: Reviewer, q: Short = "", standard: Short = "") -> HTMLResponse:
    """Search for concepts."""
    settings = state_of(request).settings
    found = concepts.search(settings, q, domain=None, standard=bool(standard)) if q.strip() else None
    return page(request, "vocabulary.html", title="Vocabulary", q=q, standard=standard, found=found, concept=None)


@router.get("/vocabulary/{concept_id}", response_class=HTMLResponse)
def concept(request: Request, who: Reviewer, concept_id: Annotated[int, Path(ge=0, le=LARGEST_ID)]) -> HTMLResponse:
    """One concept with its neighbours."""
    found = concepts.concept(state_of(request).settings, concept_id)
    return page(request, "vocabulary.html", title=found["concept_name"], q="", standard="", found=None, concept=found)


@router.get("/matrix", response_class=HTMLResponse)
def matrix(request: Request, who: Reviewer, node: Short = "", only: Short = "") -> HTMLResponse:
    """A node of the dictionary by consortium."""
    lines = concepts.matrix(state_of(request).settings)
    nodes = list(dict.fromkeys(line.node for line in lines))
    chosen = node if node in nodes else nodes[0]
    shown = [line for line in lines if line.node == chosen and (only != "differs" or line.differs)]
    return page(
        request, "consortia.html", title="Consortia", lines=shown, nodes=nodes, node=chosen, only=only,
        consortia=list(lines[0].cells),
    )  # fmt: skip
