"""The version of this release, as pyproject.toml has it; a test compares them."""

from __future__ import annotations

__version__ = "0.2.0"
