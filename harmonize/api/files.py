"""Calls that work on files, or on a store that they open themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from harmonize.api.shapes import AnyPath, Paths, Record, Rows, Told, as_path, as_paths, rows
from harmonize.engine.shown import Shown

if TYPE_CHECKING:
    from harmonize.demo.run import DemoResult
    from harmonize.export.manifest import Manifest
    from harmonize.export.publish import PublishResult

Report = Literal["text", "markdown", "json", "jsonl", "csv", "html", "junit", "sarif", "operationoutcome"]
Progress = Callable[[str], None]
_FEW = 50


@dataclass(repr=False)
class Checked(Shown):
    """What a validation found. `exit_code` is that of the command: 0; 1 where a load would quarantine something, 2
    where it would refuse the delivery."""

    exit_code: int
    summary: Record
    files: Rows
    findings: Rows
    notes: list[str]
    text: str

    @property
    def ok(self) -> bool:
        """Whether a load would take all of it."""
        return self.exit_code == 0

    def summary_lines(self) -> list[str]:
        """The report as a terminal shows it, with at most 50 findings."""
        return self.text.splitlines()


def validate(
    paths: Paths,
    *,
    source: str,
    mapping: AnyPath | None = None,
    project: str | None = None,
    db: AnyPath | None = None,
    config: AnyPath | None = None,
    baseline: AnyPath | None = None,
    write_baseline: AnyPath | None = None,
    fixed: AnyPath | None = None,
    deep: bool = False,
    columns: AnyPath | None = None,
    without: Sequence[str] = (),
    limit: int = 10_000,
    format: Report = "text",
    output: AnyPath | None = None,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Check files against the rules of their source's schema, without loading them; `db` is a store to compare with.

    The result has at most `limit` findings; with `output`, the report is written to that file in `format`, too.
    """
    import orjson

    from harmonize.engine.files import replacing
    from harmonize.pipeline.foresee import foresee
    from harmonize.validation.site.apply import Site
    from harmonize.validation.site.config import read_config
    from harmonize.validation.validate import validate as run

    settings = read_config(Path(config)) if config is not None else None
    site = Site(settings, as_path(baseline), as_path(write_baseline), as_path(fixed))
    with run(
        as_paths(paths),
        source=source,
        mapping=None if mapping is None else str(mapping),
        db=as_path(db),
        project=project,
        site=site,
        pictures=output is not None and format == "html",
        deep=deep,
        columns=as_path(columns),
        without=tuple(without),
        memory=memory,
        foresee=foresee,
        progress=progress,
    ) as result:
        document, text = BytesIO(), BytesIO()
        summary = result.write(document, format="json", limit=limit)
        result.write(text, format="text", limit=min(limit, _FEW))
        if output is not None:
            with replacing(Path(output)) as partial, partial.open("wb") as stream:
                result.write(stream, format=format, limit=limit)
        said = orjson.loads(document.getvalue())
        return Checked(
            result.exit_code(summary),
            Record(said["summary"]),
            rows(said["files"]),
            rows(said["findings"]),
            list(result.told),
            text.getvalue().decode(),
        )


@dataclass(repr=False)
class Profiled(Shown):
    """What the columns of files hold: `document` is that of `harmonize profile --format json`."""

    document: dict[str, Any]
    text: str

    def summary_lines(self) -> list[str]:
        """The profile as a terminal shows it."""
        return self.text.splitlines()


