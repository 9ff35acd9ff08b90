"""What all pages share: the templates, the menu, the answer to what went wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from harmonize.engine.version import __version__
from harmonize.report.page import environment
from harmonize.service.access import csrf_token
from harmonize.service.navigation import entries
from harmonize.service.problems import Problem

HERE = Path(__file__).resolve().parent.parent
STATIC = HERE / "static"


@cache
def templates() -> Environment:
    """The templates of the reports, and those of the service."""
    shared = environment()
    loaders = [FileSystemLoader(HERE / "templates")] + ([shared.loader] if shared.loader else [])
    made = shared.overlay(loader=ChoiceLoader(loaders))
    made.filters |= {"day": lambda moment: f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "–"}
    return made


def page(request: Request, template: str, *, title: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page for who asks."""
    who = getattr(request.state, "caller", None)
    text = (
        templates()
        .get_template(template)
        .render(
            title=title,
            who=who,
            menu=entries(who) if who is not None else [],
            here=request.url.path,
            csrf=csrf_token(request),
            sections=[],
            made=None,
            script="",
            version=__version__,
            **context,
        )
    )
    return HTMLResponse(text, status)


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """What went wrong, for people."""
    answer = page(
        request,
        "problem.html",
        title=problem.document("")["title"],
        status=problem.status,
        detail=problem.detail,
        hint=problem.hint,
    )
    answer.headers.update(problem.headers)
    return answer


def go_to(path: str) -> RedirectResponse:
    """After a form: the page that shows what it did."""
    return RedirectResponse(path, 303)
