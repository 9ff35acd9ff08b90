"""What goes wrong, as problem details (RFC 9457) for programs and as a page for people."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from harmonize.engine.errors import HarmonizeError, InputError, RefusedError, StoreError

MEDIA_TYPE = "application/problem+json"
_STATUS: dict[type[HarmonizeError], int] = {InputError: 422, RefusedError: 409, StoreError: 503}
_TITLES = {
    400: "Bad request",
    401: "Login needed",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    411: "Length required",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be used",
    429: "Too many requests",
    500: "A failure of the service",
    503: "Not available now",
}
_log = logging.getLogger("harmonize.service")


class Problem(Exception):
    """A request that ends with a status other than success; `kind` tells problems of one status apart."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        hint: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.hint = hint
        self.headers = headers or {}

    def document(self, instance: str) -> dict[str, Any]:
        """As RFC 9457 has it."""
        told = {
            "type": f"urn:midrc-harmonize:problem:{self.kind}" if self.kind else "about:blank",
            "title": _TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        return told | ({"hint": self.hint} if self.hint else {})


def not_found() -> Problem:
    """Said of what is not there, and of what is another organisation's alike."""
    return Problem(404, "There is nothing here, or it is not yours.")


def install(app: FastAPI, page: Callable[[Request, Problem], Response]) -> None:
    """Every exception of a request becomes a problem; `page` shows one to people."""

    async def answer(request: Request, failure: Exception) -> Response:
        return _answer(request, failure, page)

    for kind in (Problem, HarmonizeError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, answer)


def _answer(request: Request, failure: Exception, page: Callable[[Request, Problem], Response]) -> Response:
    problem = as_problem(failure)
    if problem.status >= 500 and not isinstance(failure, (Problem, StoreError)):
        # Its text may hold values of records: only its kind is logged.
        _log.error("failure", extra={"told": {"kind": type(failure).__name__}}, exc_info=failure)
    if request.url.path.startswith("/api/") or request.url.path in ("/health", "/metrics"):
        return JSONResponse(
            problem.document(quote(request.url.path)), problem.status, problem.headers, media_type=MEDIA_TYPE
        )
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if problem.status == 401:
        query = urlencode({"next": wanted}) if request.method == "GET" and wanted != "/" else ""
        return RedirectResponse(f"/login{'?' + query if query else ''}", 303)
    if problem.status == 403 and problem.kind == "terms":
        back = wanted if request.method == "GET" else "/"
        return RedirectResponse(f"/terms?{urlencode({'next': back})}", 303)
    return page(request, problem)


def as_problem(failure: Exception) -> Problem:
    """What a failure is for who asked."""
    if isinstance(failure, Problem):
        return failure
    if isinstance(failure, HTTPException):
        detail = _TITLES.get(failure.status_code, "Error")
        return Problem(failure.status_code, f"{detail}.", headers=dict(failure.headers or {}))
    if isinstance(failure, RequestValidationError):
        return Problem(422, _told(failure), kind="request")
    for kind, status in _STATUS.items():
        if isinstance(failure, kind):
            return Problem(status, failure.message, hint=failure.hint)
    return Problem(500, "The service failed; nothing was changed. The operator finds the reason in its log.")


def _told(failure: RequestValidationError) -> str:
    """The first fault of a request, by the name of its field; never with the value."""
    first = failure.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "header"))
    return f"{place or 'The request'}: {first['msg']}."
