"""Projects: how a project writes time, how its images are linked, and what happens to an unknown age."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmonize.audit.log import write_entry
from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.sql_text import quote
from harmonize.engine.text_file import read_bytes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

POLICIES = ("offset", "shifted", "as_is")
DEFAULT_ANCHOR = date(2020, 1, 1)
EVENT_DATES = ("start_date", "end_date", "birth_date", "study_date", "series_date")
EVENT_TIMES = ("start_datetime", "end_datetime", "created")
CHOICES = {
    "time_policy": POLICIES,
    "unknown_age": ("sentinel", "quarantine"),
    "observation_period": ("events", "themis_60d"),
    "medication_request": ("cdm", "ig_table", "none"),
    "uids": ("public", "remap"),
    "match_days": ("no", "unique", "single_pairs"),
}
UNTOLD = ("shift_key_file", "shift_key_fingerprint", "uids_basis")
"""Columns of harmonize.project that no list of projects shows."""
APART = {
    "uids": "VARCHAR",
    "uids_basis": "VARCHAR",
    "deletion_share": "DOUBLE",
    "determination": "VARCHAR",
    "agreement": "VARCHAR",
}
"""Settings of which a change leaves every row as it is, with their types: a store that is older has no such columns."""


@dataclass(frozen=True)
class Project:
    """One row of harmonize.project; a None is a choice not made yet."""

    project_id: str
    time_policy: str | None = None
    source_anchor: date | None = None
    anchor: date | None = None
    shift_key_file: str | None = None
    shift_key_fingerprint: str | None = None
    shifted_by_source: bool | None = None
    imaging_date_offset_days: int | None = None
    unknown_age: str | None = None
    observation_period: str | None = None
    medication_request: str | None = None
    uids: str | None = None
    uids_basis: str | None = None
    match_days: str | None = None
    deletion_share: float | None = None
    determination: str | None = None
    agreement: str | None = None

    def time_columns(self, found: list[str]) -> dict[str, str]:
        """SQL (over `m`) for the hub's time columns under this policy, by column name.

        offset: start_day and end_day (days_to_study of a study) counted from source_anchor where the source gives
        calendar days; shifted: every date moved by the case's own number of days (1 to 364 either way), which needs
        `make_shift`, and no year that the source states.
        """
        if self.time_policy == "offset" and self.source_anchor is not None:
            anchor = f"DATE '{self.source_anchor.isoformat()}'"
            days = {}
            for side in ("start", "end"):
                if f"{side}_date" in found:
                    counted = f"date_diff('day', {anchor}, m.{side}_date)"
                    own = f"m.{side}_day, " if f"{side}_day" in found else ""
                    days[f"{side}_day"] = f"coalesce({own}{counted})"
            return days | _moved_texts(found, str((self.anchor - self.source_anchor).days) if self.anchor else "NULL")
        if self.time_policy == "shifted":
            return self._shifted(found)
        return {}

    def _shifted(self, found: list[str]) -> dict[str, str]:
        """The dates of `found` moved. A row without a case (a reading, which has its case and day from its study) keeps
        none of its own, and a year that the source states is left out: neither can be moved."""
        times = [name for name in (*EVENT_DATES, *EVENT_TIMES) if name in found]
        kept_out = {name: "NULL" for name in ("study_year",) if name in found}
        if "case_key" not in found:
            return kept_out | dict.fromkeys(times, "NULL") | _moved_texts(found, "NULL")
        moved = f"shift_days('{self.project_id.replace(chr(39), chr(39) * 2)}', m.case_key)"
        shifted = {
            name: f"m.{name} + to_days({moved})" if name in EVENT_TIMES else f"m.{name} + {moved}" for name in times
        }
        return kept_out | shifted | _moved_texts(found, moved)


def _moved_texts(found: list[str], days: str) -> dict[str, str]:
    """Results that are dates, such as a last period's, moved by the days (SQL) by which the dates beside them are."""
    return {"value_text": f"shift_text(m.value_text, {days})"} if "value_text" in found else {}


def key_fingerprint(digest: str) -> str:
    """What a store remembers of a key, so that another is told."""
    return hashlib.sha256(digest.encode()).hexdigest()