def profile(
    paths: Paths,
    *,
    header_rows: str | None = None,
    meanings: Mapping[str, str] | None = None,
    least: int = 5,
    most: int = 50,
    format: Literal["table", "json", "html", "white_rabbit"] = "table",
    output: AnyPath | None = None,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Profiled:
    """What the columns of unknown tables hold: kinds, ranges, frequent values, likely keys, links, units and dates.

    `meanings` says what a column is where the guess is wrong: `{"Chart": "patient"}`. Values of fewer than `least`
    cells are masked, at most `most` values a column are listed. With `output`, it is written in `format`, too.
    """
    import orjson

    from harmonize.engine.files import replacing
    from harmonize.intake.table.header import parse_header_rows
    from harmonize.onboarding.meaning import said_meanings
    from harmonize.onboarding.report import page, text
    from harmonize.onboarding.scan import scan

    with scan(
        as_paths(paths),
        header_rows=parse_header_rows(header_rows) if header_rows else None,
        meanings=said_meanings([f"{column}={meaning}" for column, meaning in (meanings or {}).items()]),
        least=least,
        most=most,
        memory=memory,
        progress=progress,
    ) as found:
        shown = "".join(text(found))
        if output is not None:
            with replacing(Path(output)) as partial:
                if format == "white_rabbit":
                    from harmonize.onboarding.white_rabbit import write_white_rabbit

                    write_white_rabbit(found, partial)
                elif format == "json":
                    partial.write_bytes(orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2))
                else:
                    partial.write_text("".join(page(found)) if format == "html" else shown, encoding="utf-8")
        return Profiled(found.to_json(), shown)


