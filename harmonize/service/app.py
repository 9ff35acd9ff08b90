"""The application: routes, pages, and what is around them."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from harmonize.engine.version import __version__
from harmonize.report.page import style_text
from harmonize.service import problems
from harmonize.service.database import Database
from harmonize.service.jobs import Runner
from harmonize.service.metrics import Metrics
from harmonize.service.middleware import Around, BoundedBody
from harmonize.service.pages import admin as admin_page
from harmonize.service.pages import ask as ask_page
from harmonize.service.pages import datasets as dataset_pages
from harmonize.service.pages import login, oidc, releases, review, studies, submit, vocabulary
from harmonize.service.pages import projects as projects_page
from harmonize.service.pages.frame import STATIC, problem_page
from harmonize.service.problems import MEDIA_TYPE, not_found
from harmonize.service.rates import Rates
from harmonize.service.routes import admin, ask, datasets, jobs, lineage, lives, mappings, own, projects, submissions
from harmonize.service.routes.shapes import ProblemShape
from harmonize.service.settings import Settings
from harmonize.service.state import State, state_of

API = "/api/v1"
COOKIE = "harmonize_session"
_PROBLEM = {"model": ProblemShape, "content": {MEDIA_TYPE: {}}}
_RESPONSES: dict[int | str, dict[str, object]] = {
    status: {**_PROBLEM, "description": told}
    for status, told in {
        401: "Login needed",
        403: "Not allowed, or terms not attested",
        404: "Not there, or not yours",
        409: "Not in this state",
        413: "Too large",
        422: "Cannot be used",
        429: "Too often",
        503: "Not now",
    }.items()
}


def create_app(settings: Settings) -> FastAPI:
    """The application of a data folder, with its tables brought up to date."""
    db = Database(settings.url)
    db.migrate()
    metrics = Metrics()
    state = State(
        settings,
        db,
        Runner(settings, db, metrics),
        Rates(settings.login_rate, settings.request_rate),
        metrics,
        BoundedSemaphore(settings.queries_at_once),
    )
    app = FastAPI(
        title="midrc-harmonize",
        version=__version__,
        summary="Submit, ask, see where a row comes from.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its page would fetch scripts from elsewhere
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.service = state
    problems.install(app, problem_page)
    api = APIRouter(prefix=API, responses=_RESPONSES)
    for module in (own, submissions, jobs, projects, ask, mappings, datasets, lives, lineage, admin):
        api.include_router(module.router)
    app.include_router(api)
    app.include_router(_plain())
    of_data = (ask_page, studies, dataset_pages, releases, review, vocabulary)
    for pages in (login, oidc, submit, projects_page, *of_data, admin_page):
        app.include_router(pages.router)
    _add_middleware(app, state)
    return app


def _add_middleware(app: FastAPI, state: State) -> None:
    """The last that is added is the outermost."""
    settings = state.settings
    app.add_middleware(BoundedBody, most_of_form=settings.max_submission_bytes)
    app.add_middleware(
        SessionMiddleware,
        secret_key=secret_of(settings.data),
        session_cookie=COOKIE,
        max_age=int(settings.session.total_seconds()),
        same_site="lax",
        https_only=settings.secure,
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts)
    app.add_middleware(Around, metrics=state.metrics, secure=settings.secure)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: State = app.state.service
    state.jobs.start()
    yield
    state.jobs.stop()
    state.db.close()


def secret_of(data: Path) -> str:
    """What session cookies are signed with: made once, for its owner alone."""
    path = data / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")


def _plain() -> APIRouter:
    """Health, counters, the stylesheet and the script."""
    router = APIRouter(tags=["running"])

    @router.get("/health")
    def health(request: Request) -> JSONResponse:
        """Whether the service can read its tables."""
        with state_of(request).db.session() as session:
            session.execute(text("SELECT 1"))
        return JSONResponse({"status": "ok", "version": __version__})

    @router.get("/metrics", response_class=PlainTextResponse)
    def metrics(request: Request) -> Response:
        """Counters for Prometheus: no ids, no names, no values."""
        state = state_of(request)
        if not state.settings.metrics:
            raise not_found()
        return Response(state.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        """The stylesheet of the reports with that of the service, and its script."""
        if name not in _STATIC:
            raise not_found()
        return Response(_static(name), media_type=_STATIC[name], headers={"Cache-Control": "no-cache"})

    return router


_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "service.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@cache
def _static(name: str) -> str:
    own = (STATIC / ("service.css" if name == "style.css" else name)).read_text(encoding="utf-8")
    return f"{style_text()}\n{own}" if name == "style.css" else own
