"""What stands for an identifier that is compared and not kept."""

from __future__ import annotations

import hashlib


def fingerprint(text: str) -> str:
    """The sha256 of a text without the blanks at its ends, as 64 hex digits. sql/functions.sql has the same in SQL."""
    return hashlib.sha256(text.strip().encode()).hexdigest()
