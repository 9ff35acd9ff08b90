"""Where reviews stand: in a mapping's own folder, or in a folder of the user's beside the shipped mappings.

An installed package holds the mappings as they were released and is only read. What is decided there goes to a folder
of the user's, in the layout of `mappings/`: `reviews.tsv` with the user's decisions, `rows.tsv` with what rows say
instead and with new rows. Reading puts both together in a copy, on which everything of this package works.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.files import replacing
from harmonize.engine.paths import is_installed, root
from harmonize.engine.text_file import read_rows
from harmonize.review.decide import keep_in_step
from harmonize.review.decisions import append_decisions, read_decisions
from harmonize.review.mappings import review_folder, reviewed_rows
from harmonize.review.table_file import append_rows, update_rows, write_row
from harmonize.vocabulary.sssom import REVIEW_COLUMNS, REVIEWS, sssom_files

if TYPE_CHECKING:
    from harmonize.review.mappings import Reviewed

FOLDER = "reviews"
"""The folder of the user's, beside the store, or without a store in the current folder."""
OWN = "own"
ROWS = "rows.tsv"
_COLUMNS = ("file", "was", "now", "subject_id", "cells")


@dataclass(frozen=True)
class Edit:
    """A line of rows.tsv: the row `was` of a file says `cells` instead, which makes it `now`; without `was` it is new.

    Both are hashes (`mapping_hash`); `cells` are only those that differ.
    """

    file: str
    was: str
    now: str
    subject_id: str
    cells: dict[str, str]


@dataclass
class Place:
    """The mappings of one name under review: `folder` is read and written, `shipped` is where the mapping lies.

    Where the decisions are the user's, `user` is their folder and `folder` a copy with everything in it; `lost` is
    what the user's folder says of rows that the mapping does not have any more, `kept` whether something was written.
    """

    folder: Path
    shipped: Path
    user: Path | None = None
    lost: tuple[Edit, ...] = ()
    kept: bool = False

    @property
    def told(self) -> list[str]:
        """A sentence for each row of the user's that is left out."""
        return [
            f"{edit.subject_id}: the row that you changed is no more as it was; yours is left out."
            for edit in self.lost
        ]


def user_reviews(shipped: Path, reviews: Path | None = None, db: Path | None = None) -> Path | None:
    """The user's folder for the reviews of a mapping's folder; None where they stand in that folder itself.

    `reviews` is what the user named, for any mapping. Else only the mappings of an installed package have one: beside
    the store, without a store in the current folder.
    """
    path = inside(shipped)
    if reviews is None and not (path and is_installed()):
        return None
    home = reviews or (db.parent if db else Path()) / FOLDER
    return home / (path or Path(OWN) / shipped.resolve().name)


def inside(folder: Path) -> Path | None:
    """The path of a shipped mapping below mappings/; None for a folder that is not there."""
    here, mappings = folder.resolve(), root("mappings").resolve()
    return here.relative_to(mappings) if here.is_relative_to(mappings) else None


@contextmanager
def reading(name: str, reviews: Path | None = None, db: Path | None = None) -> Iterator[Place]:
    """The place of a mapping (its name or folder) or crosswalk, with the user's reviews where there are some."""
    shipped = review_folder(name)
    user = user_reviews(shipped, reviews, db)
    if user is None or not any((user / file).exists() for file in (REVIEWS, ROWS)):
        yield Place(shipped, shipped, user)
        return
    with _together(shipped, user) as place:
        yield place


@contextmanager
def writing(name: str, reviews: Path | None = None, db: Path | None = None) -> Iterator[Place]:
    """The same for a command that decides; when the block ends well, what it wrote is kept in the user's folder."""
    shipped = review_folder(name)
    user = user_reviews(shipped, reviews, db)
    if user is None:
        if not os.access(shipped, os.W_OK):
            raise InputError(f"{shipped} cannot be written.", "Name a folder for your decisions: --reviews DIR.")
        yield Place(shipped, shipped)
        return
    with _together(shipped, user) as place:
        said, before = len(read_decisions(place.folder)), _bytes(user / ROWS)
        yield place
        if _bytes(user / ROWS) != before:
            raise InputError(f"{user / ROWS} was changed meanwhile; nothing is written.", "Run the command again.")
        place.kept = _keep(place, user, said)


