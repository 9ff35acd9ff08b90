"""Images that block a release until somebody decides: their headers say that people may be seen in them, or told by
them, or do not say that they cannot. What is decided is kept, with who and why; nothing of it is ever changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store

DECISIONS = ("keep", "leave-out")
REASONS = {
    "burned_in_annotation": "texts that identify people are burned into the pixels",
    "recognizable_features": "a face can be recognised",
    "identity_not_removed": "the header does not say that the patient's identity was removed",
    "head_unstated": "the header does not say that no face can be made of this head",
}


@dataclass(frozen=True)
class BlockingImage:
    """A series that blocks: why, and what was decided of it for these reasons, if anything."""

    project_id: str
    study_uid: str
    series_uid: str
    modality: str | None
    body_part: str | None
    is_head: bool
    reasons: tuple[str, ...]
    decision: str | None
    decided_by: str | None
    why: str | None

    @property
    def blocks(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision is None

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize release images --json` prints."""
        return {**asdict(self), "reasons": list(self.reasons), "blocks": self.blocks}


def blocking_images(con: DuckDBPyConnection, project: str | None = None) -> list[BlockingImage]:
    """The series of a project, or of all, that block or would without a decision: heads first."""
    rows = con.execute(sql("release/images/blocking"), {"project": project}).fetchall()
    return [
        BlockingImage(name, study, series, modality, part, is_head, tuple(reasons), decision, who, why)
        for name, study, series, modality, part, is_head, reasons, decision, who, why in rows
    ]


def decide_image(
    store: Store,
    uid: str,
    decision: str | None,
    *,
    who: str | None,
    why: str | None,
    project: str | None = None,
    now: datetime | None = None,
) -> list[BlockingImage]:
    """Write down what somebody decided of a series, or of all series of a study; gives them as they are then.

    Raises InputError for a UID that does not block, a word that is no decision, and where nobody or no reason is named.
    """
    store.require_records()
    if decision not in DECISIONS:
        raise InputError(f"{decision!r} is no decision.", did_you_mean(decision or "", DECISIONS))
    if not (who or "").strip() or not (why or "").strip():
        raise InputError("A decision needs somebody who makes it, and why.", "--who NAME --why TEXT")
    with store.transaction() as con:
        meant = [one for one in blocking_images(con, project) if uid in (one.series_uid, one.study_uid)]
        if not meant:
            raise InputError(f"No series that blocks has the UID {uid}, nor is one of that study.")
        moment = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
        con.executemany(
            "INSERT INTO harmonize.image_decision VALUES (?, ?, ?, ?, ?, ?, ?)",
            [[one.project_id, one.series_uid, decision, list(one.reasons), who, why, moment] for one in meant],
        )
        decided = {(one.project_id, one.series_uid) for one in meant}
        return [one for one in blocking_images(con, project) if (one.project_id, one.series_uid) in decided]
