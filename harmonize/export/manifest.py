"""A manifest of a cohort's images, for the clients of the IDC and of Gen3."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from harmonize.engine.errors import InputError, RefusedError
from harmonize.engine.files import replacing
from harmonize.engine.paths import sql
from harmonize.engine.text_file import read_text
from harmonize.export.ask_question import translated
from harmonize.export.door import ask
from harmonize.export.frames import Limits, Values
from harmonize.export.questions import names, question

Form = Literal["idc", "gen3"]
KEYS = ("study_uid", "case_key", "person_id")
"""What a row of a cohort may name, the first of them that it has."""
_ADDRESSES = ("s3://", "gs://")
_LACKS = {"idc": "an address (s3:// or gs://)", "gen3": "an object_id, or a file_name with its md5sum"}
_FROM = {"idc": "An index of the IDC has them: harmonize load --source idc", "gen3": "Gen3 series files have them."}


@dataclass
class Manifest:
    """What was written: series in the manifest, and series of the cohort that it cannot name."""

    path: Path
    series: int
    left_out: int


def write_manifest(
    db: Path,
    output: Path,
    form: Form,
    *,
    cohort: str | None = None,
    given: Mapping[str, object] | None = None,
    file: Path | None = None,
    seconds: float | None = None,
    wait: float = 10.0,
    memory: str | None = None,
    internal: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Manifest:
    """Write the series of a cohort's studies to `output`: addresses, a line each (idc), or a JSON list (gen3).

    `cohort` is a shipped question's name, with the parameters `given`, or a SELECT; `file` a CSV. Either has a column
    study_uid, case_key or person_id, and project_id where it is to be of one. Raises RefusedError where the UIDs of a
    project of it are not public, InputError where no series of it can be named in this form.
    """
    say = tell or (lambda _: None)
    asked = _Asked(db, Limits(None, seconds, memory), wait, internal)
    rows = _cohort(asked, cohort, given or {}, file)
    bound: Values = {"cohort": json.dumps([_keys(row) for row in rows])}
    with translated():
        found = asked.rows(sql("export/manifest"), bound)
    _refuse_private(found)
    entries = [entry for row in found if (entry := (_address if form == "idc" else _object)(row)) is not None]
    if not entries:
        why = "No study of the cohort has a series." if not found else f"No series of the cohort has {_LACKS[form]}."
        raise InputError(why, _FROM[form])
    with replacing(output) as partial:
        partial.write_text(_document(entries, form), encoding="utf-8")
    left_out = len(found) - len(entries)
    if left_out:
        say(f"{left_out:,} of {len(found):,} series have not {_LACKS[form]}, and are left out.")
    return Manifest(output, len(entries), left_out)


@dataclass(frozen=True)
class _Asked:
    """The file that is asked, and how."""

    db: Path
    limits: Limits
    wait: float
    internal: bool

    def rows(self, text: str, bound: Values) -> list[dict[str, Any]]:
        """The rows of a statement."""
        with ask(
            self.db, text, format="json", limits=self.limits, wait=self.wait, bound=bound, internal=self.internal
        ) as answer:
            found: list[dict[str, Any]] = json.loads(b"".join(answer) or b"[]")
            return found


def _cohort(
    asked: _Asked, cohort: str | None, given: Mapping[str, object], file: Path | None
) -> Sequence[Mapping[str, Any]]:
    """The rows of the cohort, which name studies, cases or persons."""
    if (cohort is None) == (file is None):
        raise InputError("Give either --cohort or --file.", "harmonize export manifest --cohort labelled-studies ...")
    if file is not None:
        rows: Sequence[Mapping[str, Any]] = list(csv.DictReader(read_text(file).splitlines()))
        if given:
            raise InputError("--param belongs to a question, and --file is none.")
    else:
        text, bound = _statement(str(cohort), given)
        with translated():
            rows = asked.rows(text, bound)
    if not rows:
        raise InputError("The cohort is empty.", "harmonize ask run NAME says why a question has no row.")
    if not set(KEYS) & rows[0].keys():
        raise InputError(f"The cohort has none of the columns {', '.join(KEYS)}.", "Add one of them to its columns.")
    return rows


def _statement(cohort: str, given: Mapping[str, object]) -> tuple[str, Values]:
    """The SELECT of a cohort and its values: of a question's name, or the SELECT itself."""
    if cohort in names() or len(cohort.split()) == 1:
        asked = question(cohort)
        return asked.sql, asked.bound(asked.values(given))
    if given:
        raise InputError("--param belongs to a question, and --cohort is a SELECT.", "Write the value into the SELECT.")
    return cohort, {}


def _keys(row: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a row of the cohort that have a value."""
    named = {name: row[name] for name in ("project_id", *KEYS) if row.get(name) not in (None, "")}
    person = str(named.get("person_id", "0"))
    if not person.isdecimal():
        raise InputError(f"The cohort names the person {person!r}; person_id is a number.")
    return named


def _refuse_private(found: Iterable[Mapping[str, Any]]) -> None:
    """Where the images are leads to who published them, and from there to all that is public of the patient."""
    private = sorted({row["project_id"] for row in found if not row["is_public"]})
    if private:
        raise RefusedError(
            f"The UIDs of {' and '.join(private)} are not public, so no manifest names its images.",
            f"Leave it out of the cohort, or say that they are: harmonize project set {private[0]} --uids public",
        )


def _address(row: Mapping[str, Any]) -> str | None:
    address = row["uri"]
    return address if isinstance(address, str) and address.startswith(_ADDRESSES) else None


def _object(row: Mapping[str, Any]) -> dict[str, Any] | None:
    named = {name: row[name] for name in ("object_id", "file_name", "file_size", "md5sum") if row[name] is not None}
    return named if "object_id" in named or {"file_name", "md5sum"} <= named.keys() else None


def _document(entries: Sequence[Any], form: Form) -> str:
    return json.dumps(entries, indent=2) + "\n" if form == "gen3" else "\n".join(entries) + "\n"