@contextmanager
def _together(shipped: Path, user: Path) -> Iterator[Place]:
    """A copy of what is reviewed of a mapping, with the user's rows and decisions."""
    edits, decided = read_edits(user), read_decisions(user)
    known = Counter(read_decisions(shipped))
    new = []
    for one in decided:  # what came with a release by way of a patch is there already
        if known[one]:
            known[one] -= 1
        else:
            new.append(one)
    with tempfile.TemporaryDirectory(prefix="harmonize-reviews-") as home:
        folder = Path(home) / shipped.name
        folder.mkdir()
        for path in (*sssom_files(shipped), shipped / REVIEWS):
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
        lost = [edit for file in dict.fromkeys(e.file for e in edits) for edit in _applied(folder / file, edits)]
        if new:
            append_decisions(folder, new)
            keep_in_step(folder, {one.mapping_hash for one in new} | {one.changed_to for one in new})
        yield Place(folder, shipped, user, tuple(lost))


def _applied(path: Path, edits: list[Edit]) -> list[Edit]:
    """Put the edits of one file into the copy; those whose row is not there. What the file says already is left."""
    own = [edit for edit in edits if edit.file == path.name]
    if not path.is_file():
        return own
    rows = [one for one in reviewed_rows(path.parent) if one.path == path]
    known = {one.hash: one.row.line for one in rows}
    changes: dict[int, dict[str, str]] = {}
    added, lost = [], []
    for edit in own:
        if edit.now != edit.was and edit.now in known:
            continue
        if not edit.was:
            added.append(edit.cells)
        elif edit.was in known:
            changes[known[edit.was]] = edit.cells
        else:
            lost.append(edit)
    if changes:
        update_rows(path, changes)
    if added:
        append_rows(path, added)
    return lost


def _keep(place: Place, user: Path, said: int) -> bool:
    """Write what a command made of the copy into the user's folder; whether there was something."""
    new, before = read_decisions(place.folder)[said:], read_edits(user)
    edits = [*_edits(place), *place.lost]
    if not new and edits == before:
        return False
    user.mkdir(parents=True, exist_ok=True)
    if new:
        append_decisions(user, new)
    if edits:
        lines = [_COLUMNS, *((e.file, e.was, e.now, e.subject_id, _json(e.cells)) for e in edits)]
        with replacing(user / ROWS) as partial:
            partial.write_text("".join(write_row(line) + "\n" for line in lines), encoding="utf-8")
    else:
        (user / ROWS).unlink(missing_ok=True)
    return True


def _edits(place: Place) -> Iterator[Edit]:
    """How the copy's rows differ from the shipped ones, their review columns aside, which follow from decisions."""
    before = _by_file(reviewed_rows(place.shipped))
    for file, rows in _by_file(reviewed_rows(place.folder)).items():
        shipped = before.get(file, [])
        for number, one in enumerate(rows):
            old = shipped[number] if number < len(shipped) else None
            was = {} if old is None else old.row.cells
            names = [name for name in dict.fromkeys((*was, *one.row.cells)) if name not in REVIEW_COLUMNS]
            cells = {name: one.row[name] for name in names if was.get(name, "") != one.row[name]}
            if cells:
                yield Edit(file, "" if old is None else old.hash, one.hash, one.subject, cells)


def _by_file(rows: list[Reviewed]) -> dict[str, list[Reviewed]]:
    files: dict[str, list[Reviewed]] = {}
    for one in rows:
        files.setdefault(one.path.name, []).append(one)
    return files


def read_edits(user: Path) -> list[Edit]:
    """The lines of a user's rows.tsv; none where there is no file. Raises InputError with file and line."""
    path = user / ROWS
    if not path.exists():
        return []
    header, rows = read_rows(path, "\t")
    if tuple(header) != _COLUMNS:
        raise InputError(f"{path}, line 1: the columns are not {', '.join(_COLUMNS)}.")
    return [_edit(f"{path}, line {line}", cells) for line, cells in rows]


def _edit(place: str, cells: dict[str, str]) -> Edit:
    if None in cells or None in cells.values():
        raise InputError(f"{place}: {len(_COLUMNS)} cells are expected.")
    try:
        said = json.loads(cells["cells"])
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{place}: cells is not JSON: {error}.") from error
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise InputError(f"{place}: cells is no JSON object of texts.")
    if "/" in cells["file"] or "\\" in cells["file"]:
        raise InputError(f"{place}: file is {cells['file']!r}, no name of a file.")
    return Edit(cells["file"], cells["was"], cells["now"], cells["subject_id"], said)


def _json(cells: dict[str, str]) -> str:
    return json.dumps(cells, ensure_ascii=False)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
