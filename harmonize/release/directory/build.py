"""Building a release: under another name first, put in its place as a whole, then remembered by the store."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.audit.heads import announced
from harmonize.audit.log import has_table, last_entry, now, read_entries, write_entry
from harmonize.audit.rules import rules_of
from harmonize.audit.steps import record_step
from harmonize.engine.errors import InputError, RefusedError
from harmonize.engine.files import partial_file
from harmonize.engine.sql_text import quote
from harmonize.engine.store import open_store
from harmonize.engine.version import __version__
from harmonize.engine.work_folder import work_folder
from harmonize.export.forms.places import FORMS
from harmonize.export.profiles import find_profile
from harmonize.export.publish import publish
from harmonize.pipeline.stores import open_current
from harmonize.quality.small_cells import LEAST
from harmonize.release.builds import remember_release
from harmonize.release.deid.risk import risk
from harmonize.release.directory.about import read_about
from harmonize.release.directory.croissant import write_croissant
from harmonize.release.directory.datacite import write_datacite
from harmonize.release.directory.documents import write_documents
from harmonize.release.directory.gate import pass_gate
from harmonize.release.directory.pending import pending_path, read_pending, write_pending
from harmonize.release.directory.side import OPEN, SEQUESTERED, write_side
from harmonize.release.directory.sums import NAME as SUMS
from harmonize.release.directory.sums import write_sums, wrong_sums
from harmonize.release.words import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.export.publish import PublishResult
    from harmonize.release.deid.risk import Risk
    from harmonize.release.directory.gate import Ready

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")
ABOUT = "release.json"


@dataclass(frozen=True)
class Asked:
    """What a release is asked to be."""

    project: str
    version: str
    forms: tuple[str, ...] = ("duckdb", "parquet")
    profile: str | None = None
    about: Path | None = None
    determination: str | None = None
    agreement: str | None = None
    limited_data_set: bool = False
    key_file: Path | None = None
    codes: Path | None = None
    who: str | None = None
    wait: float = 10.0
    memory: str | None = None

    def name(self, side: str) -> str:
        """The name of the directory."""
        plain = re.sub(r"[^A-Za-z0-9._-]", "_", self.project)
        return f"{plain}-{self.told_version(side)}"

    def told_version(self, side: str) -> str:
        """The version as the store remembers it: what is sequestered is a release of its own."""
        return self.version if side == OPEN else f"{self.version}-{SEQUESTERED}"


@dataclass(frozen=True)
class Built:
    """A release that lies in its place and is remembered. `finished`: only that was left to do."""

    release_id: int
    project: str
    version: str
    side: str
    place: str
    sha256: str
    persons: int
    finished: bool
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize release build --json` prints."""
        return {**vars(self), "warnings": list(self.warnings)}


def build(db: Path, to: Path, asked: Asked, *, side: str = OPEN, tell: Callable[[str], None] = lambda _: None) -> Built:
    """Build the release of one side of a project into `to`, or end the work on one that only waits to be remembered.

    Raises InputError for names that cannot be, and a place that is taken; RefusedError where something stands against
    the release, with what to type.
    """
    _check(asked, to)
    place, note = to.resolve() / asked.name(side), pending_path(db, asked.name(side))
    work = read_pending(note)
    if place.exists():
        if work is None or work["place"] != str(place):
            raise InputError(f"{place} is there, and a release is never overwritten.", "Give another --version.")
        return _remember(db, asked, note, work, finished=True)
    with open_current(db, wait=asked.wait, memory=asked.memory) as store:
        ready, facts = _begin(store, asked, side)
    about = read_about(asked.about)
    to.mkdir(exist_ok=True)
    with work_folder("release") as folder, partial_file(place) as partial:
        tell("rows")
        copy = folder / "side.duckdb"
        write_side(db, copy, asked.project, ready.submissions, side, wait=asked.wait, memory=asked.memory)
        work, warnings = _write(db, copy, partial, asked, side, about, facts, ready, tell)
        work["place"] = str(place)
        _still(db, asked, ready)
        write_pending(note, work)
        for path in partial.rglob("*"):
            if path.is_file():
                path.chmod(0o444)
        partial.rename(place)
    return _remember(db, asked, note, work, warnings=warnings)


