"""`harmonize load` and `harmonize link`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import (
    Columns,
    Db,
    Json,
    Memory,
    NoBackup,
    SourceKind,
    Vault,
    VaultKey,
    Wait,
    Without,
)
from harmonize.cli.stores import opened

if TYPE_CHECKING:
    from harmonize.cluster.load import DatasetLoad
    from harmonize.engine.store import Store
    from harmonize.imaging.coverage import LinkResult

Paths = Annotated[
    list[Path] | None,
    typer.Argument(exists=True, help="Files, folders, zip or gz. Of --source idc the installed public index, if none."),
]

MatchDays = Annotated[
    bool,
    typer.Option(
        "--match-days",
        help="For projects that count days: find each patient's day 0 from images with dates, now and in later loads.",
    ),
]
SinglePairs = Annotated[
    bool, typer.Option("--single-pairs", help="With --match-days: also match patients with one exam and one study.")
]


EngineOf = Annotated[
    Literal["local", "spark"] | None,
    typer.Option("--engine", help="Load into a dataset in shards (--out): in processes of this machine, or on Spark."),
]
Out = Annotated[Path | None, typer.Option("--out", file_okay=False, help="With --engine: the folder of the dataset.")]
Shards = Annotated[
    int | None, typer.Option("--shards", min=1, help="With --engine: the shards of a new dataset (4); they stay.")
]
Master = Annotated[str | None, typer.Option("--master", help="With --engine spark: Spark's master (local[*]).")]
VocabularyDir = Annotated[
    Path | None,
    typer.Option("--vocabulary", exists=True, help="With --engine: an Athena download for a new dataset."),
]
MaybeDb = Annotated[Path | None, typer.Option("--db", envvar="HARMONIZE_DB", help="The store, a DuckDB file.")]


def load(
    source: SourceKind,
    project: Annotated[str, typer.Option("--project", help="The project that the records belong to.")],
    paths: Paths = None,
    db: MaybeDb = None,
    mapping: Annotated[str | None, typer.Option("--mapping", help="A shipped mapping's name or a folder.")] = None,
    mode: Annotated[
        Literal["upsert", "snapshot"],
        typer.Option("--mode", help="snapshot: what is no longer sent is withdrawn."),
    ] = "upsert",
    collection: Annotated[
        list[str] | None, typer.Option("--collection", help="Only this collection (may be repeated).")
    ] = None,
    strict_row: Annotated[
        bool, typer.Option("--strict-row", help="One bad cell quarantines its whole record.")
    ] = False,
    columns: Columns = None,
    data_pull: Annotated[
        datetime | None,
        typer.Option(
            "--data-pull",
            formats=["%Y-%m-%d"],
            help="The day up to which the data reach (a bulk export: its manifest's transactionTime).",
        ),
    ] = None,
    match_days: MatchDays = False,
    single_pairs: SinglePairs = False,
    without: Without = None,
    allow_deletions: Annotated[
        bool,
        typer.Option(
            "--allow-deletions", help="Allow more deletions than the project's share, or a delta that loses patients."
        ),
    ] = False,
    retained_phi: Annotated[
        bool,
        typer.Option(
            "--retained-phi", help="Keep identifying values in the vault, where the rules of the project allow it."
        ),
    ] = False,
    vault: Vault = None,
    vault_key: VaultKey = None,
    json: Json = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="List parts and steps with seconds and rows, on stderr.")
    ] = False,
    engine: EngineOf = None,
    out: Out = None,
    shards: Shards = None,
    master: Master = None,
    vocabulary: VocabularyDir = None,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Load a contributor's files into the store, all or nothing.

    Exit code 1: loaded, and some records or cells are quarantined or have errors, or records of earlier loads are still
    quarantined.
    """
    from harmonize.intake.sources import default_paths
    from harmonize.pipeline.acts.link import link as link_images
    from harmonize.pipeline.load import load as run
    from harmonize.pipeline.vault.files import vault_files

    if engine is not None or out is not None:
        others = {
            "--mode snapshot": mode != "upsert", "--collection": collection, "--columns": columns, "--without": without,
            "--match-days": match_days, "--single-pairs": single_pairs, "--allow-deletions": allow_deletions,
            "--explain": explain,
        }  # fmt: skip
        refused = next((name for name, given in others.items() if given), None)
        result_of = _into_dataset(
            paths, out, engine, refused, shards=shards, master=master, vocabulary=vocabulary, memory=memory, wait=wait,
            source=source, project=project, mapping=mapping, strict_row=strict_row, data_pull=data_pull,
        )  # fmt: skip
        show(result_of, json)
        if result_of.negative:
            raise typer.Exit(1)
        return
    if db is None:
        raise typer.BadParameter("Missing option '--db'.")
    with (
        opened(db, create=True, wait=wait, memory=memory, no_backup=no_backup) as store,
        console.progress("load") as report,
    ):
        result = run(
            store,
            paths or default_paths(source),
            source=source,
            project=project,
            mapping=mapping,
            mode=mode,
            collections=tuple(collection or ()),
            strict_row=strict_row,
            columns=columns,
            data_pull=data_pull.date() if data_pull else None,
            without=tuple(without or ()),
            allow_deletions=allow_deletions,
            match_days=_matching(single_pairs) if match_days or single_pairs else None,
            retained=vault_files(db, vault, vault_key) if retained_phi else None,
            progress=report,
        )
        if match_days or single_pairs:
            linked = link_images(store, match_days=_matching(single_pairs), project=project)
            result.notes += [line for match in linked.day_matches for line in match.sentences()]
    if json:
        for told in result.notes:
            console.say(told)
    show(result, json)
    if explain:
        console.say("\n".join(result.explain_lines()))
    if result.negative:
        raise typer.Exit(1)


