"""Releases for download, and the quality of what is published."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from harmonize.service import datasets, quality
from harmonize.service.access import Analyst, audit
from harmonize.service.problems import not_found
from harmonize.service.routes.shapes import DatasetFile, DatasetShape
from harmonize.service.routes.submissions import REPORT_POLICY
from harmonize.service.state import state_of

router = APIRouter(tags=["datasets"])
Name = Annotated[str, Path(max_length=200)]


def _shape(found: datasets.Release) -> DatasetShape:
    files = [DatasetFile(name=one.name, size=one.size, sha256=one.sha256) for one in found.files]
    return DatasetShape(
        name=found.name,
        project=found.project,
        version=found.version,
        size=found.size,
        dictionary=found.dictionary,
        about=found.about,
        files=files,
    )


@router.get("/datasets")
def all_datasets(request: Request, who: Analyst) -> list[DatasetShape]:
    """The releases, each with its files and their sums."""
    return [_shape(one) for one in datasets.releases(state_of(request).settings)]


@router.get("/datasets/{name}")
def dataset(request: Request, name: Name, who: Analyst) -> DatasetShape:
    """One release."""
    return _shape(datasets.release(state_of(request).settings, name))


@router.get("/datasets/{name}/files/{file:path}", response_class=FileResponse)
def download(request: Request, name: Name, file: Annotated[str, Path(max_length=1000)], who: Analyst) -> FileResponse:
    """A file of a release. `Range` takes a part of it, so that a download goes on where it broke off."""
    path = datasets.file_of(state_of(request).settings, name, file)
    audit(request, who, "release downloaded", name, file=file, range=request.headers.get("range", "")[:100])
    return FileResponse(path, filename=path.name)


@router.get("/notices")
def notices(request: Request, who: Analyst) -> list[dict[str, str]]:
    """Notices to downloaders: what was withdrawn since a release was made."""
    return [{"name": name, "text": text} for name, text in datasets.notices(state_of(request).settings)]


@router.get("/quality")
def latest_quality(request: Request, who: Analyst) -> dict[str, Any]:
    """What the last check of the published data came to, and the runs before."""
    settings = state_of(request).settings
    found = quality.latest(settings)
    if found is None:
        raise not_found()
    return {**found, "runs": quality.runs(settings)}


@router.get("/quality/report", response_class=FileResponse)
def quality_report(request: Request, who: Analyst) -> FileResponse:
    """The whole report with its pictures; counts below 11 are not told."""
    return shown_page(request, state_of(request).settings.quality / quality.REPORT)


def shown_page(request: Request, path: Any) -> FileResponse:
    """A page that stands by itself: sandboxed, away from the service's cookies. Raises Problem 404."""
    if not path.is_file():
        raise not_found()
    return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY})


@router.get("/datasets/{name}/dictionary", response_class=Response)
def dictionary(request: Request, name: Name, who: Analyst) -> Response:
    """The data dictionary of a release, as its page. Raises Problem 404."""
    settings = state_of(request).settings
    found = datasets.release(settings, name)
    if found.dictionary is None:
        raise not_found()
    return shown_page(request, datasets.file_of(settings, name, found.dictionary))
