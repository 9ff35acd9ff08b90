"""The groups of calls for what leaves a store: `db.sequester` and `db.release`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from harmonize.api.shapes import AnyPath, Rows, rows

if TYPE_CHECKING:
    from harmonize.engine.store import Store
    from harmonize.release.deid.risk import Risk
    from harmonize.release.sequester.assign import Assigned
    from harmonize.release.sequester.lock import Lock
    from harmonize.release.sequester.show import Sequestered


class Sequester:
    """Holding a part of the patients back for validating AI."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __repr__(self) -> str:
        return "sequester: assign, lock, show"

    def assign(self, project: str, *, seed: int = 1, fraction: float = 0.2, by: Sequence[str] = ()) -> Assigned:
        """Give a side to every case of a project that has none, drawn within strata; nobody changes sides."""
        from harmonize.release.sequester.assign import assign

        return assign(self._store, project, seed=seed, fraction=fraction, by=by)

    def show(
        self,
        project: str | None = None,
        *,
        format: Literal["text", "json", "html"] = "html",
        output: AnyPath | None = None,
    ) -> Sequestered:
        """What is held back, the balance of both sides, persons who are on both; with `output` a document, too."""
        from harmonize.engine.files import replacing
        from harmonize.release.sequester.show import document, show

        found = show(self._store, project)
        if output is not None:
            with replacing(Path(output)) as partial:
                partial.write_text(document(found, format), encoding="utf-8")
        return found

    def lock(self, project: str, *, who: str) -> Lock:
        """Lock what is assigned in a project, so that a change of it is noticed."""
        from harmonize.release.sequester.lock import lock

        return lock(self._store, project, who=who)


class Release:
    """What is asked before something leaves, and the releases that were built."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __repr__(self) -> str:
        return "release: affected, images, risk"

    def risk(
        self,
        *,
        k: int = 11,
        diversity: int = 1,
        by: Sequence[str] = (),
        sensitive: Literal["death", "diagnosis"] = "death",
    ) -> Risk:
        """How many persons of a published file are told apart by so few words that fewer than `k` share them."""
        from harmonize.release.deid.risk import risk

        return risk(self._store, k=k, diversity=diversity, by=by, sensitive=sensitive)

    def images(
        self,
        *,
        project: str | None = None,
        decide: str | None = None,
        decision: Literal["keep", "leave-out"] | None = None,
        who: str | None = None,
        why: str | None = None,
    ) -> Rows:
        """The series whose headers block a release; with `decide` (a UID) what somebody decided of one."""
        from harmonize.release.deid.images import blocking_images, decide_image

        if decide is not None:
            decide_image(self._store, decide, decision, who=who, why=why, project=project)
        self._store.require_records()
        return rows(image.to_json() for image in blocking_images(self._store.con, project))

    def affected(self, notices: AnyPath | None = None) -> Rows:
        """The releases that hold what was withdrawn since; `notices` is a folder for the notice of each."""
        from harmonize.release.builds import affected, write_notices
        from harmonize.release.step import today

        found = affected(self._store.con)
        if notices is not None and found:
            write_notices(found, Path(notices), today())
        return rows(one.to_json() for one in found)
