"""Mappings: `harmonize mapping` in Python. `name` is a mapping's name or the path of its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.api.shapes import (
    AnyPath,
    Paths,
    Record,
    Rows,
    as_path,
    as_paths,
    maybe_store,
    rows,
    store_or_starter,
)

if TYPE_CHECKING:
    from harmonize.onboarding.init import Written
    from harmonize.review.exchange import Form

__all__ = ["check", "diff", "export", "import_", "init", "list", "markdown", "matrix", "run_cases", "show", "suggest"]


def list() -> Rows:
    """The shipped mappings: what they read, how many derivations, columns mapped and excluded."""
    from harmonize.mapping.compiler.compile import load_mapping, mappings
    from harmonize.mapping.explain.describe import summary

    return rows(summary(load_mapping(name)) for name in mappings())


def show(name: AnyPath, *, db: AnyPath | None = None, reviews: AnyPath | None = None, wait: float = 10.0) -> Record:
    """What each source column becomes in the hub and in OMOP, in words, and which are excluded and why."""
    from harmonize.review import place
    from harmonize.review.mapping_page import documentation

    with place.reading(str(name), as_path(reviews), as_path(db)) as found, maybe_store(db, wait) as store:
        said = documentation(str(name), store.con if store else None, found.folder)
    return Record({**said, "columns": rows(said["columns"]), "excluded": rows(said["excluded"])})


def markdown(name: AnyPath, *, db: AnyPath | None = None, reviews: AnyPath | None = None, wait: float = 10.0) -> str:
    """The same as a page in Markdown, with value sets and concepts."""
    from harmonize.review import place
    from harmonize.review.mapping_page import page

    with place.reading(str(name), as_path(reviews), as_path(db)) as found, maybe_store(db, wait) as store:
        return page(str(name), store.con if store else None, found.folder)


def check(
    name: AnyPath | None = None, *, db: AnyPath | None = None, reviews: AnyPath | None = None, wait: float = 10.0
) -> Rows:
    """The faults of a mapping (without a name, of all that are shipped): what does not compile, columns that nothing
    accounts for, unsound value sets. Those of level `error` make it unsound."""
    from harmonize.review import place
    from harmonize.review.check import check as run
    from harmonize.review.check import checked

    found: Any = []
    with store_or_starter(db, wait) as store:
        for one in [str(name)] if name is not None else checked():
            with place.reading(one, as_path(reviews), as_path(db)) as at:
                problems = run(one, store.con, whole=db is not None, place=at)
                found += [{"mapping": one, **asdict(problem)} for problem in problems]
    return rows(found)


def run_cases(name: AnyPath | None = None, *, case: str | None = None) -> Rows:
    """Run golden cases (of a mapping, a folder or a file; without a name all shipped): what passed, what differed."""
    from harmonize.golden.find import find_cases
    from harmonize.golden.run import GoldenRunner

    with GoldenRunner() as runner:
        return rows(runner.run(one).to_json() for one in find_cases(None if name is None else str(name), case))


def init(
    site: str,
    paths: Paths,
    *,
    out: AnyPath | None = None,
    db: AnyPath | None = None,
    header_rows: str | None = None,
    meanings: Mapping[str, str] | None = None,
    memory: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Written:
    """Draft schema, specification and value set from files that no mapping knows, into the folder `out` (./SITE)."""
    from harmonize.intake.table.header import parse_header_rows
    from harmonize.onboarding.init import init_mapping
    from harmonize.onboarding.meaning import said_meanings
    from harmonize.onboarding.scan import scan

    said = said_meanings([f"{column}={meaning}" for column, meaning in (meanings or {}).items()])
    rows_of_header = parse_header_rows(header_rows) if header_rows else None
    with (
        scan(as_paths(paths), header_rows=rows_of_header, meanings=said, memory=memory, progress=progress) as found,
        store_or_starter(db) as store,
    ):
        return init_mapping(found, site, as_path(out) or Path(site), store.con)


def suggest(
    values: Iterable[str],
    *,
    db: AnyPath | None = None,
    domain: str | None = None,
    unit: str | None = None,
    vocabulary: str | None = None,
    mapping: str | None = None,
    limit: int = 5,
    wait: float = 10.0,
) -> Rows:
    """Standard concepts for source values, best first, with the reasons; without `db` the starter vocabulary is asked.

    `mapping` is the site's own, whose value set is not asked.
    """
    from harmonize.vocabulary.suggest import Term, own_mapping
    from harmonize.vocabulary.suggest import suggest as run

    asked = [*dict.fromkeys([values] if isinstance(values, str) else values)]
    with store_or_starter(db, wait) as store:
        site = mapping or own_mapping(store.con)
        found = run(store.con, [Term(value, domain, unit, vocabulary, site=site) for value in asked], limit=limit)
    return rows(
        {"value": value, **suggestion.to_json()}
        for value, some in zip(asked, found, strict=True)
        for suggestion in some
    )


def matrix(
    names: Iterable[str] = (),
    *,
    node: str | None = None,
    differs: bool = False,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
) -> Rows:
    """Each property and value of the MIDRC dictionary against each consortium: exact, close, ... or none."""
    from harmonize.engine.errors import InputError, did_you_mean
    from harmonize.review import place
    from harmonize.review.crosswalk import consortia, crosswalk
    from harmonize.review.mappings import CROSSWALKS
    from harmonize.review.matrix import as_records
    from harmonize.review.matrix import matrix as lay_out

    walks: Any = []
    for name in [*names] or consortia():
        with place.reading(CROSSWALKS + name, as_path(reviews), as_path(db)) as found:
            walks.append(crosswalk(name, found.folder.parent))
    lines = lay_out(walks)
    nodes = {line.node for line in lines}
    if node is not None and node not in nodes:
        raise InputError(f"The dictionary has no node {node!r}.", did_you_mean(node, nodes))
    return rows(as_records([one for one in lines if node in (None, one.node) and (one.differs or not differs)]))


def export(
    name: AnyPath,
    form: Form,
    output: AnyPath,
    *,
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
    wait: float = 10.0,
) -> int:
    """Write a mapping's value sets, or a crosswalk, for Usagi, OHDSI tools, FHIR servers, or as a spreadsheet; how many
    rows."""
    from harmonize.review import place
    from harmonize.review.exchange import write_form
    from harmonize.review.mappings import reviewed_rows

    with place.reading(str(name), as_path(reviews), as_path(db)) as found, maybe_store(db, wait) as store:
        write_form(found.folder, form, Path(output), store.con if store else None)
        return len(reviewed_rows(found.folder))


def import_(
    name: AnyPath,
    file: AnyPath,
    form: Form,
    *,
    reviewer: str,
    prefix: str | None = None,
    into: str | None = None,
    comment: str = "",
    db: AnyPath | None = None,
    reviews: AnyPath | None = None,
    wait: float = 10.0,
) -> Record:
    """Import the work of another tool: rows that differ are changed, new ones added, statuses become decisions."""
    from harmonize.review import place
    from harmonize.review.exchange import read_form
    from harmonize.review.incoming import take_in

    path, today = Path(file), date.today().isoformat()
    with place.writing(str(name), as_path(reviews), as_path(db)) as found:
        with maybe_store(db, wait) as store:
            incoming = read_form(found.folder, form, path, store.con if store else None, prefix, reviewer, today)
        why = comment or f"Imported from {path.name}"
        done = take_in(found.folder, incoming, reviewer=reviewer, date=today, comment=why, into=into)
    return Record(asdict(done))


def diff(old: AnyPath, new: AnyPath, *, db: AnyPath | None = None, records: int = 0, wait: float = 10.0) -> Record:
    """What differs in meaning between two versions of a mapping; with a store, how many rows, and file and line of at
    most `records` records, that touches."""
    from harmonize.engine.errors import InputError
    from harmonize.mapping.compiler.compile import load_mapping
    from harmonize.review.versions import meaning_changes, touched_records

    if records and db is None:
        raise InputError("records needs a store.", "Give db.")
    before, after = str(old), str(new)
    touched: Any = []
    with maybe_store(db, wait) as store:
        changes = meaning_changes(before, after, store.con if store else None)
        if store and records:
            names = {load_mapping(before).name, load_mapping(after).name}
            touched = touched_records(store.con, changes, names, records)
    return Record({"changes": rows(one.to_json() for one in changes), "records": rows(touched)})