def query(
    db: AnyPath,
    sql: str,
    *,
    limit: int | None = None,
    seconds: float = 600.0,
    format: Literal["table", "csv", "json", "parquet"] = "json",
    output: AnyPath | None = None,
    internal: bool = False,
    who: str | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Told:
    """One SELECT on a store or published file, in a process of its own that reaches no other file, network or setting.

    With `output` the rows are written to that file in `format`, and none are given. Where nothing is found, `.notes`
    say why, as far as the file says it. `db.sql` is quicker, and not confined. With `internal` what is embargoed,
    rejected or sequestered is read, too: the audit log says that `who` (None: the user of the system) did.
    """
    import orjson

    from harmonize.export.door import ask
    from harmonize.export.frames import Limits
    from harmonize.export.query import query as run
    from harmonize.export.why_empty import why_empty
    from harmonize.release.answer import read_for
    from harmonize.release.reading import Reading

    limits, said = Limits(limit, seconds, memory), list[str]()

    def run_on(file: Path, inside: bool) -> Told:
        if output is not None:
            outcome = run(
                file, sql, limit=limit, seconds=seconds, format=format, output=Path(output), wait=wait, memory=memory,
                internal=inside,
            )  # fmt: skip
            found = []
        else:
            with ask(file, sql, format="json", limits=limits, wait=wait, internal=inside) as answer:
                found = orjson.loads(b"".join(answer) or b"[]")
            outcome = answer.outcome
        why = why_empty(file, sql, Limits(None, seconds, memory), wait, internal=inside) if outcome.is_empty else []
        return Told(found, why)

    result = read_for(Path(db), Reading("query", internal, who, wait, memory, said.append), run_on)
    result.notes[:0] = said
    return result


def publish(
    db: AnyPath,
    to: AnyPath,
    *,
    forms: str | Sequence[str] = "duckdb",
    cdm_schema: str = "omop",
    key_file: AnyPath | None = None,
    new_key: bool = False,
    limited_data_set: bool = False,
    internal: bool = False,
    who: str | None = None,
    profile: str | None = None,
    determination: str | None = None,
    agreement: str | None = None,
    codes: AnyPath | None = None,
    report: AnyPath | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> PublishResult:
    """Write `to` for readers, which nobody can lead back to the store `db` without its key.

    `forms`: duckdb, duckdb1, ohdsi, parquet, csv or postgres, for which `to` is a URL; of several it is a folder.
    `limited_data_set` says that real dates are meant; `profile` is safe_harbor, expert_determination, limited_data_set
    or a file of your own, and `report` a file for what was done to each column. With `internal` what is embargoed,
    rejected or sequestered comes along: the file then stays inside, and the audit log says that `who` made it. The
    store must not be open.
    """
    from harmonize.release.publication import publish_for
    from harmonize.release.reading import Reading

    told: list[str] = []
    result = publish_for(
        Path(db),
        os.fspath(to),
        Reading("publish", internal, who, wait, memory, told.append),
        forms=(forms,) if isinstance(forms, str) else tuple(forms),
        cdm_schema=cdm_schema,
        key_file=as_path(key_file),
        new_key=new_key,
        limited_data_set=limited_data_set,
        profile=profile,
        determination=determination,
        agreement=agreement,
        codes=as_path(codes),
        report=as_path(report),
    )
    result.warnings += told
    return result


def manifest(
    db: AnyPath,
    output: AnyPath,
    *,
    form: Literal["idc", "gen3"],
    cohort: str | None = None,
    parameters: Mapping[str, str | int | float | bool | None] | None = None,
    file: AnyPath | None = None,
    seconds: float = 600.0,
    internal: bool = False,
    who: str | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Manifest:
    """Write the series of a cohort's studies for the clients of the IDC (addresses) or of Gen3 (a JSON list).

    `cohort` is a shipped question's name or a SELECT, `file` a CSV; it has a column study_uid, case_key or person_id.
    """
    from harmonize.export.manifest import write_manifest
    from harmonize.release.answer import read_for
    from harmonize.release.leaving import note_left
    from harmonize.release.reading import Reading

    def run_on(store: Path, inside: bool) -> Manifest:
        return write_manifest(
            store, Path(output), form, cohort=cohort, given=parameters, file=as_path(file), seconds=seconds, wait=wait,
            memory=memory, internal=inside,
        )  # fmt: skip

    reading = Reading("export.manifest", internal, who, wait, memory)
    result = read_for(Path(db), reading, run_on)
    note_left(Path(db), reading, {"form": form, "series": result.series})
    return result


def diff(a: AnyPath, b: AnyPath, *, wait: float = 10.0, memory: str | None = None) -> Rows:
    """Table by table what differs between two stores or published files; tables without a difference are left out."""
    from harmonize.export.diff import diff as compare

    found = compare(Path(a), Path(b), wait=wait, memory=memory)
    return rows(table.to_json() for table in found if table.differs)


def migrate(
    db: AnyPath,
    *,
    keep_copy: bool = True,
    wait: float = 10.0,
    memory: str | None = None,
    progress: Progress | None = None,
) -> list[str]:
    """Bring a store of an older version up to this one, with a copy kept beside it; gives what was done."""
    from harmonize.pipeline.stores import open_current

    with open_current(Path(db), wait=wait, memory=memory, keep_copy=keep_copy, progress=progress) as store:
        return list(store.notes)


def run_demo(out: AnyPath = "demo", *, progress: Progress | None = None) -> DemoResult:
    """Make an invented study with some planted errors in the folder, load it and link its images."""
    from harmonize.demo.run import demo

    return demo(Path(out), progress)


def loinc(file: AnyPath, *, table: bool = True) -> Rows:
    """The rows of a CSV or TSV with Modality and StudyDescription, with LOINC code, long name, reason and confidence.

    Without `table`, the parser alone decides, and not the table that was imported.
    """
    from harmonize.imaging.study_code import code_file
    from harmonize.imaging.study_table import kept

    return rows(code_file(Path(file), kept() if table else {}))


def import_table(file: AnyPath, *, db: AnyPath | None = None, keep_copy: bool = True, wait: float = 10.0) -> Record:
    """Take a table of codes by Modality and StudyDescription, such as MIDRC's, for this user and for the store `db`.

    Gives its numbers, its conflicts, which are left to the parser, and what is doubtful in it.
    """
    from harmonize.imaging.study_table import keep, read_table

    read = read_table(Path(file))
    if db is not None:
        from harmonize.imaging.code_studies import store_table
        from harmonize.pipeline.stores import open_current

        with open_current(Path(db), wait=wait, keep_copy=keep_copy) as store, store.transaction() as con:
            store_table(con, read)
    path = keep(read)

    def told(found: Iterable[Any]) -> Rows:
        return rows({"kind": c.kind, "what": c.what, "values": c.values, "lines": c.lines} for c in found)

    numbers = {"file": path, "rows": read.read, "used": len(read.rows), "keys": len(read.codes())}
    return Record({**numbers, "conflicts": told(read.conflicts), "doubts": told(read.doubts)})
