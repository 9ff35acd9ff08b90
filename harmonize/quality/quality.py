"""`harmonize quality`: all checks of a store or of a published file, and what its documents say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.quality.checks import dashboard_checks
from harmonize.quality.facts import facts, sites
from harmonize.quality.own import own_results
from harmonize.quality.result import QualityResult
from harmonize.quality.run import run
from harmonize.quality.status import judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

Form = Literal["text", "json", "html"]


def quality(store: Store, *, site: str | None = None, progress: Callable[[str], None] | None = None) -> QualityResult:
    """Run every check on the open store or published file, or of one `site` (project) those that are asked by site.

    `progress` is told what is looked at. Raises InputError for a site that is not there.
    """
    con, started = store.con, datetime.now(UTC)
    own = own_results(con, is_published=store.is_published, progress=progress)
    if site is None:
        results = judged(run(con, dashboard_checks(_sexes(con)), progress)) + own
    else:
        _require(site, sites(con))
        results = own
    result = QualityResult(results, _sources(con), started, datetime.now(UTC))
    return result if site is None else result.of_site(site)


def document(store: Store, result: QualityResult, form: Form, site: str | None = None) -> str:
    """The result of `quality` on the same open store as text, as the Dashboard's JSON or as a page."""
    if form == "html":
        from harmonize.quality.page import quality_page
        from harmonize.report.store_facts import StoreFacts, header_facts, store_facts

        shown = facts(store.con, site, is_published=store.is_published)
        asked = [site] if site else sites(store.con)
        published = store.is_published  # which knows no files
        told = StoreFacts(header_facts(store.con, asked), ()) if published else store_facts(store.con, asked)
        return quality_page(result, shown, told)
    if form == "text":
        return "\n".join(result.summary_lines()) + "\n"
    import orjson

    return orjson.dumps(result.to_json(), default=str, option=orjson.OPT_INDENT_2).decode() + "\n"


def _require(site: str, known: list[str]) -> None:
    if site not in known:
        raise InputError(f"There is no site {site!r}.", did_you_mean(site, known))


def _sexes(con: DuckDBPyConnection) -> dict[str, int]:
    """Codes of the vocabulary Gender → concepts."""
    found = con.execute("SELECT concept_code, concept_id FROM omop.concept WHERE vocabulary_id = 'Gender'")
    return dict(found.fetchall())


def _sources(con: DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of cdm_source."""
    found = con.execute("SELECT * FROM omop.cdm_source ORDER BY cdm_source_name, source_description")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