def find_project(con: DuckDBPyConnection, project_id: str, store: str = "") -> Project | None:
    """The project's row, or None. `store` is the prefix of the schemas of an attached store."""
    return next((project for project in read_projects(con, store) if project.project_id == project_id), None)


def read_projects(con: DuckDBPyConnection, store: str = "") -> list[Project]:
    """Every row of harmonize.project; a setting that the store is too old to have is None."""
    relation = con.execute(f"FROM {store}harmonize.project ORDER BY project_id")
    names = [column[0] for column in relation.description]
    known = {field.name for field in fields(Project)}
    return [
        Project(**{name: value for name, value in zip(names, row, strict=True) if name in known})
        for row in relation.fetchall()
    ]


def save_project(con: DuckDBPyConnection, project: Project) -> None:
    """Write the project's row in place of the one before."""
    for name, kind in APART.items():
        con.execute(f"ALTER TABLE harmonize.project ADD COLUMN IF NOT EXISTS {name} {kind}")
    con.execute("DELETE FROM harmonize.project WHERE project_id = ?", [project.project_id])
    values = asdict(project)
    con.execute(
        f"INSERT INTO harmonize.project ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        list(values.values()),
    )


def ensure_project(
    con: DuckDBPyConnection, project_id: str, defaults: dict[str, Any], match_days: str | None = None
) -> Project:
    """The project, made with a mapping's defaults (project.yaml) where it is new or has no time policy yet.

    Raises InputError where it is to match days and does not count any.
    """
    known = find_project(con, project_id)
    project = with_default_time(known or Project(project_id), defaults)
    project = _with_default_uids(con, project, defaults)
    if match_days:
        require_days(project)
        project = replace(project, match_days=match_days)
    if project != known:
        save_project(con, project)
    return project


def require_days(project: Project) -> None:
    """Raises InputError where a project does not count days, so that none can be matched."""
    if project.time_policy != "offset":
        raise InputError(
            f"The project {project.project_id} does not count days (its time policy is {project.time_policy}).",
            "--match-days is for projects of the policy offset: records tell days, and images have dates.",
        )


def with_default_time(project: Project, defaults: dict[str, Any]) -> Project:
    """The project with the time policy of a mapping's defaults, where it has none yet."""
    time = defaults.get("time") or {}
    if project.time_policy is not None or not time:
        return project
    if defaults.get("project_id", project.project_id) != project.project_id:
        return project
    return _with_time(
        project,
        time.get("policy"),
        _as_date(time.get("source_anchor")),
        _as_date(time.get("anchor")),
        shifted_by_source=time.get("shifted_by_source"),
    )


def _with_default_uids(con: DuckDBPyConnection, project: Project, defaults: dict[str, Any]) -> Project:
    """The project with what its mappings say of its UIDs, unless it was set: public as long as every one of them says
    so, since any other may bring UIDs that nobody has published."""
    if project.uids_basis == "set":
        return project
    said = defaults.get("uids") if defaults.get("project_id", project.project_id) == project.project_id else None
    if said not in (None, *CHOICES["uids"]):
        raise InputError(f"{said!r} is no choice for uids.", "One of: " + ", ".join(CHOICES["uids"]))
    if said == "public" and project.uids is None:
        row = con.execute(
            "SELECT count(*) FROM harmonize.submission WHERE project_id = ? AND state = 'loaded'", [project.project_id]
        ).fetchone()
        said = "public" if row and row[0] <= 1 else "remap"  # the load that asks is one
    elif project.uids is not None and said != project.uids:
        said = "remap"
    return replace(project, uids=said or "remap", uids_basis="mapping")