def _check(asked: Asked, to: Path) -> None:
    if not _VERSION.fullmatch(asked.version):
        raise InputError(f"{asked.version!r} is no version.", "Letters, digits, dots, hyphens; e.g. 2027.1")
    if unknown := [form for form in asked.forms if form not in FORMS or form == "postgres"]:
        raise InputError(f"A release has no form {unknown[0]!r}.", "duckdb, duckdb1, ohdsi, parquet, csv")
    if not to.absolute().parent.is_dir():
        raise InputError(f"The folder {to.absolute().parent} does not exist.", f"mkdir -p {to.absolute().parent}")
    name_of(asked.who)


def _begin(store: Store, asked: Asked, side: str) -> tuple[Ready, dict[str, Any]]:
    """Pass the gate and note that a release is begun; with that the head of the log is signed, which it names."""
    con, version = store.con, asked.told_version(side)
    ready = pass_gate(con, asked.project)
    if (
        has_table(con, "release_build")
        and con.execute(
            "SELECT 1 FROM harmonize.release_build WHERE project_id = ? AND version = ?", [asked.project, version]
        ).fetchone()
    ):
        raise InputError(f"{asked.project} has a release {version}.", "Give another --version.")
    if (
        side == SEQUESTERED
        and not con.execute(
            "SELECT 1 FROM harmonize.sequestration WHERE project_id = ? AND side = ?", [asked.project, side]
        ).fetchone()
    ):
        raise InputError(f"Nobody of {asked.project} is sequestered.", "Leave out --with-sequestered.")
    with store.transaction():
        write_entry(con, "release.begun", asked.project, {"version": version, "side": side}, who=name_of(asked.who))
    rules = rules_of(con, asked.project)
    last = last_entry(con)
    keys = announced(read_entries(con, act="audit.key"))
    rows = con.execute(
        "SELECT submission_id, source, mapping, mapping_version FROM harmonize.submission "
        "WHERE list_contains(?, submission_id) ORDER BY 1",
        [list(ready.submissions)],
    ).fetchall()
    names = ("submission", "source", "mapping", "mapping_version")
    head = {"entry_id": last.entry_id, "hash": last.hash, "key": keys[-1] if keys else None} if last else None
    return ready, {
        "k": rules.k,
        "coarsen": rules.coarsen,
        "audit_head": head,
        "submissions": [dict(zip(names, row, strict=True)) for row in rows],
    }


