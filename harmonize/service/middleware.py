"""What happens around every request: headers, bounds of bodies, the log and the counters."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders

from harmonize.service.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from harmonize.service.metrics import Metrics

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
SMALL_BODY = 1024 * 1024
_log = logging.getLogger("harmonize.service")


class Around:
    """Security headers, and one line of the log and one count for each request, by its route."""

    def __init__(self, app: ASGIApp, metrics: Metrics, secure: bool) -> None:
        self.app, self.metrics = app, metrics
        self.headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", None) or "(none)"
            self.metrics.requests.labels(scope["method"], route, str(status)).inc()
            self.metrics.seconds.labels(route).observe(seconds)
            caller = scope.get("state", {}).get("caller")
            told = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000)}
            _log.info("request", extra={"told": told | {"user": caller.user_id if caller else None}})


class BoundedBody:
    """Refuses a body over `most` bytes, whatever its head says. Uploads of pieces count their own."""

    def __init__(self, app: ASGIApp, most_of_form: int) -> None:
        self.app, self.most_of_form = app, most_of_form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "PATCH":
            await self.app(scope, receive, send)
            return
        most = self.most_of_form if scope["path"] == "/submit" else SMALL_BODY
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdigit() or int(told) > most:
            problem = Problem(413, f"More than {most:,} bytes are not taken here.", kind="size")
            document = problem.document(quote(scope["path"]))
            await JSONResponse(document, 413, media_type=MEDIA_TYPE)(scope, receive, send)
            return
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise Problem(413, f"More than {most:,} bytes are not taken here.", kind="size")
            return message

        await self.app(scope, bounded, send)
