"""Which patients are held back: drawn within strata, once and for good.

A side belongs to a person. Whoever has one keeps it, whatever is loaded later; new cases of such a person follow.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.engine.sql_text import literal, literals
from harmonize.release.sequester.lock import require_sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

STRATA = ("site", "modality", "covid19_positive", "age_group", "race", "sex", "ethnicity")
"""What patients are stratified by, in this order."""
MODALITIES = ("CR", "CT", "DX", "MR")
LEAST = 5
"""In a stratum of fewer patients each is drawn by itself."""
SEED = 1
FRACTION = 0.2


@dataclass(repr=False)
class Assigned(Shown):
    """What an assignment added: cases by side, how many of them followed a person who had a side, and how many strata
    the new ones were drawn in, of which so many were small."""

    project_id: str
    open: int
    sequestered: int
    followed: int
    strata: int
    small_strata: int
    kept: int

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize sequester assign --json` prints."""
        return asdict(self)

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        if not self.open + self.sequestered:
            return [f"No new case in {self.project_id}; {self.kept:,} keep their side."]
        drawn = f"{self.strata:,} strata, {self.small_strata:,} of fewer than {LEAST} patients"
        return [
            f"{self.open:,} cases of {self.project_id} are open, {self.sequestered:,} sequestered ({drawn}); "
            f"{self.followed:,} followed a person who had a side. {self.kept:,} kept theirs."
        ]


def assign(
    store: Store,
    project: str,
    *,
    seed: int = SEED,
    fraction: float = FRACTION,
    by: Sequence[str] = STRATA,
    now: datetime | None = None,
) -> Assigned:
    """Give a side to every case of a project that has none.

    Raises InputError for an unknown project or stratum, a share that is none, and assignments that were changed since
    they were locked.
    """
    store.require_records()
    strata = tuple(by) or STRATA
    for name in strata:
        if name not in STRATA:
            raise InputError(f"There is no stratum {name}.", did_you_mean(name, STRATA))
    if not 0 < fraction < 1:
        raise InputError(f"A share of {fraction:g} is not between 0 and 1.", "0.2 is 20 %.")
    with store.transaction() as con:
        if (
            con.execute("SELECT 1 FROM harmonize.person_case WHERE project_id = ? LIMIT 1", [project]).fetchone()
            is None
        ):
            known = [row[0] for row in con.execute("SELECT DISTINCT project_id FROM harmonize.person_case").fetchall()]
            raise InputError(f"There is no case of a project {project}.", did_you_mean(project, known))
        require_sound(con, project)
        moment = _moment(con, project, now)
        kept = _count(con, project)
        con.execute(sql("release/sequester/person"))
        con.execute(sql("release/sequester/values").format(modalities=literals(MODALITIES)), {"project": project})
        _add(con, project, strata, {"seed": seed, "fraction": fraction, "now": moment})
        return _result(con, project, moment, kept)


def _add(con: DuckDBPyConnection, project: str, strata: Sequence[str], told: dict[str, Any]) -> None:
    """Those that follow first, so that nobody is drawn who has a side."""
    # a slash or an equals sign in a value would be read as another part
    parts = [f"{literal(name + '=')} || translate(v.{name}, '/=', '--')" for name in strata]
    stratum = " || '/' || ".join(parts)
    follow = sql("release/sequester/add_following").replace("{follow}", sql("release/sequester/follow"))
    con.execute(follow.replace("{stratum}", stratum), {"project": project, **told})
    draw = sql("release/sequester/draw").replace("{stratum}", stratum).replace("{least}", str(LEAST))
    con.execute(sql("release/sequester/add_drawn").replace("{draw}", draw), {"project": project, **told})


def _moment(con: DuckDBPyConnection, project: str, now: datetime | None) -> datetime:
    """When this is done, always later than what was done before, whatever the clock says."""
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    row = con.execute(
        "SELECT max(assigned_at) + INTERVAL 1 MICROSECOND FROM harmonize.sequestration WHERE project_id = ?", [project]
    ).fetchone()
    return max(moment, row[0]) if row and row[0] else moment


def _count(con: DuckDBPyConnection, project: str) -> int:
    row = con.execute("SELECT count(*) FROM harmonize.sequestration WHERE project_id = ?", [project]).fetchone()
    return int(row[0]) if row else 0


def _result(con: DuckDBPyConnection, project: str, moment: datetime, kept: int) -> Assigned:
    added = con.execute(sql("release/sequester/added"), {"project": project, "now": moment})
    names, row = [column[0] for column in added.description], added.fetchone() or (0,) * 5
    return Assigned(project, kept=kept, **{name: int(count) for name, count in zip(names, row, strict=True)})
