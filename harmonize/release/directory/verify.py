"""Verifying a release: nothing in it was changed, nothing is missing or extra, its counts hold, the log knows it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.errors import HarmonizeError, InputError
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import connect
from harmonize.engine.work_folder import work_folder
from harmonize.export.forms.places import FORMS
from harmonize.release.directory.croissant import wrong_croissant
from harmonize.release.directory.sums import files_of, wrong_sums

if TYPE_CHECKING:
    from pathlib import Path

ABOUT = "release.json"


@dataclass
class ReleaseVerified:
    """What does not fit in a release, each in a sentence."""

    place: str
    files: int
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything fits."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize release verify --json` prints."""
        return {**vars(self), "ok": self.ok}


def read_release(folder: Path) -> dict[str, Any]:
    """release.json of a directory. Raises InputError where it is no release."""
    try:
        told = orjson.loads((folder / ABOUT).read_bytes())
    except (OSError, ValueError) as problem:
        raise InputError(f"{folder} is no release: it has no {ABOUT} that can be read.") from problem
    if not isinstance(told, dict) or not {"project", "version", "side", "records", "forms"} <= set(told):
        raise InputError(f"{folder} is no release: its {ABOUT} is of another kind.")
    return told


def verify_release(folder: Path, heads: Path | None = None) -> ReleaseVerified:
    """Verify a release; with `heads`, a file of signed heads of the audit log, also that its log is that one."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder.", "Name the directory of a release.")
    result = ReleaseVerified(str(folder), len(files_of(folder)) + 1, wrong_sums(folder))
    if result.problems:
        return result  # what was changed is not read on
    result.problems += wrong_croissant(folder)
    told = read_release(folder)
    result.problems += _wrong_counts(folder, told)
    if heads is not None:
        result.problems += _wrong_head(told, heads)
    return result


def _wrong_counts(folder: Path, told: dict[str, Any]) -> list[str]:
    data, problems = folder / told["side"], []
    for form in [form for form in told["forms"] if form in ("duckdb", "parquet")]:
        try:
            found = _counted(data / FORMS[form], form, told["records"])
        except HarmonizeError as problem:
            problems.append(f"{form} cannot be read: {problem.message}")
            continue
        problems += [
            f"{form} has {found[name]:,} rows of {name} instead of {count:,}."
            for name, count in told["records"].items()
            if name in found and found[name] != count
        ]
    return problems


def _counted(place: Path, form: str, names: dict[str, int]) -> dict[str, int]:
    with work_folder("verify") as work:
        file = place if form == "duckdb" else work / "count.duckdb"
        with closing(connect(file, read_only=form == "duckdb", wait=0, spill=work)) as con:
            found = {}
            for name in names:
                schema, _, table = name.partition(".")
                source = f"{quote(schema)}.{quote(table)}"
                if form == "parquet":
                    one, parts = place / schema / f"{table}.parquet", place / schema / table / "*.parquet"
                    if not one.exists() and not parts.parent.is_dir():
                        continue
                    source = f"read_parquet({literal(str(one if one.exists() else parts))})"
                row = con.execute(f"SELECT count(*) FROM {source}").fetchone()
                found[name] = int(row[0]) if row else 0
            return found


def _wrong_head(told: dict[str, Any], heads: Path) -> list[str]:
    head = told.get("audit_head") or {}
    try:
        lines = heads.read_bytes().splitlines()
    except OSError as problem:
        raise InputError(f"The file of heads {heads} cannot be read: {problem.strerror}.") from problem
    for line in lines:
        try:
            one = orjson.loads(line)
        except ValueError:
            continue
        if isinstance(one, dict) and (one.get("entry_id"), one.get("hash")) == (head.get("entry_id"), head.get("hash")):
            return []
    return [f"The head of the audit log that {ABOUT} names is not in {heads}."]