def _as_date(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise InputError(f"{value!r} is not a date.", "Write it as YYYY-MM-DD.") from error


def _with_time(
    project: Project,
    policy: str | None,
    source_anchor: date | None,
    anchor: date | None,
    *,
    key_file: Path | None = None,
    shifted_by_source: bool | None = None,
) -> Project:
    if policy not in POLICIES:
        raise InputError(f"There is no time policy {policy!r}.", did_you_mean(str(policy), POLICIES))
    if policy == "offset":
        return replace(
            project, time_policy=policy, source_anchor=source_anchor, anchor=anchor or DEFAULT_ANCHOR,
            shift_key_file=None, shift_key_fingerprint=None,
        )  # fmt: skip
    if source_anchor or anchor:
        raise InputError(f"--source-anchor and --anchor belong to --time offset, not to {policy}.")
    plain = replace(project, time_policy=policy, source_anchor=None, anchor=None, shifted_by_source=shifted_by_source)
    if policy == "as_is":
        return replace(plain, shift_key_file=None, shift_key_fingerprint=None)
    if key_file is None:
        raise InputError("--time shifted needs --key-file FILE.", "Any file of at least 16 random bytes; keep it safe.")
    key = read_bytes(key_file)
    if len(key) < 16:
        raise InputError(f"The key file {key_file} has {len(key)} bytes; 16 or more are needed.")
    digest = hashlib.sha256(key).hexdigest()
    return replace(plain, shift_key_file=str(key_file.resolve()), shift_key_fingerprint=key_fingerprint(digest))


def list_projects(con: DuckDBPyConnection) -> list[dict[str, Any]]:
    """One row a project: its settings, cases and loaded submissions."""
    relation = con.execute(
        "SELECT p.*, "
        "(SELECT count(*) FROM harmonize.person_case c WHERE c.project_id = p.project_id) AS cases, "
        "(SELECT count(*) FROM harmonize.submission s WHERE s.project_id = p.project_id AND s.state = 'loaded') "
        "AS submissions FROM harmonize.project p ORDER BY project_id"
    )
    names = [column[0] for column in relation.description]
    rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    return [{name: value for name, value in row.items() if name not in UNTOLD} for row in rows]


def show_project(con: DuckDBPyConnection, project_id: str) -> dict[str, Any]:
    """One project's row of `list_projects`. Raises InputError for an unknown one."""
    rows = list_projects(con)
    for row in rows:
        if row["project_id"] == project_id:
            return row
    raise InputError(
        f"There is no project {project_id!r} in this store.",
        did_you_mean(project_id, [r["project_id"] for r in rows]),
    )


def set_project(
    store: Store,
    project_id: str,
    *,
    time: str | None = None,
    source_anchor: date | None = None,
    anchor: date | None = None,
    key_file: Path | None = None,
    imaging_date_offset_days: int | None = None,
    unknown_age: str | None = None,
    observation_period: str | None = None,
    medication_request: str | None = None,
    shifted_by_source: bool | None = None,
    uids: str | None = None,
    match_days: str | None = None,
    deletion_share: float | None = None,
    determination: str | None = None,
    agreement: str | None = None,
    rebuild: bool = False,
) -> dict[str, Any]:
    """Change a project's settings and derive its rows anew where they depend on them; give `show_project`'s row.

    A time policy that rows were already written under changes only with `rebuild`; a shifted project keeps its shift.
    `medication_request` holds for loads from now on; requests that are loaded change when they are delivered again.
    `shifted_by_source` says of dates that stand as they are that their contributor moved them; publishing reads `uids`;
    `deletion_share` (0 to 1) is the share of the records of a type that a snapshot deletes unasked.
    `determination` and `agreement` are references of documents that profiles of `publish` ask for.
    """
    from harmonize.pipeline import changes
    from harmonize.pipeline.derive import touch_all
    from harmonize.pipeline.finish import derive_again

    with store.transaction() as con:
        before = find_project(con, project_id) or Project(project_id)
        project = before
        if time is not None:
            project = _with_time(project, time, source_anchor, anchor, key_file=key_file)
        elif source_anchor or anchor or key_file:
            raise InputError("--source-anchor, --anchor and --key-file need --time.")
        if shifted_by_source is not None:
            if project.time_policy in ("offset", "shifted"):
                raise InputError(f"--shifted-by-source belongs to --time as_is, not to {project.time_policy}.")
            project = replace(project, shifted_by_source=shifted_by_source)
        chosen = {
            "unknown_age": unknown_age,
            "observation_period": observation_period,
            "medication_request": medication_request,
            "uids": uids,
            "match_days": match_days,
        }
        for name, value in chosen.items():
            if value is not None and value not in CHOICES[name]:
                raise InputError(f"{value!r} is no choice for {name}.", "One of: " + ", ".join(CHOICES[name]))
        if deletion_share is not None and not 0 <= deletion_share <= 1:
            raise InputError(f"A share of {deletion_share:g} is not between 0 and 1.", "0.2 is 20 %.")
        if imaging_date_offset_days is not None:
            project = replace(project, imaging_date_offset_days=imaging_date_offset_days)
        project = replace(
            project,
            unknown_age=unknown_age or project.unknown_age,
            observation_period=observation_period or project.observation_period,
            medication_request=medication_request or project.medication_request,
            uids=uids or project.uids,
            uids_basis="set" if uids else project.uids_basis,
            match_days=None if match_days == "no" else match_days or project.match_days,
            deletion_share=project.deletion_share if deletion_share is None else deletion_share,
            determination=determination or project.determination,
            agreement=agreement or project.agreement,
        )
        _check_time_change(con, before, project, rebuild)
        save_project(con, project)
        _note_change(con, before, project)
        if project != replace(before, **{name: getattr(project, name) for name in APART}):
            if project.time_policy == "offset":
                _recount_days(con, project)
            changes.begin(con)
            touch_all(con, project_id)
            derive_again(con)
        return show_project(con, project_id)


def _note_change(con: DuckDBPyConnection, before: Project, after: Project) -> None:
    """Tell the audit log which settings changed, from what to what."""
    changed = {
        name: [was, value]
        for name, value in asdict(after).items()
        if (was := getattr(before, name)) != value and name != "shift_key_file"
    }
    if changed:
        write_entry(con, "project.set", after.project_id, changed)


def _check_time_change(con: DuckDBPyConnection, before: Project, after: Project, rebuild: bool) -> None:
    time = ("time_policy", "source_anchor", "anchor", "shift_key_fingerprint")
    if all(getattr(before, name) == getattr(after, name) for name in time) or before.time_policy is None:
        return
    row = con.execute("SELECT count(*) FROM harmonize.person_case WHERE project_id = ?", [after.project_id]).fetchone()
    if not row or row[0] == 0:
        return
    if "shifted" in (before.time_policy, after.time_policy):
        raise InputError(
            f"The rows of {after.project_id} were shifted when they were loaded; that is not undone in place.",
            "Withdraw its submissions, set the policy and load them again.",
        )
    if not rebuild:
        raise InputError(
            f"The project {after.project_id} holds {row[0]:,} persons dated under its present policy.",
            "Add --rebuild to date all of them anew.",
        )
    row = con.execute(
        "SELECT count(*) FROM harmonize.crosswalk "
        "WHERE day_difference IS NOT NULL AND ? IN (project_id_1, project_id_2)",
        [after.project_id],
    ).fetchone()
    if row and row[0]:
        raise InputError(
            f"The crosswalk states {row[0]:,} day differences to the present dates of {after.project_id}.",
            "Take these pairs back with harmonize crosswalk remove, and load them anew for the new dates.",
        )


def _recount_days(con: DuckDBPyConnection, project: Project) -> None:
    """start_day and end_day of hub rows that the source dates by calendar, under a new source_anchor."""
    if project.source_anchor is None:
        return
    tables = con.execute(
        "SELECT table_name, list(column_name) FROM information_schema.columns WHERE table_schema = 'midrc' "
        "AND column_name IN ('start_date', 'end_date', 'start_day', 'end_day') GROUP BY table_name"
    ).fetchall()
    for table, names in tables:
        sides = [side for side in ("start", "end") if {f"{side}_date", f"{side}_day"} <= set(names)]
        for side in sides:
            con.execute(
                f"UPDATE midrc.{quote(table)} SET {side}_day = date_diff('day', ?::DATE, {side}_date) "
                f"WHERE project_id = ? AND {side}_date IS NOT NULL",
                [project.source_anchor, project.project_id],
            )
