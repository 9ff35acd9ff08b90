"""A Chromium for tests and pictures of pages: the system's, driven by playwright, which downloads none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NARROW = {"width": 375, "height": 812}
WIDE = {"width": 1280, "height": 900}


def why_not() -> str | None:
    """Why there is no browser here; None where there is one."""
    try:
        import_module("playwright.sync_api")
    except ImportError:
        return "playwright is not installed"
    return None if _path() else "there is no Chromium here"


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser."""
    with import_module("playwright.sync_api").sync_playwright() as running:
        started = running.chromium.launch(executable_path=_path(), args=list(FLAGS))
        yield started
        started.close()


def _path() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")
