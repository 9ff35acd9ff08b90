"""What a job puts out when it has changed the store: the published file, and the copy that stewards read."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from harmonize.engine.errors import HarmonizeError, RefusedError
from harmonize.engine.files import replacing

if TYPE_CHECKING:
    from harmonize.engine.progress import Meter
    from harmonize.service.settings import Settings

WAIT_SECONDS = 300.0
"""How long a job waits for the store."""


def put_out(settings: Settings, meter: Meter, *, keep: bool = True) -> list[str]:
    """The published file and the copy for lineage, each put in place whole; who reads the old ones goes on.

    Gives sentences on what was not put out: a file with somebody's real dates, or with what tells who somebody is,
    does not reach analysts, and the one before stays; or goes, where not `keep`: it holds what is now held back.
    """
    from harmonize.release.publication import publish_for
    from harmonize.release.reading import Reading

    notes: list[str] = []
    meter("publish for analysts")
    try:
        result = publish_for(
            settings.store,
            settings.published,
            Reading("publish", who="the service", wait=WAIT_SECONDS, memory=settings.memory, tell=notes.append),
            key_file=settings.key_file,
            limited_data_set=settings.limited_data_set,
        )
        notes += [f"Published {result.rows:,} rows in {result.tables} tables for analysts."]
    except (RefusedError, HarmonizeError) as refused:
        notes.append(f"Not published for analysts: {refused.message}")
        if not keep:
            settings.published.unlink(missing_ok=True)
            notes.append("What analysts read was taken away: it held what is now held back.")
    copy_out(settings, meter)
    return notes


def copy_out(settings: Settings, meter: Meter) -> None:
    """The copy of the store that stewards read."""
    meter("copy for lineage")
    with replacing(settings.reading) as partial:
        shutil.copyfile(settings.store, partial)
        partial.chmod(0o600)
