"""Releases to download, notices, and the quality of what is published."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from harmonize.service import datasets, quality
from harmonize.service.access import Analyst
from harmonize.service.pages.frame import page
from harmonize.service.state import state_of

router = APIRouter(include_in_schema=False)


@router.get("/datasets", response_class=HTMLResponse)
def all_datasets(request: Request, who: Analyst) -> HTMLResponse:
    """The releases and the notices."""
    settings = state_of(request).settings
    return page(
        request,
        "datasets.html",
        title="Datasets",
        releases=datasets.releases(settings),
        notices=datasets.notices(settings),
        contact=settings.contact,
    )


@router.get("/datasets/{name}", response_class=HTMLResponse)
def dataset(request: Request, name: str, who: Analyst) -> HTMLResponse:
    """One release with its files."""
    found = datasets.release(state_of(request).settings, name)
    plain = [(key, value) for key, value in found.about.items() if isinstance(value, str | int | float)]
    return page(request, "dataset.html", title=found.name, release=found, facts=plain)


@router.get("/quality", response_class=HTMLResponse)
def quality_of_published(request: Request, who: Analyst) -> HTMLResponse:
    """The last check of the published data, and the runs before."""
    settings = state_of(request).settings
    runs = list(reversed(quality.runs(settings)))[: quality.SHOWN_RUNS]
    return page(request, "service_quality.html", title="Quality", latest=quality.latest(settings), runs=runs)