def _write(
    db: Path,
    copy: Path,
    partial: Path,
    asked: Asked,
    side: str,
    about: dict[str, str],
    facts: dict[str, Any],
    ready: Ready,
    tell: Callable[[str], None],
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Write everything into `partial`; (what the store is to remember, what is to be said)."""
    (data := partial / side).mkdir(parents=True)
    cases: list[tuple[str, str, str]] = []
    forms = tuple(dict.fromkeys(("duckdb", *asked.forms)))  # the documents are made from the first
    tell("data")
    done = publish(
        db, data / FORMS["duckdb"] if forms == ("duckdb",) else data, forms=forms, rows_of=copy, cases=cases,
        report=partial / "columns.html", profile=asked.profile, determination=asked.determination,
        agreement=asked.agreement, limited_data_set=asked.limited_data_set, key_file=asked.key_file,
        codes=asked.codes, coarsen=facts["coarsen"], least=max(LEAST, facts["k"]), wait=asked.wait, memory=asked.memory,
    )  # fmt: skip
    tell("documents")
    file = data / FORMS["duckdb"]
    with open_store(file, read_only=True, memory=asked.memory) as published:
        _require_k(risk(published, k=max(1, facts["k"])))
        found = risk(published, k=max(LEAST, facts["k"]))
        told = _told(published.con, asked, side, facts, done)
        write_documents(partial, published, about, told, found)
    if "duckdb" not in asked.forms:
        file.unlink()
    (partial / ABOUT).write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    write_croissant(partial, _dataset(about, told))
    write_datacite(partial, about, told)
    sha = write_sums(partial)
    own = [case for case in cases if case[0] == asked.project]
    work = {
        "project": asked.project, "version": told["version"], "side": side, "sha256": sha, "persons": own,
        "submissions": list(ready.submissions), "to_release": list(ready.to_release),
    }  # fmt: skip
    return work, (*done.warnings, *_told_risk(found))


def _require_k(found: Risk) -> None:
    if found.under:
        raise RefusedError(
            f"Some persons are alike with fewer than {found.k - 1} others in {', '.join(found.by)}: the release stops.",
            f"{found.way()} These are rules of the project: harmonize project rules. See: harmonize release risk",
        )


def _told_risk(found: Risk) -> list[str]:
    """What is to be said of a release that was not asked for so many."""
    if not found.under:
        return []
    return [
        f"{found.under:,} of {found.persons:,} persons are alike with fewer than {found.k - 1} others in "
        f"{', '.join(found.by)} ({found.alone:,} are alone). The rule k of a project stops a release for that: "
        "harmonize project rules."
    ]


def _told(
    con: DuckDBPyConnection, asked: Asked, side: str, facts: dict[str, Any], done: PublishResult
) -> dict[str, Any]:
    """release.json: what went in, and how."""
    profile = find_profile(asked.profile)
    counts = {
        f"{schema}.{name}": int(
            (con.execute(f"SELECT count(*) FROM {quote(schema)}.{quote(name)}").fetchone() or (0,))[0]
        )
        for schema, name in con.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY ALL"
        ).fetchall()
    }
    kind, mark = con.execute("SELECT kind, key_mark FROM harmonize.publication").fetchone() or ("", "")
    vocabulary = con.execute("SELECT any_value(vocabulary_version) FROM omop.cdm_source").fetchone() or (None,)
    mappings = con.execute("SELECT DISTINCT name, version FROM harmonize.mapping ORDER BY ALL").fetchall()
    named = {"name": profile.name, "title": profile.title, "citation": profile.citation, "kind": kind}
    return {
        "form": 1,
        "project": asked.project,
        "version": asked.told_version(side),
        "side": side,
        "built_at": now().isoformat(timespec="seconds") + "Z",
        "tool": f"midrc-harmonize {__version__}",
        "profile": {**named, "reference": done.reference},
        "key_mark": mark,
        "forms": [form for form in FORMS if form in asked.forms],
        "mappings": [{"name": name, "version": version} for name, version in mappings],
        "vocabulary": vocabulary[0],
        "records": counts,
        **facts,
    }


def _dataset(about: dict[str, str], told: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"{told['project']}-{told['version']}",
        "description": about["description"],
        "license": about["license"],
        "url": about["url"],
        "citeAs": about["citation"],
        "creator": {"@type": "sc:Organization", "name": about["creator"]},
        "publisher": {"@type": "sc:Organization", "name": about["publisher"]},
        "datePublished": told["built_at"][:10],
        "version": told["version"],
    }


def _still(db: Path, asked: Asked, ready: Ready) -> None:
    """Raises RefusedError where the store says something else by now than when the release was begun."""
    with closing(open_store(db, read_only=True, wait=asked.wait)) as store:
        if pass_gate(store.con, asked.project) != ready:
            raise RefusedError("The store has changed meanwhile.", "Run the same command again.")


def _remember(
    db: Path, asked: Asked, note: Path, work: dict[str, Any], *, finished: bool = False, warnings: tuple[str, ...] = ()
) -> Built:
    """Note the release in the store, with the submissions that it releases, and its entry in the log, at once."""
    place = Path(work["place"])
    if problems := wrong_sums(place):
        raise RefusedError(f"{place} is not what was built: {problems[0]}", "Remove it, and build it again.")
    person = name_of(asked.who)
    with open_current(db, wait=asked.wait, memory=asked.memory) as store, store.transaction() as con:
        done = con.execute(
            "SELECT release_id FROM harmonize.release_build WHERE project_id = ? AND version = ?",
            [work["project"], work["version"]],
        ).fetchone()
        if done is None:
            for number in work["to_release"]:
                record_step(con, number, "released", who=person, why=f"release {work['version']}")
            persons = [(project, key, told) for project, key, told in work["persons"]]
            number = remember_release(
                con, work["project"], work["version"], sha256=work["sha256"], place=str(place),
                submissions=work["submissions"], persons=persons, who=person,
            )  # fmt: skip
        else:
            number = int(done[0])
    note.unlink(missing_ok=True)
    return Built(
        number, work["project"], work["version"], work["side"], str(place), work["sha256"], len(work["persons"]),
        finished, warnings,
    )  # fmt: skip


def build_all(
    db: Path, to: Path, asked: Asked, sides: Sequence[str], tell: Callable[[str], None] = lambda _: None
) -> list[Built]:
    """Build each side, a directory of its own; one that is done already is left as it is where another is asked."""
    return [build(db, to, asked, side=side, tell=tell) for side in sides]


__all__ = ["ABOUT", "SUMS", "Asked", "Built", "build", "build_all"]
