"""The releases that were built, what each holds, and which of them hold what was withdrawn since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import has_table, now, write_entry
from harmonize.engine.files import replacing
from harmonize.engine.paths import root, sql

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

TABLES = ("release_build", "release_submission", "release_person")


@dataclass(frozen=True)
class Affected:
    """A release that holds what was withdrawn or rejected: the submissions, and the pseudonyms of the persons."""

    release_id: int
    project: str
    version: str
    built_at: datetime
    sha256: str
    place: str
    submissions: list[int]
    persons: list[str]

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize release affected --json` prints."""
        return {**vars(self), "built_at": self.built_at.isoformat(timespec="seconds")}

    def sentence(self) -> str:
        """What is to be done about it."""
        parts = []
        if self.submissions:
            parts.append(f"{len(self.submissions):,} withdrawn submissions ({', '.join(map(str, self.submissions))})")
        if self.persons:
            parts.append(f"{len(self.persons):,} withdrawn persons")
        return f"The release {self.version} of {self.project} ({self.place}) holds {' and '.join(parts)}."

    def notice_name(self) -> str:
        """The name of the file of its notice."""
        told = "".join(letter if letter.isalnum() or letter in "-._" else "_" for letter in self.version)
        return f"withdrawal-notice-{self.release_id}-{told}.txt"


def remember_release(
    con: DuckDBPyConnection,
    project_id: str,
    version: str,
    *,
    sha256: str,
    place: str,
    submissions: Iterable[int],
    persons: Iterable[tuple[str, str, str]],
    who: str | None = None,
    at: datetime | None = None,
) -> int:
    """Note a release that was built, and what it holds; its number. The caller commits.

    `sha256` is that of its checksums.sha256; `persons` are its cases, each with project, key and the pseudonym that the
    release tells it by.
    """
    for table in TABLES:
        con.execute(sql(f"store/tables/{table}"))
    time = at or now()
    row = con.execute("SELECT coalesce(max(release_id), 0) + 1 FROM harmonize.release_build").fetchone()
    number = int(row[0]) if row else 1
    con.execute(
        "INSERT INTO harmonize.release_build VALUES (?, ?, ?, ?, ?, ?)",
        [number, project_id, version, time, sha256, place],
    )
    held, cases = sorted(set(submissions)), [list(person) for person in persons]
    con.execute(sql("release/add_submission"), {"release": number, "submissions": held})
    con.execute(sql("release/add_person"), {"release": number, "persons": cases})
    details = {"version": version, "sha256": sha256, "submissions": held, "persons": len(cases)}
    write_entry(con, "release.built", project_id, details, who=who, at=time)
    return number


def affected(con: DuckDBPyConnection) -> list[Affected]:
    """The releases that hold submissions or persons that were withdrawn since."""
    if not has_table(con, "release_build"):
        return []
    return [Affected(*row) for row in con.execute(sql("release/affected")).fetchall()]


def write_notices(found: Iterable[Affected], folder: Path, on: date) -> list[Path]:
    """Write a notice to the downloaders of each release into the folder, in place of an earlier one; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for release in found:
        path = folder / release.notice_name()
        with replacing(path) as partial:
            partial.write_text(notice(release, on), encoding="utf-8")
        written.append(path)
    return written


def tell_affected(store: Store, on: date) -> list[str]:
    """After a withdrawal: what is to be said of the releases that hold what was withdrawn, with their notices, which
    are written into the folder DB.notices."""
    found = affected(store.con)
    if not found:
        return []
    written = write_notices(found, store.path.with_name(store.path.name + ".notices"), on)
    return [*(release.sentence() for release in found), *(f"Notice to its downloaders: {path}" for path in written)]


def notice(release: Affected, on: date) -> str:
    """The notice to the downloaders of a release: pseudonyms alone, and no reason."""
    template = (root("sql") / "release" / "notice.txt").read_text(encoding="utf-8")
    listed = "".join(f"  {person}\n" for person in release.persons)
    return template.format(
        day=on.isoformat(),
        project=release.project,
        version=release.version,
        sha256=release.sha256,
        deliveries=len(release.submissions),
        persons=len(release.persons),
        list=f"\n{listed}" if listed else "",
    )
