"""`harmonize quality`: all checks of a store or of a published file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from harmonize.quality.checks import dashboard_checks
from harmonize.quality.own import own_results
from harmonize.quality.result import QualityResult
from harmonize.quality.run import run
from harmonize.quality.status import judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection


def quality(
    con: DuckDBPyConnection, *, is_published: bool, progress: Callable[[str], None] | None = None
) -> QualityResult:
    """Run every check on the open store or published file; `progress` is told what is looked at."""
    started = datetime.now(UTC)
    results = judged(run(con, dashboard_checks(_sexes(con)), progress))
    results += own_results(con, is_published=is_published, progress=progress)
    return QualityResult(results, _sources(con), started, datetime.now(UTC))


def _sexes(con: DuckDBPyConnection) -> dict[str, int]:
    """Codes of the vocabulary Gender → concepts."""
    found = con.execute("SELECT concept_code, concept_id FROM omop.concept WHERE vocabulary_id = 'Gender'")
    return dict(found.fetchall())


def _sources(con: DuckDBPyConnection) -> list[dict[str, object]]:
    """The rows of cdm_source."""
    found = con.execute("SELECT * FROM omop.cdm_source ORDER BY cdm_source_name, source_description")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