def _into_dataset(
    paths: list[Path] | None,
    out: Path | None,
    engine: Literal["local", "spark"] | None,
    refused: str | None,
    **given: Any,
) -> DatasetLoad:
    """Load into a dataset in shards. Raises InputError for what such a load does not do."""
    from harmonize.cluster.load import load_into
    from harmonize.engine.errors import InputError

    if engine is None or out is None or not paths:
        raise InputError("A load into shards needs PATH, --engine and --out.", "See docs/scaling.md.")
    if refused is not None:
        raise InputError(
            f"{refused} is not for a dataset in shards.", "Load into one store with --db FILE, without --engine."
        )
    pull: datetime | None = given.pop("data_pull")
    with console.progress("load") as report:
        return load_into(out, paths, engine=engine, data_pull=pull.date() if pull else None, progress=report, **given)


def link(
    db: Db,
    match_days: MatchDays = False,
    single_pairs: SinglePairs = False,
    project: Annotated[str | None, typer.Option("--project", help="Only the images of this project.")] = None,
    json: Json = False,
    format: Annotated[Literal["text", "json", "html", "tsv"], typer.Option("--format", help="How to report.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to this file.")] = None,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Join imaging to persons, visits and procedures: image_occurrence and the linked views; report what was linked."""
    from harmonize.pipeline.acts.link import link as run

    with opened(db, wait=wait, memory=memory, no_backup=no_backup) as store:
        result = run(store, match_days=_matching(single_pairs) if match_days or single_pairs else None, project=project)
        report = _link_report(result, store, "json" if json else format)
    if output is None:
        console.echo(report, end="") if format == "text" else console.write(report)
    else:
        output.write_text(report, encoding="utf-8")


def _matching(single_pairs: bool) -> Literal["unique", "single_pairs"]:
    return "single_pairs" if single_pairs else "unique"


def _link_report(result: LinkResult, store: Store, format: str) -> str:
    if format == "html":
        from harmonize.report.link_page import link_page
        from harmonize.report.store_facts import store_facts

        return link_page(result, store_facts(store.con, [project["project_id"] for project in result.projects]))
    if format == "json":
        import orjson

        return orjson.dumps(result.to_json(), default=str, option=orjson.OPT_INDENT_2).decode() + "\n"
    if format == "tsv":
        lines = ["project_id\twhat\tname\tcount"]
        lines += ["\t".join(str(cell) for cell in row.values()) for row in result.rows()]
        return "\n".join(lines) + "\n"
    return "\n".join(result.summary_lines()) + "\n"


def show(result: Any, json: bool) -> None:
    """A result of the pipeline: its JSON document, or its lines for people."""
    if json:
        console.print_json(result.to_json())
    else:
        for line in result.summary_lines():
            console.echo(line)
