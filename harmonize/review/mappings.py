"""The mappings that people review: rows of a mapping's value sets or of a crosswalk, each known by what it says."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.mapping.compiler.compile import mapping_folder
from harmonize.review.crosswalk import crosswalk
from harmonize.vocabulary.sssom import Row, read_sssom, sssom_files

if TYPE_CHECKING:
    from pathlib import Path

CROSSWALKS = "consortia/"


@dataclass(frozen=True)
class Reviewed:
    """One row under review, with the file it stands in."""

    path: Path
    row: Row

    @property
    def subject(self) -> str:
        return self.row["subject_id"]

    @property
    def object(self) -> str:
        return self.row["object_id"]

    @property
    def predicate(self) -> str:
        return self.row["predicate_id"]

    @property
    def author(self) -> str:
        return self.row["author_id"]

    @property
    def confidence(self) -> float:
        """0 where none is given: such rows come first in a review."""
        return float(self.row["confidence"] or 0)

    @property
    def hash(self) -> str:
        return mapping_hash(self.subject, self.predicate, self.object, self.row["predicate_modifier"])


def mapping_hash(subject: str, predicate: str, object_id: str, modifier: str) -> str:
    """What a decision is about: sha256 of subject, predicate, object and modifier, joined by tabs, as UTF-8."""
    return sha256("\t".join((subject, predicate, object_id, modifier)).encode()).hexdigest()


def review_folder(name: str) -> Path:
    """The folder of a mapping (name or path) or of a crosswalk (consortia/<name>). Raises InputError."""
    if name.startswith(CROSSWALKS):
        return crosswalk(name.removeprefix(CROSSWALKS)).folder
    return mapping_folder(name)


def reviewed_rows(folder: Path) -> list[Reviewed]:
    """All rows of the folder's SSSOM files, in the order of files and lines."""
    return [Reviewed(path, row) for path in sssom_files(folder) for row in read_sssom(path).rows]


def find_row(rows: list[Reviewed], subject: str, object_id: str | None = None) -> Reviewed:
    """The one row of a subject; where it has several, the one with this object. Raises InputError."""
    same = [one for one in rows if one.subject == subject and object_id in (None, one.object)]
    if len(same) == 1:
        return same[0]
    if same:
        choices = ", ".join(dict.fromkeys(one.object for one in same))
        raise InputError(f"{subject} has {len(same)} rows.", f"Name one by --object: {choices}.")
    known = {one.subject for one in rows} if object_id is None else {o.object for o in rows if o.subject == subject}
    missing = subject if object_id is None or not known else object_id
    raise InputError(f"There is no mapping of {missing!r} here.", did_you_mean(missing, known))
